// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/theme.h"

#include "ui/theme/desktop_appearance.h"
#include "ui/theme/stillroom_style.h"

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <QSvgRenderer>

/// The icons lie in a static library: without this the linker drops them. Must stand outside any namespace.
static void openResources()
{
    Q_INIT_RESOURCE(resources);
}

namespace ui {

namespace {

constexpr QRgb ClassColours[] = {0x2897F0, 0x8758AC, 0xCE78A2, 0x9E980C, 0xA1576C, 0x527A13,
                                 0x3A71D5, 0x019F73, 0x8C81C8, 0xDB6C69, 0xA6699E, 0xC25443};

/// Draws an SVG in a colour of the theme at the moment it is painted.
class TintedIcon final : public QIconEngine {
public:
    TintedIcon(const Theme &theme, QByteArray svg, QColor Tokens::*colour)
        : m_theme(theme), m_svg(std::move(svg)), m_colour(colour)
    {
    }
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const Tokens &tokens = m_theme.tokens();
        const QColor colour = mode == QIcon::Disabled ? tokens.disabled : tokens.*m_colour;
        QByteArray tinted = m_svg;
        tinted.replace("currentColor", colour.name().toLatin1());
        QSvgRenderer(tinted).render(painter, rect);
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap result(size);
        result.fill(Qt::transparent);
        QPainter painter(&result);
        paint(&painter, {{}, size}, mode, state);
        return result;
    }
    [[nodiscard]] QIconEngine *clone() const override { return new TintedIcon(*this); }

private:
    const Theme &m_theme;
    QByteArray m_svg;
    QColor Tokens::*m_colour;
};

QPalette paletteOf(const Tokens &t)
{
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, const QColor &colour) { palette.setColor(role, colour); };
    set(QPalette::Window, t.window);
    set(QPalette::Button, t.surface);
    set(QPalette::Base, t.surface);
    set(QPalette::AlternateBase, t.raised);
    set(QPalette::ToolTipBase, t.raised);
    set(QPalette::ToolTipText, t.text);
    set(QPalette::WindowText, t.text);
    set(QPalette::Text, t.text);
    set(QPalette::ButtonText, t.text);
    set(QPalette::PlaceholderText, t.muted);
    set(QPalette::Link, t.accent);
    set(QPalette::LinkVisited, t.accent);
    set(QPalette::Highlight, t.selection);
    set(QPalette::HighlightedText, t.text);
    set(QPalette::Light, t.surface);
    set(QPalette::Midlight, t.button);
    set(QPalette::Mid, t.border);
    set(QPalette::Dark, t.control);
    set(QPalette::Shadow, t.border);
    palette.setColor(QPalette::Inactive, QPalette::Highlight, t.hover);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, t.disabled);
    return palette;
}

}  // namespace

QString markText(Mark mark)
{
    switch (mark) {
    case Mark::None: return {};
    case Mark::Empty: return QObject::tr("not begun");
    case Mark::Progress: return QObject::tr("in progress");
    case Mark::Done: return QObject::tr("done");
    case Mark::Attention: return QObject::tr("needs attention");
    case Mark::Blocking: return QObject::tr("blocks training");
    case Mark::Info: return QObject::tr("to know");
    }
    return {};
}

Theme::Theme(QApplication &application)
    : m_application(application), m_desktopPaletteIsDark(QPalette().color(QPalette::Window).lightness() < 128),
      m_highContrast(desktopWantsContrast()), m_tokens(lightTokens())
{
    openResources();
    m_application.setStyle(new StillroomStyle(*this));
    onDesktopSettingChange(this, SLOT(desktopChanged(QString)));
}

void Theme::setScheme(Scheme scheme)
{
    m_scheme = scheme;
    apply();
}

void Theme::setHighContrast(bool on)
{
    m_highContrast = on;
    apply();
}

void Theme::desktopChanged(const QString &group)
{
    if (group == DesktopAppearance)
        setHighContrast(desktopWantsContrast());
}

void Theme::apply()
{
    const bool dark = m_scheme == Scheme::Dark || (m_scheme == Scheme::System && desktopIsDark(m_desktopPaletteIsDark));
    m_tokens = dark ? darkTokens() : lightTokens();
    if (m_highContrast)
        m_tokens.border = m_tokens.button = m_tokens.disabled = m_tokens.muted;
    m_application.setPalette(paletteOf(m_tokens));
    m_application.setStyleSheet(styleSheet(m_tokens));
    Q_EMIT changed();
}

QColor Theme::classColour(qint64 index)
{
    return ClassColours[static_cast<size_t>(index < 0 ? 0 : index) % std::size(ClassColours)];
}

bool Theme::classIsHollow(qint64 index)
{
    return index >= static_cast<qint64>(std::size(ClassColours));
}

QIcon Theme::icon(const char *name) const
{
    return icon(name, &Tokens::text);
}

QIcon Theme::icon(const char *name, QColor Tokens::*colour) const
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(QLatin1String(name)));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("There is no icon %s", name);
    return QIcon(new TintedIcon(*this, file.readAll(), colour));
}

void Theme::paintMark(QPainter &painter, const QRectF &rect, Mark mark) const
{
    const Tokens &t = m_tokens;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.topLeft());
    painter.scale(rect.width() / 14, rect.height() / 14);
    const auto ring = [&](const QColor &colour) {
        painter.setPen(QPen(colour, 1.6));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QRectF(1.5, 1.5, 11, 11));
    };
    const auto stroke = [&](const QColor &colour, qreal width) {
        painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    };
    const auto exclaim = [&](qreal top) {
        stroke(t.surface, 1.6);
        painter.drawLine(QPointF(7, top), QPointF(7, top + 3.2));
        painter.drawPoint(QPointF(7, top + 5.7));
    };
    switch (mark) {
    case Mark::None: break;
    case Mark::Empty: ring(t.control); break;
    case Mark::Progress: {
        ring(t.accent);
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.accent);
        painter.drawPie(QRectF(1.5, 1.5, 11, 11), 90 * 16, -180 * 16);
        break;
    }
    case Mark::Done:
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.success);
        painter.drawEllipse(QRectF(0.7, 0.7, 12.6, 12.6));
        stroke(t.surface, 1.6);
        painter.drawPolyline(QPolygonF({{4.2, 7.3}, {6.3, 9.3}, {10, 5.2}}));
        break;
    case Mark::Attention:
        stroke(t.warning, 1.4);
        painter.setBrush(t.warning);
        painter.drawPolygon(QPolygonF({{7, 1.8}, {13, 12.2}, {1, 12.2}}));
        exclaim(5);
        break;
    case Mark::Blocking:
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.danger);
        painter.drawPolygon(QPolygonF(
            {{4.3, 0.7}, {9.7, 0.7}, {13.3, 4.3}, {13.3, 9.7}, {9.7, 13.3}, {4.3, 13.3}, {0.7, 9.7}, {0.7, 4.3}}));
        exclaim(3.7);
        break;
    case Mark::Info:
        ring(t.muted);
        stroke(t.muted, 1.5);
        painter.drawLine(QPointF(7, 6.6), QPointF(7, 9.8));
        painter.drawPoint(QPointF(7, 4.3));
        break;
    }
    painter.restore();
}

void Theme::paintClassSquare(QPainter &painter, const QRectF &rect, qint64 colour) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (classIsHollow(colour)) {
        painter.setPen(QPen(classColour(colour), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 1.5, 1.5);
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(classColour(colour));
        painter.drawRoundedRect(rect, 2, 2);
    }
    painter.restore();
}

}  // namespace ui
