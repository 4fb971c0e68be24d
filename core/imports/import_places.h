// SPDX-License-Identifier: Apache-2.0
// Which files an import reads, where people name files and folders.
#pragma once

#include "core/base/error.h"
#include "core/formats/split_name.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace core {

struct ImportFile {
    std::filesystem::path path;
    std::string name;                   ///< what rows and reports call it: its path within the folder that was named
    std::optional<NamedSplit> split{};  ///< by its name or folder, where several files of a folder say so
    std::string label{};                ///< the name of its folder, where folders are classes
    std::string entry{};                ///< of an archive: the file in it
};

/// A file that no row was read from, and why, in words for people.
struct PassedOver {
    std::string file;
    std::string reason;
};

struct ImportPlaces {
    std::vector<ImportFile> files;
    std::vector<PassedOver> passedOver;
    std::vector<std::string> notes;  ///< what names of folders and files were taken for
};

/// The files in their order; folders and archives are replaced by the files of rows in them, by name. Folders of texts
/// whose names are classes give their names as labels (`classes`: the declared ones; empty: any will do). Names like
/// train and test within a folder give the split. Fails where a folder holds nothing that can be read, and says what
/// was passed over.
[[nodiscard]] base::Result<ImportPlaces> findImportPlaces(const std::vector<std::filesystem::path> &places,
                                                          const std::vector<std::string> &classes = {});

}  // namespace core
