// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/service_tile.h"

#include <QPainter>

namespace ui {

ServiceTile::ServiceTile(const Theme &theme, ServiceSummary summary, QWidget *parent)
    : QAbstractButton(parent), m_theme(theme), m_summary(std::move(summary))
{
    setFixedSize(280, 140);
    setObjectName(QStringLiteral("serviceTile"));
    setText(m_summary.name);
    setAccessibleName(m_summary.name);
    setAccessibleDescription(
        QStringList{m_summary.counts, m_summary.score, m_summary.problem}.join(QStringLiteral(", ")));
    setToolTip(QString::fromStdString(m_summary.folder.string()));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
}

void ServiceTile::paintEvent(QPaintEvent *)
{
    const Tokens &t = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool broken = !m_summary.problem.isEmpty();
    painter.setPen(QPen(hasFocus() ? t.focus : t.border, hasFocus() ? 2 : 1));
    painter.setBrush(underMouse() ? t.hover : broken ? t.raised : t.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
    const auto draw = [&](const QRect &area, const QString &text, int pixels, QFont::Weight weight,
                          const QColor &colour) {
        QFont font = this->font();
        font.setPixelSize(pixels);
        font.setWeight(weight);
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft,
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
        return painter.fontMetrics().horizontalAdvance(text);
    };
    const int squares = std::min<int>(9, static_cast<int>(m_summary.colours.size()));
    for (int i = 0; i < squares; ++i)
        m_theme.paintClassSquare(painter, QRectF(width() - 17 - (squares - i) * 12 + 4, 22, 8, 8),
                                 m_summary.colours[static_cast<size_t>(i)]);
    draw({17, 15, width() - 34 - squares * 12 - 8, 22}, m_summary.name, 14, QFont::DemiBold, t.text);
    if (broken) {
        m_theme.paintMark(painter, QRectF(17, 46, 14, 14), Mark::Attention);
        QFont font = this->font();
        font.setPixelSize(13);
        painter.setFont(font);
        painter.setPen(t.text);
        painter.drawText(QRect(39, 42, width() - 56, 44), Qt::TextWordWrap, m_summary.problem);
        return;
    }
    draw({17, 38, width() - 34, 18}, m_summary.counts, 12, QFont::Normal, t.muted);
    if (m_summary.score.isEmpty()) {
        draw({17, 78, width() - 34, 22}, tr("Nothing trained yet"), 13, QFont::Normal, t.muted);
    } else {
        const int used = draw({17, 78, width() - 34, 26}, m_summary.score, 18, QFont::DemiBold, t.text);
        draw({17 + used + 8, 80, width() - 34 - used - 8, 24}, m_summary.between, 12, QFont::Normal, t.muted);
    }
    draw({17, 106, width() - 34, 18}, m_summary.opened, 12, QFont::Normal, t.muted);
}

}  // namespace ui
