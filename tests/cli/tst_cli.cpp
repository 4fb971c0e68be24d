// SPDX-License-Identifier: Apache-2.0
#include "core/results/checkpoint_name.h"
#include "core/tasks/answer_file.h"
#include "tests/support/cli.h"
#include "tests/support/zip_file.h"

using namespace support;

class CliTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    QString m_service, m_base;

private Q_SLOTS:
    void initTestCase()
    {
        writeDistilFolder(m_folder / "in", 12);
        m_service = argument(m_folder / "s");
        m_base = argument(golden("tiny_base"));
        const auto made = runCli({"init", m_service, "--from", argument(m_folder / "in"), "--json"});
        QCOMPARE(made.code, 0);
        QCOMPARE(made.json()["rows"]["train"].get<int>(), 24);
        QCOMPARE(made.json()["task_type"].get<std::string>(), std::string("binary"));
    }

    void versionNeedsNoLibtorch()
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("STILLROOM_NETS"), QStringLiteral("/nonexistent/libstillroom_nets.so"));
        QElapsedTimer timer;
        timer.start();
        const auto version = runCli({"--version"}, {}, environment);
        QVERIFY(timer.elapsed() < 1000);
        QCOMPARE(version.code, 0);
        QVERIFY(version.out.starts_with("stillroom-cli "));
        QCOMPARE(runCli({"check", m_service}, {}, environment).code, 0);
        const auto doctor = runCli({"doctor", "--json"}, {}, environment);
        QCOMPARE(doctor.code, 1);
        bool named = false;
        const auto report = doctor.json();
        for (const auto &check : report["checks"])
            named = named || (check["name"] == "libtorch" && !check["ok"].get<bool>() &&
                              check["detail"].get<std::string>().find("packaging/setup") != std::string::npos);
        QVERIFY(named);
        const auto train = runCli({"train", m_service, "--base", m_base, "--json"}, {}, environment);
        QCOMPARE(train.code, 1);
        QCOMPARE(train.errorCode(), std::string("not_found"));
    }

    void aModuleOfAnotherVersionIsNotUsed()
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("STILLROOM_NETS"), QStringLiteral(OTHER_NETS));
        const auto train = runCli({"train", m_service, "--base", m_base, "--json"}, {}, environment);
        QCOMPARE(train.code, 1);
        QCOMPARE(train.errorCode(), std::string("not_found"));
        QVERIFY(train.out.find("not of this version") != std::string::npos);
    }

    void wrongUsageIsTwo()
    {
        for (const auto &arguments : {QStringList{"nonsense"}, QStringList{"train"}, QStringList{"init", "x"},
                                      QStringList{"import", m_service, "f.csv", "--split", "sideways"},
                                      QStringList{"train", m_service, "--recipe", "magic"},
                                      QStringList{"train", m_service, "--epochs", "many"}}) {
            const auto answer = runCli(arguments);
            QVERIFY2(answer.code == 2, qPrintable(arguments.join(QLatin1Char(' '))));
            QVERIFY(answer.out.empty());
        }
        QCOMPARE(runCli({"nonsense", "--json"}).errorCode(), std::string("usage"));
        const auto method = runCli({"map", m_service, "--method", "globe", "--to", "m.csv", "--json"});
        QCOMPARE(method.code, 2);
        QVERIFY(method.err.find("components, neighbours, not globe") != std::string::npos);
    }

    void theMainJobFromRowsToAnswers()
    {
        const auto trained =
            runCli({"train", m_service, "--recipe", "seconds", "--base", m_base, "--name", "quick", "--json"});
        QVERIFY2(trained.code == 0, trained.err.c_str());
        QCOMPARE(trained.json()["best"].get<std::string>(), std::string("quick/1"));
        const auto predictions = argument(m_folder / "p.jsonl");
        const auto evaluated = runCli({"evaluate", m_service, "best", "--predictions", predictions, "--json"});
        QCOMPARE(evaluated.code, 0);
        QCOMPARE(evaluated.json()["confusion"].size(), size_t{2});
        QVERIFY(!evaluated.json()["stale"].get<bool>());
        const std::string predicted = read(m_folder / "p.jsonl");
        QCOMPARE(std::count(predicted.begin(), predicted.end(), '\n'), 24);
        const auto package = argument(m_folder / "package");
        const auto exported = runCli({"export", m_service, "quick/1", "--format", "hf", "--to", package, "--json"});
        QVERIFY2(exported.code == 0, exported.err.c_str());
        QCOMPARE(exported.json()["verification"]["agreement"].get<double>(), 1.0);

        // A package says what it decides, so a service can begin from it; a stranger's names its classes at least.
        const auto begun = argument(m_folder / "from-package");
        QCOMPARE(runCli({"init", begun, "--from", package}).code, 0);
        const auto described = [&](const char *folder) {
            const auto mirror = read(m_folder / folder / "service.yaml");
            return mirror.substr(mirror.find("task_description"));
        };
        QCOMPARE(described("from-package"), described("s"));
        QVERIFY(std::filesystem::remove(m_folder / "package/job_description.json"));
        const auto bare = runCli({"init", argument(m_folder / "from-bare"), "--from", package, "--json"});
        QCOMPARE(bare.code, 0);
        QVERIFY(read(m_folder / "from-bare/service.yaml").find("refund") != std::string::npos);

        const auto fromService =
            runCli({"predict", m_service, "-"}, "\"where is my parcel\"\n\n{\"question\":\"money\"}\nnot json\n");
        QCOMPARE(fromService.code, 0);
        const auto fromPackage =
            runCli({"predict", package, "-", "--data-format", "logits"}, "\"where is my parcel\"\n");
        QCOMPARE(fromPackage.code, 0);
        QVERIFY(fromPackage.json()["logits"].is_object());
        std::istringstream lines(fromService.out);
        std::string line;
        std::getline(lines, line);
        QCOMPARE(nlohmann::json::parse(line)["label"], fromPackage.json()["label"]);
        std::getline(lines, line);
        QCOMPARE(nlohmann::json::parse(line)["row"].get<int>(), 3);
        std::getline(lines, line);
        QVERIFY(nlohmann::json::parse(line).contains("error"));
        const auto compared = runCli({"compare", m_service, "best", "quick/1", "--json"});
        QCOMPARE(compared.json()["p_value"].get<double>(), 1.0);

        // Below a limit a person is asked, which each answer says.
        QVERIFY(runCli({"limit", m_service, "--json"}).json()["ask_below"].is_null());
        QVERIFY(runCli({"limit", m_service, "--right", "0.3"}).code != 0);
        QVERIFY(runCli({"limit", m_service, "--below", "0.5", "--none"}).code != 0);
        const auto limited = runCli({"limit", m_service, "--right", "0.9", "--per-class", "--json"});
        QVERIFY2(limited.code == 0, limited.err.c_str());
        QCOMPARE(limited.json()["per_class"].size(), size_t{2});
        const auto always = runCli({"limit", m_service, "--below", "1", "--json"});
        const auto limitedTo = argument(m_folder / "limited.jsonl");
        QCOMPARE(runCli({"predict", m_service, argument(m_folder / "in/test.csv"), "--to", limitedTo}).code, 0);
        std::istringstream asked(read(m_folder / "limited.jsonl"));
        int stands = 0;
        for (std::string answer; std::getline(asked, answer);)
            stands += nlohmann::json::parse(answer).at("ask").get<bool>() ? 0 : 1;
        QCOMPARE(always.json()["exam"]["answered"].get<int>(), stands);
        QCOMPARE(runCli({"limit", m_service, "--none"}).code, 0);
        QVERIFY(runCli({"limit", m_service, "--json"}).json()["ask_below"].is_null());
    }

    void whatATrainingTakesIsSaidBefore()
    {
        const auto said = runCli({"train", m_service, "--base", m_base, "--epochs", "2", "--estimate", "--json"});
        QVERIFY2(said.code == 0, said.err.c_str());
        QVERIFY(said.json()["seconds"].get<double>() > 0 && said.json()["disk_bytes"].get<int64_t>() > 0);
        QVERIFY(said.err.find("takes about") != std::string::npos);
    }

    void predictGoesOnWhereItWasCutOff()
    {
        QCOMPARE(runCli({"train", m_service, "--recipe", "seconds", "--base", m_base}).code, 0);
        const auto file = argument(m_folder / "in/test.csv");
        const auto to = argument(m_folder / "answers.jsonl");
        QCOMPARE(runCli({"predict", m_service, file, "--to", to}).code, 0);
        const std::string whole = read(m_folder / "answers.jsonl");
        QCOMPARE(std::count(whole.begin(), whole.end(), '\n'), 24);
        const auto service = core::Service::open(m_service.toStdString());
        VERIFY_RESULT(service);
        const auto best = core::resolveCheckpoint(*service, "best");
        VERIFY_RESULT(best);
        const auto classifier = service->checkpointFolder(best->run, best->epoch);
        const core::AnswerFile same(m_folder / "answers.jsonl", classifier, m_folder / "in/test.csv", "probs");
        write(same.part(), whole.substr(0, whole.size() / 2));  // cut in mid-line
        // What was asked otherwise is no part of this answer.
        const core::AnswerFile other(m_folder / "answers.jsonl", classifier, m_folder / "in/test.csv", "logits");
        QVERIFY(other.part() != same.part());
        write(other.part(), "{}\n");
        std::filesystem::remove(m_folder / "answers.jsonl");
        const auto again = runCli({"predict", m_service, file, "--to", to});
        QCOMPARE(again.code, 0);
        QVERIFY(again.err.find("Went on after") != std::string::npos);
        QCOMPARE(read(m_folder / "answers.jsonl"), whole);
        QVERIFY(!std::filesystem::exists(same.part()));
        QVERIFY(!std::filesystem::exists(other.part()));
    }

    void rowsComeOutAsTheyWentIn()
    {
        const auto rows = runCli({"rows", m_service, "--split", "train"});
        QCOMPARE(runCli({"rows", m_service, "--split", "train", "--to", "-"}).out, rows.out);
        QVERIFY(!std::filesystem::exists("-"));
        QCOMPARE(std::count(rows.out.begin(), rows.out.end(), '\n'), 24);
        QVERIFY(nlohmann::json::parse(rows.out.substr(0, rows.out.find('\n')))["source"] == "train.csv");
        const auto to = argument(m_folder / "out.csv");
        QCOMPARE(runCli({"rows", m_service, "--split", "train", "--format", "distil", "--to", to}).code, 0);
        QCOMPARE(read(m_folder / "out.csv"), read(m_folder / "in/train.csv"));
    }

    void everyFormatOfRowsIsReadAgain()
    {
        const auto service = [&](const char *name) {
            const auto folder = argument(m_folder / name);
            runCli({"init", folder, "--task", "task", "--class", "a=x", "--class", "b=y"});
            return folder;
        };
        const auto rowsOf = [](const QString &folder) {
            return runCli({"rows", folder, "--format", "jsonl", "--shape", "text-label"}).out;
        };
        const auto from = service("formulas");
        std::string lines;
        for (const auto &[text, label] : {std::pair("=HYPERLINK(1)", "a"), std::pair("'+49 is my number", "b"),
                                          std::pair("007", "a"), std::pair("two\nlines, 'quoted'", "b")})
            lines += nlohmann::json{{"text", text}, {"label", label}}.dump() + "\n";
        write(m_folder / "formulas.jsonl", lines);
        QCOMPARE(runCli({"import", from, argument(m_folder / "formulas.jsonl"), "--split", "train"}).code, 0);
        write(m_folder / "own.jsonl", "{\"text\":\"own\",\"label\":\"a\",\"provenance\":\"human\",\"source\":\"x\","
                                      "\"comment\":\"=ask Kim\",\"place\":\"page 2\"}\n");
        QCOMPARE(runCli({"import", from, argument(m_folder / "own.jsonl"), "--split", "train"}).code, 0);
        const auto expected = rowsOf(from);
        QCOMPARE(std::count(expected.begin(), expected.end(), '\n'), std::ptrdiff_t{5});
        const std::pair<const char *, QStringList> ways[] = {
            {"safe.csv", {"--format", "csv"}},
            {"lossless.csv", {"--format", "csv", "--lossless"}},
            {"book.xlsx", {"--format", "xlsx"}},
            {"distil.csv", {"--format", "distil"}},
            {"own.jsonl", {"--format", "jsonl"}},
            {"prompt.jsonl", {"--format", "jsonl", "--shape", "prompt-completion"}},
            {"question.jsonl", {"--format", "jsonl", "--shape", "question-answer"}},
            {"messages.jsonl", {"--format", "jsonl", "--shape", "messages"}}};
        for (const auto &[name, format] : ways) {
            const auto file = argument(m_folder / name);
            QCOMPARE(runCli(QStringList{"rows", from, "--split", "train", "--to", file} + format).code, 0);
            const auto again = service((std::string("again-") + name).c_str());
            QCOMPARE(runCli({"import", again, file, "--split", "train"}).code, 0);
            QVERIFY2(rowsOf(again) == expected, name);
            const bool hasAll = format.size() == 2 ? format[1] != "distil" : format.size() == 3;
            const auto own = runCli({"rows", again, "--format", "jsonl"}).out;
            QVERIFY2((own.find("\"comment\":\"=ask Kim\",\"place\":\"page 2\"") != std::string::npos) == hasAll, name);
        }
        QVERIFY(read(m_folder / "safe.csv").find("'=HYPERLINK") != std::string::npos);
        QVERIFY(read(m_folder / "lossless.csv").find("'=HYPERLINK") == std::string::npos);
        const auto folder = argument(m_folder / "distil-folder");
        QCOMPARE(runCli({"rows", from, "--format", "distil-folder", "--to", folder}).code, 0);
        QCOMPARE(runCli({"init", argument(m_folder / "from-distil"), "--from", folder}).code, 0);
        QCOMPARE(rowsOf(argument(m_folder / "from-distil")), expected);
        QCOMPARE(runCli({"rows", from, "--format", "xlsx"}).code, 2);
    }

    void aFolderOfDocumentsIsImported()
    {
        const auto service = argument(m_folder / "documents");
        runCli({"init", service, "--task", "task", "--class", "a=x", "--class", "b=y"});
        std::filesystem::create_directories(m_folder / "pile/below");
        write(m_folder / "pile/mail.pdf", makePdf({"Where is my parcel?"}));
        write(m_folder / "pile/below/mail.docx", makeDocx("<w:p><w:r><w:t>I want my money back.</w:t></w:r></w:p>"));
        write(m_folder / "pile/list.txt", "The cup is broken.\nThe plate is, too.\n");
        write(m_folder / "pile/broken.pdf", "%PDF-1.4");
        write(m_folder / "pile/notes.png", "\x89PNG\r\n");
        const auto imported =
            runCli({"import", service, argument(m_folder / "pile"), "--split", "unlabelled", "--json"});
        QCOMPARE(imported.code, 0);
        QCOMPARE(imported.json()["imported"].get<int>(), 4);
        QCOMPARE(imported.json()["rejected"].size(), size_t{1});
        QCOMPARE(imported.json()["rejected"][0]["file"].get<std::string>(), std::string("broken.pdf"));
        const auto texts = runCli({"rows", service}).out;
        for (const char *text : {"Where is my parcel?", "I want my money back.", "The plate is, too."})
            QVERIFY2(texts.find(text) != std::string::npos, text);
    }

    void weightsAreTriedOnTheRows()
    {
        const auto tried = runCli({"--json", "models", "try", m_service});
        QVERIFY2(tried.code == 0, tried.err.c_str());
        const auto trials = tried.json()["trials"];
        const auto found = std::find_if(trials.begin(), trials.end(),
                                        [](const auto &trial) { return trial["name"] == "all-MiniLM-L6-v2"; });
        QVERIFY(found != trials.end());
        QCOMPARE((*found)["rows"].template get<int>(), 24);
        QVERIFY((*found)["held_out_correct"].template get<int>() >= 20);
        QCOMPARE(runCli({"--json", "models", "try", m_service + "/nowhere"}).errorCode(), std::string("not_found"));
    }

    void blockedTrainingIsThree()
    {
        const auto service = argument(m_folder / "blocked");
        QCOMPARE(runCli({"init", service, "--task", "t", "--class", "a=first", "--class", "b"}).code, 0);
        write(m_folder / "rows.jsonl",
              "{\"text\":\"x\",\"label\":\"a\"}\n{\"text\":\"y\",\"label\":\"stranger\"}\n{broken\n");
        const auto imported = runCli({"import", service, argument(m_folder / "rows.jsonl"), "--split", "train",
                                      "--json", "--report", argument(m_folder / "report.csv")});
        QCOMPARE(imported.code, 0);
        QVERIFY(read(m_folder / "report.csv").find("rows.jsonl,3,") != std::string::npos);
        QCOMPARE(imported.json()["imported"].get<int>(), 2);
        QCOMPARE(imported.json()["rejected"][0]["row"].get<int>(), 3);
        const auto check = runCli({"check", service, "--json"});
        QCOMPARE(check.code, 3);
        QVERIFY(check.out.find("label_without_class") != std::string::npos);
        const auto train = runCli({"train", service, "--base", m_base, "--json"});
        QCOMPARE(train.code, 3);
        QCOMPARE(train.errorCode(), std::string("blocked"));
    }

    void badInputGetsASentenceAndACode_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("code");
        const auto path = [&](const char *name) { return argument(m_folder / name); };
        write(m_folder / "no-job/train.csv", "question,answer\n");
        write(m_folder / "pickle/config.json", read(golden("tiny_classifier") / "config.json"));
        write(m_folder / "pickle/tokenizer.json", read(golden("tiny_classifier") / "tokenizer.json"));
        write(m_folder / "pickle/model.safetensors", std::string("PK\x03\x04") + std::string(200, 'x'));
        write(m_folder / "cut/config.json", read(golden("tiny_classifier") / "config.json"));
        write(m_folder / "cut/tokenizer.json", read(golden("tiny_classifier") / "tokenizer.json"));
        write(m_folder / "cut/model.safetensors",
              read(golden("tiny_classifier") / "model.safetensors").substr(0, 60'000));
        write(m_folder / "words/tokenizer.json", R"({"model":{"type":"WordLevel","vocab":{"a":0}}})");
        write(m_folder / "rows.png", "\x89PNG\r\n\x1A\n");
        QTest::newRow("no job description")
            << QStringList{"init", path("x"), "--from", path("no-job")} << QByteArray("not_found");
        QTest::newRow("no such folder") << QStringList{"init", path("x"), "--from", path("gone")}
                                        << QByteArray("not_found");
        QTest::newRow("no service") << QStringList{"check", path("gone")} << QByteArray("not_found");
        QTest::newRow("map of no service")
            << QStringList{"map", path("gone"), "--to", path("m.csv")} << QByteArray("not_found");
        QTest::newRow("map into nowhere")
            << QStringList{"map", m_service, "--to", path("gone/m.csv")} << QByteArray("not_found");
        QTest::newRow("report into nowhere") << QStringList{"import",     m_service,  path("rows.jsonl"), "--split",
                                                            "unlabelled", "--report", path("gone/r.csv")}
                                             << QByteArray("not_found");
        QTest::newRow("no such file") << QStringList{"import", m_service, path("gone.csv"), "--split", "train"}
                                      << QByteArray("not_found");
        QTest::newRow("kind of file") << QStringList{"import", m_service, path("rows.png"), "--split", "train"}
                                      << QByteArray("unsupported");
        QTest::newRow("no such checkpoint") << QStringList{"evaluate", m_service, "no/1"} << QByteArray("not_found");
        QTest::newRow("pickle") << QStringList{"predict", path("pickle"), "-"} << QByteArray("unsupported");
        QTest::newRow("cut weights") << QStringList{"predict", path("cut"), "-"} << QByteArray("corrupt");
        QTest::newRow("tokenizer of another kind")
            << QStringList{"tokenize", path("words")} << QByteArray("unsupported");
        QTest::newRow("neither service nor package")
            << QStringList{"predict", path("no-job"), "-"} << QByteArray("not_found");
    }
    void badInputGetsASentenceAndACode()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, code);
        const auto answer = runCli(arguments + QStringList{"--json"});
        QCOMPARE(answer.code, 1);
        QCOMPARE(answer.errorCode(), code.toStdString());
        QVERIFY(!answer.json()["error"]["subject"].get<std::string>().empty());
        const auto message = answer.json()["error"]["message"].get<std::string>();
        QVERIFY2(message.size() > 30 && message.find("exception") == std::string::npos, message.c_str());
        QVERIFY(!std::filesystem::exists(m_folder / "x"));
    }

    void messagesSayWhatToType_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("typed");
        const auto path = [&](const char *name) { return argument(m_folder / name); };
        write(m_folder / "rows only/train.csv", "text,label\n");
        const QString blank = path("blank");
        QCOMPARE(runCli({"init", blank, "--task", "t"}).code, 0);
        QTest::newRow("no service") << QStringList{"check", path("gone")} << QByteArray("`stillroom-cli init`");
        QTest::newRow("no folder to begin from")
            << QStringList{"init", path("x"), "--from", path("gone")} << QByteArray("--from");
        QTest::newRow("no job description")
            << QStringList{"init", path("x"), "--from", path("rows only")} << QByteArray("--class");
        QTest::newRow("findings block") << QStringList{"train", blank} << QByteArray("`stillroom-cli check`");
        QTest::newRow("no exam") << QStringList{"check", blank} << QByteArray("--split test");
        QTest::newRow("nothing trained") << QStringList{"evaluate", blank, "best"}
                                         << QByteArray("`stillroom-cli train`");
        QTest::newRow("weights not there")
            << QStringList{"models", "fetch", "no such weights"} << QByteArray("`stillroom-cli models`");
    }
    /// What the core says holds for the window, too: options and commands are added here.
    void messagesSayWhatToType()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, typed);
        const auto said = runCli(arguments);
        QVERIFY(said.code != 0);
        QVERIFY2(said.err.find(typed.toStdString()) != std::string::npos, said.err.c_str());
        const auto answer = runCli(arguments + QStringList{"--json"}).json();
        const auto hasHint = [&](const nlohmann::json &entry) {
            return entry.contains("hint") &&
                   entry["hint"].get<std::string>().find(typed.toStdString()) != std::string::npos;
        };
        QVERIFY2(answer.contains("error") ? hasHint(answer["error"])
                                          : std::any_of(answer["findings"].begin(), answer["findings"].end(), hasHint),
                 answer.dump().c_str());
    }

    void tokenizeAnswersEveryLine()
    {
        const auto answer = runCli({"tokenize", m_base}, "\"the parcel\"\nnot json\n\"\\ud800\"\n5\n");
        QCOMPARE(answer.code, 0);
        QCOMPARE(std::count(answer.out.begin(), answer.out.end(), '\n'), 4);
        const auto first = nlohmann::json::parse(answer.out.substr(0, answer.out.find('\n')));
        QCOMPARE(first["offsets"], nlohmann::json::parse("[[0,0],[0,3],[4,10],[0,0]]"));
        QCOMPARE(runCli({"tokenize", m_base, "--no-special"}, "\"\"\n").json()["ids"].size(), size_t{0});
    }

    void damagedSettingsAreSaidAndStopNothing()
    {
        const TempFolder config;
        write(config / "stillroom/settings.yaml", "a: [");
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), argument(config.path()));
        const auto check = runCli({"check", m_service}, {}, environment);
        QCOMPARE(check.code, 0);
        QVERIFY(check.err.find("default settings") != std::string::npos);
    }

    void trainingGoesOnInSmallerPartsWhenMemoryRunsOut()
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        const auto train = [&](const char *failing) {
            environment.insert(QStringLiteral("STILLROOM_FAILPOINT"), QLatin1String(failing));
            return runCli({"train", m_service, "--base", m_base, "--epochs", "2", "--name", "short", "--json"}, {},
                          environment);
        };
        const auto service = core::Service::open(m_service.toStdString());
        const core::RunStore runs(service->database());
        // Behind five folds of two batches each: the 24 rows then go in two halves.
        const auto shortened = train("train.memory=enospc@11");
        QCOMPARE(shortened.code, 0);
        QVERIFY(shortened.json()["notes"].dump().find("in parts of 12") != std::string::npos);
        QCOMPARE(runs.run("short")->config.microBatch, 12);
        QVERIFY(read(service->runFolder("short") / "config.yaml").find("\"micro_batch\": 12") != std::string::npos);
        const auto never = train("train.memory=enospc@1+");
        QCOMPARE(never.code, 1);
        QCOMPARE(never.errorCode(), std::string("out_of_memory"));
    }

    void aDamagedServiceIsSalvaged()
    {
        const auto damaged = m_folder / "damaged";
        std::filesystem::copy(m_service.toStdString(), damaged, std::filesystem::copy_options::recursive);
        const auto data = damaged / core::Service::DatabaseName;
        std::filesystem::resize_file(data, std::filesystem::file_size(data) - 4096);
        QCOMPARE(runCli({"check", argument(damaged), "--json"}).errorCode(), std::string("corrupt"));
        const auto to = argument(m_folder / "again");
        const auto made = runCli({"salvage", argument(damaged), "--to", to, "--json"});
        QCOMPARE(made.code, 0);
        QVERIFY(made.json()["rows"].get<int>() > 0);
        QCOMPARE(made.json()["classes"].get<int>(), 2);
        QVERIFY(made.err.find("were salvaged") != std::string::npos);
        QVERIFY(runCli({"rows", to, "--split", "train"}).out.find("money back") != std::string::npos);
        QCOMPARE(runCli({"salvage", argument(damaged), "--to", to, "--json"}).errorCode(),
                 std::string("already_exists"));
        QCOMPARE(runCli({"salvage", argument(m_folder / "in"), "--to", to, "--json"}).errorCode(),
                 std::string("not_found"));
    }

    void userTextsStayOutOfTheLog()
    {
        const TempFolder state;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_STATE_HOME"), argument(state.path()));
        write(m_folder / "secret.csv", "text,label\ncanary-text-7391,refund\n");
        QCOMPARE(
            runCli({"import", m_service, argument(m_folder / "secret.csv"), "--split", "unlabelled"}, {}, environment)
                .code,
            0);
        const std::string log = read(state / "stillroom/stillroom.log");
        QVERIFY(log.find("import") != std::string::npos);
        QVERIFY(log.find("canary") == std::string::npos);
        QVERIFY(log.find(m_folder.path().string()) == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(CliTest)
#include "tst_cli.moc"
