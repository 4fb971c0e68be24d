// SPDX-License-Identifier: Apache-2.0
// Forwards and backwards of some texts of a lesson, up to the pooled vectors that a head sees.
#pragma once

#include "core/nets/train/compact_vocabulary.h"
#include "core/nets/train/frozen_states.h"

#include <functional>
#include <optional>

namespace nets {

class TextPass {
public:
    /// Chooses how texts are read: through a table of the words they use, where words learn; from what the layers that
    /// do not learn make of them, computed here once, where there are such layers; or plainly. What is given must
    /// outlive this.
    [[nodiscard]] static base::Result<TextPass> prepare(const SequenceClassifier &classifier,
                                                        const std::vector<engine::TokenIds> &texts,
                                                        const engine::TrainRequest &request,
                                                        const base::WorkContext &context);

    /// Adds the gradients of loss(pooled vectors of `rows`) to those of the parameters and returns the loss, a single
    /// value. With TrainingConfig::checkpointsGradients to the bit the same, in less memory (Chen et al. 2016).
    double learn(std::span<const size_t> rows, const std::function<at::Tensor(const at::Tensor &pooled)> &loss,
                 Dropout &dropout) const;

    /// The first layer that learns. Layers below it stay as they are; 0: all learn.
    [[nodiscard]] int firstLayer() const { return m_firstLayer; }
    /// The words' vectors where they learn, else null.
    [[nodiscard]] const at::Tensor *words() const { return m_vocabulary ? &m_vocabulary->table() : nullptr; }
    /// Writes the learned words' vectors to where the classifier has its own.
    void keepWords() const;

private:
    explicit TextPass(const SequenceClassifier &classifier, const std::vector<engine::TokenIds> &texts,
                      const engine::TrainingConfig &config);

    /// What the first layer that learns reads.
    [[nodiscard]] at::Tensor read(const PackedBatch &batch, std::span<const size_t> rows, Dropout &dropout) const;
    double learnInPieces(const PackedBatch &batch, const at::Tensor &read,
                         const std::function<at::Tensor(const at::Tensor &)> &loss, Dropout &dropout) const;

    const SequenceClassifier *m_classifier;
    const std::vector<engine::TokenIds> *m_texts;
    int m_firstLayer;
    bool m_checkpoints;
    engine::Precision m_precision;
    std::optional<CompactVocabulary> m_vocabulary;
    std::optional<FrozenStates> m_frozen;
};

}  // namespace nets
