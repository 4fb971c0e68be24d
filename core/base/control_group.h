// SPDX-License-Identifier: Apache-2.0
// The control group that this process is in, whose limits containers and services set.
#pragma once

#include <filesystem>
#include <istream>
#include <optional>
#include <string>

namespace base {

struct ControlGroup {
    std::filesystem::path folder;
    std::filesystem::path root;  ///< groups above are looked at up to this one
};

/// The group of version 2, or with a controller ("cpu") that of version 1; none where there is no such hierarchy.
/// `processGroups` has the lines of /proc/self/cgroup, `mount` is where control groups are mounted.
[[nodiscard]] std::optional<ControlGroup> controlGroup(std::istream &processGroups, const std::filesystem::path &mount,
                                                       const std::string &controller = {});

/// Of this process.
[[nodiscard]] std::optional<ControlGroup> ownControlGroup(const std::string &controller = {});

}  // namespace base
