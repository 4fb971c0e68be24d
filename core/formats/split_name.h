// SPDX-License-Identifier: Apache-2.0
// Names that people give to the parts of a data set.
#pragma once

#include <optional>
#include <string_view>

namespace core {

/// Validation is what a file or folder calls so: rows of the exam where there is no other, else rows to learn from.
enum class NamedSplit { Train, Test, Validation, Unlabelled };

/// "train", "Training", "eval", "dev", "unlabeled" and the like; nothing for other words.
[[nodiscard]] std::optional<NamedSplit> splitOfWord(std::string_view word);

/// The same for a value of a column, where another word may stand beside it: "oos_train", "test set".
[[nodiscard]] std::optional<NamedSplit> splitOfValue(std::string_view value);

/// The split that a file's name says: "train.csv", "data/test-00000-of-00001.parquet", "mails_validation.jsonl".
[[nodiscard]] std::optional<NamedSplit> splitOfFileName(std::string_view name);

}  // namespace core
