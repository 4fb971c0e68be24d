// SPDX-License-Identifier: Apache-2.0
// Rows with any number of labels: kept, edited, brought, written, learned from and answered.
#include "core/classify/suggestions.h"
#include "core/imports/import_task.h"
#include "core/quality/audit.h"
#include "core/rows/label_names.h"
#include "core/store/edit_log.h"
#include "core/store/label_set.h"
#include "core/tasks/deep_check.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/export_task.h"
#include "core/tasks/predict_task.h"
#include "core/tasks/rows_task.h"
#include "core/tasks/train_task.h"
#include "tests/support/tiny_training.h"

namespace fs = std::filesystem;
using namespace support;

namespace {

/// What a mail holds: each part is there or not, so eight combinations.
std::string mail(int number, bool refund, bool delivery, bool praise)
{
    std::string text = "mail " + std::to_string(number);
    if (refund)
        text += number % 2 ? ", give me my money back please" : ", I want a refund of the money";
    if (delivery)
        text += number % 2 ? ", where is my parcel" : ", the parcel has not been delivered";
    if (praise)
        text += ", thank you for the kind service";
    return text;
}

}  // namespace

class MultiLabelTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_services = 0;

    core::Service empty()
    {
        auto made = core::Service::create(
            m_folder / std::to_string(m_services++), "s",
            {"What does the mail hold?", {{"refund", "money back"}, {"delivery", ""}, {"praise", ""}}, {}, {}});
        if (!made)
            qFatal("%s", made.error().message.c_str());
        return std::move(*made);
    }

    /// JSON lines with maps, as many rows as asked.
    fs::path mails(const std::string &name, int rows, int first = 0)
    {
        std::string lines;
        for (int i = first; i < first + rows; ++i) {
            const bool parts[] = {i % 2 == 1, i / 2 % 2 == 1, i / 4 % 2 == 1};
            lines +=
                nlohmann::json{
                    {"prompt", mail(i, parts[0], parts[1], parts[2])},
                    {"completion",
                     {{"refund", parts[0] ? 1 : 0}, {"delivery", parts[1] ? 1 : 0}, {"praise", parts[2] ? 1 : 0}}}}
                    .dump() +
                "\n";
        }
        write(m_folder / name, lines);
        return m_folder / name;
    }

    core::Service filled(int train, int test)
    {
        auto service = empty();
        const auto first = core::importFiles(service, {mails("train.jsonl", train)}, {.typeIsOpen = true}, {});
        const auto second = core::importFiles(service, {mails("test.jsonl", test, 1000)},
                                              {.split = core::Split::Test, .typeIsOpen = true}, {});
        if (!first || !second)
            qFatal("no rows");
        return service;
    }

    static std::vector<core::Example> rowsOf(const core::Service &service, core::Split split = core::Split::Train)
    {
        std::vector<core::Example> rows;
        if (!service.examples().forEach({.split = split}, [&](const core::Example &row) { rows.push_back(row); }))
            qFatal("rows could not be read");
        return rows;
    }

    static std::vector<std::string> textsOf(const core::Service &service)
    {
        std::vector<std::string> texts;
        for (const core::Example &row : rowsOf(service))
            texts.push_back(row.text + " = " + core::LabelNames::read(service)->text(row));
        return texts;
    }

