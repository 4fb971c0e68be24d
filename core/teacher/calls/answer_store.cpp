// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/calls/answer_store.h"

#include "core/service/service.h"

#include <QCryptographicHash>
#include <algorithm>
#include <nlohmann/json.hpp>

using base::failure;
using base::Result;

namespace core {

namespace {

constexpr const char *RefusedWord = "refused";
constexpr const char *UnfinishedWord = "unfinished";

/// alternatives: JSON, text to probability, or empty; a word in place of them where the reply is no answer
const Schema &answersSchema()
{
    static const Schema schema{1,
                               R"(
CREATE TABLE answer (
    key BLOB PRIMARY KEY,
    teacher TEXT NOT NULL,
    reply TEXT NOT NULL,
    alternatives TEXT NOT NULL DEFAULT '',
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    bought_at TEXT NOT NULL
) WITHOUT ROWID;
)",
                               {}};
    return schema;
}

/// The store's words for damage are of a service's data file, which this is not.
base::Error ofAnswers(base::Error error)
{
    if (error.code == base::ErrorCode::Corrupt)
        error.message = "What teachers answered before can no longer be read. Move the file elsewhere: then they are "
                        "asked anew.";
    return error;
}

template <class F>
auto guardAnswers(const F &use) -> decltype(use())
{
    auto used = guardStore(use);
    if (!used)
        return base::Failure(ofAnswers(used.error()));
    return used;
}

}  // namespace

AnswerKey answerKey(std::span<const std::string> parts)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const std::string &part : parts) {
        hash.addData(QByteArray::number(static_cast<qulonglong>(part.size())) + ':');
        hash.addData(QByteArrayView(part.data(), static_cast<qsizetype>(part.size())));
    }
    const QByteArray result = hash.result();
    AnswerKey key;
    std::transform(result.begin(), result.end(), key.begin(), [](char c) { return static_cast<std::byte>(c); });
    return key;
}

Result<AnswerStore> AnswerStore::open(const std::filesystem::path &serviceFolder)
{
    const auto file = serviceFolder / Service::AnswersName;
    auto database = Database::open(file, OpenMode::Create, answersSchema());
    if (!database)
        return base::Failure(ofAnswers(database.error()));
    return AnswerStore(std::move(*database));
}

Result<std::optional<TeacherAnswer>> AnswerStore::find(const AnswerKey &key) const
{
    return guardAnswers([&]() -> Result<std::optional<TeacherAnswer>> {
        auto row =
            m_database.prepare("SELECT reply, alternatives, input_tokens, output_tokens FROM answer WHERE key = ?");
        if (!row.bindBlob(key).step())
            return std::optional<TeacherAnswer>();
        TeacherAnswer answer{row.text(0), {}, row.integer(2), row.integer(3)};
        const auto alternatives = nlohmann::json::parse(row.text(1), nullptr, false);
        if (alternatives.is_object()) {
            for (const auto &[text, probability] : alternatives.items()) {
                if (probability.is_number())
                    answer.alternatives[text] = probability;
            }
        }
        if (alternatives.is_string())
            answer.kind = alternatives == RefusedWord      ? TeacherAnswer::Kind::Refused
                          : alternatives == UnfinishedWord ? TeacherAnswer::Kind::Unfinished
                                                           : TeacherAnswer::Kind::Answer;
        return std::optional(std::move(answer));
    });
}

Result<void> AnswerStore::put(std::span<const Bought> answers, const std::string &teacher) const
{
    return guardAnswers([&]() -> Result<void> {
        Transaction transaction(m_database);
        auto insert =
            m_database.prepare("INSERT OR REPLACE INTO answer (key, teacher, reply, alternatives, input_tokens, "
                               "output_tokens, bought_at) VALUES (?, ?, ?, ?, ?, ?, "
                               "strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))");
        for (const Bought &bought : answers) {
            const TeacherAnswer &answer = bought.answer;
            nlohmann::json alternatives(answer.alternatives);
            if (answer.kind != TeacherAnswer::Kind::Answer)
                alternatives = answer.kind == TeacherAnswer::Kind::Refused ? RefusedWord : UnfinishedWord;
            const std::string kept = alternatives.empty()
                                         ? std::string()
                                         : alternatives.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
            insert.bindBlob(bought.key)
                .bind(teacher)
                .bind(answer.reply)
                .bind(kept)
                .bind(answer.inputTokens)
                .bind(answer.outputTokens)
                .run();
        }
        transaction.commit();
        return {};
    });
}

Result<int64_t> AnswerStore::count() const
{
    return guardAnswers([&]() -> Result<int64_t> {
        auto row = m_database.prepare("SELECT COUNT(*) FROM answer");
        row.step();
        return row.integer(0);
    });
}

}  // namespace core
