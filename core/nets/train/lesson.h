// SPDX-License-Identifier: Apache-2.0
// What a run learns from: texts, what is right for each, in which batches they come, and how wrong answers are.
#pragma once

#include "core/engine/data/batch_plan.h"
#include "core/engine/data/class_balance.h"
#include "core/nets/tensors.h"

namespace nets {

class Lesson {
public:
    Lesson(const engine::TrainRequest &request, at::Device device);

    /// Texts whose right answer is only supposed join the train rows: `probabilities` float32 [texts, classes].
    /// Single-label only.
    void add(const std::vector<engine::TokenIds> &texts, at::Tensor probabilities);

    [[nodiscard]] const std::vector<engine::TokenIds> &texts() const;
    [[nodiscard]] std::vector<engine::Batch> batches(int epoch) const;
    [[nodiscard]] int64_t stepsPerEpoch() const;

    /// How much a row of each class counts; empty: all alike.
    [[nodiscard]] const std::vector<double> &classWeights() const { return m_weights; }

    /// Cross-entropy of logits [rows, classes], summed over the rows. Multi-label: of each row the mean over the
    /// classes, as transformers does.
    [[nodiscard]] at::Tensor lossSum(const at::Tensor &logits, std::span<const size_t> rows) const;

private:
    [[nodiscard]] at::Tensor classIndices(std::span<const size_t> rows) const;
    [[nodiscard]] at::Tensor probabilities(std::span<const size_t> rows) const;
    [[nodiscard]] at::Tensor combinations(std::span<const size_t> rows) const;
    [[nodiscard]] at::Tensor rowWeights(std::span<const size_t> rows) const;

    const engine::TrainRequest &m_request;
    at::Device m_device;
    std::vector<engine::TokenIds> m_joined;  ///< train rows and those added; empty: train rows only
    at::Tensor m_supposed;                   ///< [added, classes]
    std::vector<int> m_lengths;
    engine::Amounts m_amounts;  ///< rows of each class in a pass; empty: those there are
    size_t m_sampled = 0;       ///< rows of a pass that samples
    std::vector<double> m_weights;
    at::Tensor m_weightTensor;  ///< float [classes]; undefined: all alike
};

}  // namespace nets
