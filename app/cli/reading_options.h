// SPDX-License-Identifier: Apache-2.0
// How the rows of a file are to be read, for all commands that read some.
#pragma once

#include "app/cli/command.h"
#include "core/formats/row_file.h"

namespace cli {

/// --encoding, --sheet, --separator, --quote, --header, --unit, --tokens, --cut. `options` is kept by its address.
void addReadingOptions(const Command &command, core::ReadOptions &options);

}  // namespace cli
