// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/export_task.h"

#include "core/base/atomic_file.h"
#include "core/base/failpoint.h"
#include "core/engine/eval/ask_rule_file.h"
#include "core/results/report_json.h"
#include "core/results/run_classes.h"
#include "core/store/run_store.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/model_card.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr double MaxDifference = 1e-4;

nlohmann::ordered_json orNull(const std::optional<double> &value)
{
    return value ? nlohmann::ordered_json(*value) : nullptr;
}

/// Loads the package as a stranger would and compares it, row by row, with what the service computes.
Result<ExportSummary> verify(const ExportFormat &format, const fs::path &package, const Evaluation &own,
                             const base::WorkContext &context)
{
    const auto &texts = own.texts;
    const auto [probabilities, labels, rule] = TRY(format.answer(package, texts, context));
    ExportSummary summary;
    summary.rows = static_cast<int64_t>(texts.size());
    int64_t same = 0;
    for (size_t i = 0; i < texts.size(); ++i) {
        same += engine::answerOf(probabilities.row(i), rule) == engine::answerOf(own.probabilities.row(i), own.rule)
                    ? 1
                    : 0;
        for (size_t j = 0; j < probabilities.columns; ++j)
            summary.maxProbabilityDifference = std::max<double>(
                summary.maxProbabilityDifference, std::abs(probabilities.row(i)[j] - own.probabilities.row(i)[j]));
    }
    summary.agreement = static_cast<double>(same) / static_cast<double>(summary.rows);
    engine::AnswerRule known = own.rule;
    if (!known.thresholds.empty())
        known.thresholds.resize(own.learned.size());
    summary.accuracy = engine::classificationReport(widened(probabilities, own.labels.size()), own.truth,
                                                    own.combinations, own.rule.thresholds)
                           .accuracy;
    // Two probabilities that are equal but for rounding may change places; then the rows say the same.
    if (labels != own.learned || rule != known || summary.maxProbabilityDifference > MaxDifference ||
        std::isnan(summary.maxProbabilityDifference) || same != summary.rows)
        return failure(ErrorCode::Internal,
                       "The exported package does not answer like the checkpoint (" +
                           std::to_string(summary.rows - same) + " of " + std::to_string(summary.rows) +
                           " rows differ, largest probability difference " +
                           std::to_string(summary.maxProbabilityDifference) + "), so it was not written.",
                       package.filename().string());
    return summary;
}

}  // namespace

Result<ExportSummary> exportPackage(const Service &service, const std::string &checkpoint, const fs::path &target,
                                    const base::WorkContext &context, const ExportFormat &format)
{
    auto name = TRY(resolveCheckpoint(service, checkpoint));
    auto counts = TRY(service.examples().counts());
    auto run = TRY(RunStore(service.database()).run(name.run));
    const Split split = counts.test > 0 ? Split::Test : Split::Train;
    auto scored = evaluate(service, name.text(), Split::Test, context);
    if (!scored && scored.error().code != ErrorCode::InvalidInput)
        return failure(scored);
    const bool coversExam = scored && scored->kind == ScoreKind::Exam && scored->fromTrain == 0;
    auto own = TRY(coversExam ? scored : answerNow(service, name.text(), split, context));
    ExportSummary summary;
    const auto fill = [&](const fs::path &folder) -> Result<void> {
        const fs::path checkpointFolder = service.checkpointFolder(name.run, name.epoch);
        auto info = TRY(engine::readWeightsInfo(checkpointFolder));
        const ExportSource source{checkpointFolder, info, run.base, own.texts};
        TRY(format.write(source, folder));
        if (const int code = base::failpointError("export.copied"))
            return base::Failure(base::systemError(code, target));
        summary = TRY(verify(format, folder, own, context));
        if (!coversExam)
            summary.accuracy.reset();
        if (const int code = base::failpointError("export.verified"))
            return base::Failure(base::systemError(code, target));
        summary.checkedOn = core::name(split);
        nlohmann::ordered_json receipt{{"rows", summary.rows},
                                       {"split", summary.checkedOn},
                                       {"agreement", summary.agreement},
                                       {"max_probability_difference", summary.maxProbabilityDifference},
                                       {"accuracy", orNull(summary.accuracy)},
                                       {"report", nullptr}};
        if (scored) {
            receipt["report"] = {{"kind", core::name(scored->kind)}};
            receipt["report"].update(reportJson(scored->report, scored->labels));
        }
        TRY(base::writeFile(folder / "verification.json", receipt.dump(2) + "\n"));
        auto job = TRY(service.describe());
        TRY(base::writeFile(folder / "job_description.json", job));
        auto rule = TRY(engine::readAskRule(folder, own.labels));
        auto card = TRY(modelCard(service, {name, info, rule, scored ? &*scored : nullptr}));
        return base::writeFile(folder / "README.md", card);
    };
    TRY(base::writeFolder(target, false, fill));
    summary.path = target;
    for (const auto &entry : fs::recursive_directory_iterator(target))
        summary.bytes += entry.is_regular_file() ? static_cast<int64_t>(entry.file_size()) : 0;
    return summary;
}

}  // namespace core
