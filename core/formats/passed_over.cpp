// SPDX-License-Identifier: Apache-2.0
#include "core/formats/passed_over.h"

#include "core/base/lowered.h"
#include "core/formats/file_kind.h"
#include "core/formats/row_file.h"

#include <algorithm>
#include <fstream>

namespace fs = std::filesystem;

using base::lowered;

namespace core {

namespace {

constexpr size_t SeenBytes = 64 << 10;

template <size_t N>
bool isOneOf(const std::string &name, const char *const (&names)[N])
{
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// Folders that programs keep beside what people see.
bool isInServiceFolder(const fs::path &path)
{
    constexpr const char *folders[] = {".git",         ".svn",   ".hg",         "__MACOSX",    ".ipynb_checkpoints",
                                       ".huggingface", "@eaDir", "__pycache__", "node_modules"};
    for (const fs::path &step : path.parent_path()) {
        if (isOneOf(step.string(), folders))
            return true;
    }
    // What a download from the Hugging Face Hub keeps.
    const std::string folder = path.parent_path().generic_string();
    return folder.find(".cache/huggingface/download") != std::string::npos;
}

bool describesDataSet(const fs::path &path, const std::string &name)
{
    std::error_code code;
    return name == "dataset_infos.json" || name == "dataset_info.json" || name == "dataset_dict.json" ||
           name == "dataset-metadata.json" ||
           (name == "state.json" && fs::exists(path.parent_path() / "dataset_info.json", code));
}

}  // namespace

std::optional<std::string> whyNotByName(const fs::path &path)
{
    const std::string name = lowered(path.filename().string());
    const std::string stem = lowered(path.stem().string());
    const std::string ending = lowered(path.extension().string());
    if (isInServiceFolder(path))
        return "A program keeps it for itself.";
    if (name.starts_with("~$") || name.starts_with(".~lock"))
        return "An office program keeps it while a file is open.";
    if (name.starts_with('.'))
        return "It is a hidden file.";
    constexpr const char *ofSystem[] = {"thumbs.db", "desktop.ini", "icon\r"};
    if (isOneOf(name, ofSystem))
        return "The system keeps it for itself.";
    constexpr const char *textEndings[] = {"", ".md", ".markdown", ".txt", ".rst", ".html", ".pdf"};
    if (isOneOf(ending, textEndings)) {
        constexpr const char *descriptions[] = {"readme",  "changelog", "changes",        "contributing",
                                                "authors", "citation",  "liesmich",       "lisezmoi",
                                                "leeme",   "manifest",  "code_of_conduct"};
        if (isOneOf(stem, descriptions) || stem.starts_with("readme.") || stem.starts_with("readme_") ||
            stem.starts_with("readme-"))
            return "It describes the other files.";
        constexpr const char *licences[] = {"license", "licence",  "copying",  "notice",
                                            "lizenz",  "licencia", "unlicense"};
        if (isOneOf(stem, licences) || stem.starts_with("license-") || stem.starts_with("licence-") ||
            stem.starts_with("license."))
            return "It is a licence.";
    }
    constexpr const char *programs[] = {"makefile",         "dockerfile", "cmakelists.txt",
                                        "requirements.txt", "robots.txt", "citation.cff"};
    if (isOneOf(name, programs))
        return "It belongs to a program.";
    if (describesDataSet(path, name))
        return "It describes the data set.";
    const FileLook look = lookOfName(path);
    if (look.kind == FileKind::Refused)
        return look.reason;
    if (look.kind == FileKind::Gzip) {
        const FileLook inner = lookOfName(path.stem());
        return inner.kind == FileKind::Refused ? std::optional(inner.reason) : std::nullopt;
    }
    const bool isDigits = ending.size() > 1 && ending.find_first_not_of("0123456789", 1) == std::string::npos;
    if (look.kind == FileKind::Unknown && !ending.empty() && !isDigits)
        return "Files that end in \"" + ending + "\" are not known. Choose the file itself, or rename it.";
    return std::nullopt;
}

std::optional<std::string> whyNotByContent(const fs::path &, std::string_view head)
{
    const FileLook look = lookOfContent(head);
    if (look.kind == FileKind::Refused)
        return look.reason;
    if (look.kind == FileKind::Unknown)
        return "It is no text, and its kind is not known.";
    return std::nullopt;
}

std::optional<std::string> whyNotARowFile(const fs::path &path)
{
    if (auto reason = whyNotByName(path))
        return reason;
    if (lookOfName(path).kind != FileKind::Unknown)
        return std::nullopt;
    std::ifstream in(path, std::ios::binary);
    std::string head(SeenBytes, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    if (head.empty())
        return "It is empty.";
    return whyNotByContent(path, head);
}

bool isRowFile(const fs::path &path)
{
    return !whyNotARowFile(path);
}

}  // namespace core
