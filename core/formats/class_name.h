// SPDX-License-Identifier: Apache-2.0
// Names of classes as people and programs write them: what is no part of a name, and which names are meant to be one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// The name as an import takes it: without spaces of any kind and invisible marks at its ends, and without zero-width
/// characters inside it. Joiners stay where the script or an emoji needs them, everything else stays as it is, also
/// bytes that are no UTF-8. Empty where nothing can be seen.
[[nodiscard]] std::string cleanedClassName(std::string_view name);

/// Equal for names that are twins: those that differ only by case, spaces, underscores and dashes, invisible marks,
/// typographic quotes, punctuation at the end, or Unicode's compatibility forms (NFKC: width, ligatures, composed and
/// decomposed accents). Accents, numbers and signs ("-1", "A-", "..", "c++") still differ.
[[nodiscard]] std::string foldedClassName(std::string_view name);

/// Equal, beyond foldedClassName(), for names that differ by leading zeros only: "class 05" and "class 5".
[[nodiscard]] std::string zerolessClassName(std::string_view name);

/// Shares an element for names that, beyond foldedClassName(), differ by accents only: the name without accents of
/// Latin, Greek and Cyrillic letters, and with German umlauts written as two letters where it has some.
[[nodiscard]] std::vector<std::string> accentlessClassNames(std::string_view name);

/// The name with what cannot be seen written out, e.g. "re[U+200B]fund": invisible marks, line breaks, spaces at the
/// ends and unusual ones inside, and accents that are a character of their own.
[[nodiscard]] std::string visibleClassName(std::string_view name);

}  // namespace core
