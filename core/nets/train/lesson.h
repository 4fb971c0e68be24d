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

    /// What is read at a time: the texts, or the windows of those that are divided.
    [[nodiscard]] const std::vector<engine::TokenIds> &passages() const;
    [[nodiscard]] size_t rows() const { return m_lengths.size(); }
    /// Rows, as numbers of texts.
    [[nodiscard]] std::vector<engine::Batch> batches(int epoch) const;
    /// The passages of some rows.
    [[nodiscard]] engine::Batch passagesOf(const engine::Batch &rows) const;
    [[nodiscard]] int64_t stepsPerEpoch() const;

    /// How much a row of each class counts; empty: all alike.
    [[nodiscard]] const std::vector<double> &classWeights() const { return m_weights; }

    /// Cross-entropy of logits [passages, classes], summed over the passages. Multi-label: of each the mean over the
    /// classes, as transformers does. A window has its text's label and counts one over its text's windows, so that
    /// each text counts once.
    [[nodiscard]] at::Tensor lossSum(const at::Tensor &logits, std::span<const size_t> passages) const;

private:
    void divide();
    [[nodiscard]] const std::vector<engine::TokenIds> &texts() const;
    [[nodiscard]] bool isDivided() const { return !m_divided.windows.empty(); }
    [[nodiscard]] size_t rowOf(size_t passage) const { return isDivided() ? m_divided.textOf[passage] : passage; }
    [[nodiscard]] at::Tensor classIndices(std::span<const size_t> passages) const;
    [[nodiscard]] at::Tensor probabilities(std::span<const size_t> passages) const;
    [[nodiscard]] at::Tensor combinations(std::span<const size_t> passages) const;
    [[nodiscard]] at::Tensor weightsOf(std::span<const size_t> passages) const;

    const engine::TrainRequest &m_request;
    at::Device m_device;
    std::vector<engine::TokenIds> m_joined;  ///< train rows and those added; empty: train rows only
    at::Tensor m_supposed;                   ///< [added, classes]
    engine::WindowedTexts m_divided;         ///< empty where no text has more than one window
    std::vector<int> m_lengths;              ///< of each text
    engine::Amounts m_amounts;               ///< rows of each class in a pass; empty: those there are
    size_t m_sampled = 0;                    ///< rows of a pass that samples
    std::vector<double> m_weights;
    at::Tensor m_weightTensor;  ///< float [classes]; undefined: all alike
};

}  // namespace nets
