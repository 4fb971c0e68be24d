// SPDX-License-Identifier: Apache-2.0
// Files and lines classified from the command line, also where it is killed in its midst.
#include "core/engine/weights/safetensors.h"
#include "tests/support/cli.h"

#include <cmath>

using namespace support;
namespace fs = std::filesystem;

namespace {

constexpr int Rows = 600;

/// Tables end rows as they began, whatever part of them was classified together.
std::string withoutFigures(const std::string &answers)
{
    static const QRegularExpression figure(QStringLiteral("\\d\\.\\d+(e-\\d+)?"));
    return QString::fromStdString(answers).remove(figure).toStdString();
}

}  // namespace

class CliPredictTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    const QString m_classifier = argument(golden("tiny_classifier"));

    [[nodiscard]] QString path(const char *name) const { return argument(m_folder / name); }
    static QProcessEnvironment failingAt(const QString &place)
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("STILLROOM_FAILPOINT"), place);
        return environment;
    }
    static QByteArray lines(const char *begin, int number)
    {
        QByteArray text;
        for (int i = 0; i < number; ++i)
            text += '"' + QByteArray(begin) + " " + QByteArray::number(i) + "\"\n";
        return text;
    }
    [[nodiscard]] bool hasParts() const
    {
        for (const auto &entry : fs::directory_iterator(m_folder.path())) {
            if (entry.path().filename().string().find(".part") != std::string::npos)
                return true;
        }
        return false;
    }

    /// The small classifier with so many of its outputs, and with what `change` says in its config.json.
    [[nodiscard]] fs::path makeForeign(const char *name, int64_t outputs, const char *change) const
    {
        const auto folder = m_folder / name;
        fs::create_directories(folder);
        fs::copy_file(golden("tiny_classifier/tokenizer.json"), folder / "tokenizer.json");
        auto config = nlohmann::json::parse(read(golden("tiny_classifier/config.json")));
        config.merge_patch(nlohmann::json::parse(change));
        if (const auto given = nlohmann::json::parse(change); given["id2label"].is_object())
            config["id2label"] = given["id2label"];  // and nothing of what was there
        write(folder / "config.json", config.dump());
        const auto weights = engine::SafetensorsFile::open(golden("tiny_classifier/model.safetensors"));
        if (!weights)
            qFatal("%s", weights.error().message.c_str());
        auto tensors = weights->tensors();
        for (auto &tensor : tensors) {
            if (tensor.name.starts_with("classifier.")) {
                tensor.data = tensor.data.first(tensor.data.size() / static_cast<size_t>(tensor.shape[0]) *
                                                static_cast<size_t>(outputs));
                tensor.shape[0] = outputs;
            }
        }
        if (const auto written = engine::writeSafetensors(folder / "model.safetensors", tensors); !written)
            qFatal("%s", written.error().message.c_str());
        return folder;
    }

