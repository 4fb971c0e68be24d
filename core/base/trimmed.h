// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace base {

/// The text without blanks (ASCII) at its ends.
inline std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blank = " \t\r\n\v\f";
    const auto begin = text.find_first_not_of(blank);
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

}  // namespace base
