// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/choice_card.h"

#include <QPainter>

namespace ui {

ChoiceCard::ChoiceCard(const Theme &theme, const char *icon, const QString &title, const QString &line, QWidget *parent)
    : QAbstractButton(parent), m_theme(theme), m_iconName(icon), m_line(line)
{
    setText(title);
    setAccessibleName(title);
    setAccessibleDescription(line);
    setCheckable(true);
    setFixedHeight(64);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void ChoiceCard::setState(Mark mark, const QString &word)
{
    m_mark = mark;
    m_word = word;
    setAccessibleDescription(m_line + QStringLiteral(", ") + word);
    update();
}

void ChoiceCard::paintEvent(QPaintEvent *)
{
    const Tokens &t = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(isChecked() ? t.accent : t.border, isChecked() ? 2 : 1));
    painter.setBrush(underMouse() && !isChecked() ? t.hover : t.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
    if (hasFocus()) {
        painter.setPen(QPen(t.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(4, 4, -4, -4), 5, 5);
    }
    m_theme.icon(m_iconName, isChecked() ? &Tokens::accent : &Tokens::muted).paint(&painter, QRect(16, 22, 20, 20));
    QFont font = this->font();
    int right = 12;
    if (!m_word.isEmpty()) {
        font.setPixelSize(12);
        painter.setFont(font);
        const int width = painter.fontMetrics().horizontalAdvance(m_word);
        right += width + 26;
        painter.setPen(t.text);
        painter.drawText(QRect(this->width() - width - 14, 13, width, 20), Qt::AlignVCenter, m_word);
        m_theme.paintMark(painter, QRectF(this->width() - width - 34, 16, 14, 14), m_mark);
    }
    // The state stands in the title's line; the line below has the whole width.
    const QRect area(48, 0, width() - 48 - 12, height());
    const int titleWidth = width() - 48 - right;
    font.setPixelSize(13);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(t.text);
    painter.drawText(area.adjusted(0, 13, 0, -31), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text(), Qt::ElideRight, titleWidth));
    font.setPixelSize(12);
    font.setWeight(QFont::Normal);
    painter.setFont(font);
    painter.setPen(t.muted);
    painter.drawText(area.adjusted(0, 33, 0, -11), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_line, Qt::ElideRight, area.width()));
}

}  // namespace ui
