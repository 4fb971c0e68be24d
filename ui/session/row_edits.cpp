// SPDX-License-Identifier: Apache-2.0
#include "ui/session/row_edits.h"

#include "ui/words.h"

#include <algorithm>

namespace ui {

namespace {

using Field = core::FieldChange::Field;

/// The id of a label by name or, where it is new, its place among the draft's new labels.
std::optional<int64_t> labelNamed(const Session &session, core::EditDraft &draft, const QString &name)
{
    const std::string wanted = name.trimmed().toStdString();
    if (wanted.empty())
        return std::nullopt;
    for (const core::Label &label : session.labels()) {
        if (label.name == wanted || className(label.name).toStdString() == wanted)
            return label.id;
    }
    for (size_t i = 0; i < draft.newLabels.size(); ++i) {
        if (draft.newLabels[i].name == wanted)
            return core::newLabel(i);
    }
    draft.newLabels.push_back({.name = wanted});
    return core::newLabel(draft.newLabels.size() - 1);
}

QString rowsOrOne(size_t rows)
{
    return rows == 1 ? QObject::tr("a row") : rowsText(static_cast<qint64>(rows));
}

/// Cells of a block as spreadsheets copy it: tabs and line ends divide, a cell with either is in quotes.
std::vector<std::vector<QString>> cellsOf(const QString &block)
{
    std::vector<std::vector<QString>> rows(1, std::vector<QString>(1));
    bool quoted = false;
    for (qsizetype i = 0; i < block.size(); ++i) {
        const QChar c = block[i];
        QString &cell = rows.back().back();
        if (quoted) {
            if (c != u'"')
                cell += c;
            else if (i + 1 < block.size() && block[i + 1] == u'"')
                cell += block[++i];
            else
                quoted = false;
        } else if (c == u'"' && cell.isEmpty()) {
            quoted = true;
        } else if (c == u'\t') {
            rows.back().emplace_back();
        } else if (c == u'\n') {
            rows.emplace_back(1);
        } else if (c != u'\r') {
            cell += c;
        }
    }
    return rows;
}

}  // namespace

core::EditDraft labelDraft(const Session &session, std::span<const int64_t> rows, const QString &name)
{
    core::EditDraft draft;
    const auto label = labelNamed(session, draft, name);
    draft.title = (label ? QObject::tr("Label %1 %2").arg(rowsOrOne(rows.size()), name.trimmed())
                         : QObject::tr("Take the label from %1").arg(rowsOrOne(rows.size())))
                      .toStdString();
    for (const int64_t row : rows) {
        draft.changes.push_back({row, Field::Label, {}, label});
        draft.changes.push_back({row, Field::Provenance, "human", {}});
    }
    return draft;
}

core::EditDraft moveDraft(std::span<const int64_t> rows, core::Split split)
{
    core::EditDraft draft;
    draft.title = QObject::tr("Move %1 to %2").arg(rowsOrOne(rows.size()), splitText(split)).toStdString();
    for (const int64_t row : rows)
        draft.changes.push_back({row, Field::Split, {}, static_cast<int64_t>(split)});
    return draft;
}

core::EditDraft removeDraft(std::span<const int64_t> rows)
{
    core::EditDraft draft;
    draft.title = QObject::tr("Delete %1").arg(rowsOrOne(rows.size())).toStdString();
    for (const int64_t row : rows)
        draft.changes.push_back({row, Field::Removed, {}, 1});
    return draft;
}

core::EditDraft pasteDraft(const Session &session, const QString &block, core::Split split)
{
    core::EditDraft draft;
    for (const auto &cells : cellsOf(block)) {
        if (cells.front().trimmed().isEmpty())
            continue;
        core::Example row{
            .text = cells.front().toStdString(), .split = split, .provenance = "human", .source = "pasted"};
        if (split != core::Split::Unlabelled && cells.size() > 1)
            row.label = labelNamed(session, draft, cells[1]);
        draft.newRows.push_back(std::move(row));
    }
    draft.title = QObject::tr("Paste %1").arg(rowsOrOne(draft.newRows.size())).toStdString();
    return draft;
}

}  // namespace ui
