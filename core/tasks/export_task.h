// SPDX-License-Identifier: Apache-2.0
// A checkpoint as a package that others load.
#pragma once

#include "core/base/progress.h"
#include "core/service/service.h"
#include "core/tasks/export_format.h"

#include <optional>

namespace core {

struct ExportSummary {
    std::filesystem::path path;
    int64_t bytes = 0;
    int64_t rows = 0;       ///< rows the package was checked on
    std::string checkedOn;  ///< test or train
    double agreement = 0;   ///< share of rows with the same label as in the service
    double maxProbabilityDifference = 0;
    std::optional<double> accuracy;  ///< of the package on those rows; not of rows that it has learned from
};

/// Writes a package of `format` with a model card, the limit for asking a person, the job description and test vectors
/// of the tokenizer. Before it appears at `target` it is loaded again as anyone would and must give the same label on
/// every row, with probabilities within 1e-4; else nothing is left and the error says what differed. An existing target
/// is refused.
[[nodiscard]] base::Result<ExportSummary> exportPackage(const Service &service, const std::string &checkpoint,
                                                        const std::filesystem::path &target,
                                                        const base::WorkContext &context,
                                                        const ExportFormat &format = exportFormats().front());

}  // namespace core
