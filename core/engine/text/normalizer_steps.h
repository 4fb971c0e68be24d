// SPDX-License-Identifier: Apache-2.0
// The steps by which tokenizers change a text before they split it, as in Hugging Face's tokenizers library.
#pragma once

#include "core/engine/text/normalizer.h"

#include <functional>
#include <string>
#include <vector>

namespace engine {

/// Changes a text in place; each character keeps the range of the input that it came from. Any thread.
using NormalizerStep = std::function<void(std::vector<NormalizedChar> &text)>;

enum class UnicodeForm { Nfc, Nfd, Nfkc, Nfkd };

/// Unicode normalisation forms (UAX #15). What is composed comes from all that went into it.
[[nodiscard]] NormalizerStep unicodeForm(UnicodeForm form);
[[nodiscard]] NormalizerStep lowercase();
/// Leaves out marks (general category M).
[[nodiscard]] NormalizerStep stripAccents();
/// Leaves out white space at the ends.
[[nodiscard]] NormalizerStep strip(bool left, bool right);
[[nodiscard]] NormalizerStep prepend(const std::string &text);
[[nodiscard]] NormalizerStep replaceText(const std::string &find, const std::string &replacement);
/// Each match of a regular expression (ICU's) by a plain text. An error in the pattern is Unsupported.
[[nodiscard]] base::Result<NormalizerStep> replaceMatches(const std::string &pattern, const std::string &replacement);
/// SentencePiece's compiled table of replacements. Corrupt where the bytes are none.
[[nodiscard]] base::Result<NormalizerStep> precompiledCharsmap(std::string bytes);

}  // namespace engine
