// SPDX-License-Identifier: Apache-2.0
#include "ui/session/row_edits.h"

#include "core/formats/class_name.h"
#include "core/formats/label_text.h"
#include "core/quality/personal_data.h"
#include "ui/words.h"

#include <algorithm>
#include <functional>

namespace ui {

namespace {

using Field = core::FieldChange::Field;

/// The id of a label by name or, where it is new, its place among the draft's new labels.
std::optional<int64_t> labelNamed(const Session &session, core::EditDraft &draft, const QString &name)
{
    const std::string typed = name.toStdString(), wanted = core::cleanedClassName(typed);
    if (wanted.empty())
        return std::nullopt;
    // As it is called, else as it is shown: "a_b" and "a b" may both be classes.
    const std::function<bool(const core::Label &)> ways[] = {
        [&](const core::Label &label) { return label.name == typed; },
        [&](const core::Label &label) { return label.name == wanted; },
        [&](const core::Label &label) { return className(label.name).toStdString() == wanted; }};
    for (const auto &isMeant : ways) {
        const auto found = std::ranges::find_if(session.labels(), isMeant);
        if (found != session.labels().end())
            return found->id;
    }
    for (size_t i = 0; i < draft.newLabels.size(); ++i) {
        if (draft.newLabels[i].name == wanted)
            return core::newLabel(i);
    }
    draft.newLabels.push_back({.name = wanted});
    return core::newLabel(draft.newLabels.size() - 1);
}

/// What is typed in a cell, or stands in one on the clipboard.
core::LabelSet labelsTyped(const Session &session, core::EditDraft &draft, const QString &text)
{
    const QString typed = text.trimmed();
    if (!session.isMultiLabel() || typed.isEmpty()) {
        const auto label = labelNamed(session, draft, typed);
        return label ? core::labelSet({*label}) : core::LabelSet();
    }
    std::set<std::string> known;
    for (const core::Label &label : session.labels()) {
        known.insert(label.name);
        known.insert(className(label.name).toStdString());
    }
    // What cannot be taken apart stays as it was typed, for people to see.
    const auto names = core::splitLabels(typed.toStdString(), known).value_or(std::vector{typed.toStdString()});
    std::vector<int64_t> labels;
    for (const std::string &name : names) {
        if (const auto label = labelNamed(session, draft, QString::fromStdString(name)))
            labels.push_back(*label);
    }
    return core::labelSet(std::move(labels));
}

QString rowsOrOne(size_t rows)
{
    return rows == 1 ? QObject::tr("a row") : rowsText(static_cast<qint64>(rows));
}

}  // namespace

core::EditDraft labelDraft(const Session &session, std::span<const int64_t> rows, const QString &name)
{
    core::EditDraft draft;
    const core::LabelSet labels = labelsTyped(session, draft, name);
    draft.title = (labels.ids.empty() && labels.isAnswered
                       ? QObject::tr("Label %1 with none of the classes").arg(rowsOrOne(rows.size()))
                   : labels.isAnswered ? QObject::tr("Label %1 %2").arg(rowsOrOne(rows.size()), name.trimmed())
                                       : QObject::tr("Take the label from %1").arg(rowsOrOne(rows.size())))
                      .toStdString();
    for (const int64_t row : rows) {
        core::addPersonsLabels(draft, row, labels);
    }
    return draft;
}

core::EditDraft toggleDraft(const std::vector<core::Example> &rows, const core::Label &label)
{
    const bool all = std::all_of(rows.begin(), rows.end(),
                                 [&](const core::Example &row) { return core::labelsOf(row).contains(label.id); });
    core::EditDraft draft{.title = (all ? QObject::tr("Take %2 from %1") : QObject::tr("Label %1 %2 as well"))
                                       .arg(rowsOrOne(rows.size()), className(label.name))
                                       .toStdString()};
    for (const core::Example &row : rows) {
        core::LabelSet labels = core::labelsOf(row);
        if (all)
            std::erase(labels.ids, label.id);
        else
            labels.ids.push_back(label.id);
        core::addPersonsLabels(draft, row.id, core::labelSet(std::move(labels.ids), false));
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

core::EditDraft pasteDraft(const Session &session, const CellTable &cells, const PasteColumns &columns,
                           core::Split split)
{
    core::EditDraft draft;
    const auto cellAt = [](const QStringList &row, int column) {
        return column >= 0 && column < row.size() ? row[column] : QString();
    };
    for (qsizetype i = columns.hasHeader ? 1 : 0; i < cells.size(); ++i) {
        const QString text = cellAt(cells[i], columns.text);
        if (text.trimmed().isEmpty())
            continue;
        core::Example row{.text = text.toStdString(), .split = split, .provenance = "human", .source = "pasted"};
        row.comment = cellAt(cells[i], columns.comment).toStdString();
        if (split != core::Split::Unlabelled)
            core::setLabels(row, labelsTyped(session, draft, cellAt(cells[i], columns.label)));
        draft.newRows.push_back(std::move(row));
    }
    draft.title = QObject::tr("Paste %1").arg(rowsOrOne(draft.newRows.size())).toStdString();
    return draft;
}

core::EditDraft duplicateDraft(const std::vector<core::Example> &rows)
{
    core::EditDraft draft{.title = QObject::tr("Duplicate %1").arg(rowsOrOne(rows.size())).toStdString()};
    draft.newRows = rows;
    for (core::Example &row : draft.newRows)
        row.parent = row.parent.value_or(row.id);
    return draft;
}

core::EditDraft fillDraft(std::span<const int64_t> rows, Field field, const QString &text)
{
    core::EditDraft draft;
    const QString what = field == Field::Comment ? QObject::tr("comment") : QObject::tr("text");
    draft.title = (text.isEmpty() ? QObject::tr("Clear the %1 of %2") : QObject::tr("Fill the %1 of %2"))
                      .arg(what, rowsOrOne(rows.size()))
                      .toStdString();
    for (const int64_t row : rows)
        draft.changes.push_back({row, field, text.toStdString(), {}});
    return draft;
}

core::EditDraft acceptDraft(const SuggestedLabels &suggested, bool toTrain)
{
    core::EditDraft draft{
        .title = QObject::tr("Accept the suggested label of %1").arg(rowsOrOne(suggested.size())).toStdString()};
    for (const auto &[row, labels] : suggested) {
        core::addPersonsLabels(draft, row, labels, "suggestion accepted");
        if (toTrain)
            draft.changes.push_back({row, Field::Split, {}, static_cast<int64_t>(core::Split::Train)});
    }
    return draft;
}

base::Result<core::EditDraft> maskDraft(const Session &session, const std::vector<int64_t> &rows)
{
    auto examples = TRY(session.service().examples().read(rows));
    core::EditDraft draft{.title = QObject::tr("Mask personal data in %1").arg(rowsOrOne(rows.size())).toStdString()};
    for (const core::Example &row : examples) {
        if (std::string masked = core::withoutPersonalData(row.text); masked != row.text)
            draft.changes.push_back({row.id, Field::Text, std::move(masked), {}});
    }
    return draft;
}

}  // namespace ui
