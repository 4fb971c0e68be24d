// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/evaluate_task.h"

#include "core/store/run_store.h"
#include "core/tasks/classifier_session.h"
#include "core/tasks/tokenized_rows.h"

#include <map>

using base::failure;
using base::Result;

namespace core {

namespace {

/// Whether the rows of a split are other ones, or other words, than those the run recorded.
Result<bool> hasChanged(const Service &service, const std::string &run, Split split, const LabelledRows &rows)
{
    auto recorded = RunStore(service.database()).rows(run);
    if (!recorded)
        return failure(recorded);
    std::map<int64_t, int64_t> seen;
    for (const RunRow &row : *recorded) {
        if (row.part != "unlabelled" && (row.part == "test") == (split == Split::Test))
            seen[row.example] = row.contentHash;
    }
    bool changed = seen.size() != rows.ids.size();
    for (size_t i = 0; i < rows.ids.size() && !changed; ++i) {
        const auto found = seen.find(rows.ids[i]);
        changed = found == seen.end() || found->second != rows.hashes[i];
    }
    return changed;
}

}  // namespace

Result<Evaluation> evaluate(const Service &service, const std::string &checkpoint, Split split,
                            const base::WorkContext &context)
{
    if (split == Split::Unlabelled)
        return failure(base::ErrorCode::InvalidInput,
                       "Unlabelled rows have nothing to compare with. Choose train or test.", "split");
    auto name = resolveCheckpoint(service, checkpoint);
    if (!name)
        return failure(name);
    auto session = ClassifierSession::open(service.checkpointFolder(name->run, name->epoch));
    if (!session)
        return failure(session);
    auto rows = readLabelled(service, split, session->labels());
    if (!rows)
        return failure(rows);
    auto several = service.isMultiLabel();
    if (!several)
        return failure(several);
    if (*several != (session->task() == engine::TaskType::MultiLabel))
        return failure(base::ErrorCode::InvalidInput,
                       std::string("This checkpoint gives ") + (*several ? "one label a row" : "any number of labels") +
                           ", but the service has been changed since to take " +
                           (*several ? "any number" : "exactly one") + ". Train again.",
                       name->text());
    if (rows->ids.empty())
        return failure(base::ErrorCode::InvalidInput,
                       std::string("There are no labelled rows in ") + core::name(split) + " to score. Import some.",
                       core::name(split));
    auto logits = session->logits(rows->texts, context);
    if (!logits)
        return failure(logits);
    auto stale = hasChanged(service, name->run, split, *rows);
    if (!stale)
        return failure(stale);
    Evaluation result{*name,
                      {},
                      session->labels(),
                      rows->ids,
                      std::move(rows->texts),
                      rows->labels,
                      std::move(rows->combinations),
                      session->rule(),
                      engine::probabilitiesOf(*logits, session->task()),
                      *stale};
    result.report =
        engine::classificationReport(result.probabilities, result.truth, result.combinations, result.rule.thresholds);
    return result;
}

Result<ComparedRows> compare(const Service &service, const std::string &a, const std::string &b,
                             const base::WorkContext &context)
{
    std::vector<Answers> answers;
    for (const std::string &checkpoint : {a, b}) {
        auto name = resolveAnswers(service, checkpoint);
        if (!name)
            return failure(name);
        if (name->isExam()) {  // nobody can ask the teacher again for nothing
            auto kept = readAnswers(service, *name, RunStore::Part::Exam);
            if (!kept)
                return failure(kept);
            answers.push_back(std::move(*kept));
            continue;
        }
        auto made = evaluate(service, checkpoint, Split::Test, context);
        if (!made)
            return failure(made);
        auto verdicts =
            engine::verdictsOf(made->probabilities, engine::classesOf(made->truth, made->combinations), made->rule);
        answers.push_back({made->checkpoint, std::move(made->labels), made->rule, 1, std::move(made->ids),
                           std::move(made->probabilities), std::move(verdicts)});
    }
    return compareAnswers(answers.front(), answers.back());
}

}  // namespace core
