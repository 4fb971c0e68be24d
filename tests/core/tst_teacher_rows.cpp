// SPDX-License-Identifier: Apache-2.0
// Rows that get no answer, and limits that pass: what is a row's state, what waits, and what ends a run.
#include "core/tasks/exam_task.h"
#include "core/tasks/label_task.h"
#include "tests/support/mail_service.h"

#include <QJsonArray>
#include <QMutex>
#include <atomic>
#include <nlohmann/json.hpp>

using namespace support;
using namespace std::chrono_literals;
using nlohmann::json;
using End = core::CallSummary::End;

Q_DECLARE_METATYPE(support::TeacherFault)

namespace {

constexpr const char *Refund = R"({"label":"refund"})";
constexpr const char *Delivery = R"({"label":"delivery"})";

QByteArray rightAnswer(const QByteArray &text)
{
    return text.contains("parcel") ? Delivery : Refund;
}

TeacherFault fault(const json &body, int status = 400, const QByteArray &header = {})
{
    return {.status = status, .header = header, .body = QByteArray::fromStdString(body.dump())};
}

json choice(const json &message, const char *end)
{
    return {{"choices", {{{"message", message}, {"finish_reason", end}}}},
            {"usage", {{"prompt_tokens", 20}, {"completion_tokens", 7}}}};
}

json error(const char *message, const json &more = json::object())
{
    json error{{"message", message}};
    error.update(more);
    return {{"error", error}};
}

core::TeacherJob labelling(int concurrency = 4)
{
    core::TeacherJob chat;
    chat.calls.speed = 1000;
    chat.calls.timeouts = {2000ms, 2000ms, 2000ms, 5000ms};
    chat.calls.limits.concurrency = concurrency;
    return chat;
}

core::LabelOptions options()
{
    core::LabelOptions options;
    options.provenance = "teacher x";
    return options;
}

}  // namespace

class TeacherRowsTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;

