// SPDX-License-Identifier: Apache-2.0
#include "core/formats/xlsx.h"

#include "core/formats/number_format.h"
#include "core/formats/xml_reader.h"
#include "core/formats/zip_archive.h"

#include <algorithm>
#include <charconv>
#include <map>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t MostColumns = 16384;

struct Sheet {
    std::string name;
    std::string entry;
    bool visible = true;
};

struct Row {
    int64_t number = 0;
    std::map<size_t, std::string> cells;  ///< by column, filled ones only
};

/// What `wanted` elements hold between their tags, phonetic hints left out.
class Texts {
public:
    explicit Texts(std::string item) : m_item(std::move(item)) { }

    Result<std::vector<std::string>> read(std::string_view xml, const std::string &subject)
    {
        std::vector<std::string> texts;
        bool inText = false;
        int phonetic = 0;
        auto done = readXml(xml,
                            {.start =
                                 [&](std::string_view name, const auto &) {
                                     if (name == m_item)
                                         texts.emplace_back();
                                     phonetic += name == "rPh" ? 1 : 0;
                                     inText = name == "t" && phonetic == 0;
                                 },
                             .end =
                                 [&](std::string_view name) {
                                     phonetic -= name == "rPh" ? 1 : 0;
                                     inText = false;
                                 },
                             .text =
                                 [&](std::string_view text) {
                                     if (inText && !texts.empty())
                                         texts.back() += text;
                                 }},
                            subject);
        if (!done)
            return failure(done);
        return texts;
    }

private:
    std::string m_item;
};

int numberOf(std::string_view text, int otherwise)
{
    int value = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Spreadsheets write characters that XML cannot hold as _x000D_.
std::string unescaped(const std::string &text)
{
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        int code = 0;
        const bool escape =
            text.compare(i, 2, "_x") == 0 && i + 6 < text.size() && text[i + 6] == '_' &&
            std::from_chars(text.data() + i + 2, text.data() + i + 6, code, 16).ptr == text.data() + i + 6;
        if (escape && code < 0x80) {
            result += static_cast<char>(code);
            i += 6;
        } else {
            result += text[i];
        }
    }
    return result;
}

class Workbook {
public:
    static Result<Workbook> open(std::string bytes, const std::string &subject)
    {
        auto archive = ZipArchive::open(std::move(bytes), subject);
        if (!archive)
            return failure(archive);
        Workbook book(std::move(*archive), subject);
        if (auto read = book.readSheets(); !read)
            return failure(read);
        return book;
    }

    [[nodiscard]] const std::vector<Sheet> &sheets() const { return m_sheets; }

    /// Shared texts and number formats: needed once cells are read.
    Result<void> prepare()
    {
        if (m_archive.has("xl/sharedStrings.xml")) {
            auto xml = m_archive.read("xl/sharedStrings.xml");
            if (!xml)
                return failure(xml);
            auto texts = Texts("si").read(*xml, m_subject);
            if (!texts)
                return failure(texts);
            m_shared = std::move(*texts);
        }
        return m_archive.has("xl/styles.xml") ? readStyles() : Result<void>();
    }

    Result<std::vector<Row>> rows(const Sheet &sheet) const
    {
        auto xml = m_archive.read(sheet.entry);
        if (!xml)
            return failure(xml);
        std::vector<Row> rows;
        std::string type, value;
        int style = 0;
        size_t column = 0;
        bool inValue = false;
        auto done =
            readXml(*xml,
                    {.start =
                         [&](std::string_view name, const auto &attribute) {
                             if (name == "row") {
                                 const int64_t before = rows.empty() ? 0 : rows.back().number;
                                 rows.push_back({numberOf(attribute("r"), static_cast<int>(before) + 1), {}});
                                 column = 0;
                             } else if (name == "c" && !rows.empty()) {
                                 const std::string place = attribute("r");
                                 column = place.empty() ? column + 1 : columnOf(place);
                                 type = attribute("t");
                                 style = numberOf(attribute("s"), 0);
                                 value.clear();
                             } else if (name == "v" || name == "t") {
                                 inValue = true;
                             }
                         },
                     .end =
                         [&](std::string_view name) {
                             inValue = inValue && name != "v" && name != "t";
                             if (name == "c" && !rows.empty() && !value.empty() && column > 0 && column <= MostColumns)
                                 rows.back().cells[column] = shown(type, value, style);
                         },
                     .text =
                         [&](std::string_view text) {
                             if (inValue)
                                 value += text;
                         }},
                    m_subject);
        if (!done)
            return failure(done);
        std::erase_if(rows, [](const Row &row) { return row.cells.empty(); });
        return rows;
    }

private:
    Workbook(ZipArchive archive, std::string subject) : m_archive(std::move(archive)), m_subject(std::move(subject)) { }

