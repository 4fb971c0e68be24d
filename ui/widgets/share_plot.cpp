// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/share_plot.h"

#include "ui/widgets/chart_file.h"
#include "ui/words.h"

#include <QAction>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr int TextPixels = 11;
constexpr double Left = 44, Right = 24, Top = 24, Bottom = 38;
constexpr int Steps = 5;  ///< of the grid
constexpr double KeyStep = 0.01;

QPen penOf(const Tokens &tokens, SharePlot::Line::Look look)
{
    using Look = SharePlot::Line::Look;
    QPen pen(look == Look::First ? tokens.accent : tokens.muted, look == Look::First ? 2 : 1.4);
    pen.setJoinStyle(Qt::RoundJoin);
    if (look == Look::Second)
        pen.setDashPattern({5, 3});
    if (look == Look::Guide)
        pen = QPen(tokens.control, 1, Qt::DotLine);
    return pen;
}

}  // namespace

SharePlot::SharePlot(const Theme &theme, const char *objectName, const QString &accessibleName, QWidget *parent)
    : QWidget(parent), m_theme(theme)
{
    setObjectName(QLatin1String(objectName));
    setAccessibleName(accessibleName);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    auto *saving = new QAction(tr("Save this chart..."), this);
    saving->setObjectName(QStringLiteral("saveChart"));
    addAction(saving);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(saving, &QAction::triggered, this, [this] { Q_EMIT saveAsked(this); });
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SharePlot::setAxes(const QString &x, const QString &y)
{
    m_xName = x;
    m_yName = y;
    update();
}

void SharePlot::setLowest(double y)
{
    m_lowest = 0;
    for (const double round : {0.5, 0.75, 0.9, 0.95}) {
        if (round <= y)
            m_lowest = round;
    }
    update();
}

void SharePlot::setLines(std::vector<Line> lines)
{
    m_lines = std::move(lines);
    update();
}

void SharePlot::setDots(std::vector<Dot> dots)
{
    m_dots = std::move(dots);
    update();
}

void SharePlot::setMark(std::optional<double> x)
{
    m_mark = x;
    update();
}

bool SharePlot::save(const QString &path)
{
    setCursorAt(std::nullopt);
    return saveChart(*this, path, [this](QPainter &painter) { paint(painter); });
}

QRectF SharePlot::area() const
{
    return QRectF(rect()).adjusted(Left, Top, -Right, -Bottom);
}

QPointF SharePlot::at(const QPointF &share) const
{
    const QRectF in = area();
    const double y = (std::max(share.y(), m_lowest) - m_lowest) / (1 - m_lowest);
    return {in.left() + share.x() * in.width(), in.bottom() - y * in.height()};
}

void SharePlot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint(painter);
}

void SharePlot::paint(QPainter &painter) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font = this->font();
    font.setPixelSize(TextPixels);
    painter.setFont(font);
    painter.fillRect(rect(), m_theme.tokens().surface);
    paintAxes(painter);
    paintLines(painter);
    paintDots(painter);
    paintCursor(painter);
}

