// SPDX-License-Identifier: Apache-2.0
// Short ways to make the widgets that every page has.
#pragma once

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>

namespace ui {

/// `role` as the style sheet knows it: muted, caption, strong, title, figure, verdict, greeting.
[[nodiscard]] inline QLabel *makeLabel(const QString &text, const char *role = nullptr, bool wraps = false)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    if (role)
        label->setProperty("role", role);
    label->setWordWrap(wraps);
    return label;
}

/// `kind` as the style sheet knows it: primary, small, flat, link, or none. An & in the text is one, and no shortcut.
[[nodiscard]] inline QPushButton *makeButton(const QString &text, const char *objectName, const char *kind = nullptr)
{
    auto *button = new QPushButton(QString(text).replace(u'&', QStringLiteral("&&")));
    button->setObjectName(QLatin1String(objectName));
    button->setAccessibleName(text);
    button->setAutoDefault(false);
    if (kind)
        button->setProperty("kind", kind);
    return button;
}

template <class Layout>
[[nodiscard]] Layout *makeLayout(QMargins margins = {}, int spacing = 8)
{
    auto *layout = new Layout;
    layout->setContentsMargins(margins);
    layout->setSpacing(spacing);
    return layout;
}

/// Scrolls up and down only.
[[nodiscard]] inline QScrollArea *makeScroll(QWidget *content)
{
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    return scroll;
}

/// A plain widget that the style sheet colours.
[[nodiscard]] inline QWidget *makePane(const char *tone, const char *edge = nullptr)
{
    auto *pane = new QWidget;
    pane->setAttribute(Qt::WA_StyledBackground);
    pane->setProperty("tone", tone);
    if (edge)
        pane->setProperty("edge", edge);
    return pane;
}

}  // namespace ui
