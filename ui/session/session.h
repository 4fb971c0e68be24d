// SPDX-License-Identifier: Apache-2.0
// The open service as the window sees it: what the store says, and the work on it.
#pragma once

#include "core/engine/eval/coverage.h"
#include "core/imports/import_each.h"
#include "core/jobs/job_runner.h"
#include "core/jobs/store_watcher.h"
#include "core/results/checkpoint_name.h"
#include "core/results/report_json.h"
#include "core/results/score_kind.h"
#include "core/rows/label_names.h"
#include "core/service/folder_lock.h"
#include "core/service/service.h"
#include "core/store/edit_log.h"
#include "core/store/run_store.h"
#include "core/tasks/exam_task.h"
#include "core/tasks/train_task.h"
#include "ui/session/checker.h"
#include "ui/session/chip.h"
#include "ui/session/deep_checker.h"
#include "ui/session/quick_trainer.h"
#include "ui/session/suggester.h"

#include <QTimer>
#include <algorithm>
#include <map>
#include <memory>
#include <optional>

namespace ui {

struct CheckpointView {
    core::CheckpointInfo info;
    std::optional<core::StoredReport> heldOut;  ///< held-out rows, or cross-validated
    std::optional<core::StoredReport> exam;
    bool isThere = true;  ///< its weights are; else it has scores and answers alone. Always of an exam

    /// What is said of it: the exam, or, where it took none, the rows that were held out or left out in turn. Null:
    /// nothing was counted.
    [[nodiscard]] const core::StoredReport *shownOrNull() const
    {
        return exam && exam->report.rows > 0 ? &*exam : heldOut && heldOut->report.rows > 0 ? &*heldOut : nullptr;
    }
    [[nodiscard]] core::ScoreKind kind() const
    {
        return exam && exam->report.rows > 0        ? core::ScoreKind::Exam
               : heldOut && heldOut->crossValidated ? core::ScoreKind::CrossValidated
                                                    : core::ScoreKind::HeldOut;
    }
};

struct RunView {
    core::RunInfo info;  ///< bestEpoch also of a run that did not end: the best so far
    std::vector<CheckpointView> checkpoints;
    int64_t bytes = 0;  ///< of its folder, counted when a checkpoint has come or gone

    [[nodiscard]] auto checkpointsThere() const
    {
        return std::count_if(checkpoints.begin(), checkpoints.end(), [](const auto &c) { return c.isThere; });
    }
};

/// Lives on the GUI thread. Reads the store again whenever any connection has committed; holds no second truth.
class Session final : public QObject {
    Q_OBJECT
public:
    [[nodiscard]] static base::Result<std::unique_ptr<Session>> open(const std::filesystem::path &folder,
                                                                     core::JobRunner &runner);
    /// Without work in the background: for a dialog about a service that is not made yet.
    [[nodiscard]] static base::Result<std::unique_ptr<Session>> openQuietly(const std::filesystem::path &folder,
                                                                            core::JobRunner &runner);

    [[nodiscard]] const core::Service &service() const { return m_service; }
    [[nodiscard]] std::filesystem::path folder() const { return m_service.folder(); }
    [[nodiscard]] core::JobRunner &runner() { return m_runner; }
    /// The folder cannot be written, or another window edits it.
    [[nodiscard]] bool isReadOnly() const { return m_lookOnly.has_value(); }
    [[nodiscard]] const std::optional<base::Error> &whyReadOnly() const { return m_lookOnly; }

