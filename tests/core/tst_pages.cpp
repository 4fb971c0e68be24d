// SPDX-License-Identifier: Apache-2.0
// Pages and Word files: their visible text, and tables in them.
#include "tests/support/file_reading.h"
#include "tests/support/zip_file.h"

using namespace support;

class PagesTest : public QObject, private FileReading {
    Q_OBJECT

private Q_SLOTS:
    void pagesAreTheirVisibleText()
    {
        const auto file = readBytes(
            "page.html",
            "<!DOCTYPE html><html><head><meta charset=\"windows-1252\"><title>no</title><style>p{}</style></head><body>"
            "<h1>Gr\xFC\xDF"
            "e</h1><p>My&nbsp;<b>par</b>cel\n is late.<br>Very.</p><script>x()</script><p hidden>no</p>"
            "<p style=\"display : none\">no</p><ul><li>one<li>two</ul><pre>a\n  b</pre><!-- no --></body></html>");
        VERIFY_RESULT(file);
        QCOMPARE(texts(*file), (std::vector<std::string>{"Gr\xC3\xBC\xC3\x9F"
                                                         "e",
                                                         "My parcel is late.\nVery.", "one", "two", "a\n  b"}));
        QCOMPARE(file->records[1].fields.at("place").get<std::string>(), std::string("paragraph 2"));
        const auto empty = readBytes("empty.html", "<html><body><script>x()</script></body></html>");
        QVERIFY(!empty && empty.error().message.find("no text") != std::string::npos);
        std::string deep = "<html>";
        for (int i = 0; i < 100'000; ++i)
            deep += "<div><table><tr><td>";
        QElapsedTimer timer;
        timer.start();
        static_cast<void>(readBytes("deep.html", deep));
        QVERIFY2(timer.elapsed() < 20'000, std::to_string(timer.elapsed()).c_str());
    }

    void tablesOfPagesAreTables()
    {
        const std::string rows =
            "<tr><th>Text</th><th>Label</th></tr><tr><td>late <i>again</i></td><td rowspan=\"2\">delivery</td></tr>"
            "<tr><td><p>where</p><p>is it</p></td></tr><tr><td colspan=\"2\">only this</td></tr>";
        const auto file = readBytes("table.html", "<html><body><h1>Tickets</h1><table border=1><thead>" + rows +
                                                      "</table><p>Made today.</p></body></html>");
        VERIFY_RESULT(file);
        QCOMPARE(file->columns, (std::vector<std::string>{"Text", "Label"}));
        QCOMPARE(file->records.size(), size_t{3});
        QCOMPARE(file->records[0].fields.dump(), std::string(R"({"Text":"late again","Label":"delivery"})"));
        QCOMPARE(file->records[1].fields.dump(), std::string(R"({"Text":"where\nis it","Label":"delivery"})"));
        QCOMPARE(file->records[2].fields.dump(), std::string(R"({"Text":"only this","Label":""})"));
        QCOMPARE(file->rejections.size(), size_t{2});
        QVERIFY(join(file->notes).find("2 paragraphs outside") != std::string::npos);
        const auto whole = core::readRowFile(m_folder / "table.html", {.unit = core::TextUnit::Paragraphs});
        VERIFY_RESULT(whole);
        QCOMPARE(whole->records.size(), size_t{6});
        // A table that lays out a page, and a small one within much text, are text.
        const auto layout = readBytes("layout.html", "<table><tr><td>menu</td><td><table><tr><td>inner</td></tr></"
                                                     "table></td></tr><tr><td>a</td><td>b</td></tr></table>");
        VERIFY_RESULT(layout);
        QCOMPARE(texts(*layout), (std::vector<std::string>{"menu", "inner", "a", "b"}));
    }

    void tablesOfWordAreTables()
    {
        const auto cell = [](const std::string &text, const std::string &properties = {}) {
            return "<w:tc><w:tcPr>" + properties + "</w:tcPr><w:p><w:r><w:t>" + text + "</w:t></w:r></w:p></w:tc>";
        };
        const std::string table = "<w:tbl><w:tr>" + cell("text") + cell("label") + "</w:tr><w:tr>" +
                                  cell("late again") + cell("delivery", "<w:vMerge w:val=\"restart\"/>") +
                                  "</w:tr><w:tr>" + cell("where is it") + cell("", "<w:vMerge/>") + "</w:tr><w:tr>" +
                                  cell("both", "<w:gridSpan w:val=\"2\"/>") + "</w:tr></w:tbl>";
        const std::string title = "<w:p><w:r><w:t>Tickets</w:t></w:r></w:p>";
        const auto file = readBytes("a.docx", makeDocx(title + table + title + table));
        VERIFY_RESULT(file);
        QCOMPARE(pairs(*file), (std::vector<std::string>{"late again|delivery", "where is it|delivery", "both|",
                                                         "late again|delivery", "where is it|delivery", "both|"}));
        QCOMPARE(file->records[3].row, int64_t{6});
        QCOMPARE(file->rejections.size(), size_t{2});
        const auto whole = core::readRowFile(m_folder / "a.docx", {.unit = core::TextUnit::Paragraphs});
        VERIFY_RESULT(whole);
        QCOMPARE(whole->records.size(), size_t{10});
        QCOMPARE(whole->records[1].fields.at("text").get<std::string>(), std::string("text\tlabel"));
        // Names that nobody knows, in a document that is about something else.
        std::string prose;
        for (int i = 0; i < 10; ++i)
            prose +=
                "<w:p><w:r><w:t>A long paragraph that has nothing to do with the table below it.</w:t></w:r></w:p>";
        const auto report =
            readBytes("b.docx", makeDocx(prose + "<w:tbl><w:tr>" + cell("Month") + cell("Sum") + "</w:tr><w:tr>" +
                                         cell("May") + cell("7") + "</w:tr></w:tbl>"));
        VERIFY_RESULT(report);
        QCOMPARE(report->columns.back(), std::string("place"));
    }
};

QTEST_GUILESS_MAIN(PagesTest)
#include "tst_pages.moc"
