// SPDX-License-Identifier: Apache-2.0
// Separated values as programs and people write them come back as they were, and what is odd is said.
#include "core/formats/csv.h"
#include "core/formats/row_file.h"
#include "core/formats/spreadsheet_safe.h"
#include "core/imports/import_task.h"
#include "core/tasks/rows_task.h"
#include "tests/support/support.h"
#include "tests/support/table_writers.h"

using namespace support;

namespace {

core::RecordFile readTable(std::string_view text, const core::TableOptions &options = {})
{
    return core::parseCsv(text, core::detectDialect(text, options), options.header);
}

Rows cellsOf(const core::RecordFile &file)
{
    Rows rows;
    for (const auto &record : file.records) {
        rows.emplace_back();
        for (const auto &[name, cell] : record.fields.items())
            rows.back().push_back(cell.get<std::string>());
    }
    return rows;
}

std::string joined(const std::vector<std::string> &texts, const char *between = "|")
{
    std::string all;
    for (const auto &text : texts)
        all += (&text == &texts.front() ? "" : between) + text;
    return all;
}

/// Cells with | between them, rows with / between them.
std::string shown(const core::RecordFile &file)
{
    std::vector<std::string> rows;
    for (const auto &row : cellsOf(file))
        rows.push_back(joined(row));
    return joined(rows, "/");
}

std::string reasons(const core::RecordFile &file)
{
    std::string all;
    for (const auto &rejection : file.rejections)
        all += std::to_string(rejection.row) + ": " + rejection.reason + "\n";
    return all;
}

}  // namespace

class CsvTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;

    static void compare(const core::RecordFile &file, const Rows &rows, const std::string &what)
    {
        QVERIFY2(file.rejections.empty(), (what + "\n" + reasons(file)).c_str());
        QCOMPARE(file.columns, rows[0]);
        const Rows read = cellsOf(file);
        for (size_t i = 0; i < std::min(read.size(), rows.size() - 1); ++i)
            QVERIFY2(read[i] == rows[i + 1],
                     (what + ", row " + std::to_string(i) + "\n<" + joined(read[i]).substr(0, 2000) + ">\n<" +
                      joined(rows[i + 1]).substr(0, 2000) + ">")
                         .c_str());
        QVERIFY2(read.size() + 1 == rows.size(),
                 (what + ": " + std::to_string(read.size()) + " of " + std::to_string(rows.size() - 1)).c_str());
    }

