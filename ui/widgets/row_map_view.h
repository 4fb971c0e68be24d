// SPDX-License-Identifier: Apache-2.0
// Rows as dots on a plane: drawing a line around some chooses them.
#pragma once

#include "ui/theme/theme.h"

#include <QPixmap>
#include <QWidget>
#include <functional>
#include <vector>

namespace ui {

/// Drag: lasso (Ctrl or Shift adds, Alt takes away). Click: one dot. Wheel or + and -: nearer and farther; right or
/// middle drag, or Ctrl+arrows: moves; double click or Home: all. Arrows: from dot to dot. Esc: none chosen.
class RowMapView final : public QWidget {
    Q_OBJECT
public:
    struct Dot {
        QPointF place;  ///< 0..1
        qint64 colour = -1;
        bool isHollow = false;  ///< its class is only suggested
        bool isShown = true;    ///< false: greyed, cannot be chosen
    };

    explicit RowMapView(const Theme &theme, QWidget *parent = nullptr);

    struct Name {
        QString text;
        QPointF place;  ///< 0..1
        qint64 colour = 0;
    };
    /// Of names that are in each other's way the first stands where it should, the others near it or not at all.
    void setDots(std::vector<Dot> dots, std::vector<Name> names);
    void setChosen(std::vector<bool> chosen);
    /// Of a dot, for its tooltip.
    void setText(std::function<QString(size_t)> text) { m_text = std::move(text); }
    [[nodiscard]] size_t dotCount() const { return m_dots.size(); }
    [[nodiscard]] QPointF positionOf(size_t dot) const;  ///< in the widget

    [[nodiscard]] QSize sizeHint() const override { return {640, 480}; }

Q_SIGNALS:
    void chosen(const std::vector<size_t> &dots);
    void keyPressed(QKeyEvent *event);  ///< one that does not move on the map
    void menuAsked(const QPoint &global);

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    enum class Drag { None, Lasso, Move };

    [[nodiscard]] double side() const;                       ///< pixels of the map's unit before zooming
    [[nodiscard]] int dotAt(const QPointF &position) const;  ///< -1: none near
    [[nodiscard]] int nextDot(Qt::Key direction) const;
    void zoom(double factor, const QPointF &about);
    void showAll();
    void redraw();
    void drawDots(QPainter &painter) const;
    void drawNames(QPainter &painter) const;
    void choose(const std::vector<size_t> &dots, Qt::KeyboardModifiers modifiers);

    const Theme &m_theme;
    std::vector<Dot> m_dots;
    std::vector<bool> m_chosen;
    std::vector<Name> m_names;
    std::function<QString(size_t)> m_text;
    QPixmap m_drawn;  ///< null: to be drawn again
    double m_zoom = 1;
    QPointF m_middle{0.5, 0.5};  ///< of the map, in the middle of the widget
    Drag m_drag = Drag::None;
    QPolygonF m_lasso;
    QPointF m_dragFrom;
    bool m_hasMoved = false;
    int m_current = -1;
};

}  // namespace ui
