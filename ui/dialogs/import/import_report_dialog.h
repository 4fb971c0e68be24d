// SPDX-License-Identifier: Apache-2.0
// What an import left out, row by row.
#pragma once

#include "core/imports/import_task.h"
#include "ui/widgets/dialogs.h"

#include <QDialog>

class QLabel;

namespace ui {

class ImportReportDialog final : public QDialog {
    Q_OBJECT
public:
    ImportReportDialog(std::vector<core::RejectedRow> rejected, Dialogs &dialogs, QWidget *parent);

private:
    void save();

    std::vector<core::RejectedRow> m_rejected;
    Dialogs &m_dialogs;
    QLabel *m_saved;
};

}  // namespace ui
