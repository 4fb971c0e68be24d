// SPDX-License-Identifier: Apache-2.0
#include "core/formats/csv_cells.h"

#include "core/base/trimmed.h"

#include <algorithm>

namespace core {

namespace {

/// A quoted cell longer than this is taken for a quote that was never closed.
constexpr size_t LongestCell = size_t{64} << 20;

}  // namespace

CellReader::CellReader(std::string_view text, const CsvDialect &dialect) : m_text(text), m_dialect(dialect)
{
    m_stops['\n'] = m_stops['\r'] = true;
    if (!dialect.separator.empty())
        m_stops[static_cast<unsigned char>(dialect.separator.front())] = true;
    if (dialect.quote == '\0' && dialect.backslash)
        m_stops['\\'] = true;
}

bool CellReader::isBlank(const RowSpan &row) const
{
    return row.fault == QuoteFault::None && row.cells.size() == 1 && base::trimmed(raw(row.cells[0])).empty();
}

size_t CellReader::skipBlanks(size_t position) const
{
    while (position < m_text.size() && (m_text[position] == ' ' || m_text[position] == '\t') && !atSeparator(position))
        ++position;
    return position;
}

size_t CellReader::endOfPlainCell(size_t position) const
{
    for (; position < m_text.size(); ++position) {
        const char c = m_text[position];
        if (!m_stops[static_cast<unsigned char>(c)])
            continue;
        if (c == '\\' && m_dialect.quote == '\0' && m_dialect.backslash)
            position += m_text.substr(position + 1).starts_with("\r\n") ? 2 : 1;
        else if (atLineEnd(position) || atSeparator(position))
            return position;
    }
    return m_text.size();
}

bool CellReader::isEscaped(size_t quote, size_t from) const
{
    size_t slashes = 0;
    while (quote - slashes > from && m_text[quote - slashes - 1] == '\\')
        ++slashes;
    return slashes % 2 == 1;
}

size_t CellReader::closingQuote(size_t from, QuoteRule rule, QuoteFault &fault) const
{
    for (size_t next = from;;) {
        const size_t quote = m_text.find(m_dialect.quote, next);
        if (quote == std::string_view::npos || quote - from > LongestCell) {
            fault = QuoteFault::NeverClosed;
            return std::min(quote, m_text.size());
        }
        next = quote + 1;
        if (m_dialect.backslash && isEscaped(quote, from))
            continue;
        const bool doubled = next < m_text.size() && m_text[next] == m_dialect.quote;
        if (rule == QuoteRule::Strict && doubled) {
            ++next;
            continue;
        }
        if (!doubled && endsCell(skipBlanks(next)))
            return quote;
        if (rule == QuoteRule::Strict) {
            fault = QuoteFault::Stray;
            return quote;
        }
    }
}

bool CellReader::holdsQuote(const CellSpan &cell) const
{
    if (m_dialect.quote == '\0')
        return false;
    const std::string_view bytes = raw(cell);
    size_t quote = bytes.find(m_dialect.quote);
    while (m_dialect.backslash && quote != std::string_view::npos && isEscaped(cell.begin + quote, cell.begin))
        quote = bytes.find(m_dialect.quote, quote + 1);
    return quote != std::string_view::npos;
}

void CellReader::read(size_t from, QuoteRule rule, RowSpan &row) const
{
    row.begin = from;
    row.cells.clear();
    row.fault = QuoteFault::None;
    row.severalLines = false;
    for (size_t position = from;;) {
        const size_t start = skipBlanks(position);
        const bool quoted = rule != QuoteRule::None && m_dialect.quote != '\0' && start < m_text.size() &&
                            m_text[start] == m_dialect.quote;
        CellSpan cell{quoted ? start + 1 : position, 0, quoted};
        if (quoted) {
            cell.end = closingQuote(start + 1, rule, row.fault);
            if (row.fault != QuoteFault::None) {
                row.end = cell.end;
                return;
            }
            const std::string_view inside = raw(cell);
            row.severalLines = row.severalLines || inside.find('\n') != std::string_view::npos ||
                               inside.find('\r') != std::string_view::npos;
            position = skipBlanks(cell.end + 1);
        } else {
            cell.end = position = endOfPlainCell(position);
        }
        row.cells.push_back(cell);
        if (atSeparator(position)) {
            position += m_dialect.separator.size();
            continue;
        }
        row.end = position;
        if (position < m_text.size())
            row.end += m_text.compare(position, 2, "\r\n") == 0 ? 2 : 1;
        return;
    }
}

std::string CellReader::textOf(const CellSpan &cell) const
{
    const std::string_view bytes = raw(cell);
    const bool slashes = m_dialect.backslash;
    const char doubled = cell.quoted ? m_dialect.quote : '\0';
    if ((doubled == '\0' || bytes.find(doubled) == std::string_view::npos) && !slashes)
        return std::string(bytes);
    std::string text;
    text.reserve(bytes.size());
    for (size_t i = 0; i < bytes.size(); ++i) {
        const char next = i + 1 < bytes.size() ? bytes[i + 1] : '\0';
        const bool pair = doubled != '\0' && bytes[i] == doubled && next == doubled;
        const bool escape = slashes && bytes[i] == '\\' &&
                            (next == '\\' || next == '"' || next == '\'' || next == m_dialect.quote ||
                             (m_dialect.quote == '\0' && i + 1 < bytes.size() && !std::isalnum(next)));
        text += bytes[pair || escape ? ++i : i];
    }
    return text;
}

}  // namespace core
