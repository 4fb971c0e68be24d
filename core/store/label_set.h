// SPDX-License-Identifier: Apache-2.0
// Several labels of one row: how they are kept, read and changed.
#pragma once

#include "core/store/edit_draft.h"

#include <span>

namespace core {

/// A row without a label may have been looked at: then it has none of the classes, which is an answer.
struct LabelSet {
    std::vector<int64_t> ids;  ///< of Labels, ascending, each once; may hold newLabel(i) on the way into the store
    bool isAnswered = false;   ///< true whenever there are ids

    bool operator==(const LabelSet &) const = default;
    [[nodiscard]] bool contains(int64_t id) const;
};

/// Sorts, and leaves out what is there twice.
[[nodiscard]] LabelSet labelSet(std::vector<int64_t> ids, bool isAnswered = true);
[[nodiscard]] LabelSet labelsOf(const Example &row);
void setLabels(Example &row, const LabelSet &labels);

/// Equal for rows with the same labels; nothing for a row that nobody has labelled. The id of the label where it is
/// one.
[[nodiscard]] std::optional<int64_t> labelKey(const Example &row);

/// Pushes the changes that give a row these labels and no others.
void addLabelChanges(EditDraft &draft, int64_t row, const LabelSet &labels);

/// The same, as a person's own decision: what a teacher said of how sure it was goes.
void addPersonsLabels(EditDraft &draft, int64_t row, const LabelSet &labels, const std::string &provenance = "human");

/// The column `also` of the store: "" for at most one label, "," for a row that has none of the classes, ",3,7," for
/// the labels beside the first.
[[nodiscard]] std::string alsoText(const Example &row);
/// What is no number between commas is left out.
void readAlso(std::string_view text, Example &row);

}  // namespace core
