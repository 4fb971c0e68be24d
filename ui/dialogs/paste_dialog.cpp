// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/paste_dialog.h"

#include "ui/dialogs/dialog_buttons.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QTableWidget>
#include <algorithm>

namespace ui {

namespace {

constexpr int PreviewRows = 12;
enum Role { Skip, Text, Label, Comment };

}  // namespace

PasteDialog::PasteDialog(const CellTable &table, const PasteColumns &guess, QWidget *parent)
    : QDialog(parent), m_cells(table)
{
    setObjectName(QStringLiteral("pasteDialog"));
    setWindowTitle(tr("Paste rows"));
    resize(760, 460);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 12);
    setLayout(column);
    column->addWidget(makeLabel(tr("Which column is what?"), "title"));
    m_header = new QCheckBox(tr("The first row names the columns"));
    m_header->setObjectName(QStringLiteral("pasteHeader"));
    m_header->setChecked(guess.hasHeader);
    column->addWidget(m_header);
    qsizetype columns = 0;
    for (const QStringList &row : table)
        columns = std::max(columns, row.size());
    m_preview = new QTableWidget(0, static_cast<int>(columns));
    setUpTable(*m_preview, "pastePreview", tr("Preview"));
    m_preview->setProperty("framed", "true");
    m_preview->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_preview->setSelectionMode(QAbstractItemView::NoSelection);
    m_preview->horizontalHeader()->hide();
    m_preview->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    column->addWidget(m_preview, 1);
    m_accept = addDialogButtons(*this, *column, {}, "pasteRows");
    for (int i = 0; i < columns; ++i) {
        auto *role = new QComboBox;
        role->setObjectName(QStringLiteral("pasteRole%1").arg(i));
        role->setAccessibleName(tr("What column %1 is").arg(i + 1));
        role->addItems({tr("Leave out"), tr("Text"), tr("Label"), tr("Comment")});
        role->setCurrentIndex(i == guess.text ? Text : i == guess.label ? Label : i == guess.comment ? Comment : Skip);
        m_roles << role;
        connect(role, &QComboBox::activated, this, [this, i](int chosen) {
            for (qsizetype other = 0; other < m_roles.size(); ++other) {  // each but "leave out" is there once
                if (other != i && chosen != Skip && m_roles[other]->currentIndex() == chosen)
                    m_roles[other]->setCurrentIndex(Skip);
            }
            fill();
        });
    }
    connect(m_header, &QCheckBox::toggled, this, &PasteDialog::fill);
    m_preview->setRowCount(1);
    for (int i = 0; i < columns; ++i)
        m_preview->setCellWidget(0, i, m_roles[i]);
    m_preview->setRowHeight(0, 36);
    fill();
}

void PasteDialog::fill()
{
    const qsizetype first = m_header->isChecked() ? 1 : 0;
    const auto rows = static_cast<int>(std::min<qsizetype>(PreviewRows, m_cells.size() - first));
    m_preview->setRowCount(1 + rows);
    for (int row = 0; row < rows; ++row) {
        const QStringList &cells = m_cells[first + row];
        for (int i = 0; i < m_preview->columnCount(); ++i)
            m_preview->setItem(row + 1, i, new QTableWidgetItem(i < cells.size() ? cells[i].simplified() : QString()));
    }
    const bool hasText =
        std::any_of(m_roles.begin(), m_roles.end(), [](const QComboBox *role) { return role->currentIndex() == Text; });
    m_accept->setEnabled(hasText);
    m_accept->setToolTip(hasText ? QString() : tr("One column must be the text."));
    m_accept->setText(tr("Paste %1").arg(rowsText(m_cells.size() - first)));
    m_accept->setAccessibleName(m_accept->text());
}

PasteColumns PasteDialog::columns() const
{
    PasteColumns columns{.text = -1, .hasHeader = m_header->isChecked()};
    for (int i = 0; i < static_cast<int>(m_roles.size()); ++i) {
        switch (m_roles[i]->currentIndex()) {
        case Text: columns.text = i; break;
        case Label: columns.label = i; break;
        case Comment: columns.comment = i; break;
        default: break;
        }
    }
    return columns;
}

}  // namespace ui
