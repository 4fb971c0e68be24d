// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/empty_rows.h"

#include <QPushButton>
#include <QStyle>

namespace ui {

EmptyRows::EmptyRows(const Theme &theme, QWidget *parent) : EmptyState(theme, "import", parent)
{
    setObjectName(QStringLiteral("emptyRows"));
    m_import = addButton(tr("Import files..."), "emptyImport", "primary");
    auto *pasteButton = addButton(tr("Paste"), "emptyPaste");
    pasteButton->setToolTip(tr("Rows copied from a spreadsheet or a text (Ctrl+V)"));
    connect(m_import, &QPushButton::clicked, this, &EmptyRows::importAsked);
    connect(pasteButton, &QPushButton::clicked, this, &EmptyRows::pasteAsked);
    connect(addButton(tr("Type a row"), "emptyType"), &QPushButton::clicked, this, &EmptyRows::typeAsked);
}

void EmptyRows::describe(bool isServiceEmpty, core::Split split)
{
    // Where there are rows, the head of the page has its own filled button.
    const QString kind = isServiceEmpty ? QStringLiteral("primary") : QString();
    if (m_import->property("kind").toString() != kind) {
        m_import->setProperty("kind", kind);
        m_import->style()->unpolish(m_import);
        m_import->style()->polish(m_import);
    }
    if (isServiceEmpty)
        return setWords(tr("Bring your texts"),
                        tr("Drop files here, or choose them: tables, workbooks, text, PDF or Word. While you have "
                           "named no classes, the labels in the files become the classes."));
    switch (split) {
    case core::Split::Train:
        return setWords(tr("No rows to learn from yet"), tr("A classifier learns from these rows and their labels."));
    case core::Split::Test:
        return setWords(tr("No exam rows yet"), tr("Exam rows are not learned from. They show how often a classifier "
                                                   "is right on texts that it has not seen."));
    case core::Split::Unlabelled:
        return setWords(tr("No unlabelled texts yet"),
                        tr("Texts without a label get suggestions here, and a training may learn from them, too."));
    }
}

void EmptyRows::focusImport()
{
    m_import->setFocus();
}

}  // namespace ui
