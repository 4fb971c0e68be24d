// SPDX-License-Identifier: Apache-2.0
// JSON lines, or one JSON array of objects.
#pragma once

#include "core/formats/record.h"

#include <string_view>

namespace core {

/// Reads UTF-8 text. Only a line feed ends a line: U+2028 and its kin inside a line are text. Lines that are no
/// JSON object are rejected by number. An object spread over lines is read when its first line is a lone brace.
[[nodiscard]] RecordFile parseJsonRows(std::string_view text);

}  // namespace core