private Q_SLOTS:
    void anyTableComesBackEqual()
    {
        std::mt19937 random(30);
        const auto all = writers();
        for (int i = 0; i < 1500 && !QTest::currentTestFailed(); ++i) {
            const Rows rows = randomTable(random, 60);
            compare(readTable(writtenByUs(rows)), rows, std::to_string(i) + ", ours");
            const Writer &writer = all[random() % all.size()];
            compare(readTable(written(rows, writer)), rows, std::to_string(i) + ", " + writer.name + writer.separator);
        }
        for (const Writer &writer : all) {  // up to a megabyte a cell
            const Rows rows = randomTable(random, 300'000);
            compare(readTable(written(rows, writer)), rows, writer.name + writer.separator);
        }
    }

    void longMailsComeBackFromOurOwnExports()
    {
        std::mt19937 random(31);
        std::string lines;
        std::vector<std::pair<std::string, std::string>> rows;
        for (size_t i = 0; i < 60; ++i) {
            rows.emplace_back(mail(random, 15 + random() % 45) + std::to_string(i), i % 3 ? "refund" : "delivery");
            lines += nlohmann::json{{"text", rows.back().first}, {"label", rows.back().second}}.dump() + "\n";
        }
        write(m_folder / "mails.jsonl", lines);
        const auto service = core::Service::create(m_folder / "mails", "mails", {"task", {}, {}, {}});
        VERIFY_RESULT(service);
        VERIFY_RESULT(core::importFiles(*service, {m_folder / "mails.jsonl"}, {}, {}));
        const auto same = [&](const std::string &name, const char *text, const char *label) {
            const auto file = core::readRowFile(m_folder / name);
            VERIFY_RESULT(file);
            QVERIFY2(file->rejections.empty(), reasons(*file).c_str());
            QCOMPARE(file->records.size(), rows.size());
            for (size_t i = 0; i < rows.size(); ++i) {
                QCOMPARE(file->records[i].fields.at(text).get<std::string>(), rows[i].first);
                QCOMPARE(file->records[i].fields.at(label).get<std::string>(), rows[i].second);
            }
        };
        VERIFY_RESULT(core::exportRows(*service, {.format = core::RowFormat::Csv}, m_folder / "safe.csv", {}));
        same("safe.csv", "text", "label");
        VERIFY_RESULT(core::exportRows(*service, {.format = core::RowFormat::Csv, .lossless = true},
                                       m_folder / "lossless.csv", {}));
        same("lossless.csv", "text", "label");
        VERIFY_RESULT(core::exportDistilFolder(*service, m_folder / "distil", {}));
        same("distil/train.csv", "question", "answer");
    }

    void cellsOfFiveMegabytesAreRead()
    {
        std::string cell;
        while (cell.size() < (5 << 20))
            cell += "a line, with a \"quoted\" word\n";
        const Rows rows{{"text", "label"}, {"before", "a"}, {cell, "b"}, {"behind", "a"}};
        compare(readTable(writtenByUs(rows)), rows, "5 MB");
    }

    void timeIsLinear_data()
    {
        QTest::addColumn<std::string>("start");
        QTest::addColumn<std::string>("line");
        const auto row = [](const char *name, const char *start, const std::string &line) {
            QTest::newRow(name) << std::string(start) << line;
        };
        row("lone quotes", "text,label\n", "\"a text that opens,b\n");
        row("lone quotes in cells", "text,label\n", "\"a text \"that opens,b\n");
        row("quotes alone", "text,label\n", "\"\n");
        row("quotes and separators", "text,label\n", "\",\n\",");
        row("one open quote", "text,label\n\"", "\"\"a text, b\n");
        row("backslashes", "text,label\n\"", "\\\\\"a, b\n");
        row("columns", "text,label\n", "a," + std::string(16'000, ',') + "b\n");
    }
    void timeIsLinear()
    {
        QFETCH(std::string, start);
        QFETCH(std::string, line);
        const auto seconds = [&](size_t bytes) {
            std::string text = start;
            while (text.size() < bytes)
                text += line;
            QElapsedTimer timer;
            timer.start();
            static_cast<void>(readTable(text));
            return static_cast<double>(timer.elapsed()) / 1000;
        };
        const double small = seconds(1 << 19);
        const double large = seconds(1 << 22);  // eight times as much; sixty-four times were it quadratic
        QVERIFY2(large < 24 * small + 0.5, qPrintable(QString("%1 s, then %2 s").arg(small).arg(large)));
    }

    void oddTablesAreRead_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("columns");
        QTest::addColumn<std::string>("rows");
        QTest::addColumn<std::string>("said");  // in the notes or the rejections; empty: nothing is said
        const auto row = [](const char *name, std::string text, const char *columns, const char *rows,
                            const char *said = "") {
            QTest::newRow(name) << std::move(text) << std::string(columns) << std::string(rows) << std::string(said);
        };
        // Lone quotes.
        row("a quoted word begins", "text,label\n\"Super\" was all she wrote,good\n3\" nail,bad\nfine,good\n",
            "text|label", "\"Super\" was all she wrote|good/3\" nail|bad/fine|good", "read as characters");
        row("lines are rows", "s\tl\na b\t0\n\"open\t1\nc d\t0\ne f\t1\ng 2\"\t0\nh i\t1\nj k\t0\n", "s|l",
            "a b|0/\"open|1/c d|0/e f|1/g 2\"|0/h i|1/j k|0", "read as characters in row 3");
        row("one among proper rows", "text,label\n\"a, b\",x\n\"open,y\nc,x\nd,y\n\"e, f\",x\n\"g \"\"h\"\", i\",y\n",
            "text|label", "a, b|x/\"open|y/c|x/d|y/e, f|x/g \"h\", i|y", "read as characters in row 3");
        row("not doubled, several lines", "text,label\n\"He said \"now\" to\nme, twice\",x\n\"c, d\",y\n\"e, f\",x\n",
            "text|label", "He said \"now\" to\nme, twice|x/c, d|y/e, f|x");
        row("single quotes around a separator", "text,label\n'one, two',a\n'it''s here, three',b\n", "text|label",
            "one, two|a/it's here, three|b");
        row("prose with a comma a line",
            "text,label\n\"Dear team, hello\nI wait, still\nBob\",x\n\"Dear all, hi\nthanks, bye\nAnn\",y\n",
            "text|label", "Dear team, hello\nI wait, still\nBob|x/Dear all, hi\nthanks, bye\nAnn|y");
        row("rows within a text", "text,label\n\"see:\nc,x\nd,y\nend\",x\ne,y\nf,x\n\"g, h\",y\n", "text|label",
            "see:\nc,x\nd,y\nend|x/e|y/f|x/g, h|y", "look like rows of their own in row 2");
        row("cut off", "text,label\n\"a, b\",x\n\"c, d\",y\n\"Dear team, I\nwait, but\nno", "text|label",
            "a, b|x/c, d|y", "4: a quote is opened and never closed");
        row("header opens a quote", "\"text,label\nc,x\nd,y\n", "text|label", "c|x/d|y", "its names are text, label");
        row("header of one quote", "text,\"label\nc,x\n\"d, e\",y\n", "text|label", "c|x/d, e|y",
            "its names are text, label");
        // The separator's line.
        for (const char *line : {"sep=;", "SEP=;", "\"sep=;\"", "Sep = ;", "sep=\";\"", "'sep=;'", "sep=; ", "sep=;;",
                                 "\xEF\xBB\xBFsep=;", "\xEF\xBB\xBF\"sep=;\""})
            row(line, std::string(line) + "\r\ntext;label\r\na, b;x\r\nc;y\r\n", "text|label", "a, b|x/c|y",
                "\";\" separates the cells");
        for (const char *line : {"sep=\\t", "sep=\t", "\"sep=\t\"", "sep=tab", "sep=\\t\t"})
            row(line, std::string(line) + "\ntext\tlabel\na, b\tx\n", "text|label", "a, b|x",
                "a tab separates the cells");
        row("comma", "sep=,\ntext,label\na; b,x\n", "text|label", "a; b|x", "\",\" separates the cells");
        row("padded", "sep=;,,\ntext,label,note\na; b,x,n\n", "text|label|note", "a; b|x|n", "it is no row");
        row("quoted and padded", "\"sep=;\",\ntext,label\na; b,x\n", "text|label", "a; b|x", "it is no row");
        row("two characters", "sep=||\ntext||label\na | b||x\n", "text|label", "a | b|x", "\"||\" separates the cells");
        // More and fewer cells.
        row("short rows", "text,label,note\na,x\nb\nc,y,n\n", "text|label|note", "a|x|/b||/c|y|n",
            "2 rows have fewer cells than the header");
        row("comma behind all", "text,label,\na,x,\nb,y,\n", "text|label", "a|x/b|y");
        row("comma behind the header", "text,label,,\na,x\nb,y\n", "text|label", "a|x/b|y");
        row("comma behind the rows", "text,label\na,x,\nb,y,\n", "text|label", "a|x/b|y");
        row("remark", "text,label\na,x\nb,y,look here\nc,x\n", "text|label|column 3", "a|x|/b|y|look here/c|x|",
            "1 row has cells beyond the header (the first is row 3)");
        row("comma without quotes", "text,label\na,x\nb, c,y\nd,y\n", "text|label", "a|x/d|y", "3: it has 3 cells");
        row("names of rows", "\"text\",\"label\"\n\"7\",\"a\",\"x\"\n\"9\",\"b\",\"y\"\n", "column 1|text|label",
            "7|a|x/9|b|y", "one name less");
        row("numbers of rows", ",text,label\n0,a,x\n1,b,y\n", "column 1|text|label", "0|a|x/1|b|y", "has no name");
        row("remark in each row", "id,text,label\n17,a,x,n\n19,b,y,m\n", "id|text|label|column 4", "17|a|x|n/19|b|y|m",
            "beyond the header");
        row("header again", "text,label\na,x\n text,label\nb,y\n", "text|label", "a|x/b|y", "3: it repeats the header");
        row("space before quotes", "\"text\", \"label\"\n\"a, b\", \"x\"\n\"c\", \"y\"\n", "text|label", "a, b|x/c|y");
        row("rows of separators", "text,label\na,x\n,,\n\nb,y\n,\n", "text|label", "a|x/b|y",
            "2 rows hold only empty cells");
        row("title above", "Mails of May\n\ntext;label\na;x\nb;y\n", "text|label", "a|x/b|y",
            "1: it stands above the header");
        row("lines above", "Report,,\nOn:,May,\nid,text,label\n1,a b,x\n2,c,y\n", "id|text|label", "1|a b|x/2|c|y",
            "2: it stands above the header");
        // Names.
        row("one name twice", "text,label, label \na,x,z\n", "text|label|label (2)", "a|x|z",
            "is read as \"label (2)\"");
        row("one name thrice", "label,label,label (2),label\na,x,y,z\n", "label|label (3)|label (2)|label (4)",
            "a|x|y|z", "is read as \"label (3)\"");
        row("column without a name", "text,,label,\na,n,x,\n", "text|column 2|label", "a|n|x",
            "it is called \"column 2\"");
        // Characters.
        row("zero in a cell", std::string("text,label\na\0b,x\nc,y\n", 21), "text|label", "ab|x/c|y",
            "Zero bytes are left out of row 2.");
        row("padded with zeros", std::string("text,label\na,x\n", 15) + std::string(512, '\0'), "text|label", "a|x",
            "512 zero bytes at the end");
        row("line ends of all kinds", "text,label\r\na,x\nb,y\r\nc,x\rd,y\n", "text|label", "a|x/b|y/c|x/d|y");
        row("a return in a cell", "text,label\na\rb,x\nc,y\nd\re,x\n", "text|label", "a\rb|x/c|y/d\re|x");
        row("other line ends stay",
            "text,label\na\vb\fc\xE2\x80\xA8"
            "d\xC2\x85"
            "e,x\n",
            "text|label",
            "a\vb\fc\xE2\x80\xA8"
            "d\xC2\x85"
            "e|x");
        row("backslashes", "text,label\n\"a \\\"b\\\", c\",x\nd \\\"e\\\",y\n", "text|label", "a \"b\", c|x/d \"e\"|y");
        row("separators behind backslashes", "text,label\na\\, b,x\nc\\\nd,y\ne,x\n", "text|label", "a, b|x/c\nd|y/e|x",
            "");
        row("apostrophes", "'text','label'\n'it, so','x'\n'no','y'\n", "text|label", "it, so|x/no|y");
        row("one column of prose", "text\nfirst, then; so\nsecond: it, is\n", "text", "first, then; so/second: it, is");
        row("tabs beside commas", "text\tlabel\nHi, Bob\tx\nBye, Bob\ty\n", "text|label", "Hi, Bob|x/Bye, Bob|y");
    }
    void oddTablesAreRead()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, columns);
        QFETCH(std::string, rows);
        QFETCH(std::string, said);
        const auto file = readTable(text);
        QCOMPARE(joined(file.columns), columns);
        QCOMPARE(shown(file), rows);
        const std::string all = joined(file.notes, "\n") + "\n" + reasons(file);
        QVERIFY2(said.empty() ? all == "\n" : all.find(said) != std::string::npos, all.c_str());
    }

    void headersAreToldFromRows_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<bool>("hasHeader");
        const auto row = [](const char *name, const char *text, bool hasHeader) {
            QTest::newRow(name) << std::string(text) << hasHeader;
        };
        row("news", "\"3\",\"Rates rise\",\"The bank acts.\"\n\"1\",\"Talks end\",\"No word yet.\"\n", false);
        row("messages", "ham\tcall me later\nspam\tyou have won\nham\tok\n", false);
        row("label below", "my parcel is late,delivery\nmoney back,refund\nwhere is it,delivery\n", false);
        row("sentences", "I was charged twice for this.,bill\nIt came too late to be used.,late\n", false);
        row("a class called question", "question\thow much is it\nquestion\twhen\nanswer\tnow\nquestion\twho\n", false);
        row("text and label", "text,label\na,x\n", true);
        row("capitals and marks", " Review Text ,SENTIMENT\ngood,pos\n", true);
        row("German", "Bemerkung;Kategorie\nzu sp\xC3\xA4t;Lieferung\n", true);
        row("French", "Phrase;\xC3\x89tiquette\ntrop tard;livraison\n", true);
        row("Spanish",
            "Rese\xC3\xB1"
            "a,Categor\xC3\xAD"
            "a\ntarde,entrega\n",
            true);
        row("Russian", "\xD1\x82\xD0\xB5\xD0\xBA\xD1\x81\xD1\x82,\xD0\xBC\xD0\xB5\xD1\x82\xD0\xBA\xD0\xB0\na,x\n",
            true);
        row("a name above numbers", "wording,points\nfine,3\nbad,1\n", true);
        row("numbers of columns", "0,1\nfine thing,ham\nbad thing,spam\n", true);
        row("in doubt", "alpha,beta\ngamma,delta\n", true);
        row("label names a value once", "text,label\na,x\ntext,y\nb,x\n", true);
    }
    void headersAreToldFromRows()
    {
        QFETCH(std::string, text);
        QFETCH(bool, hasHeader);
        const auto rows = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
        const auto file = readTable(text);
        QCOMPARE(file.hasHeader, hasHeader);
        QCOMPARE(file.records.size(), rows - (hasHeader ? 1 : 0));
        QCOMPARE(file.records[0].row, int64_t{hasHeader ? 2 : 1});
        if (!hasHeader)
            QCOMPARE(file.columns[1], std::string("column 2"));
        const auto absent = readTable(text, {.header = core::HeaderRow::Absent});
        QCOMPARE(absent.records.size(), rows);
        QVERIFY(!absent.hasHeader && absent.columns[0] == "column 1");
        const auto present = readTable(text, {.header = core::HeaderRow::Present});
        QCOMPARE(present.records.size(), rows - 1);
    }

    void whatPeopleSayGoesBefore()
    {
        const std::string text = "text;label\n\"a, b\";x\nc, d;y\n";
        QCOMPARE(shown(readTable("text,label\na;b,x\nc;d,y\n", {.separator = ";", .header = core::HeaderRow::Absent})),
                 std::string("text,label|/a|b,x/c|d,y"));
        QCOMPARE(shown(readTable(text, {.quote = '\0'})), std::string("\"a, b\"|x/c, d|y"));
        QCOMPARE(shown(readTable("a#x\nb#y\n", {.separator = "#", .header = core::HeaderRow::Absent})),
                 std::string("a|x/b|y"));
        QCOMPARE(shown(readTable("text,label\n/a, b/,x\n", {.quote = '/'})), std::string("a, b|x"));
        QCOMPARE(shown(readTable("text\tlabel\na\tx\n", {.separator = "\\t"})), std::string("a|x"));
        write(m_folder / "own.csv", text);
        const auto file = core::readRowFile(m_folder / "own.csv", {.table = {.header = core::HeaderRow::Absent}});
        VERIFY_RESULT(file);
        QCOMPARE(shown(*file), std::string("text|label/a, b|x/c, d|y"));
    }

    void wideRowsTakeTimeByTheirCells()
    {
        std::string text = "text,label";
        for (int i = 0; i < 8000; ++i)
            text += ",f" + std::to_string(i);
        for (int i = 0; i < 50; ++i) {
            text += "\na text,x";
            for (int j = 0; j < 8000; ++j)
                text += ",0";
        }
        QElapsedTimer timer;
        timer.start();
        const auto file = readTable(text);
        QCOMPARE(file.records.size(), size_t{50});
        QCOMPARE(file.columns.size(), size_t{8002});
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));  // quadratic: 17 s
    }

    void textFilesWithTablesAreTables()
    {
        const auto columnsOf = [&](const char *name, const std::string &text) {
            write(m_folder / name, text);
            const auto file = core::readRowFile(m_folder / name);
            return file ? joined(file->columns) + ": " + std::to_string(file->records.size()) : file.error().message;
        };
        std::mt19937 random(32);
        Rows mails{{"text", "label"}};
        for (int i = 0; i < 12; ++i)
            mails.push_back({mail(random, 40), i % 2 ? "refund" : "delivery"});
        QCOMPARE(columnsOf("mails.txt", writtenByUs(mails)), std::string("text|label: 12"));
        QCOMPARE(columnsOf("sms.txt", "ham\tcall me\nspam\twin, now\nham\tok\n"), std::string("column 1|column 2: 3"));
        QCOMPARE(columnsOf("prose.txt", "Dear team, where is it\nMoney, back, please\nfine\n"),
                 std::string("text|place: 3"));
    }

    void guardsOfSpreadsheetsAreTakenBack()
    {
        const Rows rows{{"id", "text", "label", "split", "provenance", "source", "comment", "place"},
                        {"1", "=1+2 is wrong", "a", "train", "human", "x", "", ""},
                        {"2", "'+49 is my number", "b", "train", "human", "x", "-", ""},
                        {"3", "fine", "a", "train", "human", "x", "", ""}};
        Rows guarded = rows;
        for (size_t i = 1; i < guarded.size(); ++i) {
            for (auto &cell : guarded[i])
                cell = core::toSpreadsheetSafe(cell);
        }
        const auto textsOf = [&](const std::string &text) {
            write(m_folder / "guarded.csv", text);
            const auto file = core::readRowFile(m_folder / "guarded.csv");
            std::string all = file ? "" : file.error().message;
            for (size_t i = 0; file && i < file->records.size(); ++i)
                all += file->records[i].fields["text"].get<std::string>() +
                       file->records[i].fields["comment"].get<std::string>() + "/";
            return all;
        };
        const std::string right = "=1+2 is wrong/'+49 is my number-/fine/";
        QCOMPARE(textsOf(core::SpreadsheetMark + writtenByUs(guarded)), right);
        QCOMPARE(textsOf(writtenByUs(guarded)), right);
        QCOMPARE(textsOf(written(guarded, {"", ";", "\r\n"})), right);
        QCOMPARE(textsOf(written(guarded, {"", "\t", "\r\n", Quoting::All})), right);
        Rows wider = guarded;
        wider[0].insert(wider[0].end(), {"ticket", "-"});
        for (size_t i = 1; i < wider.size(); ++i)
            wider[i].insert(wider[i].end(), {"-" + std::to_string(i), "=x"});
        QCOMPARE(textsOf(written(wider, {"", ";", "\r\n"})), right);
        // Lossless: nothing is guarded, with or without a mark.
        QCOMPARE(textsOf(writtenByUs(rows)), right);
        QCOMPARE(textsOf(core::SpreadsheetMark + writtenByUs(rows)), right);
        QVERIFY(core::areOwnColumns(wider[0]) && !core::areOwnColumns({"id", "text", "label"}));
        // A table of other people keeps its apostrophes.
        const auto other = readTable("text,label\n'=x,a\n");
        QCOMPARE(shown(other), std::string("'=x|a"));
    }
};

QTEST_GUILESS_MAIN(CsvTest)
#include "tst_csv.moc"
