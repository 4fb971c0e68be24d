// SPDX-License-Identifier: Apache-2.0
#include "core/classify/classifier_session.h"
#include "core/engine/nets_loader.h"
#include "core/engine/text/tokenizer_loader.h"
#include "core/imports/import_task.h"
#include "core/quality/audit.h"
#include "core/results/chosen_pass.h"
#include "core/store/edit_log.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/export_task.h"
#include "core/tasks/init_task.h"
#include "core/tasks/predict_task.h"
#include "core/tasks/train_task.h"
#include "core/training/recipe_choice.h"
#include "core/training/run_observer.h"
#include "core/training/train_notes.h"
#include "tests/support/tiny_training.h"

#include <cmath>

namespace fs = std::filesystem;
using namespace support;

class TasksTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_services = 0;

    core::Service makeService(int rows)
    {
        const std::string name = "s" + std::to_string(m_services++);
        writeDistilFolder(m_folder / (name + "-in"), rows);
        const auto made = core::initFromFolder(m_folder / name, m_folder / (name + "-in"), name, {});
        if (!made)
            qFatal("%s", made.error().message.c_str());
        return std::move(*core::Service::open(m_folder / name));
    }

    static core::TrainOptions options(const char *recipe) { return tinyTraining(recipe, 3); }

private Q_SLOTS:
    void secondsTrainsEvaluatesAndExports()
    {
        const auto service = makeService(12);
        std::vector<core::CheckpointInfo> seen;
        const auto outcome =
            core::train(service, options("seconds"), {}, [&](const core::CheckpointInfo &c) { seen.push_back(c); });
        VERIFY_RESULT(outcome);
        QCOMPARE(outcome->run.id, std::string("seconds"));
        QCOMPARE(seen.size(), size_t{1});
        QCOMPARE(outcome->run.bestEpoch, 1);
        QVERIFY2(!outcome->notes.empty(), "256 tokens do not fit these weights, which is said");

        const auto evaluation = core::evaluate(service, "best", core::Split::Test, {});
        VERIFY_RESULT(evaluation);
        QCOMPARE(evaluation->checkpoint.text(), std::string("seconds/1"));
        QCOMPARE(evaluation->report.rows, int64_t{24});
        QVERIFY(!evaluation->stale);
        // What training said of the test rows is what evaluating finds.
        QVERIFY(std::abs(nlohmann::json::parse(seen[0].test)["log_loss"].get<double>() - evaluation->report.logLoss) <
                1e-4);

        const auto exported = core::exportPackage(service, "best", m_folder / "package", {});
        VERIFY_RESULT(exported);
        QCOMPARE(exported->rows, int64_t{24});
        QCOMPARE(exported->agreement, 1.0);
        QVERIFY(exported->maxProbabilityDifference < 1e-4);
        const auto config = nlohmann::json::parse(read(m_folder / "package/config.json"));
        QCOMPARE(config["architectures"][0].get<std::string>(), std::string("BertForSequenceClassification"));
        QCOMPARE(config["id2label"]["0"].get<std::string>(), std::string("refund"));
        QVERIFY(!fs::exists(m_folder / "package/stillroom_head.safetensors"));
        const std::string card = read(m_folder / "package/README.md");
        QVERIFY(card.find("refund") != std::string::npos);
        QVERIFY2(card.find(m_folder.path().string()) == std::string::npos &&
                     card.find(GOLDEN_FOLDER) == std::string::npos,
                 "no path in what is given away");
        QVERIFY2(card.find("money back please") == std::string::npos, "no text of a row either");
        QCOMPARE(core::exportPackage(service, "best", m_folder / "package", {}).error().code,
                 base::ErrorCode::AlreadyExists);

        auto session = core::ClassifierSession::open(m_folder / "package");
        VERIFY_RESULT(session);
        const std::vector<std::string> lines{"\"where is my parcel\"", "{\"text\":\"money back\"}", "broken", "7"};
        size_t next = 0;
        std::vector<nlohmann::json> answers;
        const auto done = core::predict(
            *session,
            [&]() -> std::optional<core::PredictInput> {
                if (next == lines.size())
                    return std::nullopt;
                const auto &line = lines[next++];
                return core::parsePredictLine(line, static_cast<int64_t>(next));
            },
            [&](const std::string &line) -> base::Result<void> {
                answers.push_back(nlohmann::json::parse(line));
                return {};
            },
            {}, {});
        VERIFY_RESULT(done);
        QCOMPARE(answers.size(), size_t{4});
        QCOMPARE(answers[1]["row"].get<int>(), 2);
        QVERIFY(answers[2].contains("error") && answers[3].contains("error"));
        double sum = 0;
        for (const auto &p : answers[0]["probs"])
            sum += p.get<double>();
        QVERIFY(std::abs(sum - 1) < 1e-5);
    }

    void secondsLearnsFromUnlabelledRowsToo()
    {
        const auto service = makeService(12);
        const auto test = service.examples().order({.split = core::Split::Test});
        VERIFY_RESULT(test);
        const auto exam = service.examples().read(std::span(test->data(), 1));
        write(m_folder / "more.csv", "text\n" + exam->front().text + "\nwhere is my parcel now\ngive the money back\n");
        VERIFY_RESULT(core::importFiles(service, {m_folder / "more.csv"}, {.split = core::Split::Unlabelled}, {}));
        const auto outcome = core::train(service, options("seconds"), {}, {});
        VERIFY_RESULT(outcome);
        const auto rows = core::RunStore(service.database()).rows("seconds");
        VERIFY_RESULT(rows);
        QCOMPARE(std::count_if(rows->begin(), rows->end(), [](const auto &row) { return row.part == "unlabelled"; }),
                 std::ptrdiff_t{2});  // the one that is in the exam stays out
        QVERIFY(std::any_of(outcome->notes.begin(), outcome->notes.end(),
                            [](const auto &note) { return note.find("nlabelled row") != std::string::npos; }));
        QVERIFY(!core::evaluate(service, "best", core::Split::Test, {})->stale);
        QVERIFY(!core::evaluate(service, "best", core::Split::Train, {})->stale);
    }

    void selfTrainingKeepsItsLastPassUnlessItHarms()
    {
        const auto chosen = [](std::vector<double> shares, size_t rows) {
            std::vector<core::PassScore> scores;
            for (const double share : shares)
                scores.push_back({static_cast<int>(scores.size()) + 1, share, 1, 0});
            return core::lastGoodPass(scores, rows);
        };
        QCOMPARE(chosen({0.80, 0.82, 0.85}, 48), 3);
        QCOMPARE(chosen({0.83, 0.82, 0.81}, 48), 3);  // one row of 48 is chance
        QCOMPARE(chosen({0.83, 0.82, 0.75}, 48), 2);  // four are not
        QCOMPARE(chosen({0.90, 0.80, 0.75}, 48), 1);
        QCOMPARE(chosen({0.83, 0.82, 0.81}, 1000), 1);
        QCOMPARE(chosen({0.5}, 0), 1);
    }

    void automaticTakesWhatSuitsTheRows()
    {
        using engine::Recipe;
        using engine::TaskType;
        QCOMPARE(core::chooseRecipe({48, 1000, 8}, TaskType::SingleLabel).recipe, Recipe::SelfTraining);
        QCOMPARE(core::chooseRecipe({48, 20, 8}, TaskType::SingleLabel).recipe, Recipe::Finetune);
        QCOMPARE(core::chooseRecipe({9000, 9000, 8}, TaskType::SingleLabel).recipe, Recipe::Finetune);
        QCOMPARE(core::chooseRecipe({48, 1000, 8}, TaskType::MultiLabel).recipe, Recipe::Finetune);

        QCOMPARE(core::chooseRecipe({48, 1000, 8}, TaskType::SingleLabel).epochs, 3);
        QCOMPARE(core::chooseRecipe({48, 9000, 8}, TaskType::SingleLabel).epochs, 2);
        QCOMPARE(core::chooseRecipe({48, 20, 8}, TaskType::SingleLabel).epochs, 8);
        QCOMPARE(core::chooseRecipe({9000, 20, 8}, TaskType::SingleLabel).epochs, engine::TrainingConfig().epochs);
        // Many classes have more to learn from rows without a label, and learn from more of them.
        QCOMPARE(core::chooseRecipe({770, 9233, 77}, TaskType::SingleLabel).epochs, 3);
        QCOMPARE(core::chooseRecipe({1500, 13500, 150}, TaskType::SingleLabel).epochs, 4);
        QCOMPARE(core::unlabelledRead(Recipe::SelfTraining, {48, 9000, 8}), int64_t{2000});
        QCOMPARE(core::unlabelledRead(Recipe::SelfTraining, {770, 9233, 77}), int64_t{9233});
        QCOMPARE(core::unlabelledRead(Recipe::SelfTraining, {1500, 13500, 150}), int64_t{10000});
        QCOMPARE(core::unlabelledRead(Recipe::Seconds, {1500, 13500, 150}), int64_t{2000});
        QCOMPARE(core::unlabelledRead(Recipe::Finetune, {1500, 13500, 150}), int64_t{0});

        const auto service = makeService(12);
        std::string more = "text\n";
        for (int i = 0; i < 120; ++i)
            more +=
                (i % 2 ? "where is my parcel number " : "give back the money for order ") + std::to_string(i) + "\n";
        write(m_folder / "many.csv", more);
        VERIFY_RESULT(core::importFiles(service, {m_folder / "many.csv"}, {.split = core::Split::Unlabelled}, {}));
        auto o = options("automatic");
        o.settings.epochs.reset();
        const auto outcome = core::train(service, o, {});
        VERIFY_RESULT(outcome);
        QCOMPARE(outcome->run.config.recipe, Recipe::SelfTraining);
        QCOMPARE(outcome->run.id, std::string("self-training"));
        QVERIFY(outcome->automatic.find("120 unlabelled rows") != std::string::npos);
        QCOMPARE(outcome->checkpoints.size(), size_t{4});  // some 2,000 rows, at most three passes, and the head
        for (const auto &checkpoint : outcome->checkpoints)
            QVERIFY(nlohmann::json::parse(checkpoint.validation).at("cross_validated").get<bool>());
        QVERIFY2(outcome->checkpoints[1].trainLoss > 0 && outcome->checkpoints[0].trainLoss == 0,
                 "a head, then passes");
        const auto rows = core::RunStore(service.database()).rows("self-training");
        VERIFY_RESULT(rows);
        QCOMPARE(std::count_if(rows->begin(), rows->end(), [](const auto &row) { return row.part == "unlabelled"; }),
                 std::ptrdiff_t{120});
        QCOMPARE(core::RunStore(service.database()).run("self-training")->config, outcome->run.config);
    }

    void adaptersAreTrainedAndExported()
    {
        const auto service = makeService(12);
        auto o = options("automatic");
        o.settings.useLora = true;
        o.settings.learningRate.reset();
        o.settings.loraRank = 4;
        const auto outcome = core::train(service, o, {});
        VERIFY_RESULT(outcome);
        QCOMPARE(outcome->run.id, std::string("lora"));
        QCOMPARE(outcome->run.config.learningRate, core::LoraLearningRate);
        QVERIFY(outcome->automatic.find("use_lora") != std::string::npos);
        const auto package = m_folder / "adapted";
        const auto exported = core::exportPackage(service, "lora/3", package, {});
        VERIFY_RESULT(exported);
        QCOMPARE(exported->agreement, 1.0);
        const auto checkpoint = service.checkpointFolder("lora", 3);
        for (const char *name : {"adapter/adapter_config.json", "adapter/adapter_model.safetensors"})
            QVERIFY2(!read(package / name).empty() && read(package / name) == read(checkpoint / name), name);
        QVERIFY(read(package / "README.md").find("PEFT") != std::string::npos);
    }

    void finetuneHoldsOutRowsOrCrossValidates()
    {
        const auto small = makeService(12);
        auto crossValidated = core::train(small, options("finetune"), {});
        VERIFY_RESULT(crossValidated);
        QCOMPARE(crossValidated->checkpoints.size(), size_t{3});
        const auto scores = nlohmann::json::parse(crossValidated->run.crossValidation);
        double best = 0;
        for (const auto &score : scores)
            best = std::max(best, score["accuracy"].get<double>());
        QCOMPARE(scores[static_cast<size_t>(crossValidated->run.bestEpoch) - 1]["accuracy"].get<double>(), best);
        const auto smallRows = core::RunStore(small.database()).rows("finetune");
        VERIFY_RESULT(smallRows);
        for (const auto &row : *smallRows)
            QVERIFY(row.part == "train" || row.part == "test");

        const auto large = makeService(110);
        auto o = options("finetune");
        o.settings.epochs = 1;
        const auto heldOut = core::train(large, o, {});
        VERIFY_RESULT(heldOut);
        QVERIFY(heldOut->run.crossValidation.empty());
        size_t validation = 0;
        const auto largeRows = core::RunStore(large.database()).rows("finetune");
        VERIFY_RESULT(largeRows);
        for (const auto &row : *largeRows)
            validation += row.part == "validation" ? 1 : 0;
        QCOMPARE(validation, size_t{44});
    }

    void changedRowsMakeScoresStaleAndResumeRefuses()
    {
        const auto service = makeService(12);
        VERIFY_RESULT(core::train(service, options("seconds"), {}));
        const auto id = service.examples().order({.split = core::Split::Test})->front();
        const core::FieldChange change{id, core::FieldChange::Field::Text, "another text", {}};
        VERIFY_RESULT(core::EditLog(service.database()).apply("Edit", std::span(&change, 1)));
        QVERIFY(core::evaluate(service, "best", core::Split::Test, {})->stale);
        VERIFY_RESULT(core::EditLog(service.database()).undo());
        QVERIFY(!core::evaluate(service, "best", core::Split::Test, {})->stale);

        std::stop_source stop;
        base::WorkContext context{stop.get_token()};
        auto o = options("finetune");
        const auto stopped =
            core::train(service, o, context, [&](const core::CheckpointInfo &) { stop.request_stop(); });
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
        QCOMPARE(core::RunStore(service.database()).run("finetune")->state, std::string("stopped"));
        core::TrainOptions resume;
        resume.resume = "finetune";
        VERIFY_RESULT(core::EditLog(service.database()).redo());
        QCOMPARE(core::train(service, resume, {}).error().code, base::ErrorCode::InvalidInput);
        VERIFY_RESULT(core::EditLog(service.database()).undo());
        const auto resumed = core::train(service, resume, {});
        VERIFY_RESULT(resumed);
        QCOMPARE(resumed->checkpoints.size(), size_t{3});

        auto whole = options("finetune");
        whole.name = "whole";
        const auto unbroken = core::train(service, whole, {});
        VERIFY_RESULT(unbroken);
        for (const char *epoch : {"1", "2", "3"})
            QVERIFY2(read(service.runFolder("whole") / "checkpoints" / epoch / "model.safetensors") ==
                         read(service.runFolder("finetune") / "checkpoints" / epoch / "model.safetensors"),
                     epoch);
        for (size_t i = 0; i < 3; ++i) {
            QCOMPARE(resumed->checkpoints[i].test, unbroken->checkpoints[i].test);
            QCOMPARE(resumed->checkpoints[i].trainLoss, unbroken->checkpoints[i].trainLoss);
        }
        QCOMPARE(core::train(service, resume, {}).error().code, base::ErrorCode::InvalidInput);  // it is complete
    }

    void whatDecidesCanBeNamed()
    {
        const auto service = makeService(110);
        for (const std::string metric : {"macro_f1", "log_loss"}) {
            const auto figure = [&](const core::CheckpointInfo &checkpoint) {
                const auto value = nlohmann::json::parse(checkpoint.validation).at(metric).get<double>();
                return metric == "log_loss" ? -value : value;
            };
            auto o = options("finetune");
            o.name = metric;
            o.settings.metric = metric;
            o.settings.learningRate = 3e-3;
            const auto outcome = core::train(service, o, {});
            VERIFY_RESULT(outcome);
            const auto taken = static_cast<size_t>(outcome->run.bestEpoch) - 1;
            for (const auto &checkpoint : outcome->checkpoints)
                QVERIFY(figure(checkpoint) <= figure(outcome->checkpoints[taken]));
        }
        const auto small = makeService(12);  // cross-validated
        auto o = options("finetune");
        o.settings.metric = "macro_f1";
        const auto outcome = core::train(small, o, {});
        VERIFY_RESULT(outcome);
        QVERIFY(nlohmann::json::parse(outcome->checkpoints[0].validation).at("macro_f1").get<double>() > 0);
        o.settings.metric = "taste";
        QCOMPARE(core::train(small, o, {}).error().code, base::ErrorCode::InvalidInput);
    }

    void whereFeaturesHardlyTellItIsSaid()
    {
        const std::vector<int> labels{0, 0, 0, 0, 0, 0, 1, 1, 1, 1};
        const auto note = [&](size_t wrong) {
            engine::Matrix logits(10, 2);
            for (size_t i = 0; i < 10; ++i)
                logits.row(i)[1] = (labels[i] == 1) != (i >= 10 - wrong) ? 1.0F : -1.0F;
            return core::noteOnFeatures(logits, labels);
        };
        QVERIFY(note(0).empty());
        QVERIFY(note(2).empty());  // half of the way
        QVERIFY(note(3).find("7 of 10 train rows are right when left out, and always answering the largest class "
                             "would get 6") != std::string::npos);
        QVERIFY(core::noteOnFeatures({}, labels).empty());
    }

    void itEndsWhenNothingImproves()
    {
        const auto service = makeService(110);
        auto o = options("finetune");
        o.settings.epochs = 6;
        o.settings.learningRate = o.settings.headLearningRate = 1e-12;  // nothing can
        o.settings.patience = 2;
        const auto ended = core::train(service, o, {});
        VERIFY_RESULT(ended);
        QCOMPARE(ended->checkpoints.size(), size_t{3});
        QCOMPARE(ended->run.bestEpoch, 1);
        QVERIFY(ended->notes.back().find("ended after pass 3 of 6") != std::string::npos);

        // Interrupted in the midst of waiting it waits on, not anew.
        std::stop_source stop;
        o.name = "again";
        const auto stopped = core::train(service, o, {stop.get_token()}, [&](const core::CheckpointInfo &c) {
            if (c.epoch == 2)
                stop.request_stop();
        });
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
        const auto resumed = core::train(service, {.resume = "again"}, {});
        VERIFY_RESULT(resumed);
        QCOMPARE(resumed->checkpoints.size(), size_t{3});
        QCOMPARE(resumed->run.state, std::string("succeeded"));
    }

    void whatStandsBeforeATextTravelsWithTheWeights()
    {
        const auto service = makeService(12);
        fs::copy(golden("tiny_base"), m_folder / "e5", fs::copy_options::recursive);
        write(m_folder / "e5/config_sentence_transformers.json",
              R"({"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": null})");
        auto o = options("finetune");
        o.base = (m_folder / "e5").string();
        const auto outcome = core::train(service, o, {});
        VERIFY_RESULT(outcome);
        QVERIFY(std::ranges::any_of(outcome->notes, [](const auto &n) { return n.find("\"query: \"") != n.npos; }));
        const auto package = m_folder / "e5-package";
        VERIFY_RESULT(core::exportPackage(service, "best", package, {}));
        QVERIFY(read(package / "README.md").find("classify(\"query: a text\"") != std::string::npos);
        const auto session = core::ClassifierSession::open(package);
        VERIFY_RESULT(session);
        const auto logits = session->logits({"where is my parcel"}, {});
        VERIFY_RESULT(logits);
        const auto tokenizer = engine::loadTokenizer(package);
        auto nets = engine::openNets();
        VERIFY_RESULT(tokenizer);
        VERIFY_RESULT(nets);
        auto predictor = (*nets)->loadPredictor(package, 2);
        VERIFY_RESULT(predictor);
        const auto with = (*predictor)->logits({(*tokenizer)->encode("query: where is my parcel", true).ids}, {});
        const auto without = (*predictor)->logits({(*tokenizer)->encode("where is my parcel", true).ids}, {});
        VERIFY_RESULT(with);
        VERIFY_RESULT(without);
        QCOMPARE(logits->values, with->values);
        QVERIFY(logits->values != without->values);
    }

    void trainingStartsFromAnOwnCheckpoint()
    {
        const auto service = makeService(12);
        VERIFY_RESULT(core::train(service, options("seconds"), {}));
        auto o = options("finetune");
        o.base = "seconds/1";
        o.settings.epochs = 1;
        const auto outcome = core::train(service, o, {});
        VERIFY_RESULT(outcome);
        QCOMPARE(outcome->run.base, std::string("seconds/1"));
        const auto comparison = core::compare(service, "seconds/1", "finetune/1", {});
        VERIFY_RESULT(comparison);
        QVERIFY(comparison->pValue > 0 && comparison->pValue <= 1);
        QVERIFY(core::compare(service, "seconds/1", "seconds/1", {})->fixed.empty());
    }

    void whatCannotBeTrainedIsRefusedWithTheReason()
    {
        const auto service = makeService(12);
        const auto code = [&](const core::TrainOptions &o) {
            const auto outcome = core::train(service, o, {});
            return outcome ? base::ErrorCode::Internal : outcome.error().code;
        };
        auto o = options("seconds");
        o.base = "no-such-weights";
        QCOMPARE(code(o), base::ErrorCode::NotFound);
        o = options("seconds");
        o.settings.batchSize = 0;
        QCOMPARE(code(o), base::ErrorCode::InvalidInput);
        o = options("finetune");
        o.settings.rebalance = "refunds=0.5";
        QCOMPARE(code(o), base::ErrorCode::InvalidInput);
        o = options("seconds");
        o.name = "../escape";
        QCOMPARE(code(o), base::ErrorCode::InvalidInput);
        o = options("alchemy");
        QCOMPARE(code(o), base::ErrorCode::Unsupported);
        o = options("lora");
        o.settings.loraTargets = "q_proj";
        QCOMPARE(code(o), base::ErrorCode::InvalidInput);
        o = options("seconds");
        o.resume = "never-was";
        QCOMPARE(code(o), base::ErrorCode::NotFound);
        fs::copy(golden("tiny_base"), m_folder / "damaged", fs::copy_options::recursive);
        write(m_folder / "damaged/model.safetensors", read(golden("tiny_base") / "model.safetensors").substr(0, 5000));
        o = options("seconds");
        o.base = (m_folder / "damaged").string();
        QCOMPARE(code(o), base::ErrorCode::Corrupt);
        QCOMPARE(core::evaluate(service, "best", core::Split::Test, {}).error().code, base::ErrorCode::NotFound);
        QCOMPARE(core::evaluate(service, "a/../b/1", core::Split::Test, {}).error().code, base::ErrorCode::NotFound);

        const auto job = core::JobDescription{"t", {{"a", ""}, {"b", ""}}, {}, {}};
        auto empty = core::Service::create(m_folder / "empty", "e", job);
        VERIFY_RESULT(empty);
        QCOMPARE(core::train(*empty, options("seconds"), {}).error().code, base::ErrorCode::Blocked);
    }

    void bestIsChosenByHeldOutScoresOnly()
    {
        const auto service = makeService(12);
        const core::RunStore store(service.database());
        core::RunInfo info;
        info.labels = {"refund", "delivery"};
        for (const auto &[name, heldOut, test] :
             {std::tuple("good", "0.9", "0.1"), std::tuple("lucky", "0.5", "1.0")}) {
            const auto id = store.create(name, info, {});
            VERIFY_RESULT(id);
            VERIFY_RESULT(store.putCheckpoint(
                *id,
                {1, 0, 1, std::string("{\"accuracy\":") + heldOut + "}", std::string("{\"accuracy\":") + test + "}"},
                {}));
            info.id = *id;
            info.bestEpoch = 1;
            VERIFY_RESULT(store.setOutcome(info));
            VERIFY_RESULT(store.setState(*id, "succeeded"));
            write(service.checkpointFolder(*id, 1) / "config.json", "{}");
        }
        QCOMPARE(core::resolveCheckpoint(service, "best")->text(), std::string("good/1"));
    }
};

QTEST_GUILESS_MAIN(TasksTest)
#include "tst_tasks.moc"
