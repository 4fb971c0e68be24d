// SPDX-License-Identifier: Apache-2.0
// A small line in a cell: how a figure went over the passes.
#pragma once

#include "ui/delegates/cell_delegate.h"

namespace ui {

class SparkDelegate final : public CellDelegate {
    Q_OBJECT
public:
    /// `valuesRole`: a QList<QVariant> of shares 0..1, the oldest first.
    SparkDelegate(const Theme &theme, int valuesRole, QObject *parent)
        : CellDelegate(theme, parent), m_valuesRole(valuesRole)
    {
    }

protected:
    void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    int m_valuesRole;
};

}  // namespace ui
