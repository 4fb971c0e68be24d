// SPDX-License-Identifier: Apache-2.0
// What of a run stays, what it goes on with, and what it gives back.
#include "core/base/random.h"
#include "core/results/chosen_pass.h"
#include "core/service/folder_lock.h"
#include "core/store/edit_log.h"
#include "core/tasks/disk_fit.h"
#include "core/tasks/resumed_run.h"
#include "core/tasks/run_files.h"
#include "core/tasks/training_cost.h"
#include "tests/support/tiny_training.h"

#include <filesystem>

namespace fs = std::filesystem;
using namespace support;

namespace {

core::Service makeService(const TempFolder &folder)
{
    auto service =
        core::Service::create(folder / "s", "s", {"task", {{"refund", "money"}, {"delivery", "parcel"}}, {}, {}});
    if (!service)
        qFatal("%s", service.error().message.c_str());
    std::vector<core::Example> rows;
    for (int i = 0; i < 40; ++i)
        rows.push_back(
            {.text = (i % 2 ? "where is parcel number " : "pay me back for number ") + std::to_string(i * 7919),
             .label = i % 2 ? 2 : 1,
             .split = i < 30 ? core::Split::Train : core::Split::Test});
    if (const auto added = core::EditLog(service->database()).apply({.title = "Add", .newRows = rows}); !added)
        qFatal("%s", added.error().message.c_str());
    return std::move(*service);
}

/// Base weights of our own, which can be changed.
std::string ownBase(const TempFolder &folder, const char *name = "base")
{
    fs::copy(golden("tiny_base"), folder / name, fs::copy_options::recursive);
    return (folder / name).string();
}

/// Stops after so many passes.
base::Error stoppedAfter(const core::Service &service, const core::TrainOptions &options, int passes)
{
    std::stop_source stop;
    const auto done = core::train(service, options, {stop.get_token()}, [&](const core::CheckpointInfo &checkpoint) {
        if (checkpoint.epoch == passes)
            stop.request_stop();
    });
    return done ? base::Error{} : done.error();
}

std::vector<int> epochsThere(const core::Service &service, const std::string &run)
{
    std::vector<int> epochs;
    for (int epoch = 1; epoch < 20; ++epoch) {
        if (core::isThere(service.folder(), {run, epoch}))
            epochs.push_back(epoch);
    }
    return epochs;
}

base::Error whyNot(const core::Service &service, const core::TrainOptions &options)
{
    const auto done = core::train(service, options, {});
    return done ? base::Error{} : done.error();
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

    void otherBaseWeightsAreRefused_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("said");
        const QString weights = QStringLiteral("The base weights have changed");
        QTest::newRow("lora") << "lora"
                              << "model.safetensors" << weights;
        QTest::newRow("finetune") << "finetune"
                                  << "model.safetensors" << weights;
        QTest::newRow("settings") << "finetune"
                                  << "config.json" << weights;
        QTest::newRow("tokenizer") << "finetune"
                                   << "tokenizer.json"
                                   << "The tokenizer of the base weights has changed";
    }
    void otherBaseWeightsAreRefused()
    {
        QFETCH(const QString, recipe);
        QFETCH(const QString, file);
        QFETCH(const QString, said);
        const TempFolder folder;
        const auto service = makeService(folder);
        auto options = tinyTraining(recipe.toStdString(), 3);
        options.base = ownBase(folder);
        options.name = "run";
        QCOMPARE(stoppedAfter(service, options, 1).code, base::ErrorCode::Cancelled);
        const fs::path changed = fs::path(options.base) / file.toStdString();
        const std::string before = read(changed);
        std::string after = before;
        if (file.endsWith("safetensors"))
            after[after.size() - 3] = static_cast<char>(after[after.size() - 3] ^ 0x11);
        else
            after.insert(after.size() - 1, file.startsWith("token") ? " " : "\n");
        write(changed, after);
        const auto refused = whyNot(service, {.resume = "run"});
        QCOMPARE(refused.code, base::ErrorCode::InvalidInput);
        QVERIFY2(refused.message.starts_with(said.toStdString()), refused.message.c_str());
        QCOMPARE(core::RunStore(service.database()).run("run")->state, std::string("stopped"));
        write(changed, before);
        VERIFY_RESULT(core::train(service, {.resume = "run"}, {}));
    }

