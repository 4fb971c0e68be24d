// SPDX-License-Identifier: Apache-2.0
// A card to choose: icon, title, one line, a state with its word.
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractButton>

namespace ui {

class ChoiceCard final : public QAbstractButton {
    Q_OBJECT
public:
    ChoiceCard(const Theme &theme, const char *icon, const QString &title, const QString &line,
               QWidget *parent = nullptr);
    void setState(Mark mark, const QString &word);
    [[nodiscard]] QSize sizeHint() const override { return {200, 64}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    const char *m_iconName;
    QString m_line;
    QString m_word;
    Mark m_mark = Mark::None;
};

}  // namespace ui
