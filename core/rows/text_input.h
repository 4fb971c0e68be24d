// SPDX-License-Identifier: Apache-2.0
// Texts as weights take them: with what stands before each, as token ids, cut to a length or to be read in windows.
#pragma once

#include "core/engine/config/architecture_config.h"
#include "core/engine/text/tokenizer.h"

#include <memory>
#include <string>
#include <vector>

namespace core {

struct TextInput {
    std::shared_ptr<const engine::Tokenizer> tokenizer;
    std::string prefix;            ///< before each text; of E5 "query: "
    int maxLength = 0;             ///< tokens, special ones included
    engine::WindowRule windows{};  ///< how longer texts are read; off: they are cut

    /// Of a folder with these weights, as long as they were trained with or can read, in windows where they were
    /// trained with those. Corrupt where the tokenizer knows more pieces than the weights.
    [[nodiscard]] static base::Result<TextInput> open(const std::filesystem::path &folder,
                                                      const engine::WeightsInfo &info);

    /// How long texts can be read in windows of maxLength tokens, each with the special tokens and the prefix.
    /// InvalidInput where that leaves hardly any room for the text.
    [[nodiscard]] base::Result<engine::WindowRule> ownWindows() const;

    /// A text that is read in windows is whole here, as far as they reach: the module of tensors divides it.
    [[nodiscard]] std::vector<int32_t> read(const std::string &text) const;
    [[nodiscard]] std::vector<std::vector<int32_t>> read(const std::vector<std::string> &texts) const;
    /// Tokens of the text beyond those that are read.
    [[nodiscard]] size_t unread(const std::string &text) const;
};

}  // namespace core
