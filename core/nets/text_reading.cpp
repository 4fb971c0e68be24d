// SPDX-License-Identifier: Apache-2.0
#include "core/nets/text_reading.h"

#include "core/nets/batch_workers.h"
#include "core/nets/device.h"

#include <atomic>
#include <c10/core/InferenceMode.h>
#include <mutex>
#include <optional>

namespace nets {

base::Result<void> readTexts(const std::vector<engine::TokenIds> &texts, c10::Device device, const std::string &phase,
                             const BatchReader &read, const base::WorkContext &context)
{
    const auto batches = engine::inferenceBatches(lengthsOf(texts), tokensAtOnce(device));
    std::atomic<int64_t> done = 0;
    std::mutex mutex;
    std::optional<base::Error> error;
    const auto compute = [&](size_t index) {
        const c10::InferenceMode guard;
        const engine::Batch &rows = batches[index];
        if (auto ended = read(rows, packBatch(texts, rows, device)); !ended) {
            const std::lock_guard lock(mutex);
            if (!error)
                error = std::move(ended.error());
        }
        done += static_cast<int64_t>(rows.size());
    };
    const auto report = [&] { context.report({done, static_cast<int64_t>(texts.size()), phase}); };
    const auto goesOn = [&] {
        report();
        const std::lock_guard lock(mutex);
        return !error && !context.stopRequested();
    };
    const bool complete = computeBatches(batches.size(), device, compute, goesOn);
    if (error)
        return base::Failure(std::move(*error));
    if (!complete)
        return base::cancelled();
    report();
    return {};
}

}  // namespace nets
