// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/row_map_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <map>

namespace ui {

namespace {

constexpr int Margin = 24;
constexpr double Near = 9;
constexpr double MostZoom = 60;
constexpr double ZoomStep = 1.25;
constexpr double FewDots = 300, ManyDots = 4000;
constexpr int NamePixels = 12;
constexpr int SquarePixels = 9;
constexpr qreal NameRoom = 3;
constexpr size_t MostNames = 24;
/// A drag shorter than this is a click.
constexpr double ClickReach = 4;

}  // namespace

RowMapView::RowMapView(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("rowMap"));
    setAccessibleName(tr("Map of the rows"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::CrossCursor);
    connect(&theme, &Theme::changed, this, &RowMapView::redraw);
}

void RowMapView::setDots(std::vector<Dot> dots, std::vector<Name> names)
{
    if (dots.size() != m_dots.size()) {
        m_chosen.assign(dots.size(), false);
        m_current = -1;
    }
    m_dots = std::move(dots);
    m_names = std::move(names);
    redraw();
}

void RowMapView::setChosen(std::vector<bool> chosen)
{
    m_chosen = std::move(chosen);
    m_chosen.resize(m_dots.size());
    setAccessibleDescription(
        tr("%n dots chosen", nullptr, static_cast<int>(std::count(m_chosen.begin(), m_chosen.end(), true))));
    redraw();
}

double RowMapView::side() const
{
    return std::max(std::min(width(), height()) - 2 * Margin, 1);
}

QPointF RowMapView::positionOf(size_t dot) const
{
    return (m_dots[dot].place - m_middle) * side() * m_zoom + QPointF(width(), height()) / 2;
}

int RowMapView::dotAt(const QPointF &position) const
{
    int best = -1;
    double nearest = Near;
    for (size_t i = 0; i < m_dots.size(); ++i) {
        if (!m_dots[i].isShown)
            continue;
        const QPointF offset = positionOf(i) - position;
        const double distance = std::hypot(offset.x(), offset.y());
        if (distance < nearest) {
            nearest = distance;
            best = static_cast<int>(i);
        }
    }
    return best;
}

/// The nearest one within an eighth of a turn on either side of the direction; without a current one, any.
int RowMapView::nextDot(Qt::Key direction) const
{
    const QPointF from = m_current < 0 ? QPointF(width(), height()) / 2 : positionOf(static_cast<size_t>(m_current));
    const QPointF along = direction == Qt::Key_Left    ? QPointF(-1, 0)
                          : direction == Qt::Key_Right ? QPointF(1, 0)
                          : direction == Qt::Key_Up    ? QPointF(0, -1)
                                                       : QPointF(0, 1);
    int best = m_current;
    double nearest = std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < m_dots.size(); ++i) {
        const QPointF offset = positionOf(i) - from;
        const double distance = std::hypot(offset.x(), offset.y());
        const bool isAhead = m_current < 0 || QPointF::dotProduct(offset, along) > distance * std::sqrt(0.5);
        if (m_dots[i].isShown && static_cast<int>(i) != m_current && isAhead && distance < nearest) {
            nearest = distance;
            best = static_cast<int>(i);
        }
    }
    return best;
}

void RowMapView::zoom(double factor, const QPointF &about)
{
    const QPointF offset = (about - QPointF(width(), height()) / 2) / side();
    const double before = m_zoom;
    m_zoom = std::clamp(m_zoom * factor, 1.0, MostZoom);
    m_middle += offset / before - offset / m_zoom;
    if (m_zoom == 1)
        m_middle = {0.5, 0.5};
    redraw();
}

void RowMapView::showAll()
{
    m_zoom = 1;
    m_middle = {0.5, 0.5};
    redraw();
}

void RowMapView::redraw()
{
    m_drawn = {};
    update();
}

