// SPDX-License-Identifier: Apache-2.0
// Whatever a class is called, it survives files of rows, training, export and answers.
#include "core/imports/import_task.h"
#include "core/quality/audit.h"
#include "core/results/html_report.h"
#include "core/tasks/export_task.h"
#include "core/tasks/init_task.h"
#include "core/tasks/predict_task.h"
#include "core/tasks/rows_task.h"
#include "core/tasks/train_task.h"
#include "tests/support/odd_names.h"
#include "tests/support/tiny_training.h"

using namespace support;

namespace fs = std::filesystem;

namespace {

std::string listed(const std::vector<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        text += "<" + name + "> ";
    return text;
}

}  // namespace

class ClassNamesTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_services = 0;

    fs::path newPlace() { return m_folder / std::to_string(m_services++); }

    /// What did not come back as it was, in words.
    static QStringList differences(const core::Service &before, const core::Service &after)
    {
        QStringList found;
        auto now = labelsByText(after);
        for (const auto &[text, names] : labelsByText(before)) {
            if (const std::vector<std::string> &read = now[text]; read != names)
                found << QString::fromStdString((listed(names) + "became " + listed(read)));
        }
        if (now.size() != labelsByText(before).size())
            found << QStringLiteral("%1 rows").arg(now.size());
        return found;
    }

