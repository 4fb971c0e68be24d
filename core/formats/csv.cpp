// SPDX-License-Identifier: Apache-2.0
#include "core/formats/csv.h"

#include "core/base/trimmed.h"
#include "core/formats/column_names.h"
#include "core/formats/csv_rows.h"
#include "core/formats/separator_line.h"
#include "core/formats/table.h"

#include <algorithm>

using base::trimmed;

namespace core {

namespace {

/// No table of texts has more columns; a row that has is something else and would fill the memory.
constexpr size_t MostCells = 100'000;

/// "row 3", "rows 3, 7, 9 and others".
std::string namesOf(const std::vector<int64_t> &rows)
{
    constexpr size_t Named = 5;
    std::string names = rows.size() == 1 ? "row " : "rows ";
    for (size_t i = 0; i < std::min(rows.size(), Named); ++i)
        names += (i == 0 ? "" : ", ") + std::to_string(rows[i]);
    return names + (rows.size() > Named ? " and others" : "");
}

std::string spokenSeparator(const std::string &separator)
{
    return separator == "\t" ? "a tab" : separator == " " ? "a space" : "\"" + separator + "\"";
}

/// Text without zero bytes, and where they were.
struct Cleaned {
    std::string text;
    std::vector<size_t> places;  ///< in the cleaned text, each once
    size_t atEnd = 0;            ///< how many padded the file
};

Cleaned withoutZeros(std::string_view text)
{
    Cleaned cleaned;
    const size_t last = text.find_last_not_of('\0');
    const size_t end = last == std::string_view::npos ? 0 : last + 1;
    cleaned.atEnd = text.size() - end;
    cleaned.text.reserve(end);
    for (size_t i = 0; i < end;) {
        const size_t zero = std::min(text.find('\0', i), end);
        cleaned.text += text.substr(i, zero - i);
        i = zero;
        if (zero < end)
            cleaned.places.push_back(cleaned.text.size());
        while (i < end && text[i] == '\0')
            ++i;
    }
    return cleaned;
}

class TableParser {
public:
    TableParser(std::string_view text, const CsvDialect &dialect, HeaderRow header)
        : m_text(text), m_dialect(dialect), m_header(header)
    {
    }

    RecordFile parse()
    {
        Cleaned cleaned;
        if (m_text.find('\0') != std::string_view::npos) {
            cleaned = withoutZeros(m_text);
            m_text = cleaned.text;
        }
        // What DOS programs write at the end of a text.
        if (m_text.ends_with('\x1A'))
            m_text.remove_suffix(1);
        readRows(cleaned.places);
        RecordFile file = tableOf(std::move(m_rows), m_header);
        file.rejections.insert(file.rejections.end(), std::make_move_iterator(m_rejections.begin()),
                               std::make_move_iterator(m_rejections.end()));
        std::stable_sort(file.rejections.begin(), file.rejections.end(),
                         [](const Rejection &a, const Rejection &b) { return a.row < b.row; });
        if (cleaned.atEnd > 0)
            m_notes.push_back(std::to_string(cleaned.atEnd) + " zero bytes at the end of the file are left out.");
        if (!m_zeroRows.empty())
            m_notes.push_back("Zero bytes are left out of " + namesOf(m_zeroRows) + ".");
        if (!m_unquotedRows.empty())
            m_notes.push_back("Faulty quotation marks are read as characters in " + namesOf(m_unquotedRows) + ".");
        if (!m_oddRows.empty())
            m_notes.push_back("Lines within quotation marks look like rows of their own in " + namesOf(m_oddRows) +
                              "; they are read as one text.");
        if (m_dialect.quote == '\0' && m_text.find('"') != std::string_view::npos)
            m_notes.emplace_back("Quotation marks are read as characters: this file does not put them around cells.");
        file.notes.insert(file.notes.begin(), m_notes.begin(), m_notes.end());
        return file;
    }

private:
    void readRows(const std::vector<size_t> &zeros)
    {
        int64_t number = 0;
        size_t from = 0;
        if (const auto line = m_dialect.declared ? separatorLine(m_text) : std::nullopt) {
            from = line->length;
            ++number;
            // The others are what a spreadsheet program padded the line with.
            const bool kept = !line->separators.empty() && !m_dialect.separator.empty() &&
                              line->separators.front().starts_with(m_dialect.separator);
            m_notes.push_back(kept ? "The first line says that " + spokenSeparator(m_dialect.separator) +
                                         " separates the cells; it is no row."
                                   : std::string("The first line names a separator that the rows do not have; it is no "
                                                 "row."));
        }
        RowFinder finder(m_text, m_dialect, from);
        auto zero = zeros.begin();
        for (size_t above = 0; auto row = finder.next();) {
            ++number;
            const bool hasZero = zero != zeros.end() && (*zero < row->span.end || row->span.end >= m_text.size());
            while (zero != zeros.end() && (*zero < row->span.end || row->span.end >= m_text.size()))
                ++zero;
            if (hasZero)
                m_zeroRows.push_back(number);
            if (row->looksLikeSeveral)
                m_oddRows.push_back(number);
            const bool blank = !row->mended && finder.reader().isBlank(row->span);
            if (above < m_dialect.preamble) {
                ++above;
                if (!blank)
                    m_rejections.push_back({number, AboveHeader});
            } else if (!row->problem.empty()) {
                m_rejections.push_back({number, row->problem});
            } else if (row->span.cells.size() > MostCells) {
                m_rejections.push_back({number, "it has more than 100,000 cells"});
            } else if (!blank) {
                add(number, finder.reader(), *row);
            }
        }
    }

