// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/calls/call_engine.h"

#include "core/base/result_guard.h"
#include "core/teacher/capabilities.h"
#include "core/teacher/request_learning.h"

#include <QEventLoop>
#include <QTimer>
#include <algorithm>
#include <map>
#include <utility>

using base::failure;
using base::Result;
using std::chrono::milliseconds;
using Step = core::CallScheduler::Step::Kind;

namespace core {

namespace {

/// So many refusals without one answer: it is not the questions.
constexpr int64_t ManyRefusals = 5;
/// Answers that were bought before are handed on so many at a time, so that a stop is heard.
constexpr int AtOnce = 256;
/// UTF-8 bytes a token, at least: what a question may cost is reckoned with it before there is a usage field.
constexpr size_t BytesAToken = 2;
constexpr milliseconds SayEvery{200};
/// So many rows in a row without an answer: somebody should look.
constexpr int64_t ManyInARow = 10;
/// Changes of how is asked, in one job.
constexpr int MostLearned = 16;
/// For one question that needed more than the model's usual room.
constexpr int MostMoreRoom = 16384;

CallScheduler::Limits limitsOf(const CallOptions &options)
{
    CallScheduler::Limits limits = options.limits;
    if (options.pace && options.pace->concurrency > 0)
        limits.firstConcurrency = options.pace->concurrency;
    return limits;
}

class Asking {
public:
    Asking(const ChatEndpoint &endpoint, const CallOptions &options, const AnswerStore &store,
           const std::function<std::optional<Question>()> &nextQuestion,
           const std::function<Result<void>(int64_t, const TeacherAnswer &)> &answered,
           const base::WorkContext &context, const std::function<void(const CallState &)> &state)
        : m_endpoint(endpoint), m_options(options), m_store(store), m_nextQuestion(nextQuestion), m_answered(answered),
          m_context(context), m_state(state), m_scheduler(limitsOf(options)), m_client(options.timeouts),
          m_start(std::chrono::steady_clock::now())
    {
        m_wake.setSingleShot(true);
        if (m_options.spentBefore)
            spend(std::exchange(*m_options.spentBefore, {}));
        QObject::connect(&m_wake, &QTimer::timeout, &m_loop, &QEventLoop::quit);
        if (!options.pace || !options.pace->request)
            return;
        m_endpoint.form = options.pace->request->form;
        m_endpoint.wantsAlternatives = options.pace->request->wantsAlternatives;
        m_endpoint.shape = options.pace->request->shape;
    }
    ~Asking()
    {
        if (m_options.pace && m_hasLearned)
            m_options.pace->request = {m_endpoint.form, m_endpoint.wantsAlternatives, m_endpoint.shape};
    }
    Asking(const Asking &) = delete;
    Asking &operator=(const Asking &) = delete;

    Result<CallSummary> run()
    {
        const std::stop_callback quit(
            m_context.stop, [this] { QMetaObject::invokeMethod(&m_loop, &QEventLoop::quit, Qt::QueuedConnection); });
        for (;;) {
            TRY(keep());
            if (m_context.stopRequested()) {
                m_client.cancelAll();
                return summary(CallSummary::End::Stopped);
            }
            if (m_inARow >= ManyInARow) {
                // What is under way is paid for.
                if (m_scheduler.underWay() == 0)
                    return summary(CallSummary::End::Paused);
                wait({Step::Wait});
                continue;
            }
            const auto step = m_scheduler.next(now());
            switch (step.kind) {
            case Step::Done: return summary(CallSummary::End::Done);
            case Step::Failed: return base::Failure(m_scheduler.error());
            case Step::New: TRY(takeNew()); break;
            case Step::Ask:
                if (ask(step.question))
                    break;
                m_scheduler.putBack(step.question);
                // What is under way may turn out cheaper than it could have been.
                if (m_scheduler.underWay() == 0)
                    return summary(CallSummary::End::CostReached);
                wait({Step::Wait});
                break;
            case Step::Wait:
            case Step::Pause: wait(step); break;
            }
        }
    }

    /// What ends a job also says what it has cost, and that it was not for nothing.
    [[nodiscard]] base::Failure withCosts(base::Error error) const
    {
        const double cost = m_options.costBefore + m_summary.cost;
        if (m_summary.answered > 0)
            error.message += " What was answered before is kept, and costs nothing when you start again.";
        if (cost > 0)
            error.message +=
                " It cost " + moneyText(cost) + (m_summary.usage.isEstimate ? " so far, by our estimate." : " so far.");
        return base::Failure(std::move(error));
    }

private:
    [[nodiscard]] CallScheduler::Time now() const
    {
        const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - m_start;
        return milliseconds(static_cast<int64_t>(passed.count() * m_options.speed));
    }

