// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/pipeline_tokenizer.h"

#include "core/engine/text/utf8.h"

namespace engine {

PipelineTokenizer::PipelineTokenizer(PipelineConfig config, TokenFrame frame)
    : FramedTokenizer(std::move(frame)), m_config(std::move(config)),
      m_normalizedTokens(m_config.normalizedTokens, [this](std::string_view text) { return normalized(text, 0); })
{
    countId(m_config.model->largestId());
    for (const AddedToken &token : m_config.normalizedTokens)
        countId(token.id);
}

std::vector<NormalizedChar> PipelineTokenizer::normalized(std::string_view text, int32_t firstCodePoint) const
{
    std::vector<NormalizedChar> chars;
    chars.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++firstCodePoint)
        chars.push_back({decodeUtf8(text, i), {firstCodePoint, firstCodePoint + 1}});
    for (const NormalizerStep &step : m_config.normalizer)
        step(chars);
    return chars;
}

void PipelineTokenizer::encodePiece(std::string_view text, int32_t firstCodePoint, Encoding &out) const
{
    auto chars = normalized(text, firstCodePoint);
    if (m_normalizedTokens.isEmpty())
        return encodeNormalized(std::move(chars), out);
    m_normalizedTokens.split(
        chars,
        [&](std::span<const NormalizedChar> piece) {
            encodeNormalized({piece.begin(), piece.end()}, out);
        },
        [&](int32_t id, Offset offset) {
            out.ids.push_back(id);
            out.offsets.push_back(offset);
        });
}

void PipelineTokenizer::encodeNormalized(std::vector<NormalizedChar> text, Encoding &out) const
{
    if (text.empty())
        return;
    std::vector<Word> words;
    words.push_back(std::move(text));
    for (const SplitStep &step : m_config.splits)
        words = step(std::move(words));
    for (const Word &word : words)
        m_config.model->encodeWord(word, out);
}

}  // namespace engine
