// SPDX-License-Identifier: Apache-2.0
#include "tests/model/oracle.h"

#include <algorithm>

namespace model {

namespace {

using Field = core::FieldChange::Field;

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

}  // namespace

void Oracle::apply(const core::EditDraft &draft, int64_t firstRow, const std::vector<int64_t> &newLabels)
{
    const auto resolved = [&](core::LabelSet labels) {
        for (int64_t &label : labels.ids)
            label = label < 0 ? newLabels.at(static_cast<size_t>(-1 - label)) : label;
        return core::labelSet(std::move(labels.ids), labels.isAnswered);
    };
    for (size_t i = 0; i < draft.newLabels.size(); ++i)
        now.classes[newLabels.at(i)] = {draft.newLabels[i].name, true};
    for (const auto &change : draft.labels) {
        if (change.field == core::LabelChange::Field::Name)
            now.classes.at(change.label).name = change.text;
        else if (change.field == core::LabelChange::Field::Removed)
            now.classes.at(change.label).shown = change.number == 0;
    }
    for (const auto &change : draft.changes) {
        Row &row = now.rows.at(change.example);
        switch (change.field) {
        case Field::Text: row.text = change.text; break;
        case Field::Comment: row.comment = change.text; break;
        case Field::Extra: row.extra = change.text; break;
        case Field::Confidence: row.confidence = change.real; break;
        case Field::Provenance: row.provenance = change.text; break;
        case Field::Label: row.labels = resolved(core::labelsOf({.label = change.number})); break;
        case Field::Also: {  // behind its Label
            core::Example with{.label = row.labels.ids.empty() ? std::nullopt : std::optional(row.labels.ids.front())};
            core::readAlso(change.text, with);
            row.labels = resolved(core::labelsOf(with));
            break;
        }
        case Field::Split: row.split = static_cast<core::Split>(*change.number); break;
        case Field::Removed: row.shown = *change.number == 0; break;
        }
    }
    for (const auto &row : draft.newRows)
        now.rows[firstRow++] = {
            row.text, row.comment, row.provenance, row.source, resolved(core::labelsOf(row)), row.split,
            true,     {},          row.extra};
    step();
}

void Oracle::step()
{
    Step step;
    for (const auto &[id, row] : now.rows) {
        const auto before = m_last.rows.find(id);
        if (before != m_last.rows.end() && before->second == row)
            continue;
        step.before.rows[id] = before == m_last.rows.end() ? Row{.shown = false} : before->second;
        step.after.rows[id] = row;
    }
    for (const auto &[id, one] : now.classes) {
        const auto before = m_last.classes.find(id);
        if (before != m_last.classes.end() && before->second == one)
            continue;
        step.before.classes[id] = before == m_last.classes.end() ? Class{{}, false} : before->second;
        step.after.classes[id] = one;
    }
    m_done.push_back(std::move(step));
    m_undone.clear();
    m_last = now;
}

void Oracle::write(const State &from, State &to)
{
    for (const auto &[id, row] : from.rows)
        to.rows[id] = row;
    for (const auto &[id, one] : from.classes)
        to.classes[id] = one;
}

bool Oracle::undo()
{
    if (m_done.empty())
        return false;
    write(m_done.back().before, now);
    m_undone.push_back(std::move(m_done.back()));
    m_done.pop_back();
    m_last = now;
    return true;
}

bool Oracle::redo()
{
    if (m_undone.empty())
        return false;
    write(m_undone.back().after, now);
    m_done.push_back(std::move(m_undone.back()));
    m_undone.pop_back();
    m_last = now;
    return true;
}

std::vector<int64_t> Oracle::order(const core::ExampleQuery &query) const
{
    std::vector<int64_t> ids;
    for (const auto &[id, row] : now.rows) {
        if (row.shown && (!query.split || row.split == *query.split) &&
            (!query.label || row.labels.contains(*query.label)) && (!query.onlyUnlabelled || !row.labels.isAnswered) &&
            (!query.onlySeveral || (row.labels.isAnswered && row.labels.ids.size() != 1)) &&
            (!query.onlyCommented || !row.comment.empty()) &&
            (query.search.empty() || lower(row.text).find(lower(query.search)) != std::string::npos))
            ids.push_back(id);
    }
    for (auto key = query.sort.rbegin(); key != query.sort.rend(); ++key) {
        std::stable_sort(ids.begin(), ids.end(), [&](int64_t a, int64_t b) {
            if (key->descending)
                std::swap(a, b);
            const Row &left = now.rows.at(a), &right = now.rows.at(b);
            switch (key->column) {
            case core::ExampleQuery::Column::Text: return left.text < right.text;
            case core::ExampleQuery::Column::Comment: return left.comment < right.comment;
            case core::ExampleQuery::Column::Source: return left.source < right.source;
            default: return a < b;
            }
        });
    }
    return ids;
}

}  // namespace model
