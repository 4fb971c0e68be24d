// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/normalized_tokens.h"

#include "core/engine/text/utf8.h"

namespace engine {

namespace {

std::vector<AddedToken> normalized(std::vector<AddedToken> tokens, const NormalizedTokens::Normalize &normalize)
{
    for (AddedToken &token : tokens) {
        const auto chars = normalize(token.content);
        token.content.clear();
        for (const NormalizedChar &c : chars)
            appendUtf8(token.content, c.c);
    }
    std::erase_if(tokens, [](const AddedToken &token) { return token.content.empty(); });
    return tokens;
}

}  // namespace

NormalizedTokens::NormalizedTokens(std::vector<AddedToken> tokens, const Normalize &normalize)
    : m_matcher(normalized(tokens, normalize)), m_isEmpty(tokens.empty())
{
}

void NormalizedTokens::split(std::span<const NormalizedChar> text,
                             const std::function<void(std::span<const NormalizedChar>)> &piece,
                             const std::function<void(int32_t, Offset)> &token) const
{
    if (m_isEmpty)
        return piece(text);
    std::string bytes;
    std::vector<size_t> charAt;  // of each byte
    for (size_t i = 0; i < text.size(); ++i) {
        appendUtf8(bytes, text[i].c);
        charAt.resize(bytes.size(), i);
    }
    charAt.push_back(text.size());
    const auto place = [&](const char *at) { return charAt[static_cast<size_t>(at - bytes.data())]; };
    m_matcher.split(
        bytes,
        [&](std::string_view part) {
            const size_t begin = place(part.data());
            piece(text.subspan(begin, place(part.data() + part.size()) - begin));
        },
        [&](int32_t id, std::string_view part) {
            token(id, {text[place(part.data())].origin.begin, text[place(part.data() + part.size()) - 1].origin.end});
        });
}

}  // namespace engine
