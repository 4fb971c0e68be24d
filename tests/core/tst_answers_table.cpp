// SPDX-License-Identifier: Apache-2.0
// The table of a file with the answers beside its rows.
#include "core/base/random.h"
#include "core/engine/eval/ask_rule_file.h"
#include "core/formats/csv.h"
#include "core/formats/spreadsheet_safe.h"
#include "core/tasks/answers_table.h"
#include "core/tasks/predict_task.h"
#include "tests/support/support.h"

using namespace support;
namespace fs = std::filesystem;
using nlohmann::ordered_json;

namespace {

core::NextAnswer answersOf(std::vector<std::string> lines)
{
    return [lines = std::move(lines), next = size_t{0}]() mutable -> base::Result<std::optional<std::string>> {
        return next < lines.size() ? std::optional(lines[next++]) : std::nullopt;
    };
}

const core::AnswerTerms OneOfThree{{"delivery", "refund", "=invoice"}, {}, true};

core::LineSource linesOf(std::vector<std::string> lines)
{
    return [lines = std::move(lines), next = size_t{0}]() mutable -> std::optional<std::string> {
        return next < lines.size() ? std::optional(lines[next++]) : std::nullopt;
    };
}

}  // namespace

class AnswersTableTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    const fs::path m_classifier = golden("tiny_classifier");

    [[nodiscard]] core::FileAnswers classify(const fs::path &source, const fs::path &target,
                                             const core::PredictOptions &options = {}) const
    {
        auto answers = core::predictFile(m_classifier, source, target, options, 1, {});
        if (!answers)
            qFatal("%s", answers.error().message.c_str());
        return *answers;
    }
    [[nodiscard]] core::RecordFile table(const fs::path &file) const
    {
        auto rows = core::readRowFile(file);
        if (!rows)
            qFatal("%s", rows.error().message.c_str());
        return *rows;
    }
    /// Apart from the last digits, which depend on what is classified together.
    [[nodiscard]] static bool equal(const std::string &one, const std::string &other)
    {
        static const QRegularExpression number(QStringLiteral("\\d+\\.\\d+(e-\\d+)?"));
        const QString texts[] = {QString::fromStdString(one), QString::fromStdString(other)};
        auto left = number.globalMatch(texts[0]), right = number.globalMatch(texts[1]);
        while (left.hasNext() && right.hasNext()) {
            if (std::abs(left.next().captured().toDouble() - right.next().captured().toDouble()) > 1e-4)
                return false;
        }
        return QString(texts[0]).remove(number) == QString(texts[1]).remove(number);
    }
    [[nodiscard]] std::vector<std::string> leftovers() const
    {
        std::vector<std::string> names;
        for (const auto &entry : fs::directory_iterator(m_folder.path())) {
            if (entry.path().filename().string().find(".part") != std::string::npos)
                names.push_back(entry.path().filename().string());
        }
        return names;
    }

