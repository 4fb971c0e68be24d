// SPDX-License-Identifier: Apache-2.0
// What is said of checkpoints: kept answers, comparisons, the order of classes.
#include "core/engine/eval/ask_rule_file.h"
#include "core/results/advice.h"
#include "core/results/checkpoint_results.h"
#include "core/results/class_order.h"
#include "core/results/comparison.h"
#include "core/results/html_parts.h"
#include "core/results/html_report.h"
#include "core/results/report_json.h"
#include "core/results/slices.h"
#include "core/store/edit_log.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/export_task.h"
#include "core/tasks/init_task.h"
#include "core/tasks/predict_task.h"
#include "core/tasks/train_task.h"
#include "tests/support/tiny_training.h"

#include <sstream>

using namespace support;
using Part = core::RunStore::Part;

namespace {

core::Answers answersOf(std::vector<int64_t> ids, const std::vector<int> &expected, const std::vector<int> &answers)
{
    core::Answers result;
    result.labels = {"a", "b", "c"};
    result.examples = std::move(ids);
    for (size_t i = 0; i < expected.size(); ++i)
        result.verdicts.push_back({{expected[i]}, {answers[i]}, 0.9F, 0.1F});
    return result;
}

}  // namespace

class ResultsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatARunHasKept_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<int>("heldOut");
        // Few rows are cross-validated, so all of them were held out once; of many a part is.
        QTest::newRow("cross-validated") << 12 << "finetune" << 24;
        QTest::newRow("quick") << 12 << "seconds" << 24;
        QTest::newRow("held out") << 120 << "finetune" << 48;
    }

    /// Figures made from the kept answers are those that the training recorded and that a new evaluation gives.
    void whatARunHasKept()
    {
        QFETCH(int, rows);
        QFETCH(QString, recipe);
        QFETCH(int, heldOut);
        const TempFolder folder;
        writeDistilFolder(folder / "from", rows);
        VERIFY_RESULT(core::initFromFolder(folder / "s", folder / "from", "s", {}));
        auto service = core::Service::open(folder / "s");
        VERIFY_RESULT(service);
        const auto trained = core::train(*service, tinyTraining(recipe.toStdString(), 2), {});
        VERIFY_RESULT(trained);
        for (const core::CheckpointInfo &checkpoint : trained->checkpoints) {
            const core::CheckpointName name{trained->run.id, checkpoint.epoch};
            const auto results = core::readResults(*service, name);
            VERIFY_RESULT(results);
            const auto recorded = core::parseReport(checkpoint.test);
            QVERIFY(recorded);
            QCOMPARE(static_cast<int>(results->shown.size()), 2 * rows);
            QCOMPARE(results->report.correct, recorded->report.correct);
            QVERIFY(std::abs(results->report.logLoss - recorded->report.logLoss) < 1e-6);
            QVERIFY(std::abs(results->report.ece - recorded->report.ece) < 1e-6);
            QVERIFY(results->intervals.macroF1.low <= results->report.macroF1 &&
                    results->report.macroF1 <= results->intervals.macroF1.high);
            const auto evaluated = core::evaluate(*service, name.text(), core::Split::Test, {});
            VERIFY_RESULT(evaluated);
            for (size_t i = 0; i < evaluated->probabilities.values.size(); ++i)
                QVERIFY(std::abs(evaluated->probabilities.values[i] - results->shown.probabilities.values[i]) < 1e-5F);
            QCOMPARE(static_cast<int>(results->heldOut.size()), heldOut);
            const auto kept = core::parseReport(checkpoint.validation);
            QVERIFY(kept);
            QVERIFY(std::abs(core::reportOf(results->heldOut).accuracy - kept->report.accuracy) < 1e-9);
        }
        // The rows of the exam did not choose; those held out did.
        const auto held = core::readAnswers(*service, {trained->run.id, 1}, Part::HeldOut);
        const auto snapshot = core::RunStore(service->database()).rows(trained->run.id);
        VERIFY_RESULT(snapshot);
        for (const core::RunRow &row : *snapshot) {
            if (row.part == "test")
                QVERIFY(!std::binary_search(held->examples.begin(), held->examples.end(), row.example));
        }
    }

    void changedRowsCountAsTheyAreNow()
    {
        const TempFolder folder;
        writeDistilFolder(folder / "from", 12);
        VERIFY_RESULT(core::initFromFolder(folder / "s", folder / "from", "s", {}));
        auto service = core::Service::open(folder / "s");
        VERIFY_RESULT(service);
        const auto trained = core::train(*service, tinyTraining("seconds", 1), {});
        VERIFY_RESULT(trained);
        const core::CheckpointName name{trained->run.id, 1};
        const auto before = core::readAnswers(*service, name, Part::Exam);
        VERIFY_RESULT(before);
        const auto labels = service->examples().labels();
        // One gets the other label, one goes.
        core::EditDraft draft;
        draft.title = "Change";
        const auto labelOf = [&](size_t row) {
            return labels->at(static_cast<size_t>(1 - before->verdicts[row].expected.front())).id;
        };
        using Field = core::FieldChange::Field;
        draft.changes = {{before->examples[0], Field::Label, {}, labelOf(0)},
                         {before->examples[1], Field::Removed, {}, 1}};
        VERIFY_RESULT(core::EditLog(service->database()).apply(draft));
        const auto after = core::readAnswers(*service, name, Part::Exam);
        VERIFY_RESULT(after);
        QCOMPARE(after->size(), before->size() - 1);
        QCOMPARE(after->leftOut, 1);
        QVERIFY(after->verdicts[0].isRight() != before->verdicts[0].isRight());
    }

    void temperatureIsTakenBack()
    {
        core::Answers answers;
        engine::Matrix logits(2, 3);
        logits.values = {2, -1, 0.5F, -3, 4, 1};
        answers.temperature = 2.5;
        answers.probabilities = engine::softmax(logits, answers.temperature);
        const auto plain = engine::softmax(logits);
        const auto back = core::uncalibrated(answers);
        for (size_t i = 0; i < plain.values.size(); ++i)
            QVERIFY(std::abs(back.values[i] - plain.values[i]) < 1e-5F);
        answers.rule.task = engine::TaskType::MultiLabel;
        answers.probabilities = engine::sigmoid(logits, answers.temperature);
        const auto several = engine::sigmoid(logits);
        const auto returned = core::uncalibrated(answers);
        for (size_t i = 0; i < several.values.size(); ++i)
            QVERIFY(std::abs(returned.values[i] - several.values[i]) < 1e-5F);
    }

    void comparisonsCountCommonRows()
    {
        const auto before = answersOf({1, 2, 3, 4, 5}, {0, 0, 1, 1, 2}, {0, 1, 1, 0, 2});
        const auto after = answersOf({2, 3, 4, 5, 6}, {0, 1, 1, 2, 2}, {0, 0, 1, 2, 2});
        const auto compared = core::compareAnswers(before, after);
        QCOMPARE(compared.rows, 4);
        QCOMPARE(compared.fixed, (std::vector<int64_t>{2, 4}));
        QCOMPARE(compared.broke, (std::vector<int64_t>{3}));
        QCOMPARE(compared.rightBefore, 2);
        QCOMPARE(compared.rightAfter, 3);
        QVERIFY(!compared.isRealDifference());
        QCOMPARE(compared.perClass.front().label, std::string("a"));
        QCOMPARE(compared.perClass.front().fixed, 1);
        QCOMPARE(compared.perClass.front().f1Before, 0.0);
        QVERIFY(std::abs(compared.perClass.front().f1After - 2.0 / 3) < 1e-9);
        QCOMPARE(compared.perClass.back().label, std::string("c"));  // nothing changed there
        QCOMPARE(core::compareAnswers(before, {}).rows, 0);
    }

    void settingsThatDifferAreNamed()
    {
        core::RunInfo before, after;
        before.base = "one";
        after.base = "two";
        after.config.learningRate = 1e-3;
        const auto changed = core::configDifferences(before, after);
        QCOMPARE(changed.size(), size_t{2});
        QCOMPARE(changed[0].name, std::string("base"));
        QCOMPARE(changed[1].name, std::string("learning_rate"));
        QCOMPARE(changed[1].after, std::string("0.001"));
        QVERIFY(core::configDifferences(before, before).empty());
    }

    void confusedClassesStandTogether()
    {
        // 0 is taken for 3 and 1 for 4; 2 for nothing.
        std::vector<std::vector<int64_t>> confusion(5, std::vector<int64_t>(5, 0));
        for (size_t c = 0; c < 5; ++c)
            confusion[c][c] = 10;
        confusion[0][3] = 5;
        confusion[4][1] = 3;
        const auto order = core::similarityOrder(confusion);
        QCOMPARE(order.size(), size_t{5});
        const auto place = [&](size_t c) { return std::find(order.begin(), order.end(), c) - order.begin(); };
        QCOMPARE(std::abs(place(0) - place(3)), ptrdiff_t{1});
        QCOMPARE(std::abs(place(1) - place(4)), ptrdiff_t{1});
        auto sorted = order;
        std::sort(sorted.begin(), sorted.end());
        QCOMPARE(sorted, (std::vector<size_t>{0, 1, 2, 3, 4}));
        const auto pairs = core::confusedPairs(confusion, 1);
        QCOMPARE(pairs.size(), size_t{1});
        QCOMPARE(pairs.front().answered, size_t{3});
        QVERIFY(core::similarityOrder({}).empty());
    }

    void adviceCountsWhatWasHeldOut()
    {
        const TempFolder folder;
        writeDistilFolder(folder / "from", 12);
        VERIFY_RESULT(core::initFromFolder(folder / "s", folder / "from", "s", {}));
        auto service = core::Service::open(folder / "s");
        VERIFY_RESULT(service);
        const auto trained = core::train(*service, tinyTraining("seconds", 1), {});
        VERIFY_RESULT(trained);
        core::CheckpointResults results;
        core::Answers &held = results.heldOut;
        held.checkpoint = {trained->run.id, 1};
        held.labels = held.learned = {"a", "b", "c"};
        const auto add = [&](int expected, int answer, float sure, int times) {
            for (int i = 0; i < times; ++i) {
                held.examples.push_back(static_cast<int64_t>(held.examples.size()) + 1);
                const float rest = (1 - sure) / 2;
                for (int c = 0; c < 3; ++c)
                    held.probabilities.values.push_back(c == answer ? sure : rest);
                held.verdicts.push_back({{expected}, {answer}, sure, 0});
            }
            held.probabilities.rows = held.examples.size();
            held.probabilities.columns = 3;
        };
        QVERIFY(core::adviceOn(*service, results)->empty());
        add(0, 0, 0.99F, 40);
        add(1, 1, 0.97F, 40);
        add(2, 2, 0.98F, 16);
        const auto nothing = core::adviceOn(*service, results);
        VERIFY_RESULT(nothing);
        QCOMPARE(nothing->size(), size_t{1});
        QCOMPARE(nothing->front().kind, core::Advice::Kind::Use);
        // A class that is never answered, and one that is all it answers, come before everything else.
        const auto before = held;
        add(2, 0, 0.5F, 40);
        for (auto &verdict : held.verdicts)
            verdict.answer = {verdict.answer.front() == 2 ? 0 : verdict.answer.front()};
        const auto never = core::adviceOn(*service, results);
        VERIFY_RESULT(never);
        QCOMPARE(never->front().kind, core::Advice::Kind::NeverAnswered);
        QCOMPARE(never->front().title, std::string("It never answers c"));
        QCOMPARE(never->front().labels, (std::vector<std::string>{"c"}));
        for (auto &verdict : held.verdicts)
            verdict.answer = {1};
        const auto collapsed = core::adviceOn(*service, results);
        VERIFY_RESULT(collapsed);
        QCOMPARE(collapsed->size(), size_t{1});
        QCOMPARE(collapsed->front().title, std::string("It answers b to every text"));
        QVERIFY(collapsed->front().evidence.starts_with("It has learned nothing yet"));
        // Most rows are of another class: that is no success.
        add(0, 1, 0.5F, 2000);
        QVERIFY(core::adviceOn(*service, results)->front().evidence.starts_with("It has learned nothing yet"));
        add(1, 1, 0.5F, 20'000);
        QVERIFY(core::adviceOn(*service, results)->front().evidence.starts_with("91 % of the rows are of that class"));
        // It cannot answer a class that came later.
        held = before;
        held.learned.pop_back();
        add(2, 0, 0.5F, 40);
        for (auto &verdict : held.verdicts)
            verdict.answer = {verdict.answer.front() == 2 ? 0 : verdict.answer.front()};
        QVERIFY(core::adviceOn(*service, results)->front().kind != core::Advice::Kind::NeverAnswered);
        held = before;
        add(0, 1, 0.6F, 8);   // hard to tell apart
        add(2, 0, 0.95F, 4);  // sure of another label
        const auto cards = core::adviceOn(*service, results);
        VERIFY_RESULT(cards);
        QCOMPARE(cards->size(), size_t{3});
        const auto card = [&](core::Advice::Kind kind) -> const core::Advice * {
            const auto found =
                std::find_if(cards->begin(), cards->end(), [&](const auto &c) { return c.kind == kind; });
            return found == cards->end() ? nullptr : &*found;
        };
        const auto *ask = card(core::Advice::Kind::AskBelow);
        QVERIFY(ask);
        QCOMPARE(ask->rightShare, 0.95);
        QVERIFY(std::abs(ask->gain - (96.0 / 100 - 96.0 / 108)) < 1e-9);
        const auto *apart = card(core::Advice::Kind::TellApart);
        QVERIFY(apart);
        QCOMPARE(apart->labels, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(apart->rows.size(), size_t{8});
        QVERIFY(std::abs(apart->gain - 4.0 / 108) < 1e-9);
        for (size_t i = 1; i < cards->size(); ++i)
            QVERIFY(cards->at(i - 1).gain >= cards->at(i).gain);
    }

    void reportsHoldTheStoresFiguresAndNoTextUnasked()
    {
        const TempFolder folder;
        writeDistilFolder(folder / "from", 30);
        VERIFY_RESULT(core::initFromFolder(folder / "s", folder / "from", "Shop & <b>mails</b>", {}));
        auto service = core::Service::open(folder / "s");
        VERIFY_RESULT(service);
        const auto trained = core::train(*service, tinyTraining("finetune", 1), {});
        VERIFY_RESULT(trained);
        const core::CheckpointName name{trained->run.id, 1};
        const auto stored = core::parseReport(trained->checkpoints.front().test);
        QVERIFY(stored);
        const auto brief = core::htmlReport(*service, name, {});
        VERIFY_RESULT(brief);
        const auto full = core::htmlReport(*service, name, {true, true});
        VERIFY_RESULT(full);
        for (const std::string &page : {*brief, *full}) {
            QVERIFY(page.find("Right on " + core::percentHtml(stored->report.accuracy)) != std::string::npos);
            QVERIFY(page.find(std::to_string(stored->report.correct) + " right") != std::string::npos);
            QVERIFY(page.find("Shop &amp; &lt;b&gt;mails&lt;/b&gt;") != std::string::npos);
            QVERIFY(page.find("<b>") == std::string::npos);
            QVERIFY(page.find("<script") == std::string::npos);
            QVERIFY(page.find("http") == page.find("http-equiv"));  // nothing is fetched
            QVERIFY(page.find(folder.path().string()) == std::string::npos);
            QVERIFY(page.find(golden("tiny_base").parent_path().string()) == std::string::npos);
        }
        QVERIFY(brief->find("parcel late") == std::string::npos && brief->find("refund my card") == std::string::npos);
        QVERIFY(full->find("<td>" + core::decimalHtml(stored->report.macroF1, 3) + "</td>") != std::string::npos);
        QVERIFY(stored->report.correct == stored->report.rows || full->find("parcel late") != std::string::npos ||
                full->find("refund my card") != std::string::npos);
        QCOMPARE(*core::htmlReport(*service, name, {true, true}), *full);
    }

    void limitsGoWhereTheWeightsGo()
    {
        const TempFolder folder;
        writeDistilFolder(folder / "from", 12);
        VERIFY_RESULT(core::initFromFolder(folder / "s", folder / "from", "s", {}));
        auto service = core::Service::open(folder / "s");
        VERIFY_RESULT(service);
        VERIFY_RESULT(core::train(*service, tinyTraining("seconds", 1), {}));
        const core::CheckpointName name{"seconds", 1};
        const auto weights = service->checkpointFolder("seconds", 1);
        const auto before = core::readResults(*service, name);
        VERIFY_RESULT(before);
        QVERIFY(!before->askRule);
        const auto &labels = before->shown.labels;
        // Between the middle two, so that the package's rounding moves none: half of the answers are less sure.
        std::vector<float> sure;
        for (const auto &verdict : before->shown.verdicts)
            sure.push_back(verdict.confidence);
        std::sort(sure.begin(), sure.end());
        const engine::AskRule median{(sure[sure.size() / 2 - 1] + sure[sure.size() / 2]) / 2};
        VERIFY_RESULT(engine::writeAskRule(weights, median, labels));
        const auto after = core::readResults(*service, name);
        VERIFY_RESULT(after);
        QVERIFY(after->askRule && *after->askRule == median);

        VERIFY_RESULT(core::exportPackage(*service, "best", folder / "package", {}));
        QVERIFY(read(folder / "package/README.md").find("`ask.json`") != std::string::npos);
        const auto asked = [&](const std::filesystem::path &classifier) {
            const auto target = folder / (classifier.filename().string() + ".answers");
            const auto done = core::predictFile(classifier, folder / "from/test.csv", target, {}, 1, {});
            if (!done)
                qFatal("%s", done.error().message.c_str());
            std::istringstream lines(read(target));
            int count = 0;
            for (std::string line; std::getline(lines, line);)
                count += nlohmann::json::parse(line).at("ask").get<bool>() ? 1 : 0;
            return count;
        };
        const auto least = engine::coverageOf(after->shown.verdicts, median);
        QCOMPARE(asked(folder / "package"), static_cast<int>(least.rows - least.answered));
        QCOMPARE(asked(weights), static_cast<int>(least.rows - least.answered));

        // One for each class; what nobody may guess is an error, and so is another service's file.
        engine::AskRule each{0.5F};
        each.perClass.assign(labels.size(), 0.25F);
        each.perClass[1] = engine::AskAlways;
        VERIFY_RESULT(engine::writeAskRule(weights, each, labels));
        const auto read = engine::readAskRule(weights, labels);
        VERIFY_RESULT(read);
        QVERIFY(*read && **read == each);
        for (const char *text : {"", "{", "[]", "{\"ask_below\": \"0.5\"}", "{\"ask_below\": -1}",
                                 "{\"ask_below\": 0.5, \"per_class\": 3}",
                                 "{\"ask_below\": 0.5, \"per_class\": {\"no such class\": 0.5}}"}) {
            write(weights / engine::AskRuleFile, text);
            const auto refused = core::ClassifierSession::open(weights, 1);
            QVERIFY2(!refused && refused.error().code == base::ErrorCode::Corrupt, text);
            QVERIFY(core::readResults(*service, name).has_value());
        }
        VERIFY_RESULT(engine::writeAskRule(weights, {}, labels));
        QVERIFY(!std::filesystem::exists(weights / engine::AskRuleFile));
        VERIFY_RESULT(engine::writeAskRule(weights, {}, labels));
    }

    void slicesTellKindsOfTextsApart()
    {
        const TempFolder folder;
        auto service = core::Service::create(folder / "s", "s", {"task", {{"a", ""}, {"b", ""}}, {}, {}});
        VERIFY_RESULT(service);
        const core::EditLog log(service->database());
        const auto edit = log.open("Add");
        std::vector<core::Example> rows;
        core::Answers answers;
        answers.labels = {"a", "b"};
        for (int i = 0; i < 80; ++i) {
            const bool isLong = i % 2 == 1;
            core::Example row{
                .text = "Where is the parcel that I have been waiting for?", .label = 1, .split = core::Split::Test};
            if (isLong)
                row.text += " It was sent on Monday, and nobody in the shop knows where it is or when it will be here.";
            row.source = i < 40 ? "mails.csv" : "forms.csv";
            rows.push_back(row);
            answers.examples.push_back(i + 1);
            answers.verdicts.push_back({{0}, {isLong && i % 4 == 1 ? 1 : 0}, 0.8F, 0.2F});
        }
        VERIFY_RESULT(log.add(*edit, rows));
        VERIFY_RESULT(log.close(*edit));
        const auto slices = core::slicesOf(*service, answers);
        VERIFY_RESULT(slices);
        QCOMPARE(slices->size(), size_t{4});  // one language is no kind of its own
        QCOMPARE(slices->at(0).by, std::string("length"));
        QCOMPARE(slices->at(0).name, std::string("up to 10 words"));
        QCOMPARE(slices->at(0).right, 40);
        QCOMPARE(slices->at(1).name, std::string("11 to 30 words"));
        QCOMPARE(slices->at(1).right, 20);
        QVERIFY(slices->at(1).pValue < 0.001);
        QCOMPARE(slices->at(2).by, std::string("source"));
        QCOMPARE(slices->at(2).right, 30);
        QCOMPARE(slices->at(2).pValue, 1.0);
        QCOMPARE(slices->at(2).rows(), 40);
        QVERIFY(core::slicesOf(*service, {})->empty());
    }

    void curvesOfEachClass()
    {
        core::Answers answers;
        answers.labels = {"a", "b"};
        answers.probabilities = engine::Matrix(4, 2);
        answers.probabilities.values = {0.9F, 0.1F, 0.8F, 0.2F, 0.3F, 0.7F, 0.6F, 0.4F};
        answers.verdicts = engine::verdictsOf(answers.probabilities, {{0}, {0}, {1}, {1}}, answers.rule);
        const auto curves = core::curvesOf(answers);
        QCOMPARE(curves.roc.perClass.size(), size_t{2});
        QCOMPARE(*curves.roc.perClass[0].area, 1.0);
        QCOMPARE(*curves.precisionRecall.macro.area, 1.0);
        QVERIFY(*curves.roc.micro.area < 1);
    }
};

QTEST_GUILESS_MAIN(ResultsTest)
#include "tst_results.moc"
