// SPDX-License-Identifier: Apache-2.0
// What teachers say, and what is made of it.
#include "core/teacher/answer_parser.h"
#include "core/teacher/chat.h"
#include "tests/support/support.h"

#include <cmath>

using namespace support;
using core::ParsedAnswer;

namespace {

const std::string Key = "sk-canary-0123456789abcdef";
const std::vector<std::string> Classes{"refund", "late_delivery", "other thing"};

QByteArray errorBody(const char *message)
{
    return QByteArray(R"({"error":{"message":")") + message + R"(","type":"x"}})";
}

}  // namespace

class TeacherAnswersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void probabilitiesAreOfTheTokenThatDecides()
    {
        const core::ChatEndpoint endpoint{"http://x/v1", "m", {}};
        const auto tokens = [](std::initializer_list<const char *> list) {
            auto content = nlohmann::json::array();
            for (const char *token : list)
                content.push_back(
                    {{"token", token},
                     {"logprob", 0},
                     {"top_logprobs", {{{"token", token}, {"logprob", -0.1}}, {{"token", "x"}, {"logprob", -3}}}}});
            return content;
        };
        const auto read = [&](const nlohmann::json &content) {
            const nlohmann::json body{
                {"choices", {{{"message", {{"content", "refund"}}}, {"logprobs", {{"content", content}}}}}}};
            return core::readChatAnswer(endpoint, {200, {}, body.dump()}, {}).answer.alternatives;
        };
        const auto plain = read(tokens({"ref", "und"}));
        QVERIFY(std::abs(plain.at("ref") - std::exp(-0.1)) < 1e-9 && plain.size() == 2);
        QVERIFY(read(tokens({"{\"", "label", "\":", " \"", "ref", "und", "\"}"})).contains("ref"));
        QVERIFY(read(nlohmann::json()).empty());
    }

    void keysAreNeverRepeated()
    {
        const core::ChatEndpoint endpoint{"https://user:pass@host.example/v1?token=abc", "m", Key};
        for (const std::string &echo : {Key, Key.substr(0, 13), Key + Key, "Bearer " + Key}) {
            const auto outcome = core::readChatAnswer(endpoint, {401, {}, errorBody(echo.c_str()).toStdString()}, {});
            const std::string said = outcome.call.error.message + outcome.call.error.subject;
            QVERIFY2(said.find("canary") == std::string::npos, said.c_str());
            QVERIFY2(said.find("pass") == std::string::npos && said.find("abc") == std::string::npos, said.c_str());
        }
    }

