// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/char_pattern.h"

#include "core/engine/text/utf8.h"

#include <unicode/utf16.h>

namespace engine {

base::Result<CharPattern> CharPattern::compile(const std::string &pattern)
{
    std::u16string units;
    for (size_t i = 0; i < pattern.size();) {
        const auto c = static_cast<UChar32>(decodeUtf8(pattern, i));
        UChar pair[2];
        int32_t length = 0;
        U16_APPEND_UNSAFE(pair, length, c);
        units.append(pair, static_cast<size_t>(length));
    }
    UErrorCode status = U_ZERO_ERROR;
    UParseError where;
    URegularExpression *compiled = uregex_open(units.data(), static_cast<int32_t>(units.size()), 0, &where, &status);
    if (U_FAILURE(status))
        return base::failure(base::ErrorCode::Unsupported,
                             "A regular expression of this tokenizer cannot be read: " + pattern.substr(0, 120) + ".");
    return CharPattern(compiled);
}

std::vector<std::pair<size_t, size_t>> CharPattern::matches(std::span<const NormalizedChar> text) const
{
    std::u16string units;
    std::vector<size_t> indexOf;  // of each UTF-16 unit the character
    for (size_t i = 0; i < text.size(); ++i) {
        UChar pair[2];
        int32_t length = 0;
        U16_APPEND_UNSAFE(pair, length, static_cast<UChar32>(text[i].c));
        units.append(pair, static_cast<size_t>(length));
        indexOf.insert(indexOf.end(), static_cast<size_t>(length), i);
    }
    indexOf.push_back(text.size());
    std::vector<std::pair<size_t, size_t>> found;
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<URegularExpression, void (*)(URegularExpression *)> matcher(
        uregex_clone(m_pattern.get(), &status), uregex_close);
    uregex_setText(matcher.get(), units.data(), static_cast<int32_t>(units.size()), &status);
    while (U_SUCCESS(status) && uregex_findNext(matcher.get(), &status)) {
        const auto begin = static_cast<size_t>(uregex_start(matcher.get(), 0, &status));
        const auto end = static_cast<size_t>(uregex_end(matcher.get(), 0, &status));
        if (end > begin)
            found.emplace_back(indexOf[begin], indexOf[end]);
    }
    return found;
}

}  // namespace engine
