// SPDX-License-Identifier: Apache-2.0
#include "core/formats/table_header.h"

#include "core/base/trimmed.h"
#include "core/formats/column_names.h"

#include <algorithm>
#include <unordered_set>

using base::trimmed;

namespace core {

namespace {

constexpr size_t MostAbove = 20;
constexpr size_t SeenRows = 1000;
/// Cells that are looked at in all: a table may have thousands of columns.
constexpr size_t SeenCells = 200'000;

std::string_view cellOf(const TableRow &row, size_t column)
{
    return column < row.cells.size() ? trimmed(row.cells[column]) : std::string_view();
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

size_t wordsOf(std::string_view text)
{
    size_t words = 0;
    bool blank = true;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        words += blank && !space ? 1 : 0;
        blank = space;
    }
    return words;
}

bool isSentence(std::string_view text)
{
    constexpr std::string_view ends[] = {".", "!", "?", "\xE2\x80\xA6", "\xE3\x80\x82", "\xEF\xBC\x81", "\xEF\xBC\x9F"};
    if (text.size() > 80)
        return true;
    const size_t words = wordsOf(text);
    return words >= 5 || (words >= 3 && std::any_of(std::begin(ends), std::end(ends),
                                                    [&](std::string_view end) { return text.ends_with(end); }));
}

/// "0", "1", "2" or "1", "2", "3": what programs write above columns that have no names.
bool isCountOfColumns(const TableRow &row)
{
    std::vector<std::string_view> names;
    for (size_t i = 0; i < row.cells.size(); ++i) {
        if (const auto cell = cellOf(row, i); !cell.empty())
            names.push_back(cell);
    }
    if (names.size() < 2 || (names.front() != "0" && names.front() != "1"))
        return false;
    const size_t first = names.front() == "0" ? 0 : 1;
    for (size_t i = 0; i < names.size(); ++i) {
        if (names[i] != std::to_string(i + first))
            return false;
    }
    return true;
}

/// What stands in a column below its first cell.
struct ColumnBelow {
    size_t filled = 0, numbers = 0, sentences = 0;
    bool repeatsFirst = false;
    std::unordered_set<std::string_view> values;

    [[nodiscard]] bool isNumeric() const { return filled > 0 && numbers * 10 >= filled * 9; }
    [[nodiscard]] bool isProse() const { return filled > 0 && sentences * 10 >= filled * 8; }
    [[nodiscard]] bool hasFewValues() const { return filled >= 6 && values.size() * 3 <= filled; }
};

ColumnBelow columnBelow(std::span<const TableRow> rows, size_t column, const std::vector<bool> &isHeaderAgain)
{
    ColumnBelow below;
    const std::string_view first = cellOf(rows[0], column);
    for (size_t i = 1; i < isHeaderAgain.size(); ++i) {
        const std::string_view cell = cellOf(rows[i], column);
        if (cell.empty() || isHeaderAgain[i])
            continue;
        ++below.filled;
        below.numbers += isNumberText(cell) ? 1 : 0;
        below.sentences += isSentence(cell) ? 1 : 0;
        below.repeatsFirst = below.repeatsFirst || cell == first;
        below.values.insert(cell);
    }
    return below;
}

/// Positive: the cell is a name; negative: it is a value.
int voteOf(std::string_view first, const ColumnBelow &below, bool counts)
{
    int vote = 0;
    const bool number = isNumberText(first);
    if (below.repeatsFirst)
        vote -= 2;
    else if (const NameKind kind = nameKind(first); kind != NameKind::Unknown)
        vote += kind == NameKind::Usual ? 4 : 1;
    if (number)
        return vote + (below.isNumeric() && !counts ? -2 : 0) + (counts ? 1 : 0);
    if (below.filled >= 2 && below.isNumeric())
        return vote + 2;
    if (below.hasFewValues() && !below.repeatsFirst)
        return vote + 1;
    if (isSentence(first))
        return vote - (vote > 0 ? 0 : 1);
    return vote + (below.filled >= 3 && below.isProse() ? 1 : 0);
}

}  // namespace

bool isNumberText(std::string_view text)
{
    text = trimmed(text);
    if (!text.empty() && (text.front() == '-' || text.front() == '+'))
        text.remove_prefix(1);
    if (text.ends_with('%'))
        text = trimmed(text.substr(0, text.size() - 1));
    if (text.empty() || text.size() > 40 || !(isDigit(text.front()) || (text.size() > 1 && isDigit(text[1]))))
        return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return isDigit(c) || c == '.' || c == ',' || c == 'e' || c == 'E' || c == '-'; });
}

size_t filledCells(const TableRow &row)
{
    return static_cast<size_t>(std::count_if(row.cells.begin(), row.cells.end(),
                                             [](const std::string &cell) { return !trimmed(cell).empty(); }));
}

bool repeatsHeader(const TableRow &row, const TableRow &header)
{
    for (size_t i = 0; i < std::max(row.cells.size(), header.cells.size()); ++i) {
        if (cellOf(row, i) != cellOf(header, i))
            return false;
    }
    return true;
}

size_t rowsAboveHeader(std::span<const TableRow> rows)
{
    std::vector<size_t> filled;
    for (const TableRow &row : rows.first(std::min(rows.size(), MostAbove + SeenRows)))
        filled.push_back(filledCells(row));
    if (filled.empty())
        return 0;
    const size_t last = std::min(filled.size(), MostAbove + 1);
    size_t most = 0;  // of the rows above
    for (size_t i = 0; i < last; ++i) {
        size_t usual = 0;
        for (size_t j = 0; j < std::min<size_t>(rows[i].cells.size(), 100); ++j)
            usual += nameKind(rows[i].cells[j]) == NameKind::Usual ? 1 : 0;
        if (usual >= 2 || (i == 0 && usual > 0 && filled[0] == 1))
            return i == 0 || (filled[i] > most && i + 1 < rows.size()) ? i : 0;
        most = std::max(most, filled[i]);
    }
    // Titles have one cell; most rows below have more.
    const auto wide = std::find_if(filled.begin(), filled.end(), [](size_t count) { return count > 1; });
    const auto above = static_cast<size_t>(wide - filled.begin());
    if (above == 0 || above >= last)
        return 0;
    const auto several = std::count_if(wide, filled.end(), [](size_t count) { return count > 1; });
    const bool mostly = several * 2 >= filled.end() - wide;
    return mostly && filled.end() - wide > 1 && looksLikeHeader(rows.subspan(above)) ? above : 0;
}

bool looksLikeHeader(std::span<const TableRow> rows)
{
    if (rows.empty())
        return true;
    const TableRow &first = rows[0];
    const size_t columns = std::min(first.cells.size(), SeenCells / 100);
    const size_t seen =
        std::min({rows.size(), SeenRows, std::max<size_t>(100, SeenCells / std::max<size_t>(1, columns))});
    std::vector<bool> isHeaderAgain;
    for (const TableRow &row : rows.first(seen))
        isHeaderAgain.push_back(repeatsHeader(row, first));
    const bool counts = isCountOfColumns(first);
    int vote = 0;
    for (size_t i = 0; i < columns; ++i) {
        if (const std::string_view cell = cellOf(first, i); !cell.empty())
            vote += voteOf(cell, columnBelow(rows.first(seen), i, isHeaderAgain), counts);
    }
    return vote >= 0;
}

}  // namespace core
