// SPDX-License-Identifier: Apache-2.0
#include "core/imports/import_places.h"

#include "core/base/names.h"
#include "core/formats/file_kind.h"
#include "core/formats/row_file.h"
#include "core/formats/zip_rows.h"

#include <algorithm>
#include <set>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t MostNamed = 5;

std::string listed(const std::vector<PassedOver> &files)
{
    std::vector<std::string> names;
    for (const PassedOver &file : files)
        names.push_back(file.file);
    return base::listed(names, MostNamed);
}

/// The folders between the named one and the file: "train", "refund".
std::vector<std::string> foldersOf(const ImportFile &file)
{
    std::vector<std::string> folders;
    const fs::path inside = fs::path(file.name).parent_path();
    for (const fs::path &part : inside)
        folders.push_back(part.string());
    return folders;
}

/// Texts in folders that are called as their classes are, one level below the named folder or below train and test.
void takeFolderLabels(ImportPlaces &found, size_t from, const std::vector<std::string> &classes)
{
    std::set<std::string> labels;
    const auto begin = found.files.begin() + static_cast<std::ptrdiff_t>(from);
    for (auto file = begin; file != found.files.end(); ++file) {
        auto folders = foldersOf(*file);
        std::erase_if(folders, [](const std::string &folder) { return splitOfWord(folder).has_value(); });
        if (!isDocument(file->path) || folders.size() != 1)
            return;
        labels.insert(folders.front());
    }
    const bool areDeclared = std::all_of(labels.begin(), labels.end(), [&](const std::string &label) {
        return classes.empty() || std::find(classes.begin(), classes.end(), label) != classes.end();
    });
    if (labels.size() < 2 || !areDeclared)
        return;
    for (auto file = begin; file != found.files.end(); ++file) {
        for (const std::string &folder : foldersOf(*file)) {
            if (!splitOfWord(folder))
                file->label = folder;
        }
    }
    found.notes.push_back("The texts lie in " + std::to_string(labels.size()) +
                          " folders. The name of its folder is the label of each text.");
}

/// train.jsonl beside test.jsonl, or folders of these names.
void takeSplits(ImportPlaces &found, size_t from)
{
    std::set<NamedSplit> splits;
    for (size_t i = from; i < found.files.size(); ++i) {
        ImportFile &file = found.files[i];
        file.split = splitOfFileName(file.path.filename().string());
        for (const std::string &folder : foldersOf(file)) {
            if (const auto split = splitOfWord(folder))
                file.split = split;
        }
        if (file.split)
            splits.insert(*file.split);
    }
    if (splits.size() > 1) {
        found.notes.emplace_back("Names of files or folders say which rows are for training and which for the exam.");
        return;
    }
    for (size_t i = from; i < found.files.size(); ++i)
        found.files[i].split.reset();
}

/// The file itself, or of an archive each of its files that can be read.
Result<void> addFile(const fs::path &path, const std::string &name, ImportPlaces &found)
{
    if (lookOfName(path).kind != FileKind::Zip) {
        found.files.push_back({path, name});
        return {};
    }
    auto contents = TRY(zipContents(path));
    for (const std::string &entry : contents.entries)
        found.files.push_back({.path = path, .name = name + "/" + entry, .entry = entry});
    for (const ZipLeftOut &leftOut : contents.leftOut)
        found.passedOver.push_back({name + "/" + leftOut.entry, leftOut.reason});
    return {};
}

Result<void> addFolder(const fs::path &folder, ImportPlaces &found, const std::vector<std::string> &classes)
{
    std::vector<fs::path> all;
    std::error_code code;
    for (fs::recursive_directory_iterator i(folder, fs::directory_options::skip_permission_denied, code), end;
         !code && i != end; i.increment(code)) {
        if (i->is_regular_file(code))
            all.push_back(i->path());
    }
    if (code)
        return failure(ErrorCode::Io, "This folder cannot be read to its end. Check its permissions.", folder.string());
    std::sort(all.begin(), all.end());
    const size_t from = found.files.size();
    std::vector<PassedOver> passedOver;
    for (const fs::path &path : all) {
        const std::string name = path.lexically_relative(folder).string();
        if (auto reason = whyNotARowFile(path))
            passedOver.push_back({name, std::move(*reason)});
        else if (auto added = addFile(path, name, found); !added)
            passedOver.push_back({name, added.error().message});
    }
    if (found.files.size() == from)
        return failure(
            ErrorCode::NotFound,
            "There are no files of rows or texts in this folder." +
                (passedOver.empty() ? std::string(" It is empty.") : " It holds " + listed(passedOver) + "."),
            folder.string());
    found.passedOver.insert(found.passedOver.end(), passedOver.begin(), passedOver.end());
    takeSplits(found, from);
    takeFolderLabels(found, from, classes);
    return {};
}

}  // namespace

Result<ImportPlaces> findImportPlaces(const std::vector<fs::path> &places, const std::vector<std::string> &classes)
{
    ImportPlaces found;
    for (const fs::path &place : places) {
        std::error_code code;
        TRY(fs::is_directory(place, code) ? addFolder(place, found, classes)
                                          : addFile(place, place.filename().string(), found));
    }
    return found;
}

}  // namespace core
