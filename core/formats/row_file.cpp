// SPDX-License-Identifier: Apache-2.0
#include "core/formats/row_file.h"

#include "core/base/atomic_file.h"
#include "core/base/counted.h"
#include "core/formats/annotation/annotations.h"
#include "core/formats/csv.h"
#include "core/formats/dataset_folder.h"
#include "core/formats/documents/document_child.h"
#include "core/formats/documents/document_table.h"
#include "core/formats/documents/markdown.h"
#include "core/formats/documents/plain_text.h"
#include "core/formats/encoding.h"
#include "core/formats/fasttext.h"
#include "core/formats/file_source.h"
#include "core/formats/gzip.h"
#include "core/formats/jsonl.h"
#include "core/formats/ods.h"
#include "core/formats/spreadsheet_safe.h"
#include "core/formats/xlsx.h"
#include "core/formats/zip_rows.h"

#include <algorithm>
#include <fstream>
#include <map>

namespace fs = std::filesystem;
using base::counted;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// No row of text is longer; a file that begins with more is something else.
constexpr size_t LongestLine = 16 << 20;
/// Lines longer than this are paragraphs that happen to stand alone.
constexpr size_t LongestRow = 2000;

/// Whether what the bytes begin with, behind a mark of their order, can be JSON: its rows need no ends of lines.
bool mayBeJson(std::string_view head)
{
    using namespace std::string_view_literals;
    const size_t first = head.find_first_not_of("\xEF\xBB\xBF\xFF\xFE \t\r\n\0"sv);
    return first != std::string_view::npos && (head[first] == '{' || head[first] == '[');
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
    file.hasPlaces = true;
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

Result<DecodedText> readText(FileSource &source, const ReadOptions &options)
{
    if (!source.isPacked()) {
        TRY(refuseEndless(source.name()));
    }
    auto bytes = TRY(source.take(uint64_t{1} << 31));
    return decodeText(std::move(bytes), source.subject(), options.encoding);
}

/// What the next likely encoding would change.
std::string guessNote(const DecodedText &text)
{
    std::string note = "The encoding is a guess: " + text.encoding + ". In " + text.offered[1] + ", ";
    for (size_t i = 0; i < text.differences.size(); ++i)
        note +=
            (i > 0 ? ", and \"" : "\"") + text.differences[i].asRead + "\" is \"" + text.differences[i].otherwise + '"';
    return note + '.';
}

Result<RecordFile> readTextFile(FileSource &source, FileKind kind, const ReadOptions &options)
{
    const std::string subject = source.subject();
    auto decoded = TRY(readText(source, options));
    const std::string_view text = decoded.text;
    if (kind == FileKind::Text && options.unit == TextUnit::Automatic && looksLikeJson(text))
        kind = FileKind::Json;
    const bool mayBeTable = kind == FileKind::Table || (kind == FileKind::Text && options.unit == TextUnit::Automatic);
    RecordFile table;
    bool isTable = kind == FileKind::Table;
    if (mayBeTable) {
        const CsvDialect dialect = detectDialect(text, options.table);
        if (isTable || !dialect.separator.empty())
            table = parseCsv(text, dialect, options.table.header);
        isTable = isTable || looksLikeTable(table, dialect);
    }
    Result<RecordFile> file;
    if (kind == FileKind::Json) {
        file = readJsonRows(text);
    } else if (mayBeTable && looksLikeFastText(text)) {
        file = parseFastText(text);
    } else if (isTable) {
        file = std::move(table);
        if (file->columns.empty())
            return failure(ErrorCode::InvalidInput, "This file is empty: there is not even a header row.", subject);
    } else if (kind == FileKind::Markdown) {
        file = recordsOf(readMarkdown(text), options.unit, options, subject);
    } else {
        const Document paragraphs = paragraphsOf(text);
        const TextUnit unit = options.unit == TextUnit::Automatic ? unitOf(paragraphs, text) : options.unit;
        file = recordsOf(unit == TextUnit::Lines ? linesOf(text) : paragraphs, unit, options, subject);
    }
    if (!file)
        return file;
    file->encoding = decoded.encoding;
    file->offeredEncodings = decoded.offered;
    file->encodingIsCertain = decoded.certain;
    file->replacedBytes = decoded.replaced;
    if (decoded.replaced > 0)
        file->notes.push_back(counted(decoded.replaced, "character", "characters") + " could not be read and " +
                              (decoded.replaced == 1 ? "is" : "are") + " shown as \uFFFD.");
    if (!decoded.differences.empty())
        file->notes.push_back(guessNote(decoded));
    return file;
}

WorkbookOptions workbookOptions(const ReadOptions &options)
{
    return {options.sheet, options.allSheets, options.table.header};
}

Result<RecordFile> readSource(FileSource source, const ReadOptions &options, const base::WorkContext &context);

/// A file that was packed in another, under its own name.
Result<RecordFile> readPacked(const fs::path &name, Result<std::string> bytes, const FileSource &source,
                              const ReadOptions &options, const base::WorkContext &context)
{
    if (!bytes)
        return failure(bytes);
    return readSource(FileSource(name, std::move(*bytes), source.subject()), options, context);
}

Result<RecordFile> readZip(FileSource &source, const ReadOptions &options, const base::WorkContext &context)
{
    auto bytes = TRY(source.take());
    const std::string subject = source.subject();
    auto contents = TRY(zipContentsOf(bytes, subject));
    if (source.isPacked())
        return failure(ErrorCode::Unsupported, "A packed file in a packed file is not read. Unpack it.", subject);
    std::string entry = options.entry;
    if (entry.empty() && contents.entries.size() != 1) {
        std::string names;
        for (size_t i = 0; i < std::min<size_t>(contents.entries.size(), 5); ++i)
            names += (i == 0 ? "" : ", ") + contents.entries[i];
        return failure(ErrorCode::InvalidInput,
                       contents.entries.empty() ? "There are no files of rows or texts in this zip file."
                                                : "This zip file holds several files (" + names +
                                                      (contents.entries.size() > 5 ? ", ..." : "") +
                                                      "). Choose one, or unpack it and choose the folder.",
                       subject);
    }
    if (entry.empty())
        entry = contents.entries.front();
    auto content = readZipEntry(std::move(bytes), entry, subject);
    auto file = readPacked(entry, std::move(content), source, options, context);
    if (!file)
        return file;
    if (options.entry.empty()) {
        for (const ZipLeftOut &leftOut : contents.leftOut)
            file->notes.push_back("\"" + leftOut.entry + "\" in the zip file was not read. " + leftOut.reason);
    }
    return file;
}

Result<RecordFile> readWorkbook(FileKind kind, FileSource &source, const WorkbookOptions &options)
{
    auto bytes = TRY(source.take());
    const auto parse = kind == FileKind::Workbook       ? parseXlsx
                       : kind == FileKind::OpenWorkbook ? parseOds
                                                        : parseXmlWorkbook;
    return parse(std::move(bytes), options, source.subject());
}

/// Of exports that spreadsheet programs give another ending, the table is what people mean.
TableShare shareOf(const FileSource &source)
{
    const FileKind named = lookOfName(source.name()).kind;
    const bool isExport = named == FileKind::OldWorkbook || named == FileKind::Workbook || named == FileKind::Table;
    return isExport ? TableShare::Any : TableShare::Most;
}

Result<RecordFile> readDocument(FileKind kind, const FileSource &source, const ReadOptions &options,
                                const base::WorkContext &context)
{
    std::string reader = kind == FileKind::Pdf ? "pdf" : kind == FileKind::Word ? "docx" : "html";
    if (kind == FileKind::Html && !options.encoding.empty())
        reader += ":" + options.encoding;
    auto answer = TRY(readInChild(source, reader, context));
    if (options.unit == TextUnit::Automatic) {
        if (auto table = tableInDocument(answer.document, options.table.header, shareOf(source)))
            return std::move(*table);
    }
    if (answer.document.blocks.empty())
        return failure(ErrorCode::InvalidInput, "There is no text in this file.", source.subject());
    return recordsOf(answer.document.blocks, options.unit, options, source.subject());
}

Result<RecordFile> readKind(FileKind kind, FileSource &source, const ReadOptions &options,
                            const base::WorkContext &context)
{
    switch (kind) {
    case FileKind::Gzip: {
        if (source.isPacked())
            return failure(ErrorCode::Unsupported, "A packed file in a packed file is not read. Unpack it.",
                           source.subject());
        auto bytes = TRY(source.take());
        return readPacked(unpackedName(source.name()), unpackGzip(bytes, source.subject()), source, options, context);
    }
    case FileKind::Zip: return readZip(source, options, context);
    case FileKind::Workbook:
    case FileKind::OpenWorkbook:
    case FileKind::XmlWorkbook: return readWorkbook(kind, source, workbookOptions(options));
    case FileKind::Pdf:
    case FileKind::Word:
    case FileKind::Html: return readDocument(kind, source, options, context);
    case FileKind::Mail:
    case FileKind::Mailbox: {
        auto answer = TRY(readInChild(source, kind == FileKind::Mail ? "mail" : "mailbox", context));
        return std::move(answer.records);
    }
    case FileKind::OldWorkbook:
        return failure(ErrorCode::Unsupported,
                       "Old Excel workbooks (.xls) are not read, or this one is damaged. Save it as .xlsx or as CSV.",
                       source.subject());
    case FileKind::OpenText:
        return failure(ErrorCode::Unsupported, "OpenDocument texts (.odt) are not read. Save it as .docx, PDF or text.",
                       source.subject());
    case FileKind::Parquet:
    case FileKind::Arrow:
        return failure(ErrorCode::Unsupported,
                       "Parquet and Arrow files are not read. Save the rows as CSV or JSON lines: in Python, "
                       "pandas.read_parquet(file).to_json(target, orient=\"records\", lines=True).",
                       source.subject());
    default: return readTextFile(source, kind, options);
    }
}

Result<RecordFile> readSource(FileSource source, const ReadOptions &options, const base::WorkContext &context)
{
    const auto kind = source.kind(options.unit == TextUnit::Automatic);
    if (!kind)
        return tl::unexpected(kind.error());
    const std::string note = source.note();
    auto file = readKind(*kind, source, options, context);
    if (!file)
        return file;
    if (!note.empty())
        file->notes.insert(file->notes.begin(), note);
    takeBackSpreadsheetGuards(*file);
    if (!file->columns.empty() && !areOwnColumns(file->columns))
        readAnnotations(*file);
    return file;
}

}  // namespace

bool isDocument(const fs::path &path)
{
    switch (lookOfName(path).kind) {
    case FileKind::Text:
    case FileKind::Markdown:
    case FileKind::Pdf:
    case FileKind::Word:
    case FileKind::OpenText:
    case FileKind::Html: return true;
    default: return false;
    }
}

Result<RecordFile> readRowFile(const fs::path &path, const ReadOptions &options, const base::WorkContext &context)
{
    auto file = readSource(FileSource(path), options, context);
    if (file)
        nameClasses(*file, classColumnsFor(path));
    return file;
}

}  // namespace core
