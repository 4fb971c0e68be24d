// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/evaluate_task.h"

#include "core/classify/classifier_session.h"
#include "core/results/run_classes.h"
#include "core/rows/label_names.h"
#include "core/rows/tokenized_rows.h"
#include "core/store/run_store.h"

#include <map>

using base::failure;
using base::Result;

namespace core {

namespace {

/// The rows that a run recorded.
class RunSnapshot {
public:
    static Result<RunSnapshot> of(const Service &service, const std::string &run)
    {
        auto rows = TRY(RunStore(service.database()).rows(run));
        RunSnapshot snapshot;
        for (const RunRow &row : rows) {
            if (row.part != "unlabelled")
                (row.part == "test" ? snapshot.m_exam : snapshot.m_train)[row.example] = row.contentHash;
        }
        return snapshot;
    }

    /// Whether the rows of a split are other ones, or other words, than those that were recorded.
    [[nodiscard]] bool isAnother(Split split, const LabelledRows &rows) const
    {
        const auto &seen = split == Split::Test ? m_exam : m_train;
        return seen.size() != rows.ids.size() || !hasAll(seen, rows.ids, rows.hashes);
    }
    /// Whether one of these rows of Train says something else by now.
    [[nodiscard]] bool haveChanged(const std::vector<int64_t> &ids, const std::vector<int64_t> &hashes) const
    {
        return !hasAll(m_train, ids, hashes);
    }
    /// It learned from the row, or the row chose the checkpoint.
    [[nodiscard]] bool hasLearned(int64_t row) const { return m_train.contains(row); }

private:
    using Hashes = std::map<int64_t, int64_t>;  // by row

    static bool hasAll(const Hashes &seen, const std::vector<int64_t> &ids, const std::vector<int64_t> &hashes)
    {
        for (size_t i = 0; i < ids.size(); ++i) {
            const auto found = seen.find(ids[i]);
            if (found == seen.end() || found->second != hashes[i])
                return false;
        }
        return true;
    }

