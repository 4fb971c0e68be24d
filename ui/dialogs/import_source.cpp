// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/import_source.h"

#include "core/formats/row_shapes.h"
#include "ui/words.h"

#include <algorithm>

namespace ui {

namespace {

/// Rows of a service without labelled ones say how many labels a row may have.
bool mayTakeSeveral(const Session &session)
{
    const auto &labels = session.labels();
    return session.isMultiLabel() || std::all_of(labels.begin(), labels.end(), [&](const core::Label &label) {
               return session.countsOf(label.id).total() == 0;
           });
}

}  // namespace

core::Split ImportSource::guessSplit(const std::filesystem::path &path, core::Split otherwise)
{
    const QString name = toQString(path.filename()).toLower();
    if (name.contains(u"test") || name.contains(u"exam") || name.contains(u"eval"))
        return core::Split::Test;
    if (name.contains(u"unlabel") || name.contains(u"unstructured"))
        return core::Split::Unlabelled;
    return name.contains(u"train") ? core::Split::Train : otherwise;
}

void ImportSource::shape(const Session &session)
{
    usable = 0;
    labels.clear();
    setAside.clear();
    hasSeveral = false;
    if (!content)
        return;
    core::ShapeHints hints{textColumn, labelColumn, {}, split != core::Split::Unlabelled};
    hints.takesSeveral = session.isMultiLabel();
    for (const core::Label &label : session.labels()) {
        if (label.declared)
            hints.classes.push_back(label.name);
    }
    setAside = content->rejections;
    for (const core::Record &record : content->records) {
        const auto shaped = core::shapeRow(record, hints);
        if (!shaped) {
            setAside.push_back({record.row, shaped.error()});
            continue;
        }
        if (const std::string refusal = core::whyNotOneLabel(*shaped); !refusal.empty()) {
            if (!mayTakeSeveral(session)) {
                setAside.push_back({record.row, refusal});
                continue;
            }
            hasSeveral = true;
        }
        ++usable;
        labels.insert(shaped->labels.begin(), shaped->labels.end());
    }
}

QString ImportSource::cellText(const nlohmann::ordered_json &value)
{
    return QString::fromStdString(value.is_string() ? value.get<std::string>() : value.dump()).simplified().left(300);
}

std::vector<std::string> ImportSource::columns() const
{
    const core::RecordFile &file = *content;
    if (!file.columns.empty())
        return file.columns;
    std::vector<std::string> names;
    for (size_t i = 0; i < file.records.size() && i < 50; ++i) {
        for (const auto &[name, value] : file.records[i].fields.items()) {
            if (std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        }
    }
    return names;
}

QString ImportSource::details(const Session &session) const
{
    const core::RecordFile &file = *content;
    const QString how = QString::fromStdString(file.sheet.empty() ? file.encoding : file.sheet);
    const auto rows = static_cast<qint64>(file.records.size());
    QString text = how.isEmpty() ? QString() : how + QStringLiteral(". ");
    text += QObject::tr("First %1 of %2.").arg(std::min<qint64>(PreviewRows, rows)).arg(rowsText(rows));
    if (hasSeveral && !session.isMultiLabel())
        text += QObject::tr(" Some rows have several classes or none: a text may have any number from now on.");
    if (file.replacedBytes > 0)
        text += QObject::tr(" %1 could not be read and are shown as \uFFFD.")
                    .arg(plural(file.replacedBytes, QObject::tr("character"), QObject::tr("characters")));
    if (!file.encodingIsCertain)
        text += QObject::tr(" The encoding is a guess: if letters look wrong, choose another one above.");
    return text;
}

}  // namespace ui
