// SPDX-License-Identifier: Apache-2.0
// Texts as weights take them: with what stands before each, as token ids, cut to a length.
#pragma once

#include "core/engine/config/architecture_config.h"
#include "core/engine/text/tokenizer.h"

#include <memory>
#include <string>
#include <vector>

namespace core {

struct TextInput {
    std::shared_ptr<const engine::Tokenizer> tokenizer;
    std::string prefix;  ///< before each text; of E5 "query: "
    int maxLength = 0;   ///< tokens, special ones included

    /// Of a folder with these weights, as long as they were trained with or can read. Corrupt where the tokenizer
    /// knows more pieces than the weights.
    [[nodiscard]] static base::Result<TextInput> open(const std::filesystem::path &folder,
                                                      const engine::WeightsInfo &info);

    [[nodiscard]] std::vector<int32_t> read(const std::string &text) const;
    [[nodiscard]] std::vector<std::vector<int32_t>> read(const std::vector<std::string> &texts) const;
};

}  // namespace core
