// SPDX-License-Identifier: Apache-2.0
// A table view with the house's measures.
#pragma once

#include "ui/theme/theme.h"

#include <QTableView>

namespace ui {

constexpr int TableRowHeight = 28;

/// Rows are selected whole; the horizontal header follows the column widths given by the page.
void setUpTable(QTableView &table, const char *objectName, const QString &accessibleName);

/// A table for reading a model; `sorts`: by its headers, until then as the model has it.
[[nodiscard]] QTableView *makeReadTable(const Theme &theme, QAbstractItemModel &model, const char *objectName,
                                        const QString &accessibleName, bool sorts = false);

}  // namespace ui
