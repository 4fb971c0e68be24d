// SPDX-License-Identifier: Apache-2.0
// A new service from a folder of another system, or by hand.
#pragma once

#include "core/imports/import_each.h"
#include "core/quality/audit.h"

namespace core {

struct InitSummary {
    std::vector<Finding> findings;  ///< the audit, and notes about what has no effect
    std::vector<RejectedRow> rejected;
};

/// `source` is a folder with job_description.json, train.*, test.*, unstructured.*, config.yaml (distil labs), or an
/// Augmentoolkit config with a classification section (a file, or the folder of a config.yaml). Nothing is left at
/// `folder` when it fails.
[[nodiscard]] base::Result<InitSummary> initFromFolder(const std::filesystem::path &folder,
                                                       const std::filesystem::path &source, const std::string &name,
                                                       const base::WorkContext &context);

/// Whether initFromFolder knows `source` as what describes a service, readable or not: rows and texts alone do not.
[[nodiscard]] bool describesService(const std::filesystem::path &source);

/// A new service of files of rows, whose labels become its classes. Nothing is left at `folder` when it fails, or when
/// not one row comes in (InvalidInput, with the reason of the first that was left out).
[[nodiscard]] base::Result<ImportSummary> initFromFiles(const std::filesystem::path &folder, const std::string &name,
                                                        std::vector<FileToImport> files,
                                                        const base::WorkContext &context);

/// A service without rows.
[[nodiscard]] base::Result<InitSummary> initByHand(const std::filesystem::path &folder, const std::string &name,
                                                   const JobDescription &job);

}  // namespace core
