// SPDX-License-Identifier: Apache-2.0
// What kind of file this is, by its name and by how it begins.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace core {

enum class FileKind {
    Table,  ///< CSV and its kin
    Json,   ///< lines or an array
    Text,   ///< also a table or fastText lines, by content
    Markdown,
    Workbook,      ///< .xlsx
    OpenWorkbook,  ///< .ods
    XmlWorkbook,   ///< .fods, and XML Spreadsheet 2003, often named .xls
    OldWorkbook,   ///< .xls
    Pdf,
    Word,      ///< .docx
    OpenText,  ///< .odt
    Html,
    Mail,
    Mailbox,
    Parquet,
    Arrow,
    Gzip,
    Zip,
    Refused,  ///< known, and not read: see FileLook::reason
    Unknown
};

/// What a file looks like.
struct FileLook {
    FileKind kind = FileKind::Unknown;
    std::string reason;  ///< Refused: why, and what to do
};

/// By the ending of the name. A name without one is Unknown, and so is an ending that nobody knows.
[[nodiscard]] FileLook lookOfName(const std::filesystem::path &path);

/// By the first bytes of the content (64 KB suffice). Zip files and old office files of all kinds are Zip and
/// OldWorkbook: what they are stands deeper, see lookOfZip and lookOfOldOffice. Plain text without a mark of its own is
/// Text; Unknown is something binary.
[[nodiscard]] FileLook lookOfContent(std::string_view head);

/// What a zip file is, by its whole content: a workbook, a document, or files in a zip.
[[nodiscard]] FileLook lookOfZip(std::string_view bytes);

/// What a file of the old office programs is (OLE compound file), by its whole content.
[[nodiscard]] FileLook lookOfOldOffice(std::string_view bytes);

/// The text begins as a mail does: lines of headers, two of them usual ones, then an empty line.
[[nodiscard]] bool looksLikeMail(std::string_view text);

/// "an HTML page".
[[nodiscard]] const char *nameOf(FileKind kind);

/// Kinds that are text for the eye, and that only their ending tells apart.
[[nodiscard]] bool isPlainText(FileKind kind);

}  // namespace core
