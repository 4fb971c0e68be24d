// SPDX-License-Identifier: Apache-2.0
// A class for texts that fit none of the others: nothing is learned for it.
#include "core/classify/classifier_session.h"
#include "core/classify/quick_classifier.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/eval/reject.h"
#include "core/imports/import_task.h"
#include "core/quality/audit.h"
#include "core/results/checkpoint_name.h"
#include "core/store/edit_log.h"
#include "core/store/run_store.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/export_task.h"
#include "core/tasks/init_task.h"
#include "core/tasks/train_task.h"
#include "tests/support/tiny_training.h"

#include <nlohmann/json.hpp>
#include <set>

namespace fs = std::filesystem;
using namespace support;

class RejectTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_services = 0;

    /// Two classes, and a third that rejects. `rows` a class; six rows of the exam fit none.
    core::Service makeService(int rows, const std::string &trainRowOfOther = {})
    {
        const fs::path in = m_folder / ("in" + std::to_string(m_services));
        const fs::path folder = m_folder / ("s" + std::to_string(m_services++));
        writeDistilFolder(in, rows);
        write(in / "job_description.json",
              R"({"task_description":"Sort mails","classes_description":{"refund":"money back","other":"none of them",)"
              R"("delivery":"where is it"},"reject_class":"other"})");
        std::string test = read(in / "test.csv");
        for (const char *text : {"what is the time", "sing me a song", "the sky is blue today",
                                 "how tall is that tower", "please close the window", "a recipe for bread"})
            test += std::string(text) + ",other\n";
        write(in / "test.csv", test);
        if (!trainRowOfOther.empty())
            write(in / "train.csv", read(in / "train.csv") + trainRowOfOther + ",other\n");
        const auto made = core::initFromFolder(folder, in, "s", {});
        if (!made)
            qFatal("%s", made.error().message.c_str());
        return std::move(*core::Service::open(folder));
    }

    static std::set<std::string> codes(const core::Service &service)
    {
        std::set<std::string> codes;
        const auto findings = core::audit(service).value();
        for (const auto &finding : findings)
            codes.insert(finding.code);
        return codes;
    }

