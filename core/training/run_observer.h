// SPDX-License-Identifier: Apache-2.0
// Listens to a training run: scores each epoch, chooses its temperature, and stores what happened.
#pragma once

#include "core/engine/nets_interface.h"
#include "core/store/run_store.h"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>

namespace core {

/// How good an epoch is on rows that it did not train on.
struct Score {
    double decisive = 0;  ///< engine::decisiveScore
    double macroF1 = 0;
    double logLoss = 0;  ///< after temperature; settles ties
    engine::Calibration calibration;
    std::string report{};  ///< the whole of it as reportJson writes it, where it is known
};

/// So many held-out answers an epoch are kept, evenly spread: what thresholds are set by needs no more.
constexpr size_t MostHeldOutKept = 20'000;
[[nodiscard]] RunStore::Predictions keptHeldOut(const std::vector<int64_t> &ids, const engine::Matrix &probabilities);

/// Of logits rows x learned classes. With `rejectShare` also of a class more, see engine::fitRejectLogit.
[[nodiscard]] Score scoreOf(const engine::Matrix &logits, std::span<const int> labels,
                            const engine::Combinations &combinations, std::optional<double> rejectShare = {});

/// Scores of epochs as text, to be kept with a run.
[[nodiscard]] std::string scoresJson(engine::TaskType task, const std::vector<Score> &scores);
/// What that wrote; nothing where it is damaged.
[[nodiscard]] std::vector<Score> parseScores(const std::string &text);

/// What scoring an epoch needs to know.
struct ScoringFacts {
    std::vector<std::string> labels;    ///< the last one may reject
    std::optional<double> rejectShare;  ///< set where it does
    engine::TaskType task = engine::TaskType::SingleLabel;
    std::vector<int64_t> validationIds;
    std::vector<int> validationLabels;
    engine::Combinations validationCombinations;
    std::vector<int> testLabels;
    engine::Combinations testCombinations;
    std::vector<int64_t> testIds;
    /// Gives an entry an epoch, of epochs that have no validation logits; asked once, when a first checkpoint is there.
    /// Unset: validation logits decide.
    std::function<base::Result<std::vector<Score>>()> crossValidate{};
    int patience = 0;  ///< TrainingConfig::patience
    engine::Metric metric = engine::Metric::Automatic;
    std::map<int, double> heldOut{};  ///< metricOf by epoch, as far as a resumed run knows them
    bool outOfFold = false;           ///< validation logits, if any, come from cross-validation over the train rows
};

class RunObserver final : public engine::TrainObserver {
public:
    using Listener = std::function<void(const CheckpointInfo &)>;
    using Shortened = std::function<void(int microBatch)>;

    RunObserver(const RunStore &store, std::string run, ScoringFacts facts, Listener listener, Shortened shortened)
        : m_store(store), m_run(std::move(run)), m_facts(std::move(facts)), m_listener(std::move(listener)),
          m_shortened(std::move(shortened))
    {
    }

    void onStep(const engine::StepResult &step) override;
    void onMicroBatch(int rows) override { m_shortened(rows); }
    [[nodiscard]] base::Result<engine::EpochVerdict> onEpoch(const engine::EpochResult &epoch) override;
    [[nodiscard]] base::Result<void> onCheckpoint(int epoch) override;

private:
    void storePoints();
    [[nodiscard]] base::Result<void> crossValidate();
    /// Whether nothing has improved for as many epochs as are waited for.
    [[nodiscard]] bool isEnough(int epoch) const;

    const RunStore &m_store;
    std::string m_run;
    struct Point {
        engine::StepResult step;
        double seconds = 0;  ///< since the run began, or went on
        int64_t memory = 0;
    };
    std::deque<Point> m_points;  ///< not stored yet
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
    ScoringFacts m_facts;
    std::vector<Score> m_crossValidation;  ///< empty: not asked for yet
    Listener m_listener;
    Shortened m_shortened;
    CheckpointInfo m_latest;
};

}  // namespace core
