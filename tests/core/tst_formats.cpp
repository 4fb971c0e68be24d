// SPDX-License-Identifier: Apache-2.0
#include "core/formats/csv.h"
#include "core/formats/encoding.h"
#include "core/formats/jsonl.h"
#include "core/formats/row_file.h"
#include "core/formats/row_shapes.h"
#include "tests/support/support.h"

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
        const auto file = core::parseCsv("a,b\r\n\"x, y\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",\"\"\r\nplain,\n", ',');
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
        QTest::addColumn<char>("separator");
        QTest::newRow("comma") << QByteArray("a,b\n1,2\n") << ',';
        QTest::newRow("semicolon") << QByteArray("a;b\n\"1,5\";2\n1,7;3\n") << ';';
        QTest::newRow("tab") << QByteArray("a\tb\nx, y\tz\n") << '\t';
        QTest::newRow("one column") << QByteArray("context\nhello, you; there\n") << ',';
    }
    void findsTheSeparator()
    {
        QFETCH(QByteArray, text);
        QFETCH(char, separator);
        QCOMPARE(core::detectSeparator(text.toStdString()), separator);
    }

    void aQuoteThatNeverClosesCostsOneRow()
    {
        const auto file = core::parseCsv("question,answer\nfine,a\n\"cut in the mid", ',');
        QCOMPARE(file.records.size(), size_t{1});
        QCOMPARE(file.rejections.size(), size_t{1});
        QCOMPARE(file.rejections[0].row, int64_t{3});
        QVERIFY(file.rejections[0].reason.find("never closed") != std::string::npos);

        const auto middle = core::parseCsv("question,answer\n\"open,a\nnext,b\nlast,c\n", ',');
        QCOMPARE(middle.records.size(), size_t{2});
        QCOMPARE(middle.rejections.size(), size_t{1});
        QCOMPARE(cell(middle, 0, "question"), std::string("next"));
    }

    void rowsOfOtherWidthAreNamed()
    {
        const auto file = core::parseCsv("a,b\n1\n1,2,3\n\n1,2\n", ',');
        QCOMPARE(file.records.size(), size_t{1});
        QCOMPARE(file.rejections.size(), size_t{2});
        QCOMPARE(file.rejections[1].reason, std::string("it has 3 cells, the header has 2"));
    }

    void jsonInACellIsReadThoughItsQuotesAreNotDoubled()
    {
        for (const char *line : {"\"a text, with comma\", \"{\"Refund\": 1, \"Delivery\": 0}\"",
                                 "\"a text, with comma\",\"{\"Refund\": 1, \"Delivery\": 0}\"",
                                 "\"a text, with comma\",\"{\"\"Refund\"\": 1, \"\"Delivery\"\": 0}\""}) {
            const auto file = core::parseCsv(std::string("input,expected_output\n") + line + "\n", ',');
            QVERIFY2(file.rejections.empty(), line);
            const auto row = core::shapeRow(file.records.at(0), {});
            QVERIFY2(row.has_value(), row.has_value() ? "" : row.error().c_str());
            QCOMPARE(row->text, std::string("a text, with comma"));
            QCOMPARE(*row->label, std::string("Refund"));
        }
    }

    void writtenCellsAreReadBack()
    {
        const std::vector<std::string> cells{"plain", "com,ma", "quo\"te", "new\nline", "", " space "};
        const auto file = core::parseCsv("a,b,c,d,e,f\n" + core::csvRow(cells), ',');
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

    void aCellWithSeveralLabelsIsRefusedWithTheReason()
    {
        const auto file =
            core::parseCsv("input,expected_output\n\"a text\", \"{\"A\": 1, \"B\": 0, \"C\": 1}\"\n", ',');
        QCOMPARE(file.records.size(), size_t{1});
        const auto row = core::shapeRow(file.records[0], {});
        QVERIFY(!row.has_value());
        QVERIFY(row.error().find("2 labels at once") != std::string::npos);
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
        const auto row = core::shapeRow({1, nlohmann::ordered_json::parse(json.toStdString())}, hints);
        QVERIFY2(row.has_value(), row.has_value() ? "" : row.error().c_str());
        QCOMPARE(row->text, text.toStdString());
        QCOMPARE(row->label.value_or("-"), label.toStdString());
    }

    void zeroAndOneAreClassesOfTheirOwnWithoutAList()
    {
        const auto row = core::shapeRow({1, {{"prompt", "p"}, {"completion", 1}}}, {});
        QVERIFY(row.has_value());
        QCOMPARE(*row->label, std::string("1"));
    }

    void rowsThatCannotBeUsedSayWhy_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("several labels") << QByteArray(R"({"prompt":"p","completion":{"a":1,"b":1}})")
                                        << QByteArray("2 labels at once");
        QTest::newRow("no label set") << QByteArray(R"({"prompt":"p","completion":{"a":0,"b":0}})")
                                      << QByteArray("none of its labels is 1");
        QTest::newRow("text is a number") << QByteArray(R"({"text":5})") << QByteArray("is no text");
        QTest::newRow("unknown fields") << QByteArray(R"({"foo":"x","bar":"y"})") << QByteArray("foo, bar");
        QTest::newRow("chat without user")
            << QByteArray(R"({"messages":[{"role":"assistant","content":"a"}]})") << QByteArray("from the user");
        QTest::newRow("messages is text") << QByteArray(R"({"messages":"x"})") << QByteArray("no list");
        QTest::newRow("label is a list") << QByteArray(R"({"text":"t","label":["a"]})") << QByteArray("neither a name");
        QTest::newRow("broken map in the cell")
            << QByteArray("{\"input\":\"i\",\"expected_output\":\"{\\\"a\\\":\"}") << QByteArray("no JSON");
    }
    void rowsThatCannotBeUsedSayWhy()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, word);
        const auto row = core::shapeRow({1, nlohmann::ordered_json::parse(json.toStdString())}, {});
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
