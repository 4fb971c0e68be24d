// SPDX-License-Identifier: Apache-2.0
// A workbook of one sheet with texts (.xlsx), by libxlsxwriter.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct lxw_workbook;
struct lxw_worksheet;

namespace core {

/// Every cell is a text, so nothing is taken for a number, a date or a formula. Memory stays flat.
class WorkbookWriter {
public:
    WorkbookWriter(const std::filesystem::path &file, const std::vector<std::string> &columns);
    ~WorkbookWriter();
    WorkbookWriter(const WorkbookWriter &) = delete;
    WorkbookWriter &operator=(const WorkbookWriter &) = delete;

    /// `what` names the row in errors: a cell holds 32,767 characters, a sheet 1,048,576 rows.
    [[nodiscard]] base::Result<void> add(const std::vector<std::string> &cells, const std::string &what);
    [[nodiscard]] base::Result<void> finish();

private:
    std::string m_file, m_folder;
    lxw_workbook *m_book = nullptr;
    lxw_worksheet *m_sheet = nullptr;
    uint32_t m_row = 0;
};

}  // namespace core
