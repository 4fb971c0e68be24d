// SPDX-License-Identifier: Apache-2.0
// How long work says where it stands, and how it learns that it should stop.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace base {

/// `done` of `total` units; total 0 means unknown. `phase` is a short word for people ("Training").
struct Progress {
    int64_t done = 0;
    int64_t total = 0;
    std::string phase;
};

/// Handed to every blocking task. `report` may be called from the working thread at any rate.
struct WorkContext {
    std::stop_token stop;
    std::function<void(const Progress &)> report = [](const Progress &) {};

    [[nodiscard]] bool stopRequested() const { return stop.stop_requested(); }
};

[[nodiscard]] inline Failure cancelled()
{
    return failure(ErrorCode::Cancelled, "Stopped. What was finished is kept.");
}

}  // namespace base
