// SPDX-License-Identifier: Apache-2.0
#include "ui/delegates/result_delegates.h"

#include "ui/models/checkpoint_table_model.h"
#include "ui/models/confusion_model.h"

#include <QPainter>

namespace ui {

void StarDelegate::paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    if (!index.data(CheckpointTableModel::IsPickRole).toBool())
        return;
    const QPoint centre = option.rect.center();
    m_theme.icon("star", &Tokens::accent).paint(&painter, QRect(centre.x() - 7, centre.y() - 7, 16, 16));
}

void IntervalDelegate::paintInside(QPainter &painter, const QStyleOptionViewItem &option,
                                   const QModelIndex &index) const
{
    const QVariant low = index.data(CheckpointTableModel::LowRole);
    if (!low.isValid())
        return;
    const Tokens &t = m_theme.tokens();
    const QRect area = option.rect.adjusted(8, 0, -8, 0);
    const double width = 72;
    const double y = area.center().y() + 0.5;
    const auto x = [&](int role) { return area.left() + width * index.data(role).toDouble(); };
    painter.setPen(QPen(t.button, 1));
    painter.drawLine(QPointF(area.left(), y), QPointF(area.left() + width, y));
    painter.setRenderHint(QPainter::Antialiasing);
    const bool pick = index.data(CheckpointTableModel::IsPickRole).toBool();
    painter.setPen(QPen(pick ? t.accent : t.muted, 2));
    const double from = x(CheckpointTableModel::LowRole);
    const double to = x(CheckpointTableModel::HighRole);
    painter.drawLine(QPointF(from, y), QPointF(to, y));
    painter.drawLine(QPointF(from, y - 3.5), QPointF(from, y + 3.5));
    painter.drawLine(QPointF(to, y - 3.5), QPointF(to, y + 3.5));
    painter.setPen(Qt::NoPen);
    painter.setBrush(pick ? t.accent : t.muted);
    painter.drawEllipse(QPointF(x(CheckpointTableModel::MiddleRole), y), 3.5, 3.5);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setFont(option.font);
    paintText(painter, area.adjusted(static_cast<int>(width) + 8, 0, 0, 0), index.data().toString(),
              Qt::AlignVCenter | Qt::AlignLeft, t.muted);
}

void HeatDelegate::paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Tokens &t = m_theme.tokens();
    const int step = index.data(ConfusionModel::StepRole).toInt();
    const QColor *scale = index.data(ConfusionModel::RightRole).toBool() ? t.heatRight : t.heatWrong;
    painter.fillRect(option.rect.adjusted(1, 1, -1, -1), scale[step]);
    QColor colour = step == 0 ? t.muted : t.text;
    if (step >= (t.dark ? 4 : 5))
        colour = t.heatStrongText;
    else if (step == 4)
        colour = lightTokens().text;
    painter.setPen(colour);
    painter.setFont(option.font);
    painter.drawText(option.rect, Qt::AlignCenter, index.data().toString());
    if (option.state.testFlag(QStyle::State_Selected)) {
        painter.setPen(QPen(t.focus, 2));
        painter.drawRect(option.rect.adjusted(1, 1, -2, -2));
    }
}

}  // namespace ui
