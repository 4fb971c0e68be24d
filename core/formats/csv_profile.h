// SPDX-License-Identifier: Apache-2.0
// What the whole rows of a file look like: how many cells they have, and which columns hold few values or numbers. It
// tells a line of a long quoted text from a row that a lone quote has swallowed.
#pragma once

#include "core/formats/csv_cells.h"

#include <map>
#include <unordered_map>

namespace core {

class RowProfile {
public:
    /// Takes a row into account; the first one is taken for the header. What the spans point to must outlive this.
    void add(const CellReader &reader, const RowSpan &row);

    /// How many rows it was made from, without the header.
    [[nodiscard]] size_t rows() const { return m_rows; }
    /// The cells that most rows have.
    [[nodiscard]] size_t width() const;
    /// How many rows have as many cells as most.
    [[nodiscard]] size_t agreeing() const;
    [[nodiscard]] bool hasWidth(size_t cells) const { return cells == width() || (m_header > 1 && cells == m_header); }
    /// Whether some column holds few values or numbers, so that its cells tell a row from other text.
    [[nodiscard]] bool isStrong() const;
    /// Whether the line has the cells of a row, and values that its columns have in other rows.
    [[nodiscard]] bool knows(const CellReader &reader, const RowSpan &line) const;
    /// Whether the line has the cells of a row, and nothing in it speaks against its being one.
    [[nodiscard]] bool allows(const CellReader &reader, const RowSpan &line) const;

private:
    struct Column {
        size_t filled = 0, numbers = 0, longest = 0;
        std::unordered_map<std::string_view, size_t> values;
        bool many = false;  ///< too many values to remember

        [[nodiscard]] bool hasFewValues() const { return !many && filled >= 4 && values.size() * 2 <= filled; }
        [[nodiscard]] bool isNumeric() const { return filled >= 3 && numbers * 20 >= filled * 19; }
    };

    /// A comma and a space: prose.
    [[nodiscard]] static bool isSpaced(const CellReader &reader, const RowSpan &line);

    size_t m_rows = 0;
    size_t m_header = 0;  ///< its cells
    size_t m_spaced = 0;  ///< rows whose separators all have a space behind them
    std::map<size_t, size_t> m_widths;
    std::vector<Column> m_columns;
};

}  // namespace core
