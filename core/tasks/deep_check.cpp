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

void addLabelErrors(FindingList &findings, Split split, const LabelledRows &rows, const engine::Matrix &probabilities,
                    const std::vector<int64_t> &labelIds)
{
    const std::string where = name(split);
    Finding finding{"label_errors", Finding::Severity::Warn, where, {}, {},
                    "Look at them: the class that seems to fit stands beside each."};
    for (const LabelDoubt &doubt : findLabelErrors(probabilities, rows.labels)) {
        finding.rows.push_back(rows.ids[doubt.row]);
        finding.suggested.push_back(labelIds[static_cast<size_t>(doubt.suggested)]);
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
    addLabelErrors(doubts, Split::Test, answers->test, answers->testProbabilities, answers->labelIds);
    addLabelErrors(doubts, Split::Train, answers->train, answers->trainProbabilities, answers->labelIds);
    for (Finding &finding : doubts.take())
        check.findings.push_back(std::move(finding));
    check.answers = std::move(*answers);
    return check;
}

}  // namespace core
