// SPDX-License-Identifier: Apache-2.0
// How many of a whole are of each kind, as one stacked bar with its legend.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>
#include <vector>

namespace ui {

class CountBar final : public QWidget {
    Q_OBJECT
public:
    struct Part {
        QString name;
        qint64 count = 0;
        QColor Tokens::*colour;
    };

    explicit CountBar(const Theme &theme, QWidget *parent = nullptr);
    /// `total` at least the sum of the parts; what is left is open.
    void setParts(std::vector<Part> parts, qint64 total);
    [[nodiscard]] QSize sizeHint() const override;
    /// The legend has as many lines as it needs.
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    /// Where the legend's entries stand, and as the last one what is left to read.
    [[nodiscard]] std::vector<QPoint> placesIn(int width) const;
    [[nodiscard]] QString openText() const;
    [[nodiscard]] QFont strongFont() const;

    const Theme &m_theme;
    std::vector<Part> m_parts;
    qint64 m_total = 0;
};

}  // namespace ui
