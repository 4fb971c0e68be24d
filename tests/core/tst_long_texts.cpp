// SPDX-License-Identifier: Apache-2.0
// Texts that are longer than the tokens that training reads: whether reading more would help, and reading all of a
// text.
#include "core/base/random.h"
#include "core/classify/classifier_session.h"
#include "core/classify/explanation.h"
#include "core/engine/nets_loader.h"
#include "core/imports/import_task.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/export_task.h"
#include "core/tasks/init_task.h"
#include "core/tasks/train_task.h"
#include "core/training/length_trial.h"
#include "core/training/training_cost.h"
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

    /// Share of exam rows that the chosen checkpoint answers rightly.
    static double examOf(const core::TrainOutcome &outcome)
    {
        const auto best = static_cast<size_t>(outcome.run.bestEpoch) - 1;
        return nlohmann::json::parse(outcome.checkpoints[best].test).at("accuracy").get<double>();
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
        QVERIFY2(examOf(*better) > examOf(*outcome) + 0.2,
                 qPrintable(QString("%1 and %2").arg(examOf(*outcome)).arg(examOf(*better))));
    }

    void windowsAreAdvisedWhereTheWeightsReadNoMore()
    {
        const auto service = makeService(60, 90, Telling::Last);
        const auto outcome = core::train(service, reading("seconds", 64), {});
        VERIFY_RESULT(outcome);
        const std::string note = adviceOf(*outcome);
        QVERIFY2(note.find("120 held-out rows, windows of 64 tokens (the first 4 of a text) were right on ") !=
                         std::string::npos &&
                     note.find("Let training read longer texts in windows.") != std::string::npos,
                 note.c_str());
        auto options = reading("seconds", 64);
        options.settings.longTexts = "windows";
        const auto windows = core::train(service, options, {});
        VERIFY_RESULT(windows);
        QVERIFY(adviceOf(*windows).empty());
        QVERIFY2(examOf(*windows) > examOf(*outcome) + 0.2, qPrintable(QString::number(examOf(*windows))));
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
        core::LengthTrial trial{16, 32, 0, 100, 60, 70, 75, 0.2};
        QVERIFY(!trial.helps());
        QVERIFY(core::noteOnLength(trial).empty());
        trial.pValue = 0.01;
        QCOMPARE(core::noteOnLength(trial),
                 std::string(
                     "60 % of the texts are longer than the 16 tokens that are read of each. On a trial with "
                     "100 held-out rows, 32 tokens were right on 75 %, 16 tokens on 70 %. Let training read 32 tokens "
                     "of a text."));
        trial.longer = 16;
        trial.windows = 4;
        const std::string note = core::noteOnLength(trial);
        QVERIFY2(note.find("windows of 16 tokens (the first 4 of a text) were right on 75 %, 16 tokens on 70 %. Let "
                           "training read longer texts in windows.") != std::string::npos,
                 note.c_str());
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

    /// The telling words stand at the end: cut, a classifier can only guess; in windows it finds them.
    void windowsReadWhatACutLeavesOut_data()
    {
        QTest::addColumn<QString>("recipe");
        for (const char *recipe : {"seconds", "finetune", "lora", "self-training"})
            QTest::newRow(recipe) << QString::fromLatin1(recipe);
    }
    void windowsReadWhatACutLeavesOut()
    {
        QFETCH(QString, recipe);
        const auto service = makeService(110, 40, Telling::Last);
        auto options = reading(recipe.toUtf8().constData(), 16);
        options.settings.epochs = recipe == QLatin1String("seconds") ? 1 : 6;
        const auto cut = core::train(service, options, {});
        VERIFY_RESULT(cut);
        const double guessed = examOf(*cut);
        QVERIFY2(guessed > 0.35 && guessed < 0.65, qPrintable(QString::number(guessed)));
        options.settings.longTexts = "windows";
        const auto windows = core::train(service, options, {});
        VERIFY_RESULT(windows);
        QVERIFY2(examOf(*windows) > (recipe == QLatin1String("seconds") ? 0.8 : 0.9),
                 qPrintable(QString::number(examOf(*windows))));
        QVERIFY(std::ranges::any_of(windows->notes, [](const std::string &note) {
            return note.find("are read in windows of 16 tokens that overlap by 1.") != std::string::npos;
        }));
    }

    /// What training said of the exam rows is what evaluating, predicting, the exported package and its check find.
    void everythingReadsTheSameWindows()
    {
        const auto service = makeService(40, 40, Telling::Last);
        auto options = reading("finetune", 16);
        options.settings.longTexts = "windows";
        const auto outcome = core::train(service, options, {});
        VERIFY_RESULT(outcome);
        QCOMPARE(outcome->run.config.longTexts, engine::LongTexts::Windows);

        const auto scored = core::evaluate(service, "best", core::Split::Test, {});
        VERIFY_RESULT(scored);
        const auto best = outcome->checkpoints[static_cast<size_t>(outcome->run.bestEpoch) - 1];
        QVERIFY(std::abs(nlohmann::json::parse(best.test).at("log_loss").get<double>() - scored->report.logLoss) <
                1e-4);

        const auto package = m_folder / "windows-package";
        const auto exported = core::exportPackage(service, "best", package, {});
        VERIFY_RESULT(exported);
        QCOMPARE(exported->agreement, 1.0);
        QVERIFY(exported->maxProbabilityDifference < 1e-4);
        auto session = core::ClassifierSession::open(package);
        VERIFY_RESULT(session);
        QVERIFY(session->input().windows.isOn());

        // By hand: the tokens of a text, divided, each window answered, and the mean of these.
        const std::string &text = scored->texts.front();
        const auto rule = session->input().windows;
        auto ids = session->input().tokenizer->encode(text, true).ids;
        const auto divided = engine::windowsOf(ids, rule);
        QVERIFY(divided.size() > 2);
        const auto parts = session->predictor().logits(divided, {});
        const auto answer = session->logits({text}, {});
        VERIFY_RESULT(parts);
        VERIFY_RESULT(answer);
        for (size_t c = 0; c < 2; ++c) {
            double sum = 0;
            for (size_t w = 0; w < divided.size(); ++w)
                sum += static_cast<double>(parts->row(w)[c]);
            QVERIFY(std::abs(sum / static_cast<double>(divided.size()) - static_cast<double>(answer->row(0)[c])) <
                    1e-4);
        }

        const std::string card = read(package / "README.md");
        QVERIFY2(
            card.find("Texts of more than 16 tokens are read in windows of so many, which overlap by 1, at most 32 "
                      "a text.") != std::string::npos,
            card.c_str());
        for (const char *line : {"end = len(ids) - 1\n", "own = ids[1:end]\n", "max(1, len(own) - 1), 13)\n",
                                 "ids[:1] + own[start:start + 14] + ids[end:] for start in starts][:32]\n",
                                 "logits.mean(0).softmax(-1)\n", "vLLM and Text Embeddings Inference"})
            QVERIFY2(card.find(line) != std::string::npos, line);
        QVERIFY(card.find("pipeline(") == std::string::npos);
    }

    void wordsAtTheEndDecideAndAreShown()
    {
        const auto service = makeService(110, 40, Telling::Last);
        auto options = reading("finetune", 16);
        options.settings.longTexts = "windows";
        options.settings.epochs = 6;
        VERIFY_RESULT(core::train(service, options, {}));
        const auto name = core::resolveCheckpoint(service, "best");
        VERIFY_RESULT(name);
        const auto session = core::ClassifierSession::open(service.checkpointFolder(name->run, name->epoch));
        VERIFY_RESULT(session);
        std::string text;
        for (int i = 0; i < 40; ++i)
            text += std::string(1, static_cast<char>('a' + i % 26)) + " ";
        text += "refund money back money refund";
        const auto found = core::explain(*session, text, 0, {});
        VERIFY_RESULT(found);
        QVERIFY(std::ranges::all_of(found->parts, &core::TextPart::isRead));
        const auto words = core::decidingWords(*found, 3);
        QVERIFY(!words.supporting.empty());
        const std::string first = words.supporting.front()->text;
        QVERIFY2(first == "refund" || first == "money" || first == "back", first.c_str());
    }

    void aStoppedRunGoesOn()
    {
        const auto service = makeService(110, 30, Telling::Last);
        auto options = reading("finetune", 16);
        options.settings.longTexts = "windows";
        const auto whole = core::train(service, options, {});
        VERIFY_RESULT(whole);
        std::stop_source stop;
        options.name = "again";
        const auto stopped = core::train(service, options, {stop.get_token()}, [&](const core::CheckpointInfo &c) {
            if (c.epoch == 2)
                stop.request_stop();
        });
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
        core::TrainOptions other{.resume = "again"};
        other.settings.longTexts = "cut";
        const auto refused = core::train(service, other, {});
        QVERIFY2(!refused && refused.error().message.find("long texts windows, not cut.") != std::string::npos,
                 refused ? "" : refused.error().message.c_str());
        const auto resumed = core::train(service, {.resume = "again"}, {});
        VERIFY_RESULT(resumed);
        QCOMPARE(resumed->checkpoints.size(), whole->checkpoints.size());
        for (const char *file : {"model.safetensors", "stillroom_head.safetensors"})
            QCOMPARE(read(service.checkpointFolder("again", 3) / file),
                     read(service.checkpointFolder(whole->run.id, 3) / file));
    }

    void aPrefixStandsBeforeEachWindow()
    {
        fs::copy(golden("tiny_base"), m_folder / "e5", fs::copy_options::recursive);
        write(m_folder / "e5/config_sentence_transformers.json",
              R"({"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": null})");
        const auto service = makeService(40, 30, Telling::Last);
        auto options = reading("seconds", 24);
        options.settings.longTexts = "windows";
        options.base = (m_folder / "e5").string();
        const auto outcome = core::train(service, options, {});
        VERIFY_RESULT(outcome);
        const auto session = core::ClassifierSession::open(service.checkpointFolder(outcome->run.id, 1));
        VERIFY_RESULT(session);
        const auto &input = session->input();
        const auto prefix = input.tokenizer->encode("query: ", false).ids;
        QCOMPARE(static_cast<size_t>(input.windows.front), prefix.size() + 1);
        const auto windows =
            engine::windowsOf(input.read("a b c d e f g h i j k l m n o p q r s t u v w x y z"), input.windows);
        QVERIFY(windows.size() > 1);
        for (const auto &window : windows)
            QVERIFY(std::equal(prefix.begin(), prefix.end(), window.begin() + 1));
    }

    void whatIsLongerThanAllWindowsIsSaid()
    {
        const auto service = makeService(12, 900, Telling::First);
        auto options = reading("seconds", 16);
        options.settings.longTexts = "windows";
        const auto outcome = core::train(service, options, {});
        VERIFY_RESULT(outcome);
        QVERIFY(std::ranges::any_of(outcome->notes, [](const std::string &note) {
            return note.find(
                       "24 train rows are read in windows of 16 tokens that overlap by 1. Of 24 rows only the first "
                       "32 windows are read: what stands behind is not.") != std::string::npos;
        }));
        options.settings.maxLength = 8;
        QCOMPARE(core::train(service, options, {}).error().code, base::ErrorCode::InvalidInput);
        options.settings.longTexts = "fold";
        QCOMPARE(core::train(service, options, {}).error().code, base::ErrorCode::InvalidInput);
    }

    void memoryAndTimeAreOfTheWindows()
    {
        const auto service = makeService(40, 50, Telling::Last);
        auto options = reading("finetune", 16);
        const core::TrainingSpeed known{1000, 100};
        const auto cut = core::estimateTraining(service, options, {}, &known);
        options.settings.longTexts = "windows";
        const auto windows = core::estimateTraining(service, options, {}, &known);
        options.settings.longTexts = "cut";
        options.settings.maxLength = 64;
        const auto whole = core::estimateTraining(service, options, {}, &known);
        VERIFY_RESULT(cut);
        VERIFY_RESULT(windows);
        VERIFY_RESULT(whole);
        QVERIFY(windows->seconds > 3 * cut->seconds);
        // A pass reads no more at a time than where texts are cut.
        QVERIFY(windows->memoryBytes < whole->memoryBytes);
    }

    void olderVersionsRefuseRunsInWindows()
    {
        engine::TrainingConfig config;
        QCOMPARE(nlohmann::json::parse(engine::toJson(config)).at("recipe").get<std::string>(),
                 std::string("finetune"));
        config.longTexts = engine::LongTexts::Windows;
        const auto json = nlohmann::json::parse(engine::toJson(config));
        // They look for a recipe of this name.
        QVERIFY(!engine::named<engine::Recipe>(json.at("recipe").get<std::string>()));
        const auto back = engine::trainingConfigFromJson(json.dump());
        VERIFY_RESULT(back);
        QCOMPARE(*back, config);
        auto older = json;
        older["recipe"] = "seconds";
        older.erase("long_texts");
        QCOMPARE(engine::trainingConfigFromJson(older.dump())->longTexts, engine::LongTexts::Cut);
        older["long_texts"] = "folded";
        QCOMPARE(engine::trainingConfigFromJson(older.dump()).error().code, base::ErrorCode::Unsupported);
    }
};

QTEST_GUILESS_MAIN(LongTextsTest)
#include "tst_long_texts.moc"