    void add(int64_t number, const CellReader &reader, FoundRow &row)
    {
        TableRow table{number, {}};
        if (row.mended) {
            table.cells = std::move(*row.mended);
        } else {
            table.cells.reserve(row.span.cells.size());
            for (const CellSpan &cell : row.span.cells)
                table.cells.push_back(row.quotesAreCharacters ? std::string(reader.raw(cell)) : reader.textOf(cell));
        }
        const bool mended = m_rows.empty() && m_header != HeaderRow::Absent && mendHeader(table.cells);
        if (row.quotesAreCharacters && !mended)
            m_unquotedRows.push_back(number);
        m_rows.push_back(std::move(table));
    }

    /// Takes lone quotes off the names of columns.
    bool mendHeader(std::vector<std::string> &cells)
    {
        const char quote = m_dialect.quote == '\0' ? '"' : m_dialect.quote;
        std::vector<std::string> names;
        bool isHeader = m_header == HeaderRow::Present, found = false;
        for (const std::string &cell : cells) {
            std::string_view name = trimmed(cell);
            while (name.starts_with(quote))
                name = trimmed(name.substr(1));
            while (name.ends_with(quote))
                name = trimmed(name.substr(0, name.size() - 1));
            found = found || name.size() != trimmed(cell).size();
            isHeader = isHeader || nameKind(name) == NameKind::Usual;
            names.emplace_back(name);
        }
        if (!found || !isHeader)
            return false;
        std::string all;
        for (const std::string &name : names)
            all += (all.empty() ? "" : ", ") + name;
        m_notes.push_back("The quotation marks in the header are faulty and left out; its names are " +
                          all.substr(0, 200) + ".");
        cells = std::move(names);
        return true;
    }

    std::string_view m_text;
    const CsvDialect &m_dialect;
    HeaderRow m_header;
    std::vector<TableRow> m_rows;
    std::vector<Rejection> m_rejections;
    std::vector<std::string> m_notes;
    std::vector<int64_t> m_zeroRows, m_unquotedRows, m_oddRows;
};

}  // namespace

RecordFile parseCsv(std::string_view text, const CsvDialect &dialect, HeaderRow header)
{
    return TableParser(text, dialect, header).parse();
}

std::string quotedCell(std::string_view cell)
{
    std::string quoted(1, '"');
    for (const char c : cell)
        quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

std::string csvRow(const std::vector<std::string> &cells)
{
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
        if (i > 0)
            line += ',';
        // An empty line is no row: a single empty cell needs its quotes.
        const bool plain = cells[i].find_first_of(",\"\r\n") == std::string::npos;
        if (plain && !(cells[i].empty() && cells.size() == 1)) {
            line += cells[i];
            continue;
        }
        line += quotedCell(cells[i]);
    }
    return line + "\n";
}

}  // namespace core
