// SPDX-License-Identifier: Apache-2.0
// What is wrong with the rows, before it costs a training.
#pragma once

#include "core/quality/finding.h"
#include "core/service/service.h"

namespace engine {
class Tokenizer;
}

namespace core {

/// What to do where there is no exam and Train has rows for one.
constexpr const char *KeepForExam = "Keep a part of Train for the exam, or import labelled rows as exam rows.";

struct AuditOptions {
    const engine::Tokenizer *tokenizer = nullptr;  ///< of the base weights; without it lengths are not looked at
    int maxLength = 256;                           ///< tokens that a classifier reads, special ones included
};

/// All findings, blocking ones first, without what people ignore. Blocking: empty texts, rows without a label, labels
/// that no class names, fewer than two classes, classes without rows or with one row, exactly equal rows in train and
/// test. Warnings: few rows, a class much larger than another, rows that train and test nearly share, rows that say the
/// same twice or under two labels, labels that can be read off the text, scripts and languages that stray, names of
/// classes that differ only in how they are written (class_spelling.h). To know: small classes, texts too long,
/// personal data, names with accents or zeros more, labels that look like a missing value.
[[nodiscard]] base::Result<std::vector<Finding>> audit(const Service &service, const AuditOptions &options = {});

/// The error that stops training, naming the first blocking finding and their number; success without any.
/// With `anyway`, classes with no row or one stop nothing.
[[nodiscard]] base::Result<void> refuseBlocked(const std::vector<Finding> &findings, bool anyway = false);
/// Says that a class has no rows, or a single one in train.
[[nodiscard]] bool isOfAClassWithFewRows(const Finding &finding);
/// Whether nothing but such classes stops a training.
[[nodiscard]] bool canTrainAnyway(const std::vector<Finding> &findings);

}  // namespace core
