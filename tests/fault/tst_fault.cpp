// SPDX-License-Identifier: Apache-2.0
// Killed, starved of disk, locked out.
#include "core/service/service.h"
#include "core/store/edit_log.h"
#include "core/store/run_store.h"
#include "tests/support/cli.h"

#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

namespace fs = std::filesystem;
using namespace support;

namespace {

/// Starts the command, waits until `ready` or its end, and kills it.
void killWhen(const QStringList &arguments, const std::function<bool()> &ready)
{
    QProcess process;
    process.start(QStringLiteral(CLI_PROGRAM), arguments);
    process.waitForStarted();
    while (process.state() == QProcess::Running && !ready())
        process.waitForFinished(1);
    ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
    process.waitForFinished();
}

std::string quickCheck(const core::Service &service)
{
    auto statement = service.database().prepare("PRAGMA quick_check");
    statement.step();
    return statement.text(0);
}

}  // namespace

class FaultTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;

    /// Predicts, evaluates and exports with what a run has finished that did not end, by the word best and by name.
    void expectFinishedIsFound(const std::string &folder, const std::string &state)
    {
        const auto service = argument(m_folder / folder);
        const auto runs = runCli({"runs", service, "--json"});
        QVERIFY2(runs.code == 0, runs.err.c_str());
        const auto run = runs.json()["runs"][0];
        QCOMPARE(run["state"].get<std::string>(), state);
        std::string best;
        for (const auto &checkpoint : run["checkpoints"]) {
            if (checkpoint["best"].get<bool>())
                best = checkpoint["id"];
        }
        QVERIFY2(best.starts_with("finetune/"), runs.out.c_str());
        const auto evaluated = runCli({"evaluate", service, "best", "--json"});
        QVERIFY2(evaluated.code == 0, evaluated.err.c_str());
        QCOMPARE(runCli({"results", service, best.c_str(), "--json"}).json()["checkpoint"].get<std::string>(), best);
        const auto predicted = runCli({"predict", service, "-"}, "\"give the money back\"\n");
        QVERIFY2(predicted.code == 0 && predicted.out.find("label") != std::string::npos, predicted.err.c_str());
        const auto package = argument(m_folder / (folder + "-package"));
        const auto exported = runCli({"export", service, "best", "--to", package});
        QVERIFY2(exported.code == 0, exported.err.c_str());
        const auto byName =
            runCli({"predict", service, "-", "--checkpoint", "finetune/1"}, "\"give the money back\"\n");
        QVERIFY2(byName.code == 0, byName.err.c_str());
    }

