// SPDX-License-Identifier: Apache-2.0
// Text of word processors' documents (.docx, ECMA-376).
#pragma once

#include "core/base/error.h"
#include "core/formats/documents/document.h"

namespace core {

/// The body: paragraphs and rows of tables. Headers, footers, comments and deleted text are no part of it.
[[nodiscard]] base::Result<DocumentContent> readDocx(std::string bytes, const std::string &subject);

}  // namespace core
