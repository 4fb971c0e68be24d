// SPDX-License-Identifier: Apache-2.0
#include "core/training/first_batch.h"

#include "core/engine/data/batch_plan.h"
#include "core/engine/data/class_balance.h"
#include "core/engine/text/utf8.h"
#include "core/rows/text_input.h"
#include "core/training/train_material.h"

#include <algorithm>

using base::failure;
using base::Result;
using engine::Recipe;

namespace core {

namespace {

/// Slices of a text by code points.
std::vector<std::string> slices(const std::string &text, const std::vector<engine::Offset> &offsets, size_t count)
{
    std::vector<size_t> starts;  // of each code point, and behind the last
    for (size_t i = 0; i < text.size(); static_cast<void>(engine::decodeUtf8(text, i)))
        starts.push_back(i);
    starts.push_back(text.size());
    std::vector<std::string> pieces;
    for (size_t i = 0; i < std::min(count, offsets.size()); ++i) {
        const auto begin = static_cast<size_t>(offsets[i].begin), end = static_cast<size_t>(offsets[i].end);
        if (begin < end && end < starts.size())
            pieces.push_back(text.substr(starts[begin], starts[end] - starts[begin]));
    }
    return pieces;
}

engine::Batch firstOf(const TrainMaterial &material, const engine::TrainingConfig &config, size_t joined)
{
    const auto &request = material.request;
    std::vector<int> lengths;
    for (size_t row = 0; row < joined; ++row) {
        const size_t labelled = request.train.texts.size();
        const auto &text = row < labelled ? request.train.texts[row] : request.unlabelled[row - labelled];
        lengths.push_back(static_cast<int>(text.size()));
    }
    const int epoch = config.recipe == Recipe::SelfTraining ? 2 : 1;
    std::vector<engine::Batch> batches;
    if (config.balance == engine::Balance::Sampling) {
        // prepareMaterial has refused what cannot be read.
        const auto amounts = engine::wantedAmounts(config.rebalance, request.labels, request.train.labels);
        batches = engine::balancedBatches(request.train.labels, lengths, amounts, config.batchSize, config.seed, epoch);
    } else {
        batches = engine::trainingBatches(lengths, config.batchSize, config.seed, epoch);
    }
    return batches.empty() ? engine::Batch() : batches.front();
}

}  // namespace

Result<std::vector<SeenRow>> firstBatch(const Service &service, const RunInfo &run)
{
    std::vector<SeenRow> seen;
    if (run.config.recipe == Recipe::Seconds)
        return seen;
    RunInfo info = run;
    std::vector<std::string> notes;
    auto material = TRY(prepareMaterial(service, info, notes));
    auto weights = TRY(engine::readWeightsInfo(material.request.base));
    auto input = TRY(TextInput::open(material.request.base, weights));
    const auto &request = material.request;
    const size_t labelled = request.train.texts.size();
    const size_t joined = labelled + (info.config.recipe == Recipe::SelfTraining ? request.unlabelled.size() : 0);
    const auto &train = material.holdOut.train;
    const size_t people = labelled - request.train.taught;
    const auto textOf = [&](size_t row) -> const std::string & {
        if (row < people)
            return material.train.texts[train.empty() ? row : train[row]];
        return row < labelled ? material.taught.rows.texts[row - people] : material.unlabelled.texts[row - labelled];
    };
    for (const size_t row : firstOf(material, info.config, joined)) {
        SeenRow one;
        const bool isLabelled = row < labelled;
        const auto whole = input.prefix + textOf(row);
        const auto encoding = input.tokenizer->encode(whole, true);
        const auto &read = isLabelled ? request.train.texts[row] : request.unlabelled[row - labelled];
        one.tokens = static_cast<int>(read.size());
        one.cut = static_cast<int>(encoding.ids.size() - read.size());
        // Special tokens have no place in the text; the last of the read ones stands at the end.
        one.pieces = slices(whole, encoding.offsets, read.size() - (one.cut > 0 ? 1 : 0));
        if (isLabelled && info.config.task == engine::TaskType::MultiLabel) {
            for (const int c : request.train.combinations[static_cast<size_t>(request.train.labels[row])])
                one.label += (one.label.empty() ? "" : "; ") + request.labels[static_cast<size_t>(c)];
        } else if (isLabelled) {
            one.label = request.labels[static_cast<size_t>(request.train.labels[row])];
        }
        seen.push_back(std::move(one));
    }
    return seen;
}

}  // namespace core