    Hashes m_train, m_exam;
};

/// Leaves out what the run has learned from; says how many rows that were.
int64_t leaveOutLearned(LabelledRows &rows, const RunSnapshot &snapshot)
{
    LabelledRows kept;
    kept.combinations = std::move(rows.combinations);
    for (size_t i = 0; i < rows.ids.size(); ++i) {
        if (snapshot.hasLearned(rows.ids[i]))
            continue;
        kept.ids.push_back(rows.ids[i]);
        kept.texts.push_back(std::move(rows.texts[i]));
        kept.labels.push_back(rows.labels[i]);
        kept.groups.push_back(rows.groups[i]);
        kept.hashes.push_back(rows.hashes[i]);
    }
    const size_t all = rows.ids.size();
    rows = std::move(kept);
    return static_cast<int64_t>(all - rows.ids.size());
}

base::Failure noRows(Split split)
{
    if (split == Split::Test)
        return failure(base::ErrorCode::InvalidInput,
                       "There are no labelled exam rows to score, and this checkpoint has kept no answers to rows that "
                       "it had not learned from. Keep a part of Train for the exam and train again.",
                       name(split));
    return failure(base::ErrorCode::InvalidInput, "There are no labelled rows in Train to score. Import some.",
                   name(split));
}

/// A checkpoint with its weights, and the rows that it is asked about.
struct Question {
    CheckpointName name;
    ClassifierSession session;
    RunClasses classes;
    LabelledRows rows;
};

Result<Question> prepare(const Service &service, const std::string &checkpoint, Split split)
{
    if (split == Split::Unlabelled)
        return failure(base::ErrorCode::InvalidInput,
                       "Unlabelled rows have nothing to compare with. Choose train or test.", "split");
    auto name = TRY(resolveCheckpoint(service, checkpoint));
    auto session = TRY(ClassifierSession::open(service.checkpointFolder(name.run, name.epoch)));
    auto run = TRY(RunStore(service.database()).run(name.run));
    if (run.labels != session.labels())
        return failure(base::ErrorCode::Corrupt, "The weights of this checkpoint are of other classes than its run.",
                       name.text());
    auto classes = TRY(runClasses(service.examples(), run));
    auto rows = TRY(readLabelled(service, split, classes.names));
    auto several = TRY(service.isMultiLabel());
    if (several != (session.task() == engine::TaskType::MultiLabel))
        return failure(base::ErrorCode::InvalidInput,
                       std::string("This checkpoint gives ") + (several ? "one label a row" : "any number of labels") +
                           ", but the service has been changed since to take " +
                           (several ? "any number" : "exactly one") + ". Train again.",
                       name.text());
    return Question{std::move(name), std::move(session), std::move(classes), std::move(rows)};
}

Result<Evaluation> answer(Question question, const base::WorkContext &context)
{
    const auto &[name, session, classes, rows] = question;
    auto logits = TRY(session.logits(rows.texts, context));
    Evaluation result{name,           {},
                      classes.names,  session.labels(),
                      rows.ids,       rows.texts,
                      rows.labels,    rows.combinations,
                      session.rule(), widened(engine::probabilitiesOf(logits, session.task()), classes.names.size())};
    if (!result.rule.thresholds.empty())
        result.rule.thresholds.resize(result.labels.size(), 1.0F);
    for (const auto &own : engine::classesOf(result.truth, result.combinations))
        result.unknown += !own.empty() && !classes.knows(own.back()) ? 1 : 0;
    result.report =
        engine::classificationReport(result.probabilities, result.truth, result.combinations, result.rule.thresholds);
    return result;
}

/// What the run kept. Empty where it kept nothing.
Result<Evaluation> keptEvaluation(const Service &service, const CheckpointName &name, const RunSnapshot &snapshot)
{
    auto kept = TRY(readAnswers(service, name, RunStore::Part::HeldOut));
    auto labels = TRY(service.examples().labels());
    Evaluation result{name, reportOf(kept), std::move(kept.labels), std::move(kept.learned)};
    result.unknown = kept.unknownRows();
    const LabelNames names(labels);
    std::vector<int64_t> hashes;
    TRY(service.examples().forEachOf(kept.examples, [&](const Example &row) {
        hashes.push_back(rowHash(row.text, names.text(row)));
        result.ids.push_back(row.id);
        result.texts.push_back(row.text);
    }));
    if (result.ids != kept.examples)
        return failure(base::ErrorCode::Busy, "Rows were deleted while they were read. Do it again.", name.text());
    const bool several = kept.rule.task == engine::TaskType::MultiLabel;
    for (const engine::Verdict &verdict : kept.verdicts) {
        result.truth.push_back(several ? static_cast<int>(result.combinations.size()) : verdict.expected.front());
        if (several)
            result.combinations.push_back(verdict.expected);
    }
    result.stale = kept.leftOut > 0 || snapshot.haveChanged(result.ids, hashes);
    result.rule = std::move(kept.rule);
    result.probabilities = std::move(kept.probabilities);
    result.kind = kept.kind;
    return result;
}

}  // namespace

Result<Evaluation> evaluate(const Service &service, const std::string &checkpoint, Split split,
                            const base::WorkContext &context)
{
    auto question = TRY(prepare(service, checkpoint, split));
    auto snapshot = TRY(RunSnapshot::of(service, question.name.run));
    const bool stale = snapshot.isAnother(split, question.rows);
    const int64_t fromTrain = split == Split::Test ? leaveOutLearned(question.rows, snapshot) : 0;
    const bool isKept = question.rows.ids.empty();
    if (isKept && split == Split::Train)
        return noRows(split);
    auto result = isKept ? keptEvaluation(service, question.name, snapshot) : answer(std::move(question), context);
    if (!result)
        return failure(result);
    if (result->ids.empty())
        return noRows(split);
    result->stale = isKept ? result->stale : stale;
    result->fromTrain = fromTrain;
    return result;
}

Result<Evaluation> answerNow(const Service &service, const std::string &checkpoint, Split split,
                             const base::WorkContext &context)
{
    auto question = TRY(prepare(service, checkpoint, split));
    return question.rows.ids.empty() ? Result<Evaluation>(noRows(split)) : answer(std::move(question), context);
}

Result<ComparedRows> compare(const Service &service, const std::string &a, const std::string &b,
                             const base::WorkContext &context)
{
    std::vector<Answers> answers;
    for (const std::string &checkpoint : {a, b}) {
        auto name = TRY(resolveAnswers(service, checkpoint));
        if (name.isExam()) {  // nobody can ask the teacher again for nothing
            auto kept = TRY(readAnswers(service, name, RunStore::Part::Exam));
            answers.push_back(std::move(kept));
            continue;
        }
        auto made = TRY(evaluate(service, checkpoint, Split::Test, context));
        auto verdicts =
            engine::verdictsOf(made.probabilities, engine::classesOf(made.truth, made.combinations), made.rule);
        answers.push_back({made.checkpoint, std::move(made.labels), std::move(made.learned), made.rule, 1,
                           std::move(made.ids), std::move(made.probabilities), std::move(verdicts), 0, made.kind});
    }
    return compareAnswers(answers.front(), answers.back());
}

}  // namespace core