    void answersAreClassesOrSayWhyNot_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("label");
        using State = ParsedAnswer::State;
        const auto row = [](const QByteArray &reply, State state, int label = -1) {
            QTest::newRow(reply.left(40).constData()) << reply << static_cast<int>(state) << label;
        };
        for (const char *reply :
             {R"({"label":"late_delivery"})", R"({"label": "Late Delivery"})", "late_delivery", "Late-Delivery.",
              "\"late delivery\"", "Label: late_delivery", "**late_delivery**", "`LATE_DELIVERY`",
              "```json\n{\"label\":\"late_delivery\"}\n```", "Sure! Here it is: {\"label\":\"late_delivery\"} Bye",
              "{bad} {\"label\":\"late_delivery\"}", R"({"answer":"late_delivery"})", R"({"labels":["late_delivery"]})",
              "  late_delivery\n"})
            row(reply, State::Labelled, 1);
        row("unsure", State::Unsure);
        row(R"({"label":"Unsure"})", State::Unsure);
        row("refunds", State::NotAClass);
        row(R"({"label":"complaint"})", State::NotAClass);
        row("refund late_delivery", State::NotAClass);
        row(R"({"labels":["refund","late_delivery"]})", State::Unreadable);
        row("", State::Unreadable);
        row("   ", State::Unreadable);
        row(R"({"label":)", State::NotAClass);
        row(R"({"label":null})", State::Unreadable);
        row(R"({"label":{"label":"refund"}})", State::Unreadable);
        row("The customer wants a refund because the parcel came late.\nSo it is a refund, or is it?",
            State::Unreadable);
        row(QByteArray(1 << 20, 'a'), State::Unreadable);
        row(QByteArray(100'000, '{'), State::Unreadable);
        row("\xFF\xFE", State::NotAClass);
    }
    void answersAreClassesOrSayWhyNot()
    {
        QFETCH(QByteArray, reply);
        QFETCH(int, state);
        QFETCH(int, label);
        const auto parsed = core::parseAnswer(reply.toStdString(), Classes, false);
        QCOMPARE(static_cast<int>(parsed.state), state);
        QCOMPARE(parsed.labels.empty() ? -1 : parsed.labels.front(), label);
    }

    /// What models write around a right answer.
    void rightAnswersAreTakenInEveryForm_data()
    {
        QTest::addColumn<QByteArray>("reply");
        for (const char *reply : {
                 "LATE_DELIVERY",
                 "\u201CLate delivery\u201D",
                 "\u201Elate delivery\u201C",
                 "\u00ABlate_delivery\u00BB",
                 "\u300Clate_delivery\u300D",
                 "'late_delivery'",
                 "1. late_delivery",
                 "2) late delivery",
                 "- late_delivery",
                 "#1 late_delivery",
                 "Label: late_delivery",
                 "label = late_delivery",
                 "**Label:** late_delivery",
                 "Category: `late_delivery`",
                 "Final answer: late_delivery.",
                 "The label is late_delivery.",
                 "The label is \"late_delivery\".",
                 "I would classify this as late_delivery.",
                 "This text belongs to late delivery.",
                 "It is a **late_delivery**.",
                 "The correct class is `late_delivery` because the parcel came after Christmas.",
                 "late_delivery\n\nThe parcel came after Christmas.",
                 "late_delivery - the parcel came after Christmas",
                 "Kategorie: late_delivery",
                 "\u00C9tiquette : late_delivery",
                 "\u5206\u7C7B\uFF1Alate_delivery",
                 "[{\"label\": \"late_delivery\"}]",
                 "[\"late_delivery\"]",
                 "{\"reason\": \"it says so\", \"label\": \"late_delivery\"}",
                 "{\"confidence\": 0.9, \"Label\": \"late_delivery\"}",
                 "{\"category\": \"late_delivery\"}",
                 "{\"predicted_label\": \"late_delivery\"}",
                 "{\"result\": {\"label\": \"late_delivery\"}}",
                 "{\"name\": \"answer\", \"arguments\": {\"label\": \"late_delivery\"}}",
                 "{\"name\": \"answer\", \"arguments\": \"{\\\"label\\\": \\\"late_delivery\\\"}\"}",
                 "{\"Klasse\": \"late_delivery\"}",
                 "{\"late_delivery\": true, \"refund\": false}",
                 "{\"label\": \"late_delivery\",}",
                 "{\"label\": [\"late_delivery\",],}",
                 "{'label': 'late_delivery'}",
                 "{\u201Clabel\u201D: \u201Clate_delivery\u201D}",
                 "{label: \"late_delivery\"}",
                 "{\"label\": \"late_delivery\"",
                 "{\"label\": \"late_delivery",
                 "{\"label\": \"late_delivery\", \"reason\": \"the par",
                 "{\"label\": \"late_delivery\"}{\"label\": \"late_delivery\"}",
                 "<answer>late_delivery</answer>",
                 "<label>late_delivery</label>",
                 "\\boxed{late_delivery}",
                 "late_delivery<|im_end|>",
                 "late_delivery</s>",
                 "\xEF\xBB\xBF{\"label\": \"late_delivery\"}",
                 "\u200Blate\u200B_delivery\u200B",
                 "{\"label\":\u00A0\"late_delivery\"}",
                 "late\u00A0delivery",
                 "<think>Is it {\"label\": \"refund\"}? No.</think>{\"label\": \"late_delivery\"}",
                 "refund? No.</think>late_delivery",
             })
            QTest::newRow(reply) << QByteArray(reply);
    }
    void rightAnswersAreTakenInEveryForm()
    {
        QFETCH(QByteArray, reply);
        const auto parsed = core::parseAnswer(reply.toStdString(), Classes, false);
        QCOMPARE(static_cast<int>(parsed.state), static_cast<int>(ParsedAnswer::State::Labelled));
        QCOMPARE(parsed.labels, std::vector<int>{1});
    }

    void ambiguousAnswersAreNeverGuessed_data()
    {
        QTest::addColumn<QByteArray>("reply");
        for (const char *reply : {
                 "refund or late_delivery",
                 "refund, late_delivery",
                 "refund\nlate_delivery",
                 "It could be refund.",
                 "This is not a refund.",
                 "It isn't refund.",
                 "Is it refund?",
                 "The customer wants a refund.",
                 "Anything except refund",
                 "Not: refund",
                 "The label is refund, not late_delivery.",
                 "Label: refund\nLabel: late_delivery",
                 "2",
                 "Class 2",
                 "R\u00FCckerstattung",
                 "remboursement",
                 "{\"label\": 2}",
                 "{\"label\": \"ref",
                 "{\"label\": \"refund\", \"class\": \"late_delivery\"}",
                 "[{\"label\": \"refund\"}, {\"label\": \"late_delivery\"}]",
                 "{\"label\": \"refund\"} Actually: {\"label\": \"late_delivery\"}",
                 "[\"refund\", \"late_delivery\"]",
                 "{\"refund\": true, \"late_delivery\": true}",
                 "{\"refund\": 0.6, \"late_delivery\": 0.4}",
                 "{\"not\": \"refund\"}",
                 "<think>refund",
                 "<think>{\"label\": \"refund\"}",
                 "I cannot help with a refund.",
             })
            QTest::newRow(reply) << QByteArray(reply);
    }
    void ambiguousAnswersAreNeverGuessed()
    {
        QFETCH(QByteArray, reply);
        const auto parsed = core::parseAnswer(reply.toStdString(), Classes, false);
        QVERIFY(parsed.state != ParsedAnswer::State::Labelled);
        QVERIFY(parsed.labels.empty());
    }

    void namesThatAreAlikeAreToldApart()
    {
        const auto read = [](const char *reply, const std::vector<std::string> &labels) {
            const auto parsed = core::parseAnswer(reply, labels, false);
            return parsed.labels.empty() ? -1 : parsed.labels.front();
        };
        // The longest name that stands there; a name that may be the beginning of another is not whole when cut off.
        const std::vector<std::string> deliveries{"delivery", "late_delivery", "delivery_cost"};
        QCOMPARE(read("It is late_delivery.", deliveries), 1);
        QCOMPARE(read("It is delivery.", deliveries), 0);
        QCOMPARE(read("{\"label\": \"delivery", deliveries), -1);
        QCOMPARE(read("{\"label\": \"delivery\"", deliveries), 0);
        QCOMPARE(read("{\"label\": \"delivery_cost", deliveries), 2);
        // Numbers and truth as names.
        QCOMPARE(read("{\"label\": 3}", {"1", "2", "3"}), 2);
        QCOMPARE(read("{\"label\": 3.0}", {"1", "2", "3"}), 2);
        QCOMPARE(read("3", {"1", "2", "3"}), 2);
        QCOMPARE(read("{\"label\": true}", {"false", "true"}), 1);
        QCOMPARE(read("{\"label\": 3}", {"a", "b", "c"}), -1);
        // Words that say no are names, too.
        QCOMPARE(read("The label is not spam.", {"spam", "not spam"}), 1);
        QCOMPARE(read("no", {"yes", "no"}), 1);
        QCOMPARE(read("{\"label\": \"No.\"}", {"yes", "no"}), 1);
        // Accents only where one name is meant.
        QCOMPARE(read("reclamation", {"r\u00E9clamation", "livraison"}), 0);
        QCOMPARE(read("resume", {"r\u00E9sum\u00E9", "resum\u00E9"}), -1);
        QCOMPARE(core::parseAnswer("- refund\n- late_delivery", Classes, true).labels, (std::vector<int>{0, 1}));
        QCOMPARE(core::parseAnswer("refund and late_delivery", Classes, true).labels, (std::vector<int>{0, 1}));
        QCOMPARE(core::parseAnswer("{\"labels\": [\"refund\",]}", Classes, true).labels, (std::vector<int>{0}));
        QVERIFY(core::parseAnswer("<think>hm", Classes, false).state == ParsedAnswer::State::Unfinished);
    }

    void severalClassesAreRead()
    {
        using State = ParsedAnswer::State;
        const auto read = [](const char *reply) { return core::parseAnswer(reply, Classes, true); };
        QCOMPARE(read(R"({"labels":["other thing","refund","refund"]})").labels, (std::vector<int>{0, 2}));
        QCOMPARE(read("refund, late_delivery").labels, (std::vector<int>{0, 1}));
        QCOMPARE(read(R"(["refund"])").labels, (std::vector<int>{0}));
        QCOMPARE(read(R"({"labels":[]})").state, State::Labelled);
        QVERIFY(read(R"({"labels":[]})").labels.empty());
        QCOMPARE(read("none").state, State::Labelled);
        QCOMPARE(read(R"({"labels":["refund","complaint"]})").state, State::NotAClass);
        QCOMPARE(read(R"({"labels":["refund",3]})").state, State::Unreadable);
        QCOMPARE(read("").state, State::Unreadable);
    }

    void keysOfQuestionsTellPartsApart()
    {
        const std::vector<std::string> a{"a", "bc"}, b{"ab", "c"}, c{"abc"};
        QVERIFY(core::answerKey(a) != core::answerKey(b));
        QVERIFY(core::answerKey(b) != core::answerKey(c));
        QVERIFY(core::answerKey(a) == core::answerKey(a));
    }

    void aDamagedFileOfAnswersIsNotTheService()
    {
        const TempFolder folder;
        const auto file = folder / "answers.sqlite";
        std::vector<core::AnswerStore::Bought> bought;
        for (int i = 0; i < 500; ++i) {
            const std::vector<std::string> parts{"question " + std::to_string(i)};
            bought.push_back({core::answerKey(parts), {std::string(100, 'x')}});
        }
        {
            const auto store = core::AnswerStore::open(folder.path());
            VERIFY_RESULT(store);
            VERIFY_RESULT(store->put(bought, "teacher"));
        }
        std::string bytes = read(file);
        QVERIFY(bytes.size() > 40'000);
        std::fill(bytes.begin() + 8192, bytes.end(), 'x');
        write(file, bytes);
        const auto store = core::AnswerStore::open(folder.path());
        VERIFY_RESULT(store);
        int unreadable = 0;
        for (const auto &one : bought) {
            const auto found = store->find(one.key);
            unreadable += found ? 0 : 1;
            QVERIFY2(found || found.error().message.find("Move the file elsewhere") != std::string::npos,
                     found ? "" : found.error().message.c_str());
        }
        QVERIFY(unreadable > 100);
        write(file, "no database at all, but long enough to be looked at");
        const auto none = core::AnswerStore::open(folder.path());
        QVERIFY(!none && none.error().code == base::ErrorCode::Corrupt);
        QVERIFY(none.error().message.find("service.sqlite") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TeacherAnswersTest)
#include "tst_teacher_answers.moc"
