// SPDX-License-Identifier: Apache-2.0
// Services as they really are: how each refuses what it does not take, and how requests are changed until it answers.
#include "core/tasks/label_task.h"
#include "core/teacher/capabilities.h"
#include "core/teacher/chat_source.h"
#include "core/teacher/request_learning.h"
#include "core/teacher/thinking.h"
#include "tests/support/mail_service.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <nlohmann/json.hpp>

using namespace support;
using namespace std::chrono_literals;
using core::AnswerForm;
using nlohmann::json;

namespace {

const core::HttpTimeouts Soon{2000ms, 2000ms, 2000ms, 5000ms};
using Rule = std::function<std::optional<TeacherFault>(const QJsonObject &)>;

/// The right answer to a question about fruit and tools, or about mails.
QByteArray answerTo(const QByteArray &text)
{
    return text.endsWith("hammer")   ? R"({"label": "tool"})"
           : text.contains("parcel") ? R"({"label": "delivery"})"
                                     : R"({"label": "refund"})";
}

TeacherFault refusal(const json &body, int status = 400)
{
    return {.status = status, .body = QByteArray::fromStdString(body.dump())};
}

TeacherFault plainRefusal(const char *words, int status = 400)
{
    return {.status = status, .body = words};
}

bool hasSystem(const QJsonObject &body)
{
    return body["messages"].toArray().first()["role"] == "system";
}

json openAi(const std::string &message, const json &param, const json &code)
{
    return {{"error", {{"message", message}, {"type", "invalid_request_error"}, {"param", param}, {"code", code}}}};
}

/// A reasoning model of OpenAI: all its rules, one after another, each in the service's own words.
std::optional<TeacherFault> newerOpenAi(const QJsonObject &body)
{
    if (body.contains("max_tokens"))
        return refusal(openAi("Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                              "'max_completion_tokens' instead.",
                              "max_tokens", "unsupported_parameter"));
    if (body.contains("temperature") && body["temperature"].toDouble() != 1)
        return refusal(openAi("Unsupported value: 'temperature' does not support 0 with this model. Only the default "
                              "(1) value is supported.",
                              "temperature", "unsupported_value"));
    if (body.contains("logprobs"))
        return refusal(openAi("You are not allowed to request logprobs from this model.", nullptr, nullptr), 403);
    if (body.contains("chat_template_kwargs"))
        return refusal(openAi("Unrecognized request argument supplied: chat_template_kwargs", nullptr, nullptr));
    const QString effort = body["reasoning_effort"].toString();
    if (effort == "none")
        return refusal(
            openAi("Unsupported value: 'reasoning_effort' does not support 'none' with this model. Supported "
                   "values are: 'minimal', 'low', 'medium', and 'high'.",
                   "reasoning_effort", "unsupported_value"));
    return std::nullopt;
}

TeacherFault said(const json &message, const char *end = "stop",
                  const json &usage = {{"prompt_tokens", 20}, {"completion_tokens", 30}})
{
    const json body{{"choices", {{{"index", 0}, {"message", message}, {"finish_reason", end}}}}, {"usage", usage}};
    return {.body = QByteArray::fromStdString(body.dump())};
}

core::CallOptions fast()
{
    core::CallOptions options;
    options.speed = 1000;
    options.timeouts = Soon;
    return options;
}

core::TeacherJob labelling(core::CallOptions calls = fast())
{
    core::TeacherJob chat;
    chat.calls = std::move(calls);
    return chat;
}

}  // namespace

Q_DECLARE_METATYPE(Rule)

class TeacherServicesTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;