    Result<CallSummary> summary(CallSummary::End end)
    {
        m_summary.retries = m_scheduler.retries();
        if (m_options.pace && m_summary.bought > 0)
            m_options.pace->concurrency = m_scheduler.concurrency();
        m_summary.end = end;
        m_said = {};  // the end is said in any case
        say();
        if (end == CallSummary::End::Paused)
            m_summary.whyPaused = whyPaused();
        if (m_summary.answered == 0 && m_notUnderstood > 0 && end != CallSummary::End::Paused)
            return base::Failure(m_summary.lastRefusal);
        return m_summary;
    }

    void spend(const TokenUsage &usage)
    {
        m_summary.usage.add(usage);
        m_summary.cost = m_options.prices.of(m_summary.usage);
    }

    /// The next question that nobody has paid for.
    Result<void> takeNew()
    {
        for (int i = 0; i < AtOnce; ++i) {
            auto question = m_nextQuestion();
            if (!question) {
                m_scheduler.noMore();
                return {};
            }
            m_summary.shortened += question->isShortened ? 1 : 0;
            auto known = TRY(m_store.find(question->key));
            if (!known) {
                const int64_t number = ++m_last;
                m_open.emplace(number, Open{std::move(*question)});
                m_scheduler.add(number);
                return {};
            }
            ++m_summary.known;
            m_summary.knownInputTokens += known->inputTokens;
            m_summary.knownOutputTokens += known->outputTokens;
            ++m_summary.answered;
            TRY(m_answered(question->id, *known));
        }
        return {};
    }

    /// What the question may cost at most.
    [[nodiscard]] double mostFor(const std::string &body, const ChatQuestion &question) const
    {
        return m_options.prices.of(static_cast<int64_t>(body.size() / BytesAToken), mostTokensOf(m_endpoint, question));
    }

    /// False: it could cost more than may be spent. `number` below zero: of a harmless question.
    bool post(int64_t number, const ChatQuestion &question)
    {
        const std::string body = chatBody(m_endpoint, question);
        const double cost = mostFor(body, question);
        if (m_options.mostCost && m_summary.cost + m_reserved + cost > *m_options.mostCost)
            return false;
        m_reserved += cost;
        m_client.post(m_endpoint.url(), m_endpoint.headers(), body, [this, number, cost, question](HttpAnswer answer) {
            m_reserved = std::max(0.0, m_reserved - cost);
            auto outcome = readChatAnswer(m_endpoint, answer, std::chrono::system_clock::now());
            const TokenUsage usage = billedUsage(outcome.usage, question, outcome.answer.reply);
            spend(usage);
            outcome.answer.inputTokens = usage.input;
            outcome.answer.outputTokens = usage.output;
            m_came.emplace_back(number, std::move(outcome));
            m_loop.quit();
        });
        return true;
    }

    bool ask(int64_t number)
    {
        Open &open = m_open.at(number);
        open.version = m_version;
        return post(number, open.question.chat);
    }

    /// All answers that came since, in one transaction; then they are used.
    Result<void> keep()
    {
        if (m_came.empty())
            return {};
        std::vector<std::pair<int64_t, ChatOutcome>> over;
        for (auto &[number, outcome] : std::exchange(m_came, {})) {
            if (number < 0)
                over.push_back(clarified(number, outcome));
            else if (!isAskedAgain(number, outcome))
                over.emplace_back(number, std::move(outcome));
        }
        std::vector<AnswerStore::Bought> bought;
        for (auto &[number, outcome] : over) {
            const auto kind = outcome.call.kind;
            if (kind == CallOutcome::Kind::Declined || kind == CallOutcome::Kind::Unfinished) {
                outcome.answer.kind = kind == CallOutcome::Kind::Declined ? TeacherAnswer::Kind::Refused
                                                                          : TeacherAnswer::Kind::Unfinished;
                outcome.answer.alternatives.clear();
                outcome.answer.reply = outcome.call.error.message;
            }
            if (kind == CallOutcome::Kind::Answered || outcome.answer.kind != TeacherAnswer::Kind::Answer)
                bought.push_back({m_open.at(number).question.key, outcome.answer});
        }
        if (!bought.empty()) {
            TRY(m_store.put(bought, m_options.teacher));
        }
        for (auto &[number, outcome] : over) {
            TRY(use(number, outcome));
        }
        return {};
    }

