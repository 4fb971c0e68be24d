// SPDX-License-Identifier: Apache-2.0
// Lines and dots over shares, 0..100 % both ways.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>
#include <functional>
#include <optional>
#include <vector>

namespace ui {

/// The mouse, or Left and Right, moves a cross-hair that says what lies there.
class SharePlot final : public QWidget {
    Q_OBJECT
public:
    struct Line {
        QString name;
        std::vector<QPointF> points;
        enum class Look { First, Second, Guide } look = Look::First;
        bool isStep = false;  ///< goes on as it is to the next point, and then up or down
    };
    struct Dot {
        QPointF place;
        double low = 0, high = 0;  ///< a line from there to there; equal: none
        bool isHollow = false;
    };

    SharePlot(const Theme &theme, const char *objectName, const QString &accessibleName, QWidget *parent = nullptr);

    void setAxes(const QString &x, const QString &y);
    /// What y begins with, 0..1; rounded down so that the grid has round numbers.
    void setLowest(double y);
    void setLines(std::vector<Line> lines);
    void setDots(std::vector<Dot> dots);
    /// A line across at `x`: what is chosen.
    void setMark(std::optional<double> x);
    /// What lies at x, for the cross-hair.
    void setWords(std::function<QString(double x)> words) { m_words = std::move(words); }
    [[nodiscard]] const std::vector<Line> &lines() const { return m_lines; }
    [[nodiscard]] const std::vector<Dot> &dots() const { return m_dots; }
    /// As .svg, or as a picture by any other ending.
    [[nodiscard]] bool save(const QString &path);

    [[nodiscard]] QSize sizeHint() const override { return {320, 260}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 160}; }

Q_SIGNALS:
    /// The context menu's "Save this chart...": whoever has a dialog asks where, and calls save.
    void saveAsked(ui::SharePlot *plot);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void paint(QPainter &painter) const;
    void paintAxes(QPainter &painter) const;
    void paintLines(QPainter &painter) const;
    void paintDots(QPainter &painter) const;
    void paintCursor(QPainter &painter) const;
    [[nodiscard]] QRectF area() const;
    [[nodiscard]] QPointF at(const QPointF &share) const;
    void setCursorAt(std::optional<double> x);

    const Theme &m_theme;
    QString m_xName, m_yName;
    double m_lowest = 0;
    std::vector<Line> m_lines;
    std::vector<Dot> m_dots;
    std::optional<double> m_mark;
    std::optional<double> m_cursor;
    std::function<QString(double)> m_words;
};

}  // namespace ui
