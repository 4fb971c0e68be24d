// SPDX-License-Identifier: Apache-2.0
// How the parts of an office file find one another (ECMA-376 part 2, Open Packaging Conventions).
#pragma once

#include "core/formats/zip_archive.h"

#include <optional>

namespace core {

/// A part that another part needs.
struct Relation {
    std::string id;
    std::string type;    ///< the last word of its type: "worksheet"; the same in transitional and strict files
    std::string target;  ///< the name of an entry
};

/// The relations of a part (empty: of the whole package) that lie within the file; none when it names none.
[[nodiscard]] base::Result<std::vector<Relation>> relationsOf(const ZipArchive &archive, const std::string &part,
                                                              const std::string &subject);

/// The target of the first relation of this type.
[[nodiscard]] std::optional<std::string> targetOf(const std::vector<Relation> &relations, std::string_view type);

}  // namespace core
