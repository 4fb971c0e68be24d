// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/empty_rows.h"

#include "ui/widgets/build.h"
#include "ui/words.h"

namespace ui {

namespace {

constexpr int WordsWidth = 400;
constexpr int PictureSize = 40;

}  // namespace

EmptyRows::EmptyRows(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("emptyRows"));
    setProperty("tone", "surface");
    setAttribute(Qt::WA_StyledBackground);
    auto *column = makeLayout<QVBoxLayout>({24, 24, 24, 24}, 12);
    setLayout(column);
    column->addStretch(2);
    auto *picture = new QLabel;
    const auto tint = [&theme, picture] {
        picture->setPixmap(theme.icon("import", &Tokens::accent).pixmap(PictureSize, PictureSize));
    };
    tint();
    connect(&theme, &Theme::changed, picture, tint);
    column->addWidget(picture, 0, Qt::AlignHCenter);
    m_title = makeLabel({}, "title");
    m_title->setObjectName(QStringLiteral("emptyTitle"));
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    m_words = makeLabel({}, "muted", true);
    m_words->setAlignment(Qt::AlignHCenter);
    m_words->setFixedWidth(WordsWidth);
    column->addWidget(m_words, 0, Qt::AlignHCenter);
    column->addSpacing(8);
    auto *row = makeLayout<QHBoxLayout>();
    m_import = makeButton(tr("Import files..."), "emptyImport", "primary");
    auto *pasteButton = makeButton(tr("Paste"), "emptyPaste");
    pasteButton->setToolTip(tr("Rows copied from a spreadsheet or a text (Ctrl+V)"));
    auto *type = makeButton(tr("Type a row"), "emptyType");
    row->addStretch();
    for (QPushButton *button : {m_import, pasteButton, type})
        row->addWidget(button);
    row->addStretch();
    column->addLayout(row);
    column->addStretch(3);
    connect(m_import, &QPushButton::clicked, this, &EmptyRows::importAsked);
    connect(pasteButton, &QPushButton::clicked, this, &EmptyRows::pasteAsked);
    connect(type, &QPushButton::clicked, this, &EmptyRows::typeAsked);
}

void EmptyRows::describe(bool isServiceEmpty, core::Split split)
{
    if (isServiceEmpty) {
        m_title->setText(tr("Bring your texts"));
        m_words->setText(tr("Drop files here, or choose them: tables, workbooks, text, PDF or Word. While you have "
                            "named no classes, the labels in the files become the classes."));
        return;
    }
    m_title->setText(tr("No rows here yet"));
    switch (split) {
    case core::Split::Train: m_words->setText(tr("A classifier learns from these rows and their labels.")); break;
    case core::Split::Test:
        m_words->setText(tr("Exam rows are not learned from. They show how often a classifier is right on texts that "
                            "it has not seen."));
        break;
    case core::Split::Unlabelled:
        m_words->setText(tr("Texts without a label get suggestions here, and a training may learn from them, too."));
        break;
    }
}

void EmptyRows::focusImport()
{
    m_import->setFocus();
}

}  // namespace ui
