// SPDX-License-Identifier: Apache-2.0
#include "core/base/memory.h"

#include "core/base/control_group.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <sys/resource.h>

namespace base {

namespace {

constexpr int64_t Unlimited = std::numeric_limits<int64_t>::max();

/// The number behind `name` in a file of lines "name 123"; -1 when it is not there.
int64_t numberAt(const std::filesystem::path &file, const std::string &name)
{
    std::ifstream in(file);
    for (std::string word; in >> word;) {
        int64_t number = 0;
        if (word == name && in >> number)
            return number;
    }
    return -1;
}

/// The same in a file of lines "name: 123 kB", in bytes.
int64_t bytesIn(const char *file, const std::string &name)
{
    const int64_t kilobytes = numberAt(file, name);
    return kilobytes < 0 ? -1 : kilobytes * 1024;
}

/// A file that holds one number, or a word for none.
int64_t numberIn(const std::filesystem::path &file)
{
    int64_t number = -1;
    std::ifstream(file) >> number;
    return number > 0 ? number : -1;
}

int64_t leftInOwnControlGroup()
{
    const auto group = ownControlGroup();
    return group ? leftInControlGroup(group->folder, group->root) : Unlimited;
}

int64_t leftOf(int resource, const char *used)
{
    rlimit limit{};
    if (::getrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return Unlimited;
    return std::max<int64_t>(0, static_cast<int64_t>(limit.rlim_cur) - bytesIn("/proc/self/status", used));
}

}  // namespace

int64_t leftInControlGroup(const std::filesystem::path &folder, const std::filesystem::path &root)
{
    int64_t left = Unlimited;
    for (std::filesystem::path group = folder;; group = group.parent_path()) {
        const int64_t most = numberIn(group / "memory.max"), used = numberIn(group / "memory.current");
        if (most > 0 && used > 0) {
            const int64_t cache = std::max<int64_t>(0, numberAt(group / "memory.stat", "inactive_file"));
            left = std::min(left, std::max<int64_t>(0, most - std::max<int64_t>(0, used - cache)));
        }
        if (group == root || !group.has_relative_path())
            return left;
    }
}

int64_t availableMemory()
{
    const int64_t machine = bytesIn("/proc/meminfo", "MemAvailable:");
    return std::min({machine < 0 ? Unlimited : machine, leftInOwnControlGroup(), leftOf(RLIMIT_AS, "VmSize:"),
                     leftOf(RLIMIT_DATA, "VmData:")});
}

int64_t heldMemory()
{
    return std::max<int64_t>(0, bytesIn("/proc/self/status", "VmRSS:"));
}

}  // namespace base
