// SPDX-License-Identifier: Apache-2.0
// JSON that is broken, cut off, large, or almost JSON.
#include "core/engine/json/strict_json.h"
#include "core/formats/jsonl.h"
#include "core/formats/row_file.h"
#include "tests/support/record_text.h"
#include "tests/support/support.h"

#include <algorithm>
#include <chrono>
#include <random>

using namespace support;
using namespace std::string_literals;

namespace {

double secondsOf(const std::function<void()> &work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string rowsInOneLine(size_t bytes)
{
    std::string text = "[";
    for (size_t i = 0; text.size() < bytes; ++i) {
        text += std::string(i == 0 ? "" : ", ") + "{\"text\": \"the parcel with number " + std::to_string(i) +
                R"( has not come yet, and nobody at the depot picks up the phone or answers \"mails\"", "label": ")" +
                (i % 2 == 0 ? "delivery" : "refund") + "\", \"id\": " + std::to_string(i) + "}";
    }
    return text + "]";
}

}  // namespace

class JsonBrokenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsAlmostJsonIsMended_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QByteArray>("note");
        const auto row = [](const char *name, QByteArray json, const char *rows, const char *note) {
            QTest::newRow(name) << std::move(json) << QByteArray(rows) << QByteArray(note);
        };
        const char *nothing = R"(1 {"text":"a","label":null})";
        for (const char *word : {"NaN", "Infinity", "-Infinity", "undefined", "None", "nan"}) {
            row(word, R"({"text":"a","label":)" + QByteArray(word) + "}", nothing, "Row 1 holds NaN");
            row((word + " in a list"s).c_str(), R"([{"text":"a","label": )" + QByteArray(word) + "\n}]", nothing,
                "Row 1 holds NaN");
        }
        row("the word in a text", R"({"text":"NaN, None, undefined","label":NaN})",
            R"(1 {"text":"NaN, None, undefined","label":null})", "holds NaN");
        row("NaN in a table", R"({"text":{"0":"a"},"label":{"0":NaN}})", nothing, "holds NaN");
        row("a zero", QByteArray("{\"text\":\"br\0oken\"}", 19), R"(1 {"text":"broken"})",
            "Row 1 holds a zero character");
        row("a zero by its number", R"({"text":"br\u0000oken","n":["\u0000"]})", R"(1 {"text":"broken","n":[""]})",
            "Row 1 holds a zero character");
        row("zeros at the end", QByteArray("{\"text\":\"a\"}\n\0\0\0\0", 17), R"(1 {"text":"a"})", "");
        row("a backslash and a number", R"({"text":"\\u0000"})", R"(1 {"text":"\\u0000"})", "");
        row("commas too many", R"([{"text":"a","label":["x",],},])", R"(1 {"text":"a","label":["x"]})",
            "not quite JSON");
        row("comments", "[ // rows\n{\"text\":\"a // b\", /* why? */ \"label\":\"x\"} // one\n]",
            "1 {\"text\":\"a // b\",\"label\":\"x\"}", "not quite JSON");
        row("a comment among lines", "// rows\n{\"text\":\"http://a\"}\n", "2 {\"text\":\"http://a\"}", "");
        row("Python", "{'text': 'it\\'s \"a\" \\xe9 \\U0001f600', 'ok': True, 'label': None}",
            "1 {\"text\":\"it's \\\"a\\\" \xC3\xA9 \xF0\x9F\x98\x80\",\"ok\":true,\"label\":null}", "not quite JSON");
        row("an end of line in a text", "[{\"text\":\"a\tb\nc\"}]", R"(1 {"text":"a\tb\nc"})", "not quite JSON");
        row("half a pair", R"({"text":"a\ud83d b \ud83d\ude00"})", "1 {\"text\":\"a\xEF\xBF\xBD b \xF0\x9F\x98\x80\"}",
            "not quite JSON");
        row("a comma between is lacking", R"([{"text":"a"} {"text":"b"}])", "1 {\"text\":\"a\"}\n2 {\"text\":\"b\"}",
            "");
        row("a semicolon behind", R"([{"text":"a"}];)", R"(1 {"text":"a"})", "");
    }
    void whatIsAlmostJsonIsMended()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, rows);
        QFETCH(QByteArray, note);
        const auto file = core::parseJsonRows(json.toStdString());
        QCOMPARE(rowsOf(file), rows.toStdString());
        QVERIFY(file.rejections.empty());
        const std::string notes = notesOf(file);
        if (note.isEmpty())
            QCOMPARE(notes, ""s);
        else
            QVERIFY2(notes.find(note.toStdString()) != std::string::npos, notes.c_str());
    }

    void whatWasMendedIsCounted()
    {
        const auto file =
            core::parseJsonRows("{\"text\":\"a\"}\n{\"text\":\"b\",\"n\":NaN}\n\n{\"text\":\"c\",\"n\":NaN}\n");
        QCOMPARE(notesOf(file), "2 rows, the first is row 2, hold NaN, Infinity or undefined where a value is "
                                "missing: it is read as no value.\n"s);
    }

    void aBrokenRowCostsItselfOnly_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QByteArray>("rejected");
        const auto row = [](const char *name, const char *json, const char *rows, const char *rejected) {
            QTest::newRow(name) << QByteArray(json) << QByteArray(rows) << QByteArray(rejected);
        };
        const char *outer = "1 {\"text\":\"a\",\"n\":1}\n3 {\"text\":\"c\",\"n\":3}";
        row("a value is lacking", R"([{"text":"a","n":1},{"text":,"n":2},{"text":"c","n":3}])", outer, "2");
        row("a quote too many", "[{\"text\":\"a\",\"n\":1},{\"text\":\"b\"b\",\"n\":2},{\"text\":\"c\",\"n\":3}]",
            outer, "2");
        row("two quotes too many", R"([{"text":"a","n":1},{"text":"b "b" b","n":2},{"text":"c","n":3}])", outer, "2");
        row("a quote is lacking", "[{\"text\":\"a\",\"n\":1},{\"text\":\"b,\"n\":2},{\"text\":\"c\",\"n\":3}]", outer,
            "2");
        row("a brace is lacking", R"([{"text":"a","n":1},{"text":"b","n":2,{"text":"c","n":3}])", outer, "2");
        row("the first is broken", "[{\"text\":\"a\"a\",\"n\":1},{\"text\":\"b\",\"n\":2}]",
            "2 {\"text\":\"b\",\"n\":2}", "1");
        row("a brace too many", R"([{"text":"a","n":1}},{"text":"c","n":2}])",
            "1 {\"text\":\"a\",\"n\":1}\n2 {\"text\":\"c\",\"n\":2}", "1");
        row("a number between", R"([{"text":"a","n":1},5,{"text":"c","n":3}])", outer, "2");
        row("a name twice", R"([{"text":"a","n":1},{"text":"b","text":"c"},{"text":"c","n":3}])", outer, "2");
        row("lines: a quote is lacking", "{\"text\":\"a\",\"n\":1}\n{\"text\":\"b,\"n\":2}\n{\"text\":\"c\",\"n\":3}\n",
            outer, "2");
        row("lines: cut in the middle", "{\"text\":\"a\",\"n\":1}\n{\"text\":\"b\",\"n\"\n{\"text\":\"c\",\"n\":3}\n",
            outer, "2");
        row("lines: the first is broken", "{\"text\":\"a\n{\"text\":\"b\",\"n\":2}\n", "2 {\"text\":\"b\",\"n\":2}",
            "1");
        row("lines: the first lacks a brace", "{\"a\":{\"b\":1}\n{\"text\":\"b\",\"n\":2}\n",
            "2 {\"text\":\"b\",\"n\":2}", "1");
        row("lines: words behind", "{\"text\":\"a\",\"n\":1}\n{\"text\":\"b\"} and more\n{\"text\":\"c\",\"n\":3}\n",
            outer, "2");
        row("lines: a list among objects", "{\"text\":\"a\",\"n\":1}\n[\"b\",\"x\"]\n{\"text\":\"c\",\"n\":3}\n", outer,
            "2");
        row("numbers only", "[[1,2],[3,4]]", "", "1,2");
    }
    void aBrokenRowCostsItselfOnly()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, rows);
        QFETCH(QByteArray, rejected);
        const auto file = core::parseJsonRows(json.toStdString());
        QCOMPARE(rowsOf(file), rows.toStdString());
        QCOMPARE(rejectedRowsOf(file), rejected.toStdString());
    }

    /// Cuts every layout with rows at every byte: the whole rows before the cut come in, and only they.
    void aCutFileKeepsItsWholeRows_data()
    {
        QTest::addColumn<QByteArray>("json");
        const QByteArray rows = "{\"text\":\"say \\\"}, {\\\\\\\"text\\\\\\\":\\\" now\",\"label\":\"x\"}, "
                                "{\"text\":\"[{]}\",\"label\":[\"y\",{\"z\":[1,2]}]},"
                                "\n {\"text\":\"\xC3\xA9t\xC3\xA9\",\"label\":null},{\"text\":\"last\",\"label\":1.5}";
        QTest::newRow("list") << QByteArray("[" + rows + "]");
        QTest::newRow("under a name") << QByteArray("{\"version\":1,\"data\":[" + rows + "]}");
        QTest::newRow("splits") << QByteArray("{\"train\":[" + rows + "],\"test\":[" + rows + "]}");
        QTest::newRow("spread over lines") << QByteArray("[\n  " + QByteArray(rows).replace("},", "},\n  ") + "\n]\n");
    }
    void aCutFileKeepsItsWholeRows()
    {
        QFETCH(QByteArray, json);
        const std::string text = json.toStdString();
        const auto whole = core::parseJsonRows(text);
        QVERIFY(whole.records.size() >= 4 && whole.rejections.empty());
        // Where each row ends: behind its brace. Found by growing the text, as a reader without recovery would.
        std::vector<size_t> ends;
        size_t depth = 0, base = 0;
        bool quoted = false;
        for (size_t i = 0; i < text.size(); ++i) {
            if (quoted) {
                i += text[i] == '\\' ? 1 : 0;
                quoted = text[i] != '"' || text[i - 1] == '\\';
                continue;
            }
            quoted = text[i] == '"';
            if (text[i] == '{' || text[i] == '[')
                ++depth;
            if (text[i] == '}' || text[i] == ']') {
                --depth;
                base = text[0] == '{' ? 2 : 1;
                if (text[i] == '}' && depth == base)
                    ends.push_back(i + 1);
            }
        }
        QCOMPARE(ends.size(), whole.records.size());
        for (size_t cut = text.find(":\"say") + 1; cut < text.size(); ++cut) {
            const auto file = core::parseJsonRows(std::string_view(text).substr(0, cut));
            const auto count =
                static_cast<size_t>(std::count_if(ends.begin(), ends.end(), [&](size_t end) { return end <= cut; }));
            QVERIFY2(file.records.size() == count, (std::to_string(cut) + ": " + rowsOf(file)).c_str());
            for (size_t i = 0; i < count; ++i) {
                QCOMPARE(file.records[i].row, whole.records[i].row);
                QCOMPARE(file.records[i].fields, whole.records[i].fields);
            }
            for (const auto &rejection : file.rejections)
                QCOMPARE(rejection.row, static_cast<int64_t>(count) + 1);
            QVERIFY(file.rejections.size() <= 1);
            if (count > 0 && cut < text.find_last_of(text[0] == '{' ? '}' : ']'))
                QVERIFY2(notesOf(file).find("cut off") != std::string::npos, std::to_string(cut).c_str());
        }
    }

    void columnsThatAreCutAreRefused()
    {
        const std::string text = R"({"text":{"0":"a b","1":"c d"},"label":{"0":"x","1":"y"}})";
        for (size_t cut = 12; cut < text.size(); ++cut) {
            const auto file = core::parseJsonRows(text.substr(0, cut));
            QVERIFY(file.records.empty());
            QVERIFY(!file.rejections.empty());
        }
        QVERIFY(core::parseJsonRows(R"({"text":["a b","c d"],"label":["x","y"])").records.empty());
        const auto rows = core::parseJsonRows(R"({"columns":["text","label"],"data":[["a b","x"],["c d")");
        QCOMPARE(rowsOf(rows), R"(1 {"text":"a b","label":"x"})"s);
        QCOMPARE(rejectedRowsOf(rows), "2"s);
        const auto map = core::parseJsonRows("{\"a b\":\"x\",\"c d\":\"y\",\"e f\":\"z");
        QCOMPARE(map.records.size(), size_t{2});
        QCOMPARE(rejectedRowsOf(map), "3"s);
    }

    void deepAndOddDocumentsAreRefused()
    {
        for (const char *open : {"[", "{\"data\":", "[{\"a\":", "{\"train\":[", "{\"a\":{", "{\"0\":{\"text\":"}) {
            std::string deep;
            while (deep.size() < 200'000)
                deep += open;
            const auto file = core::readJsonRows(deep);
            QVERIFY(file.records.empty());
            QVERIFY2(!file.rejections.empty(), open);
        }
        const auto levels = core::parseJsonRows("{\"text\":" + std::string(40, '[') + std::string(40, ']') + "}");
        QVERIFY(levels.rejections.at(0).reason.find("32") != std::string::npos);
        // Pieces of JSON in any order.
        std::mt19937 random(7);
        const std::vector<std::string> pieces{
            "{",  "}", "[",     "]",           ",",         ":",           "\"text\"", "\"data\"",  "\"a\"",
            "\"", "'", "\\",    "null",        "NaN",       "1",           "-",        "//",        "/*",
            "\n", " ", "\"0\"", "\"columns\"", "\"train\"", "\"intents\"", "\0"s,      "\"label\"", "*/"};
        for (int i = 0; i < 20'000; ++i) {
            std::string text = i % 2 == 0 ? "{" : "[";
            for (auto n = random() % 24; n > 0; --n)
                text += pieces[random() % pieces.size()];
            const auto file = core::readJsonRows(text);
            int64_t last = 0;
            for (const auto &record : file.records) {
                QVERIFY(record.fields.is_object() && record.row >= last);
                last = record.row;
            }
            static_cast<void>(core::looksLikeJson(text));
        }
    }

    void readingIsLinear()
    {
        // Names, broken elements, open braces, commas: each was or could be quadratic.
        std::string names = "{\"text\":\"a\"", table = "{\"text\":{", broken = "[", open, list = "[\"a\"", quotes = "[";
        for (int i = 0; i < 60'000; ++i) {
            const std::string n = std::to_string(i);
            names += ",\"c" + n + "\":1";
            table += (i == 0 ? "\"" : ",\"") + n + "\":\"text " + n + "\"";
            broken += "{\"text\":,\"n\":" + n + "},";
            open += "{\"text\":\n";
            list += ",\"b\"";
            quotes += "{\"text\":\"a\"b\",\"n\":1},";
        }
        table += "},\"label\":{\"0\":\"x\"}}";
        const double seconds = secondsOf([&] {
            QCOMPARE(core::parseJsonRows(names + "}").records.size(), size_t{1});
            QCOMPARE(core::parseJsonRows(table).records.size(), size_t{60'000});
            QCOMPARE(core::parseJsonRows(broken + "]").rejections.size(), size_t{60'000});
            QVERIFY(core::parseJsonRows(open).records.empty());
            QCOMPARE(core::parseJsonRows(list + "]").records.size(), size_t{60'001});
            QVERIFY(!core::parseJsonRows(quotes + "]").rejections.empty());
        });
        QVERIFY2(seconds < 20, std::to_string(seconds).c_str());
    }

    void namesAreRefusedTwiceInLargeObjectsToo()
    {
        std::string names = "{\"c0\":0";
        for (int i = 1; i < 40; ++i)
            names += ",\"c" + std::to_string(i) + "\":0";
        QVERIFY(engine::parseOrderedJson(names + "}"));
        const auto twice = engine::parseOrderedJson(names + ",\"c3\":0}");
        QVERIFY(!twice && twice.error().message.find("\"c3\" stands in it twice") != std::string::npos);
        QVERIFY(!engine::parseOrderedJson(R"({"a":1,"b":{"a":1,"a":2}})"));
        const auto last = engine::parseStrictJson(R"({"a":1,"a":[2]})", {.allowDuplicates = true});
        QCOMPARE(last->at("a").at(0).get<int>(), 2);
    }

    void longListsOnOneLineAreFiles()
    {
        const TempFolder folder;
        write(folder / "long.json", rowsInOneLine(17 << 20));
        const auto json = core::readRowFile(folder / "long.json");
        VERIFY_RESULT(json);
        QVERIFY(json->records.size() > 50'000 && json->rejections.empty());
        QCOMPARE(json->records.back().fields["id"].get<size_t>(), json->records.size() - 1);
        write(folder / "long.csv", std::string(17 << 20, 'a'));
        QCOMPARE(core::readRowFile(folder / "long.csv").error().code, base::ErrorCode::InvalidInput);
    }
};

QTEST_GUILESS_MAIN(JsonBrokenTest)
#include "tst_json_broken.moc"
