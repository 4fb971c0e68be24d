// SPDX-License-Identifier: Apache-2.0
#include "core/formats/row_file.h"

#include "core/base/atomic_file.h"
#include "core/formats/annotation/annotations.h"
#include "core/formats/csv.h"
#include "core/formats/documents/document_child.h"
#include "core/formats/documents/markdown.h"
#include "core/formats/documents/plain_text.h"
#include "core/formats/encoding.h"
#include "core/formats/jsonl.h"
#include "core/formats/spreadsheet_safe.h"
#include "core/formats/xlsx.h"

#include <algorithm>
#include <fstream>
#include <map>

namespace fs = std::filesystem;
using namespace std::string_view_literals;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// No row of text is longer; a file that begins with more is something else.
constexpr size_t LongestLine = 16 << 20;
/// Lines longer than this are paragraphs that happen to stand alone.
constexpr size_t LongestRow = 2000;

enum class Kind { Table, Json, Workbook, Text, Markdown, Pdf, Word, Unknown };

Kind kindOf(const fs::path &path)
{
    static const std::map<std::string, Kind> kinds{
        {".csv", Kind::Table},     {".tsv", Kind::Table},         {".tab", Kind::Table},   {".psv", Kind::Table},
        {".jsonl", Kind::Json},    {".json", Kind::Json},         {".ndjson", Kind::Json}, {".xlsx", Kind::Workbook},
        {".xlsm", Kind::Workbook}, {".txt", Kind::Text},          {".text", Kind::Text},   {".log", Kind::Text},
        {".md", Kind::Markdown},   {".markdown", Kind::Markdown}, {".pdf", Kind::Pdf},     {".docx", Kind::Word},
        {".docm", Kind::Word}};
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto found = kinds.find(ending);
    return found == kinds.end() ? Kind::Unknown : found->second;
}

/// Whether what the bytes begin with, behind a mark of their order, can be JSON: its rows need no ends of lines.
bool mayBeJson(std::string_view head)
{
    const size_t first = head.find_first_not_of("\xEF\xBB\xBF\xFF\xFE \t\r\n\0"sv);
    return first != std::string_view::npos && (head[first] == '{' || head[first] == '[');
}

/// Whether a file that is called otherwise holds JSON.
bool beginsLikeJson(const fs::path &path)
{
    constexpr size_t Enough = 1 << 20;
    std::ifstream in(path, std::ios::binary);
    std::string head(Enough, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<size_t>(in.gcount()));
    if (!mayBeJson(head))
        return false;
    const auto decoded = decodeText(std::move(head), path.string());
    return decoded && looksLikeJson(decoded->text);
}

