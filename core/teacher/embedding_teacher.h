// SPDX-License-Identifier: Apache-2.0
// The built-in teacher: it needs no key and no network, only the default base weights.
#pragma once

#include "core/classify/quick_classifier.h"

namespace core {

/// Answers by how near a text lies to what is said of each class, and to the rows of it, as they grow. While some class
/// has fewer than three train rows: the cosine to the mean of a class's texts (Snell, Swersky and Zemel, Prototypical
/// Networks for Few-shot Learning, 2017); from then on the quick classifier. One call at a time.
class EmbeddingTeacher {
public:
    /// Descriptions: names and descriptions of the classes alone, so what base weights know without any training.
    enum class Learns { Descriptions, Rows };

    /// Blocked where there are fewer than two classes.
    [[nodiscard]] static base::Result<EmbeddingTeacher> open(const Service &service,
                                                             std::shared_ptr<FeatureReader> reader, Learns learns,
                                                             const base::WorkContext &context);

    [[nodiscard]] const std::vector<Label> &classes() const { return m_quick.classes; }
    [[nodiscard]] const std::vector<std::string> &labels() const { return m_quick.labels; }
    [[nodiscard]] const engine::AnswerRule &rule() const { return m_quick.rule; }
    /// Train rows that it learned from.
    [[nodiscard]] int64_t rows() const { return m_quick.rows; }

    /// texts x labels; calibrated on rows left out, once there are some.
    [[nodiscard]] base::Result<engine::Matrix> probabilities(const std::vector<std::string> &texts,
                                                             const base::WorkContext &context) const;

private:
    [[nodiscard]] base::Result<void> fitPrototypes(const Service &service, const LabelledRows &rows,
                                                   const base::WorkContext &context);

    QuickClassifier m_quick;      ///< its head is not used with prototypes
    engine::Matrix m_prototypes;  ///< classes x hidden size, unit length; empty: the head answers
    double m_scale = 1;           ///< from cosines to logits
};

}  // namespace core
