// SPDX-License-Identifier: Apache-2.0
// The steps by which tokenizers split a text into words, as in Hugging Face's tokenizers library.
#pragma once

#include "core/engine/text/normalizer.h"

#include <functional>
#include <string>
#include <vector>

namespace engine {

using Word = std::vector<NormalizedChar>;
/// Takes words and gives the words they are split into, in order; none is empty. Any thread.
using SplitStep = std::function<std::vector<Word>(std::vector<Word> words)>;

/// What becomes of what splits a text.
enum class Delimiter { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };

/// GPT-2's rule: contractions, letters, numbers and other signs, each with one space before it; white space.
[[nodiscard]] SplitStep gpt2Words();
[[nodiscard]] SplitStep prependSpace();
[[nodiscard]] SplitStep whitespaceWords();
/// Runs of word characters, and of what is neither that nor white space.
[[nodiscard]] SplitStep wordsAndSigns();
[[nodiscard]] SplitStep punctuation(Delimiter behavior);
[[nodiscard]] SplitStep digits(bool eachForItself);
/// Splits where a regular expression (ICU's) matches; inverted: what does not match is the delimiter. Unsupported
/// where the pattern cannot be read.
[[nodiscard]] base::Result<SplitStep> atMatches(const std::string &pattern, Delimiter behavior, bool inverted);

/// How SentencePiece marks words: spaces become `mark`, and a word begins with one.
struct Metaspace {
    enum class Prepend { Always, First, Never };
    char32_t mark = 0x2581;
    Prepend prepend = Prepend::Always;
    bool splits = true;  ///< at each mark
};
[[nodiscard]] SplitStep metaspace(Metaspace how);

}  // namespace engine
