// SPDX-License-Identifier: Apache-2.0
#include "core/formats/file_kind.h"

#include "core/base/lowered.h"
#include "core/formats/office_package.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace fs = std::filesystem;

using base::lowered;

namespace core {

namespace {

constexpr size_t SeenBytes = 64 << 10;

const std::map<std::string, FileKind> &readEndings()
{
    using K = FileKind;
    static const std::map<std::string, FileKind> kinds{
        {".csv", K::Table},        {".tsv", K::Table},        {".tab", K::Table},        {".psv", K::Table},
        {".jsonl", K::Json},       {".json", K::Json},        {".ndjson", K::Json},      {".jsonlines", K::Json},
        {".txt", K::Text},         {".text", K::Text},        {".log", K::Text},         {".ft", K::Text},
        {".dat", K::Text},         {".data", K::Text},        {".train", K::Text},       {".valid", K::Text},
        {".dev", K::Text},         {".test", K::Text},        {".md", K::Markdown},      {".markdown", K::Markdown},
        {".xlsx", K::Workbook},    {".xlsm", K::Workbook},    {".xltx", K::Workbook},    {".xltm", K::Workbook},
        {".ods", K::OpenWorkbook}, {".ots", K::OpenWorkbook}, {".fods", K::XmlWorkbook}, {".xml", K::XmlWorkbook},
        {".xls", K::OldWorkbook},  {".xlt", K::OldWorkbook},  {".pdf", K::Pdf},          {".docx", K::Word},
        {".docm", K::Word},        {".dotx", K::Word},        {".odt", K::OpenText},     {".ott", K::OpenText},
        {".html", K::Html},        {".htm", K::Html},         {".xhtml", K::Html},       {".eml", K::Mail},
        {".mbox", K::Mailbox},     {".mbx", K::Mailbox},      {".parquet", K::Parquet},  {".pq", K::Parquet},
        {".arrow", K::Arrow},      {".feather", K::Arrow},    {".gz", K::Gzip},          {".zip", K::Zip}};
    return kinds;
}

/// Kinds that are not read, with what to do about them.
const std::map<std::string, const char *> &refusedEndings()
{
    static const std::map<std::string, const char *> reasons = [] {
        std::map<std::string, const char *> all;
        const auto add = [&](std::initializer_list<const char *> endings, const char *reason) {
            for (const char *ending : endings)
                all[ending] = reason;
        };
        add({".doc", ".dot"}, "Old Word documents (.doc) are not read. Save it as .docx.");
        add({".rtf"}, "Rich text (.rtf) is not read. Save it as .docx or as text.");
        add({".ppt", ".pptx", ".odp", ".key"}, "Presentations are not read. Save the texts as a table or as text.");
        add({".xlsb"}, "Binary workbooks (.xlsb) are not read. Save it as .xlsx or as CSV.");
        add({".numbers"}, "Workbooks of Numbers are not read. Export it as Excel (.xlsx) or as CSV.");
        add({".pages"}, "Documents of Pages are not read. Export it as Word (.docx) or as text.");
        add({".msg", ".oft"}, "Mails of Outlook (.msg) are not read. Save them as .eml or as text.");
        add({".pst", ".ost", ".olm"}, "Mail folders of Outlook are not read. Export the mails as .mbox or as CSV.");
        add({".mht", ".mhtml"}, "Web archives are not read. Save the page as HTML (.html) or as text.");
        add({".fodt", ".epub", ".tex", ".wpd", ".djvu", ".ps"},
            "This kind of document is not read. Save it as .docx, PDF or text.");
        add({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".svg", ".ico", ".psd"},
            "Pictures are not read: they hold no text.");
        add({".mp3", ".wav", ".ogg", ".flac", ".m4a", ".mp4", ".mov", ".avi", ".mkv", ".webm"},
            "Sound and films are not read. Write their texts into a table.");
        add({".sqlite", ".sqlite3", ".db", ".mdb", ".accdb", ".dbf", ".duckdb"},
            "Databases are not read. Export the table as CSV.");
        add({".pkl", ".pickle", ".joblib", ".pt", ".pth"},
            "Pickled Python objects are never opened: they can run code. Save the data as CSV or JSON lines.");
        add({".npy", ".npz", ".h5", ".hdf5", ".mat", ".rds", ".rda", ".rdata", ".dta", ".sav", ".sas7bdat"},
            "Data of statistics programs are not read. Save the table as CSV.");
        add({".avro", ".orc", ".msgpack", ".tfrecord", ".lmdb"},
            "This kind of data is not read. Save the rows as CSV or JSON lines.");
        add({".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst", ".lz4", ".lzma", ".jar"},
            "Archives of this kind are not read. Unpack it, or pack the files as .zip or .gz.");
        add({".bin", ".safetensors", ".onnx", ".gguf", ".ckpt"}, "Weights of models are no rows.");
        add({".py", ".ipynb", ".r",   ".js",  ".ts", ".css", ".c",   ".h",   ".cpp", ".java", ".go",   ".rs",
             ".sh", ".bat",   ".ps1", ".php", ".rb", ".sql", ".exe", ".dll", ".so",  ".pyc",  ".class"},
            "Programs are no rows.");
        add({".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".lock", ".metadata", ".ttf", ".otf", ".woff", ".bib"},
            "Settings and the like are no rows.");
        return all;
    }();
    return reasons;
}

struct Magic {
    std::string_view bytes;
    FileKind kind;
    const char *like = "";  ///< Refused: an ending whose reason holds
};
using namespace std::string_view_literals;
constexpr Magic Magics[] = {
    {"PK\3\4"sv, FileKind::Zip},
    {"PK\5\6"sv, FileKind::Zip},
    {"\x1F\x8B"sv, FileKind::Gzip},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, FileKind::OldWorkbook},
    {"PAR1\x15"sv, FileKind::Parquet},
    {"ARROW1\0\0"sv, FileKind::Arrow},
    {"%PDF-"sv, FileKind::Pdf},
    {"{\\rtf"sv, FileKind::Refused, ".rtf"},
    {"SQLite format 3\0"sv, FileKind::Refused, ".db"},
    {"\x89PNG"sv, FileKind::Refused, ".png"},
    {"\xFF\xD8\xFF"sv, FileKind::Refused, ".png"},
    {"GIF87a"sv, FileKind::Refused, ".png"},
    {"GIF89a"sv, FileKind::Refused, ".png"},
    {"II*\0"sv, FileKind::Refused, ".png"},
    {"MM\0*"sv, FileKind::Refused, ".png"},
    {"BZh91AY&SY"sv, FileKind::Refused, ".bz2"},
    {"\xFD"
     "7zXZ"sv,
     FileKind::Refused, ".xz"},
    {"\x28\xB5\x2F\xFD"sv, FileKind::Refused, ".zst"},
    {"7z\xBC\xAF"sv, FileKind::Refused, ".7z"},
    {"Rar!\x1A"sv, FileKind::Refused, ".rar"},
    {"\x89HDF"sv, FileKind::Refused, ".h5"},
    {"\x93NUMPY"sv, FileKind::Refused, ".npy"},
    {"\x80\x02"sv, FileKind::Refused, ".pkl"},
    {"\x80\x03"sv, FileKind::Refused, ".pkl"},
    {"\x80\x04\x95"sv, FileKind::Refused, ".pkl"},
    {"\x80\x05\x95"sv, FileKind::Refused, ".pkl"},
    {"\x7F"
     "ELF"sv,
     FileKind::Refused, ".exe"},
};

FileLook refusedLike(const std::string &ending)
{
    return {FileKind::Refused, refusedEndings().at(ending)};
}

/// ASCII characters of UTF-16 as such, so that marks of content are found in it.
std::string asBytes(std::string_view head)
{
    const bool little = head.starts_with("\xFF\xFE"), big = head.starts_with("\xFE\xFF");
    std::string bytes(head.starts_with("\xEF\xBB\xBF") ? head.substr(3) : head);
    if (!little && !big)
        return bytes;
    std::string narrow;
    for (size_t i = 2; i + 1 < bytes.size(); i += 2)
        narrow += bytes[i + (little ? 1 : 0)] == '\0' ? bytes[i + (little ? 0 : 1)] : '?';
    return narrow;
}

std::string_view withoutBlanks(std::string_view text)
{
    return text.substr(std::min(text.find_first_not_of(" \t\r\n\f\v"), text.size()));
}

/// Text has no control characters but those of lines and pages; zeros are judged by who decodes it.
bool isText(std::string_view bytes)
{
    if (bytes.starts_with("\xFF\xFE"sv) || bytes.starts_with("\xFE\xFF"sv))
        return true;
    size_t controls = 0, zeros = 0;
    for (const char c : bytes) {
        zeros += c == '\0' ? 1 : 0;
        controls += (c > 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\x1B') || c == 0x7F;
    }
    // Zeros of UTF-16 and UTF-32 stand beside many characters; padding is at an end.
    const bool wide = zeros * 4 >= bytes.size() && zeros < bytes.size();
    return controls * 100 <= bytes.size() && (zeros == 0 || wide || zeros * 100 <= bytes.size());
}

bool beginsLikeHtml(const std::string &begin)
{
    for (const std::string_view mark : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv, "<table"sv, "<meta "sv}) {
        const char next = begin.size() > mark.size() ? begin[mark.size()] : ' ';
        const bool isWord = (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9') || next == '-';
        if (begin.starts_with(mark) && (!isWord || mark.ends_with(' ')))
            return true;
    }
    return false;
}

/// The name of the outermost element of XML, without its prefix.
std::string rootOf(std::string_view xml)
{
    for (size_t i = 0; (i = xml.find('<', i)) != std::string_view::npos; ++i) {
        if (i + 1 >= xml.size() || xml[i + 1] == '?' || xml[i + 1] == '!')
            continue;
        const size_t end = std::min(xml.find_first_of(" \t\r\n/>", i + 1), xml.size());
        const std::string_view name = xml.substr(i + 1, end - i - 1);
        return std::string(name.substr(name.find(':') + 1));
    }
    return {};
}

}  // namespace

FileLook lookOfName(const fs::path &path)
{
    const std::string ending = lowered(path.extension().string());
    if (const auto kind = readEndings().find(ending); kind != readEndings().end())
        return {kind->second, {}};
    const auto refused = refusedEndings().find(ending);
    return refused == refusedEndings().end() ? FileLook() : FileLook{FileKind::Refused, refused->second};
}

FileLook lookOfContent(std::string_view head)
{
    for (const Magic &magic : Magics) {
        if (head.starts_with(magic.bytes))
            return magic.kind == FileKind::Refused ? refusedLike(magic.like) : FileLook{magic.kind, {}};
    }
    if (head.substr(0, 1024).find("%PDF-") != std::string_view::npos)
        return {FileKind::Pdf, {}};
    head = head.substr(0, SeenBytes);
    if (!isText(head))
        return {};
    const std::string text = asBytes(head);
    const std::string_view content = withoutBlanks(text);
    const std::string begin = lowered(std::string(content.substr(0, 8192)));
    if (begin.starts_with("version https://git-lfs.github.com/spec/"))
        return {FileKind::Refused,
                "This file is only a pointer to one that is kept elsewhere (Git LFS). Download the file itself."};
    if (begin.find("urn:schemas-microsoft-com:office:spreadsheet") != std::string::npos &&
        begin.find("<html") == std::string::npos)
        return {FileKind::XmlWorkbook, {}};
    if (begin.starts_with("<?xml") && begin.find("opendocument.spreadsheet") != std::string::npos)
        return {FileKind::XmlWorkbook, {}};
    if (beginsLikeHtml(begin) || (begin.starts_with("<?xml") && begin.find("<html") != std::string::npos))
        return {FileKind::Html, {}};
    if (begin.starts_with("<?xml"))
        return {FileKind::Refused, "This kind of XML is not read. Save the rows as CSV or JSON lines."};
    if (begin.starts_with("mime-version:") && begin.find("multipart/related") != std::string::npos)
        return refusedLike(".mht");
    if (content.starts_with("From ") &&
        looksLikeMail(content.substr(std::min(content.find('\n'), content.size() - 1) + 1)))
        return {FileKind::Mailbox, {}};
    if (looksLikeMail(content))
        return {FileKind::Mail, {}};
    const std::string_view inner = begin.empty() ? ""sv : withoutBlanks(std::string_view(begin).substr(1));
    if ((begin.starts_with('{') && inner.starts_with('"')) || (begin.starts_with('[') && inner.starts_with('{')))
        return {FileKind::Json, {}};
    return {FileKind::Text, {}};
}

FileLook lookOfZip(std::string_view bytes)
{
    auto archive = ZipArchive::open(std::string(bytes), "", {.entries = 1'000'000});
    if (!archive)
        return {FileKind::Zip, {}};
    if (archive->has("mimetype")) {
        const std::string type = archive->read("mimetype").value_or("");
        if (type.find("opendocument.spreadsheet") != std::string::npos)
            return {FileKind::OpenWorkbook, {}};
        if (type.find("opendocument.text") != std::string::npos)
            return {FileKind::OpenText, {}};
        if (type.find("epub") != std::string::npos || type.find("opendocument") != std::string::npos)
            return refusedLike(".epub");
    }
    if (archive->has("Index/Document.iwa") || archive->has("Index/Tables/DataList.iwa"))
        return {FileKind::Refused, "Files of Numbers, Pages and Keynote are not read. Export it as Excel (.xlsx), Word "
                                   "(.docx) or CSV."};
    const auto relations = relationsOf(*archive, "", "");
    const auto main = relations ? targetOf(*relations, "officeDocument") : std::nullopt;
    if (!main)
        return {FileKind::Zip, {}};
    if (lowered(*main).ends_with(".bin"))
        return refusedLike(".xlsb");
    const std::string root = rootOf(archive->read(*main).value_or(""));
    return root == "document"       ? FileLook{FileKind::Word, {}}
           : root == "presentation" ? refusedLike(".pptx")
                                    : FileLook{FileKind::Workbook, {}};
}

FileLook lookOfOldOffice(std::string_view bytes)
{
    // The names of its streams stand in UTF-16 at the beginning of entries of 128 bytes ([MS-CFB] 2.6.1).
    const auto hasStream = [&](std::string_view name) {
        std::string wide;
        for (const char c : name)
            (wide += c) += '\0';
        for (size_t at = bytes.find(wide, 512); at != std::string_view::npos; at = bytes.find(wide, at + 1)) {
            if (at % 128 == 0)
                return true;
        }
        return false;
    };
    if (hasStream("EncryptedPackage"))
        return {FileKind::Refused, "This file is protected by a password. Save it without one."};
    if (hasStream("WordDocument"))
        return refusedLike(".doc");
    if (hasStream("PowerPoint Document"))
        return refusedLike(".ppt");
    if (hasStream("__nameid_version") || hasStream("__properties_version"))
        return refusedLike(".msg");
    return {FileKind::OldWorkbook, {}};
}

bool looksLikeMail(std::string_view text)
{
    static const std::set<std::string, std::less<>> usual{"from",       "to",       "subject",      "date",
                                                          "message-id", "received", "return-path",  "mime-version",
                                                          "reply-to",   "cc",       "delivered-to", "sender"};
    std::set<std::string> found;
    bool addressed = false;
    for (size_t i = 0; i < text.size();) {
        const size_t end = std::min(text.find('\n', i), text.size());
        std::string_view line = text.substr(i, end - i);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty())
            break;
        i = end + 1;
        if (line.front() == ' ' || line.front() == '\t') {
            if (found.empty())
                return false;
            continue;
        }
        const size_t colon = line.find(':');
        const std::string_view name = line.substr(0, colon);
        if (colon == std::string_view::npos || name.empty() || name.size() > 60 ||
            std::any_of(name.begin(), name.end(), [](char c) { return c <= ' ' || c >= 0x7F; }))
            return false;
        const std::string known = lowered(std::string(name));
        if (usual.contains(known))
            found.insert(known);
        addressed = addressed || known == "from" || known == "received" || known == "return-path";
    }
    return addressed && found.size() >= 2;
}

const char *nameOf(FileKind kind)
{
    switch (kind) {
    case FileKind::Table: return "a text table";
    case FileKind::Json: return "JSON";
    case FileKind::Text: return "text";
    case FileKind::Markdown: return "Markdown";
    case FileKind::Workbook: return "an Excel workbook (.xlsx)";
    case FileKind::OpenWorkbook: return "an OpenDocument workbook (.ods)";
    case FileKind::XmlWorkbook: return "an XML workbook";
    case FileKind::OldWorkbook: return "an old Excel workbook (.xls)";
    case FileKind::Pdf: return "a PDF";
    case FileKind::Word: return "a Word document (.docx)";
    case FileKind::OpenText: return "an OpenDocument text (.odt)";
    case FileKind::Html: return "an HTML page";
    case FileKind::Mail: return "a mail";
    case FileKind::Mailbox: return "a mailbox";
    case FileKind::Parquet: return "Parquet";
    case FileKind::Arrow: return "Arrow";
    case FileKind::Gzip: return "a gzip file";
    case FileKind::Zip: return "a zip file";
    case FileKind::Refused:
    case FileKind::Unknown: break;
    }
    return "something else";
}

bool isPlainText(FileKind kind)
{
    return kind == FileKind::Table || kind == FileKind::Json || kind == FileKind::Text || kind == FileKind::Markdown;
}

}  // namespace core
