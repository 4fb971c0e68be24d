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
    return columns.size() >= OfVersion1 &&
           std::equal(columns.begin(), columns.begin() + OfVersion1, ownColumns().begin());
}

std::string toSpreadsheetSafe(std::string_view cell)
{
    return (couldBeFormula(cell) ? "'" : "") + std::string(cell);
}

std::string fromSpreadsheetSafe(std::string_view cell)
{
    return std::string(cell.starts_with('\'') && couldBeFormula(cell) ? cell.substr(1) : cell);
}

bool takeBackSpreadsheetGuards(RecordFile &file)
{
    if (!areOwnColumns(file.columns))
        return false;
    // People may have typed a cell or two since.
    constexpr int64_t Lead = 4;
    int64_t guarded = 0, unguarded = 0;
    const auto eachCell = [&](const auto &use) {
        for (Record &record : file.records) {
            for (const std::string &column : ownColumns()) {
                if (const auto cell = record.fields.find(column); cell != record.fields.end() && cell->is_string())
                    use(cell->get_ref<std::string &>());
            }
        }
    };
    eachCell([&](const std::string &cell) {
        if (couldBeFormula(cell))
            ++(cell.starts_with('\'') ? guarded : unguarded);
    });
    if (guarded == 0 || guarded <= Lead * unguarded)
        return false;
    eachCell([](std::string &cell) { cell = fromSpreadsheetSafe(cell); });
    file.notes.emplace_back("The apostrophes that keep spreadsheet programs from reading texts as formulas are taken "
                            "off again.");
    return true;
}

}  // namespace core
