// SPDX-License-Identifier: Apache-2.0
// Names of columns that may stand beside others.
#pragma once

#include <string>
#include <unordered_set>

namespace core {

/// The name, or where it is taken "name (2)", "name (3)", ...; takes it.
[[nodiscard]] inline std::string freeName(const std::string &name, std::unordered_set<std::string> &taken)
{
    std::string free = name;
    for (int n = 2; !taken.insert(free).second; ++n)
        free = name + " (" + std::to_string(n) + ")";
    return free;
}

}  // namespace core
