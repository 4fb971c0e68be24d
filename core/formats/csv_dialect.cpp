// SPDX-License-Identifier: Apache-2.0
// How a file separates and quotes its cells.
#include "core/base/trimmed.h"
#include "core/formats/column_names.h"
#include "core/formats/csv_rows.h"
#include "core/formats/separator_line.h"

#include <algorithm>

using base::trimmed;

namespace core {

namespace {

/// The last row that is looked at begins before this; it is read to its end.
constexpr size_t SeenBytes = 1 << 18;
constexpr size_t SeenRows = 1000;
constexpr size_t MostPreamble = 20;

struct Candidate {
    std::string separator;
    double least;      ///< share of rows that must agree; texts are full of colons
    double bonus = 0;  ///< for what hardly stands in texts
};

const std::vector<Candidate> &usualCandidates()
{
    static const std::vector<Candidate> all{{",", 0.5}, {";", 0.5}, {"\t", 0.5, 0.1}, {"|", 0.5},  {"\x1F", 0.5, 0.1},
                                            {"~", 0.9}, {"^", 0.9}, {"||", 0.5},      {"::", 0.9}, {":", 0.95}};
    return all;
}

/// How well a dialect explains the first rows.
struct Fit {
    size_t columns = 1;  ///< of most rows
    double agree = 0;    ///< share of the rows that have them, without a problem
    size_t preamble = 0;
    size_t header = 1;         ///< its columns
    size_t names = 0;          ///< cells of the header that are usual names
    bool isProse = false;      ///< a space stands behind nearly every separator
    bool isQuotedWide = true;  ///< each row of several cells has quoted ones

