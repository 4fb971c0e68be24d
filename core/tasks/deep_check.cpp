// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/deep_check.h"

#include "core/base/counted.h"
#include "core/quality/label_errors.h"
#include "core/quality/near_audit.h"

#include <algorithm>
#include <thread>

using base::failure;
using base::Result;

namespace core {

namespace {

/// Fitting a head takes a minute then.
constexpr size_t MostRows = 20'000;
/// A classifier that is right less often than this is a doubtful witness.
constexpr double Reliable = 0.8;

void addLabelErrors(FindingList &findings, Split split, const LabelledRows &rows, const engine::Matrix &probabilities,
                    const std::vector<Label> &classes, bool isReliable)
{
    const std::string where = name(split);
    Finding finding{
        "label_errors",
        Finding::Severity::Warn,
        where,
        {},
        {},
        "Look at them: the class that seems to fit stands beside each. Ctrl+Return takes it, Ctrl+Shift+Return "
        "keeps theirs."};
    if (!isReliable)
        finding.fix += " The classifier behind this has learned little yet and is often mistaken itself.";
    for (const LabelDoubt &doubt : findLabelErrors(probabilities, rows.labels)) {
        finding.rows.push_back(rows.ids[doubt.row]);
        finding.suggested.push_back(classes[static_cast<size_t>(doubt.suggested)].id);
    }
    findings.add(std::move(finding), [=](size_t n) {
        return base::counted(n, "row of ", "rows of ") + where + (n == 1 ? " looks" : " look") + " wrongly labelled.";
    });
}

}  // namespace

Result<DeepCheck> checkDeeply(const Service &service, std::shared_ptr<FeatureReader> reader,
                              const DeepCheckOptions &options, const base::WorkContext &context)
{
    DeepCheck check;
    if (options.near) {
        auto near = auditNearDuplicates(service, options.similarity, context);
        if (!near)
            return failure(near);
        check.findings = std::move(*near);
    }
    if (!options.labels)
        return check;
    auto ignored = IgnoredFindings::of(service);
    if (!ignored)
        return failure(ignored);
    if (!reader) {
        auto opened = FeatureReader::open(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
        if (!opened)
            return failure(opened);
        reader = std::move(*opened);
    }
    auto answers = answerOutOfSample(service, *reader, MostRows, context);
    if (!answers && answers.error().code == base::ErrorCode::Blocked)
        return check;
    if (!answers)
        return failure(answers);
    FindingList doubts(std::move(*ignored));
    const bool isReliable = static_cast<double>(countRight(answers->trainProbabilities, answers->train.labels)) >=
                            Reliable * static_cast<double>(answers->train.labels.size());
    addLabelErrors(doubts, Split::Test, answers->test, answers->testProbabilities, answers->classes, isReliable);
    addLabelErrors(doubts, Split::Train, answers->train, answers->trainProbabilities, answers->classes, isReliable);
    for (Finding &finding : doubts.take())
        check.findings.push_back(std::move(finding));
    check.answers = std::move(*answers);
    return check;
}

}  // namespace core
