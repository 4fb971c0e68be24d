// SPDX-License-Identifier: Apache-2.0
// What a person does to a service, drawn by chance.
#pragma once

#include "core/base/random.h"
#include "tests/fault/crash/world.h"

namespace crash {

struct Operation {
    const char *name = "";
    int weight = 1;
    /// Blocks. What it does is decided by the world's state and the random numbers alone.
    base::Result<void> (*run)(const World &world, base::Random &random) = nullptr;
};

/// One for rounds about rows or about training, decided by `random`.
[[nodiscard]] const Operation &drawOperation(bool training, base::Random &random);

/// Goes on with a run that was killed or has failed.
[[nodiscard]] base::Result<void> resumeRun(const World &world, const std::string &run);

}  // namespace crash
