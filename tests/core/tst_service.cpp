// SPDX-License-Identifier: Apache-2.0
#include "core/quality/audit.h"
#include "core/service/training_settings.h"
#include "core/store/edit_log.h"
#include "core/tasks/init_task.h"
#include "tests/support/support.h"

#include <set>

using namespace support;

class ServiceTest : public QObject {
    Q_OBJECT

private:
    static std::set<std::string> codes(const std::vector<core::Finding> &findings, core::Finding::Severity severity)
    {
        std::set<std::string> result;
        for (const auto &f : findings) {
            if (f.severity == severity)
                result.insert(f.code);
        }
        return result;
    }
    static std::set<std::string> blocking(const core::InitSummary &summary)
    {
        return codes(summary.findings, core::Finding::Severity::Block);
    }

private Q_SLOTS:
    void aFolderBecomesAService()
    {
        const TempFolder folder;
        writeDistilFolder(folder / "in", 12);
        write(folder / "in/unstructured.jsonl", "{\"context\":\"one\"}\n{\"context\":\"two\xE2\x80\xA9lines\"}\n");
        write(folder / "in/config.yaml",
              "base:\n  task: classification\n  student_model_name: X\ntuning:\n  learning_rate: 2e-5\n  "
              "num_train_epochs: 7\n  use_lora: true\nsynthgen:\n  generation_target: 5\n");
        const auto summary = core::initFromFolder(folder / "s", folder / "in", "s", {});
        VERIFY_RESULT(summary);
        QVERIFY(blocking(*summary).empty());
        QVERIFY(summary->rejected.empty());
        auto service = core::Service::open(folder / "s");
        VERIFY_RESULT(service);
        const auto counts = service->examples().counts();
        QCOMPARE(counts->train, int64_t{24});
        QCOMPARE(counts->test, int64_t{24});
        QCOMPARE(counts->unlabelled, int64_t{2});
        const auto settings = core::TrainingSettings::fromJson(*service->setting(core::keys::Training));
        QCOMPARE(*settings.epochs, 7);
        QCOMPARE(*settings.learningRate, 2e-5);
        QCOMPARE(*settings.useLora, true);
        size_t notes = 0;
        for (const auto &f : summary->findings)
            notes += f.code == "note" ? 1 : 0;
        QCOMPARE(notes, size_t{2});  // student_model_name, generation_target
        QVERIFY(read(folder / "s/service.yaml").find("money back") != std::string::npos);
    }

