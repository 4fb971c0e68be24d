// SPDX-License-Identifier: Apache-2.0
// A file of answers that a later call goes on with when one was interrupted.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>

namespace core {

/// Gives the answers that were written, one after the other, and nothing at the end.
using NextAnswer = std::function<base::Result<std::optional<std::string>>()>;

/// Answers go to a part file beside the target, a line a row, and become the target when all are there. The part's name
/// holds what was asked of whom: another classifier, or a file that has changed, begins anew. Rows from standard input
/// are known by their keys alone, which stand in the part before their answers.
class AnswerFile {
public:
    /// `classifier` is a folder in Hugging Face layout, `source` the file of rows or "-", `options` any words that
    /// change the answers.
    AnswerFile(std::filesystem::path target, const std::filesystem::path &classifier,
               const std::filesystem::path &source, const std::string &options);

    /// Number of rows that an earlier call has answered. A last line that a kill cut off is dropped.
    [[nodiscard]] base::Result<int64_t> open();
    /// Standard input, before anything is written: whether the next answer of the earlier call is that of the row with
    /// this key. If not, it goes with all that follow.
    [[nodiscard]] base::Result<bool> isAnswered(uint64_t key);
    /// The same where no row comes any more.
    [[nodiscard]] base::Result<void> dropUnconfirmed();
    [[nodiscard]] base::Result<void> write(const std::string &line, uint64_t key = 0);

    /// Makes the target appear, synced; parts of other questions for it go.
    [[nodiscard]] base::Result<void> finish();
    /// The same for a target of another form, which `writeTarget` writes, whole or not at all.
    [[nodiscard]] base::Result<void> finish(const std::function<base::Result<void>(const NextAnswer &)> &writeTarget);
    /// There is nothing to answer: the part goes.
    void discard();
    [[nodiscard]] const std::filesystem::path &part() const { return m_part; }

private:
    [[nodiscard]] base::Result<void> close();
    void removeParts() const;

    std::filesystem::path m_target, m_part;
    bool m_isKeyed;
    std::ofstream m_stream;
    std::ifstream m_earlier;    ///< the part as the earlier call left it
    uintmax_t m_confirmed = 0;  ///< bytes of it that are the answers to the rows that came again
};

}  // namespace core
