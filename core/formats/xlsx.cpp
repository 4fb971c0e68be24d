// SPDX-License-Identifier: Apache-2.0
#include "core/formats/xlsx.h"

#include "core/formats/number_format.h"
#include "core/formats/office_package.h"
#include "core/formats/xml_reader.h"

#include <algorithm>
#include <charconv>
#include <map>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// Texts that many cells share would otherwise make a small file fill the memory.
constexpr size_t MostText = 512 << 20;

struct Sheet {
    SheetName name;
    std::string entry;
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
        TRY(readXml(xml,
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
                    subject));
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

void appendUtf8(int code, std::string &text)
{
    if (code < 0x80) {
        text += static_cast<char>(code);
        return;
    }
    if (code < 0x800) {
        text += static_cast<char>(0xC0 | code >> 6);
    } else {
        text += static_cast<char>(0xE0 | code >> 12);
        text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    }
    text += static_cast<char>(0x80 | (code & 0x3F));
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
        if (escape && (code < 0xD800 || code > 0xDFFF)) {
            appendUtf8(code, result);
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
        auto archive = TRY(ZipArchive::open(std::move(bytes), subject));
        Workbook book(std::move(archive), subject);
        TRY(book.readSheets());
        return book;
    }

    [[nodiscard]] std::vector<SheetName> sheets() const
    {
        std::vector<SheetName> names;
        for (const Sheet &sheet : m_sheets)
            names.push_back(sheet.name);
        return names;
    }

    [[nodiscard]] Result<SheetContent> content(size_t sheet) const;

private:
    Workbook(ZipArchive archive, std::string subject) : m_archive(std::move(archive)), m_subject(std::move(subject)) { }

    /// The part with the list of sheets; files without relations have it where all programs put it.
    Result<std::string> mainPart() const
    {
        auto relations = TRY(relationsOf(m_archive, "", m_subject));
        const std::string part = targetOf(relations, "officeDocument").value_or("xl/workbook.xml");
        if (part.ends_with(".bin"))
            return failure(ErrorCode::Unsupported,
                           "This is a binary workbook (.xlsb), which is not read. Save it as .xlsx or as CSV.",
                           m_subject);
        if (!m_archive.has(part))
            return failure(ErrorCode::Unsupported, "This is no workbook that can be read. Save it as .xlsx or as CSV.",
                           m_subject);
        return part;
    }

    Result<void> readSheets()
    {
        auto part = TRY(mainPart());
        auto relations = TRY(relationsOf(m_archive, part, m_subject));
        std::map<std::string, Relation> targets;
        for (const Relation &relation : relations)
            targets[relation.id] = relation;
        auto xml = TRY(m_archive.read(part));
        auto read = readXml(
            xml,
            {.start =
                 [&](std::string_view name, const auto &attribute) {
                     if (name == "workbookPr")
                         m_since1904 = attribute("date1904") == "1" || attribute("date1904") == "true";
                     if (name != "sheet")
                         return;
                     const Relation &target = targets[attribute("id")];
                     const std::string state = attribute("state");
                     if (target.type == "worksheet" || target.type.empty())  // not a sheet that is a chart
                         m_sheets.push_back({{attribute("name"), state.empty() || state == "visible"}, target.target});
                 }},
            m_subject);
        if (!read)
            return read;
        if (const auto shared = targetOf(relations, "sharedStrings"); shared && m_archive.has(*shared)) {
            auto texts = readShared(*shared);
            if (!texts)
                return texts;
        }
        const auto styles = targetOf(relations, "styles");
        return styles && m_archive.has(*styles) ? readStyles(*styles) : Result<void>();
    }

    Result<void> readShared(const std::string &part)
    {
        auto xml = TRY(m_archive.read(part));
        m_shared = TRY(Texts("si").read(xml, m_subject));
        return {};
    }

    Result<void> readStyles(const std::string &part)
    {
        auto xml = TRY(m_archive.read(part));
        std::map<int, std::string> codes;
        bool inCells = false;
        return readXml(xml,
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

    friend class SheetReader;

    ZipArchive m_archive;
    std::string m_subject;
    std::vector<Sheet> m_sheets;
    std::vector<std::string> m_shared, m_formats;
    bool m_since1904 = false;
};

/// Builds a sheet from the events of its part.
class SheetReader {
public:
    explicit SheetReader(const Workbook &book) : m_book(book) { }

    void start(std::string_view name, const XmlHandler::Attribute &attribute)
    {
        if (name == "row") {
            m_row = numberOf(attribute("r"), static_cast<int>(m_row) + 1);
            const std::string hidden = attribute("hidden");
            content.rows.push_back({m_row, hidden == "1" || hidden == "true"});
            m_column = 0;
        } else if (name == "c" && !content.rows.empty()) {
            const std::string place = attribute("r");
            m_column = place.empty() ? m_column + 1 : columnOf(place);
            m_type = attribute("t");
            m_style = numberOf(attribute("s"), 0);
            m_hasFormula = false;
            m_value.clear();
        } else if (name == "f") {
            m_hasFormula = true;
        } else if (name == "rPh") {
            ++m_phonetic;
        } else if (name == "v" || name == "t") {
            m_inValue = m_phonetic == 0;
        } else if (name == "mergeCell") {
            addMerged(attribute("ref"));
        }
    }

    void end(std::string_view name)
    {
        if (name == "v" || name == "t")
            m_inValue = false;
        else if (name == "rPh")
            --m_phonetic;
        else if (name == "c" && !content.rows.empty() && m_column > 0 && m_column <= MostColumns && m_text <= MostText)
            addCell();
    }

    void text(std::string_view text)
    {
        if (m_inValue)
            m_value += text;
    }

    [[nodiscard]] bool isTooLarge() const { return m_text > MostText; }

    SheetContent content;

private:
    /// "BC12" is column 55.
    static size_t columnOf(std::string_view place)
    {
        size_t column = 0;
        for (const char c : place) {
            if (c < 'A' || c > 'Z' || column > MostColumns)
                break;
            column = column * 26 + static_cast<size_t>(c - 'A' + 1);
        }
        return column;
    }

    static int64_t rowOf(std::string_view place)
    {
        return numberOf(place.substr(std::min(place.find_first_of("0123456789"), place.size())), 0);
    }

    void addMerged(const std::string &range)
    {
        const size_t colon = range.find(':');
        if (colon == std::string::npos)
            return;
        const int64_t first = rowOf(range), last = rowOf(range.substr(colon + 1));
        if (last > first)
            content.merged.push_back({first, last, columnOf(range)});
    }

    void addCell()
    {
        if (m_type == "e" && !m_value.empty()) {
            content.errorCells.push_back(cellName(m_column, m_row) + " (" + m_value + ")");
            return;
        }
        if (m_value.empty()) {
            if (m_hasFormula && m_type != "str")
                content.uncomputedCells.push_back(cellName(m_column, m_row));
            return;
        }
        std::string text = shown();
        m_text += text.size();
        if (!text.empty())
            content.rows.back().cells.emplace_back(m_column, std::move(text));
    }

    [[nodiscard]] std::string shown()
    {
        if (m_type == "s") {
            const auto index = static_cast<size_t>(numberOf(m_value, -1));
            if (index < m_book.m_shared.size())
                return unescaped(m_book.m_shared[index]);
            content.lostCells.push_back(cellName(m_column, m_row));
            return {};
        }
        if (m_type == "b")
            return m_value == "1" || m_value == "true" ? "TRUE" : "FALSE";
        if (m_type == "d")
            return m_value.substr(0, m_value.ends_with("T00:00:00") ? m_value.size() - 9 : m_value.size());
        if (m_type == "str" || m_type == "inlineStr")
            return unescaped(m_value);
        double number = 0;
        const auto end = std::from_chars(m_value.data(), m_value.data() + m_value.size(), number);
        if (end.ec != std::errc() || end.ptr != m_value.data() + m_value.size())
            return m_value;
        const auto &formats = m_book.m_formats;
        const auto at = static_cast<size_t>(m_style);
        return formatNumber(number, at < formats.size() ? formats[at] : std::string(), m_book.m_since1904);
    }

    const Workbook &m_book;
    std::string m_type, m_value;
    int64_t m_row = 0;
    size_t m_column = 0, m_text = 0;
    int m_style = 0, m_phonetic = 0;
    bool m_inValue = false, m_hasFormula = false;
};

/// Programs write rows and cells in order; strangers need not.
void putInOrder(SheetContent &content)
{
    std::erase_if(content.rows, [](const SheetRow &row) { return row.cells.empty(); });
    for (SheetRow &row : content.rows) {
        const auto byColumn = [](const auto &a, const auto &b) { return a.first < b.first; };
        if (!std::is_sorted(row.cells.begin(), row.cells.end(), byColumn))
            std::stable_sort(row.cells.begin(), row.cells.end(), byColumn);
        const auto same = [](const auto &a, const auto &b) { return a.first == b.first; };
        row.cells.erase(std::unique(row.cells.begin(), row.cells.end(), same), row.cells.end());
    }
    std::stable_sort(content.rows.begin(), content.rows.end(),
                     [](const SheetRow &a, const SheetRow &b) { return a.number < b.number; });
}

Result<SheetContent> Workbook::content(size_t sheet) const
{
    auto xml = TRY(m_archive.read(m_sheets.at(sheet).entry));
    SheetReader reader(*this);
    TRY(readXml(xml,
                {.start = [&](std::string_view name, const auto &attribute) { reader.start(name, attribute); },
                 .end = [&](std::string_view name) { reader.end(name); },
                 .text = [&](std::string_view text) { reader.text(text); }},
                m_subject));
    if (reader.isTooLarge())
        return failure(ErrorCode::InvalidInput,
                       "A sheet of this workbook holds more than 512 MB of text. Save it in "
                       "parts.",
                       m_subject);
    putInOrder(reader.content);
    return std::move(reader.content);
}

}  // namespace

Result<RecordFile> parseXlsx(std::string bytes, const WorkbookOptions &options, const std::string &subject)
{
    auto book = TRY(Workbook::open(std::move(bytes), subject));
    return recordsOfWorkbook(
        book.sheets(), [&](size_t sheet) { return book.content(sheet); }, options, subject);
}

}  // namespace core
