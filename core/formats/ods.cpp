// SPDX-License-Identifier: Apache-2.0
#include "core/formats/ods.h"

#include "core/formats/encoding.h"
#include "core/formats/number_format.h"
#include "core/formats/xml_reader.h"
#include "core/formats/zip_archive.h"

#include <algorithm>
#include <charconv>
#include <set>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// A cell that is repeated, or rows of them, would otherwise make a small file fill the memory.
constexpr size_t MostCells = 20'000'000;
constexpr size_t MostText = 512 << 20;
constexpr int64_t MostRows = 1 << 24;
constexpr size_t HeadBytes = 8192;

using Sheets = std::vector<std::pair<SheetName, SheetContent>>;

int64_t numberOf(const std::string &text, int64_t otherwise)
{
    int64_t number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return std::clamp<int64_t>(number, 0, MostRows);
}

/// How often a cell or row stands there: once where nothing is said.
int64_t countOf(const std::string &text)
{
    return std::max<int64_t>(numberOf(text, 1), 1);
}

bool isError(const std::string &text)
{
    static const std::set<std::string> errors{"#N/A",    "#REF!",   "#NAME?",  "#VALUE!", "#DIV/0!",
                                              "#NUM!",   "#NULL!",  "Err:502", "Err:504", "Err:508",
                                              "Err:509", "Err:511", "Err:522", "Err:523"};
    return errors.contains(text);
}

/// Collects rows and cells of a sheet, whatever program wrote them.
class SheetBuilder {
public:
    Sheets sheets;

    void startSheet(const std::string &name, bool isVisible)
    {
        sheets.push_back({{name, isVisible}, {}});
        m_row = 0;
    }
    void startRow(int64_t number, int64_t repeated, bool isHidden)
    {
        m_row = number;
        m_repeated = repeated;
        m_current = SheetRow{number, isHidden};
        m_column = 0;
    }
    /// `columns` cells of the same text; `rows`: how many rows the first one is merged over.
    void addCell(std::string text, int64_t columns, int64_t rows, bool isErrorCell)
    {
        const size_t first = m_column + 1;
        m_column += static_cast<size_t>(columns);
        if (text.empty() || sheets.empty() || first > MostColumns)
            return;
        if (isErrorCell) {
            sheets.back().second.errorCells.push_back(cellName(first, m_row) + " (" + text + ")");
            return;
        }
        if (rows > 1)
            sheets.back().second.merged.push_back({m_row, m_row + rows - 1, first});
        const size_t last = std::min<size_t>(m_column, MostColumns);
        for (size_t column = first; column <= last && !isTooLarge(); ++column) {
            count(text.size());
            m_current.cells.emplace_back(column, text);
        }
    }
    void skipTo(size_t column) { m_column = column - 1; }
    [[nodiscard]] size_t column() const { return m_column; }
    [[nodiscard]] int64_t row() const { return m_row; }
    [[nodiscard]] bool hasSheet() const { return !sheets.empty(); }
    /// The cell has a formula that was stored without its value.
    void uncomputed(size_t column) { sheets.back().second.uncomputedCells.push_back(cellName(column, m_row)); }

    void endRow()
    {
        m_row += m_repeated - 1;
        if (m_current.cells.empty() || sheets.empty())
            return;
        auto &rows = sheets.back().second.rows;
        rows.push_back(std::move(m_current));
        for (int64_t i = 1; i < m_repeated && !isTooLarge(); ++i) {
            SheetRow copy = rows.back();
            ++copy.number;
            for (const auto &cell : copy.cells)
                count(cell.second.size());
            rows.push_back(std::move(copy));
        }
        m_current = {};
    }

    [[nodiscard]] bool isTooLarge() const { return m_cells > MostCells || m_text > MostText; }

private:
    void count(size_t text)
    {
        ++m_cells;
        m_text += text;
    }

    SheetRow m_current;
    int64_t m_row = 0, m_repeated = 1;
    size_t m_column = 0, m_cells = 0, m_text = 0;
};

/// Events of OpenDocument's content.xml.
class OdsReader {
public:
    void start(std::string_view name, const XmlHandler::Attribute &attribute)
    {
        constexpr std::string_view skipped[] = {"annotation", "shapes",    "tracked-changes",
                                                "ruby-text",  "dde-links", "forms"};
        if (m_skipped > 0 || std::find(std::begin(skipped), std::end(skipped), name) != std::end(skipped)) {
            ++m_skipped;
            return;
        }
        if (name == "style") {
            m_style = attribute("family") == "table" ? attribute("name") : std::string();
        } else if (name == "table-properties" && attribute("display") == "false") {
            m_hiddenStyles.insert(m_style);
        } else if (name == "table") {
            // A table within a cell is no sheet.
            if (m_tables++ == 0) {
                builder.startSheet(attribute("name"), !m_hiddenStyles.contains(attribute("style-name")));
            }
        } else if (m_tables == 1) {
            startInSheet(name, attribute);
        }
    }

