// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/reader_answer.h"

#include "core/base/result_guard.h"
#include "core/engine/json/strict_json.h"

#include <algorithm>

using base::ErrorCode;
using base::failure;
using base::Result;
using nlohmann::ordered_json;

namespace core {

namespace {

constexpr size_t WaitingBytes = 1 << 18;
constexpr int MostDepth = 64;

int64_t numberAt(const ordered_json &line, size_t place)
{
    return line.at(place).get<int64_t>();
}

size_t sizeAt(const ordered_json &line, size_t place)
{
    return static_cast<size_t>(std::max<int64_t>(0, numberAt(line, place)));
}

/// Reads line by line into an answer.
class AnswerParser {
public:
    /// Returns false at the end.
    bool take(ordered_json line)
    {
        const std::string kind = line.at(0).get<std::string>();
        if (kind == "end")
            return false;
        if (kind == "block")
            answer.document.blocks.push_back({text(line, 1), static_cast<int>(numberAt(line, 2))});
        else if (kind == "table")
            answer.document.tables.push_back({sizeAt(line, 1), sizeAt(line, 2), {}});
        else if (kind == "cells")
            answer.document.tables.back().rows.push_back(line.at(1).get<std::vector<std::string>>());
        else if (kind == "sheet")
            answer.sheets.push_back({{text(line, 1), line.at(2).get<bool>()}, {}});
        else if (kind == "row")
            addRow(line);
        else if (kind == "merged")
            content().merged.push_back({numberAt(line, 1), numberAt(line, 2), sizeAt(line, 3)});
        else if (kind == "faults") {
            content().errorCells = line.at(1).get<std::vector<std::string>>();
            content().uncomputedCells = line.at(2).get<std::vector<std::string>>();
            content().lostCells = line.at(3).get<std::vector<std::string>>();
        } else if (kind == "records") {
            answer.records.columns = line.at(1).get<std::vector<std::string>>();
            answer.records.classNames = line.at(2).get<std::vector<std::string>>();
            answer.records.notes = line.at(3).get<std::vector<std::string>>();
        } else if (kind == "record")
            addRecord(line);
        else if (kind == "rejection")
            answer.records.rejections.push_back({numberAt(line, 1), text(line, 2)});
        return true;
    }

    ReaderAnswer answer;

private:
    static std::string text(ordered_json &line, size_t place)
    {
        return std::move(line.at(place).get_ref<std::string &>());
    }

    SheetContent &content()
    {
        if (answer.sheets.empty())
            throw std::runtime_error("a row without a sheet");
        return answer.sheets.back().second;
    }

    void addRow(ordered_json &line)
    {
        SheetRow row{numberAt(line, 1), line.at(2).get<bool>()};
        for (auto &cell : line.at(3))
            row.cells.emplace_back(sizeAt(cell, 0), text(cell, 1));
        const bool isOrdered = std::is_sorted(row.cells.begin(), row.cells.end(),
                                              [](const auto &a, const auto &b) { return a.first < b.first; });
        const auto &rows = content().rows;
        if (!isOrdered || row.cells.empty() || row.cells.front().first == 0 || row.cells.back().first > MostColumns ||
            (!rows.empty() && rows.back().number > row.number))
            throw std::runtime_error("a row out of order");
        content().rows.push_back(std::move(row));
    }

    void addRecord(ordered_json &line)
    {
        Record record{numberAt(line, 1), ordered_json::object()};
        auto &values = line.at(2);
        if (!values.is_array() || values.size() > answer.records.columns.size())
            throw std::runtime_error("a record with too many fields");
        auto &fields = record.fields.get_ref<ordered_json::object_t &>();
        fields.reserve(values.size());
        for (size_t i = 0; i < values.size(); ++i)
            fields.push_back({answer.records.columns[i], std::move(values[i])});
        answer.records.records.push_back(std::move(record));
    }
};

base::Failure senseless(const std::string &subject)
{
    return failure(ErrorCode::InvalidInput, "This file could not be read: what came of it makes no sense.", subject);
}

Result<ReaderAnswer> parseLines(std::string_view text, const std::string &subject)
{
    AnswerParser parser;
    for (size_t i = 0; i < text.size();) {
        const size_t end = std::min(text.find('\n', i), text.size());
        auto line = engine::parseOrderedJson(text.substr(i, end - i), {.maxDepth = MostDepth, .allowDuplicates = true});
        i = end + 1;
        if (!line || !line->is_array())
            return senseless(subject);
        if (line->at(0) == "error")
            return failure(line->at(2).get<bool>() ? ErrorCode::Unsupported : ErrorCode::InvalidInput,
                           line->at(1).get<std::string>(), subject);
        if (!parser.take(std::move(*line)))
            return std::move(parser.answer);
    }
    return senseless(subject);
}

}  // namespace

void AnswerWriter::line(const ordered_json &json)
{
    m_waiting += json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    m_waiting += '\n';
    if (m_waiting.size() < WaitingBytes)
        return;
    m_sink(m_waiting);
    m_waiting.clear();
}

void AnswerWriter::document(const DocumentContent &document)
{
    for (const DocumentBlock &block : document.blocks)
        line(ordered_json::array({"block", block.text, block.page}));
    for (const DocumentTable &table : document.tables) {
        line(ordered_json::array({"table", table.firstBlock, table.blocks}));
        for (const auto &cells : table.rows)
            line(ordered_json::array({"cells", cells}));
    }
}

void AnswerWriter::sheet(const SheetName &name, const SheetContent &content)
{
    line(ordered_json::array({"sheet", name.name, name.isVisible}));
    for (const SheetRow &row : content.rows) {
        ordered_json cells = ordered_json::array();
        for (const auto &[column, text] : row.cells)
            cells.push_back({column, text});
        line(ordered_json::array({"row", row.number, row.isHidden, std::move(cells)}));
    }
    for (const MergedCell &merged : content.merged)
        line(ordered_json::array({"merged", merged.firstRow, merged.lastRow, merged.column}));
    line(ordered_json::array({"faults", content.errorCells, content.uncomputedCells, content.lostCells}));
}

void AnswerWriter::recordFile(const RecordFile &file)
{
    line(ordered_json::array({"records", file.columns, file.classNames, file.notes}));
    for (const Record &one : file.records)
        record(one);
    for (const Rejection &one : file.rejections)
        rejection(one);
}

void AnswerWriter::record(const Record &record)
{
    ordered_json values = ordered_json::array();
    for (const auto &value : record.fields)
        values.push_back(value);
    line(ordered_json::array({"record", record.row, std::move(values)}));
}

void AnswerWriter::rejection(const Rejection &rejection)
{
    line(ordered_json::array({"rejection", rejection.row, rejection.reason}));
}

void AnswerWriter::error(const base::Error &error)
{
    line(ordered_json::array({"error", error.message, error.code == ErrorCode::Unsupported}));
    end();
}

void AnswerWriter::end()
{
    line(ordered_json::array({"end"}));
    m_sink(m_waiting);
    m_waiting.clear();
}

Result<ReaderAnswer> parseAnswer(std::string_view text, const std::string &subject)
{
    auto answer = base::guard(subject, [&] { return parseLines(text, subject); });
    if (!answer && answer.error().code == ErrorCode::Internal)
        return senseless(subject);
    return answer;
}

}  // namespace core
