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
