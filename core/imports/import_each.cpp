// SPDX-License-Identifier: Apache-2.0
#include "core/imports/import_each.h"

#include <iterator>

using base::Result;

namespace core {

namespace {

template <class T>
void append(std::vector<T> &all, std::vector<T> &more)
{
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void append(ImportSummary &all, ImportSummary one)
{
    all.imported += one.imported;
    all.updated += one.updated;
    all.duplicates += one.duplicates;
    all.replaced += one.replaced;
    all.unlabelled += one.unlabelled;
    all.toExam += one.toExam;
    for (const auto &[split, rows] : one.bySplit)
        all.bySplit[split] += rows;
    for (const auto &[label, rows] : one.otherLabels)
        all.otherLabels[label] += rows;
    all.becameMultiLabel = all.becameMultiLabel || one.becameMultiLabel;
    append(all.updates, one.updates);
    append(all.rejected, one.rejected);
    append(all.passedOver, one.passedOver);
    append(all.notes, one.notes);
}

}  // namespace

Result<ImportSummary> importEach(const Service &service, const std::vector<FileToImport> &files,
                                 const base::WorkContext &context)
{
    ImportSummary all;
    for (const FileToImport &file : files) {
        auto one = TRY(file.found ? importPlaces(service, {.files = {*file.found}}, file.options, context)
                                  : importFiles(service, {file.path}, file.options, context));
        append(all, std::move(one));
        all.passedOver.insert(all.passedOver.end(), file.passedOver.begin(), file.passedOver.end());
    }
    return all;
}

}  // namespace core
