// SPDX-License-Identifier: Apache-2.0
// What asking costs: tokens as every service bills them, prices, limits, and estimates where a service says nothing.
#include "core/tasks/exam_task.h"
#include "core/teacher/chat_source.h"
#include "tests/support/mail_service.h"

#include <cmath>

using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr const char *Refund = R"({"label":"refund"})";

core::Question question(int64_t id)
{
    core::Question made;
    made.id = id;
    made.chat.system = "Sort.";
    made.chat.turns = {{false, "text " + std::to_string(id)}};
    made.chat.choices = {"refund", "delivery"};
    const std::vector<std::string> parts{"costs", made.chat.turns.back().text};
    made.key = core::answerKey(parts);
    return made;
}

base::Result<core::CallSummary> ask(const core::ChatEndpoint &endpoint, const core::AnswerStore &store, int64_t count,
                                    const core::CallOptions &options)
{
    int64_t next = 0;
    return core::askAll(
        endpoint, options, store,
        [&]() -> std::optional<core::Question> {
            return next < count ? std::optional(question(++next)) : std::nullopt;
        },
        [](int64_t, const core::TeacherAnswer &) { return base::Result<void>(); }, {});
}

core::CallOptions fast()
{
    core::CallOptions options;
    options.speed = 1000;
    options.timeouts = {1000ms, 1000ms, 1000ms, 5000ms};
    return options;
}

QByteArray answerWith(const char *content, const QByteArray &usage)
{
    return QByteArray(R"({"choices":[{"message":{"content":)") + content + R"(}}],"usage":)" + usage + "}";
}

}  // namespace