    void end(std::string_view name)
    {
        if (m_skipped > 0) {
            --m_skipped;
            return;
        }
        if (name == "table")
            --m_tables;
        else if (name == "table-row" && m_tables == 1)
            builder.endRow();
        else if ((name == "table-cell" || name == "covered-table-cell") && m_tables == 1)
            endCell();
        else if ((name == "p" || name == "h") && m_tables == 1)
            --m_paragraphs;
    }

    void text(std::string_view text)
    {
        if (m_paragraphs <= 0 || !m_isInCell || m_skipped > 0)
            return;
        // Blanks in a row are one, and those at the beginning of a paragraph none (ODF 1.3 part 3, 6.1.2).
        for (const char c : text) {
            const bool isBlank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
            if (!isBlank)
                m_text += c;
            else if (!m_text.empty() && m_text.back() != ' ' && m_text.back() != '\n')
                m_text += ' ';
        }
    }

    SheetBuilder builder;

private:
    void startInSheet(std::string_view name, const XmlHandler::Attribute &attribute)
    {
        if (name == "table-row") {
            const std::string visibility = attribute("visibility");
            builder.startRow(builder.row() + 1, countOf(attribute("number-rows-repeated")),
                             visibility == "collapse" || visibility == "filter");
        } else if (name == "table-cell" || name == "covered-table-cell") {
            m_isInCell = true;
            m_isCovered = name == "covered-table-cell";
            m_hasParagraph = false;
            m_columns = countOf(attribute("number-columns-repeated"));
            m_rows = m_isCovered ? 1 : countOf(attribute("number-rows-spanned"));
            m_isErrorCell = attribute("value-type") == "error";
            m_value = valueOf(attribute);
            m_hasFormula = !attribute("formula").empty();
            m_text.clear();
        } else if (name == "p" || name == "h") {
            if (m_hasParagraph && m_paragraphs == 0)
                m_text += '\n';
            m_hasParagraph = true;
            ++m_paragraphs;
        } else if (name == "s") {
            m_text.append(static_cast<size_t>(std::min<int64_t>(countOf(attribute("c")), 1000)), ' ');
        } else if (name == "tab") {
            m_text += '\t';
        } else if (name == "line-break") {
            m_text += '\n';
        }
    }

    /// What stands in the cell where no program has written how it is shown.
    static std::string valueOf(const XmlHandler::Attribute &attribute)
    {
        const std::string type = attribute("value-type");
        if (type.empty() || type == "string")
            return attribute("string-value");
        if (type == "boolean")
            return attribute("boolean-value") == "true" ? "TRUE" : "FALSE";
        if (type == "date")
            return attribute("date-value");
        return type == "time" ? attribute("time-value") : attribute("value");
    }

    void endCell()
    {
        // What lies under a merged cell is not shown.
        std::string text = m_isCovered ? std::string() : m_hasParagraph ? std::move(m_text) : std::move(m_value);
        const bool broken = m_isErrorCell || (m_hasFormula && isError(text));
        if (m_hasFormula && !m_hasParagraph && text.empty())
            builder.uncomputed(builder.column() + 1);
        builder.addCell(std::move(text), m_columns, m_rows, broken);
        m_isInCell = false;
    }

    std::set<std::string> m_hiddenStyles;
    std::string m_style, m_text, m_value;
    int m_skipped = 0, m_tables = 0, m_paragraphs = 0;
    int64_t m_columns = 1, m_rows = 1;
    bool m_isInCell = false, m_isCovered = false, m_hasParagraph = false, m_isErrorCell = false, m_hasFormula = false;
};

/// Events of XML Spreadsheet 2003.
class SpreadsheetMlReader {
public:
    void start(std::string_view name, const XmlHandler::Attribute &attribute)
    {
        m_comments += name == "Comment" ? 1 : 0;
        if (m_comments > 0)
            return;
        if (name == "Style") {
            m_style = attribute("ID");
        } else if (name == "NumberFormat") {
            if (attribute("Format").find('%') != std::string::npos)
                m_percent.insert(m_style);
        } else if (name == "Worksheet") {
            builder.startSheet(attribute("Name"), true);
        } else if (name == "Visible") {
            m_inVisible = true;
        } else if (name == "Row") {
            const std::string index = attribute("Index");
            builder.startRow(index.empty() ? builder.row() + 1 : std::max(countOf(index), builder.row() + 1), 1,
                             attribute("Hidden") == "1");
        } else if (name == "Cell") {
            const std::string index = attribute("Index");
            if (!index.empty() && countOf(index) > static_cast<int64_t>(builder.column()))
                builder.skipTo(static_cast<size_t>(countOf(index)));
            m_columns = 1 + numberOf(attribute("MergeAcross"), 0);
            m_rows = 1 + numberOf(attribute("MergeDown"), 0);
            m_type.clear();
            m_text.clear();
            m_cellStyle = attribute("StyleID");
        } else if (name == "Data") {
            m_type = attribute("Type");
            m_inData = true;
        }
    }

