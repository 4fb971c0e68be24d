// SPDX-License-Identifier: Apache-2.0
#include "core/formats/workbook.h"

#include "core/base/counted.h"
#include "core/base/names.h"
#include "core/formats/table.h"

#include <algorithm>
#include <map>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t MostCells = 20'000'000;
constexpr size_t MostMergedText = 256 << 20;
constexpr size_t MostNamed = 10;  ///< cells and rows that a note names

/// Puts the content of each merged cell into its other rows, as far as they have cells of their own.
Result<std::vector<std::string>> fillMerged(SheetContent &content, const std::string &subject)
{
    std::vector<std::string> filled;
    size_t cells = 0, text = 0;
    auto &rows = content.rows;
    const auto rowAt = [&](int64_t number) {
        return std::lower_bound(rows.begin(), rows.end(), number,
                                [](const SheetRow &row, int64_t wanted) { return row.number < wanted; });
    };
    const auto cellAt = [](SheetRow &row, size_t column) {
        return std::lower_bound(row.cells.begin(), row.cells.end(), column,
                                [](const auto &cell, size_t wanted) { return cell.first < wanted; });
    };
    for (const MergedCell &merged : content.merged) {
        const auto first = rowAt(merged.firstRow);
        if (first == rows.end() || first->number != merged.firstRow)
            continue;
        const auto source = cellAt(*first, merged.column);
        if (source == first->cells.end() || source->first != merged.column)
            continue;
        const std::string value = source->second;
        bool isUsed = false;
        for (auto row = first + 1; row != rows.end() && row->number <= merged.lastRow; ++row) {
            const auto cell = cellAt(*row, merged.column);
            isUsed = true;
            text += value.size();
            if (++cells > MostCells || text > MostMergedText)
                return failure(ErrorCode::InvalidInput,
                               "The merged cells of this workbook hold too much. Save it without merged cells.",
                               subject);
            if (cell != row->cells.end() && cell->first == merged.column)
                cell->second = value;
            else
                row->cells.emplace(cell, merged.column, value);
        }
        if (isUsed)
            filled.push_back(cellName(merged.column, merged.firstRow) + " to " +
                             cellName(merged.column, merged.lastRow));
    }
    return filled;
}

/// Rows of equal width: a cell's column is never in doubt here. Where that is too much, columns without any cell go.
Result<std::vector<TableRow>> tableRowsOf(std::vector<SheetRow> rows, const std::string &subject)
{
    size_t widest = 0;
    for (const SheetRow &row : rows)
        widest = row.cells.empty() ? widest : std::max(widest, row.cells.back().first);
    std::vector<size_t> places(widest + 1);
    for (size_t i = 1; i <= widest; ++i)
        places[i] = i;
    if (rows.size() * widest > MostCells) {
        std::vector<bool> isUsed(widest + 1);
        for (const SheetRow &row : rows) {
            for (const auto &cell : row.cells)
                isUsed[cell.first] = true;
        }
        widest = 0;
        for (size_t i = 1; i < places.size(); ++i)
            places[i] = isUsed[i] ? ++widest : 0;
    }
    if (rows.size() * widest > MostCells)
        return failure(ErrorCode::InvalidInput,
                       "This sheet is too large: it has " + std::to_string(rows.size()) + " rows of " +
                           std::to_string(widest) + " columns. Save it in parts, or as CSV.",
                       subject);
    std::vector<TableRow> table;
    table.reserve(rows.size());
    for (SheetRow &row : rows) {
        if (row.cells.empty())
            continue;
        TableRow dense{row.number, std::vector<std::string>(widest)};
        for (auto &[column, text] : row.cells)
            dense.cells[places[column] - 1] = std::move(text);
        table.push_back(std::move(dense));
        row.cells = {};
    }
    return table;
}

/// Says which cells came in empty; `one` and `several` say why.
void say(const std::vector<std::string> &cells, const std::string &one, const std::string &several, RecordFile &file)
{
    if (!cells.empty())
        file.notes.push_back(base::counted(cells.size(), "cell", "cells") + " " + (cells.size() == 1 ? one : several) +
                             ": " + base::listed(cells, MostNamed) + ".");
}

Result<RecordFile> recordsOf(SheetContent content, HeaderRow header, const std::string &subject)
{
    std::vector<std::string> hidden;
    for (const SheetRow &row : content.rows) {
        if (row.isHidden)
            hidden.push_back(std::to_string(row.number));
    }
    const auto filled = fillMerged(content, subject);
    if (!filled)
        return tl::unexpected(filled.error());
    auto rows = TRY(tableRowsOf(std::move(content.rows), subject));
    RecordFile file = tableOf(std::move(rows), header);
    if (!filled->empty())
        file.notes.push_back("A merged cell counts for each of its rows: " + base::listed(*filled, MostNamed) + ".");
    if (!hidden.empty())
        file.notes.push_back("Hidden rows are read too: " + std::string(hidden.size() == 1 ? "row " : "rows ") +
                             base::listed(hidden, MostNamed) + ".");
    say(content.errorCells, "shows an error and is read as empty", "show an error and are read as empty", file);
    say(content.lostCells, "is read as empty, since the file lacks its text",
        "are read as empty, since the file lacks their texts", file);
    say(content.uncomputedCells, "is read as empty, since the file has its formula but not its value",
        "are read as empty, since the file has their formulas but not their values", file);
    if (!content.uncomputedCells.empty())
        file.notes.emplace_back("A spreadsheet program stores the values when it opens and saves the file.");
    return file;
}

constexpr int TableOfTexts = 2;