    [[nodiscard]] QString name() const { return m_name; }
    [[nodiscard]] QString taskDescription() const { return m_task; }
    [[nodiscard]] const std::vector<core::Label> &labels() const { return m_labels; }
    [[nodiscard]] const core::Label *labelOrNull(int64_t id) const;
    /// A row may have any number of labels.
    [[nodiscard]] bool isMultiLabel() const { return m_isMultiLabel; }
    /// Those that a row has, in the order of the classes.
    [[nodiscard]] std::vector<core::Label> labelsOf(const core::LabelSet &labels) const;
    [[nodiscard]] std::vector<core::Label> labelsOf(const core::Example &row) const
    {
        return labelsOf(core::labelsOf(row));
    }
    /// As it is read: "refund, damaged item", "none of them", or nothing.
    [[nodiscard]] QString labelWords(const core::LabelSet &labels) const;
    /// The same as chips; a row that has none of the classes gets one that says so.
    [[nodiscard]] Chips chipsOf(const core::LabelSet &labels) const;
    /// As it is typed: a name, "a; b", "[]" for none of the classes, or nothing.
    [[nodiscard]] QString labelText(const core::Example &row) const;
    /// Of a class by name; a class that is gone keeps its place in the list as colour.
    [[nodiscard]] int64_t colourOf(const std::string &label, int64_t otherwise) const;
    [[nodiscard]] const core::SplitCounts &counts() const { return m_rows.counts; }
    /// Without rows, in whichever split.
    [[nodiscard]] bool isEmpty() const { return m_rows.counts.total() == 0; }
    [[nodiscard]] core::SplitCounts countsOf(int64_t label) const { return m_rows.of(label); }
    /// Where the rows of a split came from.
    [[nodiscard]] const std::vector<std::string> &sources(core::Split split) const
    {
        return m_rows.sources[static_cast<size_t>(split)];
    }
    /// So many rows that reading something of each takes a job.
    [[nodiscard]] bool isLarge() const { return m_isLarge; }
    [[nodiscard]] const std::vector<core::EditInfo> &history() const { return m_history; }
    /// None of a service without rows: there nothing was done yet that could be wrong.
    [[nodiscard]] const std::vector<core::Finding> &findings() const { return m_checker.findings(); }
    [[nodiscard]] std::optional<Checker::Severity> problemOf(int64_t row) const { return m_checker.problemOf(row); }
    [[nodiscard]] std::optional<core::LabelSet> betterLabelsOf(int64_t row) const
    {
        return m_checker.betterLabelsOf(row);
    }
    [[nodiscard]] const DeepChecker &deepCheck() const { return m_deep; }
    void lookDeeper();
    /// Says that a finding, or some of its rows, is fine as it is: one edit.
    void ignore(const std::string &code, const std::vector<int64_t> &rows);
    void ignore(const core::Finding &finding);
    [[nodiscard]] const core::Suggestions &suggestions() const { return m_suggester.suggestions(); }
    [[nodiscard]] const core::Suggestion *suggestionOrNull(int64_t row) const
    {
        return m_suggester.suggestionOrNull(row);
    }
    [[nodiscard]] const std::vector<RunView> &runs() const { return m_runs; }
    /// Of teachers, each with one checkpoint, 0, that has answers but no weights.
    [[nodiscard]] const std::vector<RunView> &exams() const { return m_exams; }
    /// Of a newer program, for instance: named, and nothing else.
    [[nodiscard]] const std::vector<core::UnreadableRun> &unreadableRuns() const { return m_unreadableRuns; }
    /// A run or an exam.
    [[nodiscard]] const RunView *runOrNull(const std::string &id) const;
    /// Another text whenever a run or a checkpoint has come, gone or ended; metric points do not change it.
    [[nodiscard]] const std::string &runsState() const { return m_runsState; }
    [[nodiscard]] std::optional<core::CheckpointName> best() const { return m_best; }
    [[nodiscard]] std::optional<core::CheckpointName> inUse() const { return m_inUse; }
    [[nodiscard]] const CheckpointView *checkpointOrNull(const core::CheckpointName &name) const;
    [[nodiscard]] std::shared_ptr<const core::QuickClassifier> quick() const { return m_quick.classifier(); }
    /// The quick classifier waits until a question is answered that does not need it.
    void questionComes()
    {
        m_quick.giveWay();
        m_suggester.giveWay();
    }
    /// The run that works now, here or in another process.
    [[nodiscard]] const RunView *runningOrNull() const;

    /// One edit; says `edited`, or `editFailed` and returns nothing. An edit of thousands of rows goes on in the
    /// background and returns nothing, too: `edited` follows.
    std::optional<int64_t> apply(const core::EditDraft &draft);
    void undo();
    void redo();
    /// Keeps a usual share of Train for an exam, as one edit in the background; `examMade` or `failed` follows.
    void keepForExam();
    /// Remembers something of the window in the service; no step of its history.
    void keep(const core::SettingKey &key, const std::string &value);
    /// Takes back one step among later ones, as a new step; `failed` says which later one stands in the way.
    void takeBack(int64_t edit);
    [[nodiscard]] QString undoTitle() const;  ///< empty: nothing to undo
    [[nodiscard]] QString redoTitle() const;

    /// Imports in the background, an edit a file; `imported` follows.
    void importFiles(std::vector<core::FileToImport> files);

