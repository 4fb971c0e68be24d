// SPDX-License-Identifier: Apache-2.0
#include "core/base/control_group.h"

#include <fstream>
#include <sstream>

namespace fs = std::filesystem;

namespace base {

namespace {

bool names(const std::string &controllers, const std::string &wanted)
{
    std::istringstream in(controllers);
    for (std::string one; std::getline(in, one, ',');) {
        if (one == wanted)
            return true;
    }
    return false;
}

}  // namespace

// A line is "number:controllers:/path"; version 2 has the number 0 and no controllers.
std::optional<ControlGroup> controlGroup(std::istream &processGroups, const fs::path &mount,
                                         const std::string &controller)
{
    for (std::string line; std::getline(processGroups, line);) {
        const size_t first = line.find(':');
        const size_t second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos || line.compare(second + 1, 1, "/") != 0)
            continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        if (controller.empty() ? !controllers.empty() || line.substr(0, first) != "0" : !names(controllers, controller))
            continue;
        const fs::path root = controller.empty() ? mount : mount / controller;
        return ControlGroup{(root / line.substr(second + 2)).lexically_normal(), root};
    }
    return std::nullopt;
}

std::optional<ControlGroup> ownControlGroup(const std::string &controller)
{
    std::ifstream in("/proc/self/cgroup");
    return controlGroup(in, "/sys/fs/cgroup", controller);
}

}  // namespace base
