// SPDX-License-Identifier: Apache-2.0
// How the command line explains itself: help, misspelt names, completion, manual.
#include "app/cli/usage/nearest_name.h"
#include "tests/support/cli.h"

#include <sstream>

using namespace support;

class CliUsageTest : public QObject {
    Q_OBJECT

private:
    QProcessEnvironment m_narrow = QProcessEnvironment::systemEnvironment();
    QStringList m_commands;
    TempFolder m_folder;

    static std::string many(const std::string &line, int count)
    {
        std::string all;
        for (int i = 0; i < count; ++i)
            all += line;
        return all;
    }
    static QStringList linesOf(const std::string &text)
    {
        return QString::fromStdString(text).split(QLatin1Char('\n'));
    }
    CliAnswer help(const QStringList &words) const { return runCli(words, {}, m_narrow); }

private Q_SLOTS:
    void initTestCase()
    {
        m_narrow.insert(QStringLiteral("COLUMNS"), QStringLiteral("80"));
        for (const QString &line : linesOf(help({"--help"}).out)) {
            // Two blanks and a name; what is wrapped has more blanks.
            if (line.startsWith(QStringLiteral("  ")) && line.size() > 2 && line[2].isLower())
                m_commands += line.mid(2).section(QLatin1Char(' '), 0, 0);
        }
        QVERIFY2(m_commands.size() > 25, qPrintable(m_commands.join(' ')));
        QVERIFY(m_commands.contains("train") && m_commands.contains("completion"));
    }

    void withoutWordsTheCommandsAreShown()
    {
        const auto nothing = help({}), asked = help({"help"});
        QCOMPARE(nothing.code, 0);
        QCOMPARE(nothing.out, help({"--help"}).out);
        QCOMPARE(asked.out, nothing.out);
        for (const char *group : {"\nStart\n", "\nRows\n", "\nTeachers\n", "\nTraining\n", "\nResults\n", "\nUse\n"})
            QVERIFY2(nothing.out.find(group) != std::string::npos, group);
    }

    /// A line that breaks by itself cannot be read; an option without words says nothing.
    void helpFitsEightyColumns()
    {
        for (const QString &command : m_commands) {
            const auto shown = help({command, "--help"});
            QCOMPARE(shown.code, 0);
            QCOMPARE(help({"help", command}).out, shown.out);
            const QStringList lines = linesOf(shown.out);
            QVERIFY2(lines[0].endsWith('.'), qPrintable(lines[0]));
            QVERIFY2(shown.out.find("Usage: stillroom-cli " + command.toStdString()) != std::string::npos,
                     qPrintable(command));
            for (int i = 0; i < lines.size(); ++i) {
                QVERIFY2(lines[i].size() <= 80, qPrintable(lines[i]));
                const bool isOption = lines[i].startsWith(QStringLiteral("  --"));
                const bool hasWords =
                    lines[i].size() > 26 || (i + 1 < lines.size() && lines[i + 1].startsWith("      "));
                QVERIFY2(!isOption || hasWords, qPrintable(command + lines[i]));
            }
        }
        const auto inner = help({"models", "fetch", "--help"});
        QVERIFY2(inner.out.find("Usage: stillroom-cli models fetch WEIGHTS") != std::string::npos, inner.out.c_str());
    }

    void choicesAndRangesAreShown()
    {
        const std::string text = help({"train", "--help"}).out;
        const QString oneLine = QString::fromStdString(text).simplified();
        QVERIFY2(oneLine.contains("One of: automatic, seconds, self-training, finetune, lora"), text.c_str());
        QVERIFY2(oneLine.contains("Learning rate of the encoder (default: by the recipe) [above 0 and at most 1]"),
                 text.c_str());
    }

