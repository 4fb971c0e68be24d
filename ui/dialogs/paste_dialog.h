// SPDX-License-Identifier: Apache-2.0
// A pasted block that is more than texts and labels: what its columns mean.
#pragma once

#include "ui/session/clipboard_table.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QPushButton;
class QTableWidget;

namespace ui {

class PasteDialog final : public QDialog {
    Q_OBJECT
public:
    PasteDialog(const CellTable &table, const PasteColumns &guess, QWidget *parent);
    [[nodiscard]] PasteColumns columns() const;

private:
    void fill();

    const CellTable &m_cells;
    QCheckBox *m_header;
    QList<QComboBox *> m_roles;
    QTableWidget *m_preview;
    QPushButton *m_accept;
};

}  // namespace ui