void RowMapView::drawDots(QPainter &painter) const
{
    const Tokens &t = m_theme.tokens();
    const double share = std::clamp(
        (std::log(double(m_dots.size()) + 1) - std::log(FewDots)) / (std::log(ManyDots) - std::log(FewDots)), 0.0, 1.0);
    const double radius = (4.5 - 2.2 * share) * std::min(std::sqrt(m_zoom), 2.0);
    // Each look is painted once and stamped: thousands of circles would be felt.
    std::map<std::tuple<qint64, bool, bool>, QPixmap> stamps;
    const double extent = 2 * (radius + 2);
    const auto stamp = [&](const Dot &dot, bool chosen) -> const QPixmap & {
        auto &pixmap = stamps[{dot.isShown ? dot.colour : -2, dot.isHollow, chosen}];
        if (!pixmap.isNull())
            return pixmap;
        pixmap = QPixmap((QSizeF(extent, extent) * devicePixelRatioF()).toSize());
        pixmap.setDevicePixelRatio(devicePixelRatioF());
        pixmap.fill(Qt::transparent);
        QPainter inner(&pixmap);
        inner.setRenderHint(QPainter::Antialiasing);
        const QColor colour = !dot.isShown ? t.track : dot.colour < 0 ? t.muted : Theme::classColour(dot.colour);
        const bool hollow = dot.isShown && (dot.isHollow || dot.colour < 0 || Theme::classIsHollow(dot.colour));
        inner.setPen(chosen ? QPen(t.text, 2) : hollow ? QPen(colour, 1.4) : QPen(t.surface, 0.6));
        inner.setBrush(hollow && !chosen ? QBrush(Qt::NoBrush) : QBrush(colour));
        inner.drawEllipse(QPointF(extent / 2, extent / 2), radius, radius);
        return pixmap;
    };
    const QRectF inside = QRectF(rect()).adjusted(-extent, -extent, extent, extent);
    for (const int layer : {0, 1, 2}) {  // those that are not shown lie under the others, chosen ones above
        for (size_t i = 0; i < m_dots.size(); ++i) {
            const bool chosen = m_chosen[i];
            const QPointF at = positionOf(i);
            if ((chosen ? 2 : m_dots[i].isShown ? 1 : 0) == layer && inside.contains(at))
                painter.drawPixmap(at - QPointF(extent, extent) / 2, stamp(m_dots[i], chosen));
        }
    }
}

