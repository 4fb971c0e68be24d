// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/chart_file.h"

#include <QImage>
#include <QPainter>
#include <QSvgGenerator>
#include <QWidget>

namespace ui {

bool saveChart(const QWidget &widget, const QString &path, const std::function<void(QPainter &)> &paint)
{
    if (path.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive)) {
        QSvgGenerator generator;
        generator.setFileName(path);
        generator.setSize(widget.size());
        generator.setViewBox(widget.rect());
        generator.setTitle(widget.accessibleName());
        QPainter painter;
        if (!painter.begin(&generator))
            return false;
        paint(painter);
        return painter.end();
    }
    constexpr int Scale = 2;
    QImage image(widget.size() * Scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(Scale);
    QPainter painter(&image);
    paint(painter);
    painter.end();
    return image.save(path);
}

}  // namespace ui
