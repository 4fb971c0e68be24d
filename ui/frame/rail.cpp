// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/rail.h"

#include <QEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int WideWidth = 200;
constexpr int CompactWidth = 56;
constexpr int StepHeight = 52;
constexpr int FootItemHeight = 32;
constexpr int HeadHeight = 48;

QFont sized(QFont font, int pixels, QFont::Weight weight = QFont::Normal)
{
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

}  // namespace

RailItem::RailItem(const Theme &theme, const char *iconName, const QString &name, bool isStep, QWidget *parent)
    : QAbstractButton(parent), m_theme(theme), m_icon(theme.icon(iconName)), m_isStep(isStep)
{
    setText(name);
    setCheckable(isStep);
    setAutoExclusive(false);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    describe();
}

void RailItem::describe()
{
    const QString mark = m_isStep ? markText(m_mark) : QString();
    setAccessibleName(text());
    setAccessibleDescription(QStringList{m_line, mark}.join(QStringLiteral(", ")));
    setToolTip(m_compact ? QStringList{text(), m_line}.join(QStringLiteral("\n")) : mark);
}

void RailItem::setLine(const QString &line, Mark mark)
{
    m_line = line;
    m_mark = mark;
    describe();
    update();
}

void RailItem::setCompact(bool compact)
{
    m_compact = compact;
    describe();
    updateGeometry();
    update();
}

QSize RailItem::sizeHint() const
{
    return {m_compact ? CompactWidth : WideWidth, m_isStep ? StepHeight : FootItemHeight};
}

void RailItem::enterEvent(QEnterEvent *)
{
    update();
}

void RailItem::leaveEvent(QEvent *)
{
    update();
}

void RailItem::paintEvent(QPaintEvent *)
{
    const Tokens &t = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF ground = m_isStep ? QRectF(rect()).adjusted(8, 0, -8, 0) : QRectF(rect()).adjusted(8, 2, -8, -2);
    if (isChecked() || (isEnabled() && underMouse())) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(isChecked() ? t.selection : t.hover);
        painter.drawRoundedRect(ground, 6, 6);
    }
    if (hasFocus()) {
        painter.setPen(QPen(t.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 6, 6);
    }
    const int middle = height() / 2;
    const int iconSize = m_isStep ? 18 : 16;
    m_icon.paint(&painter, QRect(m_compact ? (width() - iconSize) / 2 : 20, middle - iconSize / 2, iconSize, iconSize),
                 Qt::AlignCenter, isEnabled() ? QIcon::Normal : QIcon::Disabled);
    if (m_compact) {
        if (m_isStep && m_mark != Mark::Empty)
            m_theme.paintMark(painter, QRectF(width() - 22, middle - 18, 11, 11), m_mark);
        return;
    }
    const QRect textArea(50, 0, width() - 50 - (m_isStep ? 38 : 12), height());
    painter.setPen(isEnabled() ? t.text : t.muted);
    painter.setFont(sized(font(), 13, m_isStep ? QFont::Medium : QFont::Normal));
    if (!m_isStep) {
        painter.drawText(textArea, Qt::AlignVCenter | Qt::AlignLeft, text());
        return;
    }
    painter.drawText(textArea.adjusted(0, 8, 0, -24), Qt::AlignVCenter | Qt::AlignLeft, text());
    painter.setPen(t.muted);
    painter.setFont(sized(font(), 12));
    painter.drawText(textArea.adjusted(0, 26, 8, -6), Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(m_line, Qt::ElideRight, textArea.width() + 8));
    m_theme.paintMark(painter, QRectF(width() - 31, middle - 7, 14, 14), m_mark);
}

ServiceSwitcher::ServiceSwitcher(const Theme &theme, QWidget *parent) : QAbstractButton(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("serviceSwitcher"));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setService({});
}

void ServiceSwitcher::setService(const QString &name)
{
    setText(name);
    setAccessibleName(name.isEmpty() ? tr("All services") : tr("Service %1, switch").arg(name));
    setToolTip(name);
    update();
}

void ServiceSwitcher::setCompact(bool compact)
{
    m_compact = compact;
    updateGeometry();
    update();
}

QSize ServiceSwitcher::sizeHint() const
{
    return {m_compact ? CompactWidth : WideWidth, HeadHeight};
}

