// SPDX-License-Identifier: Apache-2.0
// Everything that a training run computes with.
#pragma once

#include "core/engine/config/memory_estimate.h"
#include "core/engine/data/split.h"
#include "core/store/run_store.h"
#include "core/training/teacher_labels.h"

namespace core {

/// Prepared once; a resumed run prepares the same.
struct TrainMaterial {
    engine::TrainRequest request;  ///< without checkpoints
    engine::EncoderConfig encoder;
    LabelledRows unknown;      ///< exam rows of classes that the run does not learn, see TrainOptions::anyway
    LabelledRows train, test;  ///< train: by people, unless only teachers have labelled anything
    TaughtRows taught;         ///< learned from beside `train`; never held out
    SpreadRows unlabelled;     ///< of Seconds and SelfTraining
    std::vector<engine::TokenIds> trainTokens, taughtTokens;
    std::vector<float> trainWeights;  ///< of rows that only teachers have labelled; else empty
    std::vector<int> validationLabels;
    engine::HoldOut holdOut;  ///< empty validation: cross-validation

    /// Some of the train rows, and all that are taught.
    [[nodiscard]] engine::LabelledTexts lesson(const std::vector<size_t> &rows) const;
    /// Which rows the run sees, and in which part.
    [[nodiscard]] std::vector<RunRow> rows() const;
    /// Of all texts that are learned from, those without a label among them; of texts that are divided, of their
    /// windows.
    [[nodiscard]] engine::TextSizes sizes() const;
};

template <class T>
[[nodiscard]] std::vector<T> pick(const std::vector<T> &values, const std::vector<size_t> &rows)
{
    std::vector<T> result;
    result.reserve(rows.size());
    for (const size_t row : rows)
        result.push_back(values[row]);
    return result;
}

/// Reads and tokenizes the rows, and splits off what chooses a checkpoint. Of the classes none is learned that rejects.
/// The config is shortened to what the weights can read, which is noted. TeacherLabels::Automatic is taken for Use
/// here. Rows that are alike stay on one side, see groupsToHoldOut. Stops with Cancelled.
[[nodiscard]] base::Result<TrainMaterial> prepareMaterial(const Service &service, RunInfo &info,
                                                          std::vector<std::string> &notes,
                                                          const base::WorkContext &context = {});

}  // namespace core
