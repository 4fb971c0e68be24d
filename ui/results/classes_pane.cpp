// SPDX-License-Identifier: Apache-2.0
#include "ui/results/classes_pane.h"

#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>

namespace ui {

namespace {

constexpr int ValueRole = Qt::UserRole;  ///< what a column is sorted by
constexpr int ClassRole = Qt::UserRole + 1;

QStandardItem *number(double value, const QString &text, const QString &tip = {})
{
    auto *item = new QStandardItem(text);
    item->setData(value, ValueRole);
    item->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
    item->setToolTip(tip);
    return item;
}

/// Of so many right among so many, with the range that other rows of the kind could give.
QStandardItem *share(double value, int64_t whole)
{
    const auto right = std::llround(value * static_cast<double>(whole));
    const auto range = engine::wilsonInterval(right, whole);
    return number(value, decimals(value),
                  whole == 0 ? QString()
                             : QObject::tr("%1 of %2, between %3 and %4 with other rows of the kind")
                                   .arg(countText(right), countText(whole), decimals(range.low), decimals(range.high)));
}

}  // namespace

ClassesPane::ClassesPane(const Theme &theme, QWidget *parent) : ResultPane(parent)
{
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    setLayout(column);
    m_model.setSortRole(ValueRole);
    m_table = makeReadTable(theme, m_model, "perClassTable", tr("Scores of each class"), true);
    m_summary = makeLabel({}, "muted", true);
    m_summary->setObjectName(QStringLiteral("classSummary"));
    m_summary->setContentsMargins(24, 8, 24, 8);
    column->addWidget(m_summary);
    column->addWidget(m_table, 1);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &cell) {
        Q_EMIT classOpened(m_model.index(cell.row(), 0).data(ClassRole).toInt());
    });
    connect(m_table, &QTableView::doubleClicked, m_table, &QTableView::activated);
}

void ClassesPane::showResults(const SharedResults &results)
{
    const auto said = [](double value, const engine::Interval &range, int places) {
        return tr("%1 (%2 to %3)")
            .arg(decimals(value, places), decimals(range.low, places), decimals(range.high, places));
    };
    const auto &report = results->report;
    const auto &ranges = results->intervals;
    m_summary->setVisible(report.rows > 0);
    m_summary->setText(
        tr("Average over classes (macro F1) %1, over decisions (micro F1) %2, log-loss %3. In brackets the "
           "range that other rows of the kind could give.")
            .arg(said(report.macroF1, ranges.macroF1, 3), said(report.microF1, ranges.microF1, 3),
                 said(report.logLoss, ranges.logLoss, 3)));
    m_model.clear();
    m_model.setHorizontalHeaderLabels({tr("Class"), tr("Right when it answers so (precision)"),
                                       tr("Found of its rows (recall)"), tr("F1"), tr("Answered"),
                                       results->shown.kind == core::ScoreKind::Exam ? tr("Exam rows") : tr("Rows")});
    for (int i = 1; i < m_model.columnCount(); ++i)
        m_model.horizontalHeaderItem(i)->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
    std::vector<int64_t> answered(results->shown.labels.size(), 0);
    for (const auto &verdict : results->shown.verdicts) {
        for (const int label : verdict.answer)
            ++answered[static_cast<size_t>(label)];
    }
    for (size_t i = 0; i < results->shown.labels.size(); ++i) {
        const auto &m = results->report.perClass[i];
        auto *name = new QStandardItem(className(results->shown.labels[i]));
        name->setData(className(results->shown.labels[i]), ValueRole);
        name->setData(static_cast<int>(i), ClassRole);
        m_model.appendRow({name, share(m.precision, answered[i]), share(m.recall, m.support),
                           number(m.f1, decimals(m.f1)),
                           number(static_cast<double>(answered[i]), countText(answered[i])),
                           number(static_cast<double>(m.support), countText(m.support))});
    }
    const int widths[] = {300, 240, 200, 80, 90, 100};
    for (int i = 0; i < m_model.columnCount(); ++i)
        m_table->setColumnWidth(i, widths[i]);
    if (const int sorted = m_table->horizontalHeader()->sortIndicatorSection(); sorted >= 0)
        m_model.sort(sorted, m_table->horizontalHeader()->sortIndicatorOrder());
}

}  // namespace ui
