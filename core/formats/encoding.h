// SPDX-License-Identifier: Apache-2.0
// Bytes of any encoding to UTF-8.
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>

namespace core {

struct DecodedText {
    std::string text;      ///< UTF-8, without byte order mark
    std::string encoding;  ///< what it was read as, e.g. "UTF-8", "windows-1252"
};

/// Byte order mark first, then UTF-8 if well-formed, then ICU's detection.
[[nodiscard]] base::Result<DecodedText> decodeText(std::string bytes, const std::string &subject);

}  // namespace core
