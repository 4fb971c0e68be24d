// SPDX-License-Identifier: Apache-2.0
#include "ui/session/class_edits.h"

#include "ui/words.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

using core::EditDraft;
using Field = core::LabelChange::Field;

namespace ui {

EditDraft addClassDraft(const QString &name)
{
    return {.title = QObject::tr("Add class %1").arg(name).toStdString(), .newLabels = {{.name = name.toStdString()}}};
}

EditDraft renameDraft(const core::Label &label, const QString &name)
{
    return {.title = QObject::tr("Rename %1 to %2").arg(className(label.name), name).toStdString(),
            .labels = {{label.id, Field::Name, name.toStdString()}}};
}

EditDraft describeDraft(const core::Label &label, const QString &description)
{
    return {.title = QObject::tr("Describe %1").arg(className(label.name)).toStdString(),
            .labels = {{label.id, Field::Description, description.toStdString()}}};
}

EditDraft recolourDraft(const core::Label &label, int64_t colour)
{
    return {.title = QObject::tr("Colour of %1").arg(className(label.name)).toStdString(),
            .labels = {{label.id, Field::Colour, {}, colour}}};
}

EditDraft reorderDraft(const std::vector<core::Label> &labels, int64_t id, int by)
{
    std::vector<int64_t> order;
    order.reserve(labels.size());
    for (const auto &label : labels)
        order.push_back(label.id);
    const auto from = std::find(order.begin(), order.end(), id) - order.begin();
    const auto to = std::clamp<std::ptrdiff_t>(from + by, 0, static_cast<std::ptrdiff_t>(order.size()) - 1);
    EditDraft draft{.title = QObject::tr("Reorder classes").toStdString()};
    if (from == to)
        return draft;
    std::swap(order[static_cast<size_t>(from)], order[static_cast<size_t>(to)]);
    for (size_t i = 0; i < order.size(); ++i)
        draft.labels.push_back({order[i], Field::Position, {}, static_cast<int64_t>(i)});
    return draft;
}

base::Result<EditDraft> deleteClassDraft(const Session &session, const core::Label &label, RowsOfDeleted rows,
                                         int64_t other)
{
    EditDraft draft{.title = QObject::tr("Delete class %1").arg(className(label.name)).toStdString(),
                    .labels = {{label.id, Field::Removed, {}, 1}}};
    auto ids = session.service().examples().order({.label = label.id});
    if (!ids)
        return base::failure(ids);
    using Row = core::FieldChange::Field;
    for (const int64_t id : *ids) {
        switch (rows) {
        case RowsOfDeleted::Unlabelled:
            draft.changes.push_back({id, Row::Label, {}, {}});
            draft.changes.push_back({id, Row::Split, {}, static_cast<int64_t>(core::Split::Unlabelled)});
            break;
        case RowsOfDeleted::OtherClass: draft.changes.push_back({id, Row::Label, {}, other}); break;
        case RowsOfDeleted::Delete: draft.changes.push_back({id, Row::Removed, {}, 1}); break;
        }
    }
    return draft;
}

QString examplesText(const core::Label &label, ExamplesOf which)
{
    QStringList lines;
    for (const std::string &text : which == ExamplesOf::Belongs ? label.belongs : label.resembles)
        lines << QString::fromStdString(text).simplified();
    return lines.join(u'\n');
}

EditDraft examplesDraft(const core::Label &label, ExamplesOf which, const QString &lines)
{
    QJsonArray list;
    for (const QString &line : lines.split(u'\n')) {
        if (!line.trimmed().isEmpty())
            list.append(line.trimmed());
    }
    return {.title = QObject::tr("Examples of %1").arg(className(label.name)).toStdString(),
            .labels = {{label.id, which == ExamplesOf::Belongs ? Field::Belongs : Field::Resembles,
                        QJsonDocument(list).toJson(QJsonDocument::Compact).toStdString()}}};
}

base::Result<EditDraft> mergeDraft(const Session &session, const core::Label &into,
                                   const std::vector<core::Label> &others)
{
    QStringList names;
    EditDraft draft;
    core::Label merged = into;
    for (const core::Label &other : others) {
        names << className(other.name);
        auto rows = session.service().examples().order({.label = other.id});
        if (!rows)
            return base::failure(rows);
        for (const int64_t row : *rows)
            draft.changes.push_back({row, core::FieldChange::Field::Label, {}, into.id});
        draft.labels.push_back({other.id, Field::Removed, {}, 1});
        merged.belongs.insert(merged.belongs.end(), other.belongs.begin(), other.belongs.end());
    }
    if (merged.belongs.size() > into.belongs.size())
        draft.labels.push_back(
            examplesDraft(into, ExamplesOf::Belongs, examplesText(merged, ExamplesOf::Belongs)).labels.front());
    draft.title =
        QObject::tr("Merge %1 into %2").arg(names.join(QStringLiteral(", ")), className(into.name)).toStdString();
    return draft;
}

base::Result<std::vector<int64_t>> rowsToSplitOff(const Session &session, const core::Label &label,
                                                  const QString &contains)
{
    return session.service().examples().order({.label = label.id, .search = contains.toStdString()});
}

EditDraft splitDraft(const core::Label &label, const QString &name, const std::vector<int64_t> &rows)
{
    EditDraft draft{.title = QObject::tr("Split %1 from %2").arg(name, className(label.name)).toStdString(),
                    .newLabels = {{.name = name.toStdString()}}};
    for (const int64_t row : rows)
        draft.changes.push_back({row, core::FieldChange::Field::Label, {}, core::newLabel(0)});
    return draft;
}

EditDraft taskDraft(const QString &task)
{
    return {.title = QObject::tr("Describe the decision").toStdString(),
            .settings = {{"task_description", task.toStdString()}}};
}

}  // namespace ui
