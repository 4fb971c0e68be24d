// SPDX-License-Identifier: Apache-2.0
#include "ui/delegates/spark_delegate.h"

#include <QPainter>

namespace ui {

void SparkDelegate::paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QVariantList values = index.data(m_valuesRole).toList();
    if (values.isEmpty())
        return;
    const QRectF area = QRectF(option.rect).adjusted(8, 6, -8, -6);
    const auto at = [&](qsizetype i) {
        const double x = values.size() > 1 ? static_cast<double>(i) / static_cast<double>(values.size() - 1) : 1;
        return QPointF(area.left() + x * area.width(), area.bottom() - values[i].toDouble() * area.height());
    };
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.tokens().grid, 1));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.setPen(QPen(m_theme.tokens().accent, 1.5));
    for (qsizetype i = 1; i < values.size(); ++i)
        painter.drawLine(at(i - 1), at(i));
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.tokens().accent);
    painter.drawEllipse(at(values.size() - 1), 2.5, 2.5);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

}  // namespace ui
