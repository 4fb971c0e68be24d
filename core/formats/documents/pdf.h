// SPDX-License-Identifier: Apache-2.0
// Text of PDF files, by Poppler. To be run in a child process: see document_child.h.
#pragma once

#include "core/base/error.h"
#include "core/formats/documents/document.h"

namespace core {

/// The paragraphs of every page. Protected files and files without a text layer are errors that say so.
[[nodiscard]] base::Result<Document> readPdf(const std::string &bytes, const std::string &subject);

}  // namespace core
