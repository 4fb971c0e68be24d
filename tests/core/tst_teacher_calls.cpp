// SPDX-License-Identifier: Apache-2.0
// Teachers over HTTP that fail in every way that services do: what is asked again, what is given up, what is kept.
#include "core/teacher/calls/call_engine.h"
#include "core/teacher/service_address.h"
#include "tests/support/fault_teacher.h"
#include "tests/support/support.h"

#include <QElapsedTimer>
#include <QProcess>
#include <algorithm>
#include <set>
#include <thread>

using namespace support;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(support::TeacherFault)

namespace {

const std::string Key = "sk-canary-0123456789abcdef";
const std::vector<std::string> Classes{"refund", "late_delivery", "other thing"};

core::Question question(int64_t id)
{
    core::Question made;
    made.id = id;
    made.chat.system = "Sort.";
    made.chat.turns = {{false, "text " + std::to_string(id)}};
    made.chat.choices = Classes;
    const std::vector<std::string> parts{"v1", made.chat.turns.back().text};
    made.key = core::answerKey(parts);
    return made;
}

struct Asked {
    base::Result<core::CallSummary> summary;
    std::map<int64_t, core::TeacherAnswer> answers;
    std::vector<core::CallState> states;
};

/// Asks about texts 1 to `count`.
Asked ask(const core::ChatEndpoint &endpoint, const core::AnswerStore &store, int64_t count,
          core::CallOptions options = {}, const base::WorkContext &context = {})
{
    Asked asked{core::CallSummary(), {}, {}};
    int64_t next = 0;
    asked.summary = core::askAll(
        endpoint, options, store,
        [&]() -> std::optional<core::Question> {
            return next < count ? std::optional(question(++next)) : std::nullopt;
        },
        [&](int64_t id, const core::TeacherAnswer &answer) -> base::Result<void> {
            if (!asked.answers.emplace(id, answer).second)
                qFatal("answered twice");
            return {};
        },
        context, [&](const core::CallState &state) { asked.states.push_back(state); });
    return asked;
}

/// Waits pass a thousand times faster.
core::CallOptions fast()
{
    core::CallOptions options;
    options.speed = 1000;
    options.timeouts = {1000ms, 400ms, 400ms, 2000ms};
    return options;
}

core::ChatEndpoint endpointOf(const FaultTeacher &teacher,
                              core::ChatDialect dialect = core::ChatDialect::ChatCompletions)
{
    return {teacher.address().toStdString(), "teacher-1", Key, dialect};
}

QByteArray errorBody(const char *message)
{
    return QByteArray(R"({"error":{"message":")") + message + R"(","type":"x"}})";
}

}  // namespace

class TeacherCallsTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_stores = 0;

