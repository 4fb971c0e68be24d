// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace core {

/// Whether there is nothing to read in a text (UTF-8): it is empty, or all white space, control characters and
/// invisible signs of any script. Bytes that are no UTF-8 count as something.
[[nodiscard]] bool isBlankText(std::string_view text);

}  // namespace core
