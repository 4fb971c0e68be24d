// SPDX-License-Identifier: Apache-2.0
// Numbers in sentences.
#pragma once

#include <concepts>
#include <string>

namespace base {

/// "1 row", "2 rows".
template <std::integral T>
[[nodiscard]] std::string counted(T n, const char *one, const char *many)
{
    return std::to_string(n) + " " + (n == 1 ? one : many);
}

}  // namespace base
