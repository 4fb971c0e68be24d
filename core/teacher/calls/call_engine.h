// SPDX-License-Identifier: Apache-2.0
// Asks a chat service many questions: as many at once as it likes, each answer on disk before anybody sees it, none
// bought twice, and never more than may be spent.
#pragma once

#include "core/base/progress.h"
#include "core/teacher/calls/http_client.h"
#include "core/teacher/chat.h"

namespace core {

/// How many questions at once go well: jobs begin with it and leave what they learned. One thread.
struct CallPace {
    int concurrency = 0;  ///< 0: not known yet
};

struct CallOptions {
    CallScheduler::Limits limits{};
    HttpTimeouts timeouts{};
    TokenPrices prices{};
    std::optional<double> mostCost{};  ///< of this job; stops before the question that could exceed it
    /// Spent on finding out what the service can do: the first job takes it over into its sum. Null: nothing.
    std::shared_ptr<TokenUsage> spentBefore{};
    std::shared_ptr<CallPace> pace{};  ///< null: each job finds it out anew
    std::string teacher;               ///< a name for people, kept with the answers
    double speed = 1;                  ///< of the clock, for tests: waits of the scheduler pass so many times faster

    /// For a job that goes on from one that has cost so much.
    [[nodiscard]] CallOptions after(double cost) const;
};

struct Question {
    int64_t id = 0;
    AnswerKey key{};
    ChatQuestion chat;
    bool isShortened = false;  ///< the text is longer than what the model reads, and its end was left out
};

struct CallSummary {
    enum class End { Done, CostReached, Stopped } end = End::Done;
    int64_t answered = 0;  ///< `known` included
    int64_t known = 0;     ///< bought before
    int64_t bought = 0;
    int64_t refused = 0;  ///< questions without an answer, see `lastRefusal`
    int64_t retries = 0;
    int64_t shortened = 0;  ///< questions that hold the beginning of a text alone
    TokenUsage usage{};     ///< billed now: of those bought and of every other try that was billed
    int64_t knownInputTokens = 0, knownOutputTokens = 0;  ///< of those bought before
    double cost = 0;
    base::Error lastRefusal{};

    /// With those of another job that went on from this one.
    void add(const CallSummary &more);
};

/// What the job waits for, for people.
struct CallState {
    int64_t answered = 0;
    int underWay = 0;
    double cost = 0;
    std::optional<std::chrono::milliseconds> pause{};  ///< asked for by the service: so long it still is
    std::string trouble{};    ///< why it is paused, or the last error, while nothing is answered
    bool isEstimate = false;  ///< of the cost: the service does not say its tokens
};

/// Blocks in an event loop of its own: needs a QCoreApplication, and must not run on the thread of a window. Ends
/// within 100 ms after a stop (End::Stopped). `nextQuestion` gives the questions one after another, nothing at the end;
/// `answered` gets each answer, in any order, once it is on disk; an error from it ends the job. What was bought is
/// kept however it ends.
[[nodiscard]] base::Result<CallSummary>
askAll(const ChatEndpoint &endpoint, const CallOptions &options, const AnswerStore &store,
       const std::function<std::optional<Question>()> &nextQuestion,
       const std::function<base::Result<void>(int64_t id, const TeacherAnswer &)> &answered,
       const base::WorkContext &context, const std::function<void(const CallState &)> &state = {});

}  // namespace core
