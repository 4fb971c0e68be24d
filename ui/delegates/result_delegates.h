// SPDX-License-Identifier: Apache-2.0
// Cells of the results: star, interval, heat.
#pragma once

#include "ui/delegates/cell_delegate.h"

namespace ui {

class StarDelegate final : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// A line with ends and a dot on a scale 0..1, its numbers beside it.
class IntervalDelegate final : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

class HeatDelegate final : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

}  // namespace ui
