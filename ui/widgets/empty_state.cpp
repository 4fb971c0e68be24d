// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/empty_state.h"

#include "ui/widgets/build.h"

namespace ui {

namespace {

constexpr int WordsWidth = 420;
constexpr int PictureSize = 40;

}  // namespace

EmptyState::EmptyState(const Theme &theme, const char *icon, QWidget *parent) : QWidget(parent)
{
    setProperty("tone", "surface");
    setAttribute(Qt::WA_StyledBackground);
    auto *column = makeLayout<QVBoxLayout>({24, 16, 24, 16}, 12);
    setLayout(column);
    auto *picture = new QLabel;
    const auto tint = [&theme, picture, icon] {
        picture->setPixmap(theme.icon(icon, &Tokens::accent).pixmap(PictureSize, PictureSize));
    };
    tint();
    connect(&theme, &Theme::changed, picture, tint);
    m_title = makeLabel({}, "title");
    m_words = makeLabel({}, "muted", true);
    m_words->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_words->setMaximumWidth(WordsWidth);
    auto *words = makeLayout<QHBoxLayout>({}, 0);  // in a row of its own a label is as high as its lines
    words->addStretch(1);
    words->addWidget(m_words, 1000);
    words->addStretch(1);
    m_buttons = makeLayout<QHBoxLayout>({0, 4, 0, 0});
    column->addStretch(2);
    column->addWidget(picture, 0, Qt::AlignHCenter);
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    column->addLayout(words);
    auto *buttons = makeLayout<QHBoxLayout>({}, 0);
    buttons->addStretch();
    buttons->addLayout(m_buttons);
    buttons->addStretch();
    column->addLayout(buttons);
    column->addStretch(3);
}

void EmptyState::setWords(const QString &title, const QString &words)
{
    m_title->setText(title);
    m_words->setText(words);
}

QPushButton *EmptyState::addButton(const QString &text, const char *objectName, const char *kind)
{
    auto *button = makeButton(text, objectName, kind);
    m_buttons->addWidget(button);
    return button;
}

}  // namespace ui