    Result<void> readSheets()
    {
        if (!m_archive.has("xl/workbook.xml"))
            return failure(ErrorCode::Unsupported, "This is no workbook that can be read. Save it as .xlsx or as CSV.",
                           m_subject);
        std::map<std::string, std::string> targets;
        if (auto xml = m_archive.read("xl/_rels/workbook.xml.rels")) {
            auto read = readXml(*xml,
                                {.start =
                                     [&](std::string_view name, const auto &attribute) {
                                         if (name == "Relationship")
                                             targets[attribute("Id")] = attribute("Target");
                                     }},
                                m_subject);
            if (!read)
                return read;
        }
        auto xml = m_archive.read("xl/workbook.xml");
        if (!xml)
            return failure(xml);
        return readXml(
            *xml,
            {.start =
                 [&](std::string_view name, const auto &attribute) {
                     if (name == "workbookPr")
                         m_since1904 = attribute("date1904") == "1" || attribute("date1904") == "true";
                     if (name != "sheet")
                         return;
                     std::string target = targets[attribute("id")];
                     target = target.starts_with('/') ? target.substr(1) : "xl/" + target;
                     const std::string state = attribute("state");
                     if (target.find("worksheets/") != std::string::npos)  // not a sheet that is a chart
                         m_sheets.push_back({attribute("name"), target, state.empty() || state == "visible"});
                 }},
            m_subject);
    }

    Result<void> readStyles()
    {
        auto xml = m_archive.read("xl/styles.xml");
        if (!xml)
            return failure(xml);
        std::map<int, std::string> codes;
        bool inCells = false;
        return readXml(*xml,
                       {.start =
                            [&](std::string_view name, const auto &attribute) {
                                if (name == "numFmt")
                                    codes[numberOf(attribute("numFmtId"), -1)] = attribute("formatCode");
                                else if (name == "cellXfs")
                                    inCells = true;
                                else if (name == "xf" && inCells) {
                                    const int id = numberOf(attribute("numFmtId"), 0);
                                    const auto own = codes.find(id);
                                    m_formats.push_back(own == codes.end() ? builtInNumberFormat(id) : own->second);
                                }
                            },
                        .end = [&](std::string_view name) { inCells = inCells && name != "cellXfs"; }},
                       m_subject);
    }

    /// "BC12" is column 55.
    static size_t columnOf(const std::string &place)
    {
        size_t column = 0;
        for (const char c : place) {
            if (c < 'A' || c > 'Z' || column > MostColumns)
                break;
            column = column * 26 + static_cast<size_t>(c - 'A' + 1);
        }
        return column;
    }

    [[nodiscard]] std::string shown(const std::string &type, const std::string &value, int style) const
    {
        if (type == "s") {
            const auto index = static_cast<size_t>(numberOf(value, -1));
            return index < m_shared.size() ? unescaped(m_shared[index]) : std::string();
        }
        if (type == "b")
            return value == "1" ? "TRUE" : "FALSE";
        if (type == "str" || type == "inlineStr" || type == "e" || type == "d")
            return unescaped(value);
        double number = 0;
        const auto end = std::from_chars(value.data(), value.data() + value.size(), number);
        if (end.ec != std::errc() || end.ptr != value.data() + value.size())
            return value;
        const auto at = static_cast<size_t>(style);
        return formatNumber(number, at < m_formats.size() ? m_formats[at] : std::string(), m_since1904);
    }

    ZipArchive m_archive;
    std::string m_subject;
    std::vector<Sheet> m_sheets;
    std::vector<std::string> m_shared, m_formats;
    bool m_since1904 = false;
};

RecordFile recordsOf(const std::vector<Row> &rows)
{
    RecordFile file;
    auto header = std::find_if(rows.begin(), rows.end(), [](const Row &row) { return row.cells.size() > 1; });
    if (header == rows.end())
        header = rows.begin();
    for (auto row = rows.begin(); row != header; ++row)
        file.rejections.push_back({row->number, AboveHeader});
    std::map<size_t, std::string> names;
    for (auto row = header; row != rows.end(); ++row) {
        if (row == header) {
            for (const auto &[column, name] : row->cells) {
                names[column] = name;
                file.columns.push_back(name);
            }
            continue;
        }
        Record record{row->number, nlohmann::ordered_json::object()};
        for (const auto &[column, name] : names) {
            const auto cell = row->cells.find(column);
            record.fields[name] = cell == row->cells.end() ? std::string() : cell->second;
        }
        const bool stray = std::any_of(row->cells.begin(), row->cells.end(),
                                       [&](const auto &cell) { return !names.contains(cell.first); });
        if (stray)
            file.rejections.push_back({row->number, "it has a cell in a column that the header does not name"});
        else
            file.records.push_back(std::move(record));
    }
    return file;
}

}  // namespace

Result<RecordFile> parseXlsx(std::string bytes, const std::string &sheet, const std::string &subject)
{
    auto book = Workbook::open(std::move(bytes), subject);
    if (!book)
        return failure(book);
    if (auto prepared = book->prepare(); !prepared)
        return failure(prepared);
    std::string known;
    for (const Sheet &candidate : book->sheets()) {
        known += (known.empty() ? "\"" : ", \"") + candidate.name + "\"";
        if (sheet.empty() ? !candidate.visible : candidate.name != sheet)
            continue;
        auto rows = book->rows(candidate);
        if (!rows)
            return failure(rows);
        if (rows->empty() && sheet.empty())
            continue;
        RecordFile file = recordsOf(*rows);
        file.sheet = candidate.name;
        for (const Sheet &visible : book->sheets()) {
            if (visible.visible)
                file.sheets.push_back(visible.name);
        }
        return file;
    }
    if (sheet.empty())
        return failure(ErrorCode::InvalidInput, "This workbook has no rows on a visible sheet.", subject);
    return failure(ErrorCode::NotFound, "This workbook has no sheet \"" + sheet + "\". It has " + known + ".", subject);
}

}  // namespace core
