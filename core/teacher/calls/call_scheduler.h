// SPDX-License-Identifier: Apache-2.0
// When which question may be asked: the one place that waits, tries again and gives up. It knows no clock and no
// network, so that tests can play years of bad weather in a moment.
#pragma once

#include "core/base/error.h"
#include "core/base/random.h"

#include <chrono>
#include <deque>
#include <map>
#include <optional>

namespace core {

/// What came of asking once.
struct CallOutcome {
    enum class Kind {
        Answered,     ///< the answer is stored
        Limited,      ///< 429 and the like: all slow down
        Failed,       ///< may go well another time: 5xx, cut off, timed out, not reached
        Refused,      ///< this question never will: too long, not understood
        Declined,     ///< the service refuses what this text says: content filter, moderation
        Unfinished,   ///< the model was still thinking when its room was used up
        Unauthorised  ///< nothing will, until somebody does something: key, name of the model
    } kind = Kind::Answered;
    /// Asked for by the service, for all questions.
    std::optional<std::chrono::milliseconds> wait{};
    base::Error error{};  ///< of anything but Answered
};

/// Questions are numbers from the caller. Times are milliseconds of any one clock.
class CallScheduler {
public:
    using Time = std::chrono::milliseconds;

    struct Limits {
        int concurrency = 16;      ///< questions under way at once, at most
        int firstConcurrency = 4;  ///< before it is known how many go well
        int tries = 6;             ///< of one question, while others are answered
        /// Without one answer, counted from the first failure: then the job ends.
        std::chrono::milliseconds patience = std::chrono::minutes(5);
        /// A wait that is asked for and longer than this is a pause, which people see with its end.
        std::chrono::milliseconds pause = std::chrono::minutes(2);
        std::chrono::milliseconds firstWait{500};  ///< between tries, doubled each time, with jitter
        std::chrono::milliseconds longestWait{30'000};
        uint64_t seed = 1;
    };

    explicit CallScheduler(const Limits &limits);

    /// What is to be done now.
    struct Step {
        enum class Kind {
            Ask,    ///< `question`, now
            New,    ///< another question, if there is one: call add, or noMore
            Wait,   ///< until `time`, or until something is answered where `time` is none
            Pause,  ///< the same, but for so long that people should know
            Done,   ///< all questions are answered or given up
            Failed  ///< the job ends with `error`; what was answered is kept
        } kind = Kind::Wait;
        int64_t question = 0;
        std::optional<Time> time{};
    };
    [[nodiscard]] Step next(Time now);

    /// A question that has not been asked yet.
    void add(int64_t question) { m_fresh.push_back(question); }
    void noMore() { m_noMore = true; }
    /// What came of a question that next() gave out. True: it is over for this question, answered or given up.
    bool settle(int64_t question, const CallOutcome &outcome, Time now);
    /// A question that next() gave out was not asked after all; it comes again.
    void putBack(int64_t question);
    /// No answer refused it, but the quota is used up: all wait.
    void quotaUsedUp(std::chrono::milliseconds wait, Time now) { holdUntil(now + wait); }

    [[nodiscard]] int underWay() const { return m_underWay; }
    /// How many may be under way now: grows with answers, halves when the service says it is too much (additive
    /// increase, multiplicative decrease: Chiu and Jain, 1989).
    [[nodiscard]] int concurrency() const { return static_cast<int>(m_window); }
    [[nodiscard]] int64_t retries() const { return m_retries; }
    [[nodiscard]] const base::Error &error() const { return m_error; }

private:
    struct Waiting {
        int64_t question;
        Time time;
    };
    [[nodiscard]] std::chrono::milliseconds backOff(int failures);
    void holdUntil(Time time);
    void failed(const base::Error &error, Time now);
    void slowDown(Time now);

    Limits m_limits;
    base::Random m_random;
    std::deque<int64_t> m_fresh;
    std::deque<Waiting> m_again;        ///< to be asked again, in any order
    std::map<int64_t, int> m_failures;  ///< of questions that were not answered yet
    bool m_noMore = false;
    int m_underWay = 0;
    double m_window;
    int m_inARow = 0;  ///< failures since the last answer
    int64_t m_retries = 0;
    Time m_held{0};  ///< nobody asks before
    bool m_isPaused = false;
    std::optional<Time> m_firstFailure;  ///< since the last answer
    Time m_slowed{-1'000'000};
    std::optional<base::Error> m_over;
    base::Error m_error;  ///< the last one
};

}  // namespace core
