// SPDX-License-Identifier: Apache-2.0
#include "core/formats/csv.h"
#include "core/formats/encoding.h"
#include "core/formats/jsonl.h"
#include "core/formats/label_text.h"
#include "core/formats/row_file.h"
#include "core/formats/row_shapes.h"
#include "tests/support/shaped.h"
#include "tests/support/support.h"

#include <unicode/ucnv.h>

using namespace support;

class FormatsTest : public QObject {
    Q_OBJECT

private:
    static std::string cell(const core::RecordFile &file, size_t row, const char *column)
    {
        return file.records.at(row).fields.at(column).get<std::string>();
    }

private Q_SLOTS:
    void readsQuotedCells()
    {
        const auto file = core::parseCsv("a,b\r\n\"x, y\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",\"\"\r\nplain,\n");
        QVERIFY(file.rejections.empty());
        QCOMPARE(file.records.size(), size_t{3});
        QCOMPARE(cell(file, 0, "a"), std::string("x, y"));
        QCOMPARE(cell(file, 0, "b"), std::string("say \"hi\""));
        QCOMPARE(cell(file, 1, "a"), std::string("two\nlines"));
        QCOMPARE(cell(file, 2, "b"), std::string());
        QCOMPARE(file.records[2].row, int64_t{4});
    }

