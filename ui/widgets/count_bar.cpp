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
constexpr int SomeWidth = 480;

}  // namespace

CountBar::CountBar(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
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
    words << openText();
    setAccessibleName(words.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

QSize CountBar::sizeHint() const
{
    return {SomeWidth, heightForWidth(SomeWidth)};
}

int CountBar::heightForWidth(int width) const
{
    return placesIn(width).back().y() + LegendHeight;
}

QString CountBar::openText() const
{
    qint64 sum = 0;
    for (const Part &part : m_parts)
        sum += part.count;
    return tr("%1 still to read").arg(countText(m_total - sum));
}

QFont CountBar::strongFont() const
{
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    return strong;
}

std::vector<QPoint> CountBar::placesIn(int width) const
{
    const QFontMetrics plain = fontMetrics(), strong(strongFont());
    std::vector<QPoint> places;
    QPoint next(0, LegendTop);
    const auto place = [&](int size) {
        if (next.x() > 0 && next.x() + size > width)
            next = {0, next.y() + LegendHeight};
        places.push_back(next);
        next.rx() += size + BetweenEntries;
    };
    for (const Part &part : m_parts)
        place(Square + Gap + strong.horizontalAdvance(countText(part.count)) + Gap +
              plain.horizontalAdvance(part.name));
    place(plain.horizontalAdvance(openText()));
    return places;
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
    const auto places = placesIn(width());
    for (size_t i = 0; i < m_parts.size(); ++i) {
        const Part &part = m_parts[i];
        int x = places[i].x();
        const int y = places[i].y();
        const auto write = [&](const QString &words, const QFont &face, const QColor &colour) {
            painter.setFont(face);
            painter.setPen(colour);
            painter.drawText(QRect(x, y, width(), LegendHeight), Qt::AlignVCenter | Qt::AlignLeft, words);
            x += QFontMetrics(face).horizontalAdvance(words) + Gap;
        };
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.*part.colour);
        painter.drawRoundedRect(QRectF(x, y + (LegendHeight - Square) / 2.0, Square, Square), 2, 2);
        x += Square + Gap;
        write(countText(part.count), strongFont(), t.text);
        write(part.name, font(), t.muted);
    }
    painter.setFont(font());
    painter.setPen(t.muted);
    painter.drawText(QRect(0, places.back().y(), width(), LegendHeight), Qt::AlignVCenter | Qt::AlignRight, openText());
}

}  // namespace ui
