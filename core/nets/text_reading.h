// SPDX-License-Identifier: Apache-2.0
// Texts that are only read: without gradients, in batches of similar length, several at a time.
#pragma once

#include "core/base/progress.h"
#include "core/engine/data/batch_plan.h"
#include "core/nets/tensors.h"

#include <functional>

namespace nets {

/// What becomes of a batch; `rows` are indices into the texts. Called from several threads at once.
using BatchReader = std::function<base::Result<void>(const engine::Batch &rows, const PackedBatch &batch)>;

/// Gives every text to `read` once and reports the progress as `phase`. The first error of `read` ends it; a stop ends
/// it between batches, with Cancelled.
[[nodiscard]] base::Result<void> readTexts(const std::vector<engine::TokenIds> &texts, c10::Device device,
                                           const std::string &phase, const BatchReader &read,
                                           const base::WorkContext &context);

}  // namespace nets
