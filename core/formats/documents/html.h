// SPDX-License-Identifier: Apache-2.0
// Visible text of HTML pages, by libxml2. To be run in a child process: see document_child.h.
#pragma once

#include "core/base/error.h"
#include "core/formats/documents/document.h"

namespace core {

/// The text that a browser shows, a block for each paragraph, heading, item of a list and row of a table. Scripts,
/// styles and hidden parts are no text. Tables that only lay out a page are read as its text. `bytes` are in any
/// encoding: a byte order mark counts, then `encoding` where it is not empty, then what the page says, else it is
/// guessed.
[[nodiscard]] base::Result<DocumentContent> readHtml(std::string bytes, const std::string &subject,
                                                     const std::string &encoding = {});

/// The blocks of a page as one text, each on a line of its own.
[[nodiscard]] std::string htmlText(std::string bytes, const std::string &encoding);

}  // namespace core
