// SPDX-License-Identifier: Apache-2.0
#include "core/imports/import_plan.h"

#include "core/store/extra_fields.h"

#include <algorithm>

using base::Result;

namespace core {

namespace {

std::string textOf(const Record &record, const char *field)
{
    const auto found = record.fields.find(field);
    return found != record.fields.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool saysTest(const RecordFile &file, const std::string &column)
{
    return !column.empty() && std::any_of(file.records.begin(), file.records.end(), [&](const Record &record) {
        return splitOfValue(textOf(record, column.c_str())) == NamedSplit::Test;
    });
}

}  // namespace

Split splitOf(NamedSplit split, bool validationIsExam)
{
    switch (split) {
    case NamedSplit::Test: return Split::Test;
    case NamedSplit::Validation: return validationIsExam ? Split::Test : Split::Train;
    case NamedSplit::Unlabelled: return Split::Unlabelled;
    default: return Split::Train;
    }
}

Result<FilePlan> planFile(const RecordFile &file, const ImportFile &from, const ImportOptions &options,
                          const PlanOptions &how, const base::WorkContext &context)
{
    if (file.records.empty())
        return FilePlan{.rejections = file.rejections, .notes = file.notes};
    ShapeHints hints = how.hints;
    // The label is wanted wherever some row may go to training or the exam.
    const auto usual =
        from.split && !options.ignoresSplits ? splitOf(*from.split, how.validationIsExam) : options.split;
    hints.wantsLabel = usual != Split::Unlabelled;
    if (options.labelsFromSheets && file.records.front().fields.contains("sheet"))
        hints.labelColumns = {"sheet"};
    auto roles = rolesOf(file, hints);
    if (roles && !options.ignoresSplits && !roles->split.empty() && !hints.wantsLabel) {
        hints.wantsLabel = true;
        roles = rolesOf(file, hints);
    }
    if (!roles)
        return base::failure(base::ErrorCode::InvalidInput, roles.error(), from.path.string());
    if (how.mayTakeSeveral && !roles->reading.takesSeveral && hasSeveralLabels(file, *roles)) {
        hints.takesSeveral = true;
        roles = rolesOf(file, hints);
    }
    FilePlan plan;
    plan.notes = file.notes;
    plan.notes.insert(plan.notes.end(), roles->notes.begin(), roles->notes.end());
    plan.rejections = file.rejections;
    plan.isOwn = roles->isOwn;
    plan.hasSplits = !options.ignoresSplits && (!roles->split.empty() || from.split);
    const bool validationIsExam = how.validationIsExam && !saysTest(file, roles->split);
    int64_t done = 0;
    for (const Record &record : file.records) {
        if (context.stopRequested())
            return base::cancelled();
        context.report({++done, static_cast<int64_t>(file.records.size()), "Importing"});
        auto shaped = shapeRow(record, *roles);
        if (!shaped) {
            plan.rejections.push_back({record.row, shaped.error()});
            continue;
        }
        PlannedRow &planned = plan.rows.emplace_back();
        Example &row = planned.row;
        row.split = shaped->split && !options.ignoresSplits ? splitOf(*shaped->split, validationIsExam) : usual;
        if (row.split == Split::Unlabelled && !(roles->isOwn && options.updatesOwnRows)) {
            shaped->labels.clear();
            shaped->isAnswered = false;
        } else if (!from.label.empty()) {
            shaped->labels = {from.label};
            shaped->isAnswered = true;
        }
        if (const std::string refusal = whyNotOneLabel(*shaped); !refusal.empty()) {
            if (!how.mayTakeSeveral) {
                plan.rejections.push_back({record.row, refusal});
                plan.rows.pop_back();
                continue;
            }
            plan.hasSeveral = true;
        }
        row.text = std::move(shaped->text);
        row.source = from.name;
        row.sourceRow = record.row;
        row.origin = how.origin;
        row.content = how.content;
        row.extra = std::move(shaped->extra);
        if (roles->hasPlaces || roles->isOwn)
            row.place = textOf(record, "place");
        if (roles->isOwn)
            row.comment = textOf(record, "comment");
        if (roles->isOwn)
            planned.source = textOf(record, "source");
        planned.saysSplit = shaped->split && !options.ignoresSplits;
        planned.saysComment = record.fields.contains("comment");
        planned.labels = std::move(shaped->labels);
        planned.isAnswered = shaped->isAnswered;
        planned.id = shaped->id;
    }
    std::stable_sort(plan.rejections.begin(), plan.rejections.end(),
                     [](const auto &a, const auto &b) { return a.row < b.row; });
    plan.roles = std::move(*roles);
    return plan;
}

std::set<std::string> otherColumns(std::span<const PlannedRow> rows)
{
    std::set<std::string> names;
    for (const PlannedRow &planned : rows) {
        for (const auto &[name, value] : extraFields(planned.row.extra))
            names.insert(name);
    }
    return names;
}

}  // namespace core