    /// The question comes again in another way, and what came of it is forgotten.
    bool isAskedAgain(int64_t number, ChatOutcome &outcome)
    {
        using Kind = CallOutcome::Kind;
        Open &open = m_open.at(number);
        const auto kind = outcome.call.kind;
        RequestShape &shape = m_endpoint.shape;
        if (outcome.refusal && kind != Kind::Declined && kind != Kind::Limited) {
            // Several are refused at the same time for the same reason.
            const bool isOld = open.version != m_version;
            const auto learned = !isOld && m_summary.bought == 0 && m_version < MostLearned
                                     ? learnFrom(*outcome.refusal, m_endpoint)
                                     : std::nullopt;
            if (learned) {
                ++m_version;
                m_hasLearned = true;
                m_summary.notes.push_back("Learned about the service: " + *learned);
            }
            if (isOld || learned) {
                m_scheduler.putBack(number);
                return true;
            }
        }
        if (outcome.isUnclear && kind == Kind::Unauthorised)
            return clarify(number, outcome);
        const int room = shape.thinkingTokens;
        if (outcome.hasThought && room == 0) {
            shape.thinkingTokens = ThinkingRoom;
            m_hasLearned = true;
        }
        if (kind != Kind::Unfinished || open.hasMoreRoom)
            return false;
        open.hasMoreRoom = true;
        int more = std::min(4 * std::max(room, ThinkingRoom / 2), MostMoreRoom);
        if (m_endpoint.contextLength > 0)
            more = std::min(more, static_cast<int>(m_endpoint.contextLength / 2));
        open.question.chat.moreThinking = std::max(0, more - shape.thinkingTokens);
        m_scheduler.putBack(number);
        return true;
    }

    /// Whether the key or the text is meant: a harmless question tells. False: it may not be asked any more.
    bool clarify(int64_t number, ChatOutcome &outcome)
    {
        const int64_t harmless = -number;
        if (!post(harmless, harmlessQuestion(m_endpoint.form)))
            return false;
        m_unclear.insert_or_assign(harmless, std::move(outcome));
        return true;
    }

    std::pair<int64_t, ChatOutcome> clarified(int64_t harmless, const ChatOutcome &came)
    {
        using Kind = CallOutcome::Kind;
        ChatOutcome outcome = std::move(m_unclear.at(harmless));
        m_unclear.erase(harmless);
        if (came.call.kind == Kind::Failed || came.call.kind == Kind::Limited) {
            outcome.call = came.call;  // another time
        } else if (came.call.kind != Kind::Unauthorised) {
            outcome.call.kind = Kind::Declined;
            outcome.call.error.message = "The service refuses this text, and answers others.";
            if (outcome.refusal)
                outcome.call.error.message += saying(outcome.refusal->message, m_endpoint.key);
        }
        return {-harmless, std::move(outcome)};
    }

    Result<void> use(int64_t number, const ChatOutcome &outcome)
    {
        using Kind = CallOutcome::Kind;
        const auto kind = outcome.call.kind;
        const bool isOver = m_scheduler.settle(number, outcome.call, now());
        if (outcome.quotaReset && kind == Kind::Answered)
            m_scheduler.quotaUsedUp(*outcome.quotaReset, now());
        const int64_t id = m_open.at(number).question.id;
        if (kind == Kind::Answered) {
            m_trouble.clear();
            m_inARow = m_refusedInARow = 0;
            ++m_summary.bought;
            ++m_summary.answered;
            m_open.erase(number);
            return m_answered(id, outcome.answer);
        }
        m_trouble = outcome.call.error.message;
        if (outcome.call.wait && *outcome.call.wait > m_options.limits.pause)
            m_whyPaused = m_trouble;
        if (kind == Kind::Limited) {
            ++m_summary.waits;
            m_whyWaiting = m_trouble;
            m_waitsUntil = std::max(m_waitsUntil, now() + outcome.call.wait.value_or(milliseconds(0)));
        }
        if (!isOver)
            return {};
        m_open.erase(number);
        ++m_inARow;
        if (kind == Kind::Unfinished) {
            ++m_summary.unfinished;
            return m_answered(id, outcome.answer);
        }
        ++m_summary.refused;
        ++m_refusedInARow;
        m_summary.lastRefusal = outcome.call.error;
        if (kind == Kind::Declined)
            return m_answered(id, outcome.answer);
        ++m_notUnderstood;
        const bool isAll = m_summary.bought == 0 && m_notUnderstood == m_summary.refused;
        return isAll && m_summary.refused >= ManyRefusals ? base::Failure(outcome.call.error) : Result<void>();
    }

    [[nodiscard]] std::string whyPaused() const
    {
        const int64_t unfinished = m_inARow - m_refusedInARow;
        std::string what = unfinished == 0 ? "the service refused them"
                           : m_refusedInARow == 0
                               ? "the model did not finish thinking about them"
                               : "the service refused some, and the model did not finish thinking about the others";
        return std::to_string(m_inARow) + " rows in a row got no answer: " + what +
               ". So it is paused, and what was answered is kept. Look at these rows, or choose another model. Start "
               "again to go on with the rows after them.";
    }