private Q_SLOTS:
    void theEndingSaysWhatItBecomes()
    {
        using core::AnswersForm;
        QCOMPARE(core::answersFormOf("a/answers.csv"), AnswersForm::Csv);
        QCOMPARE(core::answersFormOf("ANSWERS.TSV"), AnswersForm::Tsv);
        QCOMPARE(core::answersFormOf("x.y.Xlsx"), AnswersForm::Workbook);
        for (const char *name : {"a.jsonl", "a.csv.txt", "a", ".csv"})
            QCOMPARE(core::answersFormOf(name), AnswersForm::JsonLines);
    }

    void oneLabelARow()
    {
        const core::AskedRows rows{{"label", "note", "label (2)", "ask"},
                                   {{{"label", "old"}, {"note", "=1+1"}, {"label (2)", 7}, {"ask", nullptr}},
                                    nullptr,
                                    {{"note", "two\nlines, \"quoted\""}, {"label", " x"}},
                                    {{"note", {1, "a"}}}},
                                   {2, 3, 4, 6}};
        const std::vector<std::string> answers{
            R"({"row":2,"label":"refund","ask":true,"probs":{"delivery":0.25,"refund":0.5,"=invoice":0.25}})",
            R"({"row":3,"error":"it has 3 cells"})",
            R"({"row":4,"label":"=invoice","ask":false,"probs":{"delivery":0.0,"refund":0.125,"=invoice":0.875}})",
            R"({"row":6,"error":"it has no field \u0022text\u0022"})"};
        const auto file = m_folder / "one.csv";
        VERIFY_RESULT(core::writeAnswersTable(file, rows, OneOfThree, false, answersOf(answers)));
        const std::string ours = ",label (3),probability,margin,ask (2),error\n";
        QCOMPARE(read(file), "\xEF\xBB\xBFlabel,note,label (2),ask" + ours +
                                 "old,'=1+1,7,,refund,0.500000,0.250000,yes,\n"
                                 ",,,,,,,,row 3: it has 3 cells\n"
                                 "\" x\",\"two\nlines, \"\"quoted\"\"\",,,'=invoice,0.875000,0.750000,no,\n"
                                 ",\"[1,\"\"a\"\"]\",,,,,,,\"it has no field \"\"text\"\"\"\n");
        VERIFY_RESULT(core::writeAnswersTable(file, rows, OneOfThree, true, answersOf(answers)));
        QVERIFY(read(file).starts_with("label,note,"));
        QVERIFY(read(file).find("\nold,=1+1,7,") != std::string::npos);
        const auto tsv = m_folder / "one.tsv";
        VERIFY_RESULT(core::writeAnswersTable(tsv, rows, OneOfThree, false, answersOf(answers)));
        QVERIFY(read(tsv).find("old\t'=1+1\t7\t\trefund\t0.500000\t0.250000\tyes\t\n") != std::string::npos);
        const auto book = m_folder / "one.xlsx";
        VERIFY_RESULT(core::writeAnswersTable(book, rows, OneOfThree, false, answersOf(answers)));
        const auto sheet = table(book);
        QCOMPARE(sheet.columns.size(), size_t{9});
        QCOMPARE(sheet.records[0].fields["note"].get<std::string>(), std::string("=1+1"));
        QCOMPARE(sheet.records[0].fields["probability"].get<std::string>(), std::string("0.5"));  // a number
        QCOMPARE(sheet.records[2].fields["margin"].get<std::string>(), std::string("0.75"));

        // Nothing is asked where there is no limit; what is missing leaves the target as it is.
        core::AnswerTerms always = OneOfThree;
        always.asks = false;
        VERIFY_RESULT(core::writeAnswersTable(file, rows, always, true, answersOf(answers)));
        QVERIFY(read(file).starts_with("label,note,label (2),ask,label (3),probability,margin,error\n"));
        const std::string before = read(file);
        QCOMPARE(core::writeAnswersTable(file, rows, always, true, answersOf({answers[0], answers[1]})).error().code,
                 base::ErrorCode::Corrupt);
        QCOMPARE(read(file), before);
        QVERIFY(leftovers().empty());
    }

    void anyNumberOfLabelsARow()
    {
        const core::AnswerTerms terms{{"late", "broken", "rude"}, {engine::TaskType::MultiLabel, {0.5F, 0.25F, 0.75F}}};
        const core::AskedRows rows{{"text"}, {{{"text", "a"}}, {{"text", "b"}}, {{"text", "c"}}}, {2, 3, 4}};
        const auto file = m_folder / "several.csv";
        VERIFY_RESULT(core::writeAnswersTable(
            file, rows, terms, false,
            answersOf({R"({"row":2,"labels":["late","broken"],"probs":{"late":0.875,"broken":0.375,"rude":0.5}})",
                       R"({"row":3,"labels":[],"probs":{"late":0.25,"broken":0.125,"rude":0.0}})",
                       R"({"row":4,"labels":["rude"],"probs":{"late":0.25,"broken":0.125,"rude":1.0}})"})));
        QCOMPARE(read(file), std::string("\xEF\xBB\xBFtext,label,probability,margin,error\n"
                                         "a,late; broken,0.375000,0.125000,\n"
                                         "b,[],0.750000,0.125000,\n"
                                         "c,rude,1.000000,0.125000,\n"));
    }

    void allRowsOfAFileWithAllTheirColumns()
    {
        const auto source = m_folder / "mails.csv";
        write(source, "ticket,text,label\n007,where is my parcel,old\n008,\"a\nb\",\n009,the money,x\n");
        const auto answers = classify(source, m_folder / "mails answers.csv");
        QCOMPARE(answers.rows, int64_t{3});
        QCOMPARE(answers.failed, int64_t{0});
        const auto rows = table(m_folder / "mails answers.csv");
        QCOMPARE(rows.columns,
                 (std::vector<std::string>{"ticket", "text", "label", "label (2)", "probability", "margin", "error"}));
        const auto asked = table(source);
        for (size_t i = 0; i < 3; ++i) {
            for (const std::string &name : asked.columns)
                QCOMPARE(rows.records[i].fields[name], asked.records[i].fields[name]);
        }
        // They are those of JSON lines.
        QVERIFY(classify(source, m_folder / "answers.jsonl").rows == 3);
        std::istringstream lines(read(m_folder / "answers.jsonl"));
        std::string line;
        for (size_t i = 0; std::getline(lines, line); ++i) {
            const auto answer = ordered_json::parse(line);
            QCOMPARE(rows.records[i].fields["label (2)"], answer["label"]);
            const double probability = answer["probs"][answer["label"].get<std::string>()];
            const auto written = rows.records[i].fields["probability"].get<std::string>();
            QVERIFY(std::abs(std::stod(written) - probability) < 1e-6);
        }
        // Objects of several shapes, and lines that are none.
        write(m_folder / "rows.jsonl", "{\"text\":\"one\",\"n\":1}\nbroken\n{\"meta\":{\"a\":[1]},\"text\":\"two\"}\n"
                                       "{\"other\":\"three\"}\n");
        const auto mixed = classify(m_folder / "rows.jsonl", m_folder / "rows.xlsx");
        QCOMPARE(mixed.rows, int64_t{4});
        QCOMPARE(mixed.failed, int64_t{2});
        QVERIFY(mixed.firstProblem.find("not JSON") != std::string::npos);
        const auto sheet = table(m_folder / "rows.xlsx");
        QCOMPARE(sheet.columns,
                 (std::vector<std::string>{"text", "n", "meta", "other", "label", "probability", "margin", "error"}));
        QCOMPARE(sheet.records.size(), size_t{4});
        QVERIFY(sheet.records[1].fields["error"].get<std::string>().starts_with("row 2: it is not JSON"));
        QCOMPARE(sheet.records[2].fields["meta"].get<std::string>(), std::string(R"({"a":[1]})"));
        QCOMPARE(sheet.records[3].fields["other"].get<std::string>(), std::string("three"));
        QVERIFY(leftovers().empty());
    }

    void cellsStayEqualWhateverTheyHold()
    {
        base::Random random(5);
        static const std::vector<std::string> Parts{"a",       "\"", ",",    ";",   "\t",           "\n", "\r\n", "'",
                                                    "=",       "+1", " ",    "ä",   "\xE2\x80\xA8", "😀",  "|",    "\\",
                                                    "_x0041_", "",   "\x01", "&<>", "]]>",          "-"};
        for (int round = 0; round < 30; ++round) {
            ordered_json lines = ordered_json::array();
            std::string jsonl;
            for (int row = 0; row < 12; ++row) {
                ordered_json fields{{"text", "row " + std::to_string(row)}};
                for (const char *name : {"one", "=two", "th\"r,ee"}) {
                    std::string cell;
                    for (size_t n = random.below(6); n > 0; --n)
                        cell += Parts[random.below(Parts.size())];
                    fields[name] = cell;
                }
                jsonl += fields.dump() + "\n";
                lines.push_back(fields);
            }
            write(m_folder / "any.jsonl", jsonl);
            for (const char *ending : {"csv", "tsv", "xlsx"}) {
                const auto target = m_folder / (std::string("any answers.") + ending);
                QCOMPARE(classify(m_folder / "any.jsonl", target).failed, int64_t{0});
                const bool isBook = target.extension() == ".xlsx";
                core::RecordFile rows;
                if (isBook)
                    rows = table(target);
                else
                    rows = core::parseCsv(read(target).substr(3), {target.extension() == ".tsv" ? "\t" : ",", '"'});
                QCOMPARE(rows.records.size(), lines.size());
                for (size_t i = 0; i < lines.size(); ++i) {
                    for (const auto &[name, cell] : lines[i].items()) {
                        const std::string column = isBook ? name : core::toSpreadsheetSafe(name);
                        const auto found = rows.records[i].fields[column].get<std::string>();
                        const auto wanted = cell.get<std::string>();
                        QVERIFY2((isBook ? found : core::fromSpreadsheetSafe(found)) == wanted,
                                 (std::string(ending) + ": " + ordered_json({wanted, found}).dump()).c_str());
                    }
                }
            }
        }
    }

    void theWayToReadIsChosen()
    {
        write(m_folder / "latin.csv", "subject;body\nnichts;sch\xF6n\n");
        core::PredictOptions options;
        options.reading.textColumns = {"body"};
        options.reading.read.encoding = "windows-1252";
        const auto target = m_folder / "latin answers.csv";
        QCOMPARE(classify(m_folder / "latin.csv", target, options).failed, int64_t{0});
        QVERIFY(read(target).find("nichts,schön,") != std::string::npos);
        // Without it subject and body are read together, which is said.
        const auto both = classify(m_folder / "latin.csv", target);
        QCOMPARE(both.failed, int64_t{0});
        QVERIFY(std::any_of(both.notes.begin(), both.notes.end(), [](const std::string &note) {
            return note.find("\"subject\" and \"body\"") != std::string::npos;
        }));
        // What is read otherwise is another question: it is not gone on with.
        const auto partsAfterAStop = [&] {
            std::stop_source stop;
            stop.request_stop();
            const auto stopped =
                core::predictFile(m_classifier, m_folder / "latin.csv", target, options, 1, {stop.get_token()});
            return stopped ? size_t{0} : leftovers().size();
        };
        QCOMPARE(partsAfterAStop(), size_t{1});
        QCOMPARE(partsAfterAStop(), size_t{1});
        options.reading.read.encoding = "iso-8859-2";
        QCOMPARE(partsAfterAStop(), size_t{2});
        options.reading.textColumns = {"subject"};
        QCOMPARE(partsAfterAStop(), size_t{3});
        options.reading.read.allSheets = true;
        QCOMPARE(partsAfterAStop(), size_t{4});
        QCOMPARE(classify(m_folder / "latin.csv", target, options).rows, int64_t{1});
        QVERIFY(leftovers().empty());
    }

    void withALimitItSaysWhomToAsk()
    {
        const auto classifier = m_folder / "limited";
        fs::copy(m_classifier, classifier, fs::copy_options::recursive);
        VERIFY_RESULT(engine::writeAskRule(classifier, {engine::AskAlways}, {"delivery", "refund", "invoice"}));
        write(m_folder / "two.csv", "text\none\ntwo\n");
        const auto target = m_folder / "asked.csv";
        VERIFY_RESULT(core::predictFile(classifier, m_folder / "two.csv", target, {}, 1, {}));
        const auto rows = table(target);
        QCOMPARE(rows.records.size(), size_t{2});
        for (const auto &record : rows.records)
            QCOMPARE(record.fields["ask"].get<std::string>(), std::string("yes"));
    }

    void nothingToClassifyIsSaidAndNothingIsWritten()
    {
        write(m_folder / "bare.csv", "text,label\n");
        const auto target = m_folder / "bare answers.csv";
        const auto empty = core::predictFile(m_classifier, m_folder / "bare.csv", target, {}, 1, {});
        QVERIFY(!empty && empty.error().code == base::ErrorCode::InvalidInput);
        QVERIFY(empty.error().message.find("no row") != std::string::npos);
        const auto silent = core::predictLines(m_classifier, linesOf({"", "  "}), target, {}, 1, {});
        QVERIFY(!silent && silent.error().code == base::ErrorCode::InvalidInput);
        QVERIFY(!fs::exists(target));
        QVERIFY(leftovers().empty());
    }

    void whatFitsNoWorkbookIsSaidBeforeItIsAnswered()
    {
        write(m_folder / "long.csv", "text\nshort\n" + std::string(32'768, 'x') + "\n");
        int64_t answered = 0;
        base::WorkContext context;
        context.report = [&](const base::Progress &p) { answered += p.phase == "Classifying" ? 1 : 0; };
        const auto target = m_folder / "long.xlsx";
        const auto refused = core::predictFile(m_classifier, m_folder / "long.csv", target, {}, 1, context);
        QVERIFY(!refused && refused.error().message.find("row 3") != std::string::npos);
        QCOMPARE(answered, int64_t{0});
        QVERIFY(!fs::exists(target));
        QCOMPARE(classify(m_folder / "long.csv", m_folder / "long answers.csv").rows, int64_t{2});
    }

    void linesGoOnOnlyAsFarAsTheyAreTheSame_data()
    {
        QTest::addColumn<int>("same");    // of 60, then others come
        QTest::addColumn<int>("number");  // of all
        QTest::addColumn<bool>("asTable");
        QTest::addColumn<QByteArray>("note");
        QTest::newRow("the same") << 60 << 60 << false << QByteArray();
        QTest::newRow("the same, as a table") << 60 << 60 << true << QByteArray();
        QTest::newRow("more") << 60 << 75 << false << QByteArray();
        QTest::newRow("others") << 0 << 60 << false << QByteArray("other texts");
        QTest::newRow("others, as a table") << 0 << 60 << true << QByteArray("other texts");
        QTest::newRow("from one on") << 7 << 60 << false << QByteArray("The first 7 texts");
        QTest::newRow("from one on, as a table") << 7 << 60 << true << QByteArray("The first 7 texts");
        QTest::newRow("fewer") << 9 << 9 << false << QByteArray("The first 9 texts");
    }

    void linesGoOnOnlyAsFarAsTheyAreTheSame()
    {
        QFETCH(int, same);
        QFETCH(int, number);
        QFETCH(bool, asTable);
        QFETCH(QByteArray, note);
        const std::string ending = asTable ? ".csv" : ".jsonl";
        const auto target = m_folder / ("lines" + ending), fresh = m_folder / ("fresh" + ending);
        std::vector<std::string> first, then;
        for (int i = 0; i < std::max(60, number); ++i) {
            if (i == 3)  // a blank line has a number, but no answer
                first.emplace_back();
            first.push_back("\"where is parcel " + std::to_string(i) + "\"");
        }
        for (int i = 0, line = 0; line < number; ++i) {
            then.push_back(line < same ? first[static_cast<size_t>(i)] : "\"another " + std::to_string(i) + "\"");
            line += then.back().empty() ? 0 : 1;
        }
        if (same == number)
            then.resize(std::min(then.size(), first.size()));
        // Interrupted after 40 of them.
        std::stop_source stop;
        base::WorkContext context{stop.get_token()};
        context.report = [&](const base::Progress &p) {
            if (p.done >= 40)
                stop.request_stop();
        };
        core::PredictOptions options;
        options.chunkRows = 10;
        const auto stopped = core::predictLines(m_classifier, linesOf(first), target, options, 1, context);
        QVERIFY(!stopped && stopped.error().code == base::ErrorCode::Cancelled);
        QCOMPARE(leftovers().size(), size_t{1});
        const auto answers = core::predictLines(m_classifier, linesOf(then), target, options, 1, {});
        VERIFY_RESULT(answers);
        VERIFY_RESULT(core::predictLines(m_classifier, linesOf(then), fresh, options, 1, {}));
        QVERIFY(equal(read(target), read(fresh)));
        QCOMPARE(answers->rows, int64_t{number});
        QCOMPARE(answers->before, int64_t{std::min(40, same)});
        QCOMPARE(answers->notes.size(), size_t{note.isEmpty() ? 0U : 1U});
        if (!note.isEmpty())
            QVERIFY2(answers->notes[0].find(note.toStdString()) != std::string::npos, answers->notes[0].c_str());
        QVERIFY(leftovers().empty());
        QVERIFY(read(target).find("\t{") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(AnswersTableTest)
#include "tst_answers_table.moc"
