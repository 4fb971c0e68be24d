// SPDX-License-Identifier: Apache-2.0
#include "core/formats/csv.h"

#include "core/base/trimmed.h"

#include <algorithm>
#include <map>
#include <optional>

using base::trimmed;

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
    Reader(std::string_view text, const CsvDialect &dialect)
        : m_text(text), m_dialect(dialect), m_stops(dialect.separator.substr(0, 1) + "\n\r")
    {
    }

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
            if (m_position < m_text.size() && m_text[m_position] == m_dialect.quote) {
                if (!readQuoted(cell, row.problem))
                    return false;
            } else {
                const size_t end = endOfPlainCell();
                cell = m_text.substr(m_position, end - m_position);
                m_position = end;
            }
            if (m_position >= m_text.size())
                return true;
            if (atSeparator(m_position)) {
                m_position += m_dialect.separator.size();
                continue;
            }
            const char c = m_text[m_position++];
            if (c == '\r' && m_position < m_text.size() && m_text[m_position] == '\n')
                ++m_position;
            return true;
        }
    }

    [[nodiscard]] bool atSeparator(size_t position) const
    {
        return !m_dialect.separator.empty() &&
               m_text.substr(position, m_dialect.separator.size()) == m_dialect.separator;
    }

    [[nodiscard]] size_t endOfPlainCell() const
    {
        size_t end = m_text.find_first_of(m_stops, m_position);
        while (end != std::string_view::npos && m_text[end] != '\n' && m_text[end] != '\r' && !atSeparator(end))
            end = m_text.find_first_of(m_stops, end + 1);
        return std::min(end, m_text.size());
    }

    bool readQuoted(std::string &cell, std::string &problem)
    {
        size_t from = m_position + 1;
        for (;;) {
            const size_t quote = m_text.find(m_dialect.quote, from);
            if (quote == std::string_view::npos || quote - m_position > MaxCellBytes) {
                problem = "a quote is opened and never closed: the file may be cut off here";
                return false;
            }
            cell.append(m_text.substr(from, quote - from));
            from = quote + 1;
            if (m_dialect.backslash && cell.ends_with('\\')) {
                cell.back() = m_dialect.quote;
                continue;
            }
            if (from < m_text.size() && m_text[from] == m_dialect.quote) {
                cell += m_dialect.quote;
                ++from;
                continue;
            }
            if (from < m_text.size() && !atSeparator(from) && m_text[from] != '\n' && m_text[from] != '\r') {
                problem = "a quote stands inside a quoted cell without being doubled";
                return false;
            }
            m_position = from;
            return true;
        }
    }

    std::string_view m_text;
    CsvDialect m_dialect;
    std::string m_stops;  ///< where a cell without quotes may end
    size_t m_position = 0;
};

