// SPDX-License-Identifier: Apache-2.0
#include "core/results/checkpoint_results.h"

#include "core/engine/eval/ask_rule_file.h"

using base::failure;
using base::Result;

namespace core {

namespace {

/// A chart shows no more.
constexpr size_t MostPoints = 800;
constexpr uint64_t Seed = 1;

/// Single-label: how sure each answer was and whether it was right; else each single decision.
engine::CalibrationBins binsOf(const Answers &answers, const engine::Matrix &probabilities)
{
    engine::CalibrationBins bins(10);
    if (answers.rule.task == engine::TaskType::MultiLabel) {
        const auto all = engine::allDecisions(probabilities, expectedOf(answers));
        for (size_t i = 0; i < all.scores.size(); ++i)
            bins.add(all.scores[i], all.truths[i] != 0);
        return bins;
    }
    for (const auto &verdict : engine::verdictsOf(probabilities, expectedOf(answers), answers.rule))
        bins.add(verdict.confidence, verdict.isRight());
    return bins;
}

void addClass(Curves &curves, const engine::Curve &curve)
{
    curves.perClass.push_back(engine::thinned(curve, MostPoints));
}

}  // namespace

engine::ScoreIntervals intervalsOf(const Answers &answers)
{
    // Rows without an answer are drawn like those with one.
    auto verdicts = answers.verdicts;
    for (size_t c = 0; c < answers.unanswered.size(); ++c)
        verdicts.insert(verdicts.end(), static_cast<size_t>(answers.unanswered[c]), {{static_cast<int>(c)}, {}});
    return engine::scoreIntervals(verdicts, answers.labels.size(), answers.rule.task, Seed);
}

Result<CheckpointResults> readResults(const Service &service, const CheckpointName &checkpoint)
{
    CheckpointResults results;
    for (auto *answers : {&results.shown, &results.heldOut}) {
        auto read = TRY(readAnswers(service, checkpoint,
                                    answers == &results.shown ? RunStore::Part::Exam : RunStore::Part::HeldOut));
        *answers = std::move(read);
    }
    if (results.shown.size() == 0 && results.heldOut.size() > 0)
        results.shown = results.heldOut;
    const Answers &shown = results.shown;
    results.report = reportOf(shown);
    results.intervals = intervalsOf(shown);
    results.before = binsOf(shown, uncalibrated(shown));
    results.after = binsOf(shown, shown.probabilities);
    // A damaged one is said where answers are asked for; here it can be set again.
    if (auto rule = engine::readAskRule(service.checkpointFolder(checkpoint.run, checkpoint.epoch), shown.learned))
        results.askRule = std::move(*rule);
    return results;
}

CurveSet curvesOf(const Answers &answers, const base::WorkContext &context)
{
    CurveSet set;
    const auto expected = expectedOf(answers);
    std::vector<engine::Curve> precisions, rocs;
    for (size_t c = 0; c < answers.labels.size() && !context.stop.stop_requested(); ++c) {
        const auto decisions = engine::decisionsOn(answers.probabilities, expected, static_cast<int>(c));
        precisions.push_back(engine::precisionRecallCurve(decisions));
        rocs.push_back(engine::rocCurve(decisions));
        addClass(set.precisionRecall, precisions.back());
        addClass(set.roc, rocs.back());
    }
    const auto all = engine::allDecisions(answers.probabilities, expected);
    set.precisionRecall.micro = engine::thinned(engine::precisionRecallCurve(all), MostPoints);
    set.roc.micro = engine::thinned(engine::rocCurve(all), MostPoints);
    set.precisionRecall.macro = engine::meanCurve(precisions, true);
    set.roc.macro = engine::meanCurve(rocs, false);
    return set;
}

}  // namespace core
