// SPDX-License-Identifier: Apache-2.0
#include "tests/support/thumbnail.h"

#include <algorithm>
#include <cmath>

namespace support {

namespace {

constexpr int Columns = 16, Rows = 10, Colours = 3, SizeBytes = 2;
constexpr qsizetype Bytes = SizeBytes + Columns * Rows * Colours;
/// Of 59 pages taken twice on one machine the mean was at most 0.3 and the farthest cell 6. Two tabs of one page are
/// 0.4 to 3 apart, a message above a page 3, the other scheme over 100.
constexpr double MostMean = 1, MostFarthest = 24;

int hundreds(int pixels)
{
    return std::min((pixels + 50) / 100, 255);
}

}  // namespace

QByteArray thumbnailOf(const QImage &picture)
{
    if (picture.isNull())
        return {};
    const QImage pixels = picture.convertToFormat(QImage::Format_RGB32);
    QByteArray thumbnail;
    thumbnail.append(static_cast<char>(hundreds(picture.width())));
    thumbnail.append(static_cast<char>(hundreds(picture.height())));
    for (int row = 0; row < Rows; ++row) {
        const int top = row * pixels.height() / Rows;
        const int bottom = std::max(top + 1, (row + 1) * pixels.height() / Rows);
        for (int column = 0; column < Columns; ++column) {
            const int left = column * pixels.width() / Columns;
            const int right = std::max(left + 1, (column + 1) * pixels.width() / Columns);
            int64_t sums[Colours] = {};
            for (int y = top; y < bottom; ++y) {
                const auto *line = reinterpret_cast<const QRgb *>(pixels.constScanLine(y));
                for (int x = left; x < right; ++x) {
                    sums[0] += qRed(line[x]);
                    sums[1] += qGreen(line[x]);
                    sums[2] += qBlue(line[x]);
                }
            }
            const int64_t area = int64_t{bottom - top} * (right - left);
            for (const int64_t sum : sums)
                thumbnail.append(static_cast<char>((sum + area / 2) / area));
        }
    }
    return thumbnail;
}

std::optional<PictureDistance> distance(const QByteArray &a, const QByteArray &b)
{
    if (a.size() != Bytes || b.size() != Bytes)
        return std::nullopt;
    const auto value = [](const QByteArray &bytes, qsizetype i) {
        return static_cast<int>(static_cast<uchar>(bytes[i]));
    };
    for (qsizetype i = 0; i < SizeBytes; ++i) {
        if (std::abs(value(a, i) - value(b, i)) > 1)
            return std::nullopt;
    }
    PictureDistance result;
    for (qsizetype cell = SizeBytes; cell < Bytes; cell += Colours) {
        double sum = 0;
        for (qsizetype i = cell; i < cell + Colours; ++i)
            sum += std::abs(value(a, i) - value(b, i));
        result.mean += sum / (Columns * Rows * Colours);
        result.farthest = std::max(result.farthest, sum / Colours);
    }
    return result;
}

bool looksSame(const QByteArray &a, const QByteArray &b)
{
    const auto apart = distance(a, b);
    return apart && apart->mean <= MostMean && apart->farthest <= MostFarthest;
}

QMap<QString, QByteArray> parseThumbnails(const QByteArray &lines)
{
    QMap<QString, QByteArray> thumbnails;
    const auto all = lines.split('\n');
    for (const QByteArray &line : all) {
        const auto words = line.simplified().split(' ');
        if (words.size() != 2)
            continue;
        const auto bytes = QByteArray::fromBase64Encoding(words[1], QByteArray::AbortOnBase64DecodingErrors);
        if (bytes && bytes.decoded.size() == Bytes)
            thumbnails[QString::fromUtf8(words[0])] = bytes.decoded;
    }
    return thumbnails;
}

QByteArray thumbnailLines(const QMap<QString, QByteArray> &thumbnails)
{
    QByteArray lines;
    for (auto entry = thumbnails.begin(); entry != thumbnails.end(); ++entry)
        lines += entry.key().toUtf8() + ' ' + entry.value().toBase64() + '\n';
    return lines;
}

}  // namespace support
