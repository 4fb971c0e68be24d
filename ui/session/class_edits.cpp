// SPDX-License-Identifier: Apache-2.0
#include "ui/session/class_edits.h"

#include "core/formats/class_name.h"
#include "ui/words.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <set>

using core::EditDraft;
using Field = core::LabelChange::Field;

namespace ui {

namespace {

/// The rows get one label for some, or lose those, and keep the others they have. The rows that keep none.
base::Result<std::vector<int64_t>> exchangeLabels(const Session &session, EditDraft &draft,
                                                  const std::vector<int64_t> &rows, const std::vector<int64_t> &from,
                                                  std::optional<int64_t> to)
{
    if (!session.isMultiLabel()) {
        for (const int64_t row : rows)
            draft.changes.push_back({row, core::FieldChange::Field::Label, {}, to});
        return to ? std::vector<int64_t>() : rows;
    }
    auto examples = TRY(session.service().examples().read(rows));
    std::vector<int64_t> left;
    for (const core::Example &row : examples) {
        std::vector<int64_t> ids = core::labelsOf(row).ids;
        std::erase_if(ids, [&](int64_t id) { return std::find(from.begin(), from.end(), id) != from.end(); });
        if (to)
            ids.push_back(*to);
        if (ids.empty())
            left.push_back(row.id);
        core::addLabelChanges(draft, row.id, core::labelSet(std::move(ids), false));
    }
    return left;
}

}  // namespace

EditDraft addClassDraft(const QString &name)
{
    return {.title = QObject::tr("Add class %1").arg(name).toStdString(),
            .newLabels = {{.name = core::cleanedClassName(name.toStdString())}}};
}

EditDraft renameDraft(const core::Label &label, const QString &name)
{
    return {.title = QObject::tr("Rename %1 to %2").arg(className(label.name), name).toStdString(),
            .labels = {{label.id, Field::Name, core::cleanedClassName(name.toStdString())}}};
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
    auto ids = TRY(session.service().examples().order({.label = label.id}));
    using Row = core::FieldChange::Field;
    if (rows == RowsOfDeleted::Delete) {
        for (const int64_t id : ids)
            draft.changes.push_back({id, Row::Removed, {}, 1});
        return draft;
    }
    const bool isOther = rows == RowsOfDeleted::OtherClass;
    auto left = TRY(exchangeLabels(session, draft, ids, {label.id}, isOther ? std::optional(other) : std::nullopt));
    for (const int64_t id : left)
        draft.changes.push_back({id, Row::Split, {}, static_cast<int64_t>(core::Split::Unlabelled)});
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
    std::set<int64_t> all;
    std::vector<int64_t> merging;
    for (const core::Label &other : others) {
        names << className(other.name);
        auto rows = TRY(session.service().examples().order({.label = other.id}));
        all.insert(rows.begin(), rows.end());
        merging.push_back(other.id);
        draft.labels.push_back({other.id, Field::Removed, {}, 1});
        merged.belongs.insert(merged.belongs.end(), other.belongs.begin(), other.belongs.end());
    }
    TRY(exchangeLabels(session, draft, {all.begin(), all.end()}, merging, into.id));
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

base::Result<EditDraft> splitDraft(const Session &session, const core::Label &label, const QString &name,
                                   const std::vector<int64_t> &rows)
{
    EditDraft draft{.title = QObject::tr("Split %1 from %2").arg(name, className(label.name)).toStdString(),
                    .newLabels = {{.name = core::cleanedClassName(name.toStdString())}}};
    TRY(exchangeLabels(session, draft, rows, {label.id}, core::newLabel(0)));
    return draft;
}

base::Result<EditDraft> taskTypeDraft(const Session &session, bool multiLabel)
{
    if (!multiLabel) {
        auto several = TRY(session.service().examples().order({.onlySeveral = true}));
        if (!several.empty())
            return base::failure(base::ErrorCode::Blocked,
                                 QObject::tr("%1 have several labels, or none of the classes. Give each of them one "
                                             "label first.")
                                     .arg(rowsText(static_cast<qint64>(several.size())))
                                     .toStdString(),
                                 "task_type");
    }
    return EditDraft{.title = (multiLabel ? QObject::tr("Let rows have any number of classes")
                                          : QObject::tr("Let rows have one class each"))
                                  .toStdString(),
                     .settings = {core::Service::taskTypeChange(multiLabel)}};
}

EditDraft rejectDraft(const core::Label &label, bool isReject)
{
    return {.title = (isReject ? QObject::tr("Let %1 stand for what fits no other class")
                               : QObject::tr("Let %1 be a class like the others"))
                         .arg(className(label.name))
                         .toStdString(),
            .settings = {core::Service::rejectClassChange(isReject ? label.id : 0)}};
}

EditDraft taskDraft(const QString &task)
{
    return {.title = QObject::tr("Describe the decision").toStdString(),
            .settings = {{core::keys::TaskDescription, task.toStdString()}}};
}

}  // namespace ui
