// SPDX-License-Identifier: Apache-2.0
// Asks a chat service many questions: as many at once as it likes, each answer on disk before anybody sees it, none
// bought twice, and never more than may be spent.
#pragma once

#include "core/base/progress.h"
#include "core/teacher/calls/http_client.h"
#include "core/teacher/chat.h"

namespace core {

/// What jobs learn of a service: they begin with it and leave what they learned. One thread.
struct CallPace {
    int concurrency = 0;  ///< questions at once that go well; 0: not known yet
    struct Request {
        AnswerForm form;
        bool wantsAlternatives;
        RequestShape shape;
        bool operator==(const Request &) const = default;
    };
    std::optional<Request> request{};  ///< how it wants to be asked, where that is not how the endpoint says
};

struct CallOptions {
    CallScheduler::Limits limits{};
    HttpTimeouts timeouts{};
    TokenPrices prices{};
    std::optional<double> mostCost{};  ///< of this job; stops before the question that could exceed it
    double costBefore = 0;             ///< of jobs that this one goes on from: an error names the sum
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
    enum class End {
        Done,
        CostReached,
        Stopped,
        Paused  ///< so many rows in a row got no answer that somebody should look, see `whyPaused`
    } end = End::Done;
    int64_t answered = 0;  ///< `known` included
    int64_t known = 0;     ///< bought before
    int64_t bought = 0;
    int64_t refused = 0;     ///< questions that the service refuses, see `lastRefusal`
    int64_t unfinished = 0;  ///< questions that the model did not finish thinking about
    int64_t retries = 0;
    int64_t waits = 0;         ///< how often the service asked for fewer questions
    double waitedSeconds = 0;  ///< for that
    int64_t shortened = 0;     ///< questions that hold the beginning of a text alone
    TokenUsage usage{};        ///< billed now: of those bought and of every other try that was billed
    int64_t knownInputTokens = 0, knownOutputTokens = 0;  ///< of those bought before
    double cost = 0;
    base::Error lastRefusal{};
    std::string whyPaused{};           ///< a sentence
    std::vector<std::string> notes{};  ///< what people should know, a sentence each

    /// With those of another job that went on from this one.
    void add(const CallSummary &more);
};

/// What the job waits for, for people.
struct CallState {
    int64_t answered = 0;
    int underWay = 0;
    double cost = 0;
    std::optional<std::chrono::milliseconds> pause{};  ///< asked for by the service: so long it still is
    std::string trouble{};  ///< why it is paused, or the last error, while nothing is answered
    /// A limit by the minute or the like: so long nothing new is asked. `trouble` says what is waited for.
    std::optional<std::chrono::milliseconds> waiting{};
    bool isEstimate = false;  ///< of the cost: the service does not say its tokens
};

/// Blocks in an event loop of its own: needs a QCoreApplication, and must not run on the thread of a window. Ends
/// within 100 ms after a stop (End::Stopped). `nextQuestion` gives the questions one after another, nothing at the end;
/// `answered` gets each answer, in any order, once it is on disk; an error from it ends the job. What was bought is
/// kept however it ends; an error says so, with the cost so far. A text that the service refuses, or that the model
/// does not finish thinking about with more room, is handed on as an answer of that kind; ten such in a row pause the
/// job. Where the service refuses how it is asked, before it has answered once, that is changed as far as it says (see
/// learnFrom).
[[nodiscard]] base::Result<CallSummary>
askAll(const ChatEndpoint &endpoint, const CallOptions &options, const AnswerStore &store,
       const std::function<std::optional<Question>()> &nextQuestion,
       const std::function<base::Result<void>(int64_t id, const TeacherAnswer &)> &answered,
       const base::WorkContext &context, const std::function<void(const CallState &)> &state = {});

}  // namespace core
