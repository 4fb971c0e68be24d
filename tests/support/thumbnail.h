// SPDX-License-Identifier: Apache-2.0
// Small copies of pictures, by which a page that looks different is told from one that says another number.
#pragma once

#include <QByteArray>
#include <QImage>
#include <QMap>

#include <optional>

namespace support {

/// Of 16 x 10 cells the mean red, green and blue, row by row, behind the picture's width and height in hundreds of
/// pixels: text is a shade, and what is seen are surfaces, columns, panels and colours. A null picture has none.
[[nodiscard]] QByteArray thumbnailOf(const QImage &picture);

/// How far two pictures are apart, in steps of 255.
struct PictureDistance {
    double mean = 0;      ///< over all cells and colours
    double farthest = 0;  ///< of the cell that differs most
};

/// Of two thumbnails; none where the pictures' sizes differ by more than a hundred pixels, or one is no thumbnail.
[[nodiscard]] std::optional<PictureDistance> distance(const QByteArray &a, const QByteArray &b);

/// Other figures, names and times on a page stay below this; a panel that moved, or another colour scheme, does not.
[[nodiscard]] bool looksSame(const QByteArray &a, const QByteArray &b);

/// Thumbnails by the names of their pictures, from lines "NAME BASE64". Lines that are none are left out.
[[nodiscard]] QMap<QString, QByteArray> parseThumbnails(const QByteArray &lines);
[[nodiscard]] QByteArray thumbnailLines(const QMap<QString, QByteArray> &thumbnails);

}  // namespace support