/// How much a sheet looks like a table of texts rather than a cover page. 0: it has no rows.
int rankOf(const RecordFile &file)
{
    if (file.records.empty())
        return 0;
    if (file.columns.size() < 2)
        return 1;
    // "Author:" and its like before each cell are a list of facts about the workbook.
    size_t keys = 0;
    for (const Record &record : file.records) {
        const auto &first = record.fields.front();
        keys += first.is_string() && first.get_ref<const std::string &>().ends_with(':') ? 1 : 0;
    }
    return keys * 2 > file.records.size() ? 1 : TableOfTexts;
}

/// Records of several sheets below one another: the columns of all, and a field with the name of the sheet.
class UnitedSheets {
public:
    void add(const std::string &sheet, RecordFile file)
    {
        for (const std::string &column : file.columns) {
            if (m_places.emplace(column, m_file.columns.size()).second)
                m_file.columns.push_back(column);
        }
        for (const Rejection &rejection : file.rejections)
            m_file.rejections.push_back({rejection.row, rejection.reason + " (on the sheet \"" + sheet + "\")"});
        for (const std::string &note : file.notes)
            m_file.notes.push_back("On the sheet \"" + sheet + "\": " + note);
        m_file.hasHeader = m_file.hasHeader && file.hasHeader;
        m_parts.push_back({sheet, std::move(file.records)});
    }

    RecordFile united()
    {
        std::string field = "sheet";
        for (int i = 2; m_places.contains(field); ++i)
            field = "sheet (" + std::to_string(i) + ")";
        m_file.columns.push_back(field);
        for (auto &[sheet, records] : m_parts) {
            for (Record &record : records)
                m_file.records.push_back({record.row, withAllColumns(record.fields, sheet)});
            records = {};
        }
        return std::move(m_file);
    }

private:
    nlohmann::ordered_json withAllColumns(nlohmann::ordered_json &fields, const std::string &sheet) const
    {
        nlohmann::ordered_json all = nlohmann::ordered_json::object();
        auto &content = all.get_ref<nlohmann::ordered_json::object_t &>();
        for (const std::string &column : m_file.columns)
            content.push_back({column, nlohmann::ordered_json("")});
        for (auto &[name, value] : fields.items())
            (content.begin() + static_cast<std::ptrdiff_t>(m_places.at(name)))->second = std::move(value);
        content.back().second = sheet;
        return all;
    }

    RecordFile m_file;
    std::vector<std::pair<std::string, std::vector<Record>>> m_parts;
    std::map<std::string, size_t> m_places;  ///< of the columns
};

std::string notRead(const SheetName &sheet, size_t rows)
{
    return std::string(sheet.isVisible ? "The sheet \"" : "The hidden sheet \"") + sheet.name +
           "\" was not read: it has " + base::counted(rows, "row", "rows") + ".";
}

}  // namespace

std::string cellName(size_t column, int64_t row)
{
    std::string letters;
    for (; column > 0; column = (column - 1) / 26)
        letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
    return letters + std::to_string(row);
}

Result<RecordFile> recordsOfWorkbook(const std::vector<SheetName> &sheets,
                                     const std::function<Result<SheetContent>(size_t)> &load,
                                     const WorkbookOptions &options, const std::string &subject)
{
    std::string known;
    bool isKnown = options.sheet.empty();
    for (const SheetName &sheet : sheets) {
        known += (known.empty() ? "\"" : ", \"") + sheet.name + "\"";
        isKnown = isKnown || sheet.name == options.sheet;
    }
    if (!isKnown)
        return failure(ErrorCode::NotFound,
                       "This workbook has no sheet \"" + options.sheet + "\". It has " + known + ".", subject);
    const bool all = options.allSheets && options.sheet.empty();
    UnitedSheets united;
    RecordFile best;
    int bestRank = -1;
    std::vector<std::string> visible, notes(sheets.size());
    size_t bestIndex = 0;
    for (size_t i = 0; i < sheets.size(); ++i) {
        const SheetName &sheet = sheets[i];
        if (sheet.isVisible)
            visible.push_back(sheet.name);
        const bool mayBeRead = options.sheet.empty() ? sheet.isVisible : sheet.name == options.sheet;
        auto content = load(i);
        if (!content && mayBeRead && (all || bestRank < TableOfTexts))
            return failure(content);
        if (!content) {
            notes[i] = "The sheet \"" + sheet.name + "\" was not read: it is damaged.";
            continue;
        }
        const size_t filledRows = content->rows.size();
        if (filledRows == 0)
            continue;
        auto file = TRY(recordsOf(std::move(*content), options.header, subject));
        notes[i] = notRead(sheet, file.records.empty() ? filledRows : file.records.size());
        if (!mayBeRead)
            continue;
        const int rank = rankOf(file);
        if (all && rank > 0) {
            united.add(sheet.name, std::move(file));
            notes[i].clear();
            bestRank = rank;
        } else if (!all && rank > bestRank) {
            file.sheet = sheet.name;
            best = std::move(file);
            bestRank = rank;
            bestIndex = i;
        }
    }
    if (bestRank < 0)
        return failure(ErrorCode::InvalidInput,
                       options.sheet.empty() ? "This workbook has no rows on a visible sheet."
                                             : "The sheet \"" + options.sheet + "\" of this workbook has no rows.",
                       subject);
    if (!all)
        notes[bestIndex].clear();
    RecordFile file = all ? united.united() : std::move(best);
    file.sheets = std::move(visible);
    std::copy_if(notes.begin(), notes.end(), std::back_inserter(file.notes),
                 [](const std::string &note) { return !note.empty(); });
    return file;
}

}  // namespace core
