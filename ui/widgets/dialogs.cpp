// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/dialogs.h"

#include "ui/widgets/build.h"

#include <QDialog>
#include <QFileDialog>
#include <QLineEdit>

namespace ui {

QString Dialogs::chooseFolder(QWidget *parent, const QString &title)
{
    return QFileDialog::getExistingDirectory(parent, title);
}

QStringList Dialogs::chooseFiles(QWidget *parent, const QString &title)
{
    return QFileDialog::getOpenFileNames(
        parent, title, {},
        QObject::tr("Rows and texts (*.csv *.tsv *.tab *.psv *.jsonl *.ndjson *.json *.xlsx *.xlsm *.ods *.fods *.txt "
                    "*.md *.html *.htm *.pdf *.docx *.eml *.mbox *.gz *.zip);;"
                    "All files (*)"));
}

QString Dialogs::chooseSaveFile(QWidget *parent, const QString &title, const QString &suggestion)
{
    return QFileDialog::getSaveFileName(parent, title, suggestion);
}

QString Dialogs::askText(QWidget *parent, const QString &title, const QString &question, const QString &suggestion)
{
    QDialog dialog(parent);
    dialog.setWindowTitle(title);
    dialog.setMinimumWidth(420);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 8);
    dialog.setLayout(column);
    auto *edit = new QLineEdit(suggestion);
    edit->setAccessibleName(question);
    edit->selectAll();
    auto *buttons = makeLayout<QHBoxLayout>({0, 12, 0, 0});
    auto *cancel = makeButton(QObject::tr("Cancel"), "cancel");
    auto *accept = makeButton(title, "accept", "primary");
    accept->setDefault(true);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(accept);
    column->addWidget(makeLabel(question, nullptr, true));
    column->addWidget(edit);
    column->addLayout(buttons);
    QObject::connect(cancel, &QPushButton::clicked, &dialog, &QDialog::reject);
    QObject::connect(accept, &QPushButton::clicked, &dialog, &QDialog::accept);
    return dialog.exec() == QDialog::Accepted ? edit->text().trimmed() : QString();
}

int Dialogs::choose(QWidget *parent, const QString &title, const QString &text, const QStringList &buttonTexts)
{
    QDialog dialog(parent);
    dialog.setWindowTitle(title);
    dialog.setMinimumWidth(440);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 8);
    dialog.setLayout(column);
    column->addWidget(makeLabel(title, "title"));
    column->addWidget(makeLabel(text, nullptr, true));
    column->addSpacing(8);
    int chosen = -1;
    for (int i = 0; i < buttonTexts.size(); ++i) {
        auto *button = makeButton(buttonTexts[i], "choice");
        column->addWidget(button);
        QObject::connect(button, &QPushButton::clicked, &dialog, [&, i] {
            chosen = i;
            dialog.accept();
        });
    }
    auto *cancel = makeButton(QObject::tr("Cancel"), "cancel");
    cancel->setDefault(true);
    column->addWidget(cancel);
    QObject::connect(cancel, &QPushButton::clicked, &dialog, &QDialog::reject);
    return dialog.exec() == QDialog::Accepted ? chosen : -1;
}

bool Dialogs::run(QDialog &dialog)
{
    return dialog.exec() == QDialog::Accepted;
}

}  // namespace ui
