// SPDX-License-Identifier: Apache-2.0
// Which words an answer rests on.
#include "core/classify/explanation.h"
#include "tests/support/support.h"

#include <cmath>

using namespace support;

class ExplanationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto opened = core::ClassifierSession::open(golden("tiny_classifier"), 1);
        VERIFY_RESULT(opened);
        m_classifier.emplace(std::move(*opened));
    }

    void partsAreTheText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("plain") << QByteArray("Refund my card, please!");
        QTest::newRow("one word") << QByteArray("refund");
        QTest::newRow("without spaces") << QByteArray("東京日本語 und Straße café");
        QTest::newRow("emoji") << QByteArray("where \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xA7 is it");
        QTest::newRow("no UTF-8") << QByteArray("where \xFF\xC3 is my \xE6\x9D parcel");
        QTest::newRow("long") << QByteArray("refund my card please ").repeated(300);
    }
    void partsAreTheText()
    {
        QFETCH(QByteArray, text);
        const auto made = core::explain(*m_classifier, text.toStdString(), 1, {});
        VERIFY_RESULT(made);
        std::string joined;
        double sum = 0;
        bool isRead = true;
        for (const core::TextPart &part : made->parts) {
            joined += part.text;
            sum += part.logOdds;
            QVERIFY(isRead || !part.isRead);  // what is read ends once
            QVERIFY(part.isRead || part.logOdds == 0);
            isRead = part.isRead;
        }
        QCOMPARE(joined, text.toStdString());
        const double whole = made->logOdds - made->neutralLogOdds;
        QVERIFY2(std::abs(sum - whole) <= 0.03 * std::max(1.0, std::abs(whole)), qPrintable(QString::number(sum)));
        QCOMPARE(isRead, text.size() < 1000);
    }

    void anEmptyTextIsRefused()
    {
        for (const char *text : {"", " \n\t "}) {
            const auto made = core::explain(*m_classifier, text, 1, {});
            QVERIFY(!made);
            QCOMPARE(made.error().code, base::ErrorCode::InvalidInput);
        }
    }

    void wordsAreWhole()
    {
        // "refunding" is two tokens, one word.
        const auto made = core::explain(*m_classifier, "my refunding card", 0, {});
        VERIFY_RESULT(made);
        std::vector<std::string> words;
        for (const core::TextPart &part : made->parts)
            words.push_back(part.text);
        QCOMPARE(words, (std::vector<std::string>{"my", " ", "refunding", " ", "card"}));
        const auto deciding = core::decidingWords(*made, 2);
        QVERIFY(deciding.supporting.size() <= 2 && deciding.opposing.size() <= 2);
        for (size_t i = 1; i < deciding.supporting.size(); ++i)
            QVERIFY(deciding.supporting[i - 1]->logOdds >= deciding.supporting[i]->logOdds);
        for (const auto *part : deciding.opposing)
            QVERIFY(part->logOdds < 0);
    }

    void classesThatAreNotThereAreRefused()
    {
        for (const int label : {-1, 3}) {
            const auto made = core::explain(*m_classifier, "refund", label, {});
            QVERIFY(!made);
            QVERIFY(made.error().code == base::ErrorCode::InvalidInput);
        }
    }

private:
    std::optional<core::ClassifierSession> m_classifier;
};

QTEST_GUILESS_MAIN(ExplanationTest)
#include "tst_explanation.moc"
