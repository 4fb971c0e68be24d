// SPDX-License-Identifier: Apache-2.0
// A file of answers, a line a row, that a later call goes on with when one was interrupted.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <fstream>

namespace core {

/// Answers go to a part file beside the target and become the target when all are there. The part's name holds what
/// was asked of whom: another classifier, or a file that has changed, begins anew.
class AnswerFile {
public:
    /// `classifier` is a folder in Hugging Face layout, `source` the file of rows or "-", `options` any words that
    /// change the answers.
    AnswerFile(std::filesystem::path target, const std::filesystem::path &classifier,
               const std::filesystem::path &source, const std::string &options);

    /// Number of rows that an earlier call has answered. A last line that a kill cut off is dropped.
    [[nodiscard]] base::Result<int64_t> open();
    [[nodiscard]] base::Result<void> write(const std::string &line);
    /// Makes the target appear, synced; parts of other questions for it go.
    [[nodiscard]] base::Result<void> finish();
    [[nodiscard]] const std::filesystem::path &part() const { return m_part; }

private:
    std::filesystem::path m_target, m_part;
    std::ofstream m_stream;
};

}  // namespace core
