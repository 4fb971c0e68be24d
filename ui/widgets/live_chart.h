// SPDX-License-Identifier: Apache-2.0
// A line chart over passes that grows while a run trains. Dragging across it zooms, a double click shows all again; the
// mouse moves a cross-hair that says what lies there.
#pragma once

#include "ui/theme/theme.h"

#include <QChartView>
#include <optional>
#include <vector>

class QLineSeries;
class QScatterSeries;
class QValueAxis;

namespace ui {

class LiveChart final : public QChartView {
    Q_OBJECT
public:
    struct Line {
        QString name;  ///< stands at the line's end
        std::vector<QPointF> points;
        enum class Look { First, Second, Raw, Comparison } look = Look::First;
        bool marks = false;  ///< a ring at each point
        int places = 2;      ///< decimals of the value in the name; -1: none
    };

    LiveChart(const Theme &theme, const char *objectName, const QString &accessibleName, QWidget *parent = nullptr);

    /// Score charts are fixed to 0..100 %; others grow from 0. `passes` >= 1.
    void setScale(int passes, bool percent);
    void setLines(std::vector<Line> lines);
    [[nodiscard]] const std::vector<Line> &lines() const { return m_lines; }
    /// As .svg, or as a picture by any other ending.
    [[nodiscard]] bool save(const QString &path);

Q_SIGNALS:
    /// The context menu's "Save this chart...": whoever has a dialog asks where, and calls save.
    void saveAsked(ui::LiveChart *chart);

protected:
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    /// What the lines say at x, a line each.
    [[nodiscard]] QStringList wordsAt(double x) const;
    void rebuild();
    /// How a line is named at its end.
    [[nodiscard]] QFont endFont() const;
    [[nodiscard]] QString endText(const Line &line) const;
    void restyle();
    [[nodiscard]] QColor colourOf(Line::Look look) const;

    const Theme &m_theme;
    int m_passes = 1;
    bool m_percent = false;
    std::vector<Line> m_lines;
    std::optional<double> m_cursor;  ///< in passes
    bool m_isZoomed = false;         ///< new points change nothing of what is shown
    QValueAxis *m_x;
    QValueAxis *m_y;
};

}  // namespace ui
