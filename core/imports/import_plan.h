// SPDX-License-Identifier: Apache-2.0
// What the records of one file become, before anything is written.
#pragma once

#include "core/imports/import_task.h"

#include <set>
#include <span>

namespace core {

struct PlannedRow {
    Example row;  ///< without labels, which may not be there yet
    std::vector<std::string> labels;
    bool isAnswered = false;
    std::optional<int64_t> id;  ///< of a row of ours that comes back
    std::string source;         ///< that it gives
    bool saysSplit = false;     ///< the file gives its split, and its comment
    bool saysComment = false;
};

struct FilePlan {
    std::vector<PlannedRow> rows;
    std::vector<Rejection> rejections;
    std::vector<std::string> notes;
    RowRoles roles;
    bool hasSeveral = false;  ///< some row has another number of labels than one
    bool isOwn = false;
    bool hasSplits = false;  ///< the file says where its rows go
};

/// How the rows of a file are planned.
struct PlanOptions {
    ShapeHints hints;
    bool mayTakeSeveral = false;      ///< the service takes several labels a row, or may come to
    bool validationIsExam = true;     ///< no file says "test"
    int64_t origin = 0, content = 0;  ///< see Example
};

/// An error where nothing tells which column is the text. Stopped: what was planned by then.
[[nodiscard]] base::Result<FilePlan> planFile(const RecordFile &file, const ImportFile &from,
                                              const ImportOptions &options, const PlanOptions &how,
                                              const base::WorkContext &context);

/// Names of columns that some of the rows have beside text, label and what else is ours.
[[nodiscard]] std::set<std::string> otherColumns(std::span<const PlannedRow> rows);

/// Whether the file's own column of splits names an exam.
[[nodiscard]] Split splitOf(NamedSplit split, bool validationIsExam);

}  // namespace core
