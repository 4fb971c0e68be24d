// SPDX-License-Identifier: Apache-2.0
#include "core/quality/text_fold.h"

#include <algorithm>

namespace core {

std::string folded(const std::string &text)
{
    std::string result;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (space && (result.empty() || result.back() == ' '))
            continue;
        result += space ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    while (result.ends_with(' '))
        result.pop_back();
    return result;
}

std::string spokenName(std::string name)
{
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

}  // namespace core
