// SPDX-License-Identifier: Apache-2.0
// A line chart over passes that grows while a run trains.
#pragma once

#include "ui/theme/theme.h"

#include <QChartView>
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

protected:
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
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
    QValueAxis *m_x;
    QValueAxis *m_y;
};

}  // namespace ui