    void findsTheSeparator_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("separator");
        QTest::addColumn<int>("preamble");
        QTest::addColumn<int>("rows");
        QTest::newRow("comma") << QByteArray("a,b\n1,2\n") << QByteArray(",") << 0 << 1;
        QTest::newRow("semicolon") << QByteArray("a;b\n\"1,5\";2\n1,7;3\n") << QByteArray(";") << 0 << 2;
        QTest::newRow("tab") << QByteArray("a\tb\nx, y\tz\n") << QByteArray("\t") << 0 << 1;
        QTest::newRow("pipe") << QByteArray("text|label\nfine, thanks|a\nwell, no|b\n") << QByteArray("|") << 0 << 2;
        QTest::newRow("two pipes") << QByteArray("text||label\na | b||x\nc||y\n") << QByteArray("||") << 0 << 2;
        QTest::newRow("caret") << QByteArray("text^label\nfine, thanks^a\nno^b\n") << QByteArray("^") << 0 << 2;
        QTest::newRow("unit separator") << QByteArray("text\x1Flabel\nfine, thanks\x1F"
                                                      "a\n")
                                        << QByteArray("\x1F") << 0 << 1;
        QTest::newRow("one column") << QByteArray("context\nhello, you; there\n") << QByteArray() << 0 << 1;
        QTest::newRow("one column of prose") << QByteArray("text\nfirst: a, b\nsecond: c\n") << QByteArray() << 0 << 2;
        QTest::newRow("heading above") << QByteArray("Mails of May\n\ntext;label\na;x\nb;y\n") << QByteArray(";") << 2
                                       << 2;
        QTest::newRow("carriage returns") << QByteArray("text,label\ra,x\rb,y\r") << QByteArray(",") << 0 << 2;
        QTest::newRow("rows of other width")
            << QByteArray("a,b,c\n1,2,3\n1,2\n1,2,3\n1,2,3\n") << QByteArray(",") << 0 << 4;
    }
    void findsTheSeparator()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, separator);
        QFETCH(int, preamble);
        QFETCH(int, rows);
        const auto dialect = core::detectDialect(text.toStdString());
        QCOMPARE(QByteArray::fromStdString(dialect.separator), separator);
        QCOMPARE(static_cast<int>(dialect.preamble), preamble);
        QCOMPARE(static_cast<int>(core::parseCsv(text.toStdString(), dialect).records.size()), rows);
    }

    void otherQuotesAreFound()
    {
        const std::string single = "text,label\n'it is, well, fine',a\n'no, it is not',b\n";
        const auto quoted = core::detectDialect(single);
        QCOMPARE(quoted.quote, '\'');
        QCOMPARE(cell(core::parseCsv(single, quoted), 0, "text"), std::string("it is, well, fine"));
        const std::string backslash = "text,label\n\"say \\\"hi\\\", please\",a\n\"plain, too\",b\n";
        const auto escaped = core::detectDialect(backslash);
        QVERIFY(escaped.backslash);
        QCOMPARE(cell(core::parseCsv(backslash, escaped), 0, "text"), std::string("say \"hi\", please"));
    }

    void aQuoteThatNeverClosesCostsOneRow()
    {
        const auto file = core::parseCsv("question,answer\nfine,a\n\"cut in the mid");
        QCOMPARE(file.records.size(), size_t{1});
        QCOMPARE(file.rejections.size(), size_t{1});
        QCOMPARE(file.rejections[0].row, int64_t{3});
        QVERIFY(file.rejections[0].reason.find("never closed") != std::string::npos);

        const auto middle = core::parseCsv("question,answer\n\"open,a\nnext,b\nlast,c\n");
        QCOMPARE(middle.records.size(), size_t{3});
        QVERIFY(middle.rejections.empty());
        QCOMPARE(cell(middle, 0, "question"), std::string("\"open"));
        QVERIFY(middle.notes.at(0).find("row 2") != std::string::npos);
    }

    void rowsOfOtherWidthAreNamed()
    {
        const auto file = core::parseCsv("a,b\n1\n3,4, and 5\n\n1,2\n");
        QCOMPARE(file.records.size(), size_t{2});
        QCOMPARE(cell(file, 0, "b"), std::string());
        QVERIFY(file.notes.at(0).find("1 row has fewer cells") != std::string::npos);
        QCOMPARE(file.rejections.size(), size_t{1});
        QCOMPARE(file.rejections[0].row, int64_t{3});
        QVERIFY(file.rejections[0].reason.starts_with("it has 3 cells, the header has 2"));
    }

    void jsonInACellIsReadThoughItsQuotesAreNotDoubled()
    {
        for (const char *line : {"\"a text, with comma\", \"{\"Refund\": 1, \"Delivery\": 0}\"",
                                 "\"a text, with comma\",\"{\"Refund\": 1, \"Delivery\": 0}\"",
                                 "\"a text, with comma\",\"{\"\"Refund\"\": 1, \"\"Delivery\"\": 0}\""}) {
            const auto file = core::parseCsv(std::string("input,expected_output\n") + line + "\n");
            QVERIFY2(file.rejections.empty(), line);
            const auto row = support::shaped(file.records.at(0), {});
            QVERIFY2(row.has_value(), row.has_value() ? "" : row.error().c_str());
            QCOMPARE(row->text, std::string("a text, with comma"));
            QCOMPARE(row->labels, std::vector<std::string>{"Refund"});
        }
    }

    void writtenCellsAreReadBack()
    {
        const std::vector<std::string> cells{"plain", "com,ma", "quo\"te", "new\nline", "", " space "};
        const auto file = core::parseCsv("a,b,c,d,e,f\n" + core::csvRow(cells));
        QCOMPARE(file.records.size(), size_t{1});
        size_t i = 0;
        for (const auto &[name, value] : file.records[0].fields.items())
            QCOMPARE(value.get<std::string>(), cells[i++]);
    }

    void brokenJsonLinesAreReportedByNumber()
    {
        const auto file = core::parseJsonRows("{\"text\":\"one\"}\n{\"text\":\n\n[1]\n{\"text\":\"two\xE2\x80\xA8still "
                                              "two\"}\n{\"a\":1,\"a\":2}\nnull\n");
        QCOMPARE(file.records.size(), size_t{2});
        QCOMPARE(file.records[1].row, int64_t{5});
        QVERIFY(file.records[1].fields["text"].get<std::string>().find("still two") != std::string::npos);
        std::vector<int64_t> rows;
        for (const auto &r : file.rejections)
            rows.push_back(r.row);
        QCOMPARE(rows, (std::vector<int64_t>{2, 4, 6, 7}));
    }

    void objectsSpreadOverLinesAreRead()
    {
        const auto file = core::parseJsonRows(
            "{\n\"prompt\": \"one\",\n\"completion\": 1\n}\n\n  {\n\"prompt\": \"two\",\n\"completion\": {\n"
            "\"A\": 1,\n\"B\": 0\n}\n},\n{\"prompt\":\"three\"}\n{\nnever closed\n");
        QCOMPARE(file.records.size(), size_t{3});
        QCOMPARE(file.records[1].row, int64_t{6});
        QCOMPARE(file.records[1].fields["completion"]["A"].get<int>(), 1);
        QCOMPARE(file.records[2].row, int64_t{13});
        QCOMPARE(file.rejections.size(), size_t{2});
        QCOMPARE(file.rejections[0].row, int64_t{14});
    }

    void severalLabelsOfARow_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<bool>("takesSeveral");
        QTest::addColumn<QByteArray>("labels");  // joined; "-": nobody has labelled it
        const auto row = [](const char *name, const char *json, bool several, const char *labels) {
            QTest::newRow(name) << QByteArray(json) << several << QByteArray(labels);
        };
        row("map", R"({"prompt":"p","completion":{"a":1,"b":0,"c":1}})", false, "a; c");
        row("map of booleans", R"({"prompt":"p","completion":{"a":true,"b":false,"c":true}})", true, "a; c");
        row("map without any", R"({"prompt":"p","completion":{"a":0,"b":0}})", false, "[]");
        row("map of one, not set", R"({"prompt":"p","completion":{"a":0}})", true, "[]");
        row("map in the cell", "{\"input\":\"i\",\"expected_output\":\"{\\\"a\\\": 1, \\\"b\\\": 1}\"}", false, "a; b");
        row("list", R"({"text":"t","label":["b","a","b"]})", false, "b; a");
        row("list of indices", R"({"text":"t","label":[0,1]})", true, "a; b, with comma");
        row("empty list", R"({"text":"t","label":[]})", true, "[]");
        row("list in the cell", "{\"text\":\"t\",\"label\":\"[\\\"a\\\", \\\"x; y\\\"]\"}", false, R"(["a","x; y"])");
        row("a field of labels", R"({"text":"t","labels":["c","a"]})", true, "c; a");
        row("names with semicolons", R"({"text":"t","label":"a ; x;a"})", true, "a; x");
        row("names with bars", R"({"text":"t","label":"a|x"})", true, "a; x");
        row("classes with commas", R"({"text":"t","label":"a, c"})", true, "a; c");
        row("numbers with commas are names", R"({"text":"t","label":"0,2"})", true, "0; 2");
        row("one class with a comma", R"({"text":"t","label":"b, with comma"})", true, "b, with comma");
        row("a sentence with a comma", R"({"text":"t","label":"new, and odd"})", true, "new, and odd");
        row("one label a row is not taken apart", R"({"text":"t","label":"a; x"})", false, R"(["a; x"])");
        row("nothing", R"({"text":"t","label":" "})", true, "-");
    }
    void severalLabelsOfARow()
    {
        QFETCH(QByteArray, json);
        QFETCH(bool, takesSeveral);
        QFETCH(QByteArray, labels);
        const core::ShapeHints hints{.classes = {"a", "b, with comma", "c"}, .takesSeveral = takesSeveral};
        const auto row = support::shaped({1, nlohmann::ordered_json::parse(json.toStdString())}, hints);
        QVERIFY2(row.has_value(), row.has_value() ? "" : row.error().c_str());
        QCOMPARE(row->isAnswered ? core::joinLabels(row->labels) : "-", labels.toStdString());
    }

    void joinedLabelsAreTakenApartAgain()
    {
        const std::vector<std::vector<std::string>> sets{
            {}, {"a"}, {"a", "b"}, {"x; y"}, {"x|y", "z"}, {"[odd"}, {"{\"map\": 1}", "b"}, {"\xC3\xA9t\xC3\xA9", "b"}};
        for (const auto &set : sets)
            QCOMPARE(core::splitLabels(core::joinLabels(set), {"a"}), set);
    }

    void jsonArraysAreRows()
    {
        const auto file = core::parseJsonRows(" [ {\"text\":\"a\"}, 5, {\"text\":\"b\"} ]");
        QCOMPARE(file.records.size(), size_t{2});
        QCOMPARE(file.rejections.size(), size_t{1});
        QCOMPARE(file.rejections[0].row, int64_t{2});
        QCOMPARE(core::parseJsonRows(std::string(100'000, '[')).rejections.size(), size_t{1});
    }

    void everyShapeIsUnderstood_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("label");  // "-" for none
        QTest::newRow("question, answer")
            << QByteArray(R"({"question":"q","answer":"refund"})") << QByteArray("q") << QByteArray("refund");
        QTest::newRow("context") << QByteArray(R"({"context":"c"})") << QByteArray("c") << QByteArray("-");
        QTest::newRow("text, label") << QByteArray(R"({"text":"t","label":" refund "})") << QByteArray("t")
                                     << QByteArray("refund");
        QTest::newRow("sentence, label") << QByteArray(R"({"sentence":"t","label":"refund"})") << QByteArray("t")
                                         << QByteArray("refund");
        QTest::newRow("label as index") << QByteArray(R"({"text":"t","label":1})") << QByteArray("t")
                                        << QByteArray("delivery");
        QTest::newRow("prompt, 0/1") << QByteArray(R"({"prompt":"p","completion":0})") << QByteArray("p")
                                     << QByteArray("refund");
        QTest::newRow("prompt, map") << QByteArray(R"({"prompt":"p","completion":{"refund":0,"delivery":1}})")
                                     << QByteArray("p") << QByteArray("delivery");
        QTest::newRow("prompt, map of one, set")
            << QByteArray(R"({"prompt":"p","completion":{"refund":1}})") << QByteArray("p") << QByteArray("refund");
        QTest::newRow("prompt, map of one, not set")
            << QByteArray(R"({"prompt":"p","completion":{"refund":0}})") << QByteArray("p") << QByteArray("delivery");
        QTest::newRow("input, label") << QByteArray(R"({"input":"i","expected_output":"refund"})") << QByteArray("i")
                                      << QByteArray("refund");
        QTest::newRow("input, map in the cell")
            << QByteArray("{\"input\":\"i\",\"expected_output\":\"{\\\"refund\\\":0,\\\"delivery\\\":1}\"}")
            << QByteArray("i") << QByteArray("delivery");
        QTest::newRow("chat")
            << QByteArray(
                   R"({"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":"refund"}]})")
            << QByteArray("u") << QByteArray("refund");
        QTest::newRow("misleading label")
            << QByteArray(R"({"input_text":"x","label":"refund","misleading_label":"delivery"})") << QByteArray("x")
            << QByteArray("refund");
        QTest::newRow("empty label") << QByteArray(R"({"text":"t","label":""})") << QByteArray("t") << QByteArray("-");
        QTest::newRow("null label") << QByteArray(R"({"text":"t","label":null})") << QByteArray("t") << QByteArray("-");
    }
    void everyShapeIsUnderstood()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, label);
        core::ShapeHints hints;
        hints.classes = {"refund", "delivery"};
        const auto row = support::shaped({1, nlohmann::ordered_json::parse(json.toStdString())}, hints);
        QVERIFY2(row.has_value(), row.has_value() ? "" : row.error().c_str());
        QCOMPARE(row->text, text.toStdString());
        QCOMPARE(row->labels.empty() ? "-" : row->labels.front(), label.toStdString());
        QCOMPARE(row->labels.size(), size_t{row->isAnswered ? 1U : 0U});
    }

    void zeroAndOneAreClassesOfTheirOwnWithoutAList()
    {
        const auto row = support::shaped({1, {{"prompt", "p"}, {"completion", 1}}}, {});
        QVERIFY(row.has_value());
        QCOMPARE(row->labels, std::vector<std::string>{"1"});
    }

    void rowsThatCannotBeUsedSayWhy_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("map of words") << QByteArray(R"({"prompt":"p","completion":{"a":"yes"}})")
                                      << QByteArray("neither 0 nor 1");
        QTest::newRow("text is a number") << QByteArray(R"({"text":5})") << QByteArray("is no text");
        QTest::newRow("unknown fields") << QByteArray(R"({"foo":"x","bar":"y"})") << QByteArray("\"foo\", \"bar\"");
        QTest::newRow("chat without user")
            << QByteArray(R"({"messages":[{"role":"assistant","content":"a"}]})") << QByteArray("from the user");
        QTest::newRow("messages is text") << QByteArray(R"({"messages":"x"})") << QByteArray("no list");
        QTest::newRow("list of lists") << QByteArray(R"({"text":"t","label":[["a"]]})") << QByteArray("something else");
        QTest::newRow("list with an empty name")
            << QByteArray(R"({"text":"t","label":["a"," "]})") << QByteArray("has no name");
        QTest::newRow("label is a fraction")
            << QByteArray(R"({"text":"t","label":0.5})") << QByteArray("neither a name");
        QTest::newRow("broken map in the cell")
            << QByteArray("{\"input\":\"i\",\"expected_output\":\"{\\\"a\\\":\"}") << QByteArray("no JSON");
    }
    void rowsThatCannotBeUsedSayWhy()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, word);
        const auto row = support::shaped({1, nlohmann::ordered_json::parse(json.toStdString())}, {});
        QVERIFY(!row.has_value());
        QVERIFY2(row.error().find(word.toStdString()) != std::string::npos, row.error().c_str());
    }

    void encodingsBecomeUtf8()
    {
        const auto bom = core::decodeText("\xEF\xBB\xBF"
                                          "text",
                                          "f");
        VERIFY_RESULT(bom);
        QCOMPARE(bom->text, std::string("text"));
        const auto utf16 = core::decodeText(std::string("\xFF\xFE"
                                                        "c\0a\0f\0\xE9\0",
                                                        10),
                                            "f");
        VERIFY_RESULT(utf16);
        QCOMPARE(utf16->text, std::string("caf\xC3\xA9"));
        const auto latin = core::decodeText("Le caf\xE9 est ferm\xE9 et la th\xE9i\xE8re est cass\xE9"
                                            "e, merci de r\xE9pondre",
                                            "f");
        VERIFY_RESULT(latin);
        QVERIFY(latin->text.starts_with("Le caf\xC3\xA9"));
        QVERIFY(!core::decodeText(std::string("\0\x01\x02\xFF\xFE\0", 6), "f").has_value());
    }

    void legacyEncodingsAreFound_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("encoding");
        const auto russian =
            QStringLiteral("\u041A\u0443\u0434\u0430 \u043F\u0440\u043E\u043F\u0430\u043B\u0430 \u043C\u043E\u044F "
                           "\u043F\u043E\u0441\u044B\u043B\u043A\u0430? \u042F \u0436\u0434\u0443 \u0435\u0451 "
                           "\u0443\u0436\u0435 \u0442\u0440\u0438 \u043D\u0435\u0434\u0435\u043B\u0438.");
        for (const char *encoding : {"windows-1251", "KOI8-R", "ISO-8859-5", "IBM866", "x-mac-cyrillic"})
            QTest::newRow(encoding) << russian << QByteArray(encoding);
        QTest::newRow("Polish") << QStringLiteral(
                                       "Gdzie jest moja paczka? Czekam ju\u017C trzy tygodnie, prosz\u0119 o zwrot "
                                       "pieni\u0119dzy za zam\u00F3wienie, kt\u00F3re z\u0142o\u017Cy\u0142em.")
                                << QByteArray("windows-1250");
        QTest::newRow("French") << QStringLiteral(
                                       "O\u00F9 est mon colis\u00A0? Il a \u00E9t\u00E9 exp\u00E9di\u00E9 il y a trois "
                                       "semaines, \u00E7a me pla\u00EEt gu\u00E8re.")
                                << QByteArray("windows-1252");
        QTest::newRow("Turkish")
            << QStringLiteral("Kargom nerede? \u00DC\u00E7 haftad\u0131r bekliyorum, l\u00FCtfen param\u0131 geri "
                              "verin, te\u015Fekk\u00FCr ederim, iyi g\u00FCnler, sa\u011Fol\u0131n.")
            << QByteArray("windows-1254");
        QTest::newRow("Greek")
            << QStringLiteral(
                   "\u03A0\u03BF\u03CD \u03B5\u03AF\u03BD\u03B1\u03B9 \u03C4\u03BF "
                   "\u03B4\u03AD\u03BC\u03B1 \u03BC\u03BF\u03C5; \u03A0\u03B5\u03C1\u03B9\u03BC\u03AD\u03BD\u03C9 "
                   "\u03C4\u03C1\u03B5\u03B9\u03C2 \u03B5\u03B2\u03B4\u03BF\u03BC\u03AC\u03B4\u03B5\u03C2.")
            << QByteArray("windows-1253");
        const auto japanese =
            QStringLiteral("\u8377\u7269\u306F\u3069\u3053\u3067\u3059\u304B\u3002\u4E09\u9031\u9593\u3082"
                           "\u5F85\u3063\u3066\u3044\u307E\u3059\u3002\u8FD4\u91D1\u3057\u3066\u304F\u3060"
                           "\u3055\u3044\u3002");
        for (const char *encoding : {"windows-31j", "EUC-JP", "ISO-2022-JP"})
            QTest::newRow(encoding) << japanese << QByteArray(encoding);
        for (const char *encoding : {"UTF-16LE", "UTF-16BE", "UTF-32LE"})
            QTest::newRow(encoding) << QStringLiteral("Where is my parcel? ") + japanese << QByteArray(encoding);
        QTest::newRow("Korean") << QStringLiteral("\uC81C \uC18C\uD3EC\uB294 \uC5B4\uB514\uC5D0 \uC788\uB098\uC694? "
                                                  "\uC0BC \uC8FC \uB3D9\uC548 \uAE30\uB2E4\uB838\uC2B5\uB2C8\uB2E4.")
                                << QByteArray("windows-949");
        QTest::newRow("Chinese") << QStringLiteral(
                                        "\u6211\u7684\u5305\u88F9\u5728\u54EA\u91CC\uFF1F\u6211\u5DF2\u7ECF\u7B49\u4E86"
                                        "\u4E09\u4E2A\u661F\u671F\uFF0C\u8BF7\u9000\u6B3E\u7ED9\u6211\u3002")
                                 << QByteArray("GB18030");
    }
    void legacyEncodingsAreFound()
    {
        QFETCH(QString, text);
        QFETCH(QByteArray, encoding);
        std::string bytes(static_cast<size_t>(text.size()) * 8, '\0');
        UErrorCode status = U_ZERO_ERROR;
        const int32_t length =
            ucnv_convert(encoding.constData(), "UTF-8", bytes.data(), static_cast<int32_t>(bytes.size()),
                         text.toUtf8().constData(), static_cast<int32_t>(text.toUtf8().size()), &status);
        QVERIFY(U_SUCCESS(status));
        bytes.resize(static_cast<size_t>(length));
        const auto read = core::decodeText(bytes, "f");
        VERIFY_RESULT(read);
        QCOMPARE(QString::fromStdString(read->text), text);
        const auto asked = core::decodeText(bytes, "f", encoding.toStdString());
        VERIFY_RESULT(asked);
        QCOMPARE(asked->text, read->text);
    }

    void brokenBytesAreCountedAndUnknownEncodingsNamed()
    {
        const auto broken = core::decodeText("caf\xC3\xA9 na\xC3\xAFve \xFF th\xC3\xA9 \xC3\xA0", "f");
        VERIFY_RESULT(broken);
        QCOMPARE(broken->encoding, std::string("UTF-8"));
        QCOMPARE(broken->replaced, int64_t{1});
        QVERIFY(!broken->certain);
        QVERIFY(broken->text.find("th\xC3\xA9") != std::string::npos);
        QCOMPARE(core::decodeText("x", "f", "klingon").error().code, base::ErrorCode::InvalidInput);
    }

    void filesAreReadByKind()
    {
        const TempFolder folder;
        write(folder / "a.CSV", "text;label\nx;y\n");
        write(folder / "a.bin", "x");
        write(folder / "empty.csv", "");
        const auto csv = core::readRowFile(folder / "a.CSV");
        VERIFY_RESULT(csv);
        QCOMPARE(csv->columns, (std::vector<std::string>{"text", "label"}));
        QCOMPARE(core::readRowFile(folder / "a.bin").error().code, base::ErrorCode::Unsupported);
        QCOMPARE(core::readRowFile(folder / "empty.csv").error().code, base::ErrorCode::InvalidInput);
        QCOMPARE(core::readRowFile(folder / "gone.csv").error().code, base::ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(FormatsTest)
#include "tst_formats.moc"
