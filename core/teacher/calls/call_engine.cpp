// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/calls/call_engine.h"

#include "core/base/result_guard.h"

#include <QEventLoop>
#include <QTimer>
#include <algorithm>
#include <map>

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
    }

    Result<CallSummary> run()
    {
        const std::stop_callback quit(
            m_context.stop, [this] { QMetaObject::invokeMethod(&m_loop, &QEventLoop::quit, Qt::QueuedConnection); });
        for (;;) {
            if (auto kept = keep(); !kept)
                return failure(kept);
            if (m_context.stopRequested()) {
                m_client.cancelAll();
                return summary(CallSummary::End::Stopped);
            }
            const auto step = m_scheduler.next(now());
            switch (step.kind) {
            case Step::Done: return summary(CallSummary::End::Done);
            case Step::Failed: return base::Failure(m_scheduler.error());
            case Step::New:
                if (auto taken = takeNew(); !taken)
                    return failure(taken);
                break;
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
        if (m_summary.answered == 0 && m_summary.refused > 0)
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
            auto known = m_store.find(question->key);
            if (!known)
                return failure(known);
            if (!*known) {
                const int64_t number = ++m_last;
                m_open.emplace(number, std::move(*question));
                m_scheduler.add(number);
                return {};
            }
            ++m_summary.known;
            m_summary.knownInputTokens += (*known)->inputTokens;
            m_summary.knownOutputTokens += (*known)->outputTokens;
            ++m_summary.answered;
            if (auto used = m_answered(question->id, **known); !used)
                return used;
        }
        return {};
    }

    /// What the question may cost at most.
    [[nodiscard]] double mostFor(const std::string &body, const ChatQuestion &question) const
    {
        return m_options.prices.of(static_cast<int64_t>(body.size() / BytesAToken), question.mostTokens);
    }

    /// False: it could cost more than may be spent.
    bool ask(int64_t number)
    {
        const Question &question = m_open.at(number);
        const std::string body = chatBody(m_endpoint, question.chat);
        const double cost = mostFor(body, question.chat);
        if (m_options.mostCost && m_summary.cost + m_reserved + cost > *m_options.mostCost)
            return false;
        m_reserved += cost;
        m_client.post(m_endpoint.url(), m_endpoint.headers(), body, [this, number, cost](HttpAnswer answer) {
            m_reserved = std::max(0.0, m_reserved - cost);
            auto outcome = readChatAnswer(m_endpoint, answer, std::chrono::system_clock::now());
            const TokenUsage usage = billedUsage(outcome.usage, m_open.at(number).chat, outcome.answer.reply);
            spend(usage);
            outcome.answer.inputTokens = usage.input;
            outcome.answer.outputTokens = usage.output;
            m_came.emplace_back(number, std::move(outcome));
            m_loop.quit();
        });
        return true;
    }

    /// All answers that came since, in one transaction; then they are used.
    Result<void> keep()
    {
        if (m_came.empty())
            return {};
        auto came = std::exchange(m_came, {});
        std::vector<AnswerStore::Bought> bought;
        for (const auto &[number, outcome] : came) {
            if (outcome.call.kind == CallOutcome::Kind::Answered)
                bought.push_back({m_open.at(number).key, outcome.answer});
        }
        if (!bought.empty()) {
            if (auto kept = m_store.put(bought, m_options.teacher); !kept)
                return kept;
        }
        for (auto &[number, outcome] : came) {
            const bool isOver = m_scheduler.settle(number, outcome.call, now());
            if (outcome.quotaReset && outcome.call.kind == CallOutcome::Kind::Answered)
                m_scheduler.quotaUsedUp(*outcome.quotaReset, now());
            if (outcome.call.kind == CallOutcome::Kind::Answered) {
                m_trouble.clear();
                ++m_summary.bought;
                ++m_summary.answered;
                const int64_t id = m_open.at(number).id;
                m_open.erase(number);
                if (auto used = m_answered(id, outcome.answer); !used)
                    return used;
            } else {
                m_trouble = outcome.call.error.message;
                if (outcome.call.wait && *outcome.call.wait > m_options.limits.pause)
                    m_whyPaused = m_trouble;
                if (isOver) {
                    m_open.erase(number);
                    ++m_summary.refused;
                    m_summary.lastRefusal = outcome.call.error;
                    if (m_summary.bought == 0 && m_summary.refused >= ManyRefusals)
                        return base::Failure(outcome.call.error);
                }
            }
        }
        return {};
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
        if (!m_context.stopRequested() && m_came.empty())
            m_loop.exec();
        m_wake.stop();
    }

    void say()
    {
        const auto real = std::chrono::steady_clock::now();
        if (!m_state || (real - m_said < SayEvery && !m_pause))
            return;
        m_said = real;
        m_state({m_summary.answered, m_scheduler.underWay(), m_summary.cost, m_pause, m_pause ? m_whyPaused : m_trouble,
                 m_summary.usage.isEstimate});
    }

    const ChatEndpoint &m_endpoint;
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
    std::map<int64_t, Question> m_open;  ///< asked, or to be asked: never more than are under way and waiting again
    std::vector<std::pair<int64_t, ChatOutcome>> m_came;
    int64_t m_last = 0;
    double m_reserved = 0;  ///< what is under way may cost so much
    std::optional<milliseconds> m_pause;
    std::string m_trouble, m_whyPaused;
    CallSummary m_summary;
};

}  // namespace

CallOptions CallOptions::after(double cost) const
{
    CallOptions rest = *this;
    if (rest.mostCost)
        rest.mostCost = std::max(0.0, *rest.mostCost - cost);
    return rest;
}

void CallSummary::add(const CallSummary &more)
{
    answered += more.answered;
    known += more.known;
    bought += more.bought;
    refused += more.refused;
    retries += more.retries;
    shortened += more.shortened;
    usage.add(more.usage);
    knownInputTokens += more.knownInputTokens;
    knownOutputTokens += more.knownOutputTokens;
    cost += more.cost;
    if (more.end != End::Done)
        end = more.end;
}

Result<CallSummary> askAll(const ChatEndpoint &endpoint, const CallOptions &options, const AnswerStore &store,
                           const std::function<std::optional<Question>()> &nextQuestion,
                           const std::function<Result<void>(int64_t, const TeacherAnswer &)> &answered,
                           const base::WorkContext &context, const std::function<void(const CallState &)> &state)
{
    return base::guard(options.teacher,
                       [&] { return Asking(endpoint, options, store, nextQuestion, answered, context, state).run(); });
}

}  // namespace core