    void badFoldersLeaveNothingBehind_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("word");
        const auto row = [](const char *name, const char *file, const char *content, const char *word) {
            QTest::newRow(name) << QByteArray(file) << QByteArray(content) << QByteArray(word);
        };
        row("no job description", "job_description.json", nullptr, "no job_description.json");
        row("broken json", "job_description.json", "{\"task_description\": ", "not JSON");
        row("no task", "job_description.json", R"({"classes_description":{"a":"b"}})", "task_description");
        row("no classes", "job_description.json", R"({"task_description":"t"})", "classes_description");
        row("classes are a list", "job_description.json", R"({"task_description":"t","classes_description":["a"]})",
            "no map");
        row("description is a number", "job_description.json",
            R"({"task_description":"t","classes_description":{"a":1}})", "is no text");
        row("class twice", "job_description.json",
            R"({"task_description":"t","classes_description":{"a":"x","a":"y"}})", "twice");
        row("class without a name", "job_description.json",
            R"({"task_description":"t","classes_description":{" ":"x"}})", "no name");
        row("two train files", "train.jsonl", "{}", "two files");
        row("other task", "config.yaml", "base:\n  task: question-answering\n", "question-answering");
        row("broken yaml", "config.yaml", "base: [\n", "line");
        row("rows are binary", "train.csv", "PK\x03\x04\xFF", "damaged");
    }
    void badFoldersLeaveNothingBehind()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, word);
        const TempFolder folder;
        writeDistilFolder(folder / "in", 3);
        if (content.isNull())
            std::filesystem::remove(folder / "in" / file.toStdString());
        else
            write(folder / "in" / file.toStdString(), content.toStdString());
        const auto summary = core::initFromFolder(folder / "s", folder / "in", "s", {});
        QVERIFY(!summary.has_value());
        QVERIFY2(summary.error().message.find(word.toStdString()) != std::string::npos,
                 summary.error().message.c_str());
        QVERIFY(!std::filesystem::exists(folder / "s"));
        size_t entries = 0;
        for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator(folder.path()))
            ++entries;
        QCOMPARE(entries, size_t{1});
    }

    void filesMakeAServiceOrNothing()
    {
        const TempFolder folder;
        write(folder / "in/first.csv", "text,label\nmoney back,refund\nwhere is it,delivery\n");
        write(folder / "in/second.csv", "text,label\ndo you ship,question\n");
        const std::vector<core::FileToImport> files{{folder / "in/first.csv", {}}, {folder / "in/second.csv", {}}};
        const auto summary = core::initFromFiles(folder / "s", "Mails", files, {});
        VERIFY_RESULT(summary);
        QCOMPARE(summary->imported, int64_t{3});
        const auto service = core::Service::open(folder / "s");
        VERIFY_RESULT(service);
        QCOMPARE(*service->setting(core::keys::Name), std::string("Mails"));
        const auto labels = service->examples().labels();
        QCOMPARE(labels->size(), size_t{3});
        QVERIFY(std::all_of(labels->begin(), labels->end(), [](const core::Label &label) { return label.declared; }));

        // One that cannot be read, and one without a usable row.
        write(folder / "in/third.jsonl", "no json\n{\"other\": 1}\n");
        for (const char *name : {"gone.csv", "third.jsonl"}) {
            std::vector<core::FileToImport> bad{{folder / "in" / name, {}}};
            const auto made = core::initFromFiles(folder / "bad", "Bad", bad, {});
            QVERIFY(!made.has_value());
            QVERIFY2(made.error().message.size() > 30, made.error().message.c_str());
            QVERIFY(!std::filesystem::exists(folder / "bad"));
        }
    }

    void whatDescribesAServiceIsKnown()
    {
        const TempFolder folder;
        writeDistilFolder(folder / "distil", 1);
        write(folder / "rows/train.csv", "text,label\n");
        write(folder / "config/config.yaml", "classification:\n  classes: [a, b]\n  desc: which\n");
        write(folder / "other/config.yaml", "title: something else\n");
        QVERIFY(core::describesService(folder / "distil"));
        QVERIFY(core::describesService(folder / "config/config.yaml"));
        QVERIFY(core::describesService(golden("tiny_classifier")));
        QVERIFY(!core::describesService(folder / "rows"));
        QVERIFY(!core::describesService(folder / "rows/train.csv"));
        QVERIFY(!core::describesService(folder / "other"));
        QVERIFY(!core::describesService(folder / "gone"));
    }

    void existingFoldersAreNotTouched()
    {
        const TempFolder folder;
        writeDistilFolder(folder / "in", 3);
        write(folder / "full/notes.txt", "mine");
        QCOMPARE(core::initFromFolder(folder / "full", folder / "in", "s", {}).error().code,
                 base::ErrorCode::AlreadyExists);
        VERIFY_RESULT(core::initFromFolder(folder / "s", folder / "in", "s", {}));
        QCOMPARE(core::initFromFolder(folder / "s", folder / "in", "s", {}).error().code,
                 base::ErrorCode::AlreadyExists);
        QCOMPARE(core::initFromFolder(folder / "x", folder / "gone", "s", {}).error().code, base::ErrorCode::NotFound);
    }

    void manySettingsAreReadInNoTime()
    {
        std::string yaml;
        for (int i = 0; i < 4000; ++i)
            yaml += "key" + std::to_string(i) + ": 1\n";
        QElapsedTimer timer;
        timer.start();
        const auto file = core::parseConfigFile(yaml + "tuning:\n  num_train_epochs: 7\n", "c");
        VERIFY_RESULT(file);
        QCOMPARE(file->training.epochs, 7);
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
    }

    void theOlderFlatConfigIsReadToo()
    {
        const auto file =
            core::parseConfigFile("task: classification\nstudent_model_name: A\nteacher_model_name: B\ntuning:\n  "
                                  "learning_rate: 5e-5\n  num_train_epochs: 4\n  lora_r: 64\n"
                                  "synthetic_generation:\n  generation_target: 10000\n  teacher_temperature: 0.7\n",
                                  "c");
        VERIFY_RESULT(file);
        QCOMPARE(*file->training.epochs, 4);
        QCOMPARE(*file->training.loraRank, 64);
        QCOMPARE(file->notes.size(), size_t{4});
        QCOMPARE(file->teacher.teacher, std::string("B"));
        const auto evaluated = core::parseConfigFile("evaluation:\n  num_few_shot_examples: 3\n  batch_size: 4\n"
                                                     "  llm_as_a_judge_model_name: J\n",
                                                     "c");
        VERIFY_RESULT(evaluated);
        QCOMPARE(evaluated->teacher.shots, std::optional(3));
        QCOMPARE(evaluated->notes.size(), size_t{2});
        // A flow mapping with trailing commas is YAML, though no JSON.
        const auto flow = core::parseConfigFile(
            "{\n \"base\": {\"task\": \"classification\",},\n \"tuning\": {\"num_train_epochs\": 32,},\n}", "c");
        VERIFY_RESULT(flow);
        QCOMPARE(*flow->training.epochs, 32);
        QVERIFY(!core::parseConfigFile("tuning:\n  num_train_epochs: many\n", "c").has_value());
    }

    void everyKeyOfAConfigIsHonouredOrNamed()
    {
        const auto file = core::parseConfigFile(
            "base:\n  task: classification\n  random_seed: 7\n  visual_task: false\ntuning:\n  learning_rate: 3e-5\n"
            "  learning_rate_scheduler: cosine\n  weight_decay: 0.01\n  warmup_ratio: 0.1\n  bf16: true\n  use_lora: "
            "false\n  per_device_train_batch_size: 4\n  gradient_accumulation_steps: 8\n  num_train_epochs: 3\n  "
            "train_eval_split: 0.3\n  enable_trainer_internal_eval: true\n  rlvr_dataset_size: 0.0\n  made_up: 1\n",
            "c");
        VERIFY_RESULT(file);
        engine::TrainingConfig config;
        VERIFY_RESULT(file->training.applyTo(config));
        QCOMPARE(config.batchSize, 32);
        QCOMPARE(config.microBatch, 4);
        QCOMPARE(config.seed, uint64_t{7});
        QVERIFY(config.schedule == engine::Schedule::Cosine);
        QCOMPARE(file->notes.size(), size_t{5});
        QCOMPARE(std::count_if(file->notes.begin(), file->notes.end(),
                               [](const auto &note) { return note.find("it is not known") != std::string::npos; }),
                 std::ptrdiff_t{1});
        // A batch asked for elsewhere is the whole one.
        const auto asked = core::TrainingSettings{.batchSize = 16}.over(file->training);
        VERIFY_RESULT(asked.applyTo(config));
        QCOMPARE(config.batchSize, 16);
    }

    void adaptersAreSetByAConfig()
    {
        const auto file = core::parseConfigFile("tuning:\n  use_lora: true\n  lora_r: 8\n  lora_alpha_multiplier: 4\n  "
                                                "lora_target_modules: [query, value]\n  gradient_checkpointing: true\n "
                                                " rebalance: {refund: 0.3, late: 0.2}\n  "
                                                "precision: float32\n",
                                                "c");
        VERIFY_RESULT(file);
        QVERIFY(file->notes.empty());
        engine::TrainingConfig config;
        // What is no number is found, not left out for the default.
        engine::TrainingConfig wrong;
        const auto nan = core::TrainingSettings{.learningRate = std::nan("")}.over(file->training);
        QCOMPARE(nan.applyTo(wrong).error().code, base::ErrorCode::InvalidInput);
        const auto kept = core::TrainingSettings::fromJson(file->training.toJson());
        VERIFY_RESULT(kept.applyTo(config));
        QCOMPARE(config.lora(), (engine::LoraConfig{8, 32, 0, "query,value"}));
        QVERIFY(config.checkpointsGradients);
        QCOMPARE(config.rebalance, std::string("refund=0.3,late=0.2"));
        QVERIFY(config.precision == engine::Precision::Float32);
        QCOMPARE(engine::trainingConfigFromJson(engine::toJson(config)).value(), config);
        // The rank alone keeps what an adapter counts; alpha said outright is alpha.
        VERIFY_RESULT((core::TrainingSettings{.loraRank = 16}.applyTo(config)));
        QCOMPARE(config.loraAlpha, 64.0);
        VERIFY_RESULT((core::TrainingSettings{.loraAlpha = 3}.applyTo(config)));
        QCOMPARE(config.loraAlpha, 3.0);
        QVERIFY(!(core::TrainingSettings{.precision = "half"}.applyTo(config)).has_value());
        QVERIFY(!(core::TrainingSettings{.loraRank = 0}.applyTo(config)).has_value());
    }

    void settingsOfAStrangerAreReadByTheirTypes()
    {
        const auto read = core::TrainingSettings::fromJson(
            R"({"warmup_ratio":null,"num_train_epochs":1e300,"random_seed":18446744073709551615,"max_length":"many",)"
            R"("learning_rate_scheduler":7,"weight_decay":0.5,"use_lora":1})");
        QCOMPARE(read.toJson(), core::TrainingSettings{.weightDecay = 0.5}.toJson());
    }

    void anAugmentoolkitConfigGivesClasses()
    {
        const TempFolder folder;
        write(folder / "config.yaml",
              "api:\n  small_model: x\nclassification:\n  classes: ['spam', 'not spam']\n  desc: Is it spam?\n  "
              "predict_on_whole_set_at_the_end: True\nsystem:\n  required_accuracy: 0.9\n");
        for (const auto &from : {folder.path(), folder / "config.yaml"}) {
            const TempFolder target;
            VERIFY_RESULT(core::initFromFolder(target / "s", from, "s", {}));
            auto service = core::Service::open(target / "s");
            VERIFY_RESULT(service);
            QCOMPARE(service->examples().labels()->at(1).name, std::string("not spam"));
        }
    }

    void auditFindsWhatIsSaidTwice()
    {
        const TempFolder folder;
        auto service = core::Service::create(folder / "s", "s", {"task", {{"a", ""}, {"b", ""}}, {}, {}});
        VERIFY_RESULT(service);
        write(folder / "rows.csv",
              "text,label\nmoney back,a\nwhere is it,b\nmoney back,a\nMoney  back,a\nlate again,a\n"
              "Late again,b\nlate  again,a\n");
        VERIFY_RESULT(core::importFiles(*service, {folder / "rows.csv"}, {.skipDuplicates = false}, {}));
        const auto findings = core::audit(*service);
        VERIFY_RESULT(findings);
        const auto rowsOf = [&](const std::string &code) {
            const auto found =
                std::find_if(findings->begin(), findings->end(), [&](const auto &f) { return f.code == code; });
            return found == findings->end() ? std::vector<int64_t>() : found->rows;
        };
        QCOMPARE(rowsOf("duplicate_rows"), (std::vector<int64_t>{3}));  // the one with a capital is another text
        QCOMPARE(rowsOf("contradicting_labels"), (std::vector<int64_t>{5, 6, 7}));
    }

    void auditFindsWhatBlocks()
    {
        const TempFolder folder;
        write(folder / "in/job_description.json",
              R"({"task_description":"t","classes_description":{"a":"","b":"","never":""}})");
        write(folder / "in/train.csv",
              "question,answer\none,a\ntwo,a\nthree,b\n   ,a\nfour,\nfive,unknown\nshared text,a\n");
        write(folder / "in/test.csv", "question,answer\nshared text,a\nOne ,b\n");
        const auto summary = core::initFromFolder(folder / "s", folder / "in", "s", {});
        VERIFY_RESULT(summary);
        QCOMPARE(blocking(*summary), (std::set<std::string>{"class_without_rows", "empty_text", "label_without_class",
                                                            "no_label", "shared_rows", "too_few_rows"}));
        QCOMPARE(codes(summary->findings, core::Finding::Severity::Warn),
                 (std::set<std::string>{"few_rows", "nearly_shared_rows"}));
        const auto refused = core::refuseBlocked(summary->findings);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, base::ErrorCode::Blocked);
        // Importing and looking go on all the same.
        auto service = core::Service::open(folder / "s");
        VERIFY_RESULT(service);
        write(folder / "more.csv", "text,label\nsix,b\n");
        VERIFY_RESULT(core::importFiles(*service, {folder / "more.csv"}, {}, {}));
        QCOMPARE(service->examples().counts()->train, int64_t{8});
    }

    void importSkipsWhatIsThereAndUndoTakesItBack()
    {
        const TempFolder folder;
        auto service = core::Service::create(folder / "s", "s", {"task", {}, {}, {}});
        VERIFY_RESULT(service);
        write(folder / "a.csv", "text,label\none,x\ntwo,y\none,x\none,y\n\"broken\n");
        const auto first = core::importFiles(*service, {folder / "a.csv"}, {}, {});
        VERIFY_RESULT(first);
        QCOMPARE(first->imported, int64_t{3});
        QCOMPARE(first->duplicates, int64_t{1});
        QCOMPARE(first->rejected.size(), size_t{1});
        QCOMPARE(first->rejected[0].row, int64_t{6});
        QVERIFY2(service->examples().labels()->at(0).declared, "without any class, labels of the file become classes");
        QVERIFY2(read(folder / "s/service.yaml").find("x:") != std::string::npos, "and the readable copy names them");
        const auto again = core::importFiles(*service, {folder / "a.csv"}, {}, {});
        QCOMPARE(again->imported, int64_t{0});
        const auto kept = core::importFiles(*service, {folder / "a.csv"}, {.skipDuplicates = false}, {});
        QCOMPARE(kept->imported, int64_t{4});
        const auto failed =
            core::importFiles(*service, {folder / "a.csv", folder / "gone.csv"}, {.skipDuplicates = false}, {});
        QVERIFY(!failed.has_value());
        QCOMPARE(service->examples().counts()->train, int64_t{7});
        write(folder / "picture.csv", std::string("\x89PNG\r\n\x1A\n\0\0", 10));
        const auto some =
            core::importFiles(*service, {folder / "picture.csv", folder / "a.csv"}, {.skipDuplicates = false}, {});
        VERIFY_RESULT(some);
        QCOMPARE(some->imported, int64_t{4});
        QCOMPARE(some->rejected.front().row, int64_t{0});
        QCOMPARE(some->rejected.front().file, std::string("picture.csv"));
        QVERIFY(!core::importFiles(*service, {folder / "picture.csv", folder / "picture.csv"}, {}, {}).has_value());
    }

    void theSameFileAgainMayReplaceItsRows()
    {
        const TempFolder folder;
        auto service = core::Service::create(folder / "s", "s", {"task", {}, {}, {}});
        VERIFY_RESULT(service);
        write(folder / "a.csv", "text,label\none,x\ntwo,y\n");
        write(folder / "b.csv", "text,label\nthree,x\n");
        VERIFY_RESULT(core::importFiles(*service, {folder / "a.csv", folder / "b.csv"}, {}, {}));
        write(folder / "a.csv", "text,label\ntwo,y\nnew,y\nthree,x\n");
        const auto replaced = core::importFiles(*service, {folder / "a.csv"}, {.replaceSource = true}, {});
        VERIFY_RESULT(replaced);
        QCOMPARE(replaced->replaced, int64_t{2});
        QCOMPARE(replaced->imported, int64_t{2});
        QCOMPARE(replaced->duplicates, int64_t{1});  // of the other file
        const auto texts = [&] {
            std::vector<std::string> all;
            static_cast<void>(
                service->examples().forEach({}, [&](const core::Example &row) { all.push_back(row.text); }));
            return all;
        };
        QCOMPARE(texts(), (std::vector<std::string>{"three", "two", "new"}));
        VERIFY_RESULT(core::EditLog(service->database()).undo());
        QCOMPARE(texts(), (std::vector<std::string>{"one", "two", "three"}));
        // Stopped in its midst, or a file that cannot be read: the old rows stay.
        std::stop_source stop;
        base::WorkContext context{stop.get_token()};
        context.report = [&](const base::Progress &) { stop.request_stop(); };
        QVERIFY(!core::importFiles(*service, {folder / "a.csv"}, {.replaceSource = true}, context).has_value());
        QCOMPARE(texts(), (std::vector<std::string>{"one", "two", "three"}));
        write(folder / "a.csv", std::string("\x89PNG\r\n\x1A\n\0\0", 10));
        QVERIFY(!core::importFiles(*service, {folder / "a.csv"}, {.replaceSource = true}, {}).has_value());
        QCOMPARE(texts(), (std::vector<std::string>{"one", "two", "three"}));
    }

    void aDocumentsRowsKnowTheirPlace()
    {
        const TempFolder folder;
        auto service = core::Service::create(folder / "s", "s", {"task", {}, {}, {}});
        VERIFY_RESULT(service);
        write(folder / "notes.txt", "The first paragraph.\n\nThe second one.\n");
        VERIFY_RESULT(
            core::importFiles(*service, {folder / "notes.txt"},
                              {.split = core::Split::Unlabelled, .read = {.unit = core::TextUnit::Paragraphs}}, {}));
        std::vector<std::string> places;
        VERIFY_RESULT(service->examples().forEach({}, [&](const core::Example &row) { places.push_back(row.place); }));
        QCOMPARE(places, (std::vector<std::string>{"paragraph 1", "paragraph 2"}));
    }

    void importIsCancelledWithoutATrace()
    {
        const TempFolder folder;
        auto service = core::Service::create(folder / "s", "s", {"task", {}, {}, {}});
        VERIFY_RESULT(service);
        std::string csv = "text,label\n";
        for (int i = 0; i < 20'000; ++i)
            csv += "text " + std::to_string(i) + ",x\n";
        write(folder / "a.csv", csv);
        std::stop_source stop;
        base::WorkContext context{stop.get_token()};
        context.report = [&](const base::Progress &p) {
            if (p.done == 12'000)
                stop.request_stop();
        };
        QCOMPARE(core::importFiles(*service, {folder / "a.csv"}, {}, context).error().code, base::ErrorCode::Cancelled);
        QCOMPARE(service->examples().counts()->train, int64_t{0});
        VERIFY_RESULT(core::importFiles(*service, {folder / "a.csv"}, {}, {}));
        QCOMPARE(service->examples().counts()->train, int64_t{20'000});
    }

    void theSampleIsSound()
    {
        const TempFolder folder;
        const auto summary =
            core::initFromFolder(folder / "s", std::filesystem::path(SAMPLES_FOLDER) / "shop-mails", "s", {});
        VERIFY_RESULT(summary);
        QVERIFY(summary->findings.empty());
        auto service = core::Service::open(folder / "s");
        const auto counts = service->examples().counts();
        QCOMPARE(counts->train, int64_t{60});
        QCOMPARE(counts->test, int64_t{60});
        QCOMPARE(counts->unlabelled, int64_t{240});
        const auto labels = service->examples().labels();
        VERIFY_RESULT(labels);
        for (const auto &label : *labels) {
            QCOMPARE(service->examples().order({.split = core::Split::Train, .label = label.id})->size(), size_t{10});
            QCOMPARE(service->examples().order({.split = core::Split::Test, .label = label.id})->size(), size_t{10});
        }
    }
};

QTEST_GUILESS_MAIN(ServiceTest)
#include "tst_service.moc"
