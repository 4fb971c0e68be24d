// SPDX-License-Identifier: Apache-2.0
// Documents that only a large library can read are read by a process of their own, which may neither write files nor
// reach a network, and which dies with what it was given.
#pragma once

#include "core/base/progress.h"
#include "core/formats/documents/document.h"

#include <filesystem>

namespace core {

/// Runs stillroom-reader ($STILLROOM_READER, else beside the executable or in ../bin) on a file. `kind`: "pdf" or
/// "docx". A reader that crashes, needs more than a gigabyte or takes half a minute is an error of this file alone.
[[nodiscard]] base::Result<Document> readInChild(const std::filesystem::path &file, const std::string &kind,
                                                 const base::WorkContext &context);

}  // namespace core
