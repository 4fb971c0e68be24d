// SPDX-License-Identifier: Apache-2.0
// What a corrected export changes in the rows that are there, before it is imported.
#pragma once

#include "core/imports/import_task.h"
#include "ui/theme/theme.h"

#include <QDialog>

namespace ui {

class RowUpdatesDialog final : public QDialog {
    Q_OBJECT
public:
    /// `updated`: how many rows change, of which `updates` are the first.
    RowUpdatesDialog(const Theme &theme, const std::vector<core::RowUpdate> &updates, qint64 updated, QWidget *parent);
};

}  // namespace ui
