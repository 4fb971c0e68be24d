// SPDX-License-Identifier: Apache-2.0
// A checkpoint's results as a page to hand on.
#pragma once

#include "core/results/checkpoint_results.h"

namespace core {

struct HtmlReportOptions {
    bool full = false;       ///< for the engineer: all checkpoints, intervals, curves, confusions, settings
    bool withTexts = false;  ///< texts of wrong rows, at most 100; without it no row's text is in the page
};

/// One self-contained HTML page whose figures are those of the store. Any thread with its own service.
[[nodiscard]] base::Result<std::string> htmlReport(const Service &service, const CheckpointName &checkpoint,
                                                   const HtmlReportOptions &options);

}  // namespace core
