// SPDX-License-Identifier: Apache-2.0
// A state mark as an icon for lists.
#pragma once

#include "ui/theme/theme.h"

#include <QIcon>
#include <QPainter>
#include <QPixmap>

namespace ui {

[[nodiscard]] inline QIcon markIcon(const Theme &theme, Mark mark)
{
    QPixmap pixmap(28, 28);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    theme.paintMark(painter, QRectF(0, 0, 14, 14), mark);
    painter.end();
    QIcon icon(pixmap);
    icon.addPixmap(pixmap, QIcon::Selected);
    return icon;
}

}  // namespace ui