    [[nodiscard]] double score(double bonus) const
    {
        const double named = names >= 2 ? 0.3 : (names == 1 ? 0.1 : 0);
        const double all = agree * (1 + 0.1 * static_cast<double>(std::min<size_t>(columns, 10))) + named + bonus;
        return header > 1 ? all : all / 2;
    }
};

struct SeenRow {
    size_t cells = 0;
    bool fault = false;
    bool spaced = false;
    size_t names = 0;
};

/// The first rows under a dialect, each read to its end.
std::vector<SeenRow> seenRows(const CellReader &reader, size_t from, Fit &fit)
{
    std::vector<SeenRow> rows;
    RowSpan span;
    size_t wide = 0, spaced = 0;
    for (size_t position = from;
         position < reader.text().size() && position - from < SeenBytes && rows.size() < SeenRows;
         position = span.end) {
        SeenRow row;
        reader.read(position, QuoteRule::Strict, span);
        row.fault = span.fault != QuoteFault::None;
        if (row.fault)
            reader.read(position, QuoteRule::None, span);
        else if (reader.isBlank(span) && !rows.empty() && rows.back().cells > 1)
            continue;
        row.cells = span.cells.size();
        const auto isSpaced = [&](const CellSpan &cell) { return !cell.quoted && reader.raw(cell).starts_with(' '); };
        if (row.cells > 1) {
            ++wide;
            spaced += std::all_of(span.cells.begin() + 1, span.cells.end(), isSpaced) ? 1 : 0;
            fit.isQuotedWide = fit.isQuotedWide && std::any_of(span.cells.begin(), span.cells.end(),
                                                               [](const CellSpan &cell) { return cell.quoted; });
        }
        if (rows.size() <= MostPreamble) {
            for (size_t i = 0; i < std::min<size_t>(row.cells, 100); ++i)
                row.names += nameKind(trimmed(reader.textOf(span.cells[i]))) == NameKind::Usual ? 1 : 0;
        }
        rows.push_back(row);
    }
    fit.isProse = wide > 0 && spaced * 10 >= wide * 9;
    return rows;
}

Fit fitOf(const CellReader &reader, size_t from)
{
    Fit fit;
    const std::vector<SeenRow> rows = seenRows(reader, from, fit);
    std::map<size_t, size_t> counts;
    for (const SeenRow &row : rows) {
        if (!row.fault && row.cells > 1)
            ++counts[row.cells];
    }
    size_t most = 0;
    for (const auto &[width, count] : counts) {
        if (count >= most) {
            most = count;
            fit.columns = width;
        }
    }
    if (fit.columns == 1)
        return fit;
    const auto agreeing = [&](size_t first) {
        double sum = 0;
        for (size_t i = first; i < rows.size(); ++i) {
            if (rows[i].fault)
                continue;
            // Spreadsheets leave out empty cells at the end.
            sum += rows[i].cells == fit.columns ? 1 : rows[i].cells > 1 && rows[i].cells < rows[first].cells ? 0.5 : 0;
        }
        return sum / static_cast<double>(std::max<size_t>(1, rows.size() - first));
    };
    const auto wide = std::find_if(rows.begin(), rows.end(), [](const SeenRow &row) { return row.cells != 1; });
    fit.preamble = static_cast<size_t>(wide - rows.begin());
    // One heading above many cells; else the first line is the header, whatever it looks like.
    const bool named = wide != rows.end() && wide->names >= 2;
    const bool above = fit.preamble <= MostPreamble && rows.size() - fit.preamble >= (named ? 2 : 3) &&
                       (named || wide->cells == fit.columns) && agreeing(fit.preamble) >= (named ? 0.3 : 0.8);
    if (!above || (fit.preamble > 0 && rows[0].names > 0))
        fit.preamble = 0;
    fit.header = rows[fit.preamble].cells;
    fit.names = fit.header > 1 ? rows[fit.preamble].names : 0;
    fit.agree = agreeing(fit.preamble);
    return fit;
}

/// Whether the row that begins the table has one cell, and its rows show all the same that the separator is one.
bool separatesRowsOnly(const Fit &fit, const std::string &separator)
{
    return fit.columns == 2 && fit.agree > 0.5 && (fit.isQuotedWide || separator == "\t" || separator == "\x1F");
}

struct Choice {
    std::string separator;
    Fit fit;
    double score = 0;
};

std::vector<CsvDialect> quotings(std::string_view text, const std::string &separator, const TableOptions &options)
{
    const auto dialect = [&](char quote, bool backslash) { return CsvDialect{separator, quote, backslash}; };
    if (options.quote && *options.quote == '\0')
        return {dialect('\0', false)};
    std::vector<CsvDialect> all{dialect(options.quote.value_or('"'), false)};
    if (text.find(std::string("\\") + all[0].quote) != std::string_view::npos)
        all.push_back(dialect(all[0].quote, true));
    if (options.quote)
        return all;
    if (text.find(separator + "'") != std::string_view::npos || text.find("\n'") != std::string_view::npos ||
        text.starts_with('\''))
        all.push_back(dialect('\'', false));
    if (text.find('"') != std::string_view::npos)
        all.push_back(dialect('\0', false));
    return all;
}

Choice bestSeparator(std::string_view text, size_t from, const std::vector<Candidate> &candidates,
                     const TableOptions &options)
{
    Choice best;
    const std::string_view head = text.substr(from, 2 * SeenBytes);
    for (const Candidate &candidate : candidates) {
        if (text.find(candidate.separator, from) == std::string_view::npos)
            continue;
        for (const CsvDialect &dialect : quotings(head, candidate.separator, options)) {
            const Fit fit = fitOf(CellReader(text, dialect), from);
            const bool prose = candidate.bonus < 1 && fit.isProse && fit.names == 0 &&
                               (fit.agree < 1 || fit.columns > 4) &&
                               (candidate.separator == "," || candidate.separator == ";" || candidate.separator == ":");
            if (fit.columns == 1 || prose || (fit.agree < candidate.least && fit.names < 2))
                continue;
            // What is usual comes first, and only something clearly better takes its place.
            const double score = fit.score(candidate.bonus) - (dialect.quote == '\0' ? 0.05 : 0);
            if (score > best.score + 0.05)
                best = {candidate.separator, fit, score};
        }
    }
    return best;
}

/// Whether a backslash may take the place of quotes.
bool escapesSeparators(std::string_view text, const std::string &separator)
{
    return !separator.empty() &&
           (text.find("\\" + separator) != std::string_view::npos || text.find("\\\n") != std::string_view::npos);
}

/// Quotes by the evidence of the whole text.
void chooseQuotes(std::string_view text, size_t from, const TableOptions &options, CsvDialect &dialect)
{
    const std::vector<CsvDialect> all = quotings(text, dialect.separator, options);
    const auto use = [&](const CsvDialect &other) {
        dialect.quote = other.quote;
        dialect.backslash = other.backslash;
    };
    use(all[0]);
    const bool escapes = !options.quote && escapesSeparators(text, dialect.separator);
    if (all.size() == 1 && !escapes)
        return;
    const QuoteEvidence usual = quoteEvidence(CellReader(text, all[0]), from);
    if (escapes && usual.quotedRows == 0) {
        const CsvDialect other{dialect.separator, '\0', true};
        const RowProfile lines = lineProfile(CellReader(text, other), from);
        const double share =
            static_cast<double>(lines.agreeing()) / static_cast<double>(std::max<size_t>(1, lines.rows()));
        if (lines.width() > 1 && share >= 0.9 && share > usual.agreement() + 0.02)
            return use(other);
    }
    for (const CsvDialect &other : all) {
        if (other.quote == dialect.quote && other.backslash) {
            const QuoteEvidence seen = quoteEvidence(CellReader(text, other), from);
            if (seen.faults + seen.bare < usual.faults + usual.bare && seen.faults <= usual.faults &&
                seen.agreement() >= usual.agreement())
                return use(other);
        }
        if (other.quote == '\'') {
            const QuoteEvidence seen = quoteEvidence(CellReader(text, other), from);
            const bool everywhere = usual.quotedRows == 0 && seen.quotedRows * 20 >= seen.rows * 19;
            const bool needed = usual.quotedRows == 0 && seen.needed > 0 && seen.agreement() >= usual.agreement();
            if (seen.faults == 0 && seen.quotedRows * 2 >= seen.rows &&
                (everywhere || needed || seen.agreement() > usual.agreement() + 0.05))
                return use(other);
        }
        const CellReader reader(text, all[0]);
        if (other.quote == '\0' && usual.faults + usual.bare > 0 && usual.needed * 10 < usual.faults + usual.bare &&
            usual.quotedRows * 2 < usual.rows && QuoteJudge(reader, from, usual).areCharacters(reader, from))
            return use(other);
    }
}

bool hasLoneReturn(std::string_view text)
{
    for (size_t i = text.find('\r'); i != std::string_view::npos; i = text.find('\r', i + 1)) {
        if (text.compare(i + 1, 1, "\n") != 0)
            return true;
    }
    return false;
}

/// Some programs leave carriage returns in cells without quotes: there they end no row.
void chooseReturns(std::string_view text, size_t from, CsvDialect &dialect)
{
    if (text.find('\n') == std::string_view::npos || !hasLoneReturn(text))
        return;
    CsvDialect other = dialect;
    other.loneReturns = false;
    dialect.loneReturns = quoteEvidence(CellReader(text, other), from).agreement() <=
                          quoteEvidence(CellReader(text, dialect), from).agreement();
}

}  // namespace

CsvDialect detectDialect(std::string_view text, const TableOptions &options)
{
    CsvDialect result;
    const auto declared = separatorLine(text);
    const size_t from = declared ? declared->length : 0;
    result.declared = declared.has_value();
    Choice best;
    if (!options.separator.empty()) {
        const std::string separator = options.separator == "\\t" ? "\t" : options.separator;
        best = bestSeparator(text, from, {{separator, 0, 1}}, options);
        best.separator = separator;
    } else {
        for (size_t i = 0; declared && i < declared->separators.size() && best.separator.empty(); ++i) {
            best = bestSeparator(text, from, {{declared->separators[i], 0.5, 1}}, options);
            // A spreadsheet that saved the file again has padded the line with what separates the cells now.
            if (best.fit.header == 1 && i + 1 < declared->separators.size())
                best = {};
        }
        if (best.separator.empty())
            best = bestSeparator(text, from, usualCandidates(), options);
        if (best.fit.header == 1 && options.header != HeaderRow::Absent && !separatesRowsOnly(best.fit, best.separator))
            best.separator.clear();  // one column: separators are part of its texts
    }
    result.separator = best.separator;
    result.preamble = best.fit.preamble;
    chooseQuotes(text, from, options, result);
    chooseReturns(text, from, result);
    return result;
}

}  // namespace core
