// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/capabilities.h"

#include "core/teacher/answer_parser.h"
#include "core/teacher/calls/ask_once.h"
#include "core/teacher/request_learning.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

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
        const ChatQuestion question = harmlessQuestion(endpoint.form);
        auto outcome = askOnce(endpoint, question, timeouts, context);
        if (outcome)
            note(*outcome, question, notes);
        const bool isBusy = outcome && !outcome->isWrongPlace &&
                            (outcome->call.kind == Kind::Limited || outcome->call.kind == Kind::Failed);
        if (!isBusy || attempt == MostTries)
            return outcome;
        const auto wait = std::min(outcome->call.wait.value_or(std::chrono::milliseconds(500)), LongestWait);
        TRY(pause(wait, context));
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
    auto models = TRY(getOnce(endpoint.modelsUrl(), endpoint.headers(), timeouts, context));
    return models.status == 200 ? contextLengthIn(models.body, endpoint.model) : 0;
}

class Probe {
public:
    Probe(ChatEndpoint endpoint, const HttpTimeouts &timeouts, const base::WorkContext &context, ProbeNotes &notes)
        : m_endpoint(std::move(endpoint)), m_timeouts(timeouts), m_context(context), m_notes(notes)
    {
    }

    Result<Capabilities> run()
    {
        begin();
        base::Error last;
        for (int i = 0; i < MostProbes; ++i) {
            auto outcome = TRY(askPatiently(m_endpoint, m_timeouts, m_context, m_notes));
            const CallOutcome &call = outcome.call;
            if (call.kind == Kind::Answered || call.kind == Kind::Unfinished) {
                if (followsThinking(outcome) || (call.kind == Kind::Answered && retriesGuessed()))
                    continue;
                if (call.kind == Kind::Unfinished || isAnswered(outcome.answer.reply))
                    return found(outcome);
                next();  // it answers, but not so
                continue;
            }
            last = call.error;
            if (outcome.isWrongPlace)
                break;
            if (outcome.refusal && learn(*outcome.refusal))
                continue;
            // 404 and the like concern the address or the model, a lasting failure the network.
            if (call.kind != Kind::Refused)
                return base::Failure(call.error);
            if (!relax())
                break;
        }
        return base::Failure(std::move(last));
    }

private:
    void begin()
    {
        m_endpoint.form = AnswerForm::Schema;
        m_endpoint.wantsAlternatives = mayGiveAlternatives();
    }

    /// Anthropic's messages know no probabilities.
    [[nodiscard]] bool mayGiveAlternatives() const
    {
        return m_endpoint.dialect != ChatDialect::AnthropicMessages && !m_givesNone;
    }

    void next()
    {
        m_endpoint.form = m_endpoint.form == AnswerForm::Schema ? AnswerForm::Json : AnswerForm::Text;
        m_endpoint.wantsAlternatives = mayGiveAlternatives();
    }

    void note(const std::string &sentence)
    {
        if (std::ranges::find(m_notes.learned, sentence) == m_notes.learned.end())
            m_notes.learned.push_back(sentence);
    }

    bool learn(const ServiceError &refusal)
    {
        const bool wanted = m_endpoint.wantsAlternatives;
        const auto learned = learnFrom(refusal, m_endpoint);
        if (!learned)
            return false;
        m_givesNone = m_givesNone || (wanted && !m_endpoint.wantsAlternatives);
        note(*learned);
        return true;
    }

    /// After a refusal that names nothing. False: nothing is left to try.
    bool relax()
    {
        RequestShape &shape = m_endpoint.shape;
        if (shape.turnsThinkingOff || !shape.effort.empty()) {
            // One after the other: services that know efforts know no templates.
            if (!std::exchange(shape.turnsThinkingOff, false))
                shape.effort.clear();
            return true;
        }
        if (m_endpoint.wantsAlternatives) {
            m_endpoint.wantsAlternatives = false;
            return true;
        }
        if (m_endpoint.form != AnswerForm::Text) {
            next();
            return true;
        }
        const auto guessed = guessCause(m_endpoint);
        m_guessed = m_guessed || guessed;
        if (guessed)
            note(*guessed);
        return guessed.has_value();
    }

    /// What was given up before the cause was found is tried again.
    bool retriesGuessed()
    {
        if (!std::exchange(m_guessed, false))
            return false;
        begin();
        return true;
    }

    /// True: it was seen to think, and is asked again in another way.
    bool followsThinking(const ChatOutcome &outcome)
    {
        RequestShape &shape = m_endpoint.shape;
        const bool isUnfinished = outcome.call.kind == Kind::Unfinished;
        if (!outcome.hasThought && !isUnfinished) {
            // What it is told has helped.
            shape.thinkingTokens = 0;
            return false;
        }
        if (shape.thinkingTokens == 0)
            shape.thinkingTokens = ThinkingRoom;
        if (!m_thinksLess) {
            m_thinksLess = true;
            note("It thinks before it answers, so each answer has room for that, which costs more. It is told to think "
                 "as little as it can.");
            if (thinkLess(m_endpoint, outcome.showsThought))
                return true;
        }
        if (isUnfinished && shape.thinkingTokens < MostThinkingRoom) {
            shape.thinkingTokens = std::min(4 * shape.thinkingTokens, MostThinkingRoom);
            return true;
        }
        return false;
    }

    [[nodiscard]] bool isAnswered(const std::string &reply) const
    {
        if (m_endpoint.form == AnswerForm::Text)
            return true;
        const auto parsed = parseAnswer(reply, harmlessQuestion(m_endpoint.form).choices, false);
        return parsed.state == ParsedAnswer::State::Labelled && reply.find('{') != std::string::npos;
    }

    Result<Capabilities> found(const ChatOutcome &outcome)
    {
        auto length = TRY(askForContext(m_endpoint, m_timeouts, m_context));
        // Room that the model has not got is refused.
        if (length > 0)
            m_endpoint.shape.thinkingTokens =
                static_cast<int>(std::min<int64_t>(m_endpoint.shape.thinkingTokens, length / 2));
        return Capabilities{m_endpoint.form, !outcome.answer.alternatives.empty(), length, 0, m_endpoint.shape};
    }

    ChatEndpoint m_endpoint;
    const HttpTimeouts &m_timeouts;
    const base::WorkContext &m_context;
    ProbeNotes &m_notes;
    bool m_givesNone = false;   ///< probabilities
    bool m_thinksLess = false;  ///< it was told to
    bool m_guessed = false;
};

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

ChatQuestion harmlessQuestion(AnswerForm form)
{
    ChatQuestion question;
    question.system = form == AnswerForm::Text ? "Answer with one word of these: fruit, tool."
                                               : R"(Answer with JSON: {"label": "fruit"} or {"label": "tool"}.)";
    question.turns = {{false, "hammer"}};
    question.choices = {"fruit", "tool"};
    return question;
}

Result<Capabilities> probe(ChatEndpoint endpoint, const HttpTimeouts &timeouts, const base::WorkContext &context,
                           ProbeNotes *notes)
{
    endpoint.shape = {};
    ProbeNotes unread;
    return Probe(std::move(endpoint), timeouts, context, notes ? *notes : unread).run();
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