    void aMisspeltNameIsGuessed_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const QStringList &words, const char *said) {
            QTest::newRow(name) << words << QString::fromLatin1(said);
        };
        row("swapped", {"trian", "x"}, "There is no command trian. Did you mean train?");
        row("left out", {"exprt"}, "There is no command exprt. Did you mean export?");
        row("nothing near", {"abracadabra"}, "There is no command abracadabra. See");
        row("option", {"train", "x", "--epoch", "3"}, "There is no option --epoch. Did you mean --epochs?");
        row("option with a value", {"train", "x", "--epoch=3"}, "Did you mean --epochs?");
        row("beginning", {"label", "x", "--teacher-mod", "3"}, "Did you mean --teacher-model?");
        row("inner command", {"models", "fetch", "x", "--revison", "3"}, "Did you mean --revision?");
        row("missing", {"train"}, "See `stillroom-cli train --help`");
    }
    void aMisspeltNameIsGuessed()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, said);
        const auto answer = runCli(words);
        QCOMPARE(answer.code, 2);
        QVERIFY2(QString::fromStdString(answer.err).contains(said), answer.err.c_str());
        QVERIFY(answer.out.empty());
        words += "--json";
        const auto json = runCli(words);
        QCOMPARE(json.errorCode(), std::string("usage"));
        QVERIFY2(QString::fromStdString(json.json()["error"]["message"]).contains(said), json.out.c_str());
    }

    void distances()
    {
        QCOMPARE(cli::editDistance("", "abc"), size_t{3});
        QCOMPARE(cli::editDistance("kitten", "sitting"), size_t{3});
        QCOMPARE(cli::editDistance("trian", "train"), size_t{1});
        QCOMPARE(cli::editDistance("same", "same"), size_t{0});
        QCOMPARE(cli::nearestName("xyz", {"train", "rows"}), std::string());
        QCOMPARE(cli::nearestName("a", {}), std::string());
    }

    /// Scripts are written with the names of before; help shows the new ones alone.
    void olderNamesAreUnderstood_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("older");
        const auto row = [](const char *command, const char *shown, const char *older) {
            QTest::addRow("%s %s", command, older)
                << QString::fromLatin1(command) << QString::fromLatin1(shown) << QString::fromLatin1(older);
        };
        row("label", "--limit", "--rows");
        row("label", "--min-confidence", "--at-least");
        row("label", "--max-cost", "--most-cost");
        row("label", "--teacher-model", "--model");
        row("label", "--teacher-key-env", "--key-env");
        row("exam", "--limit", "--rows");
        row("exam", "--max-cost", "--most-cost");
        row("train", "--learning-rate", "--lr");
        row("train", "--head-learning-rate", "--head-lr");
        row("train", "--batch-size", "--batch");
        row("import", "--cut", "--truncate");
        row("review", "--limit", "--rows");
    }
    void olderNamesAreUnderstood()
    {
        QFETCH(QString, command);
        QFETCH(QString, shown);
        QFETCH(QString, older);
        const std::string text = help({command, "--help"}).out;
        QVERIFY(QString::fromStdString(text).contains("  " + shown + " "));
        QVERIFY(!QString::fromStdString(text).contains("  " + older + " "));
        for (const QString &name : {shown, older}) {
            const auto answer = runCli({command, "/nowhere", name});  // without its value
            QCOMPARE(answer.code, 2);
            QVERIFY2(answer.err.find("There is no option") == std::string::npos, answer.err.c_str());
        }
    }

    /// The shell itself completes.
    void bashCompletes_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("offered");
        QTest::addColumn<QString>("never");
        QTest::newRow("commands") << "stillroom-cli ex" << QStringList{"exam", "explain", "export"} << "train";
        QTest::newRow("options") << "stillroom-cli train x --ep" << QStringList{"--epochs"} << "--lr";
        QTest::newRow("values") << "stillroom-cli train x --recipe f" << QStringList{"finetune"} << "lora";
        QTest::newRow("inner") << "stillroom-cli models f" << QStringList{"fetch"} << "--json";
        QTest::newRow("split") << "stillroom-cli rows x --split t" << QStringList{"train", "test"} << "unlabelled";
    }
    void bashCompletes()
    {
        QFETCH(QString, line);
        QFETCH(QStringList, offered);
        QFETCH(QString, never);
        const auto script = runCli({"completion", "bash"});
        QCOMPARE(script.code, 0);
        QProcess bash;
        bash.start("bash", {"--norc", "-c",
                            QString::fromStdString(script.out) + "\nCOMP_WORDS=(" + line +
                                ")\nCOMP_CWORD=$((${#COMP_WORDS[@]}-1))\n_stillroom_cli\nprintf '%s\\n' "
                                "\"${COMPREPLY[@]}\"\n"});
        QVERIFY(bash.waitForFinished());
        QCOMPARE(bash.exitCode(), 0);
        const auto words = QString::fromUtf8(bash.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts);
        for (const QString &word : offered)
            QVERIFY2(words.contains(word), qPrintable(words.join(' ')));
        QVERIFY2(!words.contains(never), qPrintable(words.join(' ')));
    }

    void allShellsAndTheManualHaveAllCommands()
    {
        for (const QStringList &words : {QStringList{"completion", "bash"}, QStringList{"completion", "zsh"},
                                         QStringList{"completion", "fish"}, QStringList{"manual"}}) {
            const auto printed = runCli(words);
            QCOMPARE(printed.code, 0);
            QVERIFY2(printed.err.empty(), printed.err.c_str());
            for (const QString &command : m_commands)
                QVERIFY2(printed.out.find(command.toStdString()) != std::string::npos, qPrintable(command));
        }
        QVERIFY(runCli({"completion", "tcsh"}).code == 2);
        const std::string manual = runCli({"manual"}).out;
        QVERIFY(manual.starts_with(".TH STILLROOM\\-CLI 1 "));
        QVERIFY(manual.find("\\-\\-epochs N") != std::string::npos);
    }

    /// `rows | head` is no failure; a full disk is one.
    void aReaderMayStopReading()
    {
        const QString service = argument(m_folder / "s");
        write(m_folder / "in.csv", "text,label\n" + many("where is the parcel that was sent,late\n", 3000));
        QCOMPARE(runCli({"init", service, "--task", "t", "--class", "late"}).code, 0);
        const auto imported =
            runCli({"import", service, argument(m_folder / "in.csv"), "--split", "train", "--keep-duplicates"});
        QVERIFY2(imported.code == 0, imported.err.c_str());
        const auto ran = [&](const QString &line) {
            QProcess bash;
            bash.start("bash", {"--norc", "-c", "\"$0\" rows \"$1\" " + line, CLI_PROGRAM, service});
            bash.waitForFinished(60'000);
            return std::pair(bash.readAllStandardOutput().trimmed(), bash.readAllStandardError());
        };
        const auto [piped, words] = ran("| head -n 1 >/dev/null; echo ${PIPESTATUS[0]}");
        QCOMPARE(piped, QByteArray("0"));
        QVERIFY2(words.isEmpty(), words.constData());
        const auto [full, reason] = ran(">/dev/full; echo $?");
        QCOMPARE(full, QByteArray("1"));
        QVERIFY2(reason.contains("standard output"), reason.constData());
    }
};

QTEST_GUILESS_MAIN(CliUsageTest)
#include "tst_cli_usage.moc"
