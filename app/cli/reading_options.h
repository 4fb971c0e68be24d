// SPDX-License-Identifier: Apache-2.0
// How the rows of a file are to be read, for all commands that read some.
#pragma once

#include "core/formats/row_file.h"

#include <CLI/CLI.hpp>

namespace cli {

/// --encoding, --sheet, --separator, --quote, --header, --unit, --tokens, --cut. `options` is kept by its address.
void addReadingOptions(CLI::App &command, core::ReadOptions &options);

}  // namespace cli
