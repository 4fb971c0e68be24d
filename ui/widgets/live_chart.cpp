// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/live_chart.h"

#include "ui/widgets/chart_file.h"
#include "ui/words.h"

#include <QAction>
#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QMouseEvent>
#include <QToolTip>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr int AxisPixels = 11;
constexpr int LabelRoom = 190;
constexpr int LabelGap = 9;  ///< between the end of a line and its name

}  // namespace

LiveChart::LiveChart(const Theme &theme, const char *objectName, const QString &accessibleName, QWidget *parent)
    : QChartView(parent), m_theme(theme), m_x(new QValueAxis), m_y(new QValueAxis)
{
    setObjectName(QLatin1String(objectName));
    setAccessibleName(accessibleName);
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setMinimumHeight(120);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    auto *c = chart();
    c->legend()->hide();
    c->setBackgroundVisible(false);
    c->setMargins(QMargins(0, 6, 12, 0));
    c->layout()->setContentsMargins(0, 0, 0, 0);
    c->addAxis(m_x, Qt::AlignBottom);
    c->addAxis(m_y, Qt::AlignLeft);
    setRubberBand(QChartView::HorizontalRubberBand);
    auto *saving = new QAction(tr("Save this chart..."), this);
    addAction(saving);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(saving, &QAction::triggered, this, [this] { Q_EMIT saveAsked(this); });
    connect(m_x, &QValueAxis::rangeChanged, this,
            [this](qreal low, qreal high) { m_isZoomed = low > 0 || high < m_passes; });
    connect(&theme, &Theme::changed, this, &LiveChart::restyle);
    setScale(1, false);
    restyle();
}

void LiveChart::setScale(int passes, bool percent)
{
    m_passes = std::max(passes, 1);
    m_percent = percent;
    if (!m_isZoomed)
        m_x->setRange(0, m_passes);
    m_x->setTickCount(std::min(m_passes, 10) + 1);
    m_x->setLabelFormat(QStringLiteral("%.0f"));
    m_y->setLabelFormat(percent ? QStringLiteral("%.0f %%") : QStringLiteral("%.1f"));
    m_y->setTickCount(percent ? 5 : 3);
    if (percent)
        m_y->setRange(0, 100);
}

QColor LiveChart::colourOf(Line::Look look) const
{
    return look == Line::Look::First ? m_theme.tokens().accent : m_theme.tokens().muted;
}

void LiveChart::restyle()
{
    const Tokens &t = m_theme.tokens();
    setBackgroundBrush(t.surface);
    QFont font = this->font();
    font.setPixelSize(AxisPixels);
    for (QValueAxis *axis : {m_x, m_y}) {
        axis->setLabelsFont(font);
        axis->setLabelsColor(t.muted);
        axis->setGridLinePen(QPen(t.grid, 1));
        axis->setLinePen(QPen(t.button, 1));
        axis->setLineVisible(axis == m_x);
    }
    rebuild();
}

void LiveChart::setLines(std::vector<Line> lines)
{
    m_lines = std::move(lines);
    rebuild();
}

void LiveChart::rebuild()
{
    chart()->removeAllSeries();
    double highest = 0;
    for (const Line &line : m_lines) {
        auto *series = new QLineSeries;
        const qreal width = line.look == Line::Look::First ? 2 : line.look == Line::Look::Second ? 1.5 : 1.2;
        QPen pen(colourOf(line.look), width);
        if (line.look == Line::Look::Second)
            pen.setDashPattern({5, 3});
        else if (line.look == Line::Look::Comparison)
            pen.setDashPattern({2, 3});
        series->setPen(pen);
        for (const QPointF &point : line.points) {
            series->append(point);
            highest = std::max(highest, point.y());
        }
        chart()->addSeries(series);
        series->attachAxis(m_x);
        series->attachAxis(m_y);
    }
    if (!m_percent && !m_isZoomed)
        m_y->setRange(0, highest <= 0 ? 1 : std::ceil(highest * 2.2) / 2);
    // Room for the names at the lines' ends.
    const bool full = std::any_of(m_lines.begin(), m_lines.end(), [&](const Line &line) {
        return !line.points.empty() && line.points.back().x() > m_passes * 0.75;
    });
    int room = LabelRoom;
    for (const Line &line : m_lines)
        room = std::max(room, QFontMetrics(endFont()).horizontalAdvance(endText(line)) + LabelGap + 4);
    chart()->setMargins(QMargins(0, 6, full ? room : 12, 0));
    viewport()->update();
}

