// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/framed_tokenizer.h"

#include "core/engine/text/utf8.h"

namespace engine {

FramedTokenizer::FramedTokenizer(TokenFrame frame) : m_frame(std::move(frame)), m_added(m_frame.addedTokens)
{
    for (const AddedToken &token : m_frame.addedTokens)
        countId(token.id);
}

Encoding FramedTokenizer::encode(std::string_view text, bool withSpecialTokens) const
{
    Encoding out;
    const auto special = [&](const std::vector<int32_t> &ids) {
        out.ids.insert(out.ids.end(), ids.begin(), ids.end());
        out.offsets.resize(out.ids.size());
    };
    if (withSpecialTokens)
        special(m_frame.prefixIds);
    int32_t position = 0;
    m_added.split(
        text,
        [&](std::string_view piece) {
            encodePiece(piece, position, out);
            position += countCodePoints(piece);
        },
        [&](int32_t id, std::string_view token) {
            const int32_t end = position + countCodePoints(token);
            out.ids.push_back(id);
            out.offsets.push_back({position, end});
            position = end;
        });
    if (withSpecialTokens)
        special(m_frame.suffixIds);
    return out;
}

std::vector<int32_t> FramedTokenizer::encodeForInput(std::string_view text, int maxLength) const
{
    // Long texts are cut early where far more is left than the tokens could need; if white space filled the
    // kept part after all, the whole text is read.
    const size_t enough = static_cast<size_t>(maxLength) * 64;
    const size_t cut = text.size() > enough ? text.find_first_of(" \n", enough) : std::string_view::npos;
    auto ids = encode(text.substr(0, cut), true).ids;
    if (cut != std::string_view::npos && ids.size() < static_cast<size_t>(maxLength))
        ids = encode(text, true).ids;
    if (ids.size() > static_cast<size_t>(maxLength)) {
        const auto most = static_cast<size_t>(maxLength);
        ids.resize(most - std::min(most, m_frame.suffixIds.size()));
        ids.insert(ids.end(), m_frame.suffixIds.begin(), m_frame.suffixIds.end());
        ids.resize(most);
    }
    return ids;
}

}  // namespace engine
