// SPDX-License-Identifier: Apache-2.0
#include "core/formats/csv_profile.h"

#include "core/base/trimmed.h"
#include "core/formats/table_header.h"

#include <algorithm>

using base::trimmed;

namespace core {

namespace {

/// Rows whose values are looked at; of the others only the cells are counted.
constexpr size_t SeenRows = 20'000;
constexpr size_t SeenColumns = 64;
constexpr size_t MostValues = 300;

}  // namespace

void RowProfile::add(const CellReader &reader, const RowSpan &row)
{
    if (m_header == 0) {
        m_header = row.cells.size();
        return;
    }
    ++m_rows;
    ++m_widths[row.cells.size()];
    if (m_rows > SeenRows)
        return;
    m_spaced += isSpaced(reader, row) ? 1 : 0;
    m_columns.resize(std::max(m_columns.size(), std::min(row.cells.size(), SeenColumns)));
    for (size_t i = 0; i < std::min(row.cells.size(), SeenColumns); ++i) {
        const std::string_view cell = trimmed(reader.raw(row.cells[i]));
        if (cell.empty())
            continue;
        Column &column = m_columns[i];
        ++column.filled;
        column.numbers += isNumberText(cell) ? 1 : 0;
        column.longest = std::max(column.longest, cell.size());
        if (!column.many)
            ++column.values[cell];
        column.many = column.many || column.values.size() > MostValues;
    }
}

size_t RowProfile::width() const
{
    size_t width = m_header, most = 0;
    for (const auto &[cells, count] : m_widths) {
        if (count > most || (count == most && cells == m_header)) {
            most = count;
            width = cells;
        }
    }
    return width;
}

size_t RowProfile::agreeing() const
{
    const auto found = m_widths.find(width());
    return found == m_widths.end() ? 0 : found->second;
}

bool RowProfile::isStrong() const
{
    return std::any_of(m_columns.begin(), m_columns.end(),
                       [](const Column &column) { return column.hasFewValues() || column.isNumeric(); });
}

bool RowProfile::isSpaced(const CellReader &reader, const RowSpan &line)
{
    const std::string &separator = reader.dialect().separator;
    return (separator == "," || separator == ";" || separator == ":") && line.cells.size() > 1 &&
           std::all_of(line.cells.begin() + 1, line.cells.end(),
                       [&](const CellSpan &cell) { return !cell.quoted && reader.raw(cell).starts_with(' '); });
}

bool RowProfile::knows(const CellReader &reader, const RowSpan &line) const
{
    if (!hasWidth(line.cells.size()))
        return false;
    if (!isStrong())
        return m_spaced * 2 > m_rows || !isSpaced(reader, line);
    for (size_t i = 0; i < std::min(line.cells.size(), m_columns.size()); ++i) {
        const Column &column = m_columns[i];
        const std::string_view cell = trimmed(reader.raw(line.cells[i]));
        if (column.hasFewValues() ? !column.values.contains(cell) : column.isNumeric() && !isNumberText(cell))
            return false;
    }
    return true;
}

bool RowProfile::allows(const CellReader &reader, const RowSpan &line) const
{
    if (!hasWidth(line.cells.size()))
        return false;
    if (m_spaced * 2 <= m_rows && isSpaced(reader, line))
        return false;
    for (size_t i = 0; i < std::min(line.cells.size(), m_columns.size()); ++i) {
        const Column &column = m_columns[i];
        const std::string_view cell = trimmed(reader.raw(line.cells[i]));
        if (cell.empty() || !(column.hasFewValues() || column.isNumeric()) || column.values.contains(cell))
            continue;
        if (cell.find(reader.dialect().quote) != std::string_view::npos || cell.size() > 2 * column.longest + 8)
            return false;
    }
    return true;
}

}  // namespace core
