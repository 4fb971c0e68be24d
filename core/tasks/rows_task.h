// SPDX-License-Identifier: Apache-2.0
// The rows of a service as files that other programs, and this one, read.
#pragma once

#include "core/base/progress.h"
#include "core/service/service.h"

#include <functional>
#include <optional>
#include <string_view>

namespace core {

enum class RowFormat { Jsonl, Csv, Xlsx, Distil };
enum class RowShape { Own, TextLabel, PromptCompletion, QuestionAnswer, Messages };

struct RowsOptions {
    RowFormat format = RowFormat::Jsonl;
    RowShape shape = RowShape::Own;  ///< of JSON lines
    std::optional<Split> split;      ///< empty: all
    bool lossless = false;           ///< CSV: cells as they are, even those that a spreadsheet would run as formulas
};

/// Hands the rows as text to `write`, part by part, and says how many they are. CSV for spreadsheets begins with a byte
/// order mark and has an apostrophe before what could be a formula; an import takes both back. Not for workbooks.
/// CSV, workbooks and JSON lines of our own shape hold the other columns of the rows' files, too: behind ours, in the
/// order in which the rows give them; one that is called like one of ours is "label (2)".
[[nodiscard]] base::Result<int64_t> writeRows(const Service &service, const RowsOptions &options,
                                              const std::function<base::Result<void>(std::string_view)> &write,
                                              const base::WorkContext &context);

/// Writes a file, or nothing. A text of more than 32,767 characters fits no cell of a workbook: an error that names
/// its row.
[[nodiscard]] base::Result<int64_t> exportRows(const Service &service, const RowsOptions &options,
                                               const std::filesystem::path &to, const base::WorkContext &context);

/// A folder as distil labs takes it and `init --from` reads it: job_description.json, train.csv, test.csv,
/// unstructured.csv, config.yaml. The folder must not exist.
[[nodiscard]] base::Result<int64_t> exportDistilFolder(const Service &service, const std::filesystem::path &to,
                                                       const base::WorkContext &context);

}  // namespace core
