// SPDX-License-Identifier: Apache-2.0
// A map of rows in the plane on which neighbours stay neighbours.
#pragma once

#include "core/base/progress.h"
#include "core/engine/matrix.h"

namespace engine {

struct TsneOptions {
    double perplexity = 30;  ///< about how many neighbours count; an eighth of the rows at most, but five
    int iterations = 750;    ///< the first 250 with neighbours pulled together 12 times as strongly
    double theta = 0.5;      ///< how coarse far rows are summed up; 0: exact
};

/// t-SNE (van der Maaten, Hinton 2008) by Barnes-Hut (van der Maaten 2014): rows x 2. It begins with the two principal
/// components (Kobak, Berens 2019) and takes steps of rows / 48 (Belkina et al. 2019), without chance: equal rows give
/// equal maps. Meant for some thousands of rows: the neighbours are found by comparing all with all, in the first 50
/// principal components. Cancelled between iterations.
[[nodiscard]] base::Result<Matrix> tsne(const Matrix &values, const TsneOptions &options,
                                        const base::WorkContext &context);

/// Kullback-Leibler divergence of a map from the rows' neighbourhoods, exact: what t-SNE makes small. Time grows with
/// rows^2.
[[nodiscard]] double tsneDivergence(const Matrix &values, const Matrix &map, double perplexity);

}  // namespace engine
