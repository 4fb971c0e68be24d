// SPDX-License-Identifier: Apache-2.0
// Any file of rows or texts, by its content and ending.
#pragma once

#include "core/base/progress.h"
#include "core/engine/text/chunker.h"
#include "core/formats/csv.h"

#include <filesystem>
#include <optional>

namespace core {

/// What becomes of a document.
enum class TextUnit {
    Automatic,  ///< lines of a text file without blank lines between them, else chunks
    Whole,      ///< one row a file, cut to fit
    Lines,
    Paragraphs,
    Chunks  ///< as many sentences as fit
};

/// How to read a file. Empty members: found out.
struct ReadOptions {
    std::string encoding;    ///< of text files, e.g. "windows-1252"
    std::string sheet;       ///< of a workbook
    bool allSheets = false;  ///< of a workbook: all visible ones, each record with a field "sheet"
    std::string entry;       ///< of a zip file: the name of the file in it; see zipEntries
    TableOptions table;      ///< of text files that are tables, and the header of workbooks
    TextUnit unit = TextUnit::Automatic;
    const engine::Tokenizer *tokenizer = nullptr;  ///< of the base weights; needed to cut or to chunk
    int tokens = 254;                              ///< in a chunk, or at most in a whole text
    engine::Truncation truncation = engine::Truncation::HeadTail;
};

/// Tables (CSV and its kin, JSON lines or arrays, fastText lines, workbooks), mails, and documents (text,
/// Markdown, HTML, PDF, Word), also packed by gzip or zip. The content says what a file is where that is clear, the
/// ending else; where they differ `notes` say so. A document's records have the fields text and place ("page 3,
/// paragraph 2"), unless it is a table. Of a zip file the entry of the options is read, or its only file of rows. Large
/// files of one line, bombs and what no reader knows are errors. Where a Hugging Face data set names the classes of the
/// file, `classNames` has them. Reading a document looks for a request to stop every 50 ms.
[[nodiscard]] base::Result<RecordFile> readRowFile(const std::filesystem::path &path, const ReadOptions &options = {},
                                                   const base::WorkContext &context = {});

/// Whether the ending is one of a document: its rows depend on how it is cut.
[[nodiscard]] bool isDocument(const std::filesystem::path &path);

/// Whether a file of a folder is one of rows or texts, by its ending, and where it has none by its content.
[[nodiscard]] bool isRowFile(const std::filesystem::path &path);

/// Why a file of a folder is no file of rows: a sentence for the summary.
[[nodiscard]] std::optional<std::string> whyNotARowFile(const std::filesystem::path &path);

}  // namespace core