private Q_SLOTS:
    void aShareOfTheRightAnswersIsGivenUp()
    {
        engine::Matrix logits(20, 2);
        std::vector<int> labels(20, 0);
        for (size_t i = 0; i < 20; ++i) {
            logits.row(i)[0] = static_cast<float>(i + 1);
            logits.row(i)[1] = -1;
        }
        labels[19] = 1;  // answered wrongly: does not count
        QCOMPARE(engine::fitRejectLogit(logits, labels, 0), 1.0F);
        QCOMPARE(engine::fitRejectLogit(logits, labels, 0.1), 2.0F);
        QCOMPARE(engine::fitRejectLogit(logits, labels, 0.5), 10.0F);
        const auto wider = engine::withReject(logits, 4.5F);
        QCOMPARE(wider.columns, size_t{3});
        const auto answers = engine::argmax(wider);
        QCOMPARE(std::count(answers.begin(), answers.end(), 2), std::ptrdiff_t{4});
        QCOMPARE(wider.row(7)[0], logits.row(7)[0]);
        // Where nothing is right, the lowest of all.
        QCOMPARE(engine::fitRejectLogit(logits, std::vector<int>(20, 1), 0), 1.0F);
    }

    void itIsTrainedExaminedAndExported_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<int>("rows");
        QTest::newRow("head, out of fold") << "seconds" << 15;
        QTest::newRow("cross-validated") << "finetune" << 15;
        QTest::newRow("held out") << "finetune" << 110;
        QTest::newRow("adapters") << "lora" << 15;
    }
    void itIsTrainedExaminedAndExported()
    {
        QFETCH(QString, recipe);
        QFETCH(int, rows);
        const auto service = makeService(rows);
        QVERIFY(!codes(service).contains("class_without_rows"));
        const auto outcome = core::train(service, tinyTraining(recipe.toStdString()), {});
        VERIFY_RESULT(outcome);
        QCOMPARE(outcome->run.labels, (std::vector<std::string>{"refund", "delivery", "other"}));
        QCOMPARE(outcome->run.config.rejectClass, std::string("other"));
        const auto evaluation = core::evaluate(service, "best", core::Split::Test, {});
        VERIFY_RESULT(evaluation);
        QCOMPARE(evaluation->probabilities.columns, size_t{3});
        QCOMPARE(evaluation->report.rows, int64_t{2 * rows + 6});
        QCOMPARE(evaluation->report.perClass[2].support, int64_t{6});
        // What was told at the time is what the checkpoint answers now.
        const auto &last = outcome->checkpoints[static_cast<size_t>(outcome->run.bestEpoch) - 1];
        QCOMPARE(nlohmann::json::parse(last.test).at("accuracy").get<double>(), evaluation->report.accuracy);
        const auto package = m_folder / ("package" + std::to_string(m_services));
        const auto exported = core::exportPackage(service, "best", package, {});
        VERIFY_RESULT(exported);
        QCOMPARE(exported->agreement, 1.0);
        const auto settings = nlohmann::json::parse(read(package / "config.json"));
        QCOMPARE(settings.at("id2label").at("2"), "other");
        QCOMPARE(settings.at("stillroom").at("reject_class"), "other");
        QCOMPARE(nlohmann::json::parse(read(package / "job_description.json")).at("reject_class"), "other");
        // Every text gets the same logit for it.
        const auto session = core::ClassifierSession::open(package);
        VERIFY_RESULT(session);
        const auto logits = session->logits({"one text", "quite another one, and longer"}, {});
        QVERIFY(std::abs(logits->row(0)[2] - logits->row(1)[2]) < 1e-4F);
    }

    void aRunGoesOnFromItsOwnCheckpointAndAfterAnInterruption()
    {
        const auto service = makeService(110);
        auto o = tinyTraining("finetune");
        const auto whole = core::train(service, o, {});
        VERIFY_RESULT(whole);
        std::stop_source stop;
        o.name = "broken";
        QVERIFY(!core::train(service, o, {stop.get_token()}, [&](const auto &) { stop.request_stop(); }).has_value());
        core::TrainOptions again;
        again.resume = "broken";
        VERIFY_RESULT(core::train(service, again, {}));
        for (const char *file : {"model.safetensors", "stillroom_head.safetensors", "config.json"})
            QVERIFY2(read(service.checkpointFolder("finetune", 2) / file) ==
                         read(service.checkpointFolder("broken", 2) / file),
                     file);
        auto further = tinyTraining("finetune");
        further.base = "finetune/2";
        further.name = "further";
        VERIFY_RESULT(core::train(service, further, {}));
    }

    void rowsOfItAreNotLearned()
    {
        const auto service = makeService(15, "hum a tune");
        QVERIFY(codes(service).contains("reject_rows"));
        VERIFY_RESULT(core::refuseBlocked(*core::audit(service)));
        const auto outcome = core::train(service, tinyTraining("seconds"), {});
        VERIFY_RESULT(outcome);
        const auto rows = core::RunStore(service.database()).rows("seconds");
        QCOMPARE(std::count_if(rows->begin(), rows->end(), [](const auto &row) { return row.part == "train"; }),
                 std::ptrdiff_t{30});
    }

    void whatItWouldAnswerIsNotLearnedFrom()
    {
        const auto service = makeService(15);
        std::string texts = "text\n";
        for (int i = 0; i < 60; ++i)
            texts += (i % 2 ? "money back where is my parcel " : "please refund ") + std::to_string(i) + "\n";
        write(m_folder / "more.csv", texts);
        VERIFY_RESULT(core::importFiles(service, {m_folder / "more.csv"}, {.split = core::Split::Unlabelled}, {}));
        auto o = tinyTraining("seconds");
        o.settings.rejectShare = 0.5;
        const auto outcome = core::train(service, o, {});
        VERIFY_RESULT(outcome);
        int offered = -1;
        for (const auto &note : outcome->notes) {
            if (const size_t at = note.find(" unlabelled row"); at != std::string::npos)
                offered = std::stoi(note.substr(note.rfind(' ', at - 1) + 1));
        }
        QVERIFY2(offered > 0 && offered < 60, qPrintable(QString::number(offered)));
    }

    void theQuickClassifierRejectsToo()
    {
        const auto service = makeService(15);
        const auto reader = core::FeatureReader::open(2);
        VERIFY_RESULT(reader);
        const auto quick = core::trainQuickly(service, *reader, {});
        VERIFY_RESULT(quick);
        QCOMPARE(quick->labels, (std::vector<std::string>{"refund", "delivery", "other"}));
        QVERIFY(quick->classes.back().isReject);
        QVERIFY(quick->heldOutCorrect >= 26);
        const auto answersTo = [&](const std::vector<std::string> &texts) {
            return engine::argmax(*quick->probabilities(texts, {}));
        };
        const auto foreign = answersTo({"what is the time", "sing me a song", "the sky is blue today",
                                        "how tall is that tower", "please close the window", "a recipe for bread"});
        QVERIFY(std::count(foreign.begin(), foreign.end(), 2) >= 4);
        const auto own = answersTo({"give me my money back please", "where is my parcel now"});
        QCOMPARE(own[0], 0);
        QCOMPARE(own[1], 1);
        core::EditLog log(service.database());
        VERIFY_RESULT(log.apply({.title = "off", .settings = {core::Service::rejectClassChange(0)}}));
        QCOMPARE(core::trainQuickly(service, *reader, {})->labels.size(), size_t{2});
    }

    void theMarkIsSetAndTakenOff()
    {
        const auto service = makeService(15);
        const auto rejecting = [&] {
            std::string name;
            const auto labels = service.examples().labels().value();
            for (const auto &label : labels)
                name += label.isReject ? label.name : "";
            return name;
        };
        QCOMPARE(rejecting(), std::string("other"));
        core::EditLog log(service.database());
        VERIFY_RESULT(log.apply({.title = "off", .settings = {core::Service::rejectClassChange(0)}}));
        QCOMPARE(rejecting(), std::string());
        QVERIFY(codes(service).contains("class_without_rows"));
        QVERIFY(service.describe()->find("reject_class") == std::string::npos);
        VERIFY_RESULT(log.undo());
        QCOMPARE(rejecting(), std::string("other"));
        VERIFY_RESULT(service.writeMirror());
        QVERIFY(read(service.folder() / "service.yaml").find("reject_class: other") != std::string::npos);
    }

    void whatCannotRejectIsRefused()
    {
        for (const char *job : {R"({"task_description":"t","classes_description":{"a":"","b":""},"reject_class":"c"})",
                                R"({"task_description":"t","classes_description":{"a":"","b":""},"reject_class":7})",
                                R"({"task_description":"t","classes_description":{"a":"","b":""},"reject_class":"b",)"
                                R"("multi_label":true})"})
            QCOMPARE(core::parseJobDescription(job, "j").error().code, base::ErrorCode::InvalidInput);
        // One class beside it leaves nothing to decide.
        const auto two = core::parseJobDescription(
            R"({"task_description":"t","classes_description":{"a":"","b":""},"reject_class":"b"})", "j");
        VERIFY_RESULT(two);
        const auto made = core::initByHand(m_folder / "two", "two", *two);
        VERIFY_RESULT(made);
        QVERIFY(std::any_of(made->findings.begin(), made->findings.end(),
                            [](const auto &finding) { return finding.code == "one_class"; }));
    }
};

QTEST_GUILESS_MAIN(RejectTest)
#include "tst_reject.moc"
