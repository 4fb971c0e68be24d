// SPDX-License-Identifier: Apache-2.0
#include "ui/delegates/class_delegates.h"

#include "ui/models/label_list_model.h"

#include <QPainter>

namespace ui {

void ClassNameDelegate::paintInside(QPainter &painter, const QStyleOptionViewItem &option,
                                    const QModelIndex &index) const
{
    const QRect area = option.rect.adjusted(24, 0, -8, 0);
    m_theme.paintClassSquare(painter, QRectF(area.left(), area.center().y() - 4, 10, 10),
                             index.data(LabelListModel::ColourRole).toLongLong());
    QFont font = option.font;
    font.setWeight(QFont::Medium);
    painter.setFont(font);
    paintText(painter, area.adjusted(18, 0, 0, 0), index.data().toString(), Qt::AlignVCenter | Qt::AlignLeft,
              m_theme.tokens().text);
}

void CountBarDelegate::paintInside(QPainter &painter, const QStyleOptionViewItem &option,
                                   const QModelIndex &index) const
{
    const Tokens &t = m_theme.tokens();
    const QRect area = option.rect.adjusted(8, 0, -12, 0);
    painter.setFont(option.font);
    paintText(painter, area.adjusted(0, 0, -40, 0), index.data().toString(), Qt::AlignVCenter | Qt::AlignRight, t.text);
    const QRectF track(area.right() - 32, area.center().y() - 2, 32, 6);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.track);
    painter.drawRoundedRect(track, 2, 2);
    painter.setBrush(Theme::classColour(index.data(LabelListModel::ColourRole).toLongLong()));
    painter.drawRoundedRect(
        QRectF(track.left(), track.top(), track.width() * index.data(LabelListModel::ShareRole).toDouble(), 6), 2, 2);
}

}  // namespace ui
