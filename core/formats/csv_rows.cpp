// SPDX-License-Identifier: Apache-2.0
#include "core/formats/csv_rows.h"

#include "core/base/trimmed.h"

#include <algorithm>

using base::trimmed;

namespace core {

namespace {

constexpr const char *Stray = "a quote stands inside a quoted cell without being doubled";
constexpr const char *NeverClosed = "a quote is opened and never closed: the file may be cut off here";
constexpr const char *Swallows =
    "a quote is opened and the lines below it are rows themselves: it seems never to be closed";
constexpr const char *Follows = "it follows a row with faulty quotes and may be the rest of it";

void readLine(const CellReader &reader, size_t from, RowSpan &row)
{
    reader.read(from, QuoteRule::None, row);
}

/// `"text", "{"a": 1, "b": 0}"`: the last of two cells is JSON with its quotes not doubled.
std::optional<std::vector<std::string>> mendJsonCell(const CellReader &reader, const RowSpan &lineSpan)
{
    const std::string_view line = trimmed(reader.text().substr(lineSpan.begin, lineSpan.end - lineSpan.begin));
    const size_t open = line.find("\"{");
    if (open == std::string_view::npos || !line.ends_with("}\""))
        return std::nullopt;
    std::string_view head = trimmed(line.substr(0, open));
    const std::string &separator = reader.dialect().separator;
    if (separator.empty() || !head.ends_with(separator))
        return std::nullopt;
    head.remove_suffix(separator.size());
    const CellReader inner(head, reader.dialect());
    RowSpan first;
    inner.read(0, QuoteRule::Strict, first);
    if (first.fault != QuoteFault::None || first.cells.size() != 1 || first.end != head.size())
        return std::nullopt;
    std::string json(line.substr(open + 1, line.size() - open - 2));
    for (size_t i = 0; (i = json.find("\"\"", i)) != std::string::npos; ++i)
        json.erase(i, 1);
    return std::vector<std::string>{inner.textOf(first.cells[0]), json};
}

}  // namespace

RowProfile lineProfile(const CellReader &reader, size_t from)
{
    RowProfile profile;
    RowSpan line;
    for (size_t position = from; position < reader.text().size(); position = line.end) {
        readLine(reader, position, line);
        if (!reader.isBlank(line))
            profile.add(reader, line);
    }
    return profile;
}

double QuoteEvidence::agreement() const
{
    return rows < 2 ? 0 : static_cast<double>(sound.agreeing()) / static_cast<double>(rows - 1);
}

QuoteEvidence quoteEvidence(const CellReader &reader, size_t from)
{
    QuoteEvidence evidence;
    const size_t size = reader.text().size();
    size_t patience = 4 * size + (1 << 20);
    RowSpan row;
    for (size_t position = from; position < size; position = row.end) {
        reader.read(position, patience > 0 ? QuoteRule::Strict : QuoteRule::None, row);
        if (row.fault != QuoteFault::None) {
            patience -= std::min(patience, row.end - position);
            ++evidence.rows;
            ++evidence.faults;
            readLine(reader, position, row);
            continue;
        }
        if (reader.isBlank(row))
            continue;
        ++evidence.rows;
        bool isQuoted = false;
        for (const CellSpan &cell : row.cells) {
            const std::string_view raw = reader.raw(cell);
            const bool hasQuote = reader.holdsQuote(cell);
            isQuoted = isQuoted || cell.quoted;
            evidence.bare += !cell.quoted && hasQuote ? 1 : 0;
            // The lines that a lone quote swallows hold separators, too.
            const bool separated = !row.severalLines && !reader.dialect().separator.empty() &&
                                   raw.find(reader.dialect().separator) != std::string_view::npos;
            evidence.needed += cell.quoted && (hasQuote || separated) ? 1 : 0;
        }
        evidence.quotedRows += isQuoted ? 1 : 0;
        evidence.severalLines += row.severalLines ? 1 : 0;
        evidence.sound.add(reader, row);
        if (!row.severalLines)
            evidence.singleLines.add(reader, row);
    }
    return evidence;
}

QuoteJudge::QuoteJudge(const CellReader &reader, size_t from, QuoteEvidence evidence)
    : m_showsQuoting(evidence.showsQuoting()),
      m_isFaultless(evidence.needed > 0 && evidence.faults + evidence.bare == 0)
{
    m_profile = evidence.singleLines.rows() >= 3 ? std::move(evidence.singleLines) : std::move(evidence.sound);
    // Where one quote has swallowed next to everything, the lines are the better witnesses. Many texts of several
    // lines without any fault are what they seem.
    if (evidence.severalLines == 0 || (evidence.severalLines > 2 && evidence.faults + evidence.bare == 0))
        return;
    RowProfile lines = lineProfile(reader, from);
    if (lines.rows() >= 10 && m_profile.rows() < 20 && lines.rows() > 2 * m_profile.rows() && lines.isTable()) {
        m_profile = std::move(lines);
        m_showsQuoting = evidence.needed > 0;
    }
}

Swallowing QuoteJudge::swallowing(const CellReader &reader, const RowSpan &row, QuoteRule rule, bool isHeader) const
{
    if (m_profile.width() < 2)
        return Swallowing::No;
    size_t lines = 0, known = 0;
    RowSpan line;
    for (size_t position = row.begin; position < row.end; position = line.end) {
        readLine(reader, position, line);
        if (reader.isBlank(line))
            continue;
        ++lines;
        const bool names = isHeader && position == row.begin;  // names are no values
        known += (names ? m_profile.hasWidth(line.cells.size()) : m_profile.knows(reader, line)) ? 1 : 0;
    }
    if (known * 2 <= lines)
        return Swallowing::No;
    const bool all = known == lines;
    const bool believed =
        m_profile.isStrong() && m_profile.rows() >= 3
            ? !(m_showsQuoting && rule == QuoteRule::Strict) || (all && lines > (m_isFaultless ? 4 : 2))
            : !m_showsQuoting && all && lines >= (reader.dialect().separator == "\t" ? 3 : 4);
    return believed ? Swallowing::Yes : Swallowing::Perhaps;
}

bool QuoteJudge::isCutOff(const CellReader &reader, size_t from) const
{
    size_t lines = 0, known = 0;
    RowSpan line;
    for (size_t position = from; position < reader.text().size(); position = line.end) {
        readLine(reader, position, line);
        if (position == from || reader.isBlank(line))
            continue;
        ++lines;
        known += m_profile.width() > 1 && m_profile.knows(reader, line) ? 1 : 0;
    }
    return known * 2 < lines && (m_profile.width() > 1 || m_showsQuoting);
}

bool QuoteJudge::areCharacters(const CellReader &reader, size_t from) const
{
    size_t odd = 0, mended = 0;
    RowSpan row;
    size_t patience = 4 * reader.text().size() + (1 << 20);
    bool first = true;
    for (size_t position = from; position < reader.text().size(); position = row.end) {
        reader.read(position, patience > 0 ? QuoteRule::Strict : QuoteRule::None, row);
        if (row.fault != QuoteFault::None) {
            patience -= std::min(patience, row.end - position);
            readLine(reader, position, row);
            ++odd;
            mended += (first ? m_profile.hasWidth(row.cells.size()) : m_profile.allows(reader, row)) ? 1 : 0;
        } else if (row.severalLines) {
            ++odd;
            mended += swallowing(reader, row, QuoteRule::Lenient, first) == Swallowing::Yes ? 1 : 0;
        }
        first = first && reader.isBlank(row);
    }
    return mended * 10 >= odd * 9;
}

RowFinder::RowFinder(std::string_view text, const CsvDialect &dialect, size_t from)
    : m_reader(text, dialect), m_position(from), m_patience(4 * text.size() + (1 << 20))
{
    if (dialect.quote == '\0' || text.find(dialect.quote) == std::string_view::npos)
        return;
    QuoteEvidence evidence = quoteEvidence(m_reader, from);
    if (evidence.faults + evidence.severalLines > 0)
        m_judge = QuoteJudge(m_reader, from, std::move(evidence));
}

bool RowFinder::mayBeRow(const RowSpan &line) const
{
    return m_isFirst ? m_judge.profile().hasWidth(line.cells.size()) : m_judge.profile().allows(m_reader, line);
}

void RowFinder::readFaulty(FoundRow &row)
{
    const size_t from = row.span.begin;
    const QuoteFault fault = row.span.fault;
    m_patience -= std::min(m_patience, row.span.end - from);
    RowSpan line;
    readLine(m_reader, from, line);
    const size_t width = m_judge.profile().width();
    if (width == 2 && (row.mended = mendJsonCell(m_reader, line))) {
        row.span = std::move(line);
        return;
    }
    if (fault == QuoteFault::Stray && m_patience > 0) {
        RowSpan lenient;
        m_reader.read(from, QuoteRule::Lenient, lenient);
        const bool whole = lenient.fault == QuoteFault::None && m_judge.profile().hasWidth(lenient.cells.size());
        const bool sound = lenient.end == line.end ? width > 1 || m_judge.showsQuoting()
                                                   : width > 1 && m_judge.showsQuoting() &&
                                                         m_judge.swallowing(m_reader, lenient, QuoteRule::Lenient,
                                                                            m_isFirst) == Swallowing::No;
        if (whole && sound) {
            row.span = std::move(lenient);
            return;
        }
        m_patience -= std::min(m_patience, lenient.end - from);
    }
    if (fault == QuoteFault::NeverClosed && m_judge.isCutOff(m_reader, from)) {
        row.problem = NeverClosed;
        row.span.end = m_reader.text().size();
        return;
    }
    if (mayBeRow(line))
        row.quotesAreCharacters = true;
    else
        row.problem = fault == QuoteFault::NeverClosed ? NeverClosed : Stray;
    row.span = std::move(line);
}

std::optional<FoundRow> RowFinder::next()
{
    if (m_position >= m_reader.text().size())
        return std::nullopt;
    FoundRow row;
    m_reader.read(m_position, m_patience > 0 ? QuoteRule::Strict : QuoteRule::None, row.span);
    const Swallowing swallowing = row.span.fault == QuoteFault::None && row.span.severalLines
                                      ? m_judge.swallowing(m_reader, row.span, QuoteRule::Strict, m_isFirst)
                                      : Swallowing::No;
    row.looksLikeSeveral = swallowing == Swallowing::Perhaps;
    if (row.span.fault != QuoteFault::None) {
        readFaulty(row);
    } else if (swallowing == Swallowing::Yes) {
        m_patience -= std::min(m_patience, row.span.end - m_position);
        readLine(m_reader, m_position, row.span);
        if (mayBeRow(row.span))
            row.quotesAreCharacters = true;
        else
            row.problem = Swallows;
    } else if (m_afterFault && !m_reader.isBlank(row.span) && !m_judge.profile().allows(m_reader, row.span)) {
        row.problem = Follows;
    }
    if (!m_reader.isBlank(row.span)) {
        m_afterFault = !row.problem.empty();
        m_isFirst = false;
    }
    m_position = row.span.end;
    return row;
}

}  // namespace core
