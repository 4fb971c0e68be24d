// SPDX-License-Identifier: Apache-2.0
// Exports of annotation tools.
#pragma once

#include "core/formats/record.h"

namespace core {

/// Finds out by the fields whether the records are an export of a known annotation tool, as JSON or as a table, and
/// reads them as what they are; false, with nothing changed, where they are not. Then each record has "text" and
/// "label" - a string, a list of strings where a file has rows with several, null where nobody has labelled it - and
/// what else its export says of it. Answers that must not be learned are rejected with the reason: rejected, skipped
/// and discarded ones, and those about which people disagree. Suggestions and predictions are never labels. The notes
/// name the tool.
bool readAnnotations(RecordFile &file);

}  // namespace core
