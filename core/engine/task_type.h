// SPDX-License-Identifier: Apache-2.0
// How many classes are right for a text.
#pragma once

#include <optional>
#include <vector>

namespace engine {

enum class TaskType {
    SingleLabel,  ///< exactly one: softmax
    MultiLabel    ///< any number, none included: a sigmoid for each class
};

/// As transformers' config.json calls it.
[[nodiscard]] constexpr const char *name(TaskType task)
{
    return task == TaskType::MultiLabel ? "multi_label_classification" : "single_label_classification";
}

/// What the labels of multi-label rows stand for: `labels[i]` is then the number of a combination, and that lists the
/// row's class indices, ascending. Each combination is there once, so splits can be stratified by it. Empty: each
/// label is the index of the row's one class.
using Combinations = std::vector<std::vector<int>>;

[[nodiscard]] inline TaskType taskOf(const Combinations &combinations)
{
    return combinations.empty() ? TaskType::SingleLabel : TaskType::MultiLabel;
}

/// From this probability on a multi-label answer holds a class, unless something else is known; as with transformers.
constexpr float AnswerThreshold = 0.5F;

/// How probabilities become an answer.
struct AnswerRule {
    TaskType task = TaskType::SingleLabel;
    std::vector<float> thresholds{};  ///< multi-label, one a class; empty: AnswerThreshold for all

    [[nodiscard]] float thresholdOf(size_t label) const
    {
        return label < thresholds.size() ? thresholds[label] : AnswerThreshold;
    }
    bool operator==(const AnswerRule &) const = default;
};

/// What rows that a classifier has not learned from say of its numbers; goes into its checkpoint.
struct Calibration {
    double temperature = 1;
    std::vector<float> thresholds{};     ///< multi-label
    std::optional<float> rejectLogit{};  ///< of TrainingConfig::rejectClass, before the temperature
};

}  // namespace engine
