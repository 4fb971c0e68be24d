// SPDX-License-Identifier: Apache-2.0
#include "core/imports/known_files.h"

#include "core/store/source_file.h"

using base::Result;

namespace core {

FileIdentity identityOf(const ImportFile &file)
{
    if (!file.entry.empty())
        return {file.name, originOf(file.path / file.entry)};
    return {file.name, originOf(file.path), contentOf(file.path).value_or(0)};
}

ExampleQuery rowsOfFile(const FileIdentity &file)
{
    ExampleQuery query{.source = file.name};
    query.origin = file.origin;
    query.contentHash = file.content;
    return query;
}

Result<bool> wasImported(const Service &service, const ImportFile &file)
{
    auto rows = TRY(service.examples().order(rowsOfFile(identityOf(file))));
    return !rows.empty();
}

}  // namespace core