    void end(std::string_view name)
    {
        m_comments -= name == "Comment" ? 1 : 0;
        if (m_comments > 0)
            return;
        if (name == "Data") {
            m_inData = false;
        } else if (name == "Visible") {
            m_inVisible = false;
        } else if (name == "Cell") {
            const bool broken = m_type == "Error";
            builder.addCell(shown(), 1, m_rows, broken);
            builder.skipTo(builder.column() + static_cast<size_t>(m_columns));
        } else if (name == "Row") {
            builder.endRow();
        }
    }

    void text(std::string_view text)
    {
        if (m_inData && m_comments == 0)
            m_text += text;
        if (m_inVisible && builder.hasSheet() && text.find("Hidden") != std::string_view::npos)
            builder.sheets.back().first.isVisible = false;
    }

    SheetBuilder builder;

private:
    std::string shown()
    {
        if (m_type == "Boolean")
            return m_text == "1" ? "TRUE" : "FALSE";
        if (m_type == "DateTime") {
            for (const std::string_view end : {"T00:00:00.000", "T00:00:00", ".000"}) {
                if (m_text.ends_with(end))
                    return m_text.substr(0, m_text.size() - end.size());
            }
        }
        double number = 0;
        const auto end = std::from_chars(m_text.data(), m_text.data() + m_text.size(), number);
        const bool isNumber = m_type == "Number" && end.ec == std::errc() && end.ptr == m_text.data() + m_text.size();
        return isNumber ? formatNumber(number, m_percent.contains(m_cellStyle) ? "0%" : "") : std::move(m_text);
    }

    std::set<std::string> m_percent;
    std::string m_style, m_cellStyle, m_type, m_text;
    int64_t m_columns = 1, m_rows = 1;
    int m_comments = 0;
    bool m_inData = false, m_inVisible = false;
};

template <class Reader>
Result<RecordFile> readSheets(std::string_view xml, const WorkbookOptions &options, const std::string &subject)
{
    Reader reader;
    TRY(readXml(xml,
                {.start = [&](std::string_view name, const auto &attribute) { reader.start(name, attribute); },
                 .end = [&](std::string_view name) { reader.end(name); },
                 .text = [&](std::string_view text) { reader.text(text); }},
                subject));
    if (reader.builder.isTooLarge())
        return failure(ErrorCode::InvalidInput,
                       "This workbook holds more than 20 million cells or 512 MB of text. Save it in parts.", subject);
    Sheets &sheets = reader.builder.sheets;
    if (sheets.empty())
        return failure(ErrorCode::Unsupported, "This is no workbook that can be read. Save it as .xlsx or as CSV.",
                       subject);
    std::vector<SheetName> names;
    for (const auto &sheet : sheets)
        names.push_back(sheet.first);
    return recordsOfWorkbook(
        names, [&](size_t i) { return Result<SheetContent>(std::move(sheets.at(i).second)); }, options, subject);
}

/// XML in an encoding that its reader knows: others are decoded, and their declaration goes.
Result<std::string> withKnownEncoding(std::string xml, const std::string &subject)
{
    const size_t end = xml.substr(0, 200).find("?>");
    const size_t at = xml.substr(0, std::min<size_t>(end, 200)).find("encoding=");
    if (!xml.starts_with("<?xml") || end == std::string::npos || at == std::string::npos)
        return xml;
    const size_t begin = at + 10;
    std::string name = xml.substr(begin, xml.find_first_of("\"'", begin) - begin);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (name == "utf-8" || name.starts_with("utf-16") || name == "iso-8859-1" || name == "us-ascii")
        return xml;
    auto decoded = TRY(decodeText(xml.substr(end + 2), subject, name));
    return std::move(decoded.text);
}

}  // namespace

Result<RecordFile> parseOds(std::string bytes, const WorkbookOptions &options, const std::string &subject)
{
    auto archive = TRY(ZipArchive::open(std::move(bytes), subject));
    if (archive.has("META-INF/manifest.xml")) {
        const auto manifest = archive.read("META-INF/manifest.xml");
        if (manifest && manifest->find("encryption-data") != std::string::npos)
            return failure(ErrorCode::Unsupported, "This file is protected by a password. Save it without one.",
                           subject);
    }
    auto xml = TRY(archive.read("content.xml"));
    return readSheets<OdsReader>(xml, options, subject);
}

Result<RecordFile> parseXmlWorkbook(std::string bytes, const WorkbookOptions &options, const std::string &subject)
{
    std::string head = bytes.substr(0, HeadBytes);
    std::erase(head, '\0');
    auto xml = TRY(withKnownEncoding(std::move(bytes), subject));
    if (head.find("opendocument") != std::string::npos)
        return readSheets<OdsReader>(xml, options, subject);
    return readSheets<SpreadsheetMlReader>(xml, options, subject);
}

}  // namespace core
