// SPDX-License-Identifier: Apache-2.0
// A tokenizer's files as transformers reads them: beside tokenizer.json, settings that change nothing of it.
#pragma once

#include "core/base/error.h"
#include "core/engine/text/tokenizer.h"

#include <filesystem>
#include <memory>

namespace engine {

struct TokenizerUse {
    int maxLength = 0;           ///< tokens a text is cut at
    int paddingId = 0;           ///< of the weights
    bool hasTokenTypes = false;  ///< the encoder has more than one type of tokens
};

/// Writes the tokenizer of the folder `from` into `folder`: tokenizer.json without truncation and padding, and settings
/// that are made from it alone. transformers' classes for one family (BertTokenizer, RobertaTokenizer) put their own
/// defaults for case, accents and spaces over what tokenizer.json says, so the class for all kinds is named, with every
/// setting that it would otherwise take from its defaults. vocab.txt is copied where there is one.
[[nodiscard]] base::Result<void> writeTokenizerFiles(const std::filesystem::path &from, const TokenizerUse &use,
                                                     const std::filesystem::path &folder);

/// The tokenizer of `folder` as transformers up to 4.57 makes it: tokenizer.json, changed by what
/// tokenizer_config.json says or, by its silence, leaves to the class it names. Unsupported for a class that is not
/// known here.
[[nodiscard]] base::Result<std::shared_ptr<const Tokenizer>> loadAsTransformers(const std::filesystem::path &folder);

}  // namespace engine
