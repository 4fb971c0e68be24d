// SPDX-License-Identifier: Apache-2.0
// Texts that are longer than the tokens that training reads: whether reading more would help, and reading all of a
// text.
#include "core/base/random.h"
#include "core/engine/nets_loader.h"
#include "core/tasks/import_task.h"
#include "core/tasks/init_task.h"
#include "core/tasks/length_trial.h"
#include "core/tasks/train_task.h"
#include "tests/support/tiny_training.h"

#include <algorithm>

namespace fs = std::filesystem;
using namespace support;

namespace {

enum class Telling { First, Last };

/// Two classes; of each text `filler` words of a letter say nothing, and five words, first or last, tell its class.
void writeLongTexts(const fs::path &folder, int rows, int filler, Telling telling)
{
    write(folder / "job_description.json",
          R"({"task_description":"Sort mails","classes_description":{"refund":"money","delivery":"parcel"}})");
    base::Random random(7);
    const auto line = [&](bool isRefund) {
        const std::string said = isRefund ? "refund money back money refund" : "where parcel late parcel where";
        std::string rest;
        for (int w = 0; w < filler; ++w) {
            const auto letter = static_cast<char>('a' + static_cast<char>(random.below(26)));
            rest += std::string(w > 0 ? " " : "") + letter;
        }
        return (telling == Telling::First ? said + " " + rest : rest + " " + said) +
               (isRefund ? ",refund\n" : ",delivery\n");
    };
    std::string train = "question,answer\n", test = train;
    for (int i = 0; i < rows; ++i) {
        train += line(true) + line(false);
        test += line(true) + line(false);
    }
    write(folder / "train.csv", train);
    write(folder / "test.csv", test);
}

}  // namespace

class LongTextsTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_services = 0;

    core::Service makeService(int rows, int filler, Telling telling)
    {
        std::string name = "s";
        name += std::to_string(m_services++);
        writeLongTexts(m_folder / (name + "-in"), rows, filler, telling);
        const auto made = core::initFromFolder(m_folder / name, m_folder / (name + "-in"), name, {});
        if (!made)
            qFatal("%s", made.error().message.c_str());
        return std::move(*core::Service::open(m_folder / name));
    }

    static core::TrainOptions reading(const char *recipe, int tokens)
    {
        auto options = tinyTraining(recipe, 3);
        options.settings.maxLength = tokens;
        return options;
    }

    /// The note that advises another length.
    static std::string adviceOf(const core::TrainOutcome &outcome)
    {
        const auto found = std::ranges::find_if(
            outcome.notes, [](const std::string &note) { return note.find("On a trial with") != std::string::npos; });
        return found == outcome.notes.end() ? std::string() : *found;
    }

private Q_SLOTS:
    void moreTokensAreAdvisedWhereHeldOutRowsSaySo()
    {
        const auto service = makeService(40, 18, Telling::Last);
        const auto outcome = core::train(service, reading("seconds", 16), {});
        VERIFY_RESULT(outcome);
        QCOMPARE(outcome->run.config.maxLength, 16);  // what was asked for stays
        const std::string note = adviceOf(*outcome);
        QVERIFY2(note.find("100 % of the texts are longer than the 16 tokens") != std::string::npos, note.c_str());
        QVERIFY2(note.find("On a trial with 80 held-out rows, 32 tokens were right on ") != std::string::npos,
                 note.c_str());
        QVERIFY2(note.find("Let training read 32 tokens of a text.") != std::string::npos, note.c_str());
        // What is advised helps, and then nothing more is.
        const auto better = core::train(service, reading("seconds", 32), {});
        VERIFY_RESULT(better);
        QVERIFY2(adviceOf(*better).empty(), adviceOf(*better).c_str());
        const auto right = [](const core::TrainOutcome &of) {
            return nlohmann::json::parse(of.checkpoints.front().test).at("accuracy").get<double>();
        };
        QVERIFY2(right(*better) > right(*outcome) + 0.2,
                 qPrintable(QString("%1 and %2").arg(right(*outcome)).arg(right(*better))));
    }

    void nothingIsAdvisedWithoutEvidence()
    {
        for (const auto &[filler, telling, tokens] :
             {std::tuple(18, Telling::First, 16), std::tuple(6, Telling::Last, 32),
              std::tuple(18, Telling::Last, 64)}) {
            const auto service = makeService(40, filler, telling);
            const auto outcome = core::train(service, reading("seconds", tokens), {});
            VERIFY_RESULT(outcome);
            QVERIFY2(adviceOf(*outcome).empty(), adviceOf(*outcome).c_str());
        }
        const auto few = makeService(12, 18, Telling::Last);
        const auto outcome = core::train(few, reading("seconds", 16), {});
        VERIFY_RESULT(outcome);
        QVERIFY(adviceOf(*outcome).empty());
    }

    void aDifferenceByChanceIsNone()
    {
        core::LengthTrial trial{16, 32, 100, 60, 70, 75, 0.2};
        QVERIFY(!trial.helps());
        QVERIFY(core::noteOnLength(trial).empty());
        trial.pValue = 0.01;
        QCOMPARE(core::noteOnLength(trial),
                 std::string("60 % of the texts are longer than the 16 tokens that are read of each. On a trial with "
                             "100 held-out rows, 32 tokens were right on 75 %, 16 on 70 %. Let training read 32 tokens "
                             "of a text."));
        trial.withLonger = 60;  // beyond chance, but worse
        QVERIFY(core::noteOnLength(trial).empty());
        QVERIFY(core::noteOnLength({}).empty());
    }

    void aTrialCanBeStopped()
    {
        const auto service = makeService(40, 18, Telling::Last);
        std::stop_source stop;
        const auto outcome =
            core::train(service, reading("seconds", 16), {stop.get_token(), [&](const base::Progress &progress) {
                                                              if (progress.phase == "Trying longer texts")
                                                                  stop.request_stop();
                                                          }});
        VERIFY_RESULT(outcome);  // it was complete by then
        QCOMPARE(outcome->run.state, std::string("succeeded"));
        QVERIFY(stop.stop_requested());
        QVERIFY(adviceOf(*outcome).empty());
    }
};

QTEST_GUILESS_MAIN(LongTextsTest)
#include "tst_long_texts.moc"
