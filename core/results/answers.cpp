// SPDX-License-Identifier: Apache-2.0
#include "core/results/answers.h"

#include "core/results/report_json.h"
#include "core/results/run_classes.h"
#include "core/store/label_set.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

using base::failure;
using base::Result;

namespace core {

namespace {

constexpr float Smallest = 1e-12F;
/// The threshold of a class that the run does not know: its probability is 0.
constexpr float Never = 1.0F;

/// Indices of a row's labels among the run's, ascending; nothing where they do not fit the run.
std::optional<std::vector<int>> expectedIn(const std::map<int64_t, int> &index, engine::TaskType task,
                                           const Example &example)
{
    const LabelSet own = labelsOf(example);
    if (!own.isAnswered || (task == engine::TaskType::SingleLabel && own.ids.size() != 1))
        return std::nullopt;
    std::vector<int> expected;
    for (const int64_t id : own.ids) {
        const auto known = index.find(id);
        if (known == index.end())
            return std::nullopt;
        expected.push_back(known->second);
    }
    std::sort(expected.begin(), expected.end());
    return expected;
}

/// Exam rows that came with a class after the run, so that it was never asked about them.
Result<void> countUnanswered(const Service &service, const RunClasses &classes, Answers &answers)
{
    if (answers.rule.task == engine::TaskType::MultiLabel)
        return {};
    const std::set<int64_t> asked(answers.examples.begin(), answers.examples.end());
    answers.unanswered.assign(answers.labels.size(), 0);
    return service.examples().forEach({.split = Split::Test}, [&](const Example &row) {
        const auto expected = expectedIn(classes.places, answers.rule.task, row);
        if (expected && !classes.knows(expected->front()) && !asked.contains(row.id))
            ++answers.unanswered[static_cast<size_t>(expected->front())];
    });
}

}  // namespace

Result<Answers> readAnswers(const Service &service, const CheckpointName &checkpoint, RunStore::Part part)
{
    const RunStore store(service.database());
    auto run = TRY(store.run(checkpoint.run));
    auto checkpoints = TRY(store.checkpoints(checkpoint.run));
    auto stored = TRY(store.predictions(checkpoint.run, checkpoint.epoch, part));
    auto classes = TRY(runClasses(service.examples(), run));
    if (!stored.examples.empty() && stored.probabilities.columns != run.labels.size())
        return failure(base::ErrorCode::Corrupt,
                       "The kept answers of this checkpoint are of other classes than its run.", checkpoint.text());
    const size_t columns = classes.known;
    Answers answers{checkpoint, classes.names, run.labels, {run.config.task}};
    bool isCrossValidated = !run.crossValidation.empty();
    for (const CheckpointInfo &info : checkpoints) {
        if (info.epoch != checkpoint.epoch)
            continue;
        answers.temperature = info.temperature;
        const auto report = nlohmann::json::parse(info.validation, nullptr, false);
        answers.rule.thresholds = thresholdsOf(report);
        isCrossValidated = isCrossValidated || (report.is_object() && report.value("cross_validated", false));
    }
    if (part == RunStore::Part::HeldOut)
        answers.kind = isCrossValidated ? ScoreKind::CrossValidated : ScoreKind::HeldOut;
    std::vector<std::vector<int>> expected;
    engine::Matrix probabilities;
    probabilities.columns = columns;
    size_t place = 0;
    TRY(service.examples().forEachOf(stored.examples, [&](const Example &example) {
        while (stored.examples[place] != example.id)
            ++place;
        auto known = expectedIn(classes.places, run.config.task, example);
        if (!known)
            return;
        const auto row = std::as_const(stored.probabilities).row(place);
        probabilities.values.insert(probabilities.values.end(), row.begin(), row.end());
        answers.examples.push_back(example.id);
        expected.push_back(std::move(*known));
    }));
    probabilities.rows = answers.examples.size();
    answers.leftOut = static_cast<int64_t>(stored.examples.size() - answers.examples.size());
    answers.probabilities = widened(std::move(probabilities), answers.labels.size());
    if (!answers.rule.thresholds.empty())
        answers.rule.thresholds.resize(answers.labels.size(), Never);
    answers.verdicts = engine::verdictsOf(answers.probabilities, expected, answers.rule);
    if (part == RunStore::Part::Exam && !answers.examples.empty() && answers.labels.size() > columns) {
        TRY(countUnanswered(service, classes, answers));
    }
    return answers;
}

int64_t Answers::unknownRows() const
{
    const auto isUnknown = [this](const engine::Verdict &verdict) {
        return !verdict.expected.empty() && static_cast<size_t>(verdict.expected.back()) >= learned.size();
    };
    return std::count_if(verdicts.begin(), verdicts.end(), isUnknown) +
           std::accumulate(unanswered.begin(), unanswered.end(), int64_t{0});
}

Result<Answers> readShownAnswers(const Service &service, const CheckpointName &checkpoint)
{
    auto exam = readAnswers(service, checkpoint, RunStore::Part::Exam);
    if (!exam || exam->size() > 0)
        return exam;
    auto heldOut = readAnswers(service, checkpoint, RunStore::Part::HeldOut);
    return heldOut && heldOut->size() == 0 ? exam : heldOut;
}

std::vector<std::vector<int>> expectedOf(const Answers &answers)
{
    std::vector<std::vector<int>> expected;
    for (const engine::Verdict &verdict : answers.verdicts)
        expected.push_back(verdict.expected);
    return expected;
}

engine::ClassificationReport reportOf(const Answers &answers)
{
    std::vector<int> truth;
    engine::Combinations combinations;
    const bool several = answers.rule.task == engine::TaskType::MultiLabel;
    for (const engine::Verdict &verdict : answers.verdicts) {
        truth.push_back(several ? static_cast<int>(combinations.size()) : verdict.expected.front());
        if (several)
            combinations.push_back(verdict.expected);
    }
    auto report = engine::classificationReport(answers.probabilities, truth, combinations, answers.rule.thresholds);
    report.task = answers.rule.task;  // rows may be none
    if (!answers.unanswered.empty())
        engine::addUnanswered(report, answers.unanswered);
    return report;
}

engine::Matrix uncalibrated(const Answers &answers)
{
    // A softmax forgets a constant that was added to all logits: ln p times the temperature is as good as they.
    engine::Matrix logits = answers.probabilities;
    const bool several = answers.rule.task == engine::TaskType::MultiLabel;
    for (float &value : logits.values) {
        const double p = std::clamp(value, Smallest, several ? 1 - 1e-7F : 1.0F);
        value = static_cast<float>(answers.temperature * (several ? std::log(p / (1 - p)) : std::log(p)));
    }
    return engine::probabilitiesOf(logits, answers.rule.task);
}

}  // namespace core
