// SPDX-License-Identifier: Apache-2.0
// Small trainings drawn from public sets.
#pragma once

#include "core/engine/config/training_config.h"
#include "tests/bench/public_sets.h"

#include <cstdint>

namespace bench {

struct Draw {
    std::vector<std::string> classes;
    std::vector<std::string> train, names, unlabelled, exam;  ///< texts; `names` of the classes, in their order
    std::vector<int> labels, truth;                           ///< class indices, of train and exam
};

/// Equal draws of equal seeds. At most as many unlabelled rows as the recipe reads.
[[nodiscard]] Draw drawFrom(const PublicSet &set, uint64_t seed, engine::Recipe recipe = engine::Recipe::Seconds);

}  // namespace bench
