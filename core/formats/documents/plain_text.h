// SPDX-License-Identifier: Apache-2.0
// Text without any format, as paragraphs.
#pragma once

#include "core/formats/documents/document.h"

#include <string_view>

namespace core {

/// What blank lines and form feeds separate. Lines of a paragraph stay lines.
[[nodiscard]] Document paragraphsOf(std::string_view text);

/// Each line that is not blank.
[[nodiscard]] Document linesOf(std::string_view text);

}  // namespace core
