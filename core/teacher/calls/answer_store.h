// SPDX-License-Identifier: Apache-2.0
// Every answer of a teacher that was ever paid for, so that none is bought twice.
#pragma once

#include "core/store/database.h"

#include <array>
#include <map>
#include <span>

namespace core {

/// What makes two questions the same: SHA-256 of all that the answer depends on.
using AnswerKey = std::array<std::byte, 32>;

/// Of parts that are told apart by their lengths: {"a", "bc"} is not {"ab", "c"}.
[[nodiscard]] AnswerKey answerKey(std::span<const std::string> parts);

struct TeacherAnswer {
    std::string reply;  ///< as the teacher gave it, without what it thought before
    /// What it would have said instead at the place that decides, by its probability; empty where it does not say.
    std::map<std::string, double> alternatives{};
    int64_t inputTokens = 0;
    int64_t outputTokens = 0;
    /// What is no answer is kept, too, so that it is not asked for again; the reply then says why.
    enum class Kind { Answer, Refused, Unfinished } kind = Kind::Answer;
    bool operator==(const TeacherAnswer &) const = default;
};

/// A file of its own in the service's folder: it may be written many times a second without anybody's being told.
/// Belongs to one thread at a time.
class AnswerStore {
public:
    /// Corrupt, with what to do, where the file cannot be read; so are find, put and count.
    [[nodiscard]] static base::Result<AnswerStore> open(const std::filesystem::path &serviceFolder);

    [[nodiscard]] base::Result<std::optional<TeacherAnswer>> find(const AnswerKey &key) const;
    struct Bought {
        AnswerKey key;
        TeacherAnswer answer;
    };
    /// All of them or none, on disk when it returns. `teacher`: a name for people.
    [[nodiscard]] base::Result<void> put(std::span<const Bought> answers, const std::string &teacher) const;
    /// How many there are.
    [[nodiscard]] base::Result<int64_t> count() const;

private:
    explicit AnswerStore(Database database) : m_database(std::move(database)) { }

    Database m_database;
};

}  // namespace core
