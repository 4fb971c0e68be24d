// SPDX-License-Identifier: Apache-2.0
// Names of classes: which are meant to be one, and that each survives everything that is done with it.
#include "core/formats/class_name.h"
#include "tests/support/support.h"

using namespace support;

class ClassNamesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleansNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("cleaned");
        QTest::newRow("spaces") << "  refund\t\n"
                                << "refund";
        QTest::newRow("no-break space at the end") << u"refund\u00A0"_qs << "refund";
        QTest::newRow("ideographic space before") << u"\u3000退款"_qs << u"退款"_qs;
        QTest::newRow("no-break space inside") << u"money\u00A0back"_qs << u"money\u00A0back"_qs;
        QTest::newRow("spaces inside") << "money  back"
                                       << "money  back";
        QTest::newRow("byte order mark") << u"\uFEFFrefund"_qs << "refund";
        QTest::newRow("zero width inside") << u"re\u200Bfu\u2060n\uFEFFd"_qs << "refund";
        QTest::newRow("soft hyphen") << u"Rück\u00ADsendung"_qs << u"Rücksendung"_qs;
        QTest::newRow("marks of direction around") << u"\u202Arefund\u202C\u200E"_qs << "refund";
        QTest::newRow("joiner between latin letters") << u"re\u200Dfu\u200Cnd"_qs << "refund";
        QTest::newRow("joiner at the end") << u"refund\u200D"_qs << "refund";
        QTest::newRow("nothing to see") << u"\u200B\u00A0\uFEFF"_qs << "";
        QTest::newRow("empty braille cell") << u"\u2800refund\u2800"_qs << "refund";
        QTest::newRow("persian") << u"می\u200Cخواهم"_qs << u"می\u200Cخواهم"_qs;
        QTest::newRow("hindi") << u"क्\u200Dष"_qs << u"क्\u200Dष"_qs;
        QTest::newRow("family") << u"👨\u200D👩\u200D👧"_qs << u"👨\u200D👩\u200D👧"_qs;
        QTest::newRow("red heart") << u"❤\uFE0F"_qs << u"❤\uFE0F"_qs;
        QTest::newRow("heart on fire") << u"❤\uFE0F\u200D🔥"_qs << u"❤\uFE0F\u200D🔥"_qs;
        const QString scotland = QString::fromUtf8("\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xB3"
                                                   "\xF3\xA0\x81\xA3\xF3\xA0\x81\xB4\xF3\xA0\x81\xBF");
        QTest::newRow("flag of a region") << scotland << scotland;
        QTest::newRow("decomposed accent") << u"cafe\u0301"_qs << u"cafe\u0301"_qs;
        QTest::newRow("line break inside") << "two\nlines"
                                           << "two\nlines";
        QTest::newRow("dots") << ".."
                              << "..";
    }
    void cleansNames()
    {
        QFETCH(QString, name);
        QFETCH(QString, cleaned);
        QCOMPARE(QString::fromStdString(core::cleanedClassName(name.toStdString())), cleaned);
        QCOMPARE(core::cleanedClassName(cleaned.toStdString()), cleaned.toStdString());
    }

    void keepsBytesThatAreNoText()
    {
        QCOMPARE(core::cleanedClassName("re\xFF\xC3und \xE2\x80"), std::string("re\xFF\xC3und \xE2\x80"));
        QCOMPARE(core::cleanedClassName(" \xFF "), std::string("\xFF"));
    }

    void tellsTwins_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::newRow("case") << "Refund"
                              << "refund";
        QTest::newRow("spaces at the ends") << " refund "
                                            << "refund";
        QTest::newRow("two spaces") << "money  back"
                                    << "money back";
        QTest::newRow("underscores") << "return_or_refund"
                                     << "Return or refund";
        QTest::newRow("dashes") << "return-or-refund"
                                << "return_or_refund";
        QTest::newRow("dash with spaces") << u"delivery – late"_qs << "delivery-late";
        QTest::newRow("no-break space") << u"money\u00A0back"_qs << "money back";
        QTest::newRow("zero width") << u"re\u200Bfund"_qs << "refund";
        QTest::newRow("soft hyphen") << u"re\u00ADfund"_qs << "refund";
        QTest::newRow("composed") << u"caf\u00E9"_qs << u"cafe\u0301"_qs;
        QTest::newRow("composed behind a mark") << u"caf\u00E9"_qs << u"cafe\u200B\u0301"_qs;
        QTest::newRow("angstrom") << u"\u212BNG"_qs << u"\u00E5ng"_qs;
        QTest::newRow("full width") << u"ＲＥＦＵＮＤ"_qs << "refund";
        QTest::newRow("half width kana") << u"ｶﾞﾗｽ"_qs << u"ガラス"_qs;
        QTest::newRow("ligature") << u"oﬃce"_qs << "office";
        QTest::newRow("sharp s") << u"STRASSE"_qs << u"Straße"_qs;
        QTest::newRow("final sigma") << u"ΛΟΓΟΣ"_qs << u"λογος"_qs;
        QTest::newRow("turkish") << u"İade"_qs << "iade";
        QTest::newRow("stop at the end") << "Delivery."
                                         << "delivery";
        QTest::newRow("marks at the end") << "Delivery :!"
                                          << "delivery";
        QTest::newRow("ideographic stop") << u"退款。"_qs << u"退款"_qs;
        QTest::newRow("apostrophes") << u"don’t know"_qs << "don't know";
        QTest::newRow("minus signs") << u"−1"_qs << "-1";
        QTest::newRow("line break") << "two\nlines"
                                    << "two lines";
        QTest::newRow("persian joiner") << u"می\u200Cخواهم"_qs << u"میخواهم"_qs;
        QTest::newRow("heart without its form") << u"❤\uFE0F"_qs << u"❤"_qs;
    }
    void tellsTwins()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QVERIFY(one != other);
        QCOMPARE(QString::fromStdString(core::foldedClassName(one.toStdString())),
                 QString::fromStdString(core::foldedClassName(other.toStdString())));
    }

    void keepsOtherNamesApart()
    {
        const std::vector<std::vector<std::string>> groups = {
            {"cafe", "café"},
            {"5", "05", "005", "0.5", "-5", "+5", "temp -5", "temp 5"},
            {"A", "A-", "A+", "A*"},
            {"1", "-1", "+1", "=1", "#1", "@1", "[1]", "'1'", "\"1\""},
            {".", "..", "...", "-", "--", "_", "!", ":", ";", ",", ""},
            {"c", "c++", "c#", ".c"},
            {"a/b", "a\\b", "a|b", "ab", "a b"},
            {":)", ":(", ":-)", ";-)"},
            {"👨", "👨‍👩‍👧", "👨👩👧", "👩"},
            {"и", "й"},
            {"\xFF", "\xFE", "\xFF\xFE"},
        };
        for (const auto &names : groups) {
            std::map<std::string, std::string> seen;
            for (const std::string &name : names) {
                const auto [first, isNew] = seen.emplace(core::foldedClassName(name), name);
                QVERIFY2(isNew, (name + " and " + first->second).c_str());
            }
        }
    }

    void writesOutWhatIsNotSeen()
    {
        const auto visible = [](const QString &name) {
            return QString::fromStdString(core::visibleClassName(name.toStdString()));
        };
        QCOMPARE(visible("money back"), "money back");
        QCOMPARE(visible(u"re\u200Bfund"_qs), "re[U+200B]fund");
        QCOMPARE(visible(u"refund\u00A0 "_qs), "refund[U+00A0][U+0020]");
        QCOMPARE(visible(u"money\u00A0back"_qs), "money[U+00A0]back");
        QCOMPARE(visible("two\nlines"), "two[U+000A]lines");
        QCOMPARE(visible(u"cafe\u0301"_qs), "cafe[U+0301]");
        QCOMPARE(visible(u"caf\u00E9"_qs), u"caf\u00E9"_qs);
        QCOMPARE(visible(u"refund\u200E"_qs), "refund[U+200E]");
        QCOMPARE(visible(u"👨\u200D👩"_qs), u"👨\u200D👩"_qs);
        QCOMPARE(visible(u"می\u200Cخواهم"_qs), u"می\u200Cخواهم"_qs);
        QCOMPARE(core::visibleClassName("re\xFFund"), std::string("re\xFFund"));
    }

    void readsLongNamesInTime()
    {
        for (const char *part :
             {"\xF3\xA0\x81\xA7", "\xE2\x80\x8D", "\xCC\x81\xE2\x80\x8D", "-", " -", ".", "\xE2\x80\x8B"}) {
            std::string name = "a";
            for (int i = 0; i < 200'000; ++i)
                name += part;
            QElapsedTimer timer;
            timer.start();
            QVERIFY(core::cleanedClassName(name).size() <= name.size());
            QVERIFY(!core::foldedClassName(name).empty());
            QVERIFY2(timer.elapsed() < 3000, part);
        }
    }
};

QTEST_APPLESS_MAIN(ClassNamesTest)
#include "tst_class_names.moc"
