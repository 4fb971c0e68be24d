// SPDX-License-Identifier: Apache-2.0
// A class as it stands in a cell.
#pragma once

#include <QList>
#include <QMetaType>
#include <QString>

namespace ui {

/// A chip without a class square.
constexpr qint64 NoColour = -1;

struct Chip {
    QString name;       ///< as people read it
    qint64 colour = 0;  ///< index into the class colours, or NoColour
};
using Chips = QList<Chip>;

}  // namespace ui

Q_DECLARE_METATYPE(ui::Chips)
