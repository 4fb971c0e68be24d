// SPDX-License-Identifier: Apache-2.0
// Sentences in legacy encodings, stray zeros, files of two encodings, and files that are no text.
#include "core/formats/encoding.h"
#include "tests/support/support.h"

#include <memory>
#include <sstream>
#include <unicode/normalizer2.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

using core::decodeText;
using namespace std::string_literals;

namespace {

/// Vietnamese tones are characters of their own in windows-1258.
icu::UnicodeString withTonesApart(const icu::UnicodeString &text)
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *nfd = icu::Normalizer2::getNFDInstance(status);
    const icu::Normalizer2 *nfc = icu::Normalizer2::getNFCInstance(status);
    const icu::UnicodeString tones(u"\u0300\u0301\u0303\u0309\u0323");
    icu::UnicodeString result;
    for (int32_t i = 0; i < text.length(); ++i) {
        const icu::UnicodeString parts = nfd->normalize(icu::UnicodeString(text[i]), status);
        icu::UnicodeString base, tone;
        for (int32_t k = 0; k < parts.length(); ++k)
            (tones.indexOf(parts[k]) >= 0 ? tone : base) += parts[k];
        result += nfc->normalize(base, status) + tone;
    }
    return result;
}

/// Empty where a character is missing in the encoding.
std::string encoded(const std::string &text, const std::string &encoding)
{
    icu::UnicodeString from = icu::UnicodeString::fromUTF8(text);
    if (encoding == "windows-1258")
        from = withTonesApart(from);
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> to(ucnv_open(encoding.c_str(), &status), &ucnv_close);
    ucnv_setFromUCallBack(to.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    std::string bytes(static_cast<size_t>(from.length()) * 8 + 16, '\0');
    const int32_t length = ucnv_fromUChars(to.get(), bytes.data(), static_cast<int32_t>(bytes.size()), from.getBuffer(),
                                           from.length(), &status);
    if (U_FAILURE(status))
        return {};
    bytes.resize(static_cast<size_t>(length));
    return bytes;
}

void replaceAll(std::string &text, const std::string &what, const std::string &with)
{
    for (size_t i = 0; (i = text.find(what, i)) != std::string::npos; i += with.size())
        text.replace(i, what.size(), with);
}

}  // namespace

