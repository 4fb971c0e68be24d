// SPDX-License-Identifier: Apache-2.0
#include "core/store/label_set.h"

#include "core/base/random.h"

#include <algorithm>
#include <charconv>

namespace core {

bool LabelSet::contains(int64_t id) const
{
    return std::binary_search(ids.begin(), ids.end(), id);
}

LabelSet labelSet(std::vector<int64_t> ids, bool isAnswered)
{
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    const bool isSome = !ids.empty();
    return {std::move(ids), isAnswered || isSome};
}

LabelSet labelsOf(const Example &row)
{
    std::vector<int64_t> ids = row.also;
    if (row.label)
        ids.push_back(*row.label);
    return labelSet(std::move(ids), row.isNone);
}

void setLabels(Example &row, const LabelSet &labels)
{
    row.label.reset();
    row.also.clear();
    row.isNone = labels.isAnswered && labels.ids.empty();
    if (labels.ids.empty())
        return;
    row.label = labels.ids.front();
    row.also.assign(labels.ids.begin() + 1, labels.ids.end());
}

std::optional<int64_t> labelKey(const Example &row)
{
    if (row.also.empty() && !row.isNone)
        return row.label;
    const LabelSet labels = labelsOf(row);
    std::string text;
    for (const int64_t id : labels.ids)
        text += std::to_string(id) + ",";
    const auto hash = base::contentHash(text.data(), text.size());
    return -static_cast<int64_t>(hash >> 2) - 1;  // no id is negative
}

void addLabelChanges(EditDraft &draft, int64_t row, const LabelSet &labels)
{
    Example with;
    setLabels(with, labels);
    draft.changes.push_back({row, FieldChange::Field::Label, {}, with.label});
    if (const std::string also = alsoText(with); !also.empty())  // Label alone leaves no other
        draft.changes.push_back({row, FieldChange::Field::Also, also, {}});
}

void addPersonsLabels(EditDraft &draft, int64_t row, const LabelSet &labels, const std::string &provenance)
{
    addLabelChanges(draft, row, labels);
    draft.changes.push_back({row, FieldChange::Field::Provenance, provenance, {}});
    draft.changes.push_back({row, FieldChange::Field::Confidence, {}, {}});
}

std::string alsoText(const Example &row)
{
    std::string text;
    for (const int64_t id : row.also)
        text += "," + std::to_string(id);
    return text.empty() && !row.isNone ? text : text + ",";
}

void readAlso(std::string_view text, Example &row)
{
    row.also.clear();
    row.isNone = text == ",";
    while (!text.empty()) {
        const size_t end = std::min(text.find(','), text.size());
        int64_t id = 0;
        const auto [rest, error] = std::from_chars(text.data(), text.data() + end, id);
        if (error == std::errc() && rest == text.data() + end)
            row.also.push_back(id);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace core
