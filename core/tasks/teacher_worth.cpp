// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/teacher_worth.h"

#include "core/results/checkpoint_name.h"
#include "core/store/run_store.h"
#include "core/tasks/exam_task.h"

#include <algorithm>
#include <cmath>

using base::failure;
using base::Result;

namespace core {

namespace {

constexpr double GoodEnough = 0.8;

/// Of a share that was counted over so many rows.
double lowerBound(double share, int64_t rows)
{
    return engine::wilsonInterval(std::llround(share * static_cast<double>(rows)), rows).low;
}

/// Rows that were answered with the class.
int64_t answeredWith(const engine::ClassificationReport &report, size_t label)
{
    const engine::ClassMetrics &metrics = report.perClass[label];
    if (!report.confusion.empty()) {
        int64_t rows = 0;
        for (const auto &expected : report.confusion)
            rows += expected[label];
        return rows;
    }
    const double right = metrics.recall * static_cast<double>(metrics.support);
    return metrics.precision > 0 ? std::llround(right / metrics.precision) : 0;
}

std::string wholePercent(double share)
{
    return std::to_string(std::llround(100 * share)) + " %";
}

std::string rightOn(const engine::ClassificationReport &report)
{
    return std::to_string(report.correct) + " of " + std::to_string(report.rows);
}

}  // namespace

ClassVerdicts classVerdicts(const StoredReport &exam)
{
    ClassVerdicts verdicts;
    for (size_t i = 0; i < exam.labels.size() && i < exam.report.perClass.size(); ++i) {
        if (exam.labels[i] == NoAnswer)
            continue;
        const engine::ClassMetrics &metrics = exam.report.perClass[i];
        const bool isGoodHere = metrics.precision >= GoodEnough && metrics.recall >= GoodEnough;
        const bool isProven = lowerBound(metrics.recall, metrics.support) >= GoodEnough &&
                              lowerBound(metrics.precision, answeredWith(exam.report, i)) >= GoodEnough;
        (!isGoodHere ? verdicts.weak : isProven ? verdicts.good : verdicts.unproven).push_back(exam.labels[i]);
    }
    return verdicts;
}

Standing standingOf(const engine::ClassificationReport &teacher, const engine::ClassificationReport &classifier)
{
    const auto teachers = engine::wilsonInterval(teacher.correct, teacher.rows);
    const double classifiers =
        classifier.rows > 0 ? static_cast<double>(classifier.correct) / static_cast<double>(classifier.rows) : 0;
    if (teachers.high < classifiers)
        return Standing::Worse;
    return teachers.low < classifiers ? Standing::NotShown : Standing::Better;
}

std::string warningOf(const engine::ClassificationReport *teacher, const engine::ClassificationReport &classifier,
                      const std::string &checkpoint)
{
    const std::string own = "your classifier " + checkpoint + " on " + rightOn(classifier);
    if (!teacher || teacher->rows == 0)
        return "This teacher has not taken the exam, so nobody knows whether its labels are better than what " + own +
               " exam rows is right on already. Examine it first.";
    const auto bounds = engine::wilsonInterval(teacher->correct, teacher->rows);
    switch (standingOf(*teacher, classifier)) {
    case Standing::Worse:
        return "This teacher is worse than the classifier that you have: it is right on " + rightOn(*teacher) +
               " exam rows (at most " + wholePercent(bounds.high) + "), " + own +
               ". Its labels would most likely make the classifier worse.";
    case Standing::NotShown:
        return "It is not shown that this teacher is better than the classifier that you have: it is right on " +
               rightOn(*teacher) + " exam rows (at least " + wholePercent(bounds.low) + "), " + own +
               ". More exam rows would tell.";
    case Standing::Better: break;
    }
    return {};
}

Result<std::string> warningAbout(const Service &service, const std::string &teacher)
{
    const RunStore store(service.database());
    auto best = TRY(bestCheckpoint(service.folder(), store, service.examples()));
    if (!best)
        return std::string();
    const auto reportOf = [&](const std::string &run, int epoch) -> Result<std::optional<StoredReport>> {
        auto checkpoints = TRY(store.checkpoints(run));
        const auto found = std::ranges::find(checkpoints, epoch, &CheckpointInfo::epoch);
        return found == checkpoints.end() ? std::nullopt : parseReport(found->test);
    };
    auto classifier = TRY(reportOf(best->run, best->epoch));
    if (!classifier || classifier->report.rows == 0)
        return std::string();
    auto exams = TRY(store.exams());
    std::optional<StoredReport> own;
    for (const RunInfo &exam : exams) {  // the newest one is the last
        const bool isChat = exam.examined != BuiltInTeacher && exam.examined != UntrainedTeacher;
        if (!isChat || exam.base != teacher)
            continue;
        own = TRY(reportOf(exam.id, 0));
    }
    return warningOf(own ? &own->report : nullptr, classifier->report, best->text());
}

}  // namespace core
