// SPDX-License-Identifier: Apache-2.0
// What of a run stays, and what it gives back.
#include "core/base/random.h"
#include "core/results/chosen_pass.h"
#include "core/service/folder_lock.h"
#include "core/tasks/train_task.h"
#include "core/training/disk_fit.h"
#include "core/training/run_files.h"
#include "core/training/training_cost.h"
#include "tests/support/stopped_run.h"

#include <filesystem>

namespace fs = std::filesystem;
using namespace support;

namespace {

std::vector<int> epochsThere(const core::Service &service, const std::string &run)
{
    std::vector<int> epochs;
    for (int epoch = 1; epoch < 20; ++epoch) {
        if (core::isThere(service.folder(), {run, epoch}))
            epochs.push_back(epoch);
    }
    return epochs;
}

/// A checkpoint that says what it scored.
void putPass(const core::Service &service, const std::string &run, int epoch, double heldOut)
{
    const core::RunStore store(service.database());
    const std::string report = R"({"accuracy":)" + std::to_string(heldOut) + R"(,"log_loss":0.5,"rows":1000})";
    if (!store.putCheckpoint(run, {epoch, 0.1, 1, report, {}}, {}))
        qFatal("The checkpoint could not be stored.");
    write(service.checkpointFolder(run, epoch) / "config.json", "{}");
    write(service.checkpointFolder(run, epoch) / "model.safetensors", std::string(1000, 'x'));
}

core::RunInfo putRun(const core::Service &service, const std::string &name, const std::vector<double> &scores,
                     const std::string &state, const std::string &base = "weights")
{
    const core::RunStore store(service.database());
    core::RunInfo info;
    info.base = base;
    info.labels = {"refund", "delivery"};
    if (!store.create(name, info, {}))
        qFatal("The run could not be made.");
    for (size_t i = 0; i < scores.size(); ++i)
        putPass(service, name, static_cast<int>(i) + 1, scores[i]);
    if (!store.setState(name, state))
        qFatal("The state could not be set.");
    return *store.run(name);
}

}  // namespace

class KeptRunsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theBestOfAllRunsIsFoundHoweverTheyEnded()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        putRun(service, "killed", {0.6, 0.8, 0.7}, "interrupted");
        QCOMPARE(core::resolveCheckpoint(service, "best")->text(), std::string("killed/2"));
        putRun(service, "failed", {0.85}, "failed");
        QCOMPARE(core::resolveCheckpoint(service, "best")->text(), std::string("failed/1"));
        putRun(service, "stopped", {}, "stopped");
        QCOMPARE(core::resolveCheckpoint(service, "best")->text(), std::string("failed/1"));
        // What is at work changes nothing while there is something else, but is better than nothing.
        const auto lock = core::FolderLock::forRun(service.folder());
        VERIFY_RESULT(lock);
        putRun(service, "working", {0.95}, "running");
        QCOMPARE(core::resolveCheckpoint(service, "best")->text(), std::string("failed/1"));
        fs::remove_all(service.runFolder("failed"));
        QCOMPARE(core::resolveCheckpoint(service, "best")->text(), std::string("killed/2"));
        fs::remove_all(service.checkpointFolder("killed", 2));
        QCOMPARE(core::resolveCheckpoint(service, "best")->text(), std::string("killed/3"));
        QVERIFY(core::resolveCheckpoint(service, "killed/2").error().message.find("are gone") != std::string::npos);
        VERIFY_RESULT(core::resolveAnswers(service, "killed/2"));
        QVERIFY(core::resolveCheckpoint(service, "killed/9").error().message.find("no checkpoint of this name") !=
                std::string::npos);
        fs::remove_all(service.runFolder("killed"));
        QCOMPARE(core::resolveCheckpoint(service, "best")->text(), std::string("working/1"));
        fs::remove_all(service.runFolder("working"));
        QVERIFY(core::resolveCheckpoint(service, "best").error().message.find("are gone") != std::string::npos);
    }

    /// Whatever comes, a pass that was neither chosen nor last is never chosen later.
    void whatIsDroppedIsNeverMissed()
    {
        base::Random random(7);
        for (int round = 0; round < 300; ++round) {
            core::RunInfo run;
            run.config.recipe = round % 2 ? engine::Recipe::SelfTraining : engine::Recipe::Finetune;
            std::vector<core::CheckpointInfo> all;
            int chosen = 0;
            for (int epoch = 1; epoch <= 8; ++epoch) {
                const auto score = static_cast<double>(random.below(20)) / 20;
                all.push_back(
                    {epoch, 0, 1, R"({"accuracy":)" + std::to_string(score) + R"(,"log_loss":0.5,"rows":100})", {}});
                const int now = core::choosePass(run, all);
                QVERIFY(now == epoch || now == chosen);
                chosen = now;
            }
        }
    }

    void aRunKeepsAsManyCheckpointsAsAsked()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        auto options = tinyTraining("finetune", 5);
        options.keep = 1;
        const auto done = core::train(service, options, {});
        VERIFY_RESULT(done);
        QCOMPARE(done->checkpoints.size(), size_t{5});  // with their scores
        const auto there = epochsThere(service, "finetune");
        QVERIFY(there.size() <= 2 && there.back() == 5);
        QVERIFY(std::ranges::find(there, done->run.bestEpoch) != there.end());
        QCOMPARE(core::RunStore(service.database()).run("finetune")->keep, 1);
        // As many as all: to the bit what one without has.
        options.keep = 3;
        options.name = "three";
        VERIFY_RESULT(core::train(service, options, {}));
        QCOMPARE(epochsThere(service, "three").size(), size_t{3});
        options.keep.reset();
        options.name = "all";
        VERIFY_RESULT(core::train(service, options, {}));
        QCOMPARE(epochsThere(service, "all").size(), size_t{5});
        QCOMPARE(read(service.checkpointFolder("three", 5) / "model.safetensors"),
                 read(service.checkpointFolder("all", 5) / "model.safetensors"));
    }

    void aRunThatKeepsFewGoesOn()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        auto options = tinyTraining("finetune", 5);
        options.keep = 1;
        QCOMPARE(stoppedAfter(service, options, 3).code, base::ErrorCode::Cancelled);
        QVERIFY(epochsThere(service, "finetune").size() <= 2);
        VERIFY_RESULT(core::train(service, {.resume = "finetune", .keep = 2}, {}));
        QCOMPARE(epochsThere(service, "finetune").back(), 5);
        QCOMPARE(core::RunStore(service.database()).run("finetune")->keep, 2);
        options.name = "whole";
        options.keep.reset();
        VERIFY_RESULT(core::train(service, options, {}));
        QCOMPARE(read(service.checkpointFolder("finetune", 5) / "model.safetensors"),
                 read(service.checkpointFolder("whole", 5) / "model.safetensors"));
    }

    void removedRunsGiveTheirDiskBack()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        putRun(service, "one", {0.5, 0.6}, "succeeded");
        putRun(service, "two", {0.7}, "interrupted");
        const auto files = core::filesOfRuns(service);
        VERIFY_RESULT(files);
        QCOMPARE(files->size(), size_t{2});
        QCOMPARE(files->front().bytes, int64_t{2 * 1002});
        QCOMPARE(files->front().checkpoints.size(), size_t{2});
        QCOMPARE(files->front().checkpoints[0].bytes, int64_t{1002});
        QCOMPARE(core::removeRun(service, "none").error().code, base::ErrorCode::NotFound);
        QCOMPARE(core::removeRun(service, "../s").error().code, base::ErrorCode::NotFound);
        {
            const auto lock = core::FolderLock::forRun(service.folder());
            putRun(service, "three", {}, "running", "one/2");
            QCOMPARE(core::removeRun(service, "three").error().code, base::ErrorCode::Busy);
            QCOMPARE(core::removeRun(service, "one").error().code, base::ErrorCode::Busy);
        }
        QCOMPARE(*core::removeRun(service, "one"), int64_t{2 * 1002});  // whoever needed it is dead
        QVERIFY(!fs::exists(service.runFolder("one")));
        QCOMPARE(core::RunStore(service.database()).runs()->size(), size_t{2});
        QCOMPARE(core::resolveCheckpoint(service, "best")->text(), std::string("two/1"));
        // A folder that was left: named, removed, and no new run's.
        write(service.runFolder("finetune") / "checkpoints/1/config.json", "{}");
        QVERIFY(core::filesOfRuns(service)->back().state.empty());
        const auto trained = core::train(service, tinyTraining("finetune", 1), {});
        VERIFY_RESULT(trained);
        QCOMPARE(trained->run.id, std::string("finetune-2"));
        VERIFY_RESULT(core::removeRun(service, "finetune"));
        QVERIFY(!fs::exists(service.runFolder("finetune")));
    }

    void pruningKeepsWhatIsNeeded()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        const auto run = putRun(service, "one", {0.9, 0.1, 0.2, 0.3, 0.8, 0.4}, "succeeded");
        putRun(service, "two", {}, "interrupted", "one/2");
        VERIFY_RESULT(core::chooseCheckpoint(service, {"one", 3}));
        // The best (1), one that an unfinished run began with (2), the one in use (3), the last (6).
        QCOMPARE(*core::passesToDrop(service, run, 1), (std::vector{4, 5}));
        QCOMPARE(*core::passesToDrop(service, run, 5), (std::vector{4}));
        QCOMPARE(*core::passesToDrop(service, run, 6), std::vector<int>());
        write(service.runFolder("stray") / "note", "12345");
        const auto looked = core::pruneRuns(service, 1, true);
        VERIFY_RESULT(looked);
        QCOMPARE(looked->bytes, int64_t{2 * 1002 + 5});
        QCOMPARE(epochsThere(service, "one").size(), size_t{6});
        const auto pruned = core::pruneRuns(service, 1, false);
        VERIFY_RESULT(pruned);
        QCOMPARE(pruned->bytes, looked->bytes);
        QCOMPARE(pruned->folders, std::vector<std::string>{"stray"});
        QCOMPARE(epochsThere(service, "one"), (std::vector{1, 2, 3, 6}));
        QVERIFY(!fs::exists(service.runFolder("stray")));
        QCOMPARE(core::RunStore(service.database()).checkpoints("one")->size(), size_t{6});
        QCOMPARE(core::pruneRuns(service, 1, false)->bytes, int64_t{0});
    }

    void whatLinksLeadToStays()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        putRun(service, "one", {0.9, 0.1, 0.2}, "succeeded");
        putRun(service, "two", {0.9, 0.1, 0.2}, "succeeded");
        // A checkpoint, and a whole run, that were moved to another disk.
        fs::rename(service.checkpointFolder("one", 2), folder / "moved");
        fs::create_directory_symlink(folder / "moved", service.checkpointFolder("one", 2));
        fs::rename(service.runFolder("two"), folder / "elsewhere");
        fs::create_directory_symlink(folder / "elsewhere", service.runFolder("two"));
        fs::create_directory_symlink(folder / "moved", service.folder() / "runs/stray");
        const auto pruned = core::pruneRuns(service, 1, false);
        VERIFY_RESULT(pruned);
        QCOMPARE(pruned->bytes, int64_t{0});
        QCOMPARE(epochsThere(service, "one"), (std::vector{1, 2, 3}));
        QCOMPARE(epochsThere(service, "two"), (std::vector{1, 2, 3}));
        QCOMPARE(*core::removeRun(service, "one"), int64_t{2 * 1002});
        QCOMPARE(*core::removeRun(service, "two"), int64_t{0});
        VERIFY_RESULT(core::removeRun(service, "stray"));
        QVERIFY(fs::is_empty(service.folder() / "runs"));
        QVERIFY(fs::exists(folder / "moved/model.safetensors"));
        QVERIFY(fs::exists(folder / "elsewhere/checkpoints/3/model.safetensors"));
    }

    void halfRemovedWeightsAreRemoved()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        putRun(service, "one", {0.9, 0.1, 0.2}, "succeeded");
        fs::remove(service.checkpointFolder("one", 2) / "config.json");
        write(service.runFolder("one") / "checkpoints/notes.txt", "mine");
        const auto pruned = core::pruneRuns(service, 1, false);
        VERIFY_RESULT(pruned);
        QCOMPARE(pruned->bytes, int64_t{1000});
        QVERIFY(!fs::exists(service.checkpointFolder("one", 2)));
        QVERIFY(fs::exists(service.runFolder("one") / "checkpoints/notes.txt"));
        VERIFY_RESULT(core::removeRun(service, "one"));
        QVERIFY(!fs::exists(service.runFolder("one")));
    }

    /// A training says what it begins with when it has read its rows: until then nothing is safe to remove.
    void nothingIsRemovedWhileATrainingPrepares()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        putRun(service, "one", {0.9, 0.1, 0.2}, "succeeded");
        {
            const auto lock = core::FolderLock::forRun(service.folder());
            QCOMPARE(core::removeRun(service, "one").error().code, base::ErrorCode::Busy);
            QCOMPARE(core::pruneRuns(service, 1, false).error().code, base::ErrorCode::Busy);
            VERIFY_RESULT(core::pruneRuns(service, 1, true));
        }
        // What a newer program has trained may go on with it.
        putRun(service, "newer", {}, "stopped", "one/2");
        service.database().execute("UPDATE run SET config = json_set(config, '$.recipe', 'later') WHERE id = 'newer'");
        QCOMPARE(core::RunStore(service.database()).unreadable()->size(), size_t{1});
        const auto pruned = core::pruneRuns(service, 1, false);
        VERIFY_RESULT(pruned);
        QCOMPARE(epochsThere(service, "one"), (std::vector{1, 2, 3}));
        VERIFY_RESULT(core::removeRun(service, "newer"));
        QCOMPARE(core::pruneRuns(service, 1, false)->checkpoints.size(), size_t{1});
    }

    void whatDoesNotFitOnTheDiskIsRefused()
    {
        const TempFolder folder;
        const auto fits = core::noteOnDisk(1000, folder.path());
        VERIFY_RESULT(fits);
        QVERIFY2(fits->empty(), fits->c_str());
        const auto refused = core::noteOnDisk(int64_t{1} << 60, folder.path());
        QCOMPARE(refused.error().code, base::ErrorCode::DiskFull);
        const auto free = static_cast<int64_t>(fs::space(folder.path()).available);
        const auto tight = core::noteOnDisk(free - free / 20, folder.path());
        VERIFY_RESULT(tight);
        QVERIFY2(tight->ends_with("are free: that is little."), tight->c_str());
        QCOMPARE(core::sizeText(813), std::string("1 kB"));
        QCOMPARE(core::sizeText(1'234'567), std::string("1.2 MB"));
        QCOMPARE(core::sizeText(91'400'000), std::string("91 MB"));
        QCOMPARE(core::sizeText(2'349'000'000), std::string("2.3 GB"));
        QCOMPARE(core::sizeText(9'970'000), std::string("10.0 MB"));

        const auto service = makeService(folder);
        auto options = tinyTraining("finetune", 100);
        const auto all = core::estimateTraining(service, options, {}, nullptr);
        options.keep = 1;
        const auto few = core::estimateTraining(service, options, {}, nullptr);
        VERIFY_RESULT(all);
        VERIFY_RESULT(few);
        QVERIFY(few->diskBytes < all->diskBytes / 10);
    }
};

QTEST_GUILESS_MAIN(KeptRunsTest)
#include "tst_kept_runs.moc"
