// SPDX-License-Identifier: Apache-2.0
// Training runs: their settings, the rows they saw, metric points, checkpoints and predictions.
#pragma once

#include "core/engine/config/training_config.h"
#include "core/engine/matrix.h"
#include "core/store/database.h"

#include <functional>
#include <initializer_list>
#include <map>
#include <utility>
#include <vector>

namespace core {

/// Whether a name can be a run's: it becomes a folder.
[[nodiscard]] bool isRunName(const std::string &name);

struct RunInfo {
    std::string id;
    std::string createdAt;        ///< UTC, ISO 8601
    std::string state;            ///< running, succeeded, stopped, interrupted, failed
    std::string base;             ///< as the user named it
    std::string basePath{};       ///< absolute, where that is a folder; empty: it is found by its name
    std::string baseHash{};       ///< of its weights when the run began; empty in runs of older versions
    std::string tokenizerHash{};  ///< the same of its tokenizer
    std::string asked{};          ///< what it was asked for, as JSON: see refuseOtherOptions()
    int keep = 0;                 ///< so many checkpoints keep their weights, the best and the last always; 0: all
    engine::TrainingConfig config;
    std::vector<std::string> labels;  ///< as they were called then
    std::vector<int64_t> labelIds{};  ///< of each; empty in runs of older versions. Found when a run is added
    std::string device;
    double seconds = 0;
    double rowsPerSecond = 0;
    int bestEpoch = 0;            ///< 0: not chosen yet
    std::string crossValidation;  ///< JSON list of scores an epoch; empty when a validation split was used
    /// Of an exam: who took it: untrained, built-in, local or service. Empty: this is a training.
    std::string examined;
    std::string facts;  ///< of an exam: JSON

    [[nodiscard]] bool isExam() const { return !examined.empty(); }
};

/// A run that a newer program may have written, or a stranger: it keeps its place and its folder, and nothing else of
/// it is used.
struct UnreadableRun {
    std::string id;         ///< as it stands in the file: it need be no isRunName()
    std::string createdAt;  ///< the same
    std::string base;       ///< the same
    base::Error why;        ///< Unsupported: of a newer program; else Corrupt
};

/// One row of a run's snapshot.
struct RunRow {
    int64_t example = 0;
    std::string part;         ///< train, validation, test
    int64_t contentHash = 0;  ///< of text and label name, see rowHash
};

struct CheckpointInfo {
    int epoch = 0;
    double trainLoss = 0;
    double temperature = 1;
    std::string validation;  ///< report as JSON; empty: none
    std::string test;
};

class RunStore {
public:
    explicit RunStore(const Database &database) : m_database(database) { }

    /// Adds a run in state running, with its snapshot, under the first free name: `wanted`, `wanted-2`, ... What
    /// `isTaken` says is not free, either.
    [[nodiscard]] base::Result<std::string> create(const std::string &wanted, const RunInfo &info,
                                                   std::span<const RunRow> rows,
                                                   const std::function<bool(const std::string &)> &isTaken = {}) const;
    [[nodiscard]] base::Result<std::vector<RunInfo>> runs() const;   ///< trainings that can be read, oldest first
    [[nodiscard]] base::Result<std::vector<RunInfo>> exams() const;  ///< of teachers, oldest first, in the same way
    /// What the two above leave out, oldest first.
    [[nodiscard]] base::Result<std::vector<UnreadableRun>> unreadable() const;
    /// Either; an error (see UnreadableRun::why) where its record cannot be read.
    [[nodiscard]] base::Result<RunInfo> run(const std::string &id) const;
    [[nodiscard]] base::Result<std::vector<RunRow>> rows(const std::string &run) const;
    /// How many of these there are of each part.
    [[nodiscard]] base::Result<std::map<std::string, int64_t>> rowCounts(const std::string &run) const;
    [[nodiscard]] base::Result<void> setState(const std::string &run, const std::string &state,
                                              const std::string &error = {}) const;
    [[nodiscard]] base::Result<void> setConfig(const std::string &run, const engine::TrainingConfig &config) const;
    /// See RunInfo::keep.
    [[nodiscard]] base::Result<void> setKeep(const std::string &run, int keep) const;
    [[nodiscard]] base::Result<void>
    setOutcome(const RunInfo &info) const;  ///< device, seconds, rate, best epoch, cross-validation

    /// Points of several curves at one step, in one transaction.
    [[nodiscard]] base::Result<void> addMetrics(const std::string &run, int64_t step,
                                                std::initializer_list<std::pair<const char *, double>> points) const;
    using Curves = std::map<std::string, std::vector<std::pair<int64_t, double>>>;  ///< step and value, by name
    [[nodiscard]] base::Result<Curves> metrics(const std::string &run) const;

    /// A checkpoint's answers: example ids, and rows x classes in the run's label order.
    struct Predictions {
        std::vector<int64_t> examples;
        engine::Matrix probabilities;
    };
    /// Replaces the epoch's checkpoint and its predictions, in one transaction. `heldOut` are of rows that chose it.
    [[nodiscard]] base::Result<void> putCheckpoint(const std::string &run, const CheckpointInfo &checkpoint,
                                                   const Predictions &exam, const Predictions &heldOut = {}) const;
    [[nodiscard]] base::Result<std::vector<CheckpointInfo>> checkpoints(const std::string &run) const;

    /// What cross-validation says of each epoch, the first one first, before there is a checkpoint.
    [[nodiscard]] base::Result<void> putHeldOut(const std::string &run, const std::vector<Predictions> &epochs) const;

    /// HeldOut: none of the rows that a run was tested on; runs of older versions have kept none.
    enum class Part { HeldOut, Exam };
    /// By ascending id.
    [[nodiscard]] base::Result<Predictions> predictions(const std::string &run, int epoch,
                                                        Part part = Part::Exam) const;

    /// Keeps the exam of a teacher as epoch 0 of a run of its own, in place of one of the same name where `info.id`
    /// names one; returns its name. `report` as JSON. In one transaction.
    [[nodiscard]] base::Result<std::string> addExam(const RunInfo &info, const std::string &report,
                                                    const Predictions &answers, std::span<const RunRow> rows) const;

    /// Forgets a run with all that belongs to it; its folder is the caller's. A running one is refused (Busy): what a
    /// dead process left is settled before, see Service::settleDeadRuns().
    [[nodiscard]] base::Result<void> remove(const std::string &run) const;

    /// Every run that says running becomes interrupted; returns how many. Only for who holds FolderLock::forRun(),
    /// which whoever trains holds from before its run is made until it is settled: then none of them is at work.
    [[nodiscard]] base::Result<int64_t> markInterrupted() const;
    [[nodiscard]] base::Result<bool> isAnyRunning() const;

private:
    [[nodiscard]] base::Result<std::vector<RunInfo>> all(const char *which) const;
    void forget(const std::string &run) const;
    void addRows(const std::string &run, std::span<const RunRow> rows) const;

    const Database &m_database;
};

/// Stable hash of what a run saw of a row.
[[nodiscard]] int64_t rowHash(std::string_view text, std::string_view label);

}  // namespace core
