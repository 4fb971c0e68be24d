// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/import_source.h"

#include "core/formats/row_file.h"
#include "ui/words.h"

#include <algorithm>

namespace ui {

void ImportSource::shape(const Session &session)
{
    usable = labelled = 0;
    labels.clear();
    setAside.clear();
    notes.clear();
    problem.clear();
    hasSeveral = hasSplits = hasExam = false;
    roles = {};
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
    usable = static_cast<qint64>(plan->rows.size());
    for (const core::PlannedRow &row : plan->rows) {
        labelled += row.isAnswered && row.row.split == core::Split::Train ? 1 : 0;
        hasExam = hasExam || row.row.split == core::Split::Test;
        labels.insert(row.labels.begin(), row.labels.end());
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
    for (const std::string &note : notes)
        text += u' ' + QString::fromStdString(note);
    if (!read.encodingIsCertain)
        text += QObject::tr(" If letters look wrong, choose another encoding above.");
    return text;
}

}  // namespace ui
