// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/document_table.h"

#include "core/formats/column_names.h"
#include "core/formats/table.h"

#include <algorithm>

namespace core {

namespace {

/// Of a document's letters, how many a table needs to be what the document is about.
constexpr size_t MostOf = 5;  // four of five

RecordFile recordsOf(const DocumentTable &table, HeaderRow header)
{
    std::vector<TableRow> rows;
    size_t widest = 0;
    for (const auto &cells : table.rows)
        widest = std::max(widest, cells.size());
    for (const auto &cells : table.rows) {
        rows.push_back({static_cast<int64_t>(rows.size()) + 1, cells});
        rows.back().cells.resize(widest);
    }
    return tableOf(std::move(rows), header);
}

bool hasUsualNames(const RecordFile &file)
{
    return file.hasHeader && std::count_if(file.columns.begin(), file.columns.end(), [](const std::string &name) {
                                 return nameKind(name) == NameKind::Usual;
                             }) >= 2;
}

size_t letters(const Document &blocks, size_t first, size_t count)
{
    size_t sum = 0;
    for (size_t i = first; i < std::min(blocks.size(), first + count); ++i)
        sum += blocks[i].text.size();
    return sum;
}

}  // namespace

std::optional<RecordFile> tableInDocument(const DocumentContent &content, HeaderRow header, TableShare share)
{
    const Document &blocks = content.blocks;
    std::vector<RecordFile> files;
    std::optional<size_t> best;
    for (size_t i = 0; i < content.tables.size(); ++i) {
        const DocumentTable &table = content.tables[i];
        files.push_back(recordsOf(table, header));
        const RecordFile &file = files.back();
        if (file.records.empty() || (file.columns.size() < 2 && share != TableShare::Any))
            continue;
        const bool isMost = file.hasHeader && file.records.size() >= 2 &&
                            letters(blocks, table.firstBlock, table.blocks) * MostOf >=
                                letters(blocks, 0, blocks.size()) * (MostOf - 1);
        const bool fits = share == TableShare::Any || hasUsualNames(file) || isMost;
        if (fits && (!best || (hasUsualNames(file) && !hasUsualNames(files[*best]))))
            best = i;
    }
    if (!best)
        return std::nullopt;
    std::vector<bool> isInside(blocks.size());
    std::vector<std::string> columns = files[*best].columns;
    RecordFile all;
    int64_t before = 0;
    for (size_t i = 0; i < files.size(); ++i) {
        if (files[i].columns != columns)
            continue;
        const DocumentTable &table = content.tables[i];
        for (size_t block = table.firstBlock; block < std::min(blocks.size(), table.firstBlock + table.blocks); ++block)
            isInside[block] = true;
        for (Record &record : files[i].records)
            all.records.push_back({record.row + before, std::move(record.fields)});
        for (Rejection &rejection : files[i].rejections)
            all.rejections.push_back({rejection.row + before, std::move(rejection.reason)});
        if (i == *best) {
            all.notes = std::move(files[i].notes);
            all.hasHeader = files[i].hasHeader;
        }
        before += static_cast<int64_t>(table.rows.size());
    }
    all.columns = std::move(columns);
    size_t outside = 0;
    for (size_t i = 0; i < blocks.size(); ++i) {
        if (isInside[i])
            continue;
        ++outside;
        all.rejections.push_back({static_cast<int64_t>(i) + 1, "it is a paragraph outside the table"});
    }
    if (outside > 0)
        all.notes.push_back(
            "The table of this document was read; " + std::to_string(outside) +
            (outside == 1 ? " paragraph outside of it was not." : " paragraphs outside of it were not.") +
            " Read the document by paragraphs to have all of its text.");
    return all;
}

}  // namespace core
