// SPDX-License-Identifier: Apache-2.0
// The text that a Markdown file shows (CommonMark, with GitHub's tables), by md4c.
#pragma once

#include "core/formats/documents/document.h"

#include <string_view>

namespace core {

/// Paragraphs, headings, items, rows of tables and code, without their marks. HTML within is left out.
[[nodiscard]] Document readMarkdown(std::string_view text);

}  // namespace core
