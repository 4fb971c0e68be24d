// SPDX-License-Identifier: Apache-2.0
#include "core/formats/workbook_writer.h"

#include "core/engine/text/utf8.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string_view>
#include <xlsxwriter.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t MostCharacters = 32'767;  ///< UTF-16 units in a cell
constexpr uint32_t MostRows = 1'048'576;
constexpr size_t MostColumns = 16'384;

size_t utf16Length(std::string_view text)
{
    size_t length = 0;
    for (size_t i = 0; i < text.size();)
        length += engine::decodeUtf8(text, i) > 0xFFFF ? 2 : 1;
    return length;
}

/// "_x0041_" stands for "A" in a workbook, so a text of these characters begins with "_x005F_" there (ECMA-376, part 1,
/// 22.9.2.19, ST_Xstring).
bool isEscape(std::string_view text)
{
    return text.size() >= 7 && text.starts_with("_x") && text[6] == '_' &&
           std::all_of(text.begin() + 2, text.begin() + 6, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

std::string asWorkbooksHoldIt(std::string_view cell)
{
    std::string text;
    for (size_t i = 0; i < cell.size(); ++i) {
        if (cell[i] == '_' && isEscape(cell.substr(i)))
            text += "_x005F_";
        else if (cell[i] == '\0')
            text += "\xEF\xBF\xBD";
        else
            text += cell[i];
    }
    return text;
}

}  // namespace

WorkbookWriter::WorkbookWriter(const std::filesystem::path &file)
    : m_file(file.string()), m_folder(file.parent_path().string())
{
    // Its parts wait beside the target until they are packed: where there is room for the one there is for the other.
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = m_folder.data();
    m_book = workbook_new_opt(m_file.c_str(), &options);
    m_sheet = m_book ? workbook_add_worksheet(m_book, "rows") : nullptr;
    if (m_sheet)
        worksheet_freeze_panes(m_sheet, 1, 0);
}

WorkbookWriter::~WorkbookWriter()
{
    if (m_book)
        workbook_close(m_book);
}

Result<void> WorkbookWriter::check(const std::vector<std::string> &cells, const std::string &what, size_t row)
{
    if (row >= MostRows)
        return failure(ErrorCode::InvalidInput, "A workbook holds 1,048,575 rows, and there are more. Use CSV.", what);
    if (cells.size() > MostColumns)
        return failure(ErrorCode::InvalidInput,
                       "A sheet of a workbook holds 16,384 columns, and there are " + std::to_string(cells.size()) +
                           ". Use CSV.",
                       what);
    for (const std::string &cell : cells) {
        const size_t length = cell.size() > MostCharacters ? utf16Length(cell) : 0;
        if (length > MostCharacters)
            return failure(ErrorCode::InvalidInput,
                           "The text of " + what + " has " + std::to_string(length) +
                               " characters; a cell of a workbook holds 32,767. Use CSV.",
                           what);
    }
    return {};
}

Result<void> WorkbookWriter::add(const std::vector<std::string> &cells, const std::string &what)
{
    TRY(check(cells, what, m_row));
    for (size_t i = 0; m_sheet && i < cells.size(); ++i)
        write(i, cells[i]);
    ++m_row;
    return {};
}

void WorkbookWriter::write(size_t column, const std::string &cell)
{
    if (cell.empty())
        return;
    const auto place = static_cast<lxw_col_t>(column);
    if (m_numbers.contains(column)) {
        double number = 0;
        const char *end = cell.data() + cell.size();
        const auto [rest, error] = std::from_chars(cell.data(), end, number);
        if (error == std::errc() && rest == end && std::isfinite(number)) {
            worksheet_write_number(m_sheet, m_row, place, number, nullptr);
            return;
        }
    }
    worksheet_write_string(m_sheet, m_row, place, asWorkbooksHoldIt(cell).c_str(), nullptr);
}

Result<void> WorkbookWriter::finish()
{
    const auto error = m_book ? workbook_close(m_book) : LXW_ERROR_CREATING_TMPFILE;
    m_book = nullptr;
    if (error != LXW_NO_ERROR)
        return failure(ErrorCode::Io,
                       "The workbook could not be written. See that there is room and that the folder may be written.",
                       m_file);
    return {};
}

}  // namespace core
