// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/import/several_columns_dialog.h"

#include "ui/dialogs/dialog_buttons.h"

#include <QListWidget>
#include <algorithm>

namespace ui {

SeveralColumnsDialog::SeveralColumnsDialog(const QString &question, const std::vector<std::string> &columns,
                                           const std::vector<std::string> &chosen, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("severalColumns"));
    setWindowTitle(tr("Several columns"));
    resize(420, 400);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 8);
    setLayout(column);
    column->addWidget(makeLabel(question, nullptr, true));
    m_columns = new QListWidget;
    m_columns->setObjectName(QStringLiteral("severalColumnsList"));
    m_columns->setAccessibleName(tr("Columns of the file"));
    for (const std::string &name : columns) {
        const bool isChosen = std::find(chosen.begin(), chosen.end(), name) != chosen.end();
        auto *item = new QListWidgetItem(QString::fromStdString(name), m_columns);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(isChosen ? Qt::Checked : Qt::Unchecked);
    }
    column->addWidget(m_columns, 1);
    m_accept = addDialogButtons(*this, *column, tr("Use these columns"), "severalColumnsAccept");
    const auto check = [this] { m_accept->setEnabled(!this->chosen().empty()); };
    connect(m_columns, &QListWidget::itemChanged, this, check);
    check();
}

std::vector<std::string> SeveralColumnsDialog::chosen() const
{
    std::vector<std::string> names;
    for (int i = 0; i < m_columns->count(); ++i) {
        if (m_columns->item(i)->checkState() == Qt::Checked)
            names.push_back(m_columns->item(i)->text().toStdString());
    }
    return names;
}

}  // namespace ui
