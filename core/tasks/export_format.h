// SPDX-License-Identifier: Apache-2.0
// The kinds of packages that a checkpoint can become.
#pragma once

#include "core/base/progress.h"
#include "core/engine/matrix.h"
#include "core/engine/nets_interface.h"

#include <span>

namespace core {

/// What a package is made of.
struct ExportSource {
    std::filesystem::path checkpoint;  ///< its folder
    engine::WeightsInfo info;
    std::string base;                ///< weights that it was trained from, as RunInfo::base has them
    std::vector<std::string> texts;  ///< that it is compared on
};

/// What a package answers, loaded as those it is for load it.
struct PackageAnswers {
    engine::Matrix probabilities;  ///< texts x labels
    std::vector<std::string> labels;
    engine::AnswerRule rule;
};

/// One line a format: the command line, the window and the tests go through all of them.
struct ExportFormat {
    const char *name;   ///< on the command line
    const char *title;  ///< for whom, as a sentence without its end
    /// Writes the format's own files into an empty folder. What belongs to every package comes from exportPackage.
    base::Result<void> (*write)(const ExportSource &source, const std::filesystem::path &folder);
    base::Result<PackageAnswers> (*answer)(const std::filesystem::path &folder, const std::vector<std::string> &texts,
                                           const base::WorkContext &context);
};

/// The first is the usual one.
[[nodiscard]] std::span<const ExportFormat> exportFormats();

}  // namespace core