QFont LiveChart::endFont() const
{
    QFont font = this->font();
    font.setPixelSize(AxisPixels);
    font.setWeight(QFont::DemiBold);
    return font;
}

QString LiveChart::endText(const Line &line) const
{
    if (line.points.empty() || line.places < 0)
        return line.name;
    const double value = line.points.back().y();
    return QStringLiteral("%1, %2").arg(line.name, m_percent ? percentText(value / 100) : decimals(value, line.places));
}

void LiveChart::drawForeground(QPainter *painter, const QRectF &)
{
    const Tokens &t = m_theme.tokens();
    painter->setRenderHint(QPainter::Antialiasing);
    const QFont font = endFont();
    painter->setFont(font);
    if (m_cursor) {
        const double x = chart()->mapToPosition({*m_cursor, 0}, chart()->series().value(0)).x();
        painter->setPen(QPen(t.muted, 1, Qt::DashLine));
        painter->drawLine(QPointF(x, chart()->plotArea().top()), QPointF(x, chart()->plotArea().bottom()));
    }
    std::vector<double> taken;
    for (const Line &line : m_lines) {
        if (line.points.empty())
            continue;
        const auto place = [&](const QPointF &p) { return chart()->mapToPosition(p, chart()->series().constFirst()); };
        if (line.marks) {
            painter->setPen(QPen(colourOf(line.look), 2));
            painter->setBrush(t.surface);
            for (const QPointF &point : line.points)
                painter->drawEllipse(place(point), 3.5, 3.5);
        }
        if (line.name.isEmpty())
            continue;
        const QString text = endText(line);
        double y = place(line.points.back()).y();
        for (const double other : taken) {
            if (std::abs(other - y) < 14)
                y = other + (y >= other ? 14 : -14);
        }
        taken.push_back(y);
        const QPointF at(place(line.points.back()).x() + LabelGap, y + 4);
        QPainterPath path;
        path.addText(at, font, text);
        painter->setPen(QPen(t.surface, 4));
        painter->drawPath(path);
        painter->setPen(colourOf(line.look));
        painter->drawText(at, text);
    }
}

QStringList LiveChart::wordsAt(double x) const
{
    QStringList words;
    for (const Line &line : m_lines) {
        const auto nearest =
            std::min_element(line.points.begin(), line.points.end(),
                             [&](const auto &a, const auto &b) { return std::abs(a.x() - x) < std::abs(b.x() - x); });
        if (nearest != line.points.end() && !line.name.isEmpty())
            words << QStringLiteral("%1: %2").arg(line.name, m_percent ? percentText(nearest->y() / 100)
                                                                       : decimals(nearest->y(), 3));
    }
    return words;
}

void LiveChart::mouseMoveEvent(QMouseEvent *event)
{
    QChartView::mouseMoveEvent(event);
    if (chart()->series().isEmpty())
        return;
    const double x = chart()->mapToValue(mapToScene(event->pos()), chart()->series().constFirst()).x();
    m_cursor = x >= m_x->min() && x <= m_x->max() ? std::optional(x) : std::nullopt;
    viewport()->update();
    QToolTip::showText(event->globalPosition().toPoint(), wordsAt(x).join(u'\n'), this);
}

/// The right button opens the menu; QChartView would zoom out by it.
void LiveChart::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::RightButton)
        QChartView::mouseReleaseEvent(event);
}

void LiveChart::mouseDoubleClickEvent(QMouseEvent *event)
{
    QChartView::mouseDoubleClickEvent(event);
    m_isZoomed = false;
    setScale(m_passes, m_percent);
    rebuild();
}

void LiveChart::leaveEvent(QEvent *event)
{
    QChartView::leaveEvent(event);
    m_cursor.reset();
    viewport()->update();
}

bool LiveChart::save(const QString &path)
{
    m_cursor.reset();
    return saveChart(*this, path, [this](QPainter &painter) { render(&painter, rect(), viewport()->rect()); });
}

}  // namespace ui
