// SPDX-License-Identifier: Apache-2.0
// Names that columns of texts, of labels and of splits usually have: only to tell the layouts of JSON documents apart.
// Which column is taken in the end is not decided here.
#pragma once

#include <string_view>

namespace core {

/// "Text", "utterance", "Nachricht" and so on.
[[nodiscard]] bool isTextWord(std::string_view name);

/// "label", "Intent", "Kategorie" and so on.
[[nodiscard]] bool isLabelWord(std::string_view name);

/// "train", "validation", "test", also with more around it: "oos_test", "train_small".
[[nodiscard]] bool isSplitWord(std::string_view name);

/// Whether the name is a whole number, as pandas numbers its rows.
[[nodiscard]] bool isRowNumber(std::string_view name);

}  // namespace core
