// SPDX-License-Identifier: Apache-2.0
// How a file of rows is read: the options that import and predict share.
#pragma once

#include "core/formats/row_file.h"

#include <CLI/CLI.hpp>

namespace cli {

/// --encoding, --sheet, --separator, --quote, --header and --unit, into `read`, which must outlive the command.
void addReadingOptions(CLI::App &command, core::ReadOptions &read);

}  // namespace cli