/// `"text", "{"a": 1, "b": 0}"`: the last cell is JSON with its quotes not doubled.
std::optional<std::vector<std::string>> mendJsonCell(std::string_view line, const CsvDialect &dialect, size_t columns)
{
    const std::string plain(trimmed(line));
    const size_t open = plain.find("\"{");
    if (columns != 2 || open == std::string::npos || !plain.ends_with("}\""))
        return std::nullopt;
    std::string head(trimmed(std::string_view(plain).substr(0, open)));
    if (!head.ends_with(dialect.separator))
        return std::nullopt;
    head.resize(head.size() - dialect.separator.size());
    const auto first = Reader(head, dialect).next();
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

constexpr size_t SeenBytes = 1 << 16;
constexpr size_t SeenRows = 100;
constexpr size_t MostPreamble = 20;

struct Candidate {
    std::string_view separator;
    double least;  ///< share of rows that must agree; texts are full of colons
};
constexpr Candidate Candidates[] = {{",", 0.5}, {";", 0.5}, {"\t", 0.5}, {"|", 0.5},  {"\x1F", 0.5},
                                    {"~", 0.9}, {"^", 0.9}, {"||", 0.5}, {"::", 0.9}, {":", 0.95}};

bool isBlank(const RawRow &row)
{
    return row.problem.empty() && row.cells.size() == 1 && trimmed(row.cells[0]).empty();
}

/// How well a dialect explains the first rows.
struct Fit {
    size_t columns = 1;  ///< of most rows
    double agree = 0;    ///< share of the rows below the header that have them, without a problem
    size_t preamble = 0;
    size_t header = 1;  ///< its columns
};

Fit fitOf(std::string_view text, const CsvDialect &dialect)
{
    std::vector<size_t> widths;  // 0: a row that cannot be read
    Reader reader(text, dialect);
    while (widths.size() < SeenRows) {
        const auto row = reader.next();
        if (!row)
            break;
        if (!isBlank(*row))
            widths.push_back(row->problem.empty() ? row->cells.size() : 0);
        else if (widths.empty() || widths.back() == 1)
            widths.push_back(1);  // a line of the preamble, if it is one
    }
    if (text.size() == SeenBytes && widths.size() > 1)
        widths.pop_back();  // cut off in the middle
    Fit fit;
    std::map<size_t, size_t> counts;
    for (const size_t width : widths)
        ++counts[width];
    size_t most = 0;
    for (const auto &[width, count] : counts) {
        if (width > 1 && count >= most) {
            most = count;
            fit.columns = width;
        }
    }
    if (fit.columns == 1)
        return fit;
    const auto agreeing = [&](size_t from) {
        const auto begin = widths.begin() + static_cast<std::ptrdiff_t>(from);
        return static_cast<double>(std::count(begin, widths.end(), fit.columns)) /
               static_cast<double>(std::max<size_t>(1, widths.size() - from));
    };
    const auto wide = std::find_if(widths.begin(), widths.end(), [](size_t width) { return width != 1; });
    fit.preamble = static_cast<size_t>(wide - widths.begin());
    // One heading above many cells; else the first line is the header, whatever it looks like.
    if (fit.preamble > MostPreamble || widths.size() - fit.preamble < 3 || *wide != fit.columns ||
        agreeing(fit.preamble) < 0.8)
        fit.preamble = 0;
    fit.header = widths[fit.preamble];
    fit.agree = agreeing(fit.preamble);
    return fit;
}

}  // namespace

CsvDialect detectDialect(std::string_view text)
{
    const std::string_view head = text.substr(0, SeenBytes);
    CsvDialect best;
    Fit bestFit;
    const auto score = [](const Fit &fit) {
        return fit.agree * (1 + 0.1 * static_cast<double>(std::min<size_t>(fit.columns, 10)));
    };
    for (const auto &[separator, least] : Candidates) {
        for (const auto &[quote, backslash] : {std::pair('"', false), std::pair('"', true), std::pair('\'', false)}) {
            const bool usual = quote == '"' && !backslash;
            if (head.find(separator) == std::string_view::npos ||
                (!usual && head.find(quote) == std::string_view::npos))
                continue;
            const CsvDialect dialect{std::string(separator), quote, backslash, 0};
            const Fit fit = fitOf(head, dialect);
            // What is usual comes first, and only something clearly better takes its place.
            if (fit.columns > 1 && fit.agree >= least && score(fit) > score(bestFit) + 0.05) {
                best = dialect;
                bestFit = fit;
            }
        }
    }
    best.preamble = bestFit.preamble;
    if (bestFit.header == 1)
        best.separator.clear();  // one column: separators are part of its texts
    return best;
}

RecordFile parseCsv(std::string_view text, const CsvDialect &dialect)
{
    RecordFile file;
    Reader reader(text, dialect);
    int64_t number = 0;
    for (size_t i = 0; i < dialect.preamble; ++i) {
        const auto row = reader.next();
        if (!row)
            break;
        ++number;
        if (!isBlank(*row))
            file.rejections.push_back({number, AboveHeader});
    }
    while (auto row = reader.next()) {
        ++number;
        const bool blank = isBlank(*row);
        if (file.columns.empty()) {
            if (blank)
                continue;
            for (const auto &cell : row->cells)
                file.columns.emplace_back(trimmed(cell));
            continue;
        }
        // One column of blank text is a blank line, too: it holds nothing to classify.
        if (blank)
            continue;
        const size_t wanted = file.columns.size();
        if (!row->problem.empty() || row->cells.size() != wanted) {
            if (auto mended = mendJsonCell(row->line, dialect, wanted)) {
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