void SharePlot::paintAxes(QPainter &painter) const
{
    const Tokens &t = m_theme.tokens();
    const QRectF in = area();
    for (int i = 0; i <= Steps; ++i) {
        const double share = static_cast<double>(i) / Steps;
        const double y = in.bottom() - share * in.height();
        const double x = in.left() + share * in.width();
        painter.setPen(QPen(i == 0 ? t.button : t.grid, 1));
        painter.drawLine(QPointF(in.left(), y), QPointF(in.right(), y));
        painter.setPen(QPen(t.grid, 1));
        painter.drawLine(QPointF(x, in.top()), QPointF(x, in.bottom()));
        painter.setPen(t.muted);
        painter.drawText(QRectF(0, y - 8, Left - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                         percentText(m_lowest + share * (1 - m_lowest)));
        painter.drawText(QRectF(x - 30, in.bottom() + 4, 60, 14), Qt::AlignCenter, percentText(share));
    }
    painter.setPen(t.muted);
    painter.drawText(QRectF(in.left(), in.bottom() + 20, in.width(), 16), Qt::AlignCenter, m_xName);
    painter.drawText(QRectF(4, 2, width() - 8, 16), Qt::AlignLeft | Qt::AlignVCenter, m_yName);
    if (m_mark) {
        painter.setPen(QPen(t.focus, 1.5, Qt::DashLine));
        painter.drawLine(at({*m_mark, m_lowest}), at({*m_mark, 1}));
    }
}

void SharePlot::paintLines(QPainter &painter) const
{
    painter.save();
    painter.setClipRect(area().adjusted(-2, -2, 2, 2));
    for (const Line &line : m_lines) {
        if (line.points.empty())
            continue;
        QPainterPath path(at(line.points.front()));
        for (size_t i = 1; i < line.points.size(); ++i) {
            if (line.isStep)
                path.lineTo(at({line.points[i].x(), line.points[i - 1].y()}));
            path.lineTo(at(line.points[i]));
        }
        painter.strokePath(path, penOf(m_theme.tokens(), line.look));
    }
    painter.restore();
    // What the lines are, at the upper right.
    double right = width() - Right;
    for (auto line = m_lines.rbegin(); line != m_lines.rend(); ++line) {
        if (line->name.isEmpty())
            continue;
        const double wide = painter.fontMetrics().horizontalAdvance(line->name);
        painter.setPen(m_theme.tokens().muted);
        painter.drawText(QPointF(right - wide, 14), line->name);
        painter.setPen(penOf(m_theme.tokens(), line->look));
        painter.drawLine(QPointF(right - wide - 24, 10), QPointF(right - wide - 6, 10));
        right -= wide + 40;
    }
}

void SharePlot::paintDots(QPainter &painter) const
{
    const Tokens &t = m_theme.tokens();
    for (const Dot &dot : m_dots) {
        const QColor colour = dot.isHollow ? t.muted : t.accent;
        painter.setPen(QPen(colour, 1.5));
        if (dot.low < dot.high)
            painter.drawLine(at({dot.place.x(), dot.low}), at({dot.place.x(), dot.high}));
        painter.setBrush(dot.isHollow ? t.surface : colour);
        painter.drawEllipse(at(dot.place), 4, 4);
    }
    painter.setBrush(Qt::NoBrush);
}

void SharePlot::paintCursor(QPainter &painter) const
{
    if (!m_cursor || !m_words)
        return;
    const QString words = m_words(*m_cursor);
    if (words.isEmpty())
        return;
    const Tokens &t = m_theme.tokens();
    const QRectF in = area();
    const double x = at({*m_cursor, 0}).x();
    painter.setPen(QPen(t.control, 1));
    painter.drawLine(QPointF(x, in.top()), QPointF(x, in.bottom()));
    QRectF box =
        painter.fontMetrics().boundingRect(QRect(0, 0, static_cast<int>(in.width()), 400), Qt::TextWordWrap, words);
    box.adjust(-6, -4, 6, 4);
    box.moveTopLeft({x + 8, in.center().y()});
    if (box.right() > in.right())
        box.moveRight(x - 8);
    if (box.left() < in.left())
        box.moveLeft(in.left());
    painter.setPen(QPen(t.border, 1));
    painter.setBrush(t.raised);
    painter.drawRoundedRect(box, 4, 4);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(t.text);
    painter.drawText(box.adjusted(6, 4, -6, -4), Qt::TextWordWrap, words);
}

void SharePlot::setCursorAt(std::optional<double> x)
{
    m_cursor = x ? std::optional(std::clamp(*x, 0.0, 1.0)) : std::nullopt;
    if (m_cursor && m_words)
        setAccessibleDescription(m_words(*m_cursor));
    update();
}

void SharePlot::mouseMoveEvent(QMouseEvent *event)
{
    setCursorAt((event->position().x() - area().left()) / std::max(1.0, area().width()));
}

void SharePlot::leaveEvent(QEvent *event)
{
    QWidget::leaveEvent(event);
    setCursorAt(std::nullopt);
}

void SharePlot::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    setCursorAt(std::nullopt);
}

void SharePlot::keyPressEvent(QKeyEvent *event)
{
    const double step = event->key() == Qt::Key_Right ? KeyStep : event->key() == Qt::Key_Left ? -KeyStep : 0;
    if (step == 0)
        return QWidget::keyPressEvent(event);
    setCursorAt(m_cursor.value_or(0.5) + step);
}

}  // namespace ui
