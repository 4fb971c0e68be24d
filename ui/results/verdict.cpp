// SPDX-License-Identifier: Apache-2.0
#include "ui/results/verdict.h"

#include "ui/words.h"

#include <QObject>
#include <algorithm>

namespace ui {

namespace {

/// The sentence with what it was counted on: "52 of 60 exam rows", "91 % of the exam rows".
QString counted(const QString &exam, const QString &otherwise, const engine::ClassificationReport &report,
                core::ScoreKind kind)
{
    const QString share = shareText(report.correct, report.rows);
    const bool isPercent = share.endsWith(u'%');
    const QString rows = kind == core::ScoreKind::Exam ? rowsOf(kind) : QObject::tr("rows");
    const QString what = isPercent && kind == core::ScoreKind::Exam ? QObject::tr("%1 of the %2").arg(share, rows)
                         : isPercent ? QObject::tr("%1 of %2").arg(share, rowsText(report.rows))
                                     : QObject::tr("%1 %2").arg(share, rows);
    const QString sentence = (kind == core::ScoreKind::Exam ? exam : otherwise).arg(what, betweenText(report));
    return kind == core::ScoreKind::CrossValidated ? QObject::tr("Cross-validated: %1").arg(sentence)
           : kind == core::ScoreKind::HeldOut      ? QObject::tr("Held out: %1").arg(sentence)
                                                   : sentence;
}

QString weakestClass(const engine::ClassificationReport &report, const std::vector<std::string> &labels)
{
    const auto weakest =
        std::min_element(report.perClass.begin(), report.perClass.end(), [](const auto &a, const auto &b) {
            return std::pair(a.support == 0, a.f1) < std::pair(b.support == 0, b.f1);
        });
    if (weakest == report.perClass.end() || weakest->f1 >= 1)
        return {};
    return QObject::tr(" Weakest: %1.").arg(className(labels[static_cast<size_t>(weakest - report.perClass.begin())]));
}

QString weakestPair(const engine::ClassificationReport &report, const std::vector<std::string> &labels)
{
    int64_t most = 0;
    size_t expected = 0, answered = 0;
    for (size_t i = 0; i < report.confusion.size(); ++i) {
        for (size_t j = 0; j < report.confusion[i].size(); ++j) {
            if (i != j && report.confusion[i][j] > most) {
                most = report.confusion[i][j];
                expected = i;
                answered = j;
            }
        }
    }
    return most > 0 ? QObject::tr(" Weakest: %1 / %2.").arg(className(labels[expected]), className(labels[answered]))
                    : QString();
}

}  // namespace

QString rowsOf(core::ScoreKind kind)
{
    switch (kind) {
    case core::ScoreKind::Exam: return QObject::tr("exam rows");
    case core::ScoreKind::CrossValidated: return QObject::tr("cross-validated rows");
    case core::ScoreKind::HeldOut: return QObject::tr("held-out rows");
    }
    return {};
}

QString countedText(core::ScoreKind kind, qint64 rows)
{
    QString text = QString::fromStdString(core::countedRows(kind, rows));
    return text.replace(0, QString::number(rows).size(), countText(rows));
}

QString resultVerdict(const engine::ClassificationReport &report, const std::vector<std::string> &labels,
                      core::ScoreKind kind)
{
    if (report.task == engine::TaskType::MultiLabel)
        return counted(QObject::tr("All classes right on %1 (%2); of all single decisions %3."),
                       QObject::tr("all classes right on %1 (%2); of all single decisions %3."), report, kind)
                   .arg(percentText(report.labelMatch)) +
               weakestClass(report, labels);
    return counted(QObject::tr("Right on %1 (%2)."), QObject::tr("right on %1 (%2)."), report, kind) +
           weakestPair(report, labels);
}

}  // namespace ui