    /// Queues a training. Its run appears in `runs` when it begins.
    core::Job *train(core::TrainOptions options);
    /// Lets a teacher that needs no network answer the exam rows, in the background; `exams` has it then.
    core::Job *examine(core::EmbeddingTeacher::Learns learns);
    /// Forgets a run with its folder; one that this window is at is stopped before.
    void discard(const std::string &run);
    /// The training of this window that runs, or the first that waits.
    [[nodiscard]] core::Job *trainingJobOrNull() const;
    /// How many threads a training uses, asked when it is queued; 0: all cores.
    void setThreads(std::function<int()> threads) { m_threads = std::move(threads); }
    /// Which base weights a training begins with where nobody chooses, as the user's settings say.
    void setStartingModel(std::function<std::string()> model) { m_startingModel = std::move(model); }
    [[nodiscard]] std::string startingModel() const { return m_startingModel ? m_startingModel() : std::string(); }
    void use(const core::CheckpointName &name);
    /// CPU threads that trainings of this window take; 0: all.
    [[nodiscard]] int trainingThreads() const { return m_threads ? m_threads() : 0; }
    /// From which confidence on the checkpoint's answers stand, from now on and in exports.
    void setAskRule(const core::CheckpointName &name, const engine::AskRule &rule,
                    const std::vector<std::string> &labels);

    void refresh();

Q_SIGNALS:
    void dataChanged();  ///< rows, classes, settings or history
    void rowsCounted();  ///< of a large service; those of others are known with dataChanged
    void runsChanged();
    void findingsChanged();
    void quickChanged();
    void suggestionsChanged();
    void deepCheckChanged();
    void edited(const QString &title);
    /// The draft may be applied again when the cause is gone.
    void editFailed(const base::Error &error, const core::EditDraft &draft);
    void undone(const QString &title, bool redo);
    void imported(const core::ImportSummary &summary);
    void examMade(qint64 rows);
    /// `notes`: sentences about what was done otherwise than asked.
    void trainingEnded(const QString &run, const base::Error &errorOrInternal, bool succeeded, const QString &notes);
    void failed(const base::Error &error);

private:
    Session(core::Service service, core::JobRunner &runner, base::Result<core::FolderLock> lock);
    void startWorking();
    [[nodiscard]] bool refuse();  ///< says why nothing may be changed; false: it may
    void readData();
    void readRows();
    void settled();
    void countRows();
    void readRuns();
    void settleDeadRuns();
    [[nodiscard]] base::Result<std::vector<RunView>> viewsOf(std::vector<core::RunInfo> infos) const;
    void examineUntrained();
    void readChoice();
    void storeChanged();
    void tidyUp();
    void trainQuickly();
    void ignore(core::IgnoredFindings ignored);
    void removeRun(const std::string &run);
    void step(bool redo);
    using Writing = std::function<base::Result<std::string>(const core::Service &, const base::WorkContext &)>;
    /// Writes many rows on a connection of its own; `done` gets the title of what was written.
    void write(const QString &title, Writing work, std::function<void(const base::Result<std::string> &)> done);

    core::Service m_service;
    std::optional<core::FolderLock> m_lock;
    std::optional<base::Error> m_lookOnly;
    core::EditLog m_log;
    core::JobRunner &m_runner;
    core::StoreWatcher m_watcher;
    QTimer m_liveness;  ///< of a run of another process
    QTimer m_settled;   ///< since the last edit
    Checker m_checker;
    DeepChecker m_deep;
    QuickTrainer m_quick;
    Suggester m_suggester;
    QString m_name, m_task;
    std::vector<core::Label> m_labels;
    core::LabelNames m_labelNames{std::vector<core::Label>()};
    bool m_isMultiLabel = false;
    core::RowSummary m_rows;
    bool m_isLarge = false;
    bool m_rowsAreOld = false;
    OneAtATime m_counting;
    std::vector<core::EditInfo> m_history;
    std::vector<RunView> m_runs, m_exams;
    std::optional<core::CheckpointName> m_best, m_inUse;
    std::vector<core::Job *> m_trainingJobs;  ///< in the order in which they run
    std::function<int()> m_threads = [] { return 0; };
    std::function<std::string()> m_startingModel;
    core::Job *m_writing = nullptr;
    std::string m_discard;  ///< to be removed when its training has stopped
    std::string m_dataSignature;
    std::vector<core::UnreadableRun> m_unreadableRuns;
    std::string m_runsState;
};

}  // namespace ui