void ServiceSwitcher::paintEvent(QPaintEvent *)
{
    const Tokens &t = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(QRect(0, height() - 1, width(), 1), t.border);
    if (underMouse())
        painter.fillRect(rect().adjusted(0, 0, 0, -1), t.hover);
    const QRectF badge(m_compact ? 17 : 16, 13, 22, 22);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.accent);
    painter.drawRoundedRect(badge, 4, 4);
    if (text().isEmpty()) {
        m_theme.icon("home", &Tokens::accentText).paint(&painter, badge.adjusted(3, 3, -3, -3).toRect());
    } else {
        painter.setPen(t.accentText);
        painter.setFont(sized(font(), 12, QFont::DemiBold));
        painter.drawText(badge, Qt::AlignCenter, text().left(1).toUpper());
    }
    if (hasFocus()) {
        painter.setPen(QPen(t.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(3, 3, -3, -4), 5, 5);
    }
    if (m_compact)
        return;
    painter.setPen(t.text);
    painter.setFont(sized(font(), 13, QFont::DemiBold));
    const QRect area(46, 0, width() - 46 - 30, height());
    const QString shown = text().isEmpty() ? tr("All services") : text();
    painter.drawText(area, Qt::AlignVCenter, painter.fontMetrics().elidedText(shown, Qt::ElideRight, area.width()));
    m_theme.icon("switch", &Tokens::muted).paint(&painter, QRect(width() - 28, 16, 16, 16));
}

Rail::Rail(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setProperty("tone", "window");
    setProperty("edge", "right");
    setAttribute(Qt::WA_StyledBackground);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 1, 4);
    layout->setSpacing(2);
    m_switcher = new ServiceSwitcher(theme, this);
    layout->addWidget(m_switcher);
    layout->addSpacing(6);
    const struct {
        const char *id, *icon;
        QString name;
    } steps[] = {{"stepDefine", "define", tr("Define")},    {"stepData", "data", tr("Data")},
                 {"stepTeacher", "teacher", tr("Teacher")}, {"stepTraining", "training", tr("Training")},
                 {"stepResults", "results", tr("Results")}, {"stepUse", "use", tr("Use")}};
    for (int i = 0; i < StepCount; ++i) {
        m_steps[i] = new RailItem(theme, steps[i].icon, steps[i].name, true, this);
        m_steps[i]->setObjectName(QLatin1String(steps[i].id));
        layout->addWidget(m_steps[i]);
        connect(m_steps[i], &RailItem::clicked, this, [this, i] { Q_EMIT stepChosen(static_cast<Step>(i)); });
    }
    layout->addStretch();
    m_settings = new RailItem(theme, "settings", tr("Settings"), false, this);
    m_settings->setObjectName(QStringLiteral("railSettings"));
    m_help = new RailItem(theme, "help", tr("Help"), false, this);
    m_help->setObjectName(QStringLiteral("railHelp"));
    layout->addWidget(m_settings);
    layout->addWidget(m_help);
    connect(m_settings, &RailItem::clicked, this, &Rail::settingsChosen);
    connect(m_help, &RailItem::clicked, this, &Rail::helpChosen);
    connect(&theme, &Theme::changed, this, [this] { update(); });
    setCompact(false);
}

void Rail::setCompact(bool compact)
{
    setFixedWidth((compact ? CompactWidth : WideWidth));
    m_switcher->setCompact(compact);
    for (RailItem *item : m_steps)
        item->setCompact(compact);
    m_settings->setCompact(compact);
    m_help->setCompact(compact);
}

void Rail::setServiceName(const QString &name)
{
    m_switcher->setService(name);
}

void Rail::setJourneyOnly(bool journeyOnly)
{
    const QString lines[] = {tr("Name the answers"), tr("Your texts"),     tr("Optional"),
                             tr("On this machine"),  tr("How good it is"), tr("Try it, export")};
    for (int i = 0; i < StepCount; ++i) {
        m_steps[i]->setEnabled(!journeyOnly);
        if (journeyOnly) {
            m_steps[i]->setChecked(false);
            m_steps[i]->setLine(lines[i], Mark::Empty);
        }
    }
}

void Rail::setCurrent(Step step)
{
    for (int i = 0; i < StepCount; ++i)
        m_steps[i]->setChecked(i == static_cast<int>(step));
}

}  // namespace ui