    core::AnswerStore makeStore()
    {
        const auto folder = m_folder / std::to_string(m_stores++);
        std::filesystem::create_directories(folder);
        return std::move(*core::AnswerStore::open(folder));
    }

private Q_SLOTS:
    void bothDialectsAnswer_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::newRow("chat completions") << static_cast<int>(core::ChatDialect::ChatCompletions);
        QTest::newRow("messages") << static_cast<int>(core::ChatDialect::AnthropicMessages);
    }
    void bothDialectsAnswer()
    {
        QFETCH(int, dialect);
        FaultTeacher teacher;
        teacher.setAnswers([](const QByteArray &text) { return "{\"label\":\"" + text + "\"}"; });
        const auto store = makeStore();
        auto options = fast();
        options.prices = {1.0, 10.0};
        const auto asked = ask(endpointOf(teacher, static_cast<core::ChatDialect>(dialect)), store, 40, options);
        VERIFY_RESULT(asked.summary);
        QCOMPARE(asked.answers.size(), size_t{40});
        QCOMPARE(asked.answers.at(7).reply, std::string(R"({"label":"text 7"})"));
        QCOMPARE(asked.summary->bought, int64_t{40});
        QCOMPARE(asked.summary->usage.input, int64_t{800});
        QCOMPARE(asked.summary->usage.output, int64_t{120});
        QVERIFY(std::abs(asked.summary->cost - (800 * 1.0 + 120 * 10.0) / 1e6) < 1e-12);
        QCOMPARE(teacher.requests(), 40);
        QVERIFY(teacher.mostAtOnce() > 1);
        // What was bought is not bought again.
        const auto again = ask(endpointOf(teacher, static_cast<core::ChatDialect>(dialect)), store, 45, options);
        QCOMPARE(again.answers.size(), size_t{45});
        QCOMPARE(again.summary->known, int64_t{40});
        QCOMPARE(teacher.requests(), 45);
        QCOMPARE(again.answers.at(7), asked.answers.at(7));
        QCOMPARE(*store.count(), int64_t{45});
    }

    void requestsHoldWhatTheyShould()
    {
        FaultTeacher teacher;
        const auto store = makeStore();
        auto endpoint = endpointOf(teacher);
        for (const auto form : {core::AnswerForm::Schema, core::AnswerForm::Json, core::AnswerForm::Text}) {
            endpoint.form = form;
            const auto body = nlohmann::json::parse(core::chatBody(endpoint, question(1).chat));
            QCOMPARE(body["messages"].size(), size_t{2});
            QCOMPARE(body["messages"][0]["role"], "system");
            if (form == core::AnswerForm::Schema)
                QCOMPARE(body["response_format"]["json_schema"]["schema"]["properties"]["label"]["enum"],
                         nlohmann::json(Classes));
            else
                QCOMPARE(body.contains("response_format"), form == core::AnswerForm::Json);
        }
        endpoint.dialect = core::ChatDialect::AnthropicMessages;
        endpoint.form = core::AnswerForm::Schema;
        const auto body = nlohmann::json::parse(core::chatBody(endpoint, question(1).chat));
        QCOMPARE(body["system"], "Sort.");
        QCOMPARE(body["tool_choice"]["name"], body["tools"][0]["name"]);
        QCOMPARE(body["tools"][0]["input_schema"]["properties"]["label"]["enum"], nlohmann::json(Classes));
        static_cast<void>(ask(endpoint, store, 1, fast()));
        const QByteArray head = teacher.heads().last().toLower();
        QVERIFY(head.startsWith("post /v1/messages "));
        QVERIFY(head.contains("x-api-key: sk-canary") && head.contains("anthropic-version: 2023-06-01"));
        QVERIFY(!head.contains("authorization"));
    }

    /// Each fault once, then all is well: every answer comes, none is bought twice.
    void faultsThatPass_data()
    {
        QTest::addColumn<TeacherFault>("fault");
        QTest::addColumn<int>("asked");  ///< of the first question
        const auto row = [](const char *name, TeacherFault fault, int asked = 2) {
            QTest::newRow(name) << fault << asked;
        };
        for (const int status : {408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529, 599})
            row(qPrintable(QString::number(status)), {status, {}, errorBody("later")});
        for (const char *wait :
             {"3", "0", "-3", "junk", "0.25", "119", "900", "86400", "Sun, 01 Mar 2026 10:00:30 GMT",
              "Sunday, 01-Mar-26 10:01:00 GMT", "Sun Mar  1 10:00:05 2026", "", "99999999999999999999", "1;2"}) {
            for (const int status : {429, 503})
                row(qPrintable(QStringLiteral("%1 wait '%2'").arg(status).arg(QLatin1String(wait))),
                    {status, QByteArray("Date: Sun, 01 Mar 2026 10:00:00 GMT\r\nRetry-After: ") + wait + "\r\n", {}});
        }
        row("429 in milliseconds", {429, "retry-after-ms: 250\r\n", {}});
        row("429 with a quota", {429, "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 2s\r\n", {}});
        row("dropped", {200, {}, {}, -1, false, true});
        row("cut in the body", {200, {}, {}, 20});
        row("cut at once", {200, {}, {}, 0});
        row("stalls before the body", {200, {}, {}, 0, true});
        row("stalls in the body", {200, {}, {}, 20, true});
        row("late", {200, {}, {}, -1, false, false, 900});
        row("a web page", {200, {}, "<html><body>Log in to the hotel</body></html>"});
        row("a web page with a mark", {200, {}, "\xEF\xBB\xBF \n<!DOCTYPE html>"});
        row("broken JSON", {200, {}, "{\"choices\":[{\"message\":{\"content\":\"ref"});
        row("no JSON", {200, {}, "refund"});
        row("empty", {200, {}, ""});
        row("null", {200, {}, "null"});
        row("a number", {200, {}, "42"});
        row("a list", {200, {}, "[]"});
        row("no choices", {200, {}, R"({"choices":[]})"});
        row("choices of nothing", {200, {}, R"({"choices":[null]})"});
        row("choices as text", {200, {}, R"({"choices":"refund"})"});
        row("a message without content", {200, {}, R"({"choices":[{"message":{"content":null}}]})"});
        row("an error with 200", {200, {}, errorBody("overloaded")});
        row("204", {204, {}, ""});
        row("a page of 503", {503, {}, "<html>Service unavailable</html>"});
        row("9 MB", {200, {}, QByteArray(9 << 20, ' ')});
        row("binary", {200, {}, QByteArray::fromHex("00ff00fe1f8b")});
        row("deep JSON", {200, {}, QByteArray(200'000, '[')});
    }
    void faultsThatPass()
    {
        QFETCH(TeacherFault, fault);
        QFETCH(int, asked);
        FaultTeacher teacher;
        teacher.setFaults({fault});
        const auto store = makeStore();
        auto options = fast();
        options.speed = 100'000;
        options.limits.concurrency = 2;
        const auto all = ask(endpointOf(teacher), store, 5, options);
        VERIFY_RESULT(all.summary);
        QCOMPARE(all.answers.size(), size_t{5});
        QCOMPARE(teacher.requests(), 4 + asked);
        for (int i = 1; i <= 5; ++i)
            QCOMPARE(all.answers.at(i).reply, std::string("refund"));
        QCOMPARE(*store.count(), int64_t{5});
    }

    /// Nothing else is asked, and what is said helps.
    void faultsThatStopAll_data()
    {
        QTest::addColumn<TeacherFault>("fault");
        QTest::addColumn<QByteArray>("word");
        const auto row = [](const char *name, TeacherFault fault, const char *word) {
            QTest::newRow(name) << fault << QByteArray(word);
        };
        row("401", {401, {}, errorBody("Incorrect API key provided: sk-canary-0123456789abcdef")}, "key");
        row("402", {402, {}, {}}, "credit");
        row("403", {403, {}, errorBody("Country not supported")}, "Country not supported");
        row("404", {404, {}, errorBody("model not found")}, "teacher-1");
        row("405", {405, {}, {}}, "not that of a teacher");
        row("407", {407, {}, {}}, "proxy");
        row("410", {410, {}, {}}, "teacher-1");
        row("501", {501, {}, {}}, "not that of a teacher");
        row("no quota", {429, {}, R"({"error":{"message":"Check your plan","code":"insufficient_quota"}})"}, "quota");
        for (const int status : {301, 302, 303, 307, 308})
            row(qPrintable(QString::number(status)), {status, "Location: https://elsewhere.example/v1/chat\r\n", {}},
                "elsewhere.example");
        row("a redirect to nowhere", {302, {}, {}}, "sends on");
    }
    void faultsThatStopAll()
    {
        QFETCH(TeacherFault, fault);
        QFETCH(QByteArray, word);
        FaultTeacher teacher;
        teacher.setWeather([&](int number, const QByteArray &) { return number > 3 ? fault : TeacherFault(); });
        const auto store = makeStore();
        auto options = fast();
        options.limits.concurrency = 1;
        options.prices = {10'000, 10'000};  // 23 cents a question
        const auto asked = ask(endpointOf(teacher), store, 100, options.after(1));
        QVERIFY(!asked.summary);
        const std::string &message = asked.summary.error().message;
        QVERIFY2(QByteArray::fromStdString(message).contains(word), message.c_str());
        QVERIFY2(
            QByteArray::fromStdString(message).endsWith(
                "What was answered before is kept, and costs nothing when you start again. It cost 1.6900 so far."),
            message.c_str());
        QVERIFY2(message.find("sk-canary") == std::string::npos, message.c_str());
        QCOMPARE(teacher.requests(), 4);
        QCOMPARE(*store.count(), int64_t{3});  // kept
        // When it is mended the rest is asked, and nothing twice.
        teacher.setWeather({});
        const auto rest = ask(endpointOf(teacher), store, 100, fast());
        QCOMPARE(rest.answers.size(), size_t{100});
        QCOMPARE(teacher.requests(), 4 + 97);
    }

    /// One text is refused; the others are answered.
    void faultsOfOneQuestion_data()
    {
        QTest::addColumn<TeacherFault>("fault");
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("too long") << TeacherFault{400, {}, errorBody("maximum context length is 4096 tokens")}
                                  << QByteArray("too long");
        QTest::newRow("400") << TeacherFault{400, {}, errorBody("bad")} << QByteArray("does not understand");
        QTest::newRow("413") << TeacherFault{413, {}, {}} << QByteArray("does not take");
        QTest::newRow("414") << TeacherFault{414, {}, {}} << QByteArray("does not take");
        QTest::newRow("422") << TeacherFault{422, {}, {}} << QByteArray("does not take");
        QTest::newRow("418") << TeacherFault{418, {}, {}} << QByteArray("refused");
        QTest::newRow("451") << TeacherFault{451, {}, {}} << QByteArray("refused");
    }
    void faultsOfOneQuestion()
    {
        QFETCH(TeacherFault, fault);
        QFETCH(QByteArray, word);
        FaultTeacher teacher;
        teacher.setWeather([&](int, const QByteArray &text) { return text == "text 4" ? fault : TeacherFault(); });
        const auto store = makeStore();
        const auto asked = ask(endpointOf(teacher), store, 20, fast());
        VERIFY_RESULT(asked.summary);
        QCOMPARE(asked.answers.size(), size_t{19});
        QCOMPARE(asked.summary->refused, int64_t{1});
        QVERIFY(QByteArray::fromStdString(asked.summary->lastRefusal.message).contains(word));
        QCOMPARE(teacher.asked("text 4"), 1);
        // All of them: it is not the texts. Nothing was answered, and nothing is said of it.
        FaultTeacher stubborn;
        stubborn.setWeather([&](int, const QByteArray &) { return fault; });
        const auto none = ask(endpointOf(stubborn), makeStore(), 500, fast());
        QVERIFY(!none.summary);
        QVERIFY(stubborn.requests() < 30);
    }

    void usageOfAnyKindIsRead_data()
    {
        QTest::addColumn<QByteArray>("usage");
        for (const char *usage : {R"({"prompt_tokens":"many"})", R"({"prompt_tokens":-5,"completion_tokens":1e99})",
                                  "{}", R"({"prompt_tokens":null,"completion_tokens":[]})", R"({"prompt_tokens":3.7})"})
            QTest::newRow(usage) << QByteArray(usage);
    }
    void usageOfAnyKindIsRead()
    {
        QFETCH(QByteArray, usage);
        FaultTeacher teacher;
        teacher.setUsage(usage);
        auto options = fast();
        options.prices = {1, 1};
        const auto asked = ask(endpointOf(teacher), makeStore(), 3, options);
        VERIFY_RESULT(asked.summary);
        QVERIFY(asked.summary->cost >= 0 && asked.summary->cost < 1);
        QCOMPARE(asked.answers.size(), size_t{3});
    }

    /// Not only in the beginning: whatever ends, the next one has a connection at once.
    void asManyAreUnderWayAsMayBe()
    {
        FaultTeacher teacher;
        teacher.setWeather([](int, const QByteArray &) { return TeacherFault{.delayMs = 100}; });
        const auto store = makeStore();
        auto options = fast();
        options.limits.concurrency = 24;
        const auto asked = ask(endpointOf(teacher), store, 480, options);
        VERIFY_RESULT(asked.summary);
        QCOMPARE(teacher.mostAtOnce(), 24);
    }

    void moneyEndsItBeforeTheNextQuestion()
    {
        FaultTeacher teacher;
        const auto store = makeStore();
        auto options = fast();
        options.prices = {10'000, 10'000};  // a cent a token: 23 cents a question, and up to 64 tokens of an answer
        options.mostCost = 10;
        const auto asked = ask(endpointOf(teacher), store, 1000, options);
        VERIFY_RESULT(asked.summary);
        QCOMPARE(asked.summary->end, core::CallSummary::End::CostReached);
        QVERIFY(asked.summary->cost <= 10);
        QVERIFY2(asked.summary->cost > 5, qPrintable(QString::number(asked.summary->cost)));
        QCOMPARE(asked.summary->bought, int64_t{teacher.requests()});
        QCOMPARE(*store.count(), asked.summary->bought);
    }

    void aStopIsHeardAtOnce()
    {
        FaultTeacher teacher;
        teacher.setWeather([](int number, const QByteArray &) {
            return number > 4 ? TeacherFault{200, {}, {}, -1, false, false, 60'000} : TeacherFault();
        });
        const auto store = makeStore();
        std::stop_source stop;
        auto options = fast();
        options.timeouts = {};
        options.speed = 1;
        QElapsedTimer sinceStop;
        std::jthread soon([&] {
            std::this_thread::sleep_for(500ms);
            sinceStop.start();
            stop.request_stop();
        });
        const auto asked = ask(endpointOf(teacher), store, 100, options, {stop.get_token()});
        QVERIFY2(sinceStop.elapsed() < 100, qPrintable(QString::number(sinceStop.elapsed())));
        VERIFY_RESULT(asked.summary);
        QVERIFY(asked.summary->end == core::CallSummary::End::Stopped);
        QCOMPARE(*store.count(), int64_t{4});
        QCOMPARE(asked.answers.size(), size_t{4});
    }

    void aLongWaitIsAPauseThatSaysHowLong()
    {
        FaultTeacher teacher;
        teacher.setFaults({{429, "Retry-After: 900\r\n", {}}});
        auto options = fast();
        const auto asked = ask(endpointOf(teacher), makeStore(), 3, options);
        VERIFY_RESULT(asked.summary);
        const auto paused = std::find_if(asked.states.begin(), asked.states.end(),
                                         [](const core::CallState &state) { return state.pause.has_value(); });
        QVERIFY(paused != asked.states.end());
        QVERIFY(*paused->pause > 800s && *paused->pause <= 900s);
        QVERIFY(paused->trouble.find("fewer questions") != std::string::npos);
    }

    /// Qt sends a POST a second time by itself where a kept connection ends before an answer: here it must not.
    void aPostIsSentOnce()
    {
        FaultTeacher teacher;
        teacher.setWeather([](int number, const QByteArray &) {
            return number % 3 == 0 ? TeacherFault{200, {}, {}, -1, false, true} : TeacherFault();
        });
        const auto store = makeStore();
        auto options = fast();
        options.limits.tries = 30;  // one of three connections ends: chance may meet a question often
        const auto asked = ask(endpointOf(teacher), store, 60, options);
        VERIFY_RESULT(asked.summary);
        QCOMPARE(asked.answers.size(), size_t{60});
        // At most: some never reach it, as their connection has just ended.
        QVERIFY(int64_t{teacher.requests()} <= 60 + asked.summary->retries);
        for (int i = 1; i <= 60; ++i)
            QCOMPARE(teacher.answered("text " + QByteArray::number(i)), 1);
    }

    void nothingListens()
    {
        QByteArray address;
        {
            const FaultTeacher gone;
            address = gone.address();
        }
        core::ChatEndpoint endpoint{address.toStdString(), "m", Key};
        const auto asked = ask(endpoint, makeStore(), 10, fast());
        QVERIFY(!asked.summary);
        QVERIFY2(asked.summary.error().message.find("nothing listens there") != std::string::npos,
                 asked.summary.error().message.c_str());
        endpoint.address = "http://no-such-host.invalid/v1";
        QVERIFY(!ask(endpoint, makeStore(), 2, fast()).summary);
        endpoint.address = "gopher://127.0.0.1/";
        QVERIFY(!ask(endpoint, makeStore(), 2, fast()).summary);
        endpoint.address = "not an address";
        QVERIFY(!ask(endpoint, makeStore(), 2, fast()).summary);
    }

    void badCertificatesAreRefused_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("self-signed") << QStringList{"-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"};
        QTest::newRow("of another host") << QStringList{"-subj", "/CN=elsewhere.example"};
        QTest::newRow("expired") << QStringList{};  // made otherwise
        QTest::newRow("no name") << QStringList{"-subj", "/"};
    }
    void badCertificatesAreRefused()
    {
        QFETCH(QStringList, options);
        const auto certificate = QString::fromStdString((m_folder / "c.pem").string());
        const auto key = QString::fromStdString((m_folder / "k.pem").string());
        const auto run = [&](QStringList arguments) {
            QProcess openssl;
            openssl.setWorkingDirectory(QString::fromStdString(m_folder.path().string()));
            openssl.start("openssl", arguments);
            return openssl.waitForFinished(60'000) && openssl.exitCode() == 0;
        };
        if (options.isEmpty()) {
            write(m_folder / "ca.cnf", "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\n"
                                       "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n");
            write(m_folder / "index.txt", "");
            write(m_folder / "serial", "01\n");
            QVERIFY(run({"req", "-new", "-newkey", "rsa:2048", "-nodes", "-out", "r.pem", "-keyout", key, "-subj",
                         "/CN=127.0.0.1"}));
            QVERIFY(run({"ca", "-batch", "-selfsign", "-config", "ca.cnf", "-startdate", "20200101000000Z", "-enddate",
                         "20200201000000Z", "-keyfile", key, "-in", "r.pem", "-out", certificate}));
        } else {
            QVERIFY(
                run(QStringList{"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-out", certificate, "-keyout", key} +
                    options));
        }
        const FaultTeacher teacher(certificate, key);
        const auto asked = ask(endpointOf(teacher), makeStore(), 10, fast());
        QVERIFY(!asked.summary);
        QVERIFY2(asked.summary.error().message.find("certificate") != std::string::npos,
                 asked.summary.error().message.c_str());
        QCOMPARE(teacher.requests(), 0);
    }

    void plainHttpIsForThisMachine()
    {
        for (const char *here : {"http://127.0.0.1:8080/v1", "http://localhost:11434/v1", "http://[::1]/",
                                 "https://a.b/", "a.b/v1", "localhost:1234"})
            QVERIFY2(!core::isPlainHttpElsewhere(here), here);
        for (const char *elsewhere :
             {"http://192.168.0.7/v1", "http://localhost.example/v1", "http://a.b/", "192.168.0.7:8080"})
            QVERIFY2(core::isPlainHttpElsewhere(elsewhere), elsewhere);
    }
};

QTEST_GUILESS_MAIN(TeacherCallsTest)
#include "tst_teacher_calls.moc"
