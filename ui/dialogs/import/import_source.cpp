// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/import/import_source.h"

#include "core/base/names.h"
#include "core/formats/row_file.h"
#include "ui/words.h"

#include <algorithm>

namespace ui {

namespace {

/// Rows that say which columns there are.
constexpr size_t LookedAt = 200;

}  // namespace

void ImportSource::shape(const Session &session)
{
    usable = labelled = 0;
    labels.clear();
    setAside.clear();
    notes.clear();
    problem.clear();
    hasSeveral = hasSplits = hasExam = isOwn = false;
    roles = {};
    strange.rows.clear();
    if (!content)
        return;
    core::PlanOptions how;
    how.hints = core::importHints(session.labels(), session.isMultiLabel(), options);
    // Rows of a service without classes and labelled rows say how many labels a row may have.
    const bool isOpen = how.hints.classes.empty() && session.labels().empty();
    how.mayTakeSeveral = session.isMultiLabel() || isOpen;
    auto plan = core::planFile(*content, file, options, how, {});
    if (!plan) {
        problem = QString::fromStdString(plan.error().message);
        setAside = content->rejections;
        return;
    }
    setAside = std::move(plan->rejections);
    notes = std::move(plan->notes);
    hasSeveral = plan->hasSeveral;
    hasSplits = plan->hasSplits;
    roles = std::move(plan->roles);
    isOwn = plan->isOwn;
    usable = static_cast<qint64>(plan->rows.size());
    for (const core::PlannedRow &row : plan->rows) {
        labelled += row.isAnswered && row.row.split == core::Split::Train ? 1 : 0;
        hasExam = hasExam || row.row.split == core::Split::Test;
        labels.insert(row.labels.begin(), row.labels.end());
    }
    const auto beside = core::otherColumns(std::span(plan->rows).first(std::min(LookedAt, plan->rows.size())));
    others = columns();
    std::erase_if(others, [&](const std::string &column) { return !beside.contains(column); });
    findStrangeLabels(how.hints.classes, *plan);
}

void ImportSource::findStrangeLabels(const std::vector<std::string> &classes, const core::FilePlan &plan)
{
    if (classes.empty())
        return;
    for (const auto &[label, means] : options.meaning)
        strange.rows[label] = 0;  // what was said can be taken back
    strange.unclear.insert(roles.unclear.begin(), roles.unclear.end());
    for (const std::string &label : strange.unclear)
        strange.rows[label] = 0;
    for (const core::PlannedRow &row : plan.rows) {
        for (const std::string &label : row.labels) {
            if (!base::isWithin(classes, label))
                ++strange.rows[label];
        }
    }
    // Labels that stand for a class by now, and those that are left out, are counted in the file.
    for (const core::Record &record : content->records) {
        for (const std::string &column : roles.label) {
            const auto value = record.fields.find(column);
            if (value == record.fields.end())
                continue;
            const auto found = strange.rows.find(value->is_string() ? value->get<std::string>() : value->dump());
            if (found != strange.rows.end() &&
                (options.meaning.contains(found->first) || strange.unclear.contains(found->first)))
                ++found->second;
        }
    }
}

bool ImportSource::isTextTable() const
{
    return content && !content->columns.empty() && content->sheets.empty() && !content->encoding.empty() &&
           !core::isDocument(file.path);
}

QString ImportSource::cellText(const nlohmann::ordered_json &value)
{
    return QString::fromStdString(value.is_string() ? value.get<std::string>() : value.dump()).simplified().left(300);
}

std::vector<std::string> ImportSource::columns() const
{
    const core::RecordFile &read = *content;
    if (!read.columns.empty())
        return read.columns;
    std::vector<std::string> names;
    for (size_t i = 0; i < read.records.size() && i < 50; ++i) {
        for (const auto &[name, value] : read.records[i].fields.items()) {
            if (std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        }
    }
    return names;
}

QString ImportSource::details(const Session &session) const
{
    const core::RecordFile &read = *content;
    const QString how = QString::fromStdString(read.sheet.empty() ? read.encoding : read.sheet);
    const auto rows = static_cast<qint64>(read.records.size());
    QString text = how.isEmpty() ? QString() : how + QStringLiteral(". ");
    text += QObject::tr("First %1 of %2.").arg(std::min<qint64>(PreviewRows, rows)).arg(rowsText(rows));
    if (hasSeveral && !session.isMultiLabel())
        text += QObject::tr(" Some rows have several classes or none: a text may have any number from now on.");
    if (rehearsal && rehearsal->updated + rehearsal->duplicates > 0)
        text += QObject::tr(" It has rows of this service: %1, %2 as they are, %3 new.")
                    .arg(plural(rehearsal->updated, QObject::tr("changes"), QObject::tr("change")),
                         plural(rehearsal->duplicates, QObject::tr("stays"), QObject::tr("stay")),
                         plural(rehearsal->imported, QObject::tr("is"), QObject::tr("are")));
    for (const std::string &note : notes)
        text += u' ' + QString::fromStdString(note);
    if (!read.encodingIsCertain)
        text += QObject::tr(" If letters look wrong, choose another encoding above.");
    return text;
}

}  // namespace ui
