// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/plain_table.h"

#include "ui/delegates/cell_delegate.h"

#include <QHeaderView>

namespace ui {

void setUpTable(QTableView &table, const char *objectName, const QString &accessibleName)
{
    table.setObjectName(QLatin1String(objectName));
    table.setAccessibleName(accessibleName);
    table.setShowGrid(false);
    table.setWordWrap(false);
    table.setMouseTracking(true);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::ExtendedSelection);
    table.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setCornerButtonEnabled(false);
    table.setTabKeyNavigation(false);
    table.verticalHeader()->hide();
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table.verticalHeader()->setDefaultSectionSize(TableRowHeight);
    table.verticalHeader()->setMinimumSectionSize(TableRowHeight);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setFixedHeight(TableRowHeight);
    table.horizontalHeader()->setDefaultAlignment(Qt::AlignVCenter | Qt::AlignLeft);
}

QTableView *makeReadTable(const Theme &theme, QAbstractItemModel &model, const char *objectName,
                          const QString &accessibleName, bool sorts)
{
    auto *table = new QTableView;
    setUpTable(*table, objectName, accessibleName);
    table->setModel(&model);
    table->setItemDelegate(new CellDelegate(theme, table));
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    if (sorts) {
        table->setSortingEnabled(true);
        table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    }
    return table;
}

}  // namespace ui