private Q_SLOTS:
    void initTestCase()
    {
        std::string csv = "ticket,text\n";
        for (int i = 0; i < Rows; ++i)
            csv += std::to_string(1000 + i) + ",where is parcel " + std::to_string(i) + "\n";
        write(m_folder / "mails.csv", csv);
    }

    void theTableComesBackWithItsAnswers()
    {
        const auto answers = runCli({"predict", m_classifier, path("mails.csv"), "--to", path("a.csv"), "--json"});
        QVERIFY2(answers.code == 0, answers.err.c_str());
        QCOMPARE(answers.json()["rows"].get<int>(), Rows);
        QCOMPARE(answers.json()["errors"].get<int>(), 0);
        const std::string table = read(m_folder / "a.csv");
        QVERIFY(table.starts_with("\xEF\xBB\xBFticket,text,label,probability,margin,error\n1000,where is parcel 0,"));
        QCOMPARE(std::count(table.begin(), table.end(), '\n'), std::ptrdiff_t{Rows + 1});
        QCOMPARE(runCli({"predict", m_classifier, path("mails.csv"), "--to", path("a.xlsx")}).code, 0);
        QVERIFY(read(m_folder / "a.xlsx").starts_with("PK"));
        QCOMPARE(runCli({"predict", m_classifier, path("mails.csv"), "--to", path("a.answers")}).code, 0);
        QVERIFY(read(m_folder / "a.answers").starts_with("{\"row\":2,\"label\":"));
        const auto refused =
            runCli({"predict", m_classifier, path("mails.csv"), "--to", path("b.csv"), "--data-format", "logits"});
        QCOMPARE(refused.code, 2);
        QVERIFY(!fs::exists(m_folder / "b.csv"));
    }

    void theWaysToReadAreThoseOfAnImport()
    {
        write(m_folder / "two.csv", "subject,body\nhello,where is my parcel\n");
        write(m_folder / "sides.csv", "left,right\nhello how are you,where is my parcel\n");
        const auto unknown =
            runCli({"predict", m_classifier, path("sides.csv"), "--to", path("two answers.csv"), "--json"});
        QCOMPARE(unknown.code, 1);
        const auto chosen =
            runCli({"predict", m_classifier, path("two.csv"), "--text", "body", "--encoding", "utf-8", "--separator",
                    "comma", "--quote", "double", "--header", "yes", "--to", path("two answers.csv"), "--json"});
        QVERIFY2(chosen.code == 0, chosen.err.c_str());
        QVERIFY(read(m_folder / "two answers.csv").find("\nhello,where is my parcel,") != std::string::npos);
        for (const QStringList &wrong :
             {QStringList{"--header", "perhaps"}, QStringList{"--quote", "`"}, QStringList{"--separator", ""},
              QStringList{"--separator", "\n"}, QStringList{"--unit", "pages"}, QStringList{"--tokens", "1"}})
            QVERIFY2(runCli(QStringList{"predict", m_classifier, path("two.csv")} + wrong).code == 2,
                     qPrintable(wrong.join(u' ')));
        const auto streamed = runCli({"predict", m_classifier, path("two.csv"), "--text", "body"});
        QCOMPARE(streamed.code, 0);
        QVERIFY(streamed.json().contains("label"));
        const auto field = runCli({"predict", m_classifier, "-", "--text", "body"}, "{\"body\":\"x\",\"text\":7}\n");
        QVERIFY(field.code == 0 && field.json().contains("label"));
    }

    void nothingButErrorsIsNoSuccess()
    {
        write(m_folder / "others.jsonl", "{\"text\":1}\n{\"text\":2}\n");
        for (const char *to : {"errors.csv", "errors.jsonl"}) {
            const auto answers = runCli({"predict", m_classifier, path("others.jsonl"), "--to", path(to), "--json"});
            QCOMPARE(answers.code, 1);
            QCOMPARE(answers.errorCode(), std::string("invalid_input"));
            QVERIFY(answers.json()["error"]["message"].get<std::string>().find("Not one of 2 rows") == 0);
            QCOMPARE(answers.json()["error"]["subject"].get<std::string>(), path("others.jsonl").toStdString());
            QVERIFY(fs::exists(m_folder / to));
        }
        QVERIFY(read(m_folder / "errors.csv").find("\n1,,,,") != std::string::npos);
        const auto streamed = runCli({"predict", m_classifier, path("others.jsonl")});
        QCOMPARE(streamed.code, 1);
        QCOMPARE(std::count(streamed.out.begin(), streamed.out.end(), '\n'), std::ptrdiff_t{2});
        QCOMPARE(runCli({"predict", m_classifier, "-"}, "broken\n").code, 1);
        QCOMPARE(runCli({"predict", m_classifier, "-"}, "broken\n\"a text\"\n").code, 0);
        write(m_folder / "empty.csv", "text\n");
        for (const QString &file : {path("empty.csv"), QStringLiteral("-")}) {
            for (const QStringList &to : {QStringList{}, QStringList{"--to", path("never.csv")}}) {
                const auto empty = runCli(QStringList{"predict", m_classifier, file, "--json"} + to);
                QCOMPARE(empty.code, 1);
                QCOMPARE(empty.errorCode(), std::string("invalid_input"));
                QCOMPARE(empty.json()["error"]["subject"].get<std::string>(), file.toStdString());
            }
        }
        QVERIFY(!fs::exists(m_folder / "never.csv"));
        QVERIFY(!hasParts());
    }

    /// It was answered with 99.7 %.
    void anEmptyTextIsNoText()
    {
        const auto streamed = runCli({"predict", m_classifier, "-"},
                                     "\"\"\n\"where is parcel\"\n\" \\t\"\n{\"text\":\"\\u00a0\\u200b\"}\n");
        QVERIFY2(streamed.code == 0, streamed.err.c_str());
        std::istringstream answers(streamed.out);
        std::vector<nlohmann::json> rows;
        for (std::string line; std::getline(answers, line);)
            rows.push_back(nlohmann::json::parse(line));
        QCOMPARE(rows.size(), size_t{4});
        for (const size_t row : {0, 2, 3})
            QCOMPARE(rows[row], (nlohmann::json{{"row", row + 1}, {"error", "it has no text"}}));
        QVERIFY(rows[1].contains("label") && !rows[1].contains("error"));
        QCOMPARE(runCli({"predict", m_classifier, "-"}, "\"\"\n").code, 1);
        write(m_folder / "blanks.csv", "id,text\n1,where is parcel\n2,\n3,\" \"\n4,\xC2\xA0\n");
        const auto table =
            runCli({"predict", m_classifier, path("blanks.csv"), "--to", path("blanks-a.csv"), "--json"});
        QVERIFY2(table.code == 0, table.err.c_str());
        QCOMPARE(table.json()["rows"].get<int>(), 4);
        QCOMPARE(table.json()["errors"].get<int>(), 3);
    }

    void killedAnywhereItGoesOn_data()
    {
        QTest::addColumn<QString>("place");
        QTest::addColumn<bool>("fromInput");
        QTest::addColumn<QString>("ending");
        for (const char *place : {"answers.write=kill@550", "answers.finish=kill", "file.write=kill", "file.sync=kill",
                                  "file.rename.before=kill", "file.rename.after=kill"})
            QTest::newRow(place) << QString::fromLatin1(place) << false << QStringLiteral(".csv");
        QTest::newRow("a workbook") << QStringLiteral("file.rename.before=kill") << false << QStringLiteral(".xlsx");
        for (const char *place : {"answers.write=kill@550", "file.rename.before=kill", "file.rename.after=kill"}) {
            QTest::newRow((std::string("input ") + place).c_str())
                << QString::fromLatin1(place) << true << QStringLiteral(".jsonl");
            QTest::newRow((std::string("input, table ") + place).c_str())
                << QString::fromLatin1(place) << true << QStringLiteral(".tsv");
        }
    }

    void killedAnywhereItGoesOn()
    {
        QFETCH(QString, place);
        QFETCH(bool, fromInput);
        QFETCH(QString, ending);
        const QString whole = path("whole") + ending, target = path("killed") + ending;
        const QByteArray input = fromInput ? lines("where is parcel", Rows) : QByteArray();
        const QString source = fromInput ? QStringLiteral("-") : path("mails.csv");
        fs::remove(target.toStdString());
        QCOMPARE(runCli({"predict", m_classifier, source, "--to", whole}, input).code, 0);
        const auto killed = runCli({"predict", m_classifier, source, "--to", target}, input, failingAt(place));
        QCOMPARE(killed.code, -1);
        // The target is whole or not there.
        if (fs::exists(target.toStdString()) && ending != ".xlsx")
            QCOMPARE(withoutFigures(read(target.toStdString())), withoutFigures(read(whole.toStdString())));
        const auto again = runCli({"predict", m_classifier, source, "--to", target}, input);
        QVERIFY2(again.code == 0, again.err.c_str());
        if (!place.startsWith("answers.write") && fs::exists(target.toStdString()))
            QVERIFY2(again.err.find("Went on after") != std::string::npos, again.err.c_str());
        if (place.startsWith("answers.write"))
            QVERIFY2(again.err.find("Went on after") != std::string::npos, again.err.c_str());
        if (ending != ".xlsx")
            QCOMPARE(withoutFigures(read(target.toStdString())), withoutFigures(read(whole.toStdString())));
        QVERIFY(!hasParts());
    }

    void whatComesInMayNotMixWithWhatCameBefore()
    {
        const QString target = path("mixed.jsonl");
        const auto killed = runCli({"predict", m_classifier, "-", "--to", target}, lines("where is parcel", Rows),
                                   failingAt(QStringLiteral("answers.write=kill@550")));
        QCOMPARE(killed.code, -1);
        QVERIFY(hasParts());
        const QByteArray others = lines("money back", 30) + lines("another thing", 570);
        const auto mixed = runCli({"predict", m_classifier, "-", "--to", target}, others);
        QCOMPARE(mixed.code, 0);
        QVERIFY2(mixed.err.find("other texts than those of the interrupted call") != std::string::npos,
                 mixed.err.c_str());
        QVERIFY(mixed.err.find("Went on after") == std::string::npos);
        QCOMPARE(runCli({"predict", m_classifier, "-", "--to", path("fresh.jsonl")}, others).code, 0);
        QCOMPARE(read(m_folder / "mixed.jsonl"), read(m_folder / "fresh.jsonl"));
        QVERIFY(!hasParts());
    }

    void aForeignClassifierOfOneOutputIsASigmoid()
    {
        const auto folder = makeForeign("one", 1, R"({"id2label":null})");
        auto config = nlohmann::json::parse(read(folder / "config.json"));
        config["num_labels"] = 1;
        write(folder / "config.json", config.dump());
        const auto logits = runCli({"predict", argument(folder), "-", "--data-format", "logits"}, "\"parcel\"\n");
        QVERIFY2(logits.code == 0, logits.err.c_str());
        const auto probs = runCli({"predict", argument(folder), "-"}, "\"parcel\"\n");
        QVERIFY2(probs.code == 0, probs.err.c_str());
        const double logit = logits.json()["logits"]["LABEL_0"].get<double>();
        const double probability = probs.json()["probs"]["LABEL_0"].get<double>();
        QVERIFY(std::abs(probability - 1 / (1 + std::exp(-logit))) < 1e-5);
        QCOMPARE(probs.json()["labels"].size(), size_t{probability >= 0.5 ? 1U : 0U});
    }

    void aForeignClassifierWithoutNamesNumbersItsClasses()
    {
        const auto folder = makeForeign("two", 2, R"({"id2label":null})");
        const auto answer = runCli({"predict", argument(folder), "-"}, "\"parcel\"\n");
        QVERIFY2(answer.code == 0, answer.err.c_str());
        QVERIFY(answer.json()["probs"].contains("LABEL_0") && answer.json()["probs"].contains("LABEL_1"));
    }

    void aForeignClassifierThatCannotAnswerSaysWhy()
    {
        const auto twice = makeForeign("twice", 2, R"({"id2label":{"0":"spam","1":"spam"}})");
        const auto answer = runCli({"predict", argument(twice), "-", "--json"}, "\"parcel\"\n");
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.out.find("Two classes of this classifier have the name") != std::string::npos,
                 answer.out.c_str());
        const auto numbers = makeForeign("numbers", 2, R"({"id2label":{"0":0,"1":1}})");
        const auto other = runCli({"predict", argument(numbers), "-", "--json"}, "\"parcel\"\n");
        QCOMPARE(other.code, 1);
        QVERIFY2(other.out.find("have no names") != std::string::npos, other.out.c_str());
        // Its encoder can be learned from all the same.
        writeDistilFolder(m_folder / "in", 6);
        QCOMPARE(runCli({"init", path("s"), "--from", path("in")}).code, 0);
        const auto trained =
            runCli({"train", path("s"), "--recipe", "seconds", "--base", argument(twice), "--threads", "1"});
        QVERIFY2(trained.code == 0, trained.err.c_str());
    }
};

QTEST_GUILESS_MAIN(CliPredictTest)
#include "tst_cli_predict.moc"
