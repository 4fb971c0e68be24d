// SPDX-License-Identifier: Apache-2.0
// In which script and language a text is written, as far as a few words tell.
#pragma once

#include <string>
#include <string_view>

namespace core {

/// The script of most of the text's letters, e.g. "Latin", "Cyrillic", "Arabic"; Chinese, Japanese and Korean ones are
/// told apart, however many Han characters they share. Empty without letters. At most 2,000 characters are looked at.
[[nodiscard]] std::string scriptOf(std::string_view text);

/// The language of a Latin-script text by its function words: "English", "German", "French", "Spanish", "Italian",
/// "Portuguese", "Dutch", "Swedish", "Polish". Empty where they do not tell it beyond doubt: short texts mostly.
[[nodiscard]] std::string languageOf(std::string_view text);

/// Whether a word (lower case) holds sentences together in one of those languages: it says nothing about their subject.
[[nodiscard]] bool isFunctionWord(const std::string &word);

}  // namespace core
