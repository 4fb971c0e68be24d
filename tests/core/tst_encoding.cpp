// SPDX-License-Identifier: Apache-2.0
// Sentences in legacy encodings come back, and what is unsure is said.
#include "core/formats/encoding.h"
#include "core/formats/row_file.h"
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

    void aByteOrderMarkThatCameTwiceIsNoText()
    {
        QCOMPARE(decodeText("\xEF\xBB\xBF\xEF\xBB\xBFtext", "f")->text, "text"s);
    }

    void tonesOfVietnameseAreComposed()
    {
        QCOMPARE(decodeText("Ti\xEA\xECng Vi\xEA\xF2t", "f", "windows-1258")->text, "Tiếng Việt"s);
    }

    void differencesShowBothReadings()
    {
        const auto differences =
            core::encodingDifferences("plain\nDer Preis: 50 \xA4 im Monat\n", "ISO-8859-15", "windows-1252", 5);
        QCOMPARE(differences.size(), size_t{1});
        QCOMPARE(differences[0].asRead, "Der Preis: 50 € im Monat"s);
        QCOMPARE(differences[0].otherwise, "Der Preis: 50 ¤ im Monat"s);
    }

    void aGuessIsSaidWithWhatItChanges()
    {
        const support::TempFolder folder;
        support::write(folder / "a.csv", "text,label\nIl me faut 3 \xBD s,a\nnon,b\n");
        const auto file = core::readRowFile(folder / "a.csv");
        VERIFY_RESULT(file);
        QVERIFY(!file->encodingIsCertain);
        QCOMPARE(file->notes.size(), size_t{1});
        QVERIFY2(file->notes[0].starts_with("The encoding is a guess"), file->notes[0].c_str());
        QVERIFY2(file->notes[0].find("3 \u00BD s") != std::string::npos, file->notes[0].c_str());
    }
};

QTEST_GUILESS_MAIN(TestEncoding)
#include "tst_encoding.moc"
