// SPDX-License-Identifier: Apache-2.0
#include "tests/support/thumbnail.h"

#include <QPainter>
#include <QTest>

using support::looksSame;
using support::thumbnailOf;

namespace {

struct Page {
    QString figure = QStringLiteral("right on 55 of 60 rows");
    QColor ground = Qt::white;
    int panel = 300;  ///< its width
    QSize size{1280, 800};
};

/// A page with a rail, a heading, rows of text and a side panel.
QByteArray thumbnail(const Page &page)
{
    QImage image(page.size, QImage::Format_RGB32);
    image.fill(page.ground);
    QPainter painter(&image);
    painter.fillRect(0, 0, 200, image.height(), QColor(0xF5, 0xF4, 0xF0));
    painter.fillRect(image.width() - page.panel, 0, page.panel, image.height(), QColor(0xE8, 0xF1, 0xE8));
    painter.drawText(230, 60, page.figure);
    for (int y = 120; y < image.height(); y += 28)
        painter.drawText(230, y, QStringLiteral("a row of text whose words say nothing"));
    painter.end();
    return thumbnailOf(image);
}

}  // namespace

class TestThumbnail : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pagesThatLookAlike_data()
    {
        QTest::addColumn<QByteArray>("other");
        QTest::addColumn<bool>("same");
        QTest::newRow("the same") << thumbnail({}) << true;
        QTest::newRow("another figure") << thumbnail({.figure = "right on 49 of 60 rows"}) << true;
        QTest::newRow("dark") << thumbnail({.ground = QColor(0x20, 0x20, 0x22)}) << false;
        QTest::newRow("ground of a little other colour") << thumbnail({.ground = QColor(0xF2, 0xF2, 0xFA)}) << false;
        QTest::newRow("wider panel") << thumbnail({.panel = 380}) << false;
        QTest::newRow("no panel") << thumbnail({.panel = 0}) << false;
        QTest::newRow("smaller window") << thumbnail({.size = {900, 520}}) << false;
        QTest::newRow("no picture") << thumbnailOf(QImage()) << false;
    }
    void pagesThatLookAlike()
    {
        QFETCH(const QByteArray, other);
        QFETCH(const bool, same);
        QCOMPARE(looksSame(thumbnail({}), other), same);
        QCOMPARE(looksSame(other, thumbnail({})), same);
    }

    /// Smaller than its cells.
    void tinyPicture()
    {
        QImage dot(1, 1, QImage::Format_RGB32);
        dot.fill(QColor(10, 20, 30));
        const QByteArray thumbnail = thumbnailOf(dot);
        QCOMPARE(thumbnail.size(), 482);
        QCOMPARE(thumbnail.mid(2, 3), QByteArray("\x0A\x14\x1E"));
        QCOMPARE(thumbnail.right(3), QByteArray("\x0A\x14\x1E"));
    }

    void linesAreReadAsTheyWereWritten()
    {
        const QMap<QString, QByteArray> all{{"data", thumbnail({})}, {"data_dark", thumbnail({.ground = Qt::black})}};
        QCOMPARE(support::parseThumbnails(support::thumbnailLines(all)), all);
    }

    void damagedLinesAreLeftOut()
    {
        const QByteArray good = "data " + thumbnail({}).toBase64() + "\n";
        QCOMPARE(support::parseThumbnails("\n\nname\nname !!!\nname AAAA\nname a b c\n" + good).size(), 1);
        QVERIFY(support::parseThumbnails({}).isEmpty());
    }
};

QTEST_MAIN(TestThumbnail)
#include "tst_thumbnail.moc"
