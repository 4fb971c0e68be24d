// SPDX-License-Identifier: Apache-2.0
// Every action by its name (Ctrl+Shift+P).
#pragma once

#include <QDialog>

class QAction;
class QLineEdit;
class QListWidget;

namespace ui {

class CommandPalette final : public QDialog {
    Q_OBJECT
public:
    /// Actions keep their owner; disabled ones are shown as such.
    CommandPalette(const QList<QAction *> &actions, QWidget *parent);

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void fill();
    void trigger();

    QList<QAction *> m_actions;
    QLineEdit *m_search;
    QListWidget *m_list;
};

}  // namespace ui
