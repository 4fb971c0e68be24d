// SPDX-License-Identifier: Apache-2.0
#include "core/base/cores.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <limits>
#include <sched.h>
#include <thread>

namespace fs = std::filesystem;

namespace base {

namespace {

constexpr double Unlimited = std::numeric_limits<double>::infinity();

/// Microseconds of a period that a group may compute, by the length of the period; "max" and -1 are no limit.
double quotaOf(const fs::path &group)
{
    double quota = 0;
    double period = 0;
    if (std::ifstream both(group / "cpu.max"); both >> quota >> period)
        return quota > 0 && period > 0 ? quota / period : Unlimited;
    std::ifstream first(group / "cpu.cfs_quota_us");
    std::ifstream second(group / "cpu.cfs_period_us");
    return first >> quota && second >> period && quota > 0 && period > 0 ? quota / period : Unlimited;
}

int coresToRunOn()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
    return static_cast<int>(std::thread::hardware_concurrency());  // more cores than the set can hold
}

std::atomic<int> &limit()
{
    static std::atomic<int> most = 0;
    return most;
}

}  // namespace

void limitCores(int most)
{
    limit() = most;
}

double coresIn(const ControlGroup &group)
{
    double cores = Unlimited;
    for (fs::path folder = group.folder;; folder = folder.parent_path()) {
        cores = std::min(cores, quotaOf(folder));
        if (folder == group.root || !folder.has_relative_path())
            return cores;
    }
}

int usableCores()
{
    double cores = std::max(1, coresToRunOn());
    for (const char *controller : {"", "cpu"}) {
        if (const auto group = ownControlGroup(controller))
            cores = std::min(cores, std::ceil(coresIn(*group)));
    }
    if (const int most = limit(); most > 0)
        cores = std::min<double>(cores, most);
    return std::max(1, static_cast<int>(cores));
}

}  // namespace base
