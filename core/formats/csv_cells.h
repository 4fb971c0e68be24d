// SPDX-License-Identifier: Apache-2.0
// The cells of one row of separated values, by a given dialect: where they begin and end, and what is wrong with them.
#pragma once

#include "core/formats/csv.h"

#include <array>

namespace core {

/// A cell's place in the text, without its quotes.
struct CellSpan {
    size_t begin = 0;
    size_t end = 0;
    bool quoted = false;
};

/// How quotes are understood.
enum class QuoteRule {
    Strict,  ///< RFC 4180: a quote within a quoted cell is doubled, or stands behind a backslash if the dialect says so
    Lenient,  ///< a quoted cell ends at the first quote before a separator or a line end, others belong to the text
    None      ///< quotes are characters: a row is a line
};

enum class QuoteFault {
    None,
    Stray,       ///< a quote stands inside a quoted cell without being doubled
    NeverClosed  ///< a quote is opened, and none closes it
};

/// A row's place in the text.
struct RowSpan {
    size_t begin = 0;
    size_t end = 0;  ///< behind the line end; of a faulty row: how far was read
    std::vector<CellSpan> cells;
    QuoteFault fault = QuoteFault::None;
    bool severalLines = false;  ///< a quoted cell holds line ends
};

class CellReader {
public:
    /// The text must outlive the reader.
    CellReader(std::string_view text, const CsvDialect &dialect);

    /// Reads the row that begins at `from`, which is inside the text. Only LF, CRLF and, unless the
    /// dialect says otherwise, CR end rows.
    void read(size_t from, QuoteRule rule, RowSpan &row) const;

    [[nodiscard]] std::string_view text() const { return m_text; }
    [[nodiscard]] const CsvDialect &dialect() const { return m_dialect; }
    /// The bytes between the quotes, or the whole unquoted cell.
    [[nodiscard]] std::string_view raw(const CellSpan &cell) const
    {
        return m_text.substr(cell.begin, cell.end - cell.begin);
    }
    /// The cell as it was meant: doubled quotes once, backslashes taken back where the dialect has them.
    [[nodiscard]] std::string textOf(const CellSpan &cell) const;
    /// Whether the cell, between its quotes if it has any, holds a quote without a backslash before it.
    [[nodiscard]] bool holdsQuote(const CellSpan &cell) const;
    /// Whether the row is an empty line.
    [[nodiscard]] bool isBlank(const RowSpan &row) const;

private:
    [[nodiscard]] bool atSeparator(size_t position) const
    {
        return !m_dialect.separator.empty() && position < m_text.size() &&
               m_text[position] == m_dialect.separator.front() &&
               m_text.compare(position, m_dialect.separator.size(), m_dialect.separator) == 0;
    }
    [[nodiscard]] bool atLineEnd(size_t position) const
    {
        return m_text[position] == '\n' ||
               (m_text[position] == '\r' && (m_dialect.loneReturns || m_text.compare(position + 1, 1, "\n") == 0));
    }
    [[nodiscard]] bool endsCell(size_t position) const
    {
        return position >= m_text.size() || atLineEnd(position) || atSeparator(position);
    }
    [[nodiscard]] bool isEscaped(size_t quote, size_t from) const;
    [[nodiscard]] size_t skipBlanks(size_t position) const;
    [[nodiscard]] size_t endOfPlainCell(size_t position) const;
    [[nodiscard]] size_t closingQuote(size_t from, QuoteRule rule, QuoteFault &fault) const;

    std::string_view m_text;
    CsvDialect m_dialect;
    std::array<bool, 256> m_stops{};  ///< where a cell without quotes may end
};

}  // namespace core
