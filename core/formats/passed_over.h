// SPDX-License-Identifier: Apache-2.0
// Which files of a folder or a zip file are no rows, and why.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// A sentence, when the name alone says that this is no file of rows: hidden files, README and licences, descriptions
/// of a data set, and kinds that are not read. `path` may be within a zip file.
[[nodiscard]] std::optional<std::string> whyNotByName(const std::filesystem::path &path);

/// The same by the first bytes, for names that do not say it.
[[nodiscard]] std::optional<std::string> whyNotByContent(const std::filesystem::path &path, std::string_view head);

}  // namespace core
