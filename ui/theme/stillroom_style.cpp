// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/stillroom_style.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>
#include <QWidget>

namespace ui {

namespace {

constexpr int ArrowWidth = 24;

}  // namespace

StillroomStyle::StillroomStyle(const Theme &theme)
    : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))), m_theme(theme)
{
}

void StillroomStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                   const QWidget *widget) const
{
    const Tokens &t = m_theme.tokens();
    const bool enabled = option->state.testFlag(State_Enabled);
    switch (element) {
    case PE_FrameFocusRect:
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(t.focus, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(1, 1, -1, -1), 5, 5);
        painter->restore();
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
    case PE_IndicatorRadioButton: {
        const bool round = element == PE_IndicatorRadioButton;
        const bool on = option->state.testFlag(State_On);
        const QRectF box = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(!enabled ? t.border : on ? t.accent : t.control, 1));
        painter->setBrush(on && enabled ? t.accent : t.surface);
        if (round)
            painter->drawEllipse(box);
        else
            painter->drawRoundedRect(box, 3, 3);
        if (on) {
            painter->setPen(QPen(enabled ? t.accentText : t.disabled, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            const qreal u = box.width() / 16;
            if (round) {
                painter->setBrush(enabled ? t.accentText : t.disabled);
                painter->setPen(Qt::NoPen);
                painter->drawEllipse(box.center(), 3 * u, 3 * u);
            } else {
                painter->drawPolyline(
                    QPolygonF({box.topLeft() + QPointF(3.6 * u, 8.2 * u), box.topLeft() + QPointF(6.8 * u, 11.2 * u),
                               box.topLeft() + QPointF(12.4 * u, 4.8 * u)}));
            }
        }
        painter->restore();
        return;
    }
    case PE_IndicatorArrowDown:
    case PE_IndicatorArrowUp: {
        const qreal direction = element == PE_IndicatorArrowDown ? 1 : -1;
        const QPointF centre = QRectF(option->rect).center();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(enabled ? t.muted : t.disabled, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPolyline(QPolygonF({centre + QPointF(-3.5, -1.8 * direction), centre + QPointF(0, 1.8 * direction),
                                         centre + QPointF(3.5, -1.8 * direction)}));
        painter->restore();
        return;
    }
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void StillroomStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                        const QWidget *widget) const
{
    if (control != CC_ComboBox && control != CC_SpinBox)
        return QProxyStyle::drawComplexControl(control, option, painter, widget);
    const Tokens &t = m_theme.tokens();
    const bool enabled = option->state.testFlag(State_Enabled);
    const bool focused = option->state.testFlag(State_HasFocus);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(focused ? t.focus : enabled ? t.control : t.border, focused ? 2 : 1));
    painter->setBrush(t.surface);
    const qreal inset = focused ? 1 : 0.5;
    painter->drawRoundedRect(QRectF(option->rect).adjusted(inset, inset, -inset, -inset), 6, 6);
    painter->restore();
    QStyleOption arrow(*option);
    if (control == CC_ComboBox) {
        arrow.rect = subControlRect(control, option, SC_ComboBoxArrow, widget);
        drawPrimitive(PE_IndicatorArrowDown, &arrow, painter, widget);
        return;
    }
    arrow.rect = subControlRect(control, option, SC_SpinBoxUp, widget);
    drawPrimitive(PE_IndicatorArrowUp, &arrow, painter, widget);
    arrow.rect = subControlRect(control, option, SC_SpinBoxDown, widget);
    drawPrimitive(PE_IndicatorArrowDown, &arrow, painter, widget);
}

QRect StillroomStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part,
                                     const QWidget *widget) const
{
    const QRect all = option->rect;
    const QRect right(all.right() - ArrowWidth, all.top(), ArrowWidth, all.height());
    const QRect field = all.adjusted(9, 2, -ArrowWidth - 2, -2);
    if (control == CC_ComboBox && part == SC_ComboBoxArrow)
        return right;
    if (control == CC_ComboBox && part == SC_ComboBoxEditField)
        return field;
    if (control == CC_SpinBox) {
        switch (part) {
        case SC_SpinBoxUp: return right.adjusted(0, 2, 0, -all.height() / 2);
        case SC_SpinBoxDown: return right.adjusted(0, all.height() / 2, 0, -2);
        case SC_SpinBoxEditField: return field;
        default: break;
        }
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QSize StillroomStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                                       const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    if (type == CT_ComboBox || type == CT_SpinBox) {
        const bool inBar = widget && widget->property("kind").toString() == QLatin1String("bar");
        result.setHeight(inBar ? 28 : 32);
        if (type == CT_ComboBox)
            result.rwidth() += 8;
    }
    return result;
}

int StillroomStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
    case PM_SmallIconSize:
    case PM_ButtonIconSize: return 16;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int StillroomStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                              QStyleHintReturn *returnData) const
{
    switch (hint) {
    case SH_ItemView_ShowDecorationSelected: return 1;
    case SH_UnderlineShortcut:
    case SH_DialogButtonBox_ButtonsHaveIcons: return 0;
    case SH_ToolTip_WakeUpDelay: return 500;
    default: return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

}  // namespace ui