    /// Elsewhere the same words mean other weights, or none.
    void aRelativeBaseIsFoundAgain()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        const fs::path before = fs::current_path();
        ownBase(folder, "mine");
        fs::create_directories(folder / "elsewhere");
        fs::current_path(folder.path());
        auto options = tinyTraining("lora", 3);
        options.base = "mine";
        const auto stopped = stoppedAfter(service, options, 1);
        fs::current_path(folder / "elsewhere");
        const auto resumed = core::train(service, {.resume = "lora"}, {});
        fs::current_path(before);
        QCOMPARE(stopped.code, base::ErrorCode::Cancelled);
        VERIFY_RESULT(resumed);
        QCOMPARE(resumed->run.base, std::string("mine"));
        QCOMPARE(resumed->run.basePath, (folder / "mine").string());

        options.base = ownBase(folder, "lost");
        options.name = "other";
        QCOMPARE(stoppedAfter(service, options, 1).code, base::ErrorCode::Cancelled);
        fs::remove_all(folder / "lost");
        const auto lost = whyNot(service, {.resume = "other"});
        QCOMPARE(lost.code, base::ErrorCode::NotFound);
        QVERIFY2(lost.message.find("not where they were") != std::string::npos, lost.message.c_str());

        // "best" may be another checkpoint by then.
        options.base = "best";
        options.name = "onwards";
        QCOMPARE(stoppedAfter(service, options, 1).code, base::ErrorCode::Cancelled);
        const auto onwards = core::RunStore(service.database()).run("onwards");
        VERIFY_RESULT(onwards);
        QVERIFY2(onwards->base == "lora/3" || onwards->base == "other/1", onwards->base.c_str());
    }

    void whatCannotBeChangedIsRefused()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        QCOMPARE(stoppedAfter(service, tinyTraining("finetune", 3), 1).code, base::ErrorCode::Cancelled);
        const auto refusal = [&](core::TrainOptions options) {
            options.resume = "finetune";
            const auto why = whyNot(service, options);
            return why.code == base::ErrorCode::InvalidInput ? why.message : "not refused";
        };
        core::TrainOptions o;
        o.settings.epochs = 9;
        o.settings.seed = 5;
        QVERIFY2(refusal(o).find("epochs 3, not 9; seed 123, not 5.") != std::string::npos, refusal(o).c_str());
        o = {};
        o.settings.learningRate = 0.5;
        QVERIFY2(refusal(o).find("learning rate 0.001, not 0.5") != std::string::npos, refusal(o).c_str());
        o = {};
        o.recipe = "lora";
        QVERIFY2(refusal(o).find("recipe finetune, not lora") != std::string::npos, refusal(o).c_str());
        o = {};
        o.base = "all-MiniLM-L6-v2";
        QVERIFY2(refusal(o).find("base weights ") != std::string::npos, refusal(o).c_str());
        o = {};
        o.name = "another";
        QVERIFY2(refusal(o).find("name finetune, not another") != std::string::npos, refusal(o).c_str());
        o = {};
        o.threads = 1;
        QVERIFY2(refusal(o).find("threads 2, not 1") != std::string::npos, refusal(o).c_str());
        // What is asked as it was recorded is no change.
        o = tinyTraining("finetune", 3);
        o.resume = "finetune";
        VERIFY_RESULT(core::train(service, o, {}));
    }

    void runsOfOlderVersionsGoOn()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        QCOMPARE(stoppedAfter(service, tinyTraining("finetune", 2), 1).code, base::ErrorCode::Cancelled);
        service.database().execute("UPDATE run SET facts = json_object('label_ids', json_array(1, 2))");
        QVERIFY(core::RunStore(service.database()).run("finetune")->baseHash.empty());
        VERIFY_RESULT(core::train(service, {.resume = "finetune"}, {}));
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
