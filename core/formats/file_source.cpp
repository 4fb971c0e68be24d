// SPDX-License-Identifier: Apache-2.0
#include "core/formats/file_source.h"

#include "core/base/atomic_file.h"
#include "core/base/lowered.h"
#include "core/base/write_bytes.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <sys/mman.h>
#include <unistd.h>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t HeadBytes = 64 << 10;

bool isOneOf(FileKind kind, std::initializer_list<FileKind> kinds)
{
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// Endings of office programs, whose files are sent under one another's names.
bool isOfficeEnding(const std::string &ending)
{
    constexpr const char *endings[] = {".doc", ".dot", ".rtf", ".msg", ".xlsb", ".numbers", ".pages", ".mht", ".mhtml"};
    return std::find(std::begin(endings), std::end(endings), ending) != std::end(endings);
}

/// Two lines at least, and no sign of a zip file: a damaged workbook is no table.
bool hasLines(std::string_view head)
{
    const size_t line = head.find_first_of("\r\n");
    return line != std::string_view::npos && head.find_first_not_of(" \t\r\n", line) != std::string_view::npos &&
           !head.starts_with("PK");
}

bool beginsWithDocumentType(std::string_view head)
{
    std::string begin(head.substr(0, 4096));
    std::erase(begin, '\0');
    const size_t at = begin.find('<');
    const std::string word = at == std::string::npos ? std::string() : base::lowered(begin.substr(at, 9));
    return word.starts_with("<!doctype") || word.starts_with("<html");
}

}  // namespace

FileLook decidedLook(const fs::path &name, std::string_view head, FileLook content, bool takesMails)
{
    const FileLook named = lookOfName(name);
    const std::string ending = base::lowered(name.extension().string());
    using K = FileKind;
    if (content.kind == named.kind)
        return content;
    if (named.kind == K::Unknown)
        return content;
    if (named.kind == K::Refused) {
        const bool isOffice = isOneOf(content.kind, {K::Workbook, K::OpenWorkbook, K::XmlWorkbook, K::OldWorkbook,
                                                     K::Pdf, K::Word, K::OpenText, K::Html, K::Mail});
        return isOfficeEnding(ending) && isOffice ? content : named;
    }
    switch (content.kind) {
    case K::Unknown:  // binary without a mark: the reader of its ending says what is wrong
        return named;
    case K::Refused: return content;  // what is not read may not be read as something else
    case K::Text:
    case K::Json:
        if (isPlainText(named.kind) || isOneOf(named.kind, {K::Html, K::Mail, K::Mailbox}))
            return named;
        if (isOneOf(named.kind, {K::Workbook, K::OpenWorkbook, K::OldWorkbook, K::XmlWorkbook}))
            return content.kind == K::Json ? content : hasLines(head) ? FileLook{K::Table, {}} : named;
        if (isOneOf(named.kind, {K::Pdf, K::Word, K::OpenText}))
            return {K::Text, {}};
        return named.kind == K::Gzip ? decidedLook(unpackedName(name), head, content, takesMails) : named;
    case K::Mail:
    case K::Mailbox:
        if (isOneOf(named.kind, {K::Mail, K::Mailbox}) || (named.kind == K::Text && takesMails))
            return content;
        return isPlainText(named.kind) || named.kind == K::Html ? named : FileLook{K::Text, {}};
    case K::Html:
        if (named.kind == K::Markdown || named.kind == K::Json || isOneOf(named.kind, {K::Mail, K::Mailbox}))
            return named;
        return isPlainText(named.kind) && !beginsWithDocumentType(head) ? named : content;
    case K::Pdf: return isPlainText(named.kind) && !head.starts_with("%PDF-") ? named : content;
    default: return content;
    }
}

fs::path unpackedName(const fs::path &path)
{
    const std::string ending = base::lowered(path.extension().string());
    return ending == ".gz" ? path.parent_path() / path.stem() : path;
}

