// SPDX-License-Identifier: Apache-2.0
// Workbooks, Word, PDF, Markdown and text, and files that lie about what they are.
#include "core/engine/text/tokenizer_loader.h"
#include "core/formats/documents/markdown.h"
#include "core/formats/number_format.h"
#include "core/formats/row_file.h"
#include "core/formats/spreadsheet_safe.h"
#include "core/formats/xlsx.h"
#include "tests/support/zip_file.h"

#include <fstream>
#include <random>

using namespace support;

class DocumentsTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;

    static std::vector<std::string> texts(const core::RecordFile &file)
    {
        std::vector<std::string> all;
        for (const auto &record : file.records)
            all.push_back(record.fields.at("text").get<std::string>());
        return all;
    }

    base::Result<core::RecordFile> readBytes(const std::string &name, const std::string &bytes,
                                             const core::ReadOptions &options = {})
    {
        write(m_folder / name, bytes);
        return core::readRowFile(m_folder / name, options);
    }

    static int64_t peakKilobytes()
    {
        std::ifstream in("/proc/self/status");
        for (std::string word; in >> word;) {
            int64_t kilobytes = 0;
            if (word == "VmHWM:" && in >> kilobytes)
                return kilobytes;
        }
        return 0;
    }

private Q_SLOTS:
    void workbooksKeepWhatIsShown()
    {
        const std::string styles =
            R"(<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000"/>)"
            R"(<numFmt numFmtId="165" formatCode="dd\.mm\.yyyy"/></numFmts>)"
            R"(<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>)"
            R"(<xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/></cellXfs></styleSheet>)";
        const std::string shared = "<sst><si><t>text</t></si><si><t>label</t></si><si><t>postcode</t></si>"
                                   "<si><r><t>rich </t></r><r><t>text_x000D_</t></r><rPh><t>no</t></rPh></si></sst>";
        const std::string rows =
            R"(<row r="2"><c r="A2" t="inlineStr"><is><t>Mails of May</t></is></c></row>)"
            R"(<row r="4"><c r="A4" t="s"><v>0</v></c><c r="B4" t="s"><v>1</v></c><c r="D4" t="s"><v>2</v></c></row>)"
            R"(<row r="5"><c r="A5" t="s"><v>3</v></c><c r="B5" t="str"><v>a</v></c><c r="D5" s="1"><v>421</v></c></row>)"
            R"(<row r="7"><c r="A7" s="2"><v>46082</v></c><c r="B7" t="b"><v>1</v></c><c r="D7" s="3"><v>46082.75</v></c></row>)"
            R"(<row r="8"><c r="A8"><v>0.1</v></c><c r="C8"><v>9</v></c></row>)";
        const auto file = core::parseXlsx(makeXlsx("", rows, shared, styles), {}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(file->sheet, std::string("Mails"));
        QCOMPARE(file->sheets, (std::vector<std::string>{"Notes", "Mails"}));
        QCOMPARE(file->columns, (std::vector<std::string>{"text", "label", "column 3", "postcode"}));
        QCOMPARE(file->records.size(), size_t{3});
        QCOMPARE(file->records[0].row, int64_t{5});
        QCOMPARE(file->records[0].fields.dump(),
                 std::string(R"({"text":"rich text\r","label":"a","column 3":"","postcode":"00421"})"));
        QCOMPARE(file->records[1].fields.dump(),
                 std::string(R"({"text":"01.03.2026","label":"TRUE","column 3":"","postcode":"2026-03-01"})"));
        QCOMPARE(file->records[2].fields.dump(),
                 std::string(R"({"text":"0.1","label":"","column 3":"9","postcode":""})"));
        QCOMPARE(file->rejections.size(), size_t{1});
        QCOMPARE(file->rejections[0].row, int64_t{2});
        const auto other = core::parseXlsx(makeXlsx("", rows), {.sheet = "Nope"}, "f");
        QVERIFY(!other && other.error().message.find("\"Mails\"") != std::string::npos);
    }

    void numbersAreShownAsInTheSheet_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](double value, const char *code, const char *shown) {
            QTest::newRow(shown) << value << QByteArray(code) << QByteArray(shown);
        };
        row(0.1, "General", "0.1");
        row(1e21, "", "1e+21");
        row(12345678901234, "", "12345678901234");
        row(7, "000", "007");
        row(-1234.5, "#,##0.00", "-1,234.50");
        row(0.256, "0%", "26%");
        row(3, "0.0\" kg\"", "3.0 kg");
        row(1234567, "#,##0;[Red]-#,##0", "1,234,567");
        row(46082, "yyyy-mm-dd", "2026-03-01");
        row(46082.5625, "d mmm yy h:mm AM/PM", "1 Mar 26 1:30 PM");
        row(0.5, "h:mm:ss", "12:00:00");
        row(59, "d/m/yyyy", "28/2/1900");
        row(61, "d/m/yyyy", "1/3/1900");
        row(2.5, "# ?/?", "2.5");
        row(-5, "yyyy", "-5");
    }
    void numbersAreShownAsInTheSheet()
    {
        QFETCH(double, value);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(core::formatNumber(value, code.toStdString())), shown);
    }

    void wordKeepsParagraphsAndTables()
    {
        const std::string body =
            "<w:p><w:r><w:t>One "
            "</w:t></w:r><w:hyperlink><w:r><w:t>linked</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>tab"
            "</w:t><w:br/><w:t>line</w:t></w:r><w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del></"
            "w:p>"
            "<w:p/><w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p/></"
            "w:tc><w:tc><w:p><w:r><w:t>c"
            "</w:t></w:r></w:p><w:p><w:r><w:t>d</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
            "<w:p><w:r><w:t>&#228;&amp;</w:t></w:r></w:p>";
        const auto file = readBytes("f.docx", makeDocx(body));
        VERIFY_RESULT(file);
        QCOMPARE(texts(*file), (std::vector<std::string>{"One linked\ttab\nline", "a\t\tc\nd", "\xC3\xA4&"}));
        QCOMPARE(file->records[1].fields.at("place").get<std::string>(), std::string("paragraph 2"));
    }

    void pdfKeepsPages()
    {
        const auto file = readBytes("f.pdf", makePdf({"Where is my parcel?", "I want my money back."}));
        VERIFY_RESULT(file);
        QCOMPARE(texts(*file), (std::vector<std::string>{"Where is my parcel?", "I want my money back."}));
        QCOMPARE(file->records[1].fields.at("place").get<std::string>(), std::string("page 2, paragraph 1"));
        const auto empty = readBytes("empty.pdf", makePdf({""}));
        QVERIFY(!empty && empty.error().message.find("no text") != std::string::npos);
    }

    void markdownLosesItsMarks()
    {
        const auto document =
            core::readMarkdown("# A *heading*\n\nText with `code`, [a link](http://x.y) and\na line.\n\n"
                               "- one\n- two\n\n<script>alert()</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
        std::vector<std::string> blocks;
        for (const auto &block : document)
            blocks.push_back(block.text);
        QCOMPARE(blocks, (std::vector<std::string>{"A heading", "Text with code, a link and\na line.", "one", "two",
                                                   "a\tb", "1\t2"}));
    }

    void textFilesAreListsTablesOrProse()
    {
        const auto list = readBytes("list.txt", "Where is my parcel?\nI want my money back.\n");
        VERIFY_RESULT(list);
        QCOMPARE(list->records.size(), size_t{2});
        const auto table = readBytes("table.txt", "text\tlabel\nWhere, oh where?\ta\nBack!\tb\n");
        VERIFY_RESULT(table);
        QCOMPARE(table->columns, (std::vector<std::string>{"text", "label"}));
        const auto prose = readBytes("prose.txt", "First line\nof a paragraph.\n\nSecond, of one.\n");
        VERIFY_RESULT(prose);
        QCOMPARE(texts(*prose), (std::vector<std::string>{"First line\nof a paragraph.", "Second, of one."}));
        QVERIFY(!readBytes("blank.txt", " \n\n").has_value());
    }

    void longTextsAreChunkedBySentences()
    {
        const auto tokenizer = engine::loadTokenizer(golden("tiny_base"));
        VERIFY_RESULT(tokenizer);
        const auto size = [&](const std::string &text) { return (*tokenizer)->encode(text, false).ids.size(); };
        std::string prose;
        for (int i = 0; i < 40; ++i)
            prose += "The parcel was sent on day " + std::to_string(i) + ". ";
        const std::string word(400, 'x');
        write(m_folder / "long.txt", "Short.\n\nAlso short.\n\n" + prose + "\n\n" + word + " end\n");
        const auto file = core::readRowFile(m_folder / "long.txt", {.tokenizer = tokenizer->get(), .tokens = 60});
        VERIFY_RESULT(file);
        QCOMPARE(texts(*file).front(), std::string("Short.\nAlso short."));
        std::string together;
        for (const auto &chunk : texts(*file)) {
            QVERIFY2(size(chunk) <= 60, chunk.c_str());
            together += chunk + " ";
        }
        for (int i = 0; i < 40; ++i)
            QVERIFY(together.find("on day " + std::to_string(i) + ".") != std::string::npos);
        QVERIFY(texts(*file)[1].ends_with('.'));
        QCOMPARE(std::count(together.begin(), together.end(), 'x'), std::ptrdiff_t{400});
        const std::string kept = engine::truncated(prose, **tokenizer, 40, engine::Truncation::HeadTail);
        QVERIFY(kept.starts_with("The parcel was") && kept.ends_with("on day 39.") &&
                kept.find(" ... ") != std::string::npos);
        QVERIFY(engine::truncated(prose, **tokenizer, 40, engine::Truncation::Head).starts_with("The parcel"));
        QCOMPARE(engine::truncated("Short.", **tokenizer, 40, engine::Truncation::Head), std::string("Short."));
    }

    void bombsAndLiesAreRefusedAtOnce_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        int number = 0;
        const auto add = [&](const std::string &what, const std::string &ending, const std::string &bytes) {
            const std::string name = std::to_string(++number) + " " + what;
            QTest::newRow(name.c_str()) << QString::fromStdString(std::to_string(number) + ending)
                                        << QByteArray::fromStdString(bytes);
        };
        const std::string laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
                                   "\"&b;&b;&b;&b;&b;&b;&b;&b;\">]>";
        std::string deep;
        for (int i = 0; i < 400; ++i)
            deep += "<w:p>";
        const std::string huge(200 << 20, 'a');
        for (const auto &[kind, sound] :
             {std::pair(std::string(".docx"), makeDocx("<w:p><w:r><w:t>text</w:t></w:r></w:p>")),
              std::pair(std::string(".xlsx"), makeXlsx("", "<row><c><v>1</v></c></row>"))}) {
            for (const double share : {0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99})
                add("cut off", kind, sound.substr(0, static_cast<size_t>(share * static_cast<double>(sound.size()))));
            add("another format", kind, "%PDF-1.4\n");
            add("zeros", kind, std::string(4096, '\0'));
            add("text of one line", ".xlsx", "nothing else");
            add("no part that is needed", kind, makeZip({{"mimetype", "x"}}));
            // The second entry of the central directory says that it lies where the first one does.
            std::string overlapping = sound;
            const size_t first = overlapping.find("PK\x01\x02"), second = overlapping.find("PK\x01\x02", first + 4);
            overlapping.replace(second + 42, 4, overlapping.substr(first + 42, 4));
            add("entries that overlap", kind, overlapping);
            std::string encrypted = sound;
            for (size_t i = 0; (i = encrypted.find("PK\x01\x02", i)) != std::string::npos; ++i)
                encrypted[i + 8] |= 1;
            add("encrypted", kind, encrypted);
            std::string lying = sound;  // what it unpacks to is said to be three gigabytes
            lying.replace(lying.find("PK\x01\x02") + 24, 4, std::string("\xFF\xFF\xFF\xBF", 4));
            add("a size that is a lie", kind, lying);
            std::string small = sound;
            small.replace(small.rfind("PK\x01\x02") + 24, 4, std::string("\x02\0\0\0", 4));
            add("more than it says", kind, small);
            ZipEntries many;
            for (int i = 0; i < 1001; ++i)
                many.emplace_back("part" + std::to_string(i), "x");
            add("too many entries", kind, makeZip(many));
        }
        add("ratio", ".docx", makeZip({{"_rels/.rels", DocxRelations}, {"word/document.xml", huge}}));
        add("ratio", ".xlsx", makeXlsx("", huge));
        add("entities", ".docx",
            makeZip({{"_rels/.rels", DocxRelations}, {"word/document.xml", laughs + "<x>&c;</x>"}}));
        add("an entity from elsewhere", ".docx",
            makeZip({{"_rels/.rels", DocxRelations},
                     {"word/document.xml", "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>"}}));
        add("entities", ".xlsx", makeXlsx("", "<row><c><v>1</v></c></row>", laughs + "<sst><si><t>&c;</t></si></sst>"));
        add("nested deeply", ".docx", makeDocx(deep));
        add("XML that ends early", ".docx", makeDocx("<w:p><w:r>"));
        add("a part outside", ".docx",
            makeZip(
                {{"_rels/.rels", "<Relationships><Relationship Type=\"/officeDocument\" Target=\"../../etc/passwd\"/>"
                                 "</Relationships>"}}));
        add("styles broken", ".xlsx", makeXlsx("", "<row><c><v>1</v></c></row>", "<sst/>", "<styleSheet"));
        const std::string pdf = makePdf({"one", "two"});
        for (const double share : {0.0, 0.01, 0.05})
            add("cut off", ".pdf", pdf.substr(0, static_cast<size_t>(share * static_cast<double>(pdf.size()))));
        std::string looping = pdf;
        looping.replace(looping.find("/Kids ["), 7, "/Kids [2 0 R ");
        add("zeros", ".pdf", std::string(4096, '\0'));
        add("a zip file", ".pdf", makeZip({{"x", std::string("\x01\x02\x03\x04", 4)}}));
        add("no pages", ".pdf",
            "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\nxref\n0 2\n"
            "0000000000 65535 f \n0000000009 00000 n \ntrailer\n<< /Size 2 /Root 1 0 R >>\nstartxref\n60\n%%EOF\n");
        add("its table of parts is itself", ".pdf",
            "%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Prev 9 /Root 5 0 R "
            ">>\nstartxref\n9\n%%EOF\n");
        add("a million pages that are none", ".pdf",
            "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [2 0 R 2 0 "
            "R] "
            "/Count 1000000 >>\nendobj\nxref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n "
            "\ntrailer\n"
            "<< /Size 3 /Root 1 0 R >>\nstartxref\n137\n%%EOF\n");
        add("one line of 17 MB", ".csv", std::string(17 << 20, 'a'));
        add("one line of 17 MB", ".txt", std::string(17 << 20, 'a'));
        add("zeros", ".csv", std::string(4096, '\0'));
        add("a program", ".txt",
            std::string("\x7F"
                        "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3E\0\x01\0\0\0",
                        24));
        add("a picture", ".csv", std::string("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\1\0", 20));
        add("only a header of nothing", ".csv", "\n\n");
        add("blank", ".md", " \n");
        add("nothing", ".jsonl.pdf", "");
    }
    void bombsAndLiesAreRefusedAtOnce()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        write(m_folder / name.toStdString(), bytes.toStdString());
        const int64_t before = peakKilobytes();
        QElapsedTimer timer;
        timer.start();
        const auto file = core::readRowFile(m_folder / name.toStdString());
        const qint64 took = timer.elapsed();
        QVERIFY2(!file, file ? std::to_string(file->records.size()).c_str() : "");
        QVERIFY2(took < 1000, std::to_string(took).c_str());
        QVERIFY(peakKilobytes() - before < 64 << 10);
        QVERIFY(!file.error().message.empty() && file.error().message.ends_with('.'));
    }

    void aLineOfFourGigabytesIsRefusedAtOnce()
    {
        write(m_folder / "endless.csv", "text");
        std::filesystem::resize_file(m_folder / "endless.csv", uint64_t{4} << 30);  // a hole: it takes no room
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!core::readRowFile(m_folder / "endless.csv").has_value());
        QVERIFY(timer.elapsed() < 1000);
    }

    void changedBytesNeverEndTheProgram()
    {
        std::mt19937 random(123);
        const std::string sound[] = {makeDocx("<w:p><w:r><w:t>text</w:t></w:r></w:p>"),
                                     makeXlsx("", "<row><c><v>1</v></c><c><v>2</v></c></row>"),
                                     makePdf({"one", "two"})};
        const char *names[] = {"f.docx", "f.xlsx", "f.pdf"};
        for (int i = 0; i < 150; ++i) {
            std::string bytes = sound[i % 3];
            for (int j = 0; j < 4; ++j)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            static_cast<void>(readBytes(names[i % 3], bytes));
        }
    }

    void cellsForSpreadsheetsComeBack()
    {
        std::mt19937 random(123);
        const std::vector<std::string> parts{"'", "=", "+", "-", "@", "\t", "\r", "\n", "a", "\xEF\xBC\x9D", " "};
        for (int i = 0; i < 100'000; ++i) {
            std::string cell;
            for (auto j = random() % 5; j > 0; --j)
                cell += parts[random() % parts.size()];
            const std::string safe = core::toSpreadsheetSafe(cell);
            QCOMPARE(core::fromSpreadsheetSafe(safe), cell);
            QVERIFY(safe.empty() || std::string("=+-@\t\r\n").find(safe[0]) == std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(DocumentsTest)
#include "tst_documents.moc"