private Q_SLOTS:
    void namesSurviveFilesOfRows_data()
    {
        QTest::addColumn<bool>("several");
        QTest::addColumn<int>("format");
        QTest::addColumn<int>("shape");
        QTest::addColumn<bool>("lossless");
        QTest::addColumn<QByteArray>("ending");
        using core::RowFormat;
        using core::RowShape;
        for (const bool several : {false, true}) {
            const auto row = [&](const char *name, RowFormat format, RowShape shape, const char *ending,
                                 bool lossless = false) {
                QTest::newRow(qPrintable(QLatin1String(name) + (several ? ", several" : ", one")))
                    << several << static_cast<int>(format) << static_cast<int>(shape) << lossless << QByteArray(ending);
            };
            row("csv", RowFormat::Csv, RowShape::Own, ".csv");
            row("lossless csv", RowFormat::Csv, RowShape::Own, ".csv", true);
            row("xlsx", RowFormat::Xlsx, RowShape::Own, ".xlsx");
            row("own json", RowFormat::Jsonl, RowShape::Own, ".jsonl");
            row("text and label", RowFormat::Jsonl, RowShape::TextLabel, ".jsonl");
            row("prompt and completion", RowFormat::Jsonl, RowShape::PromptCompletion, ".jsonl");
            row("question and answer", RowFormat::Jsonl, RowShape::QuestionAnswer, ".jsonl");
            row("messages", RowFormat::Jsonl, RowShape::Messages, ".jsonl");
            row("distil", RowFormat::Distil, RowShape::Own, ".csv");
        }
    }
    void namesSurviveFilesOfRows()
    {
        QFETCH(bool, several);
        QFETCH(int, format);
        QFETCH(int, shape);
        QFETCH(bool, lossless);
        QFETCH(QByteArray, ending);
        const auto service = serviceWithClasses(newPlace(), oddNames(), several);
        addRows(service, rowsOfClasses(oddNames().size(), several));
        const fs::path file = m_folder / ("rows" + std::to_string(m_services) + ending.toStdString());
        core::RowsOptions options;
        options.format = static_cast<core::RowFormat>(format);
        options.shape = static_cast<core::RowShape>(shape);
        options.lossless = lossless;
        VERIFY_RESULT(core::exportRows(service, options, file, {}));
        const auto again = serviceWithClasses(newPlace(), oddNames(), several);
        const auto imported = core::importFiles(again, {file}, {}, {});
        VERIFY_RESULT(imported);
        const QStringList lost = differences(service, again);
        QVERIFY2(lost.isEmpty(), qPrintable(lost.join('\n')));
    }

    void namesSurviveAFolder_data()
    {
        QTest::addColumn<bool>("several");
        QTest::newRow("one") << false;
        QTest::newRow("several") << true;
    }
    void namesSurviveAFolder()
    {
        QFETCH(bool, several);
        const auto service = serviceWithClasses(newPlace(), oddNames(), several);
        addRows(service, rowsOfClasses(oddNames().size(), several));
        const fs::path folder = newPlace(), made = newPlace();
        VERIFY_RESULT(core::exportDistilFolder(service, folder, {}));
        VERIFY_RESULT(core::initFromFolder(made, folder, "again", {}));
        const auto again = core::Service::open(made);
        VERIFY_RESULT(again);
        const auto labels = again->examples().labels();
        VERIFY_RESULT(labels);
        std::vector<std::string> names;
        for (const core::Label &label : *labels) {
            if (label.declared)
                names.push_back(label.name);
        }
        QCOMPARE(names, oddNames());
        const QStringList lost = differences(service, *again);
        QVERIFY2(lost.isEmpty(), qPrintable(lost.join('\n')));
    }

    void namesSurviveTrainingExportAndAnswers_data()
    {
        QTest::addColumn<bool>("several");
        QTest::newRow("one") << false;
        QTest::newRow("several") << true;
    }
    void namesSurviveTrainingExportAndAnswers()
    {
        QFETCH(bool, several);
        const auto &names = oddNames();
        const auto service = serviceWithClasses(newPlace(), names, several);
        const auto labels = service.examples().labels();
        VERIFY_RESULT(labels);
        core::EditDraft draft{.title = "Rows"};
        for (size_t i = 0; i < names.size(); ++i) {
            for (int n = 0; n < 4; ++n)
                draft.newRows.push_back({.text = "word" + std::to_string(i) + " in row " + std::to_string(n),
                                         .label = labels->at(i).id,
                                         .split = n < 3 ? core::Split::Train : core::Split::Test});
        }
        VERIFY_RESULT(core::EditLog(service.database()).apply(draft));
        const auto findings = core::audit(service);
        VERIFY_RESULT(findings);
        for (const core::Finding &finding : *findings)
            QVERIFY2(finding.severity != core::Finding::Severity::Block, finding.message.c_str());
        VERIFY_RESULT(core::train(service, tinyTraining("seconds"), {}));
        const fs::path package = newPlace();
        VERIFY_RESULT(core::exportPackage(service, "best", package, {}));

        const auto config = nlohmann::json::parse(read(package / "config.json"));
        for (size_t i = 0; i < names.size(); ++i) {
            QCOMPARE(config["id2label"][std::to_string(i)].get<std::string>(), names[i]);
            QCOMPARE(config["label2id"][names[i]].get<size_t>(), i);
        }
        // As other programs read it, too: quoted where it would be a number, a yes or a date.
        const auto mirror = read(service.folder() / "service.yaml");
        for (const char *line : {"\n  \"True\": \"\"", "\n  \"02\": \"\"", "\n  \"2024-01-31\": \"\"",
                                 "\n  \"+7\": \"\"", "\n  LABEL_1: \"\"", "\n  \"-\": \"\""})
            QVERIFY2(mirror.find(line) != std::string::npos, line);

        const auto receipt = read(package / "verification.json");
        const auto card = read(package / "README.md");
        QVERIFY(receipt.find(nlohmann::json(names.front()).dump()) != std::string::npos);
        for (const char *shown : {"| Order, invoice | ", "| y\\|z | ", "| \\<i>thin\\</i> | ", "| first second | ",
                                  "| in\\out | ", "| \\*star\\* | ", "| LABEL_1 | ", "| \\`code\\` | ", "| R&D | ",
                                  "| \\&amp; | ", "| [y, z] | ", "| \\[link](x) | ", "| C:\\temp\\ | "})
            QVERIFY2(card.find(shown) != std::string::npos, shown);

        const auto session = core::ClassifierSession::open(package);
        VERIFY_RESULT(session);
        QCOMPARE(session->labels(), names);
        std::optional<core::PredictInput> input{{1, "word3 in row 5", {}}};
        nlohmann::json answer;
        VERIFY_RESULT(core::predict(
            *session, [&] { return std::exchange(input, std::nullopt); },
            [&](const std::string &line) -> base::Result<void> {
                answer = nlohmann::json::parse(line);
                return {};
            },
            {}, {}));
        QCOMPARE(answer["probs"].size(), names.size());
        for (const std::string &name : names)
            QVERIFY2(answer["probs"].contains(name), name.c_str());

        const auto checkpoint = core::resolveCheckpoint(service, "best");
        VERIFY_RESULT(checkpoint);
        const auto page = core::htmlReport(service, *checkpoint, {.full = true, .withTexts = true});
        VERIFY_RESULT(page);
        QVERIFY(page->find("&lt;i&gt;thin&lt;/i&gt;") != std::string::npos);
        QVERIFY(page->find("<i>thin") == std::string::npos && page->find("<!-- x") == std::string::npos);

        // A package is where a new service may begin.
        const fs::path begun = newPlace();
        VERIFY_RESULT(core::initFromFolder(begun, package, "begun", {}));
        const auto again = core::Service::open(begun);
        VERIFY_RESULT(again);
        const auto taken = again->examples().labels();
        VERIFY_RESULT(taken);
        QCOMPARE(taken->size(), names.size());
        for (size_t i = 0; i < names.size(); ++i)
            QCOMPARE(taken->at(i).name, names[i]);
    }
};

QTEST_GUILESS_MAIN(ClassNamesTest)
#include "tst_class_names.moc"