FileSource::FileSource(fs::path name, std::string bytes, std::string subject)
    : m_name(std::move(name)), m_bytes(std::move(bytes)), m_hasBytes(true), m_isPacked(true),
      m_subject(std::move(subject))
{
}

Result<FileLook> FileSource::lookInside(FileLook look)
{
    if (look.kind != FileKind::Zip && look.kind != FileKind::OldWorkbook)
        return look;
    if (!m_hasBytes) {
        m_bytes = TRY(base::readFile(m_name, 256 << 20));
        m_hasBytes = true;
    }
    return look.kind == FileKind::Zip ? lookOfZip(m_bytes) : lookOfOldOffice(m_bytes);
}

Result<FileKind> FileSource::kind(bool takesMails)
{
    std::error_code code;
    std::string head = m_bytes.substr(0, HeadBytes);
    if (!m_hasBytes && fs::is_regular_file(m_name, code)) {
        std::ifstream in(m_name, std::ios::binary);
        head.resize(HeadBytes);
        in.read(head.data(), static_cast<std::streamsize>(head.size()));
        head.resize(static_cast<size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    }
    const FileLook named = lookOfName(m_name);
    FileLook look = named;
    if (!head.empty()) {
        auto inside = TRY(lookInside(lookOfContent(head)));
        // A damaged workbook or document is a zip file of which nothing can be seen.
        const bool isDamaged =
            inside.kind == FileKind::Zip &&
            isOneOf(named.kind, {FileKind::Workbook, FileKind::OpenWorkbook, FileKind::Word, FileKind::OpenText}) &&
            head.starts_with("PK");
        look = isDamaged ? named : decidedLook(m_name, head, std::move(inside), takesMails);
    } else if (!m_isPacked && !fs::exists(m_name, code)) {
        return tl::unexpected(base::systemError(ENOENT, m_name));
    } else if (named.kind == FileKind::Unknown && fs::is_directory(m_name, code)) {
        return tl::unexpected(base::systemError(EISDIR, m_name));
    } else if (!isPlainText(named.kind) && named.kind != FileKind::Refused &&
               (m_isPacked || fs::is_regular_file(m_name, code))) {
        return failure(ErrorCode::InvalidInput, "This file is empty. Check that it was saved or copied whole.",
                       subject());
    }
    if (look.kind == FileKind::Refused)
        return failure(ErrorCode::Unsupported, look.reason, subject());
    if (look.kind == FileKind::Unknown)
        return failure(ErrorCode::Unsupported,
                       "This kind of file cannot be read as rows. Save it as CSV (.csv), JSON lines (.jsonl), Excel "
                       "(.xlsx), text, PDF or Word (.docx).",
                       subject());
    const bool isSaid = named.kind != FileKind::Unknown && named.kind != look.kind &&
                        !(isPlainText(named.kind) && isPlainText(look.kind));
    if (isSaid)
        m_note = "The file is named \"" + m_name.extension().string() + "\", but it is " + nameOf(look.kind) +
                 " and was read as that.";
    return look.kind;
}

Result<std::string> FileSource::take(uint64_t limit)
{
    if (!m_hasBytes)
        return base::readFile(m_name, limit);
    m_hasBytes = m_isPacked;
    return std::move(m_bytes);
}

Result<int> FileSource::open() const
{
    if (!m_isPacked) {
        const int descriptor = ::open(m_name.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0)
            return failure(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                           errno == ENOENT ? "There is no such file."
                                           : "This file may not be read. Check its permissions.",
                           subject());
        return descriptor;
    }
    const int descriptor = ::memfd_create("packed", MFD_CLOEXEC);
    int64_t written = 0;
    if (descriptor >= 0 && base::writeBytes(descriptor, m_bytes, m_name, written) &&
        ::lseek(descriptor, 0, SEEK_SET) == 0)
        return descriptor;
    if (descriptor >= 0)
        ::close(descriptor);
    return failure(ErrorCode::OutOfMemory, "Memory ran out. Close other programs and try again.", subject());
}

}  // namespace core
