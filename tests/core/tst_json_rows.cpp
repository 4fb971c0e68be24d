// SPDX-License-Identifier: Apache-2.0
// Every layout in which people keep rows as JSON.
#include "core/formats/jsonl.h"
#include "core/formats/row_file.h"
#include "tests/support/record_text.h"
#include "tests/support/support.h"

using namespace support;
using namespace std::string_literals;

class JsonRowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyLayoutIsRead_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QByteArray>("rejected");
        QTest::addColumn<QByteArray>("note");  // part of one; empty: there is none
        const auto row = [](const char *name, const char *json, const char *rows, const char *rejected = "",
                            const char *note = "") {
            QTest::newRow(name) << QByteArray(json) << QByteArray(rows) << QByteArray(rejected) << QByteArray(note);
        };
        const char *two = "1 {\"text\":\"a b\",\"label\":\"x\"}\n2 {\"text\":\"c d\",\"label\":\"y\"}";
        row("lines", "{\"text\":\"a b\",\"label\":\"x\"}\n{\"text\":\"c d\",\"label\":\"y\"}\n", two);
        row("lines with commas", "{\"text\":\"a b\",\"label\":\"x\"},\r\n{\"text\":\"c d\",\"label\":\"y\"},\r\n", two);
        row("objects behind each other", R"({"text":"a b","label":"x"}{"text":"c d","label":"y"})",
            "1 {\"text\":\"a b\",\"label\":\"x\"}\n1 {\"text\":\"c d\",\"label\":\"y\"}");
        row("one line", R"({"text":"a b","label":"x"})", R"(1 {"text":"a b","label":"x"})");
        row("one object over lines", "\n{\n \"text\":\n  \"a b\",\n \"label\": \"x\"\n}\n",
            R"(2 {"text":"a b","label":"x"})");
        row("objects over lines, brace behind the name",
            "{\"text\": \"a b\",\n \"label\": \"x\"}\n{\"text\": \"c d\",\n \"label\": \"y\"},\n{\"text\": \"e\"}",
            "1 {\"text\":\"a b\",\"label\":\"x\"}\n3 {\"text\":\"c d\",\"label\":\"y\"}\n5 {\"text\":\"e\"}");
        row("plain lines", "\"a b\"\n\n\"c d\"\n", "1 {\"text\":\"a b\"}\n3 {\"text\":\"c d\"}");
        row("lines of pairs", "[\"a b\", \"x\"]\n[\"c d\", \"y\"]\n", two, "", "pairs");
        row("list", R"([{"text":"a b","label":"x"},{"text":"c d","label":"y"}])", two);
        row("list of texts", R"(["a b","c d"])", "1 {\"text\":\"a b\"}\n2 {\"text\":\"c d\"}");
        row("two lists", "[{\"text\":\"a b\",\"label\":\"x\"}]\n[{\"text\":\"c d\",\"label\":\"y\"}]", two);
        row("data", R"({"version": 1, "data": [{"text":"a b","label":"x"},{"text":"c d","label":"y"}]})", two, "",
            "under \"data\"");
        for (const char *name : {"rows", "examples", "items", "records", "results", "things"}) {
            const std::string json =
                "{\""s + name +
                "\":[{\"text\":\"a b\",\"label\":\"x\"},{\"text\":\"c d\",\"label\":\"y\"}],\"count\":2}";
            row(name, json.c_str(), two, "", "stand under");
        }
        row("data set with a title",
            R"({"title":"Mails","data":[{"text":"a b","label":"x"},{"text":"c d","label":"y"}]})", two, "",
            "under \"data\"");
        row("two levels", R"({"took":3,"hits":{"total":2,"hits":[{"_source":{"text":"a b"}}]}})",
            R"(1 {"_source":{"text":"a b"}})", "", "under \"hits\"");
        row("splits", R"({"train":[{"text":"a b"},{"text":"c","split":"mine"}],"test":[{"text":"e"}]})",
            "1 {\"text\":\"a b\",\"split\":\"train\"}\n2 {\"text\":\"c\",\"split\":\"mine\"}\n"
            "3 {\"text\":\"e\",\"split\":\"test\"}",
            "", "(train, test)");
        row("one split", R"({"train":[{"text":"a b"}],"info":{"by":"me"}})", R"(1 {"text":"a b","split":"train"})", "",
            "(train)");
        row("splits of pairs", R"({"oos_val":[["a b","x"]],"train":[["c d","y"],["e f","x"]]})",
            "1 {\"text\":\"a b\",\"label\":\"x\",\"split\":\"oos_val\"}\n2 {\"text\":\"c d\",\"label\":\"y\",\"split\":"
            "\"train\"}\n3 {\"text\":\"e f\",\"label\":\"x\",\"split\":\"train\"}",
            "", "(oos_val, train)");
        row("splits of columns", R"({"train":{"text":["a b","c d"],"label":[0,1]},"test":{"text":["e"],"label":[1]}})",
            "1 {\"text\":\"a b\",\"label\":0,\"split\":\"train\"}\n2 {\"text\":\"c "
            "d\",\"label\":1,\"split\":\"train\"}\n"
            "3 {\"text\":\"e\",\"label\":1,\"split\":\"test\"}",
            "", "(train, test)");
        row("pandas, columns", R"({"text":{"0":"a b","1":"c d"},"label":{"0":"x","1":"y"}})", two, "",
            "column by column");
        row("pandas, columns with other rows", R"({"text":{"7":"a b","9":"c d"},"label":{"9":"y"}})",
            "1 {\"id\":\"7\",\"text\":\"a b\",\"label\":null}\n2 {\"id\":\"9\",\"text\":\"c d\",\"label\":\"y\"}", "",
            "column by column");
        row("pandas, index", R"({"0":{"text":"a b","label":"x"},"1":{"text":"c d","label":"y"}})", two, "",
            "row by row");
        row("rows by name", R"({"t-1":{"text":"a b","label":"x"},"t-2":{"text":"c d","label":"y"}})",
            "1 {\"text\":\"a b\",\"label\":\"x\",\"id\":\"t-1\"}\n2 {\"text\":\"c d\",\"label\":\"y\",\"id\":\"t-2\"}",
            "", "\"id\"");
        row("pandas, split", R"({"columns":["text","label"],"index":[0,1],"data":[["a b","x"],["c d","y"]]})", two, "",
            "names and rows apart");
        row("pandas, split, with a wide row", R"({"columns":["text"],"index":[0,1],"data":[["a b","x"],["c d"]]})",
            R"(2 {"text":"c d"})", "1", "names and rows apart");
        row("pandas, table",
            R"({"schema":{"fields":[{"name":"text"}]},"data":[{"text":"a b","label":"x"},{"text":"c d","label":"y"}]})",
            two, "", "schema");
        row("pandas, values", R"([["a b","x"],["c d","y"]])", two, "", "pairs");
        row("label first", R"([["x","a long b"],["y","c d e"],["x","e f g"]])",
            "1 {\"label\":\"x\",\"text\":\"a long b\"}\n2 {\"label\":\"y\",\"text\":\"c d e\"}\n"
            "3 {\"label\":\"x\",\"text\":\"e f g\"}",
            "", "first value is the label");
        row("text and number", R"([["a b",1],["c d",0]])",
            "1 {\"text\":\"a b\",\"label\":1}\n2 {\"text\":\"c d\",\"label\":0}", "", "pairs");
        row("header", R"([["Sentence","Category"],["a b","x"],["c d","y"],["Sentence","Category"]])",
            "2 {\"Sentence\":\"a b\",\"Category\":\"x\"}\n3 {\"Sentence\":\"c d\",\"Category\":\"y\"}", "4",
            "names the columns");
        row("header without a known name", R"([["ref","words","n"],["r1","a b",3],["r2","c d"]])",
            "2 {\"ref\":\"r1\",\"words\":\"a b\",\"n\":3}\n3 {\"ref\":\"r2\",\"words\":\"c d\",\"n\":null}", "",
            "names the columns");
        row("a class that is called like a column", R"([["title","answer"],["a b","answer"],["c d","y"]])",
            "1 {\"text\":\"title\",\"label\":\"answer\"}\n2 {\"text\":\"a b\",\"label\":\"answer\"}\n"
            "3 {\"text\":\"c d\",\"label\":\"y\"}",
            "", "pairs");
        row("no header", R"([["r1","a b","x"],["r2","c d","y"]])",
            "1 {\"column 1\":\"r1\",\"column 2\":\"a b\",\"column 3\":\"x\"}\n2 {\"column 1\":\"r2\",\"column 2\":\"c "
            "d\",\"column 3\":\"y\"}",
            "", "without names");
        row("columns as lists", R"({"text":["a b","c d"],"label":["x","y"],"names":["x","y","z"]})", two, "",
            "lists of values");
        row("texts and targets", R"({"data":["a b","c d"],"target":[1,0]})",
            "1 {\"data\":\"a b\",\"target\":1}\n2 {\"data\":\"c d\",\"target\":0}", "", "lists of values");
        row("map of texts", R"({"a b":"x","c d":"y"})", two, "", "is a map");
        row("map of texts with lists", R"({"a b":["x"],"c d":["x","y"]})",
            "1 {\"text\":\"a b\",\"label\":[\"x\"]}\n2 {\"text\":\"c d\",\"label\":[\"x\",\"y\"]}", "", "is a map");
        row("map of texts, one twice", R"({"a b":"x","c d":"y","a b":"z"})", two, "3", "is a map");
        row("map of labels", R"({"x":["a b","c d e"],"y":["e f"]})",
            "1 {\"text\":\"a b\",\"label\":\"x\"}\n2 {\"text\":\"c d e\",\"label\":\"x\"}\n3 {\"text\":\"e "
            "f\",\"label\":\"y\"}",
            "", "under their labels");
        row("labels with rows", R"({"x":[{"text":"a b"}],"y":[{"text":"c d"}]})", two, "", "under their labels");
        row("fields of a row are no map", R"({"betreff":"where is it","sprache":"de"})",
            R"(1 {"betreff":"where is it","sprache":"de"})");
        row("intents", R"({"intents":[{"tag":"x","patterns":["a b","c d"],"responses":["hm"]},{"tag":"y"}]})",
            "1 {\"text\":\"a b\",\"label\":\"x\"}\n2 {\"text\":\"c d\",\"label\":\"x\"}", "", "assistant");
        row("intents in a list", R"([{"intent":"x","examples":["a b","c d"]},{"intent":"y","examples":["e"]}])",
            "1 {\"text\":\"a b\",\"label\":\"x\"}\n1 {\"text\":\"c d\",\"label\":\"x\"}\n2 "
            "{\"text\":\"e\",\"label\":\"y\"}",
            "", "list of texts");
        row("Rasa",
            R"({"rasa_nlu_data":{"regex_features":[],"common_examples":[{"text":"a b","intent":"x","entities":[]},{"intent":"y"}]}})",
            R"(1 {"text":"a b","label":"x","entities":[]})", "2", "assistant");
        row("LUIS",
            R"({"luis_schema_version":"7.0","intents":[{"name":"x"}],"utterances":[{"text":"a b","intent":"x"}]})",
            R"(1 {"text":"a b","label":"x"})", "", "assistant");
        row("CLU",
            R"({"projectFileVersion":"2022-05-01","assets":{"intents":[{"category":"x"}],"utterances":[{"text":"a b","language":"en","intent":"x","dataset":"Test"}]}})",
            R"(1 {"text":"a b","label":"x","language":"en","split":"Test"})", "", "assistant");
        row("documents of CLU", R"({"assets":{"documents":[{"location":"a.txt","class":{"category":"x"}}]}})", "", "1",
            "assistant");
        row("Snips",
            R"({"language":"en","intents":{"x":{"utterances":[{"data":[{"text":"a "},{"text":"b","entity":"e"}]}]}}})",
            R"(1 {"text":"a b","label":"x"})", "", "assistant");
        row("Snips, benchmark", R"({"x":[{"data":[{"text":"a "},{"text":"b"}]},{"data":[{"text":"c d"}]}]})",
            "1 {\"text\":\"a b\",\"label\":\"x\"}\n2 {\"text\":\"c d\",\"label\":\"x\"}", "", "assistant");
        row("Watson", R"({"intents":[{"intent":"x","examples":[{"text":"a b"},{"note":1}]}]})",
            R"(1 {"text":"a b","label":"x"})", "2", "assistant");
        row("chat messages stay",
            R"({"messages":[{"role":"user","content":"a b"},{"role":"assistant","content":"x"}]})",
            R"(1 {"messages":[{"role":"user","content":"a b"},{"role":"assistant","content":"x"}]})");
        row("numbers keep their kind", R"([{"text":"a","label":1.0},{"text":"b","label":1},{"text":"c","label":true}])",
            "1 {\"text\":\"a\",\"label\":1.0}\n2 {\"text\":\"b\",\"label\":1}\n3 {\"text\":\"c\",\"label\":true}");
        row("a name twice", R"({"data":[{"text":"a"}],"data":[{"text":"b"}]})", "", "1");
        row("nothing", " \n ", "");
        row("an empty list", "[]", "");
        row("an empty object", "{}", "1 {}");
    }
    void everyLayoutIsRead()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, rows);
        QFETCH(QByteArray, rejected);
        QFETCH(QByteArray, note);
        const auto file = core::parseJsonRows(json.toStdString());
        QCOMPARE(rowsOf(file), rows.toStdString());
        QCOMPARE(rejectedRowsOf(file), rejected.toStdString());
        const std::string notes = notesOf(file);
        if (note.isEmpty())
            QCOMPARE(notes, ""s);
        else
            QVERIFY2(notes.find(note.toStdString()) != std::string::npos, notes.c_str());
    }

    void namesOfClassesStandBesideRows()
    {
        const auto list =
            core::parseJsonRows(R"({"label_names":["refund","delivery"],"data":[{"text":"a","label":1}]})");
        QCOMPARE(list.classNames, (std::vector<std::string>{"refund", "delivery"}));
        const auto viewer = core::readJsonRows(
            R"({"features":[{"feature_idx":0,"name":"text","type":{"dtype":"string"}},{"feature_idx":1,"name":"label",)"
            R"("type":{"names":["neg","pos"],"_type":"ClassLabel"}}],"rows":[{"row_idx":0,"row":{"text":"a","label":1}}]})");
        QCOMPARE(viewer.classNames, (std::vector<std::string>{"neg", "pos"}));
        QCOMPARE(rowsOf(viewer), R"(1 {"row_idx":0,"text":"a","label":1})"s);
    }

    void tablesNameTheirColumns()
    {
        const auto pairs = core::parseJsonRows(R"([["a b","x"],["c d","y"]])");
        QCOMPARE(pairs.columns, (std::vector<std::string>{"text", "label"}));
        QVERIFY(pairs.hasHeader);
        QVERIFY(!core::parseJsonRows(R"([["r1","a b","x"],["r2","c d","y"]])").hasHeader);
        QCOMPARE(core::parseJsonRows(R"({"columns":["a","a"],"index":[0],"data":[["x","y"]]})").columns,
                 (std::vector<std::string>{"a", "a (2)"}));
    }

    void nestedFieldsAreFieldsOfTheRow()
    {
        const auto read = [](const char *json) { return rowsOf(core::readJsonRows(json)); };
        QCOMPARE(read(R"({"data":{"text":"a"},"label":"x"})"), R"(1 {"text":"a","label":"x"})"s);
        QCOMPARE(read(R"({"inputs":{"text":"a","id":3},"id":7})"), R"(1 {"text":"a","inputs.id":3,"id":7})"s);
        QCOMPARE(read(R"({"id":7,"input":{"text":"a"},"fields":{"text":"b","n":1}})"),
                 R"(1 {"id":7,"text":"a","fields.text":"b","n":1})"s);
        QCOMPARE(read(R"({"inputs":{"text":"a"},"outputs":{"label":"x"}})"), R"(1 {"text":"a","label":"x"})"s);
        // A translation and a map of labels are values.
        QCOMPARE(read(R"({"translation":{"en":"a","de":"b"},"expected_output":{"x":1,"y":0}})"),
                 R"(1 {"translation":{"en":"a","de":"b"},"expected_output":{"x":1,"y":0}})"s);
    }

    void jsonIsFoundByItsContent()
    {
        for (const char *text :
             {"{\"text\":\"a\"}\n{\"text\":\"b\"}\n", "[{\"text\":\"a\"}]", " [\n {\"text\": \"a\"},\n {\"te",
              "[\"a b\", \"c\"]", "[[\"a\",\"x\"],[\"b\",\"y\"]]", "{\"data\":[{\"text\":\"a\"},{\"te",
              "{\"text\":\"a\n{\"text\":\"b\"}\n{\"text\":\"c\"}\n", "{'text': 'a'}\n{'text': 'b'}\n",
              "{\"text\":\"a\",\"label\":NaN}\n"})
            QVERIFY2(core::looksLikeJson(text), text);
        for (const char *text :
             {"", "a text", "[1] the first note\n[2] the second\n", "[Verse 1]\nwe walked\n", "{name}, hello\n",
              "[sic] he said", "\"Hello,\" she said.\n\"Yes?\"\n", "[\"Hello,\" she said]", "{}", "[]",
              "[[links]] to pages", "text,label\n{\"a\":1},x\n", "{\\rtf1 text}"})
            QVERIFY2(!core::looksLikeJson(text), text);
        const TempFolder folder;
        write(folder / "rows.txt", "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"y\"}\n");
        write(folder / "rows.export", "[{\"text\":\"a\",\"label\":\"x\"}]");
        write(folder / "rows.jsonl", "[{\"text\":\"a\",\"label\":\"x\"}]");
        write(folder / "rows.json", "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"y\"}\n");
        write(folder / "notes.txt", "[1] the first note\n[2] the second\n");
        for (const char *name : {"rows.txt", "rows.export", "rows.jsonl", "rows.json"}) {
            const auto file = core::readRowFile(folder / name);
            VERIFY_RESULT(file);
            QCOMPARE(file->records.at(0).fields["label"], nlohmann::ordered_json("x"));
        }
        QCOMPARE(core::readRowFile(folder / "notes.txt")->records.at(0).fields["text"],
                 nlohmann::ordered_json("[1] the first note"));
    }
};

QTEST_GUILESS_MAIN(JsonRowsTest)
#include "tst_json_rows.moc"
