// SPDX-License-Identifier: Apache-2.0
// Public collections of labelled texts as their makers distribute them, read from a folder that has them.
#pragma once

#include "tests/bench/rows.h"

#include <filesystem>

namespace bench {

struct PublicSet {
    std::string name;
    std::vector<Row> pool;        ///< rows to draw from
    std::vector<Row> exam;        ///< rows to be examined on; empty: drawn from the pool, too
    std::vector<Row> unlabelled;  ///< empty: what is left of the pool
    int classes = 0;              ///< how many are drawn; 0: all
    int rowsPerClass = 0;         ///< drawn as train rows; 0: the whole pool
    size_t examRows = 0;          ///< of the pool, where there is no exam
};

/// The development suite: draws of BANKING77, CLINC150, TREC, SST-2, emotion and English tweet sentiment, all
/// from their train parts. Methods are tuned on these.
[[nodiscard]] std::vector<PublicSet> developmentSuite(const std::filesystem::path &data);

/// What goals are measured on, and nothing is tuned to: banking-routing and ecommerce as given, eight classes of
/// BANKING77 with its test rows, and all of BANKING77 and CLINC150 (in scope) with ten rows a class and whole.
[[nodiscard]] std::vector<PublicSet> goalSets(const std::filesystem::path &data);

}  // namespace bench