class TeacherCostsTest : public QObject {
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
    void tokensAreReadByAnyName_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QVector<qint64>>("tokens");  // input, output, cached, reasoning
        const auto row = [](const char *name, const char *body, QVector<qint64> tokens) {
            QTest::newRow(name) << QByteArray(body) << tokens;
        };
        row("plain", R"({"usage":{"prompt_tokens":120,"completion_tokens":7,"total_tokens":127}})", {120, 7, 0, 0});
        row("cached and thinking",
            R"({"usage":{"prompt_tokens":1500,"completion_tokens":420,"total_tokens":1920,"prompt_tokens_details":{"cached_tokens":1408},"completion_tokens_details":{"reasoning_tokens":400}}})",
            {1500, 420, 1408, 400});
        row("responses",
            R"({"usage":{"input_tokens":80,"output_tokens":30,"total_tokens":110,"input_tokens_details":{"cached_tokens":64},"output_tokens_details":{"reasoning_tokens":20}}})",
            {80, 30, 64, 20});
        row("DeepSeek",
            R"({"usage":{"prompt_tokens":100,"completion_tokens":9,"total_tokens":109,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}})",
            {100, 9, 64, 0});
        row("Anthropic",
            R"({"usage":{"input_tokens":12,"cache_creation_input_tokens":100,"cache_read_input_tokens":900,"output_tokens":8}})",
            {1012, 8, 900, 0});
        row("Anthropic behind a gateway",
            R"({"usage":{"prompt_tokens":1012,"completion_tokens":8,"total_tokens":1020,"cache_read_input_tokens":900}})",
            {1012, 8, 900, 0});
        row("Gemini counts thinking in the total alone",
            R"({"usage":{"prompt_tokens":50,"completion_tokens":5,"total_tokens":305}})", {50, 255, 0, 250});
        row("Gemini's own",
            R"({"usageMetadata":{"promptTokenCount":50,"candidatesTokenCount":5,"thoughtsTokenCount":250,"cachedContentTokenCount":32,"totalTokenCount":305}})",
            {50, 255, 32, 250});
        row("xAI",
            R"({"usage":{"prompt_tokens":40,"completion_tokens":6,"total_tokens":346,"completion_tokens_details":{"reasoning_tokens":300}}})",
            {40, 306, 0, 300});
        row("thinking beside the output, no total",
            R"({"usage":{"prompt_tokens":40,"completion_tokens":6,"reasoning_tokens":300}})", {40, 306, 0, 300});
        row("Ollama's own", R"({"prompt_eval_count":26,"eval_count":12})", {26, 12, 0, 0});
        row("Moonshot", R"({"usage":{"prompt_tokens":20,"completion_tokens":3,"total_tokens":23,"cached_tokens":16}})",
            {20, 3, 16, 0});
        row("as texts", R"({"usage":{"prompt_tokens":"20","completion_tokens":"3"}})", {20, 3, 0, 0});
        row("more cached than there is",
            R"({"usage":{"prompt_tokens":20,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":99}}})",
            {20, 3, 20, 0});
        for (const char *odd :
             {"", "[]", "3", "{", R"({"usage":3})", R"({"usage":null})", R"({"usage":{"prompt_tokens":-1}})",
              R"({"usage":{"prompt_tokens":1e99,"completion_tokens":"x"}})"})
            row(odd, odd, {-1, -1, 0, 0});
    }
    void tokensAreReadByAnyName()
    {
        QFETCH(QByteArray, body);
        QFETCH(QVector<qint64>, tokens);
        const auto report = core::readUsage(body.toStdString());
        QCOMPARE(report.input.value_or(-1), tokens[0]);
        QCOMPARE(report.output.value_or(-1), tokens[1]);
        QCOMPARE(report.cached, tokens[2]);
        QCOMPARE(report.reasoning, tokens[3]);
    }

    /// Failed, refused and repeated answers among them: what the service billed is what is said, to the token.
    void theSumIsTheServicesOwn()
    {
        FaultTeacher teacher;
        int64_t input = 0, output = 0, cached = 0, reasoning = 0;
        teacher.setWeather([&](int number, const QByteArray &) -> TeacherFault {
            if (number % 7 == 3)
                return {.status = 503, .header = "Retry-After: 0\r\n", .body = "{}"};  // not billed
            const int in = 1000 + number, cache = 8 * number, out = 20 + number, thinking = 10 + number;
            input += in;
            output += out;
            cached += cache;
            reasoning += thinking;
            const QByteArray usage =
                QByteArray(
                    R"({"prompt_tokens":%1,"completion_tokens":%2,"prompt_tokens_details":{"cached_tokens":%3},"completion_tokens_details":{"reasoning_tokens":%4}})")
                    .replace("%1", QByteArray::number(in))
                    .replace("%2", QByteArray::number(out))
                    .replace("%3", QByteArray::number(cache))
                    .replace("%4", QByteArray::number(thinking));
            // Some have no text: asked again, and billed again.
            return {.body = answerWith(number % 5 == 2 ? "null" : "\"refund\"", usage)};
        });
        auto options = fast();
        options.prices = {2.0, 8.0, 0.5};
        options.limits.tries = 50;
        const auto asked = ask(endpointOf(teacher), makeStore(), 30, options);
        VERIFY_RESULT(asked);
        QVERIFY(teacher.requests() > 30);
        QCOMPARE(asked->usage.input, input);
        QCOMPARE(asked->usage.output, output);
        QCOMPARE(asked->usage.cached, cached);
        QCOMPARE(asked->usage.reasoning, reasoning);
        QVERIFY(!asked->usage.isEstimate);
        const double cost = (2.0 * static_cast<double>(input - cached) + 0.5 * static_cast<double>(cached) +
                             8.0 * static_cast<double>(output)) /
                            1e6;
        QVERIFY(std::abs(asked->cost - cost) < 1e-12);
    }

    void whatFindingOutCostsIsOfTheFirstRun()
    {
        const auto service = makeMailService(m_folder, 6, 0);
        FaultTeacher teacher;
        teacher.setAnswers([](const QByteArray &) { return QByteArray(Refund); });
        core::ChatChoice choice;
        choice.address = teacher.address().toStdString();
        choice.model = "teacher-1";
        const auto source = core::ChatSource::open(
            choice, {}, [] {}, m_folder / "spent/teachers.yaml");
        VERIFY_RESULT(source);
        QVERIFY(teacher.requests() > 0);
        core::TeacherJob options;
        options.name = "costs";
        options.calls = source->calls();
        const auto exam = core::examine(service, source->endpoint(), options, {});
        VERIFY_RESULT(exam);
        QCOMPARE(exam->calls.usage.input, int64_t{20} * teacher.requests());
        QCOMPARE(exam->calls.usage.output, int64_t{3} * teacher.requests());
        // The second one pays for its own questions alone: all are known.
        options.name = "costs-2";
        options.calls = source->calls();
        const auto again = core::examine(service, source->endpoint(), options, {});
        VERIFY_RESULT(again);
        QCOMPARE(again->calls.usage, core::TokenUsage());
    }

    void withoutUsageItIsAnEstimate()
    {
        FaultTeacher teacher;
        teacher.setUsage(R"({"note":"none"})");
        teacher.setAnswers([](const QByteArray &) { return QByteArray(Refund); });
        auto options = fast();
        options.prices = {1, 1};
        const auto asked = ask(endpointOf(teacher), makeStore(), 5, options);
        VERIFY_RESULT(asked);
        QVERIFY(asked->usage.isEstimate);
        // "Sort." and "text 1" with four around each; the answer in braces.
        QVERIFY2(asked->usage.input >= 5 * 12 && asked->usage.input <= 5 * 16,
                 std::to_string(asked->usage.input).c_str());
        QVERIFY2(asked->usage.output >= 5 * 4 && asked->usage.output <= 5 * 12,
                 std::to_string(asked->usage.output).c_str());
        QVERIFY(asked->cost > 0);
        // An answer that says one of the two is counted for the other.
        const core::UsageReport half{true, 40, std::nullopt};
        const auto usage = core::billedUsage(half, question(1).chat, "refund");
        QVERIFY(usage.isEstimate && usage.input == 40 && usage.output > 0);
        // What was not answered is not billed.
        QCOMPARE(core::billedUsage({}, question(1).chat, ""), core::TokenUsage());
    }

    void aLimitNeedsAPrice()
    {
        FaultTeacher teacher;
        teacher.setAnswers([](const QByteArray &) { return QByteArray(Refund); });
        core::ChatChoice choice;
        choice.address = teacher.address().toStdString();
        choice.model = "teacher-1";
        choice.mostCost = 1;
        const auto file = m_folder / "limit/teachers.yaml";
        const auto open = [&] {
            return core::ChatSource::open(
                choice, {}, [] {}, file);
        };
        const auto refused = open();
        QVERIFY(!refused && refused.error().message.find("price") != std::string::npos);
        QCOMPARE(teacher.requests(), 0);
        VERIFY_RESULT(core::TeacherSettings::update(
            [](core::TeacherSettings &now) {
                now.prices["teacher-1"] = {0.5, 2, 0.05};
            },
            file));
        const auto source = open();
        VERIFY_RESULT(source);
        QCOMPARE(source->calls().prices, (core::TokenPrices{0.5, 2, 0.05}));
    }

    void nothingIsSaidOfCostsThatThereAreNot()
    {
        FaultTeacher teacher;
        teacher.setWeather(
            [](int, const QByteArray &) { return TeacherFault{.status = 401, .body = R"({"error":"no"})"}; });
        const auto summary = ask(endpointOf(teacher), makeStore(), 10, fast());
        QVERIFY(!summary);
        QVERIFY2(summary.error().message.find("cost") == std::string::npos, summary.error().message.c_str());
        QVERIFY2(summary.error().message.find("kept") == std::string::npos, summary.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TeacherCostsTest)
#include "tst_teacher_costs.moc"
