// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/added_tokens.h"

#include "core/engine/text/normalizer.h"
#include "core/engine/text/utf8.h"

#include <algorithm>
#include <unicode/uchar.h>

namespace engine {

namespace {

bool isWordChar(char32_t c)
{
    return c == '_' || u_isalnum(static_cast<UChar32>(c)) || u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK;
}

/// The start of the code point that ends at `end`.
size_t previousStart(std::string_view text, size_t end)
{
    size_t i = end - 1;
    while (i > 0 && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80)
        --i;
    return i;
}

bool wordCharBefore(std::string_view text, size_t position)
{
    if (position == 0)
        return false;
    size_t start = previousStart(text, position);
    return isWordChar(decodeUtf8(text, start));
}

bool wordCharAt(std::string_view text, size_t position)
{
    return position < text.size() && isWordChar(decodeUtf8(text, position));
}

}  // namespace

AddedTokenMatcher::AddedTokenMatcher(std::vector<AddedToken> tokens) : m_tokens(std::move(tokens))
{
    std::erase_if(m_tokens, [](const AddedToken &t) { return t.content.empty(); });
    std::stable_sort(m_tokens.begin(), m_tokens.end(),
                     [](const auto &a, const auto &b) { return a.content.size() > b.content.size(); });
    for (const auto &token : m_tokens)
        m_firstBytes[static_cast<unsigned char>(token.content.front())] = true;
}

const AddedToken *AddedTokenMatcher::matchAt(std::string_view text, size_t position) const
{
    for (const auto &token : m_tokens) {
        if (text.substr(position, token.content.size()) == token.content)
            return &token;
    }
    return nullptr;
}

void AddedTokenMatcher::split(std::string_view text, const std::function<void(std::string_view)> &piece,
                              const std::function<void(int32_t, std::string_view)> &token) const
{
    size_t done = 0;
    for (size_t i = 0; i < text.size();) {
        const AddedToken *match = m_firstBytes[static_cast<unsigned char>(text[i])] ? matchAt(text, i) : nullptr;
        if (!match) {
            ++i;
            continue;
        }
        size_t start = i;
        size_t end = i + match->content.size();
        if (match->singleWord && (wordCharBefore(text, start) || wordCharAt(text, end))) {
            i = end;
            continue;
        }
        while (match->lstrip && start > done) {
            size_t before = previousStart(text, start);
            const size_t keep = before;
            if (!isWhitespace(decodeUtf8(text, before)))
                break;
            start = keep;
        }
        while (match->rstrip && end < text.size()) {
            size_t next = end;
            if (!isWhitespace(decodeUtf8(text, next)))
                break;
            end = next;
        }
        if (start > done)
            piece(text.substr(done, start - done));
        token(match->id, text.substr(start, end - start));
        done = i = end;
    }
    if (done < text.size())
        piece(text.substr(done));
}

}  // namespace engine
