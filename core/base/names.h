// SPDX-License-Identifier: Apache-2.0
// Lists of names, in conditions and in sentences.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace base {

[[nodiscard]] inline bool isWithin(const std::vector<std::string> &names, const std::string &name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// "A3, B7 and 12 more": the first `most` of them.
[[nodiscard]] inline std::string listed(const std::vector<std::string> &names, size_t most)
{
    std::string text;
    for (size_t i = 0; i < std::min(names.size(), most); ++i)
        text += (i == 0 ? "" : ", ") + names[i];
    return names.size() > most ? text + " and " + std::to_string(names.size() - most) + " more" : text;
}

}  // namespace base
