// SPDX-License-Identifier: Apache-2.0
// Runs as the store keeps them: what they hold, how they end, and those that another program wrote.
#include "core/results/checkpoint_name.h"
#include "core/service/folder_lock.h"
#include "core/service/salvage.h"
#include "core/service/service.h"
#include "core/store/edit_log.h"
#include "core/store/run_store.h"
#include "core/training/run_scope.h"
#include "tests/support/support.h"

using namespace support;

class RunsTest : public QObject {
    Q_OBJECT

private:
    static core::Service makeService(const TempFolder &folder)
    {
        auto service = core::Service::create(folder / "s", "s", {"task", {{"a", "first"}, {"b", "second"}}, {}, {}});
        if (!service)
            qFatal("%s", service.error().message.c_str());
        return std::move(*service);
    }
    static core::RunInfo someRun()
    {
        core::RunInfo info;
        info.base = "weights";
        info.labels = {"a", "b"};
        return info;
    }
    static std::string stateOf(const core::Service &service, const std::string &run)
    {
        const auto info = core::RunStore(service.database()).run(run);
        return info ? info->state : info.error().message;
    }

private Q_SLOTS:
    void runsKeepSettingsSnapshotAndScores()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        const core::RunStore store(service.database());
        core::RunInfo info;
        info.base = "weights";
        info.labels = {"a", "b"};
        info.config.epochs = 9;
        const core::RunRow rows[] = {{1, "train", core::rowHash("x", "a")}, {2, "test", core::rowHash("y", "b")}};
        const auto id = store.create("run", info, rows);
        VERIFY_RESULT(id);
        QCOMPARE(*store.create("run", info, {}), std::string("run-2"));
        const auto answer = [](int64_t example, float first) {
            core::RunStore::Predictions one{{example}, engine::Matrix(1, 2)};
            one.probabilities.values = {first, 1 - first};
            return one;
        };
        VERIFY_RESULT(store.putHeldOut(*id, {answer(1, 0.5F), answer(1, 0.625F)}));
        VERIFY_RESULT(store.putCheckpoint(*id, {1, 0.5, 1.5, "{}", "{}"}, answer(2, 0.125F)));
        VERIFY_RESULT(store.putCheckpoint(*id, {1, 0.4, 1.5, "{}", "{}"}, answer(2, 0.25F), answer(1, 0.75F)));
        const auto exam = store.predictions(*id, 1);
        VERIFY_RESULT(exam);
        QCOMPARE(exam->examples, std::vector<int64_t>{2});
        QCOMPARE(exam->probabilities.values, (std::vector{0.25F, 0.75F}));
        const auto heldOut = store.predictions(*id, 1, core::RunStore::Part::HeldOut);
        VERIFY_RESULT(heldOut);
        QCOMPARE(heldOut->examples, std::vector<int64_t>{1});
        QCOMPARE(heldOut->probabilities.values.front(), 0.75F);
        QCOMPARE(store.predictions(*id, 2, core::RunStore::Part::HeldOut)->probabilities.values.front(), 0.625F);
        QCOMPARE(store.predictions(*id, 2)->examples.size(), size_t{0});
        VERIFY_RESULT(store.addMetrics(*id, 10, {{"loss", 0.1}}));
        const auto read = store.run(*id);
        VERIFY_RESULT(read);
        QCOMPARE(read->config.epochs, 9);
        QCOMPARE(read->labels, info.labels);
        QCOMPARE(read->state, std::string("running"));
        QCOMPARE(store.rows(*id)->size(), size_t{2});
        QCOMPARE(store.checkpoints(*id)->size(), size_t{1});
        QCOMPARE(store.checkpoints(*id)->at(0).trainLoss, 0.4);
        QCOMPARE(store.metrics(*id)->at("loss").at(0).second, 0.1);
        QCOMPARE(store.rowCounts(*id)->at("train"), int64_t{1});
        QCOMPARE(store.run("none").error().code, base::ErrorCode::NotFound);
        QVERIFY(core::rowHash("ab", "c") != core::rowHash("a", "bc"));
    }

    /// Whoever trains holds the lock; the number of a process may be another one's by now.
    void runsThatNobodyWorksAtAreInterrupted()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        const core::RunStore store(service.database());
        {
            const auto lock = core::FolderLock::forRun(folder / "s");
            VERIFY_RESULT(lock);
            VERIFY_RESULT(store.create("run", someRun(), {}));
            service.database().execute("UPDATE run SET pid = 999999999");
            VERIFY_RESULT(core::Service::open(folder / "s"));
            QCOMPARE(*service.settleDeadRuns(), int64_t{0});
            QCOMPARE(stateOf(service, "run"), std::string("running"));
            QCOMPARE(store.remove("run").error().code, base::ErrorCode::Busy);
        }
        // This process has the number and lives, and yet the run is dead.
        service.database().execute(("UPDATE run SET pid = " + std::to_string(::getpid())).c_str());
        QCOMPARE(*service.settleDeadRuns(), int64_t{1});
        QCOMPARE(stateOf(service, "run"), std::string("interrupted"));
        QCOMPARE(*service.settleDeadRuns(), int64_t{0});
        VERIFY_RESULT(store.setState("run", "running"));
        VERIFY_RESULT(core::Service::open(folder / "s"));
        QCOMPARE(stateOf(service, "run"), std::string("interrupted"));
    }

    void aRunEndsInAStateWhateverHappens()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        const core::RunStore store(service.database());
        for (const char *name : {"settled", "left", "thrown"})
            VERIFY_RESULT(store.create(name, someRun(), {}));
        {
            core::RunScope scope(store, "settled");
            VERIFY_RESULT(scope.settle("succeeded"));
        }
        {
            const core::RunScope scope(store, "left");
        }
        try {
            const core::RunScope scope(store, "thrown");
            throw std::bad_alloc();
        } catch (const std::bad_alloc &) {
        }
        QCOMPARE(stateOf(service, "settled"), std::string("succeeded"));
        QCOMPARE(stateOf(service, "left"), std::string("failed"));
        QCOMPARE(stateOf(service, "thrown"), std::string("failed"));
    }

    void whatANewerProgramWroteIsNamedAndLeftAlone_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<bool>("isNewer");
        const auto row = [](const char *name, const char *change, bool isNewer) {
            QTest::newRow(name) << QString::fromLatin1(change) << isNewer;
        };
        row("recipe", "config = replace(config, '\"finetune\"', '\"distil\"')", true);
        row("schedule", "config = replace(config, '\"linear\"', '\"sawtooth\"')", true);
        row("task", "config = json_set(config, '$.problem_type', 'ranking')", true);
        row("metric", "config = json_set(config, '$.metric_for_best_model', 'kappa')", true);
        row("precision", "config = json_set(config, '$.precision', 'float8')", true);
        row("a lost setting", "config = json_remove(config, '$.dropout')", false);
        row("no settings", "config = 'x'", false);
        row("labels", "labels = '{}'", false);
    }
    void whatANewerProgramWroteIsNamedAndLeftAlone()
    {
        QFETCH(const QString, change);
        QFETCH(const bool, isNewer);
        const TempFolder folder;
        {
            const auto service = makeService(folder);
            const core::EditLog log(service.database());
            VERIFY_RESULT(log.apply({.title = "Add", .newRows = {{.text = "one", .label = 1}}}));
            const core::RunStore store(service.database());
            for (const char *name : {"before", "newer", "after"}) {
                VERIFY_RESULT(store.create(name, someRun(), {}));
                VERIFY_RESULT(store.setState(name, "succeeded"));
            }
            write(service.runFolder("newer") / "note.txt", "kept");
            service.database().execute(("UPDATE run SET " + change.toStdString() + " WHERE id = 'newer'").c_str());
            const auto runs = store.runs();
            VERIFY_RESULT(runs);
            QCOMPARE(runs->size(), size_t{2});
            QCOMPARE(runs->back().id, std::string("after"));
            VERIFY_RESULT(store.exams());
            const auto unreadable = store.unreadable();
            VERIFY_RESULT(unreadable);
            QCOMPARE(unreadable->size(), size_t{1});
            QCOMPARE(unreadable->front().id, std::string("newer"));
            const auto code = isNewer ? base::ErrorCode::Unsupported : base::ErrorCode::Corrupt;
            QCOMPARE(unreadable->front().why.code, code);
            QCOMPARE(store.run("newer").error().code, code);
            QCOMPARE(core::resolveCheckpoint(service, "best").error().code, base::ErrorCode::NotFound);
        }
        const auto report = core::salvage(folder / "s", folder / "again", {});
        VERIFY_RESULT(report);
        QCOMPARE(report->rows, int64_t{1});
        QCOMPARE(report->runs, int64_t{2});
        QCOMPARE(report->unreadableRuns, std::vector<std::string>{"newer"});
        const auto again = core::Service::open(folder / "again");
        VERIFY_RESULT(again);
        QCOMPARE(core::RunStore(again->database()).unreadable()->size(), size_t{1});
        QCOMPARE(read(again->runFolder("newer") / "note.txt"), std::string("kept"));
    }
};

QTEST_MAIN(RunsTest)
#include "tst_runs.moc"
