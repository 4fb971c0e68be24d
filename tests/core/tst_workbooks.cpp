// SPDX-License-Identifier: Apache-2.0
// Workbooks as people keep them: merged labels, cover sheets, hidden rows, broken cells, parts at odd places.
#include "core/formats/row_file.h"
#include "core/formats/xlsx.h"
#include "tests/support/zip_file.h"

using namespace support;

namespace {

struct BookSheet {
    std::string name;
    std::string content;  ///< within <worksheet>
    std::string state = "visible";
    std::string type = "worksheet";
};

/// How a workbook names its parts.
struct BookLayout {
    std::string main = "xl/workbook.xml";
    std::string relationsOfMain = "xl/_rels/workbook.xml.rels";
    std::string sheetFolder = "xl/worksheets/";  ///< of the entries
    std::string targetFolder = "worksheets/";    ///< as the relations say it
    std::string types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    std::string space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    std::string shared;
    std::string sharedEntry = "xl/sharedStrings.xml", sharedTarget = "sharedStrings.xml";
};

std::string relation(const BookLayout &layout, const std::string &id, const std::string &type,
                     const std::string &target)
{
    return "<Relationship Id=\"" + id + "\" Type=\"" + layout.types + type + "\" Target=\"" + target + "\"/>";
}

std::string makeBook(const std::vector<BookSheet> &sheets, const BookLayout &layout = {})
{
    ZipEntries entries{
        {"_rels/.rels", "<Relationships>" + relation(layout, "a", "officeDocument", layout.main) + "</Relationships>"}};
    std::string list, relations;
    for (size_t i = 0; i < sheets.size(); ++i) {
        const std::string id = "rId" + std::to_string(i + 1), file = "s" + std::to_string(i + 1) + ".xml";
        list += "<x:sheet name=\"" + sheets[i].name + "\" sheetId=\"9\" state=\"" + sheets[i].state + "\" r:id=\"" +
                id + "\"/>";
        relations += relation(layout, id, sheets[i].type, layout.targetFolder + file);
        entries.emplace_back(layout.sheetFolder + file,
                             "<worksheet xmlns=\"" + layout.space + "\">" + sheets[i].content + "</worksheet>");
    }
    if (!layout.shared.empty()) {
        relations += relation(layout, "rIdT", "sharedStrings", layout.sharedTarget);
        entries.emplace_back(layout.sharedEntry, layout.shared);
    }
    entries.emplace_back(layout.main, "<x:workbook xmlns:x=\"" + layout.space + "\" xmlns:r=\"r\"><x:sheets>" + list +
                                          "</x:sheets></x:workbook>");
    entries.emplace_back(layout.relationsOfMain, "<Relationships>" + relations + "</Relationships>");
    return makeZip(entries);
}

/// A row of texts; empty ones are no cells. `attributes`: of the row.
std::string row(int number, const std::vector<std::string> &cells, const std::string &attributes = {})
{
    std::string xml = "<row r=\"" + std::to_string(number) + "\" " + attributes + ">";
    for (size_t i = 0; i < cells.size(); ++i) {
        if (!cells[i].empty())
            xml +=
                "<c r=\"" + core::cellName(i + 1, number) + "\" t=\"inlineStr\"><is><t>" + cells[i] + "</t></is></c>";
    }
    return xml + "</row>";
}

std::string data(const std::string &rows, const std::string &behind = {})
{
    return "<sheetData>" + rows + "</sheetData>" + behind;
}

/// An OpenDocument workbook with these sheets; the style "hidden" hides one.
std::string makeOds(const std::string &sheets, bool isFlat = false)
{
    const std::string styles =
        "<office:automatic-styles><style:style style:name=\"hidden\" style:family=\"table\">"
        "<style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>";
    const std::string names =
        "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:style=\"s\" xmlns:table=\"t\" "
        "xmlns:text=\"x\" xmlns:calcext=\"c\"";
    const std::string body =
        styles + "<office:body><office:spreadsheet>" + sheets + "</office:spreadsheet></office:body>";
    if (isFlat)
        return "<?xml version=\"1.0\"?>\n<office:document " + names +
               " office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\">" + body + "</office:document>";
    return makeZip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                    {"content.xml", "<office:document-content " + names + ">" + body + "</office:document-content>"}});
}