    void wait(const CallScheduler::Step &step)
    {
        m_pause = step.kind == Step::Pause && step.time ? std::optional(*step.time - now()) : std::nullopt;
        say();
        if (step.time) {
            const auto real = static_cast<double>((*step.time - now()).count()) / m_options.speed;
            // A pause says every second how long it still is.
            const auto least = std::chrono::duration<double, std::milli>(std::clamp(real, 0.0, 1000.0));
            m_wake.start(std::chrono::ceil<milliseconds>(least));
        }
        const auto before = now();
        if (!m_context.stopRequested() && m_came.empty())
            m_loop.exec();
        m_wake.stop();
        if (before < m_waitsUntil)
            m_summary.waitedSeconds += std::chrono::duration<double>(std::min(now(), m_waitsUntil) - before).count();
    }

    void say()
    {
        const auto real = std::chrono::steady_clock::now();
        const bool isWaiting = m_pause || now() < m_waitsUntil;
        if (!m_state || (real - m_said < SayEvery && !isWaiting))
            return;
        m_said = real;
        CallState state{m_summary.answered, m_scheduler.underWay(), m_summary.cost, m_pause,
                        m_pause ? m_whyPaused : m_trouble};
        if (const auto left = m_waitsUntil - now(); left > milliseconds(0)) {
            state.waiting = left;
            state.trouble = m_whyWaiting;
        }
        state.isEstimate = m_summary.usage.isEstimate;
        m_state(state);
    }

    struct Open {
        Question question;
        int version = 0;           ///< of how it was asked last
        bool hasMoreRoom = false;  ///< for thinking
    };

    ChatEndpoint m_endpoint;  ///< as it turns out that it wants to be asked
    const CallOptions &m_options;
    const AnswerStore &m_store;
    const std::function<std::optional<Question>()> &m_nextQuestion;
    const std::function<Result<void>(int64_t, const TeacherAnswer &)> &m_answered;
    const base::WorkContext &m_context;
    const std::function<void(const CallState &)> &m_state;
    CallScheduler m_scheduler;
    QEventLoop m_loop;
    QTimer m_wake;
    HttpClient m_client;
    std::chrono::steady_clock::time_point m_start, m_said{};
    std::map<int64_t, Open> m_open;  ///< asked, or to be asked: never more than are under way and waiting again
    std::vector<std::pair<int64_t, ChatOutcome>> m_came;
    int64_t m_last = 0;
    double m_reserved = 0;  ///< what is under way may cost so much
    std::optional<milliseconds> m_pause;
    std::string m_trouble, m_whyPaused, m_whyWaiting;
    CallScheduler::Time m_waitsUntil{0};       ///< a limit of the service
    std::map<int64_t, ChatOutcome> m_unclear;  ///< by the harmless question that is to clear it up
    int m_version = 0;                         ///< of how is asked
    bool m_hasLearned = false;
    int64_t m_inARow = 0, m_refusedInARow = 0;  ///< rows without an answer since the last answer
    int64_t m_notUnderstood = 0;                ///< refused, and not for what a text says
    CallSummary m_summary;
};

}  // namespace

CallOptions CallOptions::after(double cost) const
{
    CallOptions rest = *this;
    if (rest.mostCost)
        rest.mostCost = std::max(0.0, *rest.mostCost - cost);
    rest.costBefore += cost;
    return rest;
}

void CallSummary::add(const CallSummary &more)
{
    answered += more.answered;
    known += more.known;
    bought += more.bought;
    refused += more.refused;
    unfinished += more.unfinished;
    waits += more.waits;
    waitedSeconds += more.waitedSeconds;
    retries += more.retries;
    shortened += more.shortened;
    usage.add(more.usage);
    knownInputTokens += more.knownInputTokens;
    knownOutputTokens += more.knownOutputTokens;
    cost += more.cost;
    for (const std::string &note : more.notes) {
        if (std::find(notes.begin(), notes.end(), note) == notes.end())
            notes.push_back(note);
    }
    if (more.refused > 0)
        lastRefusal = more.lastRefusal;
    if (more.end != End::Done) {
        end = more.end;
        whyPaused = more.whyPaused;
    }
}

Result<CallSummary> askAll(const ChatEndpoint &endpoint, const CallOptions &options, const AnswerStore &store,
                           const std::function<std::optional<Question>()> &nextQuestion,
                           const std::function<Result<void>(int64_t, const TeacherAnswer &)> &answered,
                           const base::WorkContext &context, const std::function<void(const CallState &)> &state)
{
    return base::guard(options.teacher, [&]() -> Result<CallSummary> {
        Asking asking(endpoint, options, store, nextQuestion, answered, context, state);
        auto done = asking.run();
        if (!done)
            return asking.withCosts(std::move(done.error()));
        return done;
    });
}

}  // namespace core
