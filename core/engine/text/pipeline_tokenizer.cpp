// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/pipeline_tokenizer.h"

#include "core/engine/text/utf8.h"

namespace engine {

namespace {

/// What is looked for in normalised text is normalised itself.
std::vector<AddedToken> normalized(std::vector<AddedToken> tokens, const std::vector<NormalizerStep> &steps)
{
    for (AddedToken &token : tokens) {
        std::vector<NormalizedChar> chars;
        for (size_t i = 0; i < token.content.size();)
            chars.push_back({decodeUtf8(token.content, i), {}});
        for (const NormalizerStep &step : steps)
            step(chars);
        token.content.clear();
        for (const NormalizedChar &c : chars)
            appendUtf8(token.content, c.c);
    }
    std::erase_if(tokens, [](const AddedToken &token) { return token.content.empty(); });
    return tokens;
}

}  // namespace

PipelineTokenizer::PipelineTokenizer(PipelineConfig config, TokenFrame frame)
    : FramedTokenizer(std::move(frame)), m_config(std::move(config)),
      m_normalizedTokens(normalized(m_config.normalizedTokens, m_config.normalizer))
{
    countId(m_config.model->largestId());
    for (const AddedToken &token : m_config.normalizedTokens)
        countId(token.id);
}

void PipelineTokenizer::encodePiece(std::string_view text, int32_t firstCodePoint, Encoding &out) const
{
    std::vector<NormalizedChar> chars;
    chars.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++firstCodePoint)
        chars.push_back({decodeUtf8(text, i), {firstCodePoint, firstCodePoint + 1}});
    for (const NormalizerStep &step : m_config.normalizer)
        step(chars);
    if (m_config.normalizedTokens.empty())
        return encodeNormalized(std::move(chars), out);
    std::string bytes;
    std::vector<size_t> charAt;  // of each byte
    for (size_t i = 0; i < chars.size(); ++i) {
        appendUtf8(bytes, chars[i].c);
        charAt.resize(bytes.size(), i);
    }
    charAt.push_back(chars.size());
    const auto place = [&](const char *at) { return charAt[static_cast<size_t>(at - bytes.data())]; };
    m_normalizedTokens.split(
        bytes,
        [&](std::string_view piece) {
            const auto begin = chars.begin() + static_cast<std::ptrdiff_t>(place(piece.data()));
            encodeNormalized({begin, chars.begin() + static_cast<std::ptrdiff_t>(place(piece.data() + piece.size()))},
                             out);
        },
        [&](int32_t id, std::string_view token) {
            out.ids.push_back(id);
            out.offsets.push_back(
                {chars[place(token.data())].origin.begin, chars[place(token.data() + token.size()) - 1].origin.end});
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
