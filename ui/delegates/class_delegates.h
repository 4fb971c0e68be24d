// SPDX-License-Identifier: Apache-2.0
// Cells of the class table.
#pragma once

#include "ui/delegates/cell_delegate.h"

namespace ui {

/// Class square and name.
class ClassNameDelegate final : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// A count and a short bar in the class's colour.
class CountBarDelegate final : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

}  // namespace ui
