// SPDX-License-Identifier: Apache-2.0
// A classifier in seconds, in memory: frozen features and a linear head. For trying and suggesting, not for export.
#pragma once

#include "core/base/progress.h"
#include "core/catalogue/weights_catalogue.h"
#include "core/engine/nets_interface.h"
#include "core/rows/text_input.h"
#include "core/rows/tokenized_rows.h"
#include "core/service/service.h"

#include <map>

namespace core {

/// What the encoder says of texts, kept over retrainings so that only new rows are read. One call at a time.
class FeatureReader {
public:
    /// Opens base weights by name or folder; with one thread people can work meanwhile.
    [[nodiscard]] static base::Result<std::shared_ptr<FeatureReader>> open(int threads = 1,
                                                                           const std::string &weights = DefaultWeights);

    /// texts x hidden size.
    [[nodiscard]] base::Result<engine::Matrix> read(const std::vector<std::string> &texts,
                                                    const base::WorkContext &context);
    /// Texts read in a second when several were new, the last time; 0 before.
    [[nodiscard]] double rowsPerSecond() const { return m_rowsPerSecond; }

private:
    std::unique_ptr<engine::Embedder> m_embedder;
    TextInput m_input;
    std::map<uint64_t, std::vector<float>> m_known;  ///< by content hash
    double m_rowsPerSecond = 0;
};

struct QuickClassifier {
    static constexpr int FewestRowsPerClass = 3;

    std::vector<Label> classes;       ///< the rejecting one last, where there is one
    std::vector<std::string> labels;  ///< their names
    engine::AnswerRule rule;
    engine::LinearHead head;     ///< calibrated
    int64_t rows = 0;            ///< train rows it learned from
    int64_t heldOutCorrect = 0;  ///< of them, right when left out (cross-validation)
    engine::LearningCurve curve;
    double seconds = 0;
    double rowsPerSecond = 0;  ///< read, by one thread; 0: unknown
    std::shared_ptr<FeatureReader> reader;

    /// texts x labels.
    [[nodiscard]] base::Result<engine::Matrix> probabilities(const std::vector<std::string> &texts,
                                                             const base::WorkContext &context) const;
};

/// Whether at least two classes have three train rows each.
[[nodiscard]] bool canTrainQuickly(const std::map<int64_t, SplitCounts> &rowsByLabel);

/// The classes that have as many, in order. Blocked where fewer than two have.
[[nodiscard]] base::Result<std::vector<Label>> classesToLearn(const Service &service);

/// Rows to fit a head on: the classes' own texts (describingTexts) help where there are few rows, and count in no
/// score.
[[nodiscard]] base::Result<engine::HeadFitData> headData(FeatureReader &reader, const std::vector<Label> &classes,
                                                         const LabelledRows &rows, const base::WorkContext &context);

/// How many rows are answered with exactly their classes. With one label a row logits serve as well.
[[nodiscard]] int64_t countRight(const engine::Matrix &probabilities, const engine::AnswerRule &rule,
                                 const std::vector<int> &labels, const engine::Combinations &combinations = {});

/// features x head: rows x classes.
[[nodiscard]] engine::Matrix linearLogits(const engine::LinearHead &head, const engine::Matrix &features);

/// Learns from at most 2,000 train rows of the classes that have three or more.
[[nodiscard]] base::Result<QuickClassifier> trainQuickly(const Service &service, std::shared_ptr<FeatureReader> reader,
                                                         const base::WorkContext &context,
                                                         LabelledBy by = LabelledBy::Anybody);

}  // namespace core
