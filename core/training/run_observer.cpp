// SPDX-License-Identifier: Apache-2.0
#include "core/training/run_observer.h"

#include "core/base/atomic_file.h"
#include "core/base/failpoint.h"
#include "core/base/memory.h"
#include "core/engine/eval/calibration.h"
#include "core/engine/eval/metrics.h"
#include "core/results/report_json.h"

#include <algorithm>
#include <cmath>

using base::Result;
using engine::Matrix;

namespace core {

namespace {

/// More points a run would show nothing more.
constexpr int64_t MostPoints = 1000;

nlohmann::ordered_json reportOf(const Matrix &probabilities, std::span<const int> truth,
                                const engine::Combinations &combinations, const std::vector<float> &thresholds,
                                const std::vector<std::string> &labels)
{
    return reportJson(engine::classificationReport(probabilities, truth, combinations, thresholds), labels);
}

}  // namespace

RunStore::Predictions keptHeldOut(const std::vector<int64_t> &ids, const Matrix &probabilities)
{
    RunStore::Predictions kept;
    const size_t every = (ids.size() + MostHeldOutKept - 1) / MostHeldOutKept;
    kept.probabilities.columns = probabilities.columns;
    for (size_t i = 0; i < ids.size(); i += every) {
        kept.examples.push_back(ids[i]);
        const auto row = probabilities.row(i);
        kept.probabilities.values.insert(kept.probabilities.values.end(), row.begin(), row.end());
    }
    kept.probabilities.rows = kept.examples.size();
    return kept;
}

Score scoreOf(const Matrix &logits, std::span<const int> labels, const engine::Combinations &combinations,
              std::optional<double> rejectShare)
{
    engine::Calibration calibration = engine::calibrate(logits, labels, combinations, rejectShare);
    const Matrix probabilities = engine::probabilitiesWith(calibration, logits, engine::taskOf(combinations));
    const auto report = engine::classificationReport(probabilities, labels, combinations, calibration.thresholds);
    return {engine::decisiveScore(report), report.macroF1, report.logLoss, std::move(calibration)};
}

std::string scoresJson(engine::TaskType task, const std::vector<Score> &scores)
{
    auto recorded = nlohmann::ordered_json::array();
    for (const Score &score : scores) {
        auto entry = scoreJson(task, score.decisive, score.macroF1, score.logLoss);
        entry["temperature"] = score.calibration.temperature;
        addThresholds(entry, score.calibration.thresholds);
        if (score.calibration.rejectLogit)
            entry["reject_logit"] = *score.calibration.rejectLogit;
        if (!score.report.empty())
            entry["report"] = nlohmann::ordered_json::parse(score.report);
        recorded.push_back(std::move(entry));
    }
    return recorded.dump();
}

std::vector<Score> parseScores(const std::string &text)
{
    std::vector<Score> scores;
    const auto recorded = nlohmann::ordered_json::parse(text, nullptr, false);
    if (!recorded.is_array())
        return {};
    for (const auto &entry : recorded) {
        const auto number = [&](const char *key) {
            const auto value =
                entry.is_object() ? entry.value(key, nlohmann::ordered_json()) : nlohmann::ordered_json();
            return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
        };
        const double decisive = decisiveScore(entry);
        const auto temperature = number("temperature");
        if (decisive < 0 || decisive > 1 || !temperature || *temperature <= 0)
            return {};
        const auto reject = number("reject_logit");
        scores.push_back(
            {decisive,
             number("macro_f1").value_or(0),
             number("log_loss").value_or(0),
             {*temperature, thresholdsOf(entry), reject ? std::optional(static_cast<float>(*reject)) : std::nullopt},
             entry.contains("report") ? entry["report"].dump() : std::string()});
    }
    return scores;
}

void RunObserver::onStep(const engine::StepResult &step)
{
    const int64_t every = std::max<int64_t>(1, step.totalSteps / MostPoints);
    if (step.step % every != 0 && step.step != step.totalSteps)
        return;
    m_points.push_back(
        {step, std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count(), base::heldMemory()});
    storePoints();
}

/// A point that cannot be stored is no reason to lose the run: it is stored with a later one, and if the disk stays
/// bad, the epoch's checkpoint says so.
void RunObserver::storePoints()
{
    while (!m_points.empty()) {
        const auto &[step, seconds, memory] = m_points.front();
        if (!m_store.addMetrics(m_run, step.step,
                                {{"loss", step.loss},
                                 {"learning_rate", step.learningRate},
                                 {"rows_per_second", step.rowsPerSecond},
                                 {"gradient_norm", step.gradientNorm},
                                 {"memory_bytes", static_cast<double>(memory)},
                                 {"elapsed_seconds", seconds},
                                 {"total_steps", static_cast<double>(step.totalSteps)}}))
            return;
        m_points.pop_front();
    }
}

bool RunObserver::isEnough(int epoch) const
{
    if (m_facts.patience == 0)
        return false;
    int best = 0;
    for (const auto &[number, score] : m_facts.heldOut) {
        if (number <= epoch && (best == 0 || score > m_facts.heldOut.at(best)))
            best = number;
    }
    return best > 0 && epoch - best >= m_facts.patience;
}

Result<void> RunObserver::crossValidate()
{
    if (!m_facts.crossValidate || !m_crossValidation.empty())
        return {};
    m_crossValidation = TRY(m_facts.crossValidate());
    return {};
}

Result<engine::EpochVerdict> RunObserver::onEpoch(const engine::EpochResult &epoch)
{
    storePoints();
    if (epoch.validationLogits.rows == 0) {
        TRY(crossValidate());
    }
    CheckpointInfo info{epoch.epoch, epoch.trainLoss, 1, {}, {}};
    engine::Calibration calibration;
    RunStore::Predictions heldOut;
    if (epoch.validationLogits.rows > 0) {
        const Score score = scoreOf(epoch.validationLogits, m_facts.validationLabels, m_facts.validationCombinations,
                                    m_facts.rejectShare);
        calibration = score.calibration;
        const Matrix held = engine::probabilitiesWith(calibration, epoch.validationLogits, m_facts.task);
        heldOut = keptHeldOut(m_facts.validationIds, held);
        auto report = reportOf(held, m_facts.validationLabels, m_facts.validationCombinations, calibration.thresholds,
                               m_facts.labels);
        addThresholds(report, calibration.thresholds);
        if (m_facts.outOfFold)
            report["cross_validated"] = true;
        else
            m_facts.heldOut[epoch.epoch] = metricOf(report, m_facts.metric);
        info.validation = report.dump();
    } else if (static_cast<size_t>(epoch.epoch) <= m_crossValidation.size()) {
        const Score &score = m_crossValidation[static_cast<size_t>(epoch.epoch) - 1];
        calibration = score.calibration;
        auto report = nlohmann::ordered_json::parse(score.report, nullptr, false);
        if (!report.is_object())  // of an older version's run that goes on
            report = scoreJson(m_facts.task, score.decisive, score.macroF1, score.logLoss);
        report["cross_validated"] = true;
        addThresholds(report, calibration.thresholds);
        info.validation = report.dump();
    }
    if (m_facts.rejectShare && !calibration.rejectLogit)
        calibration.rejectLogit = 0;  // nothing was held out that could tell
    info.temperature = calibration.temperature;
    const Matrix probabilities = engine::probabilitiesWith(calibration, epoch.testLogits, m_facts.task);
    if (probabilities.rows > 0)
        info.test = reportOf(probabilities, m_facts.testLabels, m_facts.testCombinations, calibration.thresholds,
                             m_facts.labels)
                        .dump();
    // Stored before the folder is written: after a kill between the two the epoch is done again, equal to the bit,
    // and readers show only checkpoints that have a folder.
    if (const int code = base::failpointError("checkpoint.stored"))
        return base::Failure(base::systemError(code, m_run));
    TRY(m_store.putCheckpoint(m_run, info, {m_facts.testIds, probabilities}, heldOut));
    m_latest = info;
    return engine::EpochVerdict{calibration, isEnough(epoch.epoch)};
}

Result<void> RunObserver::onCheckpoint(int)
{
    if (m_listener)
        m_listener(m_latest);
    // Before the passes take their memory.
    return crossValidate();
}

}  // namespace core