private Q_SLOTS:
    void everyWordingIsUnderstood_data()
    {
        QTest::addColumn<Rule>("rule");
        QTest::addColumn<int>("form");
        QTest::addColumn<int>("most");  ///< questions
        const auto row = [](const char *name, Rule rule, AnswerForm form = AnswerForm::Schema, int most = 2) {
            QTest::newRow(name) << rule << static_cast<int>(form) << most;
        };
        const auto has = [](const char *field, TeacherFault fault) -> Rule {
            return [=](const QJsonObject &body) { return body.contains(field) ? std::optional(fault) : std::nullopt; };
        };
        row("OpenAI, newer", newerOpenAi, AnswerForm::Schema, 4);
        row("OpenAI, tokens", has("max_tokens", refusal(openAi("Unsupported parameter: 'max_tokens' is not supported "
                                                               "with this model. Use 'max_completion_tokens' instead.",
                                                               "max_tokens", "unsupported_parameter"))));
        row("Azure, tokens, no param",
            has("max_tokens", refusal({{"error",
                                        {{"code", "BadRequest"},
                                         {"message", "this model is not supported MaxTokens, please use "
                                                     "max_completion_tokens instead of max_tokens"}}}})));
        row("Azure, logprobs", has("logprobs", refusal(openAi("logprobs are not supported with reasoning models.",
                                                              nullptr, "unsupported_parameter"))));
        row("Groq, logprobs",
            has("logprobs", refusal(openAi("`logprobs` is not supported with this model", nullptr, nullptr))));
        row("Mistral, 422", has("logprobs", refusal({{"object", "error"},
                                                     {"message",
                                                      {{"detail",
                                                        {{{"type", "extra_forbidden"},
                                                          {"loc", {"body", "logprobs"}},
                                                          {"msg", "Extra inputs are not permitted"},
                                                          {"input", true}},
                                                         {{"type", "extra_forbidden"},
                                                          {"loc", {"body", "top_logprobs"}},
                                                          {"msg", "Extra inputs are not permitted"},
                                                          {"input", 5}}}}}},
                                                     {"type", "invalid_request_error"},
                                                     {"param", nullptr},
                                                     {"code", nullptr}},
                                                    422)));
        row("vLLM, Python in text",
            has("top_logprobs",
                refusal({{"object", "error"},
                         {"message", "[{'type': 'extra_forbidden', 'loc': ('body', 'top_logprobs'), 'msg': 'Extra "
                                     "inputs are not permitted', 'input': 5}]"},
                         {"type", "BadRequestError"},
                         {"param", nullptr},
                         {"code", 400}})));
        row("FastAPI echoes the request",
            has("temperature", refusal({{"detail",
                                         {{{"type", "extra_forbidden"},
                                           {"loc", {"body", "temperature"}},
                                           {"msg", "Extra inputs are not permitted"},
                                           {"input", {{"max_tokens", 64}, {"logprobs", true}}}}}}},
                                       422)));
        row("Gemini's OpenAI layer",
            has("logprobs", refusal(json::array(
                                {{{"error",
                                   {{"code", 400},
                                    {"message", "Invalid JSON payload received. Unknown name \"logprobs\": Cannot find "
                                                "field."},
                                    {"status", "INVALID_ARGUMENT"}}}}}))));
        row("OpenRouter passes on",
            has("max_tokens",
                refusal({{"error",
                          {{"message", "Provider returned error"},
                           {"code", 400},
                           {"metadata",
                            {{"raw", openAi("Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                                            "'max_completion_tokens' instead.",
                                            "max_tokens", "unsupported_parameter")
                                         .dump()},
                             {"provider_name", "OpenAI"}}}}}})));
        row("plain text, temperature",
            has("temperature", plainRefusal("temperature must be 1.0 for this model, other values are not supported")));
        row("TGI, temperature of 0", [](const QJsonObject &body) {
            return body.contains("temperature") && body["temperature"].toDouble() <= 0
                       ? std::optional(refusal({{"error", "Input validation error: `temperature` must be strictly "
                                                          "positive"},
                                                {"error_type", "validation"}},
                                               422))
                       : std::nullopt;
        });
        row(
            "no schema, named",
            [](const QJsonObject &body) {
                return body["response_format"]["type"] == "json_schema"
                           ? std::optional(refusal({{"error",
                                                     {{"message", "This response_format type is unavailable now"},
                                                      {"type", "invalid_request_error"},
                                                      {"param", nullptr},
                                                      {"code", "invalid_request_error"}}}}))
                           : std::nullopt;
            },
            AnswerForm::Json);
        row("no response_format at all",
            has("response_format",
                refusal(openAi("Unknown parameter: 'response_format'.", "response_format", "unknown_parameter"))),
            AnswerForm::Text, 3);
        row("no system role, OpenAI", [](const QJsonObject &body) {
            return hasSystem(body)
                       ? std::optional(refusal(openAi("Unsupported value: 'messages[0].role' does not support "
                                                      "'system' with this model.",
                                                      "messages[0].role", "unsupported_value")))
                       : std::nullopt;
        });
        row("no system role, a template of llama.cpp", [](const QJsonObject &body) {
            return hasSystem(body) ? std::optional(refusal({{"error",
                                                             {{"code", 400},
                                                              {"message", "System role not supported"},
                                                              {"type", "invalid_request_error"}}}}))
                                   : std::nullopt;
        });
        row("says nothing, no temperature", has("temperature", plainRefusal("Bad Request")), AnswerForm::Schema, 9);
        row("says nothing, other tokens", has("max_tokens", plainRefusal("{}")), AnswerForm::Schema, 10);
    }
    void everyWordingIsUnderstood()
    {
        QFETCH(Rule, rule);
        QFETCH(int, form);
        QFETCH(int, most);
        FaultTeacher teacher;
        teacher.setAnswers(answerTo);
        teacher.setRules([rule](const QJsonObject &body, const QByteArray &) { return rule(body); });
        core::ProbeNotes notes;
        const auto found = core::probe(endpointOf(teacher), Soon, {}, &notes);
        VERIFY_RESULT(found);
        QCOMPARE(static_cast<int>(found->form), form);
        QVERIFY2(teacher.requests() <= most, qPrintable(QString::number(teacher.requests())));
        QVERIFY(!notes.learned.empty());
        for (const std::string &note : notes.learned)
            QCOMPARE(std::ranges::count(notes.learned, note), 1);
        // The same shape does for real rows, the first question included.
        auto endpoint = endpointOf(teacher);
        endpoint.form = found->form;
        endpoint.shape = found->shape;
        endpoint.wantsAlternatives = found->givesProbabilities;
        const auto service = makeMailService(m_folder, 4, 6);
        const int before = teacher.requests();
        const auto done = core::labelRows(service, endpoint, labelling(), {.provenance = "teacher x"}, {});
        VERIFY_RESULT(done);
        QCOMPARE(done->labelled, int64_t{6});
        QCOMPARE(teacher.requests(), before + 6);
    }

    /// Who names the form need not be asked what the service can do: then the run itself learns.
    void aRunLearnsWithoutAProbe()
    {
        const auto file = m_folder / "learn/teachers.yaml";
        const auto service = makeMailService(m_folder, 4, 40);
        FaultTeacher teacher;
        teacher.setAnswers(answerTo);
        teacher.setRules([](const QJsonObject &body, const QByteArray &) { return newerOpenAi(body); });
        core::ChatChoice choice;
        choice.address = teacher.address().toStdString();
        choice.model = "m";
        choice.form = AnswerForm::Schema;
        const auto source = core::ChatSource::open(
            choice, {}, [] {}, file);
        VERIFY_RESULT(source);
        auto calls = source->calls();
        calls.speed = 1000;
        const auto done =
            core::labelRows(service, source->endpoint(), labelling(calls), {.provenance = "teacher x"}, {});
        VERIFY_RESULT(done);
        QCOMPARE(done->labelled, int64_t{40});
        QCOMPARE(done->calls.refused, int64_t{0});
        QCOMPARE(done->calls.notes.size(), size_t{2});
        QVERIFY2(teacher.requests() <= 40 + 8, qPrintable(QString::number(teacher.requests())));
    }

    void whatIsLearnedIsRememberedAndSaidOnce()
    {
        const auto file = m_folder / "remember/teachers.yaml";
        FaultTeacher teacher;
        teacher.setAnswers(answerTo);
        teacher.setRules([](const QJsonObject &body, const QByteArray &) { return newerOpenAi(body); });
        core::ChatChoice choice;
        choice.address = teacher.address().toStdString();
        choice.model = "m";
        int asked = 0;
        for (int i = 0; i < 2; ++i) {
            const auto source = core::ChatSource::open(
                choice, {}, [] {}, file);
            VERIFY_RESULT(source);
            QCOMPARE(source->endpoint().shape.tokensField, std::string("max_completion_tokens"));
            QVERIFY(!source->endpoint().shape.takesTemperature);
            QCOMPARE(source->notes().empty(), i == 1);
            QVERIFY(i == 0 || teacher.requests() == asked);
            asked = teacher.requests();
        }
        QVERIFY2(read(file).find("tokens_field: max_completion_tokens") != std::string::npos, read(file).c_str());
        // By hand, and odd.
        for (const char *odd : {"request: 3", "request: [1]", "request: {thinking_tokens: many, temperature: 7}",
                                "request: {tokens_field: evil, thinking_tokens: 99999999}"}) {
            write(file, "capabilities:\n  " + choice.address + " m:\n    form: json\n    " + odd + "\n");
            const auto settings = core::TeacherSettings::load(file);
            VERIFY_RESULT(settings);
            const auto known = settings->capabilitiesOf({choice.address, "m"});
            QVERIFY2(known && known->shape.tokensField == "max_tokens" &&
                         known->shape.thinkingTokens <= core::MostThinkingRoom,
                     odd);
        }
    }

    void theWordJsonIsInEveryQuestionThatNeedsIt()
    {
        const auto service = makeMailService(m_folder, 4, 6);
        FaultTeacher teacher;
        teacher.setAnswers(answerTo);
        teacher.setRules([](const QJsonObject &body, const QByteArray &) -> std::optional<TeacherFault> {
            const bool says = QJsonDocument(body["messages"].toArray()).toJson().toLower().contains("json");
            if (body["response_format"]["type"] != "json_object" || says)
                return std::nullopt;
            return refusal(openAi("'messages' must contain the word 'json' in some form, to use 'response_format' of "
                                  "type 'json_object'.",
                                  "messages", nullptr));
        });
        auto endpoint = endpointOf(teacher);
        endpoint.form = AnswerForm::Json;
        core::TeacherJob chat = labelling();
        chat.ways.prompt = "Sort. {{classes}}";
        const auto done = core::labelRows(service, endpoint, chat, {.provenance = "teacher x"}, {});
        VERIFY_RESULT(done);
        QCOMPARE(done->labelled, int64_t{6});
        QCOMPARE(teacher.requests(), 6);
    }

    /// A refusal about one text changes nothing, whatever it mentions.
    void whatIsNotAboutTheRequestTeachesNothing_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        for (const char *body :
             {"{}", "", "[]", "3", "{\"error\":null}", "{\"error\":{\"param\":3,\"message\":[]}}",
              R"({"error":{"message":"Your text is bad","code":"content_filter"}})",
              R"({"error":{"message":"The service is overloaded"}})",
              R"({"error":{"message":"Rate limit reached on tokens per min. Use fewer max_tokens."}})"})
            QTest::newRow(body) << QByteArray(body) << (QByteArray(body).contains("Rate") ? 429 : 400);
        QTest::newRow("deep") << QByteArray(100'000, '[') << 400;
        QTest::newRow("binary") << QByteArray::fromHex("00ff00fe1f8b") << 400;
        QTest::newRow("loc without end") << QByteArray("{\"message\":\"'loc': ('body', 'x\"}") << 400;
    }
    void whatIsNotAboutTheRequestTeachesNothing()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        core::ChatEndpoint endpoint{"http://x/v1", "m", {}};
        endpoint.wantsAlternatives = true;
        const auto outcome = core::readChatAnswer(endpoint, {status, {}, body.toStdString()}, {});
        QVERIFY(outcome.refusal);
        QVERIFY(!core::learnFrom(*outcome.refusal, endpoint));
        QVERIFY(endpoint.shape == core::RequestShape());
    }

    /// Thinking is found out: told to be as little as the service takes, and given room.
    void thinkersAreToldToThinkLess_data()
    {
        QTest::addColumn<QByteArray>("field");  ///< where the thought is; empty: hidden
        QTest::addColumn<QString>("effort");    ///< that is taken, the least
        QTest::addColumn<bool>("takesTemplate");
        QTest::newRow("hidden, minimal") << QByteArray() << "minimal" << false;
        QTest::newRow("hidden, low") << QByteArray() << "low" << false;
        QTest::newRow("hidden, none at all") << QByteArray() << "" << false;
        QTest::newRow("vLLM, template") << QByteArray("reasoning_content") << "" << true;
        QTest::newRow("Groq, none") << QByteArray("reasoning") << "none" << false;
        QTest::newRow("takes nothing") << QByteArray("reasoning_content") << "" << false;
        QTest::newRow("in the content") << QByteArray("content") << "" << false;
    }
    void thinkersAreToldToThinkLess()
    {
        QFETCH(QByteArray, field);
        QFETCH(QString, effort);
        QFETCH(bool, takesTemplate);
        FaultTeacher teacher;
        teacher.setRules([=](const QJsonObject &body, const QByteArray &text) -> std::optional<TeacherFault> {
            const QStringList efforts{"none", "minimal", "low", "medium"};
            if (body.contains("chat_template_kwargs") && !takesTemplate)
                return refusal({{"error", "Unrecognized request argument supplied: chat_template_kwargs"}});
            const QString asked = body["reasoning_effort"].toString();
            if (!asked.isEmpty() && effort.isEmpty())
                return refusal(openAi("Unrecognized request argument supplied: reasoning_effort", nullptr, nullptr));
            if (!asked.isEmpty() && efforts.indexOf(asked) < efforts.indexOf(effort))
                return refusal({{"detail",
                                 {{{"type", "literal_error"},
                                   {"loc", {"body", "reasoning_effort"}},
                                   {"msg", "Input should be '" + effort.toStdString() + "', 'medium' or 'high'"}}}}},
                               422);
            const bool isOff = body.contains("chat_template_kwargs") || asked == "none";
            const int room = body["max_tokens"].toInt();
            const std::string answer = answerTo(text).toStdString();
            if (isOff)
                return said({{"content", answer}});
            const json usage{{"prompt_tokens", 20},
                             {"completion_tokens", std::min(room, 500)},
                             {"completion_tokens_details", {{"reasoning_tokens", std::min(room, 490)}}}};
            const bool fits = room >= 500;
            json message{{"content", fits ? json(answer) : json()}};
            const std::string thought = R"(Perhaps {"label": "fruit"}? No.)";
            if (field == "content")
                message["content"] = "<think>" + thought + (fits ? "</think>\n" + answer : std::string());
            else if (!field.isEmpty())
                message[field.toStdString()] = thought;
            return said(message, fits ? "stop" : "length", usage);
        });
        core::ProbeNotes notes;
        const auto found = core::probe(endpointOf(teacher), Soon, {}, &notes);
        VERIFY_RESULT(found);
        QVERIFY(found->form == AnswerForm::Schema);
        QCOMPARE(QString::fromStdString(found->shape.effort), effort);
        QCOMPARE(found->shape.turnsThinkingOff, takesTemplate);
        const bool isOff = takesTemplate || effort == "none";
        QCOMPARE(found->shape.thinkingTokens, isOff ? 0 : core::ThinkingRoom);
        QVERIFY(!notes.learned.empty());
        QVERIFY2(teacher.requests() <= 6, qPrintable(QString::number(teacher.requests())));
        // Eight of eight rows, and what was thought costs nothing it should not.
        auto endpoint = endpointOf(teacher);
        endpoint.form = found->form;
        endpoint.shape = found->shape;
        const auto service = makeMailService(m_folder, 4, 8);
        const int before = teacher.requests();
        const auto done = core::labelRows(service, endpoint, labelling(), {.provenance = "teacher x"}, {});
        VERIFY_RESULT(done);
        QCOMPARE(done->labelled, int64_t{8});
        QCOMPARE(teacher.requests(), before + 8);
    }

    void thoughtsAreLeftOut_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isOpen");
        const auto row = [](const char *reply, const char *text, bool isOpen = false) {
            QTest::newRow(reply) << QByteArray(reply) << QByteArray(text) << isOpen;
        };
        row("refund", "refund");
        row("<think>\nfruit?\n</think>\n\nrefund", "\n\nrefund");
        row("<think></think>refund", "refund");
        row("<THINK>x</THINK>refund", "refund");
        row("<thinking>x</thinking>refund", "refund");
        row("<thought>x</thought>refund", "refund");
        row("<reasoning>x</reasoning>refund", "refund");
        row("[THINK]x[/THINK]refund", "refund");
        row("\u25c1think\u25b7x\u25c1/think\u25b7refund", "refund");
        row("<seed:think>x</seed:think>refund", "refund");
        row("<|START_THINKING|>x<|END_THINKING|>refund", "refund");
        row("<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>refund", "refund");
        row("fruit, so the end is </think>refund", "refund");
        row("<think>a</think><think>b</think>refund", "refund");
        row("<think>it is fruit", "", true);
        row("<think>a</think>refund<think>b", "refund", true);
        row("a < b and b > c", "a < b and b > c");
    }
    void thoughtsAreLeftOut()
    {
        QFETCH(QByteArray, reply);
        QFETCH(QByteArray, text);
        QFETCH(bool, isOpen);
        const auto spoken = core::withoutThinking(reply.toStdString());
        QCOMPARE(QByteArray::fromStdString(spoken.text), text);
        QCOMPARE(spoken.isOpen, isOpen);
        QCOMPARE(spoken.hasThought, reply != text);
    }
};

QTEST_GUILESS_MAIN(TeacherServicesTest)
#include "tst_teacher_services.moc"
