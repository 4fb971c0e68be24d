// SPDX-License-Identifier: Apache-2.0
#include "core/formats/spreadsheet_safe.h"

#include <algorithm>

namespace core {

namespace {

/// Whether, behind any apostrophes, a formula could begin.
bool couldBeFormula(std::string_view cell)
{
    cell.remove_prefix(std::min(cell.find_first_not_of('\''), cell.size()));
    // Full-width = + - @ of East Asian keyboards.
    constexpr std::string_view starts[] = {
        "=", "+", "-", "@", "\t", "\r", "\n", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
    return std::any_of(std::begin(starts), std::end(starts),
                       [&](std::string_view start) { return cell.starts_with(start); });
}

}  // namespace

const std::vector<std::string> &ownColumns()
{
    static const std::vector<std::string> columns{"id",         "text",   "label",   "split",
                                                  "provenance", "source", "comment", "place"};
    return columns;
}

bool areOwnColumns(const std::vector<std::string> &columns)
{
    constexpr size_t OfVersion1 = 6;  // without comments and places
    const auto &own = ownColumns();
    return columns.size() >= OfVersion1 && columns.size() <= own.size() &&
           std::equal(columns.begin(), columns.end(), own.begin());
}

std::string toSpreadsheetSafe(std::string_view cell)
{
    return (couldBeFormula(cell) ? "'" : "") + std::string(cell);
}

std::string fromSpreadsheetSafe(std::string_view cell)
{
    return std::string(cell.starts_with('\'') && couldBeFormula(cell) ? cell.substr(1) : cell);
}

}  // namespace core