class TestEncoding : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sentencesComeBack()
    {
        std::istringstream lines(support::read(std::filesystem::path(FIXTURES_FOLDER) / "encoding_sentences.txt"));
        int all = 0, right = 0, silent = 0;
        for (std::string line; std::getline(lines, line);) {
            const size_t bar = line.find(" | ");
            if (line.empty() || line[0] == '#' || bar == std::string::npos)
                continue;
            std::string text = line.substr(bar + 3);
            replaceAll(text, "\u2423", "\u00A0");
            replaceAll(text, "\u23CE", "\n");
            std::istringstream encodings(line.substr(0, bar));
            for (std::string encoding; std::getline(encodings, encoding, ',');) {
                const std::string bytes = encoded(text, encoding);
                QVERIFY2(!bytes.empty(), (encoding + " lacks a character of: " + text).c_str());
                const auto read = decodeText(bytes, "f");
                const bool same = read && read->text == text;
                ++all;
                right += same ? 1 : 0;
                silent += !same && read && read->certain ? 1 : 0;
                if (!same)
                    qWarning("%s as %s: %s", encoding.c_str(), read ? read->encoding.c_str() : "nothing",
                             read ? read->text.c_str() : read.error().message.c_str());
            }
        }
        qInfo("%d of %d right, %d wrong without a word", right, all, silent);
        QVERIFY(all >= 150);
        QVERIFY(right * 100 >= all * 97);
        QCOMPARE(silent, 0);
    }

    void strayZerosStayInTheText()
    {
        const auto one = decodeText("text,label\nI want my mo\0ney,refund\n"s, "f");
        VERIFY_RESULT(one);
        QCOMPARE(one->text, "text,label\nI want my mo\0ney,refund\n"s);
        QCOMPARE(one->zeros, int64_t{1});
        const auto padded = decodeText("caf\xE9 ferm\xE9, merci\n"s + std::string(4096, '\0'), "f");
        VERIFY_RESULT(padded);
        QVERIFY(padded->text.starts_with("caf\u00E9 ferm\u00E9"));
        QCOMPARE(padded->zeros, int64_t{4096});
    }

    void wideTextWithoutAMarkIsFound_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("short") << QStringLiteral("cafe");
        QTest::newRow("Russian") << QString::fromUtf8("Где моя посылка? Жду.");
        QTest::newRow("Japanese") << QString::fromUtf8("荷物はどこですか。三週間も待っています。\n");
        QTest::newRow("Chinese") << QString::fromUtf8("我的包裹在哪里？我已经等了三个星期。\n");
    }
    void wideTextWithoutAMarkIsFound()
    {
        QFETCH(QString, text);
        for (const char *encoding : {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
            const auto read = decodeText(encoded(text.toStdString(), encoding), "f");
            VERIFY_RESULT(read);
            QCOMPARE(QString::fromStdString(read->text), text);
        }
    }

    void marksAreTakenAsTheyCome()
    {
        QCOMPARE(decodeText("\xEF\xBB\xBF\xEF\xBB\xBFtext", "f")->text, "text"s);
        const auto odd = decodeText("\xFF\xFE"s + "a\0b\0\n"s, "f");
        VERIFY_RESULT(odd);
        QCOMPARE(odd->text, "ab"s);
        QCOMPARE(odd->replaced, int64_t{0});
        const auto other = decodeText("\xEF\xBB\xBFLe caf\xE9 est ferm\xE9, merci de r\xE9pondre", "f");
        VERIFY_RESULT(other);
        QVERIFY(other->text.starts_with("Le caf\u00E9"));
    }

    void linesOfTwoEncodingsAreEachReadAsWhatTheyAre()
    {
        const auto read = decodeText("Das Paket ist zur\xC3\xBC"
                                     "ckgekommen, schade f\xC3\xBCr mich.\n"
                                     "Die Lieferung war zu sp\xE4t, sch\xF6nen Gru\xDF.\n",
                                     "f");
        VERIFY_RESULT(read);
        QVERIFY2(read->text.find("zurückgekommen") != std::string::npos, read->text.c_str());
        QVERIFY2(read->text.find("spät, schönen Gruß") != std::string::npos, read->text.c_str());
        QVERIFY(!read->certain);
        QCOMPARE(decodeText("zur\xC3\xBC"
                            "ck\nsp\xE4t\n",
                            "f", read->encoding)
                     ->text,
                 "zurück\nspät\n"s);
    }

    void twiceEncodedLettersAreNotedOnly()
    {
        const std::string text = "Le caf\xC3\x83\xC2\xA9 est ferm\xC3\x83\xC2\xA9";
        const auto read = decodeText(text, "f");
        VERIFY_RESULT(read);
        QCOMPARE(read->text, text);
        QCOMPARE(read->notes.size(), size_t{1});
    }

    void whatIsNoTextIsRefusedWithItsName()
    {
        std::string picture = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\2\0\0\0"s;
        for (int i = 0; i < 500; ++i)
            picture += static_cast<char>(i * 37 + i / 7);
        const auto read = decodeText(picture, "f");
        QVERIFY(!read);
        QVERIFY2(read.error().message.find("PNG") != std::string::npos, read.error().message.c_str());
        QVERIFY(!decodeText(std::string(100, '\0'), "f"));
    }

    void differencesShowBothReadings()
    {
        const auto differences =
            core::differencesOf("plain\nDer Preis: 50 \xA4 im Monat\n", "ISO-8859-15", "windows-1252", 5);
        QCOMPARE(differences.size(), size_t{1});
        QCOMPARE(differences[0].asRead, "Der Preis: 50 € im Monat"s);
        QCOMPARE(differences[0].otherwise, "Der Preis: 50 ¤ im Monat"s);
        QCOMPARE(differences[0].otherEncoding, "windows-1252"s);
    }
};

QTEST_GUILESS_MAIN(TestEncoding)
#include "tst_encoding.moc"
