// SPDX-License-Identifier: Apache-2.0
// An icon that is drawn in as many pixels as the screen has.
#pragma once

#include <QIcon>
#include <QIconEngine>
#include <QPainter>
#include <functional>

namespace ui {

/// Draws into the rectangle, in units of the painter.
using IconPaint = std::function<void(QPainter &painter, const QRectF &area)>;

/// Looks the same chosen and disabled.
class PaintedIcon final : public QIconEngine {
public:
    explicit PaintedIcon(IconPaint paint) : m_paint(std::move(paint)) { }
    void paint(QPainter *painter, const QRect &area, QIcon::Mode, QIcon::State) override { m_paint(*painter, area); }
    /// `size` is in pixels of the screen.
    QPixmap pixmap(const QSize &size, QIcon::Mode, QIcon::State) override
    {
        QPixmap result(size);
        result.fill(Qt::transparent);
        QPainter painter(&result);
        m_paint(painter, QRectF({}, size));
        return result;
    }
    [[nodiscard]] QIconEngine *clone() const override { return new PaintedIcon(*this); }

private:
    IconPaint m_paint;
};

[[nodiscard]] inline QIcon paintedIcon(IconPaint paint)
{
    return QIcon(new PaintedIcon(std::move(paint)));
}

}  // namespace ui
