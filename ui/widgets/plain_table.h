// SPDX-License-Identifier: Apache-2.0
// A table view with the house's measures.
#pragma once

#include <QTableView>

namespace ui {

constexpr int TableRowHeight = 28;

/// Rows are selected whole; the horizontal header follows the column widths given by the page.
void setUpTable(QTableView &table, const char *objectName, const QString &accessibleName);

}  // namespace ui
