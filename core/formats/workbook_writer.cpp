// SPDX-License-Identifier: Apache-2.0
#include "core/formats/workbook_writer.h"

#include "core/engine/text/utf8.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
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

/// Spreadsheets read _x0041_ as a letter: such text of ours begins with a written underscore.
std::string withoutEscapes(const std::string &cell)
{
    std::string result;
    for (size_t i = 0; i < cell.size(); ++i) {
        const bool isEscape = cell.compare(i, 2, "_x") == 0 && i + 6 < cell.size() && cell[i + 6] == '_' &&
                              std::all_of(cell.begin() + static_cast<std::ptrdiff_t>(i) + 2,
                                          cell.begin() + static_cast<std::ptrdiff_t>(i) + 6,
                                          [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
        result += isEscape ? std::string("_x005F_") : std::string(1, cell[i]);
    }
    return result;
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

Result<void> WorkbookWriter::add(const std::vector<std::string> &cells, const std::string &what)
{
    if (m_row >= MostRows)
        return failure(ErrorCode::InvalidInput, "A workbook holds 1,048,575 rows, and there are more. Use CSV.",
                       m_file);
    if (cells.size() > MostColumns)
        return failure(ErrorCode::InvalidInput,
                       "A sheet of a workbook holds 16,384 columns, and there are " + std::to_string(cells.size()) +
                           ". Use CSV.",
                       m_file);
    for (size_t i = 0; m_sheet && i < cells.size(); ++i) {
        if (auto written = write(i, cells[i], what); !written)
            return written;
    }
    ++m_row;
    return {};
}

Result<void> WorkbookWriter::write(size_t column, const std::string &cell, const std::string &what)
{
    if (cell.empty())
        return {};
    const auto place = static_cast<lxw_col_t>(column);
    if (m_numbers.contains(column)) {
        double number = 0;
        const char *end = cell.data() + cell.size();
        const auto [rest, error] = std::from_chars(cell.data(), end, number);
        if (error == std::errc() && rest == end && std::isfinite(number)) {
            worksheet_write_number(m_sheet, m_row, place, number, nullptr);
            return {};
        }
    }
    const size_t length = utf16Length(cell);
    if (length > MostCharacters)
        return failure(ErrorCode::InvalidInput,
                       "The text of " + what + " has " + std::to_string(length) +
                           " characters; a cell of a workbook holds 32,767. Use CSV.",
                       what);
    if (cell.find('\0') == std::string::npos) {
        worksheet_write_string(m_sheet, m_row, place, withoutEscapes(cell).c_str(), nullptr);
        return {};
    }
    std::string text;
    for (const char c : cell)
        text += c == '\0' ? std::string("\xEF\xBF\xBD") : std::string(1, c);
    worksheet_write_string(m_sheet, m_row, place, withoutEscapes(text).c_str(), nullptr);
    return {};
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
