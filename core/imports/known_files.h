// SPDX-License-Identifier: Apache-2.0
// Files from which rows came already.
#pragma once

#include "core/imports/import_places.h"
#include "core/service/service.h"
#include "core/store/example_query.h"

namespace core {

/// What the rows of a file are known by, see source_file.h. Content 0: the file cannot be read, or lies in an archive.
struct FileIdentity {
    std::string name;
    int64_t origin = 0, content = 0;
};

/// Reads the whole file.
[[nodiscard]] FileIdentity identityOf(const ImportFile &file);

/// The rows that came from this file, by its place or its content; those of which neither is known go by its name.
[[nodiscard]] ExampleQuery rowsOfFile(const FileIdentity &file);

/// Whether a row of the service came from this file.
[[nodiscard]] base::Result<bool> wasImported(const Service &service, const ImportFile &file);

}  // namespace core
