// SPDX-License-Identifier: Apache-2.0
// Lines as fastText takes them: "__label__delivery where is my parcel".
#pragma once

#include "core/formats/record.h"

#include <string_view>

namespace core {

/// Nine of ten of the first 1,000 lines that are not blank have a label of this kind, the first one too.
[[nodiscard]] bool looksLikeFastText(std::string_view text);

/// The fields text and label of each line; a line's words that begin with __label__ are its labels, wherever they
/// stand. Where any line has several, labels are arrays of names. Lines without a text are rejected.
[[nodiscard]] RecordFile parseFastText(std::string_view text);

}  // namespace core
