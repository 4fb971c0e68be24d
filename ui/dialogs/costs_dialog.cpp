// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/costs_dialog.h"

#include "ui/dialogs/dialog_buttons.h"
#include "ui/words.h"

#include <QHeaderView>
#include <QLocale>
#include <QTableWidget>
#include <cmath>

namespace ui {

namespace {

constexpr int ColumnWidth = 104;
constexpr int HeadMargins = 20;
constexpr int LowestTable = 240;

/// As people type it: with a comma where their language has one.
std::optional<double> typedCost(const QString &text)
{
    bool isNumber = false;
    double cost = QLocale().toDouble(text.trimmed(), &isNumber);
    if (!isNumber)
        cost = QLocale::c().toDouble(text.trimmed(), &isNumber);
    return isNumber && std::isfinite(cost) && cost >= 0 ? std::optional(cost) : std::nullopt;
}

}  // namespace

CostsDialog::CostsDialog(core::CostTable costs, std::vector<std::string> labels, QWidget *parent)
    : QDialog(parent), m_costs(std::move(costs)), m_labels(std::move(labels))
{
    setObjectName(QStringLiteral("costsDialog"));
    setWindowTitle(tr("What each mistake costs"));
    setMinimumWidth(640);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 10);
    setLayout(column);
    column->addWidget(makeLabel(tr("A row is what was right, a column what was answered instead. An empty cell costs "
                                   "what any mistake does: %1. Any unit will do, as long as it is the same for all.")
                                    .arg(decimals(m_costs.wrong)),
                                "muted", true));
    const auto count = static_cast<int>(m_labels.size());
    m_table = new QTableWidget(count, count);
    m_table->setObjectName(QStringLiteral("costsTable"));
    m_table->setAccessibleName(windowTitle());
    m_table->setMinimumHeight(LowestTable);
    m_table->horizontalHeader()->setDefaultSectionSize(ColumnWidth);
    QStringList names;
    for (const std::string &label : m_labels)
        names << className(label);
    m_table->setHorizontalHeaderLabels(names);
    m_table->setVerticalHeaderLabels(names);
    for (int answered = 0; answered < count; ++answered) {
        // A header with a style sheet elides nothing by itself.
        auto *head = m_table->horizontalHeaderItem(answered);
        head->setText(fontMetrics().elidedText(names[answered], Qt::ElideRight, ColumnWidth - HeadMargins));
        head->setToolTip(tipText(names[answered]));
    }
    for (int expected = 0; expected < count; ++expected) {
        for (int answered = 0; answered < count; ++answered) {
            auto *item = new QTableWidgetItem;
            item->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
            if (expected == answered) {
                item->setText(tr("right"));
                item->setFlags(Qt::NoItemFlags);
            } else {
                const auto own = m_costs.perPair.find(
                    {m_labels[static_cast<size_t>(expected)], m_labels[static_cast<size_t>(answered)]});
                if (own != m_costs.perPair.end())
                    item->setText(QLocale().toString(own->second));
                item->setToolTip(tipText(tr("%1 answered as %2").arg(names[expected], names[answered])));
            }
            m_table->setItem(expected, answered, item);
        }
    }
    column->addWidget(m_table, 1);
    auto *problem = makeLabel({}, "muted", true);
    problem->setObjectName(QStringLiteral("costsProblem"));
    column->addWidget(problem);
    auto *accept = addDialogButtons(*this, *column, tr("Use these costs"), "costsAccept");
    connect(m_table, &QTableWidget::itemChanged, this, [this, accept, problem] {
        QString wrong;
        for (int row = 0; row < m_table->rowCount(); ++row) {
            for (int cell = 0; cell < m_table->columnCount(); ++cell) {
                const QString text = m_table->item(row, cell)->text().trimmed();
                if (row != cell && !text.isEmpty() && !typedCost(text))
                    wrong = text;
            }
        }
        accept->setEnabled(wrong.isEmpty());
        problem->setText(wrong.isEmpty() ? QString() : tr("\"%1\" is no cost: a number from 0 on is.").arg(wrong));
    });
}

core::CostTable CostsDialog::costs() const
{
    core::CostTable costs = m_costs;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        for (int cell = 0; cell < m_table->columnCount(); ++cell) {
            if (row == cell)
                continue;
            const std::pair pair(m_labels[static_cast<size_t>(row)], m_labels[static_cast<size_t>(cell)]);
            if (const auto cost = typedCost(m_table->item(row, cell)->text()))
                costs.perPair[pair] = *cost;
            else
                costs.perPair.erase(pair);
        }
    }
    return costs;
}

}  // namespace ui
