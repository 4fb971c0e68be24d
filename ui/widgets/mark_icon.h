// SPDX-License-Identifier: Apache-2.0
// What the theme draws, as icons: state marks and the squares of classes.
#pragma once

#include "ui/theme/theme.h"
#include "ui/widgets/painted_icon.h"

namespace ui {

[[nodiscard]] inline QIcon markIcon(const Theme &theme, Mark mark)
{
    return paintedIcon([&theme, mark](QPainter &painter, const QRectF &area) { theme.paintMark(painter, area, mark); });
}

/// The square of a class.
[[nodiscard]] inline QIcon classIcon(const Theme &theme, qint64 colour)
{
    return paintedIcon([&theme, colour](QPainter &painter, const QRectF &area) {
        painter.translate(area.topLeft());
        painter.scale(area.width() / 14, area.height() / 14);
        theme.paintClassSquare(painter, QRectF(1, 1, 12, 12), colour);
    });
}

}  // namespace ui