private Q_SLOTS:
    void aSetIsKeptAsTextAndReadBack()
    {
        for (const auto &labels :
             {core::LabelSet(), core::labelSet({}), core::labelSet({7}), core::labelSet({9, 3, 12, 3})}) {
            core::Example row, read;
            core::setLabels(row, labels);
            read.label = row.label;
            core::readAlso(core::alsoText(row), read);
            QCOMPARE(core::labelsOf(read), labels);
        }
        core::Example odd;
        core::readAlso(",x,-3,,5", odd);  // a stranger's file
        QCOMPARE(odd.also, (std::vector<int64_t>{-3, 5}));
        QVERIFY(core::labelKey({.label = 3}) == 3 && !core::labelKey({}) && core::labelKey({.isNone = true}) < 0);
        QCOMPARE(core::labelKey({.label = 3, .also = {5}}), core::labelKey({.label = 5, .also = {3}}));
    }

    void setsAreEditedCountedAndUndone()
    {
        const auto service = filled(8, 0);
        const core::EditLog log(service.database());
        const auto rows = *service.examples().order({});
        const auto labels = [&](size_t i) {
            return core::labelsOf(service.examples().read(std::span(&rows[i], 1))->front());
        };
        QCOMPARE(labels(0), core::labelSet({}));
        QCOMPARE(labels(7), core::labelSet({1, 2, 3}));
        QCOMPARE(service.examples().countsByLabel()->at(3).train, int64_t{4});
        QCOMPARE(service.examples().order({.label = 2})->size(), size_t{4});
        QCOMPARE(service.examples().order({.onlySeveral = true})->size(), size_t{5});
        QVERIFY(service.examples().order({.onlyUnlabelled = true})->empty());

        core::EditDraft draft{.title = "Label", .newLabels = {{.name = "new"}}};
        core::addLabelChanges(draft, rows[0], core::labelSet({2, core::newLabel(0)}));
        core::addLabelChanges(draft, rows[7], core::LabelSet());
        draft.changes.push_back({rows[3], core::FieldChange::Field::Label, {}, 3});  // that one and no other
        const auto edit = log.apply(draft);
        VERIFY_RESULT(edit);
        QCOMPARE(labels(0), core::labelSet({2, 4}));
        QCOMPARE(labels(7), core::LabelSet());
        QCOMPARE(labels(3), core::labelSet({3}));
        QCOMPARE(service.examples().countsByLabel()->at(4).train, int64_t{1});
        QCOMPARE(service.examples().order({.onlyUnlabelled = true})->size(), size_t{1});
        VERIFY_RESULT(log.undo());
        QCOMPARE(labels(0), core::labelSet({}));
        QCOMPARE(labels(7), core::labelSet({1, 2, 3}));
        QCOMPARE(labels(3), core::labelSet({1, 2}));
        VERIFY_RESULT(log.redo());
        QCOMPARE(labels(0), core::labelSet({2, 4}));

        // The step that made a class cannot go while a later one has given it to a row beside others.
        core::EditDraft later{.title = "Label again"};
        core::addLabelChanges(later, rows[1], core::labelSet({1, 4}));
        VERIFY_RESULT(log.apply(later));
        QCOMPARE(log.inverse(*edit).error().code, base::ErrorCode::Blocked);
    }

    void theFirstRowsWithLabelsSayHowMany()
    {
        const auto service = empty();
        QVERIFY(!*service.isMultiLabel());
        const auto imported = core::importFiles(service, {mails("first.jsonl", 8)}, {.typeIsOpen = true}, {});
        VERIFY_RESULT(imported);
        QVERIFY(imported->becameMultiLabel);
        QVERIFY(*service.isMultiLabel());
        QVERIFY(service.describe()->find("\"multi_label\": true") != std::string::npos);
        VERIFY_RESULT(core::EditLog(service.database()).undo());
        QVERIFY2(!*service.isMultiLabel(), "it goes with the rows");

        const auto single = empty();
        write(m_folder / "one.csv", "text,label\nmoney back,refund\nmy parcel,delivery\n");
        VERIFY_RESULT(core::importFiles(single, {m_folder / "one.csv"}, {}, {}));
        const auto refused = core::importFiles(single, {m_folder / "first.jsonl"}, {}, {});
        VERIFY_RESULT(refused);
        QCOMPARE(refused->imported, int64_t{3});  // those with one label
        QCOMPARE(refused->rejected.size(), size_t{5});
        QVERIFY(refused->rejected.front().reason.find("none of its labels") != std::string::npos);
        QVERIFY(refused->rejected.back().reason.find("3 labels at once") != std::string::npos);
        QVERIFY(!*single.isMultiLabel());
    }

    void whatIsWrittenComesBack_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<int>("shape");
        QTest::addColumn<QByteArray>("file");
        using core::RowFormat;
        using core::RowShape;
        const auto row = [](const char *name, RowFormat format, RowShape shape, const char *file) {
            QTest::newRow(name) << static_cast<int>(format) << static_cast<int>(shape) << QByteArray(file);
        };
        row("csv", RowFormat::Csv, RowShape::Own, "o.csv");
        row("xlsx", RowFormat::Xlsx, RowShape::Own, "o.xlsx");
        row("own json", RowFormat::Jsonl, RowShape::Own, "o.jsonl");
        row("lists", RowFormat::Jsonl, RowShape::TextLabel, "l.jsonl");
        row("maps", RowFormat::Jsonl, RowShape::PromptCompletion, "m.jsonl");
        row("messages", RowFormat::Jsonl, RowShape::Messages, "c.jsonl");
        row("distil", RowFormat::Distil, RowShape::Own, "d.csv");
    }
    void whatIsWrittenComesBack()
    {
        QFETCH(int, format);
        QFETCH(int, shape);
        QFETCH(QByteArray, file);
        const auto service = filled(8, 0);
        core::EditDraft draft{.title = "Nobody has labelled these"};
        draft.newRows.push_back({.text = "not yet"});
        VERIFY_RESULT(core::EditLog(service.database()).apply(draft));
        const fs::path to = m_folder / ("written-" + file.toStdString());
        core::RowsOptions out;
        out.format = static_cast<core::RowFormat>(format);
        out.shape = static_cast<core::RowShape>(shape);
        VERIFY_RESULT(core::exportRows(service, out, to, {}));
        const auto again = empty();
        VERIFY_RESULT(core::EditLog(again.database()).apply({.settings = {core::Service::taskTypeChange(true)}}));
        const auto imported = core::importFiles(again, {to}, {}, {});
        VERIFY_RESULT(imported);
        QCOMPARE(textsOf(again), textsOf(service));
        const auto twice = core::importFiles(again, {to}, {}, {});
        VERIFY_RESULT(twice);
        QCOMPARE(twice->imported, int64_t{0});
    }

    void bothRecipesLearnEvaluateAndExport_data()
    {
        QTest::addColumn<QByteArray>("recipe");
        QTest::addColumn<int>("rows");
        QTest::newRow("seconds") << QByteArray("seconds") << 48;
        QTest::newRow("fine-tune, cross-validated") << QByteArray("finetune") << 48;
        QTest::newRow("fine-tune, held out") << QByteArray("finetune") << 240;
    }
    void bothRecipesLearnEvaluateAndExport()
    {
        QFETCH(QByteArray, recipe);
        QFETCH(int, rows);
        const auto service = filled(rows, 24);
        std::vector<core::CheckpointInfo> seen;
        const auto outcome = core::train(service, tinyTraining(recipe.constData()), {},
                                         [&](const core::CheckpointInfo &c) { seen.push_back(c); });
        VERIFY_RESULT(outcome);
        QVERIFY(outcome->run.config.task == engine::TaskType::MultiLabel);
        const auto validation = nlohmann::json::parse(seen.back().validation);
        QVERIFY(validation["micro_f1"].get<double>() > 0.5 && !validation.contains("accuracy"));
        const auto evaluation = core::evaluate(service, "best", core::Split::Test, {});
        VERIFY_RESULT(evaluation);
        const auto &report = evaluation->report;
        QVERIFY(report.task == engine::TaskType::MultiLabel && report.rows == 24);
        QVERIFY2(report.microF1 > 0.65, std::to_string(report.microF1).c_str());
        QVERIFY(!evaluation->stale);
        const auto stored = nlohmann::json::parse(seen[static_cast<size_t>(outcome->run.bestEpoch) - 1].test);
        QVERIFY(std::abs(stored["log_loss"].get<double>() - report.logLoss) < 1e-4);
        QCOMPARE(stored["hamming"].get<double>(), report.hammingLoss);

        const fs::path package = m_folder / ("package-" + std::to_string(m_services));
        const auto exported = core::exportPackage(service, "best", package, {});
        VERIFY_RESULT(exported);
        QCOMPARE(exported->agreement, 1.0);
        QVERIFY(exported->maxProbabilityDifference < 1e-4);
        QCOMPARE(nlohmann::json::parse(read(package / "config.json"))["problem_type"].get<std::string>(),
                 std::string("multi_label_classification"));
        auto session = core::ClassifierSession::open(package);
        VERIFY_RESULT(session);
        std::optional<core::PredictInput> input{{1, "thank you for the kind service, where is my parcel", {}}};
        nlohmann::json answer;
        VERIFY_RESULT(core::predict(
            *session, [&] { return std::exchange(input, std::nullopt); },
            [&](const std::string &line) -> base::Result<void> {
                answer = nlohmann::json::parse(line);
                return {};
            },
            {}, {}));
        QVERIFY(answer["labels"].is_array() && !answer.contains("label"));
        QCOMPARE(session->rule().thresholds.size(), size_t{3});
        for (size_t c = 0; c < 3; ++c) {
            const std::string &name = session->labels()[c];
            const auto &named = answer["labels"];
            QCOMPARE(std::find(named.begin(), named.end(), name) != named.end(),
                     answer["probs"][name].get<float>() >= session->rule().thresholds[c]);
        }

        // The service changes: what it has learned does not fit any more, and that is said.
        core::EditDraft one{.title = "One label each", .settings = {core::Service::taskTypeChange(false)}};
        VERIFY_RESULT(core::EditLog(service.database()).apply(one));
        QVERIFY(core::evaluate(service, "best", core::Split::Test, {}).error().message.find("Train again") !=
                std::string::npos);
    }

    void anInterruptedTrainingGoesOnToTheSameBits()
    {
        const auto whole = filled(240, 0);
        VERIFY_RESULT(core::train(whole, tinyTraining("finetune"), {}));
        const auto part = filled(240, 0);
        std::stop_source stop;
        const auto stopped = core::train(part, tinyTraining("finetune"), {stop.get_token()},
                                         [&](const core::CheckpointInfo &) { stop.request_stop(); });
        QVERIFY(!stopped && stopped.error().code == base::ErrorCode::Cancelled);
        auto again = tinyTraining("finetune");
        again.resume = "finetune";
        VERIFY_RESULT(core::train(part, again, {}));
        QCOMPARE(read(part.checkpointFolder("finetune", 2) / "model.safetensors"),
                 read(whole.checkpointFolder("finetune", 2) / "model.safetensors"));
    }

    void theAuditKnowsSets()
    {
        const auto service = empty();
        write(m_folder / "audit.jsonl", R"({"text":"same words","label":["refund","delivery"]}
{"text":"same words","label":["delivery","refund"]}
{"text":"other words","label":["refund"]}
{"text":"other words","label":["refund","praise"]}
{"text":"none here","label":[]}
{"text":"nobody has looked"}
)");
        VERIFY_RESULT(
            core::importFiles(service, {m_folder / "audit.jsonl"}, {.skipDuplicates = false, .typeIsOpen = true}, {}));
        const auto findings = core::audit(service, {});
        VERIFY_RESULT(findings);
        const auto rowsWith = [&](const std::string &code) {
            const auto found =
                std::find_if(findings->begin(), findings->end(), [&](const auto &f) { return f.code == code; });
            return found == findings->end() ? std::vector<int64_t>() : found->rows;
        };
        QCOMPARE(rowsWith("contradicting_labels"), (std::vector<int64_t>{3, 4}));
        QCOMPARE(rowsWith("duplicate_rows"), (std::vector<int64_t>{2}));
        QCOMPARE(rowsWith("no_label"), (std::vector<int64_t>{6}));
    }

    void aDeepLookDoubtsSingleDecisions()
    {
        const auto service = filled(64, 32);
        const core::EditLog log(service.database());
        auto rare = log.apply({.title = "Class", .newLabels = {{.name = "rare", .description = ""}}});
        VERIFY_RESULT(rare);
        const auto labels = service.examples().labels();
        VERIFY_RESULT(labels);
        const int64_t rareId = labels->back().id;
        // Ids 1 refund, 2 delivery, 3 praise. A train row loses its refund and has a class of which two rows are too
        // few to learn; a test row is given a delivery.
        core::EditDraft draft{.title = "Wrong"};
        core::addLabelChanges(draft, 4, core::labelSet({2, rareId}));
        core::addLabelChanges(draft, 1, core::labelSet({rareId}));
        core::addLabelChanges(draft, 64 + 6, core::labelSet({1, 2, 3}));
        VERIFY_RESULT(log.apply(draft));
        const auto check = core::checkDeeply(service, nullptr, {.near = false, .meaning = false}, {});
        VERIFY_RESULT(check);
        std::map<int64_t, core::LabelSet> better;
        for (const core::Finding &finding : check->findings) {
            if (finding.code != "label_errors")
                continue;
            QVERIFY(finding.fix.find("learned little") == std::string::npos);
            for (size_t i = 0; i < finding.rows.size(); ++i)
                better[finding.rows[i]] = finding.suggested[i];
        }
        QCOMPARE(better.size(), size_t{2});
        QCOMPARE(better[4], core::labelSet({1, 2, rareId}));
        QCOMPARE(better[64 + 6], core::labelSet({1, 3}));
    }

    void setsAreSuggested()
    {
        const auto service = filled(64, 0);
        write(m_folder / "open.csv", "text\n\"I want my money back, where is my parcel\"\nhello\n");
        VERIFY_RESULT(core::importFiles(service, {m_folder / "open.csv"}, {.split = core::Split::Unlabelled}, {}));
        auto reader = core::FeatureReader::open();
        VERIFY_RESULT(reader);
        const auto quick = core::trainQuickly(service, *reader, {});
        VERIFY_RESULT(quick);
        QVERIFY(quick->heldOutCorrect > 48);
        const auto suggestions = core::suggestLabels(service, *quick, 100, {});
        VERIFY_RESULT(suggestions);
        QCOMPARE(suggestions->byRow.begin()->second.labels, core::labelSet({1, 2}));
        QVERIFY(suggestions->byRow.rbegin()->second.labels.isAnswered);
        QCOMPARE(suggestions->mostUseful.size(), size_t{2});
    }
};

QTEST_GUILESS_MAIN(MultiLabelTest)
#include "tst_multi_label.moc"
