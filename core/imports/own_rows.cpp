// SPDX-License-Identifier: Apache-2.0
#include "core/imports/own_rows.h"

#include <algorithm>
#include <unordered_map>

using base::Result;

namespace core {

namespace {

constexpr size_t MostShown = 1000;

/// The changes that make `now` of a row what the file says.
bool addChanges(EditDraft &draft, const Example &now, const PlannedRow &planned, const LabelSet &labels,
                const LabelNames &names, RowUpdate &shown)
{
    using Field = FieldChange::Field;
    const size_t before = draft.changes.size();
    const auto show = [&](const std::string &from, const std::string &to) {
        shown.before += (shown.before.empty() ? "" : "; ") + from;
        shown.after += (shown.after.empty() ? "" : "; ") + to;
    };
    if (now.text != planned.row.text) {
        draft.changes.push_back({now.id, Field::Text, planned.row.text, {}});
        show(now.text, planned.row.text);
    }
    if (labelsOf(now) != labels) {
        addPersonsLabels(draft, now.id, labels);
        Example after = now;
        setLabels(after, labels);
        show(names.text(now), names.text(after));
    }
    if (planned.saysSplit && now.split != planned.row.split) {
        draft.changes.push_back({now.id, Field::Split, {}, static_cast<int64_t>(planned.row.split)});
        show(name(now.split), name(planned.row.split));
    }
    if (planned.saysComment && now.comment != planned.row.comment) {
        draft.changes.push_back({now.id, Field::Comment, planned.row.comment, {}});
        show(now.comment, planned.row.comment);
    }
    if (!planned.row.extra.empty() && now.extra != planned.row.extra) {
        draft.changes.push_back({now.id, Field::Extra, planned.row.extra, {}});
        show(now.extra, planned.row.extra);
    }
    return draft.changes.size() > before;
}

}  // namespace

Result<OwnRows> changesOfOwnRows(const Service &service, const LabelNames &names, const std::vector<PlannedRow> &rows,
                                 const std::vector<LabelSet> &labels)
{
    OwnRows own;
    own.areOurs.resize(rows.size(), false);
    std::vector<int64_t> ids;
    for (const PlannedRow &planned : rows) {
        if (planned.id)
            ids.push_back(*planned.id);
    }
    std::sort(ids.begin(), ids.end());
    const bool isTwice = std::adjacent_find(ids.begin(), ids.end()) != ids.end();
    if (ids.empty() || isTwice)
        return own;
    std::unordered_map<int64_t, Example> known;
    TRY(service.examples().forEachOf(ids, [&](const Example &row) { known.emplace(row.id, row); }));
    size_t found = 0, alike = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
        const auto now = rows[i].id ? known.find(*rows[i].id) : known.end();
        if (now == known.end())
            continue;
        ++found;
        const bool isFromThere = !rows[i].source.empty() && now->second.source == rows[i].source;
        const bool isLabelled = labels[i].isAnswered && labelsOf(now->second) == labels[i];
        alike += now->second.text == rows[i].row.text || (isFromThere && isLabelled) ? 1 : 0;
    }
    if (found == 0 || alike * 2 < found)
        return own;
    for (size_t i = 0; i < rows.size(); ++i) {
        const auto now = rows[i].id ? known.find(*rows[i].id) : known.end();
        if (now == known.end())
            continue;
        own.areOurs[i] = true;
        RowUpdate shown{now->first, now->second.text, {}, {}};
        if (!addChanges(own.draft, now->second, rows[i], labels[i], names, shown)) {
            ++own.equal;
            continue;
        }
        ++own.updated;
        if (own.updates.size() < MostShown)
            own.updates.push_back(std::move(shown));
    }
    return own;
}

}  // namespace core
