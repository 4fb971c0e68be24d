// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/capabilities.h"

#include "core/teacher/answer_parser.h"
#include "core/teacher/calls/ask_once.h"

#include <nlohmann/json.hpp>

using base::failure;
using base::Result;
using Kind = core::CallOutcome::Kind;

namespace core {

namespace {

/// So often an attempt is made anew while the service is busy.
constexpr int MostTries = 3;
constexpr std::chrono::milliseconds LongestWait{5'000};
constexpr std::chrono::milliseconds LongestList{10'000};
/// More tokens than that no model reads: whoever says so means something else.
constexpr int64_t LongestContext = 1'000'000'000;

ChatQuestion tinyQuestion(AnswerForm form)
{
    ChatQuestion question;
    question.system = form == AnswerForm::Text ? "Answer with one word of these: fruit, tool."
                                               : R"(Answer with JSON: {"label": "fruit"} or {"label": "tool"}.)";
    question.turns = {{false, "hammer"}};
    question.choices = {"fruit", "tool"};
    return question;
}

void note(const ChatOutcome &outcome, const ChatQuestion &question, ProbeNotes &notes)
{
    notes.spent.add(billedUsage(outcome.usage, question, outcome.answer.reply));
    notes.isWrongPlace = outcome.isWrongPlace;
    notes.isKeyRefused = outcome.isKeyRefused;
    notes.wantedHeader = outcome.wantedHeader;
}

/// What it says while it is overloaded is no word on what it can do.
Result<ChatOutcome> askPatiently(const ChatEndpoint &endpoint, const HttpTimeouts &timeouts,
                                 const base::WorkContext &context, ProbeNotes &notes)
{
    for (int attempt = 1;; ++attempt) {
        auto outcome = askOnce(endpoint, tinyQuestion(endpoint.form), timeouts, context);
        if (outcome)
            note(*outcome, tinyQuestion(endpoint.form), notes);
        const bool isBusy = outcome && !outcome->isWrongPlace &&
                            (outcome->call.kind == Kind::Limited || outcome->call.kind == Kind::Failed);
        if (!isBusy || attempt == MostTries)
            return outcome;
        const auto wait = std::min(outcome->call.wait.value_or(std::chrono::milliseconds(500)), LongestWait);
        if (auto waited = pause(wait, context); !waited)
            return failure(waited);
    }
}

/// By any of the names that services have for it, those of the server's own limit before the model's.
int64_t contextOf(const nlohmann::json &model)
{
    for (const char *key : {"max_model_len", "loaded_context_length", "n_ctx", "context_length", "context_window",
                            "max_context_length", "max_input_tokens", "n_ctx_train"}) {
        const auto found = model.find(key);
        if (found != model.end() && found->is_number_integer() && *found > 0 && *found <= LongestContext)
            return found->get<int64_t>();
    }
    const auto more = model.find("meta");
    return more != model.end() && more->is_object() ? contextOf(*more) : 0;
}

/// 0 where it has no list of models; nobody waits long for it.
Result<int64_t> askForContext(const ChatEndpoint &endpoint, HttpTimeouts timeouts, const base::WorkContext &context)
{
    timeouts.whole = std::min<std::chrono::milliseconds>(timeouts.whole, LongestList);
    auto models = getOnce(endpoint.modelsUrl(), endpoint.headers(), timeouts, context);
    if (!models)
        return failure(models);
    return models->status == 200 ? contextLengthIn(models->body, endpoint.model) : 0;
}

}  // namespace

int64_t contextLengthIn(const std::string &models, const std::string &model)
{
    const auto json = nlohmann::json::parse(models, nullptr, false);
    if (!json.is_object() || !json.contains("data") || !json["data"].is_array())
        return 0;
    const auto &list = json["data"];
    for (const auto &each : list) {
        // A server with one model answers with it whatever it is called.
        const bool isIt =
            each.is_object() && (list.size() == 1 || (each.contains("id") && each["id"] == nlohmann::json(model)));
        if (isIt)
            return contextOf(each);
    }
    return 0;
}

Result<Capabilities> probe(ChatEndpoint endpoint, const HttpTimeouts &timeouts, const base::WorkContext &context,
                           ProbeNotes *notes)
{
    base::Error last;
    ProbeNotes unread;
    for (const AnswerForm form : {AnswerForm::Schema, AnswerForm::Json, AnswerForm::Text}) {
        // Anthropic's messages know no probabilities.
        for (const bool wants : {true, false}) {
            if (wants && endpoint.dialect == ChatDialect::AnthropicMessages)
                continue;
            endpoint.form = form;
            endpoint.wantsAlternatives = wants;
            auto outcome = askPatiently(endpoint, timeouts, context, notes ? *notes : unread);
            if (!outcome)
                return failure(outcome);
            const CallOutcome &call = outcome->call;
            // 404 and the like concern the address or the model, a lasting failure the network.
            if (call.kind == Kind::Unauthorised || call.kind == Kind::Limited || call.kind == Kind::Failed ||
                outcome->isWrongPlace)
                return base::Failure(call.error);
            if (call.kind == Kind::Refused) {
                last = call.error;
                continue;
            }
            const auto parsed = parseAnswer(outcome->answer.reply, tinyQuestion(form).choices, false);
            if (parsed.state == ParsedAnswer::State::Labelled || form == AnswerForm::Text) {
                auto length = askForContext(endpoint, timeouts, context);
                if (!length)
                    return failure(length);
                return Capabilities{form, !outcome->answer.alternatives.empty(), *length};
            }
            break;  // it answers, but not so: probabilities do not change that
        }
    }
    return base::Failure(std::move(last));
}

const char *name(AnswerForm form)
{
    return form == AnswerForm::Schema ? "schema" : form == AnswerForm::Json ? "json" : "text";
}

std::optional<AnswerForm> answerFormNamed(std::string_view wanted)
{
    for (const AnswerForm form : {AnswerForm::Schema, AnswerForm::Json, AnswerForm::Text}) {
        if (wanted == name(form))
            return form;
    }
    return std::nullopt;
}

}  // namespace core
