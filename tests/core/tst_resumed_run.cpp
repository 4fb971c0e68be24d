// SPDX-License-Identifier: Apache-2.0
// What a run goes on with.
#include "core/tasks/train_task.h"
#include "tests/support/stopped_run.h"

namespace fs = std::filesystem;
using namespace support;

namespace {

/// Base weights of our own, which can be changed.
std::string ownBase(const TempFolder &folder, const char *name = "base")
{
    fs::copy(golden("tiny_base"), folder / name, fs::copy_options::recursive);
    return (folder / name).string();
}

}  // namespace

class ResumedRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
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

    void theSameCommandAgainIsNoChange_data()
    {
        QTest::addColumn<int>("which");
        const char *const names[] = {
            "epochs of seconds", "longest text",    "layers", "balance",       "best",
            "taken name",        "path with slash", "alpha",  "own as a path", "batch in parts"};
        for (int i = 0; i < 10; ++i)
            QTest::newRow(names[i]) << i;
    }
    /// A run may record less than was asked for: what the weights, the recipe and the rows allow.
    void theSameCommandAgainIsNoChange()
    {
        QFETCH(const int, which);
        const TempFolder folder;
        const auto service = makeService(folder);
        auto options = tinyTraining("finetune", 2);
        if (which == 0) {
            options.recipe = "seconds";
            options.settings.epochs = 5;
        } else if (which == 1) {
            options.settings.maxLength = 4000;
        } else if (which == 2) {
            options.settings.topLayers = 90;
        } else if (which == 3) {
            options.settings.rebalance = "refund=0.3,delivery=0.7";
        } else if (which == 4) {
            QCOMPARE(stoppedAfter(service, options, 1).code, base::ErrorCode::Cancelled);
            options.base = "best";
            options.name = "onwards";
        } else if (which == 5) {
            options.name = "mine";
            VERIFY_RESULT(core::train(service, options, {}));
        } else if (which == 6) {
            options.base += "/";
        } else if (which == 7) {
            options.recipe = "lora";
            options.settings.loraRank = 11;
            options.settings.loraAlpha = 15;
        } else if (which == 8) {
            QCOMPARE(stoppedAfter(service, options, 1).code, base::ErrorCode::Cancelled);
            options.base = service.checkpointFolder("finetune", 1).string() + "/";
            options.name = "onwards";
        } else {
            options.settings.accumulationSteps = 2;
        }
        std::stop_source stop;
        const auto first =
            core::train(service, options, {stop.get_token()}, [&](const core::CheckpointInfo &checkpoint) {
                if (checkpoint.epoch == 1)
                    stop.request_stop();
            });
        const std::string run = core::RunStore(service.database()).runs()->back().id;
        if (first)  // all of it came before the stop
            VERIFY_RESULT(core::RunStore(service.database()).setState(run, "stopped"));
        if (which == 8)
            QCOMPARE(core::RunStore(service.database()).run(run)->base, std::string("finetune/1"));
        options.resume = run;
        VERIFY_RESULT(core::train(service, options, {}));
        options.settings.learningRate = 1e-4;
        VERIFY_RESULT(core::RunStore(service.database()).setState(run, "stopped"));
        QVERIFY(whyNot(service, options).message.find("learning rate 0.001, not 0.0001") != std::string::npos);
    }

    /// What is refused has changed nothing.
    void aRefusedRunKeepsWhatItKept()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        auto options = tinyTraining("finetune", 3);
        options.keep = 2;
        QCOMPARE(stoppedAfter(service, options, 1).code, base::ErrorCode::Cancelled);
        VERIFY_RESULT(core::EditLog(service.database())
                          .apply({.title = "Add", .newRows = {{.text = "another parcel", .label = 2}}}));
        QCOMPARE(whyNot(service, {.resume = "finetune", .keep = 1}).code, base::ErrorCode::InvalidInput);
        QCOMPARE(core::RunStore(service.database()).run("finetune")->keep, 2);
    }

    void runsOfOlderVersionsGoOn()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        QCOMPARE(stoppedAfter(service, tinyTraining("finetune", 2), 1).code, base::ErrorCode::Cancelled);
        service.database().execute("UPDATE run SET facts = json_object('label_ids', json_array(1, 2))");
        QVERIFY(core::RunStore(service.database()).run("finetune")->baseHash.empty());
        VERIFY_RESULT(core::train(service, {.resume = "finetune", .keep = 1}, {}));
        QCOMPARE(core::RunStore(service.database()).run("finetune")->keep, 1);
        service.database().execute("UPDATE run SET facts = '', state = 'stopped'");
        VERIFY_RESULT(core::RunStore(service.database()).setKeep("finetune", 3));
        QCOMPARE(core::RunStore(service.database()).run("finetune")->keep, 3);
    }
};

QTEST_GUILESS_MAIN(ResumedRunTest)
#include "tst_resumed_run.moc"
