// SPDX-License-Identifier: Apache-2.0
// Questions to the user. Tests answer them in advance through this seam.
#pragma once

#include <QStringList>

class QDialog;
class QWidget;

namespace ui {

class Dialogs {
public:
    virtual ~Dialogs() = default;
    /// Empty: cancelled.
    [[nodiscard]] virtual QString chooseFolder(QWidget *parent, const QString &title);
    [[nodiscard]] virtual QStringList chooseFiles(QWidget *parent, const QString &title);
    [[nodiscard]] virtual QString chooseSaveFile(QWidget *parent, const QString &title, const QString &suggestion);
    [[nodiscard]] virtual QString askText(QWidget *parent, const QString &title, const QString &question,
                                          const QString &suggestion);
    /// Index of the chosen button, -1: cancelled. For what cannot be undone, or where there is a real choice.
    [[nodiscard]] virtual int choose(QWidget *parent, const QString &title, const QString &text,
                                     const QStringList &buttons);
    /// Shows a dialog of ours and waits for it; returns whether it was accepted.
    [[nodiscard]] virtual bool run(QDialog &dialog);
};

}  // namespace ui
