// SPDX-License-Identifier: Apache-2.0
// The recipe that lets a head answer the unlabelled rows and then learns from both.
#include "core/engine/eval/metrics.h"
#include "tests/support/token_rows.h"

using namespace support;

namespace {

engine::TrainRequest makeSelfTraining(const std::filesystem::path &checkpoints)
{
    auto request = makeRequest(checkpoints);
    request.config.recipe = engine::Recipe::SelfTraining;
    request.train = makeRows(24, 1);
    request.unlabelled = makeRows(200, 4).texts;
    return request;
}

}  // namespace

class SelfTrainingTest : public QObject {
    Q_OBJECT

private:
    engine::Nets *const m_nets = openedNets();

private Q_SLOTS:
    void beginsWithTheHeadAndThenLearnsFromAllRows()
    {
        const TempFolder folder;
        auto request = makeSelfTraining(folder / "self");
        Recorder recorder;
        const auto summary = m_nets->train(request, recorder, {});
        VERIFY_RESULT(summary);
        QCOMPARE(summary->epochsDone, 3);
        QCOMPARE(recorder.losses.size(), size_t{3});
        QCOMPARE(recorder.losses[0], 0.0);
        QVERIFY2(recorder.losses[2] < recorder.losses[1], "the passes learn");
        QCOMPARE(recorder.steps.size(), size_t{2 * 28});  // (24 + 200) rows in batches of 8, twice

        request.config.recipe = engine::Recipe::Seconds;
        request.checkpoints = folder / "seconds";
        Recorder head;
        VERIFY_RESULT(m_nets->train(request, head, {}));
        for (const char *name : {"model.safetensors", "stillroom_head.safetensors"})
            QVERIFY2(sameFile(folder / "seconds/1" / name, folder / "self/1" / name), name);
        QVERIFY(!sameFile(folder / "self/1/model.safetensors", folder / "self/3/model.safetensors"));
    }

    void whatTheHeadSaysOfUnlabelledRowsIsLearned()
    {
        auto request = makeSelfTraining({});
        request.validation = request.unlabelled;
        request.config.epochs = 6;
        Recorder with, without;
        VERIFY_RESULT(m_nets->train(request, with, {}));
        request.unlabelled.clear();
        VERIFY_RESULT(m_nets->train(request, without, {}));
        // How far the answers of the last pass are from those of the head, sharpened.
        const auto distance = [&](const engine::Matrix &logits) {
            const auto said = engine::softmax(with.validation.front(), 0.5);
            const auto now = engine::softmax(logits);
            double sum = 0;
            for (size_t i = 0; i < said.values.size(); ++i)
                sum += std::abs(static_cast<double>(said.values[i] - now.values[i]));
            return sum / static_cast<double>(said.rows);
        };
        const double after = distance(with.validation.back());
        QVERIFY2(after < 0.5 * distance(without.validation.back()), std::to_string(after).c_str());
    }

    void resumesToTheBit_data()
    {
        QTest::addColumn<int>("after");
        QTest::newRow("the head") << 1;
        QTest::newRow("a pass") << 2;
    }
    void resumesToTheBit()
    {
        QFETCH(int, after);
        const TempFolder folder;
        Recorder whole, broken, rest;
        VERIFY_RESULT(m_nets->train(makeSelfTraining(folder / "whole"), whole, {}));
        broken.stopAfterEpoch = after;
        auto request = makeSelfTraining(folder / "broken");
        QVERIFY(!m_nets->train(request, broken, {broken.stop.get_token()}).has_value());
        request.resume = true;
        VERIFY_RESULT(m_nets->train(request, rest, {}));
        QCOMPARE(rest.losses.size(), static_cast<size_t>(3 - after));
        QCOMPARE(rest.losses.back(), whole.losses.back());
        QVERIFY(sameFile(folder / "whole/3/model.safetensors", folder / "broken/3/model.safetensors"));
        QVERIFY(
            sameFile(folder / "whole/3/stillroom_head.safetensors", folder / "broken/3/stillroom_head.safetensors"));
        QVERIFY(!std::filesystem::exists(folder / "broken/3/training_state.json"));
    }
};

QTEST_GUILESS_MAIN(SelfTrainingTest)
#include "tst_self_training.moc"
