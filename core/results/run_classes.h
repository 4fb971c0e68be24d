// SPDX-License-Identifier: Apache-2.0
// The classes that a run has learned, as they are called now, and those that came later.
#pragma once

#include "core/engine/matrix.h"
#include "core/store/example_store.h"
#include "core/store/run_store.h"

#include <map>

namespace core {

/// What the columns of a run's answers mean today. A class that was renamed since is the same one; rows whose class the
/// run does not know count as wrong.
struct RunClasses {
    std::vector<std::string> names;  ///< of the run, in its order; behind them the classes that it does not know
    std::map<int64_t, int> places;   ///< in `names`, by label id
    size_t known = 0;                ///< so many of the names are the run's
    double knownShare = 1;           ///< of the labelled rows of Train, those of classes that it knows

    [[nodiscard]] bool knows(int place) const { return static_cast<size_t>(place) < known; }
};

/// The classes that the run does not know are those with labelled rows; the one that stands for what fits no other
/// class is never learned, so it is none of them.
[[nodiscard]] base::Result<RunClasses> runClasses(const ExampleStore &examples, const RunInfo &run);

/// "12 rows are of classes that this checkpoint does not know (returns). They count as wrong." `known`: so many of
/// the labels are its own.
[[nodiscard]] std::string unknownText(int64_t rows, const std::vector<std::string> &labels, size_t known);

/// With columns of zeros for the classes that the run does not know.
[[nodiscard]] engine::Matrix widened(engine::Matrix probabilities, size_t columns);

}  // namespace core
