// SPDX-License-Identifier: Apache-2.0
// Files of rows into a service.
#pragma once

#include "core/base/progress.h"
#include "core/formats/row_file.h"
#include "core/formats/row_shapes.h"
#include "core/imports/import_places.h"
#include "core/service/service.h"

#include <map>

namespace core {

struct ImportOptions {
    Split split = Split::Train;               ///< of rows for which neither the file nor its name says another one
    std::vector<std::string> textColumns{};   ///< empty: detected; several are joined with their names
    std::vector<std::string> labelColumns{};  ///< empty: detected
    bool skipDuplicates = true;               ///< rows equal in text, label and split to one that is there already
    /// Rows that came from the same file go when it has been read: one edit with what comes, and undo brings them
    /// back. The same file has the same path or the same content.
    bool replaceSource = false;
    bool declareClasses = false;    ///< labels that are new become classes; always so while no class is declared
    bool ignoresSplits = false;     ///< all rows go to `split`, whatever the file says
    bool updatesOwnRows = true;     ///< an export of this service that comes back changes the rows that are there
    bool labelsFromSheets = false;  ///< a workbook's sheets are classes
    std::string groupColumn{};      ///< says which rows belong together, from now on; empty: as the service has it
    double examShare = 0;           ///< so many of the labelled rows for training go to the exam instead, 0 to 0.9
    bool typeIsOpen = false;        ///< no one has said how many labels a row may have: classes alone do not
    bool isRehearsal = false;       ///< says what would come of it, and writes nothing
    NumberLabels numbers = NumberLabels::Automatic;
    std::map<std::string, std::string> meaning{};  ///< of labels in the file: "true" means spam
    ReadOptions read{};  ///< without a tokenizer, that of the default base weights chunks documents
};

struct RejectedRow {
    std::string file;  ///< as ImportFile::name
    int64_t row = 0;   ///< 0: the whole file
    std::string reason;
};

/// A sentence about a file that people should know.
struct ImportNote {
    std::string file;  ///< empty: about all of them
    std::string text;
};

/// A row that an export of ours changes when it comes back.
struct RowUpdate {
    int64_t row = 0;
    std::string text;           ///< as it is
    std::string before, after;  ///< what differs, for people: label, text or split
};

struct ImportSummary {
    int64_t imported = 0;
    int64_t updated = 0;  ///< rows that an export of ours changed
    int64_t duplicates = 0;
    int64_t replaced = 0;                        ///< rows that went, see ImportOptions::replaceSource
    int64_t unlabelled = 0;                      ///< of those imported for training or the exam, rows without a label
    int64_t toExam = 0;                          ///< see ImportOptions::examShare
    std::map<Split, int64_t> bySplit;            ///< of those imported
    std::map<std::string, int64_t> otherLabels;  ///< labels that are no class, with their rows
    bool becameMultiLabel = false;               ///< rows with several labels were the first ones with labels
    std::vector<RowUpdate> updates;              ///< the first thousand
    std::vector<RejectedRow> rejected;
    std::vector<PassedOver> passedOver;
    std::vector<ImportNote> notes;

    /// Whether nothing of what was given is in the service.
    [[nodiscard]] bool isEmpty() const { return imported + updated + duplicates == 0; }
};

/// The records of a file as an import reads them; for a preview.
[[nodiscard]] base::Result<RecordFile> readImportFile(const ImportFile &file, ReadOptions options,
                                                      const base::WorkContext &context);

/// The names of those that are classes, in their order.
[[nodiscard]] std::vector<std::string> declaredNames(const std::vector<Label> &labels);

/// How an import reads what the columns of a file mean, into a service with these labels.
[[nodiscard]] ShapeHints importHints(const std::vector<Label> &labels, bool takesSeveral, const ImportOptions &options);

/// Imports the files as one edit that undo takes back. All or nothing: an error leaves the service as it was;
/// rows that cannot be read are left out and reported, and so is, among several, a file that is there
/// and cannot be read. Into a service without classes and labelled rows, rows with several labels make it take several
/// a row; a task type that was declared never changes.
[[nodiscard]] base::Result<ImportSummary> importPlaces(const Service &service, const ImportPlaces &places,
                                                       const ImportOptions &options, const base::WorkContext &context);

/// The same for files and folders.
[[nodiscard]] base::Result<ImportSummary> importFiles(const Service &service,
                                                      const std::vector<std::filesystem::path> &places,
                                                      const ImportOptions &options, const base::WorkContext &context);

}  // namespace core
