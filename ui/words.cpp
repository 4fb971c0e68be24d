// SPDX-License-Identifier: Apache-2.0
#include "ui/words.h"

#include "core/tasks/exam_task.h"

#include <QDateTime>
#include <QLocale>
#include <QMimeData>
#include <QObject>
#include <QTextDocument>
#include <QUrl>
#include <cmath>

namespace ui {

namespace {

constexpr qint64 CountsBelow = 100;
constexpr QChar NoBreakSpace(0x00A0);

}  // namespace

QString countText(qint64 count)
{
    return QLocale().toString(count);
}

QString plural(qint64 count, const QString &one, const QString &many)
{
    return countText(count) + u' ' + (count == 1 ? one : many);
}

QString rowsText(qint64 rows)
{
    return plural(rows, QObject::tr("row"), QObject::tr("rows"));
}

QString percentText(double share)
{
    return QString::number(std::lround(share * 100)) + NoBreakSpace + u'%';
}

QString chanceText(double pValue)
{
    return pValue < 0.001 ? QStringLiteral("p < 0.001")
                          : QStringLiteral("p = %1").arg(decimals(pValue, pValue < 0.1 ? 3 : 2));
}

QString pointsText(double share)
{
    const double size = std::abs(share);
    return size < 0.0005 ? QStringLiteral("0") : decimals(share * 100, size >= 0.01 ? 0 : 1);
}

QString shareText(qint64 right, qint64 rows)
{
    return rows < CountsBelow ? QObject::tr("%1 of %2").arg(right).arg(rows)
                              : percentText(static_cast<double>(right) / static_cast<double>(rows));
}

QString heldOutText(const core::StoredReport &stored)
{
    const auto &report = stored.report;
    if (report.task == engine::TaskType::MultiLabel)
        return percentText(report.microF1);
    return report.rows > 0 ? shareText(report.correct, report.rows) : percentText(report.accuracy);
}

QString betweenText(const engine::ClassificationReport &report)
{
    const auto scale = static_cast<double>(report.rows < CountsBelow ? report.rows : 100);
    return QObject::tr("between %1 and %2")
        .arg(std::lround(report.interval.low * scale))
        .arg(std::lround(report.interval.high * scale));
}

QString rangeText(const engine::ClassificationReport &report)
{
    const auto scale = static_cast<double>(report.rows < CountsBelow ? report.rows : 100);
    return QObject::tr("%1 to %2")
        .arg(std::lround(report.interval.low * scale))
        .arg(std::lround(report.interval.high * scale));
}

QString decimals(double value, int places)
{
    return QLocale::c().toString(value, 'f', places);
}

QString durationText(double seconds)
{
    const auto whole = std::lround(seconds);
    if (whole < 90)
        return QObject::tr("%1 s").arg(std::max(whole, 1L)).replace(u' ', NoBreakSpace);
    if (whole < 90 * 60)
        return QObject::tr("%1 min").arg((whole + 30) / 60).replace(u' ', NoBreakSpace);
    return QObject::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60).replace(u' ', NoBreakSpace);
}

QString sizeText(qint64 bytes)
{
    if (bytes < 1000)
        return QObject::tr("%1 bytes").arg(bytes);
    if (bytes < 1'000'000)
        return QObject::tr("%1 kB").arg(bytes / 1000);
    if (bytes < 10'000'000'000)
        return QObject::tr("%1 MB").arg(bytes / 1'000'000);
    return QObject::tr("%1 GB").arg(bytes / 1'000'000'000);
}

QString splitText(core::Split split)
{
    switch (split) {
    case core::Split::Train: return QObject::tr("Train");
    case core::Split::Test: return QObject::tr("Exam (test)");
    case core::Split::Unlabelled: return QObject::tr("Unlabelled");
    }
    return {};
}

QString dayText(const std::string &utc)
{
    const auto time = QDateTime::fromString(QString::fromStdString(utc), Qt::ISODate).toLocalTime();
    if (!time.isValid())
        return {};
    const auto days = time.date().daysTo(QDate::currentDate());
    if (days == 0)
        return QObject::tr("today, %1").arg(time.toString(QStringLiteral("HH:mm")));
    if (days == 1)
        return QObject::tr("yesterday");
    return QLocale().toString(time.date(), time.date().year() == QDate::currentDate().year()
                                               ? QStringLiteral("d MMMM")
                                               : QStringLiteral("d MMMM yyyy"));
}

QString className(const std::string &name)
{
    QString shown = QString::fromStdString(name);
    for (QChar &c : shown) {
        if (c == u'_' || c == u'\n' || c == u'\r' || c == u'\t')
            c = u' ';
    }
    return shown;
}

QString menuText(QString text)
{
    return text.replace(u'&', QStringLiteral("&&")).replace(u'\t', u' ');
}

QString tipText(const QString &text)
{
    return Qt::mightBeRichText(text)
               ? QStringLiteral("<p style=\"white-space:pre-wrap\">%1</p>").arg(text.toHtmlEscaped())
               : text;
}

QString checkpointText(const core::CheckpointName &name, const core::RunInfo &run)
{
    if (!name.isExam())
        return QObject::tr("%1, pass %2").arg(QString::fromStdString(name.run)).arg(name.epoch);
    if (run.examined == core::UntrainedTeacher)
        return QObject::tr("Untrained base weights");
    if (run.examined == core::BuiltInTeacher)
        return QObject::tr("Built-in teacher");
    return QObject::tr("%1 (teacher)").arg(QString::fromStdString(run.base));
}

QString recipeText(engine::Recipe recipe)
{
    switch (recipe) {
    case engine::Recipe::Seconds: return QObject::tr("Quick");
    case engine::Recipe::SelfTraining: return QObject::tr("Fine-tune, with unlabelled texts");
    case engine::Recipe::Lora: return QObject::tr("Adapters (LoRA)");
    case engine::Recipe::Finetune: break;
    }
    return QObject::tr("Fine-tune");
}

QString toQString(const std::filesystem::path &path)
{
    return QString::fromStdString(path.string());
}

std::filesystem::path toPath(const QString &path)
{
    return path.toStdString();
}

std::vector<std::filesystem::path> droppedPaths(const QMimeData &data)
{
    std::vector<std::filesystem::path> paths;
    const auto urls = data.urls();
    for (const QUrl &url : urls) {
        if (url.isLocalFile())
            paths.push_back(toPath(url.toLocalFile()));
    }
    return paths;
}

Mark markOf(core::Finding::Severity severity)
{
    switch (severity) {
    case core::Finding::Severity::Block: return Mark::Blocking;
    case core::Finding::Severity::Warn: return Mark::Attention;
    case core::Finding::Severity::Info: return Mark::Info;
    }
    return Mark::None;
}

}  // namespace ui
