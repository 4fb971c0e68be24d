// SPDX-License-Identifier: Apache-2.0
#include "ui/session/class_edits.h"

#include "ui/words.h"

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

EditDraft taskDraft(const QString &task)
{
    return {.title = QObject::tr("Describe the decision").toStdString(),
            .settings = {{"task_description", task.toStdString()}}};
}

}  // namespace ui