private Q_SLOTS:
    void aRefusedRowIsARowsState_data()
    {
        QTest::addColumn<TeacherFault>("refusal");
        const auto row = [](const char *name, const TeacherFault &refusal) { QTest::newRow(name) << refusal; };
        row("content_filter, null", fault(choice({{"content", nullptr}}, "content_filter"), 200));
        row("content_filter, no content", fault(choice({{"role", "assistant"}}, "content_filter"), 200));
        row("content_filter, half a word", fault(choice({{"content", "{\"label\": \"ref"}}, "content_filter"), 200));
        row("a refusal field",
            fault(choice({{"content", nullptr}, {"refusal", "I'm sorry, I cannot help with that."}}, "stop"), 200));
        row("Azure", fault(error("The response was filtered due to the prompt triggering Azure OpenAI's content "
                                 "management policy.",
                                 {{"code", "content_filter"},
                                  {"status", 400},
                                  {"innererror", {{"code", "ResponsibleAIPolicyViolation"}}}})));
        row("OpenAI, invalid_prompt",
            fault(error("Invalid prompt: your prompt was flagged as potentially violating our usage policy.",
                        {{"code", "invalid_prompt"}})));
        row("DeepSeek", fault(error("Content Exists Risk", {{"type", "invalid_request_error"}})));
        row("DashScope",
            fault({{"code", "data_inspection_failed"}, {"message", "Input data may contain inappropriate content."}}));
        row("OpenRouter, 403",
            fault(error("Your chosen model requires moderation and your input was flagged",
                        {{"code", 403}, {"metadata", {{"reasons", {"violence"}}, {"flagged_input", "my money"}}}}),
                  403));
        row("a firewall, 403", {.status = 403, .body = "<html><body>Request blocked</body></html>"});
        row("403 without words", {.status = 403, .body = "{}"});
        row("200 with an error", fault(error("Blocked by safety settings", {{"code", "content_filter"}}), 200));
    }
    void aRefusedRowIsARowsState()
    {
        QFETCH(TeacherFault, refusal);
        // The first of all, and one in the middle.
        for (const QByteArray place : {"no 0\n", "no 14\n"}) {
            auto service = makeMailService(m_folder, 4, 24);
            FaultTeacher teacher;
            teacher.setAnswers(rightAnswer);
            teacher.setRules([&](const QJsonObject &, const QByteArray &text) {
                return text.contains(place) ? std::optional(refusal) : std::nullopt;
            });
            const auto done = core::labelRows(service, endpointOf(teacher), labelling(1), options(), {});
            VERIFY_RESULT(done);
            QVERIFY(done->calls.end == End::Done);
            QCOMPARE(done->labelled, int64_t{23});
            QCOMPARE(done->counts.refused, int64_t{1});
            QCOMPARE(done->counts.unreadable, int64_t{0});
            QCOMPARE(done->calls.refused, int64_t{1});
            // It is not asked again, and not paid for again.
            const int asked = teacher.requests();
            QVERIFY2(asked <= 25, qPrintable(QString::number(asked)));
            const auto again = core::labelRows(service, endpointOf(teacher), labelling(1), options(), {});
            VERIFY_RESULT(again);
            QCOMPARE(again->counts.refused, int64_t{1});
            QCOMPARE(teacher.requests(), asked);
        }
    }

    void whatARefusedRowCostIsCounted()
    {
        auto service = makeMailService(m_folder, 4, 4);
        FaultTeacher teacher;
        teacher.setAnswers(rightAnswer);
        teacher.setRules([](const QJsonObject &, const QByteArray &text) {
            return text.contains("no 2\n") ? std::optional(fault(choice({{"content", nullptr}}, "content_filter"), 200))
                                           : std::nullopt;
        });
        const auto done = core::labelRows(service, endpointOf(teacher), labelling(), options(), {});
        VERIFY_RESULT(done);
        QCOMPARE(done->calls.usage.input, int64_t{80});
        QCOMPARE(done->calls.usage.output, int64_t{3 * 3 + 7});
    }

    /// A 403 that may mean the key or the text, with the key in it and a character over the place where it is cut.
    void whatAServiceSaysIsQuotedWithoutTheKey()
    {
        auto service = makeMailService(m_folder, 4, 4);
        FaultTeacher teacher;
        teacher.setAnswers(rightAnswer);
        auto endpoint = endpointOf(teacher);
        endpoint.key = "sk-canary-0123456789abcdef";
        const std::string words =
            "Blocked,\nfor " + endpoint.key + ": " + QByteArray("\xc3\xbc").repeated(200).toStdString();
        const TeacherFault refusal = fault(error(words.c_str()), 403);
        teacher.setRules([&](const QJsonObject &, const QByteArray &text) {
            return text.contains("no 2\n") ? std::optional(refusal) : std::nullopt;
        });
        const auto done = core::labelRows(service, endpoint, labelling(1), options(), {});
        VERIFY_RESULT(done);
        QCOMPARE(done->counts.refused, int64_t{1});
        const std::string &said = done->calls.lastRefusal.message;
        QVERIFY2(said.find("answers others. It says: Blocked, for (key): \u00fc") != std::string::npos, said.c_str());
        QVERIFY2(said.find("canary") == std::string::npos, said.c_str());
        const QByteArray bytes = QByteArray::fromStdString(said);
        QCOMPARE(QString::fromUtf8(bytes).toUtf8(), bytes);
        QVERIFY2(bytes.endsWith("\u00fc..."), said.c_str());
        QVERIFY(bytes.size() < 320);
    }

    void onlyWhatHoldsForAllEndsARun_data()
    {
        QTest::addColumn<TeacherFault>("refusal");
        QTest::addColumn<bool>("isAskedOnce");  ///< nothing is unclear
        const auto row = [](const char *name, const TeacherFault &refusal, bool isAskedOnce = true) {
            QTest::newRow(name) << refusal << isAskedOnce;
        };
        row("401", fault(error("Incorrect API key provided"), 401));
        row("403 of the key", fault(error("You do not have permission to use this model"), 403));
        row("403 of the country", fault(error("Country, region, or territory not supported"), 403));
        row("403 without words", {.status = 403, .body = "{}"}, false);
        row("Gemini, key as 400",
            fault(error("API key not valid. Please pass a valid API key.", {{"status", "INVALID_ARGUMENT"}})));
        row("model as 400", fault(error("The model `x` does not exist", {{"code", "model_not_found"}})));
        row("404", fault(error("model not found"), 404));
        row("Anthropic, no credit", fault(error("Your credit balance is too low to access the API. Please go to Plans "
                                                "& Billing.",
                                                {{"type", "invalid_request_error"}})));
        row("no quota, by code", fault(error("You exceeded your current quota, please check your plan and billing "
                                             "details.",
                                             {{"type", "insufficient_quota"}, {"code", "insufficient_quota"}}),
                                       429, "Retry-After: 1\r\nx-ratelimit-remaining-requests: 3\r\n"));
        row("Moonshot, no balance", fault(error("Your account is suspended, please check your plan and billing details",
                                                {{"type", "exceeded_current_quota_error"}}),
                                          429));
    }
    void onlyWhatHoldsForAllEndsARun()
    {
        QFETCH(TeacherFault, refusal);
        QFETCH(bool, isAskedOnce);
        auto service = makeMailService(m_folder, 4, 24);
        FaultTeacher teacher;
        teacher.setAnswers(rightAnswer);
        std::atomic<int> left = 6;
        teacher.setRules([&](const QJsonObject &, const QByteArray &) {
            return --left < 0 ? std::optional(refusal) : std::nullopt;
        });
        const auto done = core::labelRows(service, endpointOf(teacher), labelling(1), options(), {});
        QVERIFY(!done);
        QCOMPARE(teacher.requests(), isAskedOnce ? 7 : 8);
        // Nothing is lost: the six are known, and the rest is asked.
        left = 1000;
        const auto rest = core::labelRows(service, endpointOf(teacher), labelling(1), options(), {});
        VERIFY_RESULT(rest);
        QCOMPARE(rest->labelled, int64_t{24});
        QCOMPARE(rest->calls.known, int64_t{6});
    }

    void tenInARowPause()
    {
        auto service = makeMailService(m_folder, 4, 60);
        FaultTeacher teacher;
        teacher.setAnswers(rightAnswer);
        std::atomic<int> number = 0;
        teacher.setRules([&](const QJsonObject &, const QByteArray &) {
            return ++number > 5 && number <= 15
                       ? std::optional(fault(choice({{"content", nullptr}}, "content_filter"), 200))
                       : std::nullopt;
        });
        const auto done = core::labelRows(service, endpointOf(teacher), labelling(1), options(), {});
        VERIFY_RESULT(done);
        QVERIFY(done->calls.end == End::Paused);
        QVERIFY2(done->calls.whyPaused.find("10 rows in a row") != std::string::npos, done->calls.whyPaused.c_str());
        QCOMPARE(done->labelled, int64_t{5});
        QCOMPARE(teacher.requests(), 15);
        // Started again, it goes on behind them.
        const auto rest = core::labelRows(service, endpointOf(teacher), labelling(1), options(), {});
        VERIFY_RESULT(rest);
        QVERIFY(rest->calls.end == End::Done);
        QCOMPARE(rest->labelled, int64_t{45});
        QCOMPARE(rest->counts.refused, int64_t{10});
        // Not one row is answered: a pause all the same, and no error.
        auto another = makeMailService(m_folder, 4, 60);
        number = 5;
        teacher.setRules([](const QJsonObject &, const QByteArray &) {
            return std::optional(fault(choice({{"content", nullptr}}, "content_filter"), 200));
        });
        const auto none = core::labelRows(another, endpointOf(teacher), labelling(1), options(), {});
        VERIFY_RESULT(none);
        QVERIFY(none->calls.end == End::Paused);
        core::TeacherJob exam;
        exam.name = "x";
        exam.calls = labelling(1).calls;
        auto third = makeMailService(m_folder, 20, 0);
        const auto paused = core::examine(third, endpointOf(teacher), exam, {});
        QVERIFY(!paused && paused.error().code == base::ErrorCode::Blocked);
    }

    void unfinishedThinkingIsAskedOnceWithMoreRoom_data()
    {
        QTest::addColumn<int>("needs");  ///< tokens of thinking for one row
        QTest::addColumn<bool>("isLabelled");
        QTest::newRow("a little more") << 3000 << true;
        QTest::newRow("without end") << 1'000'000 << false;
    }
    void unfinishedThinkingIsAskedOnceWithMoreRoom()
    {
        QFETCH(int, needs);
        QFETCH(bool, isLabelled);
        auto service = makeMailService(m_folder, 4, 12);
        FaultTeacher teacher;
        teacher.setAnswers(rightAnswer);
        std::atomic<int> asked = 0;
        teacher.setRules([&](const QJsonObject &body, const QByteArray &text) -> std::optional<TeacherFault> {
            if (!text.contains("no 4\n") || body["max_tokens"].toInt() >= needs)
                return std::nullopt;
            ++asked;
            return fault(choice({{"content", ""}, {"reasoning_content", R"(Is it {"label":"delivery"}?)"}}, "length"),
                         200);
        });
        const auto done = core::labelRows(service, endpointOf(teacher), labelling(1), options(), {});
        VERIFY_RESULT(done);
        QCOMPARE(done->labelled, int64_t{isLabelled ? 12 : 11});
        QCOMPARE(done->counts.unfinished, int64_t{isLabelled ? 0 : 1});
        QCOMPARE(done->calls.unfinished, int64_t{isLabelled ? 0 : 1});
        QCOMPARE(asked.load(), isLabelled ? 1 : 2);
        // Room is money: a limit holds with it.
        auto dear = makeMailService(m_folder, 4, 12);
        auto chat = labelling(1);
        chat.calls.prices = {0, 1'000'000};
        chat.calls.mostCost = 3000;
        auto endpoint = endpointOf(teacher);
        endpoint.shape.thinkingTokens = 4000;
        const auto stopped = core::labelRows(dear, endpoint, chat, options(), {});
        VERIFY_RESULT(stopped);
        QVERIFY(stopped->calls.end == End::CostReached);
        QCOMPARE(stopped->labelled, int64_t{0});
    }

    void limitsByTheMinuteAreWaitedFor_data()
    {
        QTest::addColumn<TeacherFault>("limit");
        QTest::addColumn<int>("seconds");  ///< that are waited at least; 0: not said
        const auto row = [](const char *name, const TeacherFault &limit, int seconds) {
            QTest::newRow(name) << limit << seconds;
        };
        row("OpenAI, free",
            fault(error("Rate limit reached for model in organization org on requests per min (RPM): "
                        "Limit 3, Used 3. Please try again in 20s. You can increase your rate limit by "
                        "adding a payment method at https://example.org/account/billing.",
                        {{"type", "requests"}, {"code", "rate_limit_exceeded"}}),
                  429),
            20);
        row("Gemini",
            fault(
                error("You exceeded your current quota, please check your plan and billing details.",
                      {{"status", "RESOURCE_EXHAUSTED"},
                       {"details", {{{"@type", "type.googleapis.com/google.rpc.RetryInfo"}, {"retryDelay", "38s"}}}}}),
                429),
            38);
        row("Azure",
            fault(error("Requests have exceeded token rate limit of your current pricing tier. Please retry "
                        "after 26 seconds. To increase the quota go to billing.",
                        {{"code", "429"}}),
                  429),
            26);
        row("Groq",
            fault(error("Rate limit reached on tokens per minute (TPM). Need more? Upgrade at "
                        "https://example.org/settings/billing",
                        {{"code", "rate_limit_exceeded"}}),
                  429, "Retry-After: 12\r\n"),
            12);
        row("quota words with headers",
            fault(error("You exceeded your current quota, see billing"), 429,
                  "x-ratelimit-remaining-tokens: 0\r\nx-ratelimit-reset-tokens: 8s\r\n"),
            8);
        row("quota words alone", fault(error("You exceeded your current quota, please check your plan."), 429), 0);
        row("billing alone", fault(error("Too fast. See your billing page for limits."), 429), 0);
    }
    void limitsByTheMinuteAreWaitedFor()
    {
        QFETCH(TeacherFault, limit);
        QFETCH(int, seconds);
        auto service = makeMailService(m_folder, 4, 8);
        FaultTeacher teacher;
        teacher.setAnswers(rightAnswer);
        teacher.setFaults({limit});
        std::vector<core::CallState> states;
        auto chat = labelling(1);
        chat.calls.speed = 100;
        const auto done = core::labelRows(service, endpointOf(teacher), chat, options(), {},
                                          [&](const core::AskingState &state) { states.push_back(state.calls); });
        VERIFY_RESULT(done);
        QCOMPARE(done->labelled, int64_t{8});
        QCOMPARE(done->calls.waits, int64_t{1});
        QVERIFY(done->calls.waitedSeconds >= seconds * 0.9 && done->calls.waitedSeconds < seconds + 5);
        const bool isSaid = std::ranges::any_of(states, [&](const core::CallState &state) {
            return state.waiting && *state.waiting > 1s * seconds / 2 &&
                   state.trouble.find("fewer questions") != std::string::npos;
        });
        QCOMPARE(isSaid, seconds > 0);
    }

    /// It may have been the account after all: then it ends with the service's words, and nothing is lost.
    void aLimitThatStaysEndsTheRun()
    {
        auto service = makeMailService(m_folder, 4, 8);
        FaultTeacher teacher;
        teacher.setAnswers(rightAnswer);
        std::atomic<int> left = 3;
        teacher.setRules([&](const QJsonObject &, const QByteArray &) {
            return --left < 0 ? std::optional(fault(error("You exceeded your current quota."), 429)) : std::nullopt;
        });
        const auto done = core::labelRows(service, endpointOf(teacher), labelling(1), options(), {});
        QVERIFY(!done);
        QVERIFY2(done.error().message.find("exceeded your current quota") != std::string::npos,
                 done.error().message.c_str());
        left = 1000;
        const auto rest = core::labelRows(service, endpointOf(teacher), labelling(1), options(), {});
        VERIFY_RESULT(rest);
        QCOMPARE(rest->calls.known, int64_t{3});
        QCOMPARE(rest->labelled, int64_t{8});
    }

    void theSameAnswerForAllRowsIsSaidOnce()
    {
        for (const int rows : {19, 25}) {
            auto service = makeMailService(m_folder, 4, rows);
            FaultTeacher teacher;
            teacher.setAnswers([](const QByteArray &) { return QByteArray(Refund); });
            std::vector<std::string> said;
            const auto done = core::labelRows(service, endpointOf(teacher), labelling(), options(), {},
                                              [&](const core::AskingState &state) { said.push_back(state.note); });
            VERIFY_RESULT(done);
            QCOMPARE(done->calls.notes.size(), size_t{rows < 20 ? 0u : 1u});
            QCOMPARE(!said.back().empty(), rows >= 20);
        }
        auto service = makeMailService(m_folder, 4, 25);
        FaultTeacher teacher;
        teacher.setAnswers(rightAnswer);
        const auto done = core::labelRows(service, endpointOf(teacher), labelling(), options(), {});
        VERIFY_RESULT(done);
        QVERIFY(done->calls.notes.empty());
    }
};

QTEST_GUILESS_MAIN(TeacherRowsTest)
#include "tst_teacher_rows.moc"
