// SPDX-License-Identifier: Apache-2.0
// What is wrong with the rows, before it costs a training.
#pragma once

#include "core/service/service.h"

namespace core {

struct Finding {
    enum class Severity { Block, Warn, Info };
    std::string code;  ///< stable word, e.g. "empty_text"
    Severity severity = Severity::Warn;
    std::string split;          ///< train, test, unlabelled, or empty
    std::vector<int64_t> rows;  ///< ids
    std::string message;        ///< what, with counts
    std::string fix;            ///< what to do now
};

[[nodiscard]] const char *name(Finding::Severity severity);

/// All findings, blocking ones first. Blocking: empty texts, rows without a label, labels that no class names,
/// fewer than two classes, classes without rows or with one row, exactly equal rows in train and test. Warnings: few
/// rows, rows that train and test nearly share, rows that say the same twice or under two labels.
[[nodiscard]] base::Result<std::vector<Finding>> audit(const Service &service);

/// The error that stops training, naming the first blocking finding and their number; success without any.
[[nodiscard]] base::Result<void> refuseBlocked(const std::vector<Finding> &findings);

}  // namespace core
