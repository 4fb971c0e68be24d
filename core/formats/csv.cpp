// SPDX-License-Identifier: Apache-2.0
#include "core/formats/csv.h"

#include <algorithm>
#include <optional>

namespace core {

namespace {

/// A quoted cell longer than this is taken for a quote that was never closed.
constexpr size_t MaxCellBytes = 4 << 20;

struct RawRow {
    std::vector<std::string> cells;
    std::string_view line;  ///< the bytes it was read from
    std::string problem;    ///< empty: sound
};

class Reader {
public:
    Reader(std::string_view text, char separator) : m_text(text), m_separator(separator) { }

    /// The next row, or nothing at the end.
    std::optional<RawRow> next()
    {
        if (m_position >= m_text.size())
            return std::nullopt;
        const size_t start = m_position;
        RawRow row;
        if (!readCells(row)) {
            // Whatever the quote swallowed is read again, line by line.
            const size_t end = std::min(m_text.find('\n', start), m_text.size());
            row.cells.clear();
            m_position = std::min(end + 1, m_text.size());
            row.line = m_text.substr(start, end - start);
            if (row.line.ends_with('\r'))
                row.line.remove_suffix(1);
            return row;
        }
        row.line = m_text.substr(start, m_position - start);
        return row;
    }

private:
    /// False when the row cannot be read as it stands; `problem` says why.
    bool readCells(RawRow &row)
    {
        for (;;) {
            std::string &cell = row.cells.emplace_back();
            if (m_position < m_text.size() && m_text[m_position] == '"') {
                if (!readQuoted(cell, row.problem))
                    return false;
            } else {
                const size_t end =
                    std::min(m_text.find_first_of(std::string({m_separator, '\n', '\r'}), m_position), m_text.size());
                cell = m_text.substr(m_position, end - m_position);
                m_position = end;
            }
            if (m_position >= m_text.size())
                return true;
            const char c = m_text[m_position++];
            if (c == m_separator)
                continue;
            if (c == '\r' && m_position < m_text.size() && m_text[m_position] == '\n')
                ++m_position;
            return true;
        }
    }

    bool readQuoted(std::string &cell, std::string &problem)
    {
        size_t from = m_position + 1;
        for (;;) {
            const size_t quote = m_text.find('"', from);
            if (quote == std::string_view::npos || quote - m_position > MaxCellBytes) {
                problem = "a quote is opened and never closed: the file may be cut off here";
                return false;
            }
            cell.append(m_text.substr(from, quote - from));
            from = quote + 1;
            if (from < m_text.size() && m_text[from] == '"') {
                cell += '"';
                ++from;
                continue;
            }
            if (from < m_text.size() && m_text[from] != m_separator && m_text[from] != '\n' && m_text[from] != '\r') {
                problem = "a quote stands inside a quoted cell without being doubled";
                return false;
            }
            m_position = from;
            return true;
        }
    }

    std::string_view m_text;
    char m_separator;
    size_t m_position = 0;
};

std::string trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string_view::npos
               ? std::string()
               : std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

/// `"text", "{"a": 1, "b": 0}"`: the last cell is JSON with its quotes not doubled.
std::optional<std::vector<std::string>> mendJsonCell(std::string_view line, char separator, size_t columns)
{
    const std::string plain = trimmed(line);
    const size_t open = plain.find("\"{");
    if (columns != 2 || open == std::string::npos || !plain.ends_with("}\""))
        return std::nullopt;
    std::string head = trimmed(std::string_view(plain).substr(0, open));
    if (!head.ends_with(separator))
        return std::nullopt;
    head.pop_back();
    const auto first = Reader(head, separator).next();
    if (!first || first->cells.size() != 1)
        return std::nullopt;
    std::string json = plain.substr(open + 1, plain.size() - open - 2);
    for (size_t i = 0; (i = json.find("\"\"", i)) != std::string::npos; ++i)
        json.erase(i, 1);
    return std::vector<std::string>{first->cells[0], json};
}

std::string countProblem(size_t found, size_t wanted)
{
    return "it has " + std::to_string(found) + (found == 1 ? " cell" : " cells") + ", the header has " +
           std::to_string(wanted);
}

}  // namespace

char detectSeparator(std::string_view text)
{
    const std::string_view head = text.substr(0, std::min<size_t>(text.size(), 1 << 16));
    char best = ',';
    size_t bestColumns = 1;
    for (const char separator : {',', ';', '\t', '|'}) {
        Reader reader(head, separator);
        const auto header = reader.next();
        if (!header || !header->problem.empty())
            continue;
        const size_t columns = header->cells.size();
        size_t agree = 0;
        size_t rows = 0;
        for (; rows < 20; ++rows) {
            const auto row = reader.next();
            if (!row)
                break;
            agree += row->cells.size() == columns ? 1 : 0;
        }
        if (columns > bestColumns && agree * 2 >= rows) {
            best = separator;
            bestColumns = columns;
        }
    }
    return best;
}

RecordFile parseCsv(std::string_view text, char separator)
{
    RecordFile file;
    Reader reader(text, separator);
    int64_t number = 0;
    while (auto row = reader.next()) {
        ++number;
        const bool blank = row->problem.empty() && row->cells.size() == 1 && trimmed(row->cells[0]).empty();
        if (file.columns.empty()) {
            if (blank)
                continue;
            for (const auto &cell : row->cells)
                file.columns.push_back(trimmed(cell));
            continue;
        }
        // One column of blank text is a blank line, too: it holds nothing to classify.
        if (blank)
            continue;
        const size_t wanted = file.columns.size();
        if (!row->problem.empty() || row->cells.size() != wanted) {
            if (auto mended = mendJsonCell(row->line, separator, wanted)) {
                row->cells = std::move(*mended);
            } else {
                file.rejections.push_back(
                    {number, row->problem.empty() ? countProblem(row->cells.size(), wanted) : row->problem});
                continue;
            }
        }
        Record &record = file.records.emplace_back();
        record.row = number;
        record.fields = nlohmann::ordered_json::object();
        for (size_t i = 0; i < wanted; ++i)
            record.fields[file.columns[i]] = std::move(row->cells[i]);
    }
    return file;
}

std::string csvRow(const std::vector<std::string> &cells)
{
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
        if (i > 0)
            line += ',';
        if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
            line += cells[i];
            continue;
        }
        line += '"';
        for (const char c : cells[i])
            line += c == '"' ? std::string("\"\"") : std::string(1, c);
        line += '"';
    }
    return line + "\n";
}

}  // namespace core
