// SPDX-License-Identifier: Apache-2.0
// Names that columns have in practice: they tell a header from a first row of data.
#pragma once

#include <string>
#include <string_view>

namespace core {

/// How sure a cell is the name of a column.
enum class NameKind {
    Unknown,
    Compound,  ///< two words of which one is usual, e.g. "Review text"
    Usual      ///< "text", "Label 2", "review_text", in English, German, French, Spanish and some other languages
};

/// The name in lower case, without accents, spaces, marks and punctuation: "É-tiquette " is "etiquette".
[[nodiscard]] std::string foldedCell(std::string_view name);

/// What the cell is by itself. A class may be called "question", too: a name that stands in its own column again is a
/// value all the same.
[[nodiscard]] NameKind nameKind(std::string_view cell);

}  // namespace core
