// SPDX-License-Identifier: Apache-2.0
#include "core/formats/blank_text.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace core {

bool isBlankText(std::string_view text)
{
    const auto all = icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
    for (int32_t at = 0; at < all.length(); at = all.moveIndex32(at, 1)) {
        const UChar32 c = all.char32At(at);
        const auto type = u_charType(c);
        if (!u_isUWhiteSpace(c) && type != U_CONTROL_CHAR && type != U_FORMAT_CHAR)
            return false;
    }
    return true;
}

}  // namespace core