/// Refuses a file whose first row does not end: it is no table, and reading it would fill the memory.
Result<void> refuseEndless(const fs::path &path)
{
    std::error_code code;
    if (fs::file_size(path, code) <= LongestLine || code)
        return {};
    std::ifstream in(path, std::ios::binary);
    std::string head(LongestLine, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    if (head.find('\n') != std::string::npos || head.find('\r') != std::string::npos || mayBeJson(head))
        return {};
    return failure(ErrorCode::InvalidInput,
                   "The first row of this file does not end within 16 MB (byte 16,777,216). This is no file of rows.",
                   path.string());
}

/// Whether what stands in a text file is a table all the same: two or more columns with names, or tabs in every row.
bool looksLikeTable(const RecordFile &table, const CsvDialect &dialect)
{
    if (dialect.separator.empty() || dialect.preamble > 0 || table.columns.size() < 2 || table.records.empty() ||
        table.rejections.size() > table.records.size() / 10)
        return false;
    if (!table.hasHeader)
        return dialect.separator == "\t" && table.records.size() > 1 &&
               std::all_of(table.records.begin(), table.records.end(), [&](const Record &record) {
                   return !record.fields.at(table.columns.back()).get_ref<const std::string &>().empty();
               });
    const auto isName = [](const std::string &name) {
        return !name.empty() && name.size() <= 40 && name.find_first_of(".!?") == std::string::npos;
    };
    return std::all_of(table.columns.begin(), table.columns.end(), isName);
}

TextUnit unitOf(const Document &paragraphs, std::string_view text)
{
    // One paragraph of many short lines is a list.
    const Document lines = linesOf(text);
    const bool list = lines.size() > 1 && paragraphs.size() == 1;
    const bool brief = std::all_of(lines.begin(), lines.end(),
                                   [](const DocumentBlock &line) { return line.text.size() <= LongestRow; });
    return list && brief ? TextUnit::Lines : TextUnit::Chunks;
}

std::string placeOf(const Document &document, size_t block)
{
    size_t paragraph = block + 1;
    const int page = document[block].page;
    if (page == 0)
        return "paragraph " + std::to_string(paragraph);
    while (block > 0 && document[block - 1].page == page)
        --block;
    return "page " + std::to_string(page) + ", paragraph " + std::to_string(paragraph - block);
}

Result<RecordFile> recordsOf(const Document &document, TextUnit unit, const ReadOptions &options,
                             const std::string &subject)
{
    RecordFile file;
    file.columns = {"text", "place"};
    const auto add = [&](const std::string &text, size_t block) {
        file.records.push_back({static_cast<int64_t>(file.records.size()) + 1,
                                nlohmann::ordered_json{{"text", text}, {"place", placeOf(document, block)}}});
    };
    if (document.empty())
        return failure(ErrorCode::InvalidInput, "There is no text in this file.", subject);
    if (unit == TextUnit::Lines || unit == TextUnit::Paragraphs || !options.tokenizer) {
        for (size_t i = 0; i < document.size(); ++i)
            add(document[i].text, i);
        return file;
    }
    std::vector<std::string> paragraphs;
    for (const DocumentBlock &block : document)
        paragraphs.push_back(block.text);
    if (unit == TextUnit::Whole) {
        std::string whole;
        for (const auto &paragraph : paragraphs)
            whole += (whole.empty() ? "" : "\n") + paragraph;
        add(engine::truncated(whole, *options.tokenizer, options.tokens, options.truncation), 0);
        return file;
    }
    for (const auto &chunk : engine::chunksOf(paragraphs, *options.tokenizer, options.tokens))
        add(chunk.text, chunk.first);
    return file;
}

Result<DecodedText> readText(const fs::path &path, const ReadOptions &options)
{
    if (auto sound = refuseEndless(path); !sound)
        return failure(sound);
    auto bytes = base::readFile(path);
    if (!bytes)
        return failure(bytes);
    return decodeText(std::move(*bytes), path.string(), options.encoding);
}

Result<RecordFile> readTextFile(const fs::path &path, Kind kind, const ReadOptions &options)
{
    auto decoded = readText(path, options);
    if (!decoded)
        return failure(decoded);
    const std::string_view text = decoded->text;
    if (kind == Kind::Text && options.unit == TextUnit::Automatic && looksLikeJson(text))
        kind = Kind::Json;
    const bool mayBeTable = kind == Kind::Table || (kind == Kind::Text && options.unit == TextUnit::Automatic);
    RecordFile table;
    bool isTable = kind == Kind::Table;
    if (mayBeTable) {
        const CsvDialect dialect = detectDialect(text, options.table);
        if (isTable || !dialect.separator.empty())
            table = parseCsv(text, dialect, options.table.header);
        isTable = isTable || looksLikeTable(table, dialect);
    }
    Result<RecordFile> file;
    if (kind == Kind::Json) {
        file = readJsonRows(text);
    } else if (isTable) {
        file = std::move(table);
        takeBackSpreadsheetGuards(*file);
        if (!areOwnColumns(file->columns))
            readAnnotations(*file);
        if (file->columns.empty())
            return failure(ErrorCode::InvalidInput, "This file is empty: there is not even a header row.",
                           path.string());
    } else if (kind == Kind::Markdown) {
        file = recordsOf(readMarkdown(text), options.unit, options, path.string());
    } else {
        const Document paragraphs = paragraphsOf(text);
        const TextUnit unit = options.unit == TextUnit::Automatic ? unitOf(paragraphs, text) : options.unit;
        file = recordsOf(unit == TextUnit::Lines ? linesOf(text) : paragraphs, unit, options, path.string());
    }
    if (!file)
        return file;
    file->encoding = decoded->encoding;
    file->offeredEncodings = decoded->offered;
    file->encodingIsCertain = decoded->certain;
    file->replacedBytes = decoded->replaced;
    return file;
}

}  // namespace

bool isDocument(const fs::path &path)
{
    const Kind kind = kindOf(path);
    return kind == Kind::Text || kind == Kind::Markdown || kind == Kind::Pdf || kind == Kind::Word;
}

bool isRowFile(const fs::path &path)
{
    return kindOf(path) != Kind::Unknown;
}

Result<RecordFile> readRowFile(const fs::path &path, const ReadOptions &options, const base::WorkContext &context)
{
    const Kind kind = kindOf(path);
    switch (kind) {
    case Kind::Unknown:
        if (beginsLikeJson(path))
            return readTextFile(path, Kind::Json, options);
        return failure(ErrorCode::Unsupported,
                       "This kind of file cannot be read as rows. Save it as CSV (.csv), JSON lines (.jsonl), Excel "
                       "(.xlsx), text, PDF or Word (.docx).",
                       path.string());
    case Kind::Workbook: {
        auto bytes = base::readFile(path, 256 << 20);
        if (!bytes)
            return failure(bytes);
        auto file =
            parseXlsx(std::move(*bytes), {options.sheet, options.allSheets, options.table.header}, path.string());
        if (file)
            takeBackSpreadsheetGuards(*file);
        if (file && !areOwnColumns(file->columns))
            readAnnotations(*file);
        return file;
    }
    case Kind::Pdf:
    case Kind::Word: {
        auto document = readInChild(path, kind == Kind::Pdf ? "pdf" : "docx", context);
        if (!document)
            return failure(document);
        return recordsOf(*document, options.unit, options, path.string());
    }
    default: return readTextFile(path, kind, options);
    }
}

}  // namespace core
