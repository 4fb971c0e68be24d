// SPDX-License-Identifier: Apache-2.0
// In place of what is not there yet: what belongs here, and the way to it.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace ui {

class EmptyState : public QWidget {
    Q_OBJECT
public:
    EmptyState(const Theme &theme, const char *icon, QWidget *parent = nullptr);
    void setWords(const QString &title, const QString &words);
    /// Beside those before it; see makeButton.
    QPushButton *addButton(const QString &text, const char *objectName, const char *kind = nullptr);

private:
    QLabel *m_title;
    QLabel *m_words;
    QHBoxLayout *m_buttons;
};

}  // namespace ui