std::string odsCell(const std::string &text, const std::string &attributes = {})
{
    return "<table:table-cell office:value-type=\"string\" " + attributes + "><text:p>" + text +
           "</text:p></table:table-cell>";
}

std::string odsRow(const std::string &cells, const std::string &attributes = {})
{
    return "<table:table-row " + attributes + ">" + cells + "</table:table-row>";
}

std::string odsTable(const std::string &name, const std::string &rows, const std::string &attributes = {})
{
    return "<table:table table:name=\"" + name + "\" " + attributes + ">" + rows + "</table:table>";
}

/// "text|label" of each record.
std::vector<std::string> pairs(const core::RecordFile &file, const std::string &a = "text",
                               const std::string &b = "label")
{
    std::vector<std::string> all;
    for (const auto &record : file.records)
        all.push_back(record.fields.at(a).get<std::string>() + "|" + record.fields.at(b).get<std::string>());
    return all;
}

std::string notes(const core::RecordFile &file)
{
    std::string all;
    for (const auto &note : file.notes)
        all += note + "\n";
    return all;
}

#define SAYS(file, what) QVERIFY2(notes(file).find(what) != std::string::npos, notes(file).c_str())

}  // namespace

class WorkbooksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aMergedLabelIsTheLabelOfEachOfItsRows()
    {
        const auto file = core::parseXlsx(
            makeBook({{"S", data(row(1, {"Complaints of May"}) + row(3, {"text", "label"}) +
                                     row(4, {"late again", "delivery"}) + row(5, {"where is it"}) + row(6, {"lost"}) +
                                     row(7, {"money back", "refund"}) + row(8, {"paid twice"}) + row(9, {"hello"}),
                                 "<mergeCells><mergeCell ref=\"A1:B1\"/><mergeCell ref=\"B4:B6\"/>"
                                 "<mergeCell ref=\"B7:B8\"/><mergeCell ref=\"B20:B30\"/></mergeCells>")}}),
            {}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(pairs(*file), (std::vector<std::string>{"late again|delivery", "where is it|delivery", "lost|delivery",
                                                         "money back|refund", "paid twice|refund", "hello|"}));
        QCOMPARE(file->rejections.size(), size_t{1});
        QCOMPARE(file->rejections[0].row, int64_t{1});
        QCOMPARE(file->rejections[0].reason, std::string(core::AboveHeader));
        SAYS(*file, "B4 to B6, B7 to B8.");
    }

    void aMergedCellMakesNoRows()
    {
        const auto file = core::parseXlsx(
            makeBook({{"S", data(row(1, {"label", "text"}) + row(2, {"refund", "money back"}) + row(4, {"", "a gift"}),
                                 "<mergeCells><mergeCell ref=\"A2:A1048576\"/></mergeCells>")}}),
            {}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(pairs(*file), (std::vector<std::string>{"money back|refund", "a gift|refund"}));
    }

    void partsAreFoundByRelation_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const std::vector<BookSheet> sheets{{"S", data("<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>"
                                                       "<row><c t=\"s\"><v>2</v></c><c t=\"s\"><v>3</v></c></row>")}};
        const auto add = [&](const char *name, BookLayout layout) {
            layout.shared =
                "<sst><si><t>text</t></si><si><t>label</t></si><si><r><t>late </t></r><r><t>again</t></r></si>"
                "<si><t>delivery</t></si></sst>";
            QTest::newRow(name) << QByteArray::fromStdString(makeBook(sheets, layout));
        };
        add("usual", {});
        add("strict", {.types = "http://purl.oclc.org/ooxml/officeDocument/relationships/",
                       .space = "http://purl.oclc.org/ooxml/spreadsheetml/main"});
        add("from the root", {.targetFolder = "/xl/worksheets/", .sharedTarget = "/xl/sharedStrings.xml"});
        add("other names", {.main = "book/main.xml",
                            .relationsOfMain = "book/_rels/main.xml.rels",
                            .sheetFolder = "pages/",
                            .targetFolder = "../pages/",
                            .sharedEntry = "book/words/all.xml",
                            .sharedTarget = "./words/all.xml"});
        add("in the root", {.main = "workbook.xml",
                            .relationsOfMain = "_rels/workbook.xml.rels",
                            .sheetFolder = "",
                            .targetFolder = "",
                            .sharedEntry = "sharedStrings.xml"});
        add("other case", {.sheetFolder = "xl/Worksheets/", .sharedEntry = "xl/SharedStrings.xml"});
        add("backslashes", {.main = "xl\\workbook.xml",
                            .relationsOfMain = "xl\\_rels\\workbook.xml.rels",
                            .sheetFolder = "xl\\worksheets\\",
                            .targetFolder = "worksheets\\",
                            .sharedEntry = "xl\\sharedStrings.xml"});
        add("percent signs", {.sheetFolder = "xl/my sheets/", .targetFolder = "my%20sheets/"});
    }
    void partsAreFoundByRelation()
    {
        QFETCH(QByteArray, bytes);
        const auto file = core::parseXlsx(bytes.toStdString(), {}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(pairs(*file), (std::vector<std::string>{"late again|delivery"}));
    }

    void aChartIsNoSheet()
    {
        const std::string table = data(row(1, {"text", "label"}) + row(2, {"late again", "delivery"}));
        const auto file = core::parseXlsx(makeBook({{"Chart", table, "visible", "chartsheet"}, {"S", table}}), {}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(file->sheet, std::string("S"));
    }

    void theFirstTableIsReadAndOtherSheetsAreNamed()
    {
        const std::string cover =
            data(row(1, {"Export of tickets"}) + row(2, {"made in May"}) + row(3, {"by the shop"}));
        const std::string facts =
            data(row(1, {"Author:", "A. Person"}) + row(2, {"Made:", "May"}) + row(3, {"For:", "all"}));
        const std::string table =
            data(row(1, {"text", "label"}) + row(2, {"late again", "delivery"}) + row(3, {"lost", "delivery"}));
        const std::string hidden = data(row(1, {"text", "label"}) + row(2, {"old", "x"}));
        const std::vector<BookSheet> sheets{{"Cover", cover},
                                            {"Facts", facts},
                                            {"Empty", data("")},
                                            {"Mails", table},
                                            {"More", table},
                                            {"Old", hidden, "hidden"},
                                            {"Older", hidden, "veryHidden"}};
        const auto file = core::parseXlsx(makeBook(sheets), {}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(file->sheet, std::string("Mails"));
        QCOMPARE(pairs(*file), (std::vector<std::string>{"late again|delivery", "lost|delivery"}));
        QCOMPARE(file->sheets, (std::vector<std::string>{"Cover", "Facts", "Empty", "Mails", "More"}));
        SAYS(*file, "The sheet \"Cover\" was not read");
        SAYS(*file, "The sheet \"Facts\" was not read");
        SAYS(*file, "The sheet \"More\" was not read: it has 2 rows.");
        SAYS(*file, "The hidden sheet \"Old\" was not read: it has 1 row.");
        SAYS(*file, "The hidden sheet \"Older\"");
        QVERIFY(notes(*file).find("\"Empty\"") == std::string::npos);
        QVERIFY(notes(*file).find("\"Mails\"") == std::string::npos);
        const auto old = core::parseXlsx(makeBook(sheets), {.sheet = "Old"}, "f");
        VERIFY_RESULT(old);
        QCOMPARE(pairs(*old), (std::vector<std::string>{"old|x"}));
        SAYS(*old, "The sheet \"Mails\" was not read");
        const auto none = core::parseXlsx(makeBook({{"Empty", data("")}, {"Old", hidden, "hidden"}}), {}, "f");
        QVERIFY(!none && none.error().code == base::ErrorCode::InvalidInput);
        const auto lines = core::parseXlsx(makeBook({{"A", data("")}, {"B", cover}}), {}, "f");
        VERIFY_RESULT(lines);
        QCOMPARE(lines->sheet, std::string("B"));
    }

    void allSheetsComeWithTheirNames()
    {
        const std::string refund = data(row(1, {"text"}) + row(2, {"money back"}) + row(3, {"paid twice"}));
        const std::string delivery = data(row(1, {"text", "date"}) + row(2, {"late again", "May"}));
        const std::vector<BookSheet> sheets{
            {"refund", refund}, {"delivery", delivery}, {"other", refund, "hidden"}, {"blank", data("")}};
        const auto file = core::parseXlsx(makeBook(sheets), {.allSheets = true}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(file->columns, (std::vector<std::string>{"text", "date", "sheet"}));
        QCOMPARE(pairs(*file, "text", "sheet"),
                 (std::vector<std::string>{"money back|refund", "paid twice|refund", "late again|delivery"}));
        QCOMPARE(file->records[0].fields.at("date").get<std::string>(), std::string());
        QCOMPARE(file->records[2].row, int64_t{2});
        SAYS(*file, "The hidden sheet \"other\" was not read: it has 2 rows.");
        const std::string own = data(row(1, {"text", "sheet"}) + row(2, {"a", "b"}));
        const auto second = core::parseXlsx(makeBook({{"S", own}}), {.allSheets = true}, "f");
        VERIFY_RESULT(second);
        QCOMPARE(second->columns, (std::vector<std::string>{"text", "sheet", "sheet (2)"}));
        QCOMPARE(pairs(*second, "sheet", "sheet (2)"), (std::vector<std::string>{"b|S"}));
    }

    void hiddenRowsComeInAndAreSaid()
    {
        const auto file = core::parseXlsx(makeBook({{"S", data(row(1, {"text", "label"}) + row(2, {"seen", "a"}) +
                                                               row(3, {"not seen", "b"}, "hidden=\"1\"") +
                                                               row(4, {"filtered", "b"}, "hidden=\"true\""))}}),
                                          {}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(pairs(*file), (std::vector<std::string>{"seen|a", "not seen|b", "filtered|b"}));
        SAYS(*file, "Hidden rows are read too: rows 3, 4.");
    }

    void brokenCellsAreEmptyAndSaid()
    {
        const std::string rows =
            row(1, {"text", "label"}) +
            R"(<row r="2"><c r="A2" t="str"><f>A1&amp;"x"</f><v>textx</v></c><c r="B2" t="e"><v>#N/A</v></c></row>)"
            R"(<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" t="e"><f>X1</f><v>#REF!</v></c></row>)"
            R"(<row r="4"><c r="A4"><f>1+1</f><v/></c><c r="B4" t="b"><v>0</v></c></row>)"
            R"(<row r="5"><c r="A5" t="s"><v>7</v></c><c r="B5" t="str"><v>05</v></c></row>)"
            R"(<row r="6"><c r="A6" t="str"><f>""</f><v></v></c><c r="B6" t="d"><v>2024-03-01T00:00:00</v></c></row>)";
        const auto file =
            core::parseXlsx(makeBook({{"S", "<dimension ref=\"A1:XFD1048576\"/>" + data(rows)}}), {}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(pairs(*file), (std::vector<std::string>{"textx|", "2|", "|FALSE", "|05", "|2024-03-01"}));
        SAYS(*file, "2 cells show an error and are read as empty: B2 (#N/A), B3 (#REF!).");
        SAYS(*file, "1 cell is read as empty, since the file has its formula but not its value: A4.");
        SAYS(*file, "1 cell is read as empty, since the file lacks its text: A5.");
    }

    void columnsKeepTheirPlacesAndNames()
    {
        const auto file = core::parseXlsx(makeBook({{"S", data(row(3, {"", "text", "label", "label", ""}) +
                                                               row(4, {"", "late again", "delivery", "x", "look"}) +
                                                               row(9, {"", "money back", "refund"}))}}),
                                          {}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(file->columns, (std::vector<std::string>{"text", "label", "label (2)", "column 5"}));
        QCOMPARE(file->records[0].fields.dump(),
                 std::string(R"x({"text":"late again","label":"delivery","label (2)":"x","column 5":"look"})x"));
        QCOMPARE(file->records[1].row, int64_t{9});
        QCOMPARE(pairs(*file), (std::vector<std::string>{"late again|delivery", "money back|refund"}));
        const auto headless = core::parseXlsx(makeBook({{"S", data(row(1, {"a", "b"}) + row(2, {"c", "d"}))}}),
                                              {.header = core::HeaderRow::Absent}, "f");
        VERIFY_RESULT(headless);
        QCOMPARE(headless->records.size(), size_t{2});
        QVERIFY(!headless->hasHeader);
    }

    void textsAreWhole()
    {
        BookLayout layout;
        layout.shared = "<sst><si><r><t xml:space=\"preserve\">rich </t></r><r><rPr><b/></rPr><t>text</t></r>"
                        "<rPh sb=\"0\" eb=\"1\"><t>no</t></rPh></si><si><t>a_x000A_b_x2028_c</t></si></sst>";
        const std::string rows =
            row(1, {"text", "label"}) +
            R"(<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>)"
            R"(<row r="3"><c r="A3" t="inlineStr"><is><r><t>in </t></r><r><t>line</t></r><rPh><t>no</t></rPh></is></c><c r="B3" t="inlineStr"><is><t>x</t></is></c></row>)";
        const auto file = core::parseXlsx(makeBook({{"S", data(rows)}}, layout), {}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(pairs(*file), (std::vector<std::string>{"rich text|a\nb\xE2\x80\xA8"
                                                         "c",
                                                         "in line|x"}));
    }

    void smallFilesDoNotFillTheMemory()
    {
        // A shared text that many cells repeat, rows that are wide by one cell, and merged cells over one another.
        BookLayout layout;
        layout.shared = "<sst><si><t>" + std::string(900'000, 'x') + "</t></si></sst>";
        std::string many, wide, merges, merged;
        for (int i = 0; i < 2'000; ++i)
            many += "<row><c t=\"s\"><v>0</v></c></row>";
        const auto shared = core::parseXlsx(makeBook({{"S", data(many)}}, layout), {}, "f");
        QVERIFY(!shared && shared.error().code == base::ErrorCode::InvalidInput);
        for (int i = 1; i <= 16'000; ++i)
            wide += "<row r=\"" + std::to_string(i) + "\"><c r=\"" + core::cellName(static_cast<size_t>(i), i) +
                    "\"><v>1</v></c></row>";
        const auto diagonal = core::parseXlsx(makeBook({{"S", data(wide)}}), {}, "f");
        QVERIFY(!diagonal && diagonal.error().code == base::ErrorCode::InvalidInput);
        for (int i = 1; i <= 20'000; ++i) {
            merged += "<row><c><v>1</v></c></row>";
            merges += "<mergeCell ref=\"A1:A99999\"/>";
        }
        const auto over = core::parseXlsx(makeBook({{"S", data(merged, merges)}}), {}, "f");
        QVERIFY(!over && over.error().code == base::ErrorCode::InvalidInput);
    }

    void openDocumentIsReadTheSameWay()
    {
        const std::string header = odsRow(odsCell("text") + odsCell("label"));
        const std::string mails = odsTable(
            "Mails",
            "<table:table-column/>" +
                odsRow(odsCell("Mails of May", "table:number-columns-spanned=\"2\"") + "<table:covered-table-cell/>") +
                odsRow("<table:table-cell table:number-columns-repeated=\"1024\"/>",
                       "table:number-rows-repeated=\"2\"") +
                header +
                odsRow(odsCell("late\n   <text:span>again</text:span><text:s text:c=\"2\"/>now</text:p><text:p>and "
                               "<text:line-break/>then") +
                       odsCell("delivery", "table:number-rows-spanned=\"3\"")) +
                odsRow(odsCell("lost") +
                           "<table:covered-table-cell><text:p>under it</text:p></table:covered-table-cell>",
                       "table:visibility=\"filter\"") +
                odsRow(odsCell("where<office:annotation><text:p>a comment</text:p></office:annotation>") +
                       "<table:covered-table-cell/>") +
                odsRow("<table:table-cell office:value-type=\"float\" office:value=\"7.5\"/>"
                       "<table:table-cell office:value-type=\"boolean\" "
                       "office:boolean-value=\"true\"><text:p>WAHR</text:p></table:table-cell>") +
                odsRow(odsCell("a") + "<table:table-cell table:formula=\"of:=1\" office:value-type=\"string\" "
                                      "calcext:value-type=\"error\">"
                                      "<text:p>#N/A</text:p></table:table-cell>") +
                odsRow(odsCell("b") + "<table:table-cell table:formula=\"of:=1\"/>") +
                odsRow(odsCell("same", "table:number-columns-repeated=\"2\""), "table:number-rows-repeated=\"2\"") +
                odsRow("<table:table-cell table:number-columns-repeated=\"16384\"/>",
                       "table:number-rows-repeated=\"1048000\""));
        const std::string old =
            odsTable("Old", header + odsRow(odsCell("x") + odsCell("y")), "table:style-name=\"hidden\"");
        for (const bool isFlat : {false, true}) {
            const auto bytes = makeOds(odsTable("Cover", odsRow(odsCell("An export"))) + old + mails, isFlat);
            TempFolder folder;
            write(folder / "book.ods", bytes);
            const auto file = core::readRowFile(folder / "book.ods");
            VERIFY_RESULT(file);
            QCOMPARE(pairs(*file),
                     (std::vector<std::string>{"late again  now\nand \nthen|delivery", "lost|delivery",
                                               "where|delivery", "7.5|WAHR", "a|", "b|", "same|same", "same|same"}));
            QCOMPARE(file->records.front().row, int64_t{5});
            QCOMPARE(file->records.back().row, int64_t{12});
            QCOMPARE(file->sheets, (std::vector<std::string>{"Cover", "Mails"}));
            SAYS(*file, "B5 to B7.");
            SAYS(*file, "row 6");
            SAYS(*file, "1 cell shows an error and is read as empty: B9 (#N/A).");
            SAYS(*file, "its formula but not its value: B10.");
            SAYS(*file, "The sheet \"Cover\" was not read");
            SAYS(*file, "The hidden sheet \"Old\" was not read: it has 1 row.");
            const auto all = core::readRowFile(folder / "book.ods", {.allSheets = true});
            VERIFY_RESULT(all);
            QCOMPARE(all->records.back().fields.at("sheet").get<std::string>(), std::string("Mails"));
        }
    }

    void openDocumentBombsAreRefused()
    {
        TempFolder folder;
        const auto isRefused = [&](const std::string &bytes) {
            write(folder / "bomb.ods", bytes);
            QElapsedTimer timer;
            timer.start();
            const auto file = core::readRowFile(folder / "bomb.ods");
            return !file && timer.elapsed() < 20'000;
        };
        QVERIFY(isRefused(makeOds(odsTable("S", odsRow(odsCell("x", "table:number-columns-repeated=\"16384\""),
                                                       "table:number-rows-repeated=\"1048576\"")))));
        QVERIFY(isRefused(makeOds(
            odsTable("S", odsRow(odsCell(std::string(1 << 19, 'x')), "table:number-rows-repeated=\"1048576\"")))));
        QVERIFY(isRefused(makeZip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}})));
        QVERIFY(isRefused(makeZip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                                   {"META-INF/manifest.xml", "<manifest><encryption-data/></manifest>"},
                                   {"content.xml", "x"}})));
    }

    void xmlSpreadsheetsNamedXlsAreRead()
    {
        TempFolder folder;
        const std::string head =
            "<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n"
            "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" "
            "xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">";
        const auto text = [](const std::string &value, const std::string &attributes = {}) {
            return "<Cell " + attributes + "><Data ss:Type=\"String\">" + value + "</Data></Cell>";
        };
        const std::string table = "<Row>" + text("text") + text("label") + text("date") + "</Row><Row ss:Index=\"4\">" +
                                  text("gr\xFC\xDF"
                                       "e") +
                                  text("delivery", "ss:MergeDown=\"1\"") +
                                  "<Cell><Data ss:Type=\"DateTime\">2024-03-01T00:00:00.000</Data></Cell></Row><Row "
                                  "ss:Hidden=\"1\"><Cell><Data ss:Type=\"Number\">5"
                                  "</Data><Comment><ss:Data>no</ss:Data></Comment></Cell></Row><Row>" +
                                  text("across", "ss:MergeAcross=\"1\"") +
                                  "<Cell><Data ss:Type=\"Boolean\">0</Data></Cell></Row><Row>" + text("x") +
                                  "<Cell ss:Index=\"3\"><Data ss:Type=\"Error\">#REF!</Data></Cell></Row>";
        write(folder / "report.xls", head + "<Worksheet ss:Name=\"Mails\"><Table>" + table +
                                         "</Table></Worksheet><Worksheet ss:Name=\"Old\"><Table><Row>" + text("x") +
                                         "</Row></Table><WorksheetOptions><Visible>SheetHidden</Visible></"
                                         "WorksheetOptions></Worksheet></Workbook>");
        const auto file = core::readRowFile(folder / "report.xls");
        VERIFY_RESULT(file);
        QCOMPARE(pairs(*file), (std::vector<std::string>{"gr\xC3\xBC\xC3\x9F"
                                                         "e|delivery",
                                                         "5|delivery", "across|", "x|"}));
        QCOMPARE(pairs(*file, "text", "date"), (std::vector<std::string>{"gr\xC3\xBC\xC3\x9F"
                                                                         "e|2024-03-01",
                                                                         "5|", "across|FALSE", "x|"}));
        QCOMPARE(file->records[0].row, int64_t{4});
        SAYS(*file, "it is an XML workbook");
        SAYS(*file, "C7 (#REF!)");
        SAYS(*file, "row 5");
        SAYS(*file, "The hidden sheet \"Old\" was not read");
    }

    void wideSheetsAreRead()
    {
        std::vector<std::string> names, cells;
        for (int i = 0; i < 8'000; ++i) {
            names.push_back("c" + std::to_string(i));
            cells.push_back("v");
        }
        std::string rows = row(1, names);
        for (int i = 2; i < 52; ++i)
            rows += row(i, cells);
        QElapsedTimer timer;
        timer.start();
        const auto file = core::parseXlsx(makeBook({{"S", data(rows)}}), {}, "f");
        VERIFY_RESULT(file);
        QCOMPARE(file->records.size(), size_t{50});
        QCOMPARE(file->records[0].fields.size(), size_t{8'000});
        QVERIFY2(timer.elapsed() < 5'000, std::to_string(timer.elapsed()).c_str());
    }
};

QTEST_GUILESS_MAIN(WorkbooksTest)
#include "tst_workbooks.moc"
