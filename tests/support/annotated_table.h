// SPDX-License-Identifier: Apache-2.0
// Tables that annotation tools write, read as what they are.
#pragma once

#include "core/formats/annotation/annotations.h"
#include "core/formats/csv.h"

#include <string>

namespace support {

inline core::RecordFile table(const std::string &csv)
{
    core::RecordFile file = core::parseCsv(csv, core::detectDialect(csv));
    core::readAnnotations(file);
    return file;
}

/// Why rows with labelled places are not read.
inline constexpr const char *Spans = "it marks places within its text; only labels of whole texts can be learned";

}  // namespace support
