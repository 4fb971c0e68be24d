// SPDX-License-Identifier: Apache-2.0
// A tokenizer put together as its tokenizer.json says: normalise, split into words, subwords.
#pragma once

#include "core/engine/text/framed_tokenizer.h"
#include "core/engine/text/normalized_tokens.h"
#include "core/engine/text/normalizer_steps.h"
#include "core/engine/text/split_steps.h"
#include "core/engine/text/subword_model.h"

#include <memory>

namespace engine {

struct PipelineConfig {
    std::vector<NormalizerStep> normalizer;
    std::vector<SplitStep> splits;
    std::shared_ptr<const SubwordModel> model;
    std::vector<AddedToken> normalizedTokens;  ///< added tokens that are looked for in normalised text
};

class PipelineTokenizer final : public FramedTokenizer {
public:
    PipelineTokenizer(PipelineConfig config, TokenFrame frame);

protected:
    void encodePiece(std::string_view text, int32_t firstCodePoint, Encoding &out) const override;

private:
    [[nodiscard]] std::vector<NormalizedChar> normalized(std::string_view text, int32_t firstCodePoint) const;
    void encodeNormalized(std::vector<NormalizedChar> text, Encoding &out) const;

    PipelineConfig m_config;
    NormalizedTokens m_normalizedTokens;
};

}  // namespace engine