void RowMapView::drawNames(QPainter &painter) const
{
    const Tokens &t = m_theme.tokens();
    QFont font = this->font();
    font.setPixelSize(NamePixels);
    font.setWeight(QFont::DemiBold);
    const QFontMetricsF metrics(font);
    std::vector<QRectF> taken;
    const auto isFree = [&](const QRectF &box) {
        return QRectF(rect()).contains(box) &&
               std::none_of(taken.begin(), taken.end(), [&](const QRectF &r) { return r.intersects(box); });
    };
    for (const Name &name : m_names) {
        const QPointF at = (name.place - m_middle) * side() * m_zoom + QPointF(width(), height()) / 2;
        const qreal room = metrics.horizontalAdvance(name.text) + SquarePixels + 3 * NameRoom;
        QRectF box(at.x() - room / 2, at.y() - metrics.height() / 2, room, metrics.height());
        for (const double lines : {1.0, -2.0, 3.0, -4.0}) {  // one line below, one above, two below, two above
            if (!isFree(box))
                box.translate(0, lines * metrics.height());
        }
        if (!isFree(box))
            continue;  // nearer there is room for it
        taken.push_back(box);
        if (taken.size() > MostNames)
            break;
        const QPointF text(box.x() + SquarePixels + 2 * NameRoom, box.y() + metrics.ascent());
        QPainterPath path;
        path.addText(text, font, name.text);
        painter.setPen(QPen(t.surface, 4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(path);
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.text);
        painter.drawPath(path);
        m_theme.paintClassSquare(
            painter, QRectF(box.x() + NameRoom, box.center().y() - SquarePixels / 2.0, SquarePixels, SquarePixels),
            name.colour);
    }
}

void RowMapView::paintEvent(QPaintEvent *)
{
    if (m_drawn.isNull()) {
        m_drawn = QPixmap((QSizeF(size()) * devicePixelRatioF()).toSize());
        m_drawn.setDevicePixelRatio(devicePixelRatioF());
        m_drawn.fill(m_theme.tokens().surface);
        QPainter painter(&m_drawn);
        painter.setRenderHint(QPainter::Antialiasing);
        drawDots(painter);
        drawNames(painter);
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_drawn);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens &t = m_theme.tokens();
    if (m_current >= 0 && hasFocus()) {
        painter.setPen(QPen(t.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(positionOf(static_cast<size_t>(m_current)), Near, Near);
    }
    if (m_drag == Drag::Lasso && m_hasMoved) {
        QColor inside = t.accent;
        inside.setAlpha(28);
        painter.setPen(QPen(t.accent, 1.5, Qt::DashLine));
        painter.setBrush(inside);
        painter.drawPolygon(m_lasso);
    }
    if (hasFocus()) {
        painter.setPen(QPen(t.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

bool RowMapView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto *help = static_cast<QHelpEvent *>(event);
    const int dot = dotAt(help->pos());
    if (dot >= 0 && m_text)
        QToolTip::showText(help->globalPos(), m_text(static_cast<size_t>(dot)), this);
    else
        QToolTip::hideText();
    return true;
}

void RowMapView::resizeEvent(QResizeEvent *)
{
    redraw();
}

void RowMapView::mousePressEvent(QMouseEvent *event)
{
    m_dragFrom = event->position();
    m_hasMoved = false;
    m_drag = event->button() == Qt::LeftButton ? Drag::Lasso : Drag::Move;
    m_lasso = QPolygonF{m_dragFrom};
}

void RowMapView::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF offset = event->position() - m_dragFrom;
    if (m_drag == Drag::None || (!m_hasMoved && std::hypot(offset.x(), offset.y()) < ClickReach))
        return;
    m_hasMoved = true;
    if (m_drag == Drag::Lasso) {
        m_lasso << event->position();
        update();
        return;
    }
    m_middle -= offset / (side() * m_zoom);
    m_dragFrom = event->position();
    redraw();
}

void RowMapView::mouseReleaseEvent(QMouseEvent *event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    if (drag == Drag::Lasso) {
        std::vector<size_t> dots;
        if (!m_hasMoved) {
            if (const int dot = dotAt(event->position()); dot >= 0)
                dots.push_back(static_cast<size_t>(dot));
            m_current = dots.empty() ? m_current : static_cast<int>(dots.front());
        }
        for (size_t i = 0; i < m_dots.size() && m_hasMoved; ++i) {
            if (m_dots[i].isShown && m_lasso.containsPoint(positionOf(i), Qt::OddEvenFill))
                dots.push_back(i);
        }
        choose(dots, event->modifiers());
    } else if (drag == Drag::Move && !m_hasMoved && event->button() == Qt::RightButton) {
        Q_EMIT menuAsked(event->globalPosition().toPoint());
    }
    update();
}

void RowMapView::mouseDoubleClickEvent(QMouseEvent *)
{
    showAll();
}

void RowMapView::choose(const std::vector<size_t> &dots, Qt::KeyboardModifiers modifiers)
{
    const bool takesAway = modifiers.testFlag(Qt::AltModifier);
    std::vector<bool> next = takesAway || (modifiers & (Qt::ControlModifier | Qt::ShiftModifier))
                                 ? m_chosen
                                 : std::vector<bool>(m_dots.size());
    for (const size_t dot : dots)
        next[dot] = !takesAway;
    std::vector<size_t> all;
    for (size_t i = 0; i < next.size(); ++i) {
        if (next[i])
            all.push_back(i);
    }
    setChosen(std::move(next));
    Q_EMIT chosen(all);
}

void RowMapView::wheelEvent(QWheelEvent *event)
{
    zoom(std::pow(ZoomStep, event->angleDelta().y() / 120.0), event->position());
}

void RowMapView::keyPressEvent(QKeyEvent *event)
{
    const QPointF middle = QPointF(width(), height()) / 2;
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoom(ZoomStep, middle);
    case Qt::Key_Minus: return zoom(1 / ZoomStep, middle);
    case Qt::Key_Home: return showAll();
    case Qt::Key_Escape: return choose({}, Qt::NoModifier);
    case Qt::Key_A:
        if (!control)
            break;
        {
            std::vector<size_t> all;
            for (size_t i = 0; i < m_dots.size(); ++i) {
                if (m_dots[i].isShown)
                    all.push_back(i);
            }
            return choose(all, Qt::NoModifier);
        }
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down: {
        const auto key = static_cast<Qt::Key>(event->key());
        if (control) {
            const double step = 0.15 / m_zoom;
            m_middle += QPointF(key == Qt::Key_Left    ? -step
                                : key == Qt::Key_Right ? step
                                                       : 0,
                                key == Qt::Key_Up     ? -step
                                : key == Qt::Key_Down ? step
                                                      : 0);
            return redraw();
        }
        m_current = nextDot(key);
        if (m_current >= 0)
            choose({static_cast<size_t>(m_current)}, event->modifiers() & Qt::ShiftModifier);
        return;
    }
    default: break;
    }
    Q_EMIT keyPressed(event);
}

void RowMapView::focusInEvent(QFocusEvent *)
{
    update();
}

void RowMapView::focusOutEvent(QFocusEvent *)
{
    update();
}

}  // namespace ui
