// SPDX-License-Identifier: Apache-2.0
// What self-training begins with can be used at once: nothing is waited for that only later passes need.
#include "core/results/answers.h"
#include "core/results/checkpoint_name.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/train_task.h"
#include "tests/support/stopped_run.h"

#include <nlohmann/json.hpp>

namespace fs = std::filesystem;
using namespace support;

namespace {

core::Service makeServiceWithUnlabelled(const TempFolder &folder)
{
    auto service = makeService(folder);
    std::vector<core::Example> rows;
    for (int i = 0; i < 60; ++i)
        rows.push_back({.text = (i % 2 ? "when does parcel come, number " : "give the money back for ") +
                                std::to_string(i * 104729),
                        .split = core::Split::Unlabelled});
    if (const auto added = core::EditLog(service.database()).apply({.title = "Add", .newRows = rows}); !added)
        qFatal("%s", added.error().message.c_str());
    return service;
}

}  // namespace

class FirstCheckpointTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theHeadIsThereBeforeAnythingIsCrossValidated()
    {
        const TempFolder folder;
        const auto service = makeServiceWithUnlabelled(folder);
        const core::RunStore store(service.database());
        bool crossValidates = false;
        int passes = 0;
        base::WorkContext context;
        context.report = [&](const base::Progress &p) {
            crossValidates = crossValidates || p.phase == "Cross-validating";
        };
        const auto done = core::train(
            service, tinyTraining("self-training", 3), context, [&](const core::CheckpointInfo &checkpoint) {
                if (++passes > 1)
                    return;
                QVERIFY(!crossValidates);
                const auto report = nlohmann::json::parse(checkpoint.validation);
                QVERIFY(report.at("cross_validated").get<bool>());
                QCOMPARE(report.at("rows").get<int>(), 30);
                QVERIFY(report.contains("per_class"));
                QCOMPARE(core::resolveCheckpoint(service, "best")->text(), std::string("self-training/1"));
                VERIFY_RESULT(core::evaluate(service, "best", core::Split::Test, {}));
                const auto answers = core::readAnswers(service, {"self-training", 1}, core::RunStore::Part::HeldOut);
                VERIFY_RESULT(answers);
                QCOMPARE(answers->examples.size(), size_t{30});
                QVERIFY(answers->kind == core::ScoreKind::CrossValidated);
            });
        VERIFY_RESULT(done);
        QVERIFY(crossValidates);
        QCOMPARE(passes, 3);
        for (const core::CheckpointInfo &checkpoint : done->checkpoints)
            QVERIFY(nlohmann::json::parse(checkpoint.validation).at("cross_validated").get<bool>());
        // What the table of answers says of the head is what its report does.
        const auto answers = core::readAnswers(service, {"self-training", 1}, core::RunStore::Part::HeldOut);
        VERIFY_RESULT(answers);
        const auto report = nlohmann::json::parse(done->checkpoints.front().validation);
        const auto right = std::ranges::count_if(answers->verdicts, &engine::Verdict::isRight);
        QCOMPARE(static_cast<double>(right) / 30, report.at("accuracy").get<double>());
    }

    void stoppedAfterTheHeadItGoesOnToTheBit()
    {
        const TempFolder folder;
        const auto service = makeServiceWithUnlabelled(folder);
        auto options = tinyTraining("self-training", 3);
        QCOMPARE(stoppedAfter(service, options, 1).code, base::ErrorCode::Cancelled);
        const auto resumed = core::train(service, {.resume = "self-training"}, {});
        VERIFY_RESULT(resumed);
        options.name = "whole";
        const auto whole = core::train(service, options, {});
        VERIFY_RESULT(whole);
        QCOMPARE(resumed->run.crossValidation, whole->run.crossValidation);
        QCOMPARE(resumed->run.bestEpoch, whole->run.bestEpoch);
        for (const int epoch : {1, 2, 3}) {
            QCOMPARE(resumed->checkpoints[static_cast<size_t>(epoch) - 1].validation,
                     whole->checkpoints[static_cast<size_t>(epoch) - 1].validation);
            QCOMPARE(read(service.checkpointFolder("self-training", epoch) / "model.safetensors"),
                     read(service.checkpointFolder("whole", epoch) / "model.safetensors"));
        }
    }

    /// One pass more is not stopped by what the head alone has scored.
    void patienceCountsNoHead()
    {
        const TempFolder folder;
        const auto service = makeServiceWithUnlabelled(folder);
        auto options = tinyTraining("self-training", 3);
        options.settings.patience = 1;
        const auto done = core::train(service, options, {});
        VERIFY_RESULT(done);
        QCOMPARE(done->checkpoints.size(), size_t{3});
    }
};

QTEST_GUILESS_MAIN(FirstCheckpointTest)
#include "tst_first_checkpoint.moc"
