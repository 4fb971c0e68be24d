// SPDX-License-Identifier: Apache-2.0
// What a run records at its steps, what is made of it, and the first batch as the classifier sees it.
#include "core/results/run_history.h"
#include "core/tasks/init_task.h"
#include "core/tasks/train_task.h"
#include "core/training/first_batch.h"
#include "tests/support/tiny_training.h"

#include <cmath>

using namespace support;

namespace {

/// `passes` of `steps` each, a step in `perStep` seconds (once it is slower, from `slowFrom` on), scoring in `scoring`;
/// points up to `upTo`.
core::RunHistory madeUp(int passes, int steps, double perStep, double scoring, int64_t upTo)
{
    core::RunHistory history;
    history.totalSteps = int64_t{passes} * steps;
    double seconds = 1;
    for (int64_t step = 1; step <= upTo; ++step) {
        if (step > 1 && (step - 1) % steps == 0)
            seconds += scoring;
        seconds += perStep;
        core::StepPoint point;
        point.step = step;
        point.pass = static_cast<double>(step) / steps;
        point.loss = 1.0 / static_cast<double>(step);
        point.seconds = seconds;
        point.rowsPerSecond = 32 / perStep;
        history.points.push_back(point);
    }
    return history;
}

bool anyContains(const std::vector<std::string> &notes, const std::string &words)
{
    return std::any_of(notes.begin(), notes.end(),
                       [&](const auto &note) { return note.find(words) != std::string::npos; });
}

}  // namespace

class RunHistoryTest : public QObject {
    Q_OBJECT

private:
    static core::RunInfo runOf(int epochs)
    {
        core::RunInfo run;
        run.state = "running";
        run.config.epochs = epochs;
        return run;
    }

private Q_SLOTS:
    void whatIsLeftIsWithinAFifthAfterATwentieth()
    {
        constexpr int Passes = 4, Steps = 250;
        constexpr double PerStep = 0.1;
        // Half as many rows are scored as are learned from; reading them takes as long as the guess says, or half, or
        // twice as long.
        for (const double factor : {0.5, 1.0, 2.0}) {
            const double scoring = factor * PerStep * Steps * 0.5 / 3;
            const double all = Passes * (Steps * PerStep + scoring);
            for (const int64_t at : {50, 120, 249, 250, 251, 400, 750, 999, 1000}) {
                const auto left = core::secondsLeft(madeUp(Passes, Steps, PerStep, scoring, at), runOf(Passes), 0.5);
                QVERIFY(left.has_value());
                const double gone = static_cast<double>(at) * PerStep + static_cast<double>((at - 1) / Steps) * scoring;
                QVERIFY2(std::abs(gone + *left - all) < 0.2 * all,
                         qPrintable(QString("%1 of %2 at step %3").arg(gone + *left).arg(all).arg(at)));
                if (at > Steps + 2)  // what scoring takes is known now
                    QVERIFY(std::abs(gone + *left - all) < 0.02 * all);
            }
        }
        QVERIFY(!core::secondsLeft(madeUp(Passes, Steps, PerStep, 1, 5), runOf(Passes), 0.5));
        QVERIFY(!core::secondsLeft({}, runOf(Passes), 0.5));
    }

