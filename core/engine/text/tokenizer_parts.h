// SPDX-License-Identifier: Apache-2.0
// The parts of a tokenizer.json: how it cleans text, splits it, and what it puts around it.
#pragma once

#include "core/engine/text/framed_tokenizer.h"
#include "core/engine/text/normalizer_steps.h"
#include "core/engine/text/split_steps.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace engine {

/// The `type` of a part; "none" where there is none.
[[nodiscard]] std::string typeOf(const nlohmann::json &part);

/// Unsupported, with the part's name, where a step is none we know. All of these throw json's exceptions where a part
/// lacks something.
[[nodiscard]] base::Result<std::vector<NormalizerStep>> readNormalizer(const nlohmann::json &part);
[[nodiscard]] BertNormalizerConfig bertNormalizer(const nlohmann::json &part);

struct Splitting {
    std::vector<SplitStep> steps;
    bool intoBytes = false;  ///< what comes out is written as GPT-2's printable characters for bytes
};
[[nodiscard]] base::Result<Splitting> readPreTokenizer(const nlohmann::json &part);

/// Special tokens around a single text.
[[nodiscard]] base::Result<void> readPostProcessor(const nlohmann::json &part, TokenFrame &frame);

struct AddedTokens {
    std::vector<AddedToken> raw;         ///< looked for in the text as it is
    std::vector<AddedToken> normalized;  ///< looked for after it has been normalised
};
[[nodiscard]] AddedTokens readAddedTokens(const nlohmann::json &list);

}  // namespace engine