private Q_SLOTS:
    void aKilledImportLeavesNoRowAndNoDamage()
    {
        const auto service = argument(m_folder / "import");
        QCOMPARE(runCli({"init", service, "--task", "t", "--class", "a", "--class", "b"}).code, 0);
        std::string csv = "text,label\n";
        for (int i = 0; i < 60'000; ++i)
            csv += "row number " + std::to_string(i) + (i % 2 ? ",a\n" : ",b\n");
        write(m_folder / "rows.csv", csv);
        for (int round = 0; round < 8; ++round) {
            QElapsedTimer timer;
            timer.start();
            killWhen({"import", service, argument(m_folder / "rows.csv"), "--split", "train"},
                     [&] { return timer.elapsed() > 20 + 35 * round; });
            auto opened = core::Service::open(m_folder / "import");
            VERIFY_RESULT(opened);
            QCOMPARE(quickCheck(*opened), std::string("ok"));
            const auto count = opened->examples().counts()->train;
            QVERIFY2(count == 0 || count == 60'000, qPrintable(QString::number(count)));
            auto left = opened->database().prepare("SELECT count(*) FROM example WHERE state <> 1");
            left.step();
            QCOMPARE(left.integer(0), count);
            if (count > 0)
                VERIFY_RESULT(core::EditLog(opened->database()).undo());
        }
        QCOMPARE(runCli({"import", service, argument(m_folder / "rows.csv"), "--split", "train"}).code, 0);
    }

    void aKilledTrainingIsResumedToTheSameBits()
    {
        writeDistilFolder(m_folder / "in", 110);
        const auto service = argument(m_folder / "train");
        QCOMPARE(runCli({"init", service, "--from", argument(m_folder / "in")}).code, 0);
        const QStringList common{"train",     service, "--base",  argument(golden("tiny_base")),
                                 "--epochs",  "5",     "--batch", "4",
                                 "--threads", "2"};
        QCOMPARE(runCli(common + QStringList{"--name", "whole"}).code, 0);
        for (int round = 0; round < 3; ++round) {
            const QString name = QStringLiteral("killed%1").arg(round);
            const fs::path folder = m_folder / "train/runs" / name.toStdString() / "checkpoints";
            QElapsedTimer timer;
            timer.start();
            const std::string epoch = std::to_string(round + 1);
            killWhen(common + QStringList{"--name", name}, [&] { return fs::exists(folder / epoch / "config.json"); });
            {
                auto opened = core::Service::open(m_folder / "train");
                VERIFY_RESULT(opened);
                QCOMPARE(quickCheck(*opened), std::string("ok"));
                QCOMPARE(core::RunStore(opened->database()).run(name.toStdString())->state, std::string("interrupted"));
            }
            // What was finished is used without going on.
            QCOMPARE(runCli({"evaluate", service, name + "/1"}).code, 0);
            const auto resumed = runCli({"train", service, "--resume", name, "--json"});
            QVERIFY2(resumed.code == 0, resumed.err.c_str());
            for (int e = 1; e <= 5; ++e) {
                const auto file = fs::path("checkpoints") / std::to_string(e) / "model.safetensors";
                QVERIFY2(read(m_folder / "train/runs/whole" / file) ==
                             read(m_folder / "train/runs" / name.toStdString() / file),
                         qPrintable(name));
            }
            const auto reports = [&](const std::string &run) {
                auto opened = core::Service::open(m_folder / "train");
                std::string all;
                const auto checkpoints = core::RunStore(opened->database()).checkpoints(run);
                for (const auto &c : *checkpoints)
                    all += c.validation + c.test + std::to_string(c.trainLoss);
                return all;
            };
            QCOMPARE(reports(name.toStdString()), reports("whole"));
        }
    }

    void ctrlCStopsTrainingAndKeepsItsEpochs()
    {
        writeDistilFolder(m_folder / "stop-in", 110);
        const auto service = argument(m_folder / "stop");
        QCOMPARE(runCli({"init", service, "--from", argument(m_folder / "stop-in")}).code, 0);
        QProcess process;
        process.start(QStringLiteral(CLI_PROGRAM),
                      {"train", service, "--base", argument(golden("tiny_base")), "--epochs", "1000", "--json"});
        process.waitForStarted();
        while (process.state() == QProcess::Running &&
               !fs::exists(m_folder / "stop/runs/finetune/checkpoints/1/config.json"))
            process.waitForFinished(5);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), 130);
        QCOMPARE(
            nlohmann::json::parse(process.readAllStandardOutput().toStdString())["error"]["code"].get<std::string>(),
            std::string("cancelled"));
        QCOMPARE(runCli({"evaluate", service, "finetune/1"}).code, 0);
        expectFinishedIsFound("stop", "stopped");
    }

    void whatAKilledTrainingHasFinishedIsFound()
    {
        writeDistilFolder(m_folder / "kill-in", 110);
        const auto service = argument(m_folder / "kill");
        QCOMPARE(runCli({"init", service, "--from", argument(m_folder / "kill-in")}).code, 0);
        const auto nothing = runCli({"evaluate", service, "best", "--json"});
        QVERIFY2(nothing.err.find("Nothing is trained yet") != std::string::npos, nothing.err.c_str());
        const fs::path checkpoints = m_folder / "kill/runs/finetune/checkpoints";
        killWhen({"train", service, "--base", argument(golden("tiny_base")), "--epochs", "1000"},
                 [&] { return fs::exists(checkpoints / "3/config.json"); });
        expectFinishedIsFound("kill", "interrupted");

        // Folders that somebody has deleted are not offered as if they were there.
        fs::remove_all(checkpoints);
        const auto gone = runCli({"evaluate", service, "best", "--json"});
        QCOMPARE(gone.errorCode(), std::string("not_found"));
        QVERIFY2(gone.err.find("are gone") != std::string::npos, gone.err.c_str());
        const auto one = runCli({"evaluate", service, "finetune/1", "--json"});
        QVERIFY2(one.err.find("weights of this checkpoint are gone") != std::string::npos, one.err.c_str());
        const auto list = runCli({"results", service, "--json"});
        QCOMPARE(list.json()["checkpoints"][0]["there"].get<bool>(), false);
        QVERIFY2(list.err.find("weights gone") != std::string::npos, list.err.c_str());
        QCOMPARE(runCli({"results", service, "finetune/1"}).code, 0);  // its answers are kept
    }

    void whatWasFinishedBeforeTheDiskWasFullIsFound()
    {
        writeDistilFolder(m_folder / "disk-in", 110);
        const auto service = argument(m_folder / "disk");
        QCOMPARE(runCli({"init", service, "--from", argument(m_folder / "disk-in")}).code, 0);
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("STILLROOM_FAILPOINT", "checkpoint.state=enospc@3");
        const QStringList training{"train",    service, "--base", argument(golden("tiny_base")),
                                   "--epochs", "5",     "--json"};
        const auto ended = runCli(training, {}, environment);
        QCOMPARE(ended.errorCode(), std::string("disk_full"));
        QCOMPARE(ended.json()["run"].get<std::string>(), std::string("finetune"));
        QCOMPARE(ended.json()["finished"].size(), size_t{2});  // the third has scores and no weights
        QVERIFY2(ended.err.find("2 passes are finished and can be used") != std::string::npos, ended.err.c_str());
        expectFinishedIsFound("disk", "failed");

        // Before the start it is compared, and nothing is begun.
        environment.insert("STILLROOM_FAILPOINT", "disk.space=enospc");
        const auto refused = runCli(training, {}, environment);
        QCOMPARE(refused.errorCode(), std::string("disk_full"));
        QVERIFY2(refused.err.find("of disk, and 0 kB are free") != std::string::npos, refused.err.c_str());
        QCOMPARE(runCli({"runs", service, "--json"}).json()["runs"].size(), size_t{1});

        // What to do with the runs may stand before the service or behind it.
        for (const QStringList &order :
             {QStringList{"runs", service, "prune"}, QStringList{"runs", "prune", service}}) {
            const auto pruned = runCli(order + QStringList{"--dry-run", "--json"});
            QVERIFY2(pruned.code == 0, pruned.err.c_str());
            QVERIFY(pruned.json()["dry_run"].get<bool>());
        }
        QCOMPARE(runCli({"runs", service, "trim"}).code, 2);
        QCOMPARE(runCli({"runs", "remove", service, "finetune", "--json"}).json()["removed"].get<std::string>(),
                 std::string("finetune"));
        QVERIFY(runCli({"runs", "list", service, "--json"}).json()["runs"].empty());
    }

    void aFullDiskGivesASentenceAndNoHalfFile()
    {
        writeDistilFolder(m_folder / "full-in", 12);
        const auto service = argument(m_folder / "full");
        QCOMPARE(runCli({"init", service, "--from", argument(m_folder / "full-in")}).code, 0);
        QCOMPARE(runCli({"train", service, "--recipe", "seconds", "--base", argument(golden("tiny_base"))}).code, 0);
        // Files may not grow beyond this, which is how a quota answers.
        const auto starved = [&](const QStringList &arguments, rlim_t bytes) {
            QProcess process;
            process.setChildProcessModifier([bytes] {
                const rlimit limit{bytes, bytes};
                ::setrlimit(RLIMIT_FSIZE, &limit);
                ::signal(SIGXFSZ, SIG_IGN);
            });
            process.start(QStringLiteral(CLI_PROGRAM), arguments);
            process.waitForFinished(60'000);
            return CliAnswer{process.exitCode(), process.readAllStandardOutput().toStdString(),
                             process.readAllStandardError().toStdString()};
        };
        const auto exported =
            starved({"export", service, "best", "--to", argument(m_folder / "package"), "--json"}, 50'000);
        QCOMPARE(exported.code, 1);
        QVERIFY2(exported.errorCode() == "disk_full" || exported.errorCode() == "io", exported.out.c_str());
        QVERIFY(!fs::exists(m_folder / "package"));
        const auto created =
            starved({"init", argument(m_folder / "full2"), "--from", argument(m_folder / "full-in"), "--json"}, 8'000);
        QCOMPARE(created.code, 1);
        QVERIFY(!fs::exists(m_folder / "full2"));
        for (const auto &entry : fs::directory_iterator(m_folder.path()))
            QVERIFY2(entry.path().filename().string().find(".part-") == std::string::npos, entry.path().c_str());
        QCOMPARE(runCli({"check", service}).code, 0);
    }

    void aReadOnlyServiceIsReadAndNotWritten()
    {
        writeDistilFolder(m_folder / "ro-in", 12);
        const fs::path path = m_folder / "ro";
        QCOMPARE(runCli({"init", argument(path), "--from", argument(m_folder / "ro-in")}).code, 0);
        const auto locked = fs::perms::owner_read | fs::perms::owner_exec | fs::perms::group_read |
                            fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec;
        for (const auto &entry : fs::directory_iterator(path))
            fs::permissions(entry.path(), locked);
        fs::permissions(path, locked);
        fs::permissions(m_folder.path(), locked | fs::perms::owner_write);
        // A copy, because another user may not be able to enter the build folder.
        const fs::path program = m_folder / "stillroom-cli";
        fs::copy_file(CLI_PROGRAM, program);
        const auto asOther = [&](const QStringList &arguments) {
            QProcess process;
            process.setChildProcessModifier([] {
                if (::getuid() == 0 && ::setuid(65534) != 0)  // root may write everywhere
                    ::_exit(99);
            });
            process.start(argument(program), arguments);
            process.waitForFinished(60'000);
            return CliAnswer{process.exitCode(), process.readAllStandardOutput().toStdString(),
                             process.readAllStandardError().toStdString()};
        };
        const auto check = asOther({"check", argument(path)});
        QVERIFY2(check.code == 0, check.err.c_str());
        const auto import = asOther({"import", argument(path), argument(m_folder / "ro-in/train.csv"), "--split",
                                     "train", "--keep-duplicates", "--json"});
        QCOMPARE(import.code, 1);
        QCOMPARE(import.errorCode(), std::string("read_only"));
        const auto made = asOther({"init", argument(path / "inner"), "--task", "t", "--class", "a", "--json"});
        QCOMPARE(made.code, 1);
        QCOMPARE(made.errorCode(), std::string("read_only"));
        fs::permissions(path, fs::perms::owner_all);
    }
};

QTEST_GUILESS_MAIN(FaultTest)
#include "tst_fault.moc"
