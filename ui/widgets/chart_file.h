// SPDX-License-Identifier: Apache-2.0
// Charts as files.
#pragma once

#include <QString>
#include <functional>

class QPainter;
class QWidget;

namespace ui {

/// Lets `paint` draw what `widget` shows, as .svg or as a picture by any other ending; false where the file cannot be
/// written.
[[nodiscard]] bool saveChart(const QWidget &widget, const QString &path, const std::function<void(QPainter &)> &paint);

}  // namespace ui
