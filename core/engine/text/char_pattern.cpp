// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/char_pattern.h"

#include "core/engine/text/utf16.h"
#include "core/engine/text/utf8.h"

namespace engine {

base::Result<CharPattern> CharPattern::compile(const std::string &pattern)
{
    std::u16string units;
    for (size_t i = 0; i < pattern.size();)
        appendUtf16(units, decodeUtf8(pattern, i));
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
    const Utf16Text subject = toUtf16(text);
    std::vector<std::pair<size_t, size_t>> found;
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<URegularExpression, void (*)(URegularExpression *)> matcher(
        uregex_clone(m_pattern.get(), &status), uregex_close);
    uregex_setText(matcher.get(), subject.units.data(), static_cast<int32_t>(subject.units.size()), &status);
    while (U_SUCCESS(status) && uregex_findNext(matcher.get(), &status)) {
        const auto begin = static_cast<size_t>(uregex_start(matcher.get(), 0, &status));
        const auto end = static_cast<size_t>(uregex_end(matcher.get(), 0, &status));
        if (end > begin)
            found.emplace_back(subject.charAt[begin], subject.charAt[end]);
    }
    return found;
}

}  // namespace engine
