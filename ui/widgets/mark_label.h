// SPDX-License-Identifier: Apache-2.0
// A state mark as a widget.
#pragma once

#include "ui/theme/theme.h"

#include <QPainter>
#include <QWidget>

namespace ui {

class MarkLabel final : public QWidget {
public:
    explicit MarkLabel(const Theme &theme, Mark mark = Mark::None, QWidget *parent = nullptr)
        : QWidget(parent), m_theme(theme)
    {
        setFixedSize(14, 14);
        setMark(mark);
    }
    void setMark(Mark mark)
    {
        m_mark = mark;
        setToolTip(markText(mark));
        setAccessibleName(markText(mark));
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        m_theme.paintMark(painter, rect(), m_mark);
    }

private:
    const Theme &m_theme;
    Mark m_mark = Mark::None;
};

}  // namespace ui
