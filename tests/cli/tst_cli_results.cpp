// SPDX-License-Identifier: Apache-2.0
// What the command line says of a checkpoint, and on which rows it was counted.
#include "tests/support/cli.h"
#include "tests/support/unlike_mails.h"

using namespace support;

class CliResultsTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    QString m_service, m_base;

    /// Every command that says how good a checkpoint is, with "kind" as it should be.
    void expectKind(const QString &checkpoint, const std::string &kind, int rows, const std::string &remark)
    {
        const auto all = runCli({"results", m_service, "--json"});
        QCOMPARE(all.code, 0);
        const auto checkpoints = all.json()["checkpoints"];
        for (const auto &entry : checkpoints) {
            if (entry["checkpoint"] == checkpoint.toStdString())
                QCOMPARE(entry["kind"].get<std::string>(), kind);
        }
        const auto one = runCli({"results", m_service, checkpoint, "--json"});
        QVERIFY2(one.code == 0, one.err.c_str());
        QCOMPARE(one.json()["kind"].get<std::string>(), kind);
        QCOMPARE(one.json()["rows"].get<int>(), rows);
        QVERIFY(one.json()["ask_below"].is_null() || one.json()["ask_below"]["kind"] == kind);
        QVERIFY2(one.err.find(remark) != std::string::npos, one.err.c_str());
        const auto predictions = argument(m_folder / "p.jsonl");
        const auto evaluated = runCli({"evaluate", m_service, checkpoint, "--predictions", predictions, "--json"});
        QVERIFY2(evaluated.code == 0, evaluated.err.c_str());
        QCOMPARE(evaluated.json()["kind"].get<std::string>(), kind);
        QCOMPARE(evaluated.json()["accuracy"].get<double>(), one.json()["accuracy"].get<double>());
        QVERIFY2(evaluated.err.find(remark) != std::string::npos, evaluated.err.c_str());
        const std::string predicted = read(m_folder / "p.jsonl");
        QCOMPARE(static_cast<int>(std::count(predicted.begin(), predicted.end(), '\n')), rows);
        const auto compared = runCli({"compare", m_service, checkpoint, checkpoint, "--json"});
        QCOMPARE(compared.json()["kind"].get<std::string>(), kind);
        QCOMPARE(compared.json()["rows"].get<int>(), rows);
        QCOMPARE(runCli({"limit", m_service, checkpoint, "--json"}).json()["exam"]["kind"].get<std::string>(), kind);
        const auto metric = runCli({"metric", m_service, checkpoint, "--json"});
        QVERIFY2(metric.code == 0, metric.err.c_str());
        QCOMPARE(metric.json()["kind"].get<std::string>(), kind);
        const auto page = argument(m_folder / "report.html");
        const auto report = runCli({"report", m_service, checkpoint, "--to", page, "--json"});
        QCOMPARE(report.json()["kind"].get<std::string>(), kind);
        QVERIFY(read(m_folder / "report.html").find(remark) != std::string::npos);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_service = argument(m_folder / "s");
        m_base = argument(golden("tiny_base"));
        write(m_folder / "rows.csv", unlikeMails(60));
        QCOMPARE(runCli({"init", m_service, "--task", "Which mail?", "--class", "refund", "--class", "delivery"}).code,
                 0);
        QCOMPARE(runCli({"import", m_service, argument(m_folder / "rows.csv"), "--split", "train"}).code, 0);
    }

    void crossValidatedAnswersStandInForTheExam()
    {
        const auto trained = runCli(
            {"train", m_service, "--recipe", "finetune", "--epochs", "1", "--base", m_base, "--lr", "1e-3", "--json"});
        QVERIFY2(trained.code == 0, trained.err.c_str());
        const auto checkpoint = trained.json()["checkpoints"][0];
        QCOMPARE(checkpoint["validation"]["kind"].get<std::string>(), std::string("cross_validated"));
        QCOMPARE(checkpoint["validation"]["rows"].get<int>(), 60);
        expectKind("finetune/1", "cross_validated", 60, "predicted by a model that had not seen it");
        const auto learned = runCli({"evaluate", m_service, "finetune/1", "--split", "train", "--json"});
        QCOMPARE(learned.json()["kind"].get<std::string>(), std::string("train"));
        QVERIFY(learned.err.find("from which it learned") != std::string::npos);
        const auto check = runCli({"check", m_service});
        QVERIFY(check.err.find("There are no exam rows") != std::string::npos);
        QVERIFY(check.err.find("Keep a part of Train for the exam") != std::string::npos);
        const auto exam = runCli({"exam", m_service, "--teacher", "built-in", "--json"});
        QVERIFY(exam.code != 0);
        QVERIFY2(exam.out.find("Keep a part of Train for the exam") != std::string::npos, exam.out.c_str());
    }

    void anExamTakesTheirPlace()
    {
        write(m_folder / "exam.csv", "text,label\ngive me the money back at once,refund\nmoney back to my card,refund\n"
                                     "the parcel never came,delivery\nis my parcel lost,delivery\n");
        QCOMPARE(runCli({"import", m_service, argument(m_folder / "exam.csv"), "--split", "test"}).code, 0);
        // What was trained before has kept no answers to it, but its weights can be asked.
        const auto asked = runCli({"evaluate", m_service, "finetune/1", "--json"});
        QCOMPARE(asked.json()["kind"].get<std::string>(), std::string("exam"));
        QCOMPARE(asked.json()["rows"].get<int>(), 4);
        QVERIFY(asked.json()["stale"].get<bool>());
        QCOMPARE(asked.json()["learned_from"].get<int>(), 0);
        QCOMPARE(runCli({"train", m_service, "--recipe", "seconds", "--base", m_base}).code, 0);
        expectKind("seconds/1", "exam", 4, "");
        const auto mixed = runCli({"results", m_service, "finetune/1", "--json"});
        QCOMPARE(mixed.json()["kind"].get<std::string>(), std::string("cross_validated"));
        QVERIFY(mixed.err.find("before there was an exam") != std::string::npos);
    }

    /// NaN passed every comparison, and was left out on the way to the settings: the default was taken.
    void everyNumberIsFiniteAndInItsRange()
    {
        const auto refused = [](const QStringList &arguments, const char *allowed) {
            const auto answer = runCli(arguments + QStringList{"--json"});
            const std::string message = answer.json()["error"]["message"].get<std::string>();
            return answer.code == 2 && answer.errorCode() == "usage" && message.find(allowed) != std::string::npos;
        };
        for (const char *wrong : {"nan", "inf", "-inf", "0", "-1", "1.5", "1e400", "0,1", "x", ""}) {
            QVERIFY2(refused({"train", "s", "--lr", wrong}, "above 0 and at most 1"), wrong);
            QVERIFY2(refused({"train", "s", "--head-lr", wrong}, "above 0 and at most 1"), wrong);
        }
        for (const char *option : {"--warmup-ratio", "--weight-decay"})
            QVERIFY2(refused({"train", "s", option, "nan"}, "0 to 1"), option);
        for (const char *option : {"--label-smoothing", "--lora-dropout"})
            QVERIFY2(refused({"train", "s", option, "nan"}, "0 to 0.999"), option);
        QVERIFY(refused({"train", "s", "--reject-share", "0.6"}, "0 to 0.5"));
        QVERIFY(refused({"train", "s", "--lora-alpha", "nan"}, "above 0 and at most 65536"));
        QVERIFY(refused({"limit", "s", "--right", "nan"}, "0.5 to 1"));
        QVERIFY(refused({"limit", "s", "--below", "nan"}, "0 to 1"));
        QVERIFY(refused({"limit", "s", "--cheapest", "--wrong-cost", "inf", "--ask-cost", "1"}, "0 or more"));
        QVERIFY(refused({"results", "s", "best", "--right", "nan"}, "0.5 to 1"));
        QVERIFY(refused({"label", "s", "--at-least", "nan"}, "0 to 1"));
        QVERIFY(refused({"label", "s", "--most-cost", "nan"}, "0 or more"));
        QVERIFY(refused({"prices", "m", "--input", "nan", "--output", "1"}, "0 or more"));
        QVERIFY(refused({"import", "s", "f", "--split", "train", "--exam", "nan"}, "0 to 0.9"));
        for (const char *option :
             {"--epochs", "--batch", "--max-length", "--patience", "--top-layers", "--threads", "--lora-r", "--seed"})
            QVERIFY2(refused({"train", "s", option, "nan"}, option), option);
        const QList<QStringList> computing{
            {"predict", "s", "f"}, {"evaluate", "s"}, {"check", "s"}, {"map", "s"}, {"explain", "s"},
            {"export", "s"},       {"label", "s"},    {"exam", "s"},  {"demo"},     {"models", "try", "s"}};
        for (const QStringList &command : computing) {
            for (const char *wrong : {"nan", "-1", "1025", "1.5"})
                QVERIFY2(refused(command + QStringList{"--threads", wrong}, "--threads"), qPrintable(command.first()));
        }
    }
};

QTEST_GUILESS_MAIN(CliResultsTest)
#include "tst_cli_results.moc"
