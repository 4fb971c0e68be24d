// SPDX-License-Identifier: Apache-2.0
#include "core/formats/table.h"

#include "core/base/trimmed.h"
#include "core/formats/column_names.h"
#include "core/formats/table_header.h"

#include <algorithm>
#include <map>
#include <unordered_set>

using base::trimmed;

namespace core {

namespace {

std::string plural(size_t count, const char *one, const char *several)
{
    return std::to_string(count) + " " + (count == 1 ? one : several);
}

/// Cells up to the last filled one.
size_t extentOf(const TableRow &row)
{
    size_t extent = row.cells.size();
    while (extent > 0 && trimmed(row.cells[extent - 1]).empty())
        --extent;
    return extent;
}

std::string_view withoutMark(std::string_view name)
{
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    while (name.starts_with(mark))
        name.remove_prefix(mark.size());
    return trimmed(name);
}

bool isInteger(std::string_view text)
{
    return !text.empty() && text.size() < 16 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// A table whose header and other rows are known.
class TableReader {
public:
    TableReader(std::vector<TableRow> rows, HeaderRow header, ShortRows shortRows)
        : m_rows(std::move(rows)), m_header(header), m_shortRows(shortRows)
    {
    }

    RecordFile read()
    {
        dropBlankRows();
        if (m_rows.empty())
            return std::move(m_file);
        findHeader();
        findRowNames();
        judgeLongRows();
        nameColumns();
        makeRecords();
        return std::move(m_file);
    }

private:
    void dropBlankRows()
    {
        size_t separatorsOnly = 0;
        std::erase_if(m_rows, [&](const TableRow &row) {
            const bool blank = filledCells(row) == 0;
            separatorsOnly += blank && row.cells.size() > 1 ? 1 : 0;
            return blank;
        });
        if (separatorsOnly > 0)
            note(plural(separatorsOnly, "row holds", "rows hold") + " only empty cells and " +
                 (separatorsOnly == 1 ? "is" : "are") + " left out.");
    }

    void findHeader()
    {
        if (m_header != HeaderRow::Absent)
            m_first = rowsAboveHeader(m_rows);
        m_file.hasHeader =
            m_header == HeaderRow::Present ||
            (m_header == HeaderRow::Automatic && looksLikeHeader(std::span<const TableRow>(m_rows).subspan(m_first)));
        for (size_t i = 0; i < m_first; ++i)
            reject(m_rows[i], AboveHeader);
        if (m_file.hasHeader) {
            for (const auto &cell : m_rows[m_first].cells)
                m_names.emplace_back(withoutMark(cell));
            m_width = m_names.size();
            m_headerRow = std::move(m_rows[m_first++]);
        } else {
            m_width = usualWidth();
        }
    }

    /// Of most rows, of two the larger.
    [[nodiscard]] size_t usualWidth() const
    {
        std::map<size_t, size_t> counts;
        for (size_t i = m_first; i < m_rows.size(); ++i)
            ++counts[m_rows[i].cells.size()];
        size_t usual = 0, most = 0;
        for (const auto &[width, count] : counts) {
            if (count >= most) {
                most = count;
                usual = width;
            }
        }
        return usual;
    }

    [[nodiscard]] bool isEach(size_t column, bool (*holds)(std::string_view)) const
    {
        return std::all_of(m_rows.begin() + static_cast<std::ptrdiff_t>(m_first), m_rows.end(),
                           [&](const TableRow &row) { return holds(trimmed(row.cells[column])); });
    }

    /// R writes the names of rows without a name above them.
    void findRowNames()
    {
        if (!m_file.hasHeader || m_first == m_rows.size() || m_names.empty() ||
            std::any_of(m_names.begin(), m_names.end(), [](const std::string &name) { return name.empty(); }))
            return;
        std::unordered_set<std::string_view> names;
        bool isLastFilled = false;
        for (size_t i = m_first; i < m_rows.size(); ++i) {
            const TableRow &row = m_rows[i];
            isLastFilled = isLastFilled || !trimmed(row.cells.back()).empty();
            if (row.cells.size() != m_width + 1 || trimmed(row.cells[0]).empty() ||
                !names.insert(trimmed(row.cells[0])).second)
                return;
        }
        constexpr auto isWord = [](std::string_view text) { return text.find_first_of(" \n\t") == std::string::npos; };
        const std::string name = foldedCell(m_names[0]);
        const bool namesNumbers = name == "id" || name == "nr" || name == "no" || name == "index" || name == "idx" ||
                                  name == "number" || name == "nummer" || name == "numero" || name.empty();
        const bool counted = isEach(0, isInteger) && (!namesNumbers || isEach(1, isInteger));
        const bool named = nameKind(m_names[0]) != NameKind::Unknown && m_rows.size() - m_first >= 3 &&
                           isEach(0, isWord) && !namesNumbers && !isEach(1, isWord) && !isEach(0, isNumberText);
        // A separator behind each row is no cell in front of it.
        if (!isLastFilled || (!counted && !named))
            return;
        m_hasRowNames = true;
        m_names.insert(m_names.begin(), std::string());
        m_headerRow.cells.insert(m_headerRow.cells.begin(), std::string());
        ++m_width;
        note("The header has one name less than each row has cells: the first cell of a row, \"column 1\", is taken "
             "for its name.");
    }

    /// Rows with more cells than the header: a remark beside the table, or a text whose separators are not quoted.
    void judgeLongRows()
    {
        if (m_width < 2)
            return;
        std::unordered_set<std::string_view> last;  // values of the last column in rows that fit
        std::map<size_t, size_t> widths;            // of rows that do not
        bool spaced = false;
        size_t fitting = 0;
        for (size_t i = m_first; i < m_rows.size(); ++i) {
            const TableRow &row = m_rows[i];
            const size_t extent = extentOf(row);
            if (extent > m_width) {
                ++widths[extent];
            } else if (extent == m_width) {
                ++fitting;
                last.insert(trimmed(row.cells[m_width - 1]));
                spaced = spaced || row.cells[m_width - 1].starts_with(' ');
            }
        }
        if (widths.empty())
            return;
        const bool fewValues = last.size() * 2 <= fitting || last.size() < 4;
        for (size_t i = m_first; i < m_rows.size(); ++i) {
            const TableRow &row = m_rows[i];
            const size_t extent = extentOf(row);
            if (extent <= m_width)
                continue;
            const bool fits = fewValues && last.contains(trimmed(row.cells[m_width - 1]));
            const bool shifted = fewValues && last.contains(trimmed(row.cells[extent - 1]));
            const bool prose =
                !spaced && std::any_of(row.cells.begin() + static_cast<std::ptrdiff_t>(m_width) - 1, row.cells.end(),
                                       [](const std::string &cell) { return cell.starts_with(' '); });
            if (!fits && (shifted || prose || widths.size() > 1))
                m_unfit.push_back(i);
        }
    }

    void nameColumns()
    {
        std::vector<bool> filled;
        size_t next = 0;  // of the unfit
        for (size_t i = m_first; i < m_rows.size(); ++i) {
            if (next < m_unfit.size() && m_unfit[next] == i) {
                ++next;
                continue;
            }
            const size_t extent = extentOf(m_rows[i]);
            if (filled.size() < extent)
                filled.resize(extent);
            for (size_t j = 0; j < extent; ++j)
                filled[j] = filled[j] || !trimmed(m_rows[i].cells[j]).empty();
        }
        m_names.resize(std::max(m_names.size(), filled.size()));
        std::unordered_set<std::string> taken(m_names.begin(), m_names.end());
        std::unordered_set<std::string> used;
        std::map<std::string, size_t> again;
        std::vector<std::string> unnamed;
        for (size_t i = 0; i < m_names.size(); ++i) {
            std::string name = m_names[i];
            if (name.empty()) {
                if (i >= filled.size() || !filled[i])
                    continue;
                name = "column " + std::to_string(i + 1);
                if (i < m_width && !(i == 0 && m_hasRowNames))
                    unnamed.push_back("\"" + name + "\"");
            }
            if (!used.insert(name).second) {
                size_t &count = again[name];
                const std::string base = name;
                for (count = std::max<size_t>(count, 1); used.contains(name) || taken.contains(name);)
                    name = base + " (" + std::to_string(++count) + ")";
                used.insert(name);
                note("Two columns are called \"" + base + "\"; the later one is read as \"" + name + "\".");
            }
            m_columns.push_back(i);
            m_file.columns.push_back(std::move(name));
        }
        if (m_file.hasHeader && !unnamed.empty())
            note(unnamed.size() == 1
                     ? "A column with cells has no name; it is called " + unnamed[0] + "."
                     : plural(unnamed.size(), "", "columns with cells have no name; the first is called ") +
                           unnamed[0] + ".");
        if (!m_file.hasHeader)
            note("No row names the columns; they are called \"column 1\" and so on.");
    }

    void makeRecords()
    {
        size_t named = m_headerRow.cells.size();
        while (named > 0 && trimmed(m_headerRow.cells[named - 1]).empty())
            --named;
        size_t next = 0, shorter = 0, longer = 0;
        int64_t firstLonger = 0;
        for (size_t i = m_first; i < m_rows.size(); ++i) {
            TableRow row = std::move(m_rows[i]);  // its cells go when the record is made
            if (next < m_unfit.size() && m_unfit[next] == i) {
                ++next;
                reject(row, "it has " + std::to_string(extentOf(row)) + " cells, the header has " +
                                std::to_string(m_width) +
                                "; a text that holds the separator needs quotation marks around it");
                continue;
            }
            if (m_file.hasHeader && repeatsHeader(row, m_headerRow)) {
                reject(row, "it repeats the header");
                continue;
            }
            const size_t wanted = m_file.hasHeader ? named : m_width;
            shorter += row.cells.size() < wanted ? 1 : 0;
            if (extentOf(row) > m_width && ++longer == 1)
                firstLonger = row.number;
            Record &record = m_file.records.emplace_back();
            record.row = row.number;
            record.fields = nlohmann::ordered_json::object();
            // The names are unique: a look for each among the others would take time quadratic in the columns.
            auto &fields = record.fields.get_ref<nlohmann::ordered_json::object_t &>();
            fields.reserve(m_columns.size());
            for (size_t j = 0; j < m_columns.size(); ++j) {
                const size_t column = m_columns[j];
                fields.emplace_back(m_file.columns[j],
                                    column < row.cells.size() ? std::move(row.cells[column]) : std::string());
            }
        }
        if (shorter > 0 && m_shortRows == ShortRows::Noted)
            note(plural(shorter, "row has", "rows have") + " fewer cells than the " +
                 (m_file.hasHeader ? "header" : "others") + "; the missing ones are read as empty.");
        if (longer > 0)
            note(plural(longer, "row has", "rows have") + " cells beyond the " +
                 (m_file.hasHeader ? "header" : "others") + " (the first is row " + std::to_string(firstLonger) +
                 "); they are read as \"column " + std::to_string(m_width + 1) + "\" and so on.");
    }

    void note(std::string sentence) { m_file.notes.push_back(std::move(sentence)); }
    void reject(const TableRow &row, std::string reason)
    {
        m_file.rejections.push_back({row.number, std::move(reason)});
    }

    std::vector<TableRow> m_rows;
    HeaderRow m_header;
    ShortRows m_shortRows;
    RecordFile m_file;
    size_t m_first = 0;  ///< row below the header
    bool m_hasRowNames = false;
    size_t m_width = 0;  ///< cells of the header, empty ones too
    TableRow m_headerRow;
    std::vector<std::string> m_names;  ///< by place, empty: none
    std::vector<size_t> m_columns;     ///< places of the columns that are kept
    std::vector<size_t> m_unfit;       ///< rows that are rejected for their cells
};

}  // namespace

RecordFile tableOf(std::vector<TableRow> rows, HeaderRow header, ShortRows shortRows)
{
    return TableReader(std::move(rows), header, shortRows).read();
}

}  // namespace core
