// SPDX-License-Identifier: Apache-2.0
#include "ui/results/confusions_pane.h"

#include "ui/delegates/result_delegates.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QTableView>

namespace ui {

namespace {

/// From so many classes on the matrix is a picture more than a table: small cells, confused classes together.
constexpr size_t Many = 16;
constexpr int CellWidth = 112, CellHeight = 36;
constexpr int SmallWidth = 34, SmallHeight = 24;
constexpr size_t MostPairs = 50;
constexpr int PairsWidth = 380;
constexpr int WideEnough = 860;

}  // namespace

ConfusionsPane::ConfusionsPane(const Theme &theme, QWidget *parent) : ResultPane(parent), m_theme(theme)
{
    auto *outer = makeLayout<QHBoxLayout>({}, 0);
    setLayout(outer);
    outer->addWidget(buildMatrix(), 1);
    outer->addWidget(buildPairs());
}

QWidget *ConfusionsPane::buildMatrix()
{
    auto *pane = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({24, 12, 24, 12}, 8);
    pane->setLayout(column);
    auto *bar = makeLayout<QHBoxLayout>({}, 16);
    bar->addWidget(makeLabel(tr("Down: what was expected. Across: what was answered. Open a cell to see its rows."),
                             "muted", true),
                   1);
    m_shares = new QCheckBox(tr("Shares"));
    m_shares->setObjectName(QStringLiteral("confusionShares"));
    m_shares->setToolTip(tr("Shares of the expected class's rows instead of counts"));
    m_together = new QCheckBox(tr("Confused classes together"));
    m_together->setObjectName(QStringLiteral("confusionTogether"));
    bar->addWidget(m_shares);
    bar->addWidget(m_together);
    column->addLayout(bar);
    m_matrix = new QTableView;
    m_matrix->setObjectName(QStringLiteral("confusionTable"));
    m_matrix->setAccessibleName(tr("Confusions"));
    m_matrix->setModel(&m_model);
    m_matrix->setItemDelegate(new HeatDelegate(m_theme, m_matrix));
    m_matrix->setShowGrid(false);
    m_matrix->setSelectionMode(QAbstractItemView::SingleSelection);
    m_matrix->setCornerButtonEnabled(false);
    m_matrix->setTabKeyNavigation(false);
    m_matrix->verticalHeader()->setMaximumWidth(220);
    m_matrix->horizontalHeader()->setMinimumSectionSize(SmallWidth);
    m_matrix->verticalHeader()->setMinimumSectionSize(SmallHeight);
    m_matrix->horizontalHeader()->setDefaultAlignment(Qt::AlignVCenter | Qt::AlignLeft);
    column->addWidget(m_matrix, 1);
    connect(m_matrix, &QTableView::activated, this, [this](const QModelIndex &cell) {
        Q_EMIT cellOpened(m_model.classAt(cell.row()), m_model.classAt(cell.column()));
    });
    connect(m_matrix, &QTableView::clicked, m_matrix, &QTableView::activated);
    connect(m_shares, &QCheckBox::toggled, &m_model, &ConfusionModel::setShares);
    connect(m_together, &QCheckBox::toggled, this, &ConfusionsPane::fill);
    return pane;
}

QWidget *ConfusionsPane::buildPairs()
{
    m_pairPane = makePane("raised", "left");
    m_pairPane->setFixedWidth(PairsWidth);
    auto *column = makeLayout<QVBoxLayout>({1, 12, 0, 0}, 8);
    m_pairPane->setLayout(column);
    auto *title = makeLabel(tr("Most often confused"), "strong");
    title->setContentsMargins(16, 0, 16, 0);
    column->addWidget(title);
    auto *table = makeReadTable(m_theme, m_pairModel, "confusedPairs", tr("Most often confused"));
    column->addWidget(table, 1);
    m_pairModel.setHorizontalHeaderLabels({tr("Expected"), tr("Answered"), tr("Rows")});
    table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    table->setColumnWidth(2, 60);
    connect(table, &QTableView::activated, this, [this](const QModelIndex &cell) {
        const core::ConfusedPair &pair = m_pairs[static_cast<size_t>(cell.row())];
        Q_EMIT cellOpened(static_cast<int>(pair.expected), static_cast<int>(pair.answered));
    });
    connect(table, &QTableView::clicked, table, &QTableView::activated);
    return m_pairPane;
}

void ConfusionsPane::showResults(const SharedResults &results)
{
    m_results = results;
    {
        const QSignalBlocker quiet(m_together);
        m_together->setChecked(results->shown.labels.size() >= Many);
    }
    fill();
}

void ConfusionsPane::fill()
{
    if (!m_results)
        return;
    const auto &confusion = m_results->report.confusion;
    const bool isMany = confusion.size() >= Many;
    QStringList names;
    for (const auto &label : m_results->shown.labels)
        names << className(label);
    m_matrix->horizontalHeader()->setDefaultSectionSize(isMany ? SmallWidth : CellWidth);
    m_matrix->verticalHeader()->setDefaultSectionSize(isMany ? SmallHeight : CellHeight);
    m_pairs = core::confusedPairs(confusion, MostPairs);
    m_pairModel.removeRows(0, m_pairModel.rowCount());
    for (const core::ConfusedPair &pair : m_pairs) {
        QList<QStandardItem *> items;
        for (const QString &text : {names[static_cast<qsizetype>(pair.expected)],
                                    names[static_cast<qsizetype>(pair.answered)], countText(pair.rows)}) {
            items << new QStandardItem(text);
            items.back()->setToolTip(tipText(text));
        }
        items.back()->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
        m_pairModel.appendRow(items);
    }
    m_model.setNumbered(isMany);
    m_model.setCounts(confusion, std::move(names),
                      m_together->isChecked() ? core::similarityOrder(confusion) : std::vector<size_t>());
}

void ConfusionsPane::resizeEvent(QResizeEvent *event)
{
    ResultPane::resizeEvent(event);
    m_pairPane->setVisible(width() >= WideEnough);
}

}  // namespace ui
