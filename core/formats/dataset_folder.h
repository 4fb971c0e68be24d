// SPDX-License-Identifier: Apache-2.0
// What the folder of a Hugging Face data set says about the files in it.
#pragma once

#include "core/formats/record.h"

#include <filesystem>

namespace core {

/// A column whose numbers stand for these classes, from 0 on.
struct ClassColumn {
    std::string column;
    std::vector<std::string> names;
};

/// The columns of classes in a description of a data set's features, as `datasets` writes it into dataset_infos.json,
/// dataset_info.json and Parquet files: {"label": {"names": [...], "_type": "ClassLabel"}}, also within others.
[[nodiscard]] std::vector<ClassColumn> classColumnsOf(const nlohmann::json &features);

/// What README.md (dataset_info in its front matter), dataset_infos.json or dataset_info.json beside the file, or up to
/// three folders above, say of the columns of this file; none where nothing of the kind stands there.
[[nodiscard]] std::vector<ClassColumn> classColumnsFor(const std::filesystem::path &file);

/// Sets classNames from the column of the file that has classes; of several the one called "label", else the first.
/// Says so in `notes`.
void nameClasses(RecordFile &file, const std::vector<ClassColumn> &columns);

}  // namespace core
