// SPDX-License-Identifier: Apache-2.0
// Answers beside the rows that they are about: the table that was asked about, with ours as further columns.
#pragma once

#include "core/engine/task_type.h"
#include "core/tasks/answer_file.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace core {

/// What a file of answers is, by its ending: .csv, .tsv and .xlsx are tables, all others JSON lines.
enum class AnswersForm { JsonLines, Csv, Tsv, Workbook };
[[nodiscard]] AnswersForm answersFormOf(const std::filesystem::path &target);

/// The rows that were asked about.
struct AskedRows {
    std::vector<std::string> columns;            ///< in their order
    std::vector<nlohmann::ordered_json> fields;  ///< of each row, an object; null: the row could not be read
    std::vector<int64_t> numbers;                ///< of each row, as people count in its file
};

/// What answers are to be read with.
struct AnswerTerms {
    std::vector<std::string> labels;
    engine::AnswerRule rule;
    bool asks = false;  ///< there is a limit below which a person is asked
};

/// Columns of rows: those of `names`, and behind them what else the rows hold, in the order of its first appearance.
[[nodiscard]] std::vector<std::string> columnsOf(const std::vector<std::string> &names,
                                                 const std::vector<nlohmann::ordered_json> &rows);

/// Writes the asked rows with the columns label, probability, margin, ask ("yes" or "no", only where there is a limit)
/// and error, whole or not at all; `next` gives the answers as predict() writes them, one a row. A name that the rows
/// have already becomes "label (2)". Single-label: the probability of the answer, and by how much it is ahead of the
/// second. Multi-label: the labels as joinLabels() gives them; the probability of the least sure one that was given, or
/// of there being none; the smallest distance of any class to its threshold. CSV and TSV are UTF-8 with a byte order
/// mark, and unless `lossless` with an apostrophe before what a spreadsheet would run.
[[nodiscard]] base::Result<void> writeAnswersTable(const std::filesystem::path &target, const AskedRows &rows,
                                                   const AnswerTerms &terms, bool lossless, const NextAnswer &next);

/// An error where the rows do not fit a workbook, so that it is said before they are answered.
[[nodiscard]] base::Result<void> checkFitsWorkbook(const AskedRows &rows);

}  // namespace core