    void notesHaveTheirEvidence()
    {
        const auto plain = madeUp(4, 100, 0.1, 1, 400);
        auto run = runOf(4);
        QVERIFY(core::notesOn(plain, run, {{1, 0.8, 0.5, 0.6}, {2, 0.9, 0.4, 0.3}}).empty());
        const std::vector<core::PassScore> standing{
            {1, 0.90, 0.4, 0.5}, {2, 0.92, 0.3, 0.3}, {3, 0.91, 0.33, 0.1}, {4, 0.915, 0.36, 0.05}};
        const auto notes = core::notesOn(plain, run, standing);
        QVERIFY(anyContains(notes, "2 passes without gain: the best was pass 2 with 92.0 %"));
        QVERIFY(anyContains(notes, "by heart"));
        QVERIFY(anyContains(
            core::notesOn(plain, run, {{1, 0.7, 1, 1}, {2, 0.8, 0.8, 0.8}, {3, 0.85, 0.6, 0.6}, {4, 0.88, 0.5, 0.5}}),
            "still brought 3.0 points"));
        auto wild = plain;
        for (auto &point : wild.points)
            point.gradientNorm = 30;
        QVERIFY(anyContains(core::notesOn(wild, run, {}), "Steps are wild"));
        auto slow = plain;
        for (size_t i = 300; i < slow.points.size(); ++i)
            slow.points[i].rowsPerSecond /= 4;
        QVERIFY(anyContains(core::notesOn(slow, run, {}), "something else is busy"));
        run.state = "succeeded";
        QVERIFY(!anyContains(core::notesOn(slow, run, {}), "something else is busy"));
    }

    void aRunRecordsItsSteps()
    {
        const TempFolder folder;
        writeDistilFolder(folder / "from", 120);
        VERIFY_RESULT(core::initFromFolder(folder / "s", folder / "from", "s", {}));
        auto service = core::Service::open(folder / "s");
        VERIFY_RESULT(service);
        const auto trained = core::train(*service, tinyTraining("finetune", 3), {});
        VERIFY_RESULT(trained);
        const core::RunStore store(service->database());
        const auto history = core::readHistory(store, trained->run);
        VERIFY_RESULT(history);
        QCOMPARE(static_cast<int64_t>(history->points.size()), history->totalSteps);
        QCOMPARE(history->points.back().pass, 3.0);
        double before = 0;
        for (const auto &point : history->points) {
            QVERIFY(point.gradientNorm > 0 && point.memoryBytes > 1e6 && point.rowsPerSecond > 0);
            QVERIFY(point.seconds > before);
            before = point.seconds;
        }
        QCOMPARE(history->points.front().smoothLoss, history->points.front().loss);
        const std::string csv = core::historyCsv(*history);
        QCOMPARE(std::count(csv.begin(), csv.end(), '\n'), static_cast<std::ptrdiff_t>(history->totalSteps) + 1);

        const auto batch = core::firstBatch(*service, trained->run);
        VERIFY_RESULT(batch);
        QCOMPARE(static_cast<int>(batch->size()), trained->run.config.batchSize);
        const auto ids = service->examples().order({.split = core::Split::Train});
        VERIFY_RESULT(ids);
        const auto rows = service->examples().read(std::span(ids->data(), ids->size()));
        VERIFY_RESULT(rows);
        const auto bare = [](const std::string &text) {
            std::string letters;
            for (const char c : text)
                letters += c == ' ' ? std::string() : std::string(1, c);
            return letters;
        };
        for (const auto &seen : *batch) {
            std::string text;
            for (const auto &piece : seen.pieces)
                text += piece;
            QCOMPARE(seen.cut, 0);
            QCOMPARE(static_cast<int>(seen.pieces.size()), seen.tokens - 2);
            QVERIFY2(std::any_of(rows->begin(), rows->end(),
                                 [&](const core::Example &row) { return bare(row.text) == bare(text); }),
                     text.c_str());
            QVERIFY(std::find(trained->run.labels.begin(), trained->run.labels.end(), seen.label) !=
                    trained->run.labels.end());
        }
        auto shorter = trained->run;
        shorter.config.maxLength = 4;
        const auto cut = core::firstBatch(*service, shorter);
        VERIFY_RESULT(cut);
        for (const auto &seen : *cut)
            QVERIFY(seen.tokens == 4 && seen.pieces.size() == 2 && seen.cut > 0);
        auto quick = trained->run;
        quick.config.recipe = engine::Recipe::Seconds;
        QVERIFY(core::firstBatch(*service, quick)->empty());
    }
};

QTEST_GUILESS_MAIN(RunHistoryTest)
#include "tst_run_history.moc"
