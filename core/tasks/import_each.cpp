// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/import_each.h"

using base::Result;

namespace core {

Result<ImportSummary> importEach(const Service &service, const std::vector<FileToImport> &files,
                                 const base::WorkContext &context)
{
    ImportSummary all;
    for (const FileToImport &file : files) {
        auto one = importFiles(service, {file.path}, file.options, context);
        if (!one)
            return base::failure(one);
        all.imported += one->imported;
        all.duplicates += one->duplicates;
        all.replaced += one->replaced;
        all.becameMultiLabel = all.becameMultiLabel || one->becameMultiLabel;
        all.rejected.insert(all.rejected.end(), one->rejected.begin(), one->rejected.end());
    }
    return all;
}

}  // namespace core
