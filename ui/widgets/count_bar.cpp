// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/count_bar.h"

#include "ui/words.h"

#include <QPainter>
#include <algorithm>

namespace ui {

namespace {

constexpr int BarHeight = 12;
constexpr int LegendTop = 24;
constexpr int LegendHeight = 18;
constexpr int Square = 9;
constexpr int Gap = 7;
constexpr int BetweenEntries = 28;

}  // namespace

CountBar::CountBar(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void CountBar::setParts(std::vector<Part> parts, qint64 total)
{
    m_parts = std::move(parts);
    m_total = total;
    qint64 sum = 0;
    QStringList words;
    for (const Part &part : m_parts) {
        sum += part.count;
        words << QStringLiteral("%1 %2").arg(countText(part.count), part.name);
    }
    m_total = std::max(m_total, sum);
    words << tr("%1 still to read").arg(countText(m_total - sum));
    setAccessibleName(words.join(QStringLiteral(", ")));
    update();
}

QSize CountBar::sizeHint() const
{
    return {480, LegendTop + LegendHeight};
}

void CountBar::paintEvent(QPaintEvent *)
{
    const Tokens &t = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.track);
    painter.drawRoundedRect(QRectF(0, 0, width(), BarHeight), 3, 3);
    qint64 sum = 0;
    double left = 0;
    for (const Part &part : m_parts) {
        sum += part.count;
        const double right = m_total > 0 ? static_cast<double>(sum) / static_cast<double>(m_total) * width() : 0;
        if (part.count > 0) {
            painter.setBrush(t.*part.colour);
            // A hairline between the parts: colour is never the only sign.
            painter.drawRect(QRectF(left, 0, std::max(1.0, right - left - 1), BarHeight));
        }
        left = right;
    }
    int x = 0;
    for (const Part &part : m_parts) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.*part.colour);
        painter.drawRoundedRect(QRectF(x, LegendTop + (LegendHeight - Square) / 2.0, Square, Square), 2, 2);
        x += Square + Gap;
        QFont strong = font();
        strong.setWeight(QFont::DemiBold);
        painter.setFont(strong);
        painter.setPen(t.text);
        const QString count = countText(part.count);
        painter.drawText(QRect(x, LegendTop, width(), LegendHeight), Qt::AlignVCenter | Qt::AlignLeft, count);
        x += QFontMetrics(strong).horizontalAdvance(count) + Gap;
        painter.setFont(font());
        painter.setPen(t.muted);
        painter.drawText(QRect(x, LegendTop, width(), LegendHeight), Qt::AlignVCenter | Qt::AlignLeft, part.name);
        x += fontMetrics().horizontalAdvance(part.name) + BetweenEntries;
    }
    const QString open = tr("%1 still to read").arg(countText(m_total - sum));
    if (x + fontMetrics().horizontalAdvance(open) > width())
        return;  // the bar shows it, and its name says it
    painter.setPen(t.muted);
    painter.drawText(QRect(0, LegendTop, width(), LegendHeight), Qt::AlignVCenter | Qt::AlignRight, open);
}

}  // namespace ui
