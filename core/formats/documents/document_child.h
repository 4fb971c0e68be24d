// SPDX-License-Identifier: Apache-2.0
// Files that only a large library can read are read by a process of their own, which may neither write files nor reach
// a network, and which dies with what it was given.
#pragma once

#include "core/base/progress.h"
#include "core/formats/documents/reader_answer.h"
#include "core/formats/file_source.h"

namespace core {

/// Runs stillroom-reader ($STILLROOM_READER, else beside the executable or in ../bin) on a file. `kind`: see there. A
/// reader that crashes, needs more than a gigabyte or takes half a minute is an error of this file alone.
[[nodiscard]] base::Result<ReaderAnswer> readInChild(const FileSource &source, const std::string &kind,
                                                     const base::WorkContext &context);

}  // namespace core
