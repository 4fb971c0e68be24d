// SPDX-License-Identifier: Apache-2.0
// A workbook of one sheet (.xlsx), by libxlsxwriter.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

struct lxw_workbook;
struct lxw_worksheet;

namespace core {

/// Every cell is a text, so nothing is taken for a number, a date or a formula, but in columns of numbers. Memory stays
/// flat. A zero byte, which no workbook can hold, becomes U+FFFD.
class WorkbookWriter {
public:
    explicit WorkbookWriter(const std::filesystem::path &file);
    ~WorkbookWriter();
    WorkbookWriter(const WorkbookWriter &) = delete;
    WorkbookWriter &operator=(const WorkbookWriter &) = delete;

    /// Cells of these columns that are decimal numbers become numbers in rows that come from now on.
    void setNumbers(std::set<size_t> columns) { m_numbers = std::move(columns); }
    /// The first row holds the names of the columns and stays in sight. `what` names the row in errors: a cell holds
    /// 32,767 characters, a sheet 1,048,576 rows of 16,384 cells.
    [[nodiscard]] base::Result<void> add(const std::vector<std::string> &cells, const std::string &what);
    [[nodiscard]] base::Result<void> finish();
    /// The error of add() for the row at this place, the names being row 0.
    [[nodiscard]] static base::Result<void> check(const std::vector<std::string> &cells, const std::string &what,
                                                  size_t row);

private:
    void write(size_t column, const std::string &cell);

    std::string m_file, m_folder;
    lxw_workbook *m_book = nullptr;
    lxw_worksheet *m_sheet = nullptr;
    std::set<size_t> m_numbers;
    uint32_t m_row = 0;
};

}  // namespace core
