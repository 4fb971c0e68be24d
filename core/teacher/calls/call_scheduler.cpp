// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/calls/call_scheduler.h"

#include <algorithm>
#include <cmath>

using std::chrono::milliseconds;

namespace core {

namespace {

/// So many failures in a row, whosever: then one question at a time finds out whether it is over.
constexpr int ManyInARow = 5;
/// Refusals that come at the same time are one.
constexpr milliseconds SameRefusal{1000};

}  // namespace

CallScheduler::CallScheduler(const Limits &limits)
    : m_limits(limits), m_random(limits.seed),
      m_window(std::max(1, std::min(limits.concurrency, limits.firstConcurrency)))
{
}

CallScheduler::Step CallScheduler::next(Time now)
{
    using Kind = Step::Kind;
    if (m_over)
        return m_underWay > 0 ? Step{Kind::Wait} : Step{Kind::Failed};
    const bool isOver = m_noMore && m_fresh.empty() && m_again.empty();
    if (isOver)
        return m_underWay > 0 ? Step{Kind::Wait} : Step{Kind::Done};
    // Where nothing goes well, one question is enough to see when it does again.
    const int allowed = m_inARow >= ManyInARow ? 1 : std::max(1, static_cast<int>(m_window));
    if (m_underWay >= allowed)
        return {Kind::Wait};
    if (now < m_held)
        return {m_isPaused ? Kind::Pause : Kind::Wait, 0, m_held};
    m_isPaused = false;
    const auto due = std::min_element(m_again.begin(), m_again.end(),
                                      [](const Waiting &a, const Waiting &b) { return a.time < b.time; });
    if (due != m_again.end() && due->time <= now) {
        const int64_t question = due->question;
        m_again.erase(due);
        ++m_underWay;
        ++m_retries;
        return {Kind::Ask, question};
    }
    // While nothing goes well new questions wait, too.
    const bool mayBegin = m_inARow < ManyInARow || m_again.empty();
    if (mayBegin && !m_fresh.empty()) {
        const int64_t question = m_fresh.front();
        m_fresh.pop_front();
        ++m_underWay;
        return {Kind::Ask, question};
    }
    if (mayBegin && !m_noMore)
        return {Kind::New};
    return {Kind::Wait, 0, due != m_again.end() ? std::optional(due->time) : std::nullopt};
}

void CallScheduler::putBack(int64_t question)
{
    --m_underWay;
    m_fresh.push_front(question);
}

milliseconds CallScheduler::backOff(int failures)
{
    const double longest = static_cast<double>(m_limits.longestWait.count());
    const double wait =
        std::min(longest, static_cast<double>(m_limits.firstWait.count()) * std::pow(2.0, std::min(failures - 1, 20)));
    // Half of it at least: those who fail together do not come back together.
    return milliseconds(static_cast<int64_t>(wait * (0.5 + 0.5 * m_random.uniform())));
}

void CallScheduler::holdUntil(Time time)
{
    m_held = std::max(m_held, time);
}

void CallScheduler::slowDown(Time now)
{
    if (now - m_slowed < SameRefusal)
        return;
    m_slowed = now;
    m_window = std::max(1.0, m_window / 2);
}

void CallScheduler::failed(const base::Error &error, Time now)
{
    m_error = error;
    ++m_inARow;
    if (m_inARow >= ManyInARow)
        holdUntil(now + backOff(m_inARow - ManyInARow + 1));
    if (!m_firstFailure)
        m_firstFailure = now;
    else if (now - *m_firstFailure >= m_limits.patience)
        m_over = error;
}

bool CallScheduler::settle(int64_t question, const CallOutcome &outcome, Time now)
{
    using Kind = CallOutcome::Kind;
    --m_underWay;
    switch (outcome.kind) {
    case Kind::Answered:
        m_failures.erase(question);
        m_inARow = 0;
        m_firstFailure.reset();
        m_window = std::min(static_cast<double>(m_limits.concurrency), m_window + 1 / m_window);
        return true;
    case Kind::Declined:
    case Kind::Unfinished:  // the service works
        m_failures.erase(question);
        m_inARow = 0;
        m_firstFailure.reset();
        m_error = outcome.error;
        return true;
    case Kind::Refused:
        m_failures.erase(question);
        m_error = outcome.error;
        return true;
    case Kind::Unauthorised:
        m_over = outcome.error;
        m_error = outcome.error;
        m_fresh.push_front(question);  // it keeps its place for who goes on later
        return false;
    case Kind::Limited:
    case Kind::Failed: break;
    }
    const int failures = ++m_failures[question];
    const auto wait = outcome.wait.value_or(backOff(failures));
    if (outcome.kind == Kind::Limited || outcome.wait) {
        slowDown(now);
        holdUntil(now + wait);
        m_isPaused = m_isPaused || wait > m_limits.pause;
        m_error = outcome.error;
        // With 429 a wait that was asked for is no sign that nothing works; of others a long one does not use up our
        // patience.
        if (outcome.kind == Kind::Failed || !outcome.wait)
            failed(outcome.error, now);
        if (m_firstFailure && wait > m_limits.longestWait)
            *m_firstFailure += wait;
    } else {
        failed(outcome.error, now);
        // Others are answered: it is this question.
        if (failures >= m_limits.tries && m_inARow < ManyInARow) {
            m_failures.erase(question);
            return true;
        }
    }
    m_again.push_back({question, now + wait});
    return false;
}

}  // namespace core
