// SPDX-License-Identifier: Apache-2.0
// When is asked, how long is waited, when is given up: exactly, on a clock that is only a number.
#include "core/teacher/calls/call_scheduler.h"
#include "core/teacher/calls/retry_after.h"
#include "tests/support/support.h"

#include <functional>
#include <set>

using namespace support;
using namespace std::chrono_literals;
using core::CallOutcome;
using core::CallScheduler;
using Kind = CallOutcome::Kind;
using Step = CallScheduler::Step::Kind;
using Time = CallScheduler::Time;

namespace {

/// Plays a service: each question takes `latency`, then `answer` says what comes of it.
class Play {
public:
    Play(CallScheduler::Limits limits, int64_t questions, std::function<CallOutcome(int64_t, int, Time)> answer,
         Time latency = 100ms)
        : m_scheduler(limits), m_questions(questions), m_answer(std::move(answer)), m_latency(latency)
    {
    }

    /// Until the job ends, or `most` has passed.
    void run(Time most = 24h)
    {
        while (m_now < most) {
            const auto step = m_scheduler.next(m_now);
            if (step.kind == Step::Ask) {
                asked.push_back({step.question, m_now});
                m_underWay.insert({m_now + m_latency, step.question});
                mostAtOnce = std::max(mostAtOnce, static_cast<int>(m_underWay.size()));
                continue;
            }
            if (step.kind == Step::New) {
                if (m_added < m_questions)
                    m_scheduler.add(++m_added);
                else
                    m_scheduler.noMore();
                continue;
            }
            end = step.kind;
            if (step.kind == Step::Done || step.kind == Step::Failed)
                return;
            if (step.kind == Step::Pause && (pauses.empty() || pauses.back() != *step.time))
                pauses.push_back(*step.time);
            auto next = step.time;
            if (!m_underWay.empty() && (!next || m_underWay.begin()->first <= *next))
                next = m_underWay.begin()->first;
            if (!next)
                qFatal("it waits for nothing");
            m_now = *next;
            while (!m_underWay.empty() && m_underWay.begin()->first <= m_now) {
                const int64_t question = m_underWay.begin()->second;
                m_underWay.erase(m_underWay.begin());
                const auto outcome = m_answer(question, ++m_tries[question], m_now);
                if (outcome.kind == Kind::Answered)
                    answered.insert(question);
                if (m_scheduler.settle(question, outcome, m_now) && outcome.kind != Kind::Answered)
                    givenUp.insert(question);
            }
        }
    }

    struct Asked {
        int64_t question;
        Time time;
    };
    std::vector<Asked> asked;
    std::set<int64_t> answered, givenUp;
    std::vector<Time> pauses;
    int mostAtOnce = 0;
    Step end = Step::Wait;
    [[nodiscard]] Time now() const { return m_now; }
    [[nodiscard]] const CallScheduler &scheduler() const { return m_scheduler; }

private:
    CallScheduler m_scheduler;
    int64_t m_questions, m_added = 0;
    std::function<CallOutcome(int64_t, int, Time)> m_answer;
    Time m_latency, m_now{0};
    std::multimap<Time, int64_t> m_underWay;
    std::map<int64_t, int> m_tries;
};

CallOutcome good(int64_t, int, Time)
{
    return {};
}

CallOutcome bad(Kind kind, std::optional<Time> wait = {})
{
    return {kind, wait, {base::ErrorCode::Io, "It did not go well.", {}}};
}

core::HttpHeaders retry(const char *value)
{
    return {{"Retry-After", value}};
}

const auto Now = std::chrono::system_clock::from_time_t(1'772'359'200);  // 2026-03-01 10:00:00 UTC

}  // namespace

class CallSchedulerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void waitsAreReadInEveryForm_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<qint64>("ms");  ///< -1: none
        const auto row = [](const char *value, qint64 ms) { QTest::newRow(value) << QByteArray(value) << ms; };
        row("3", 3000);
        row(" 3 ", 3000);
        row("0.5", 500);
        row("900", 900'000);
        row("1.0005", 1001);
        row("Sun, 01 Mar 2026 10:00:30 GMT", 30'000);
        row("Sunday, 01-Mar-26 10:01:00 GMT", 60'000);
        row("Sun Mar  1 10:00:05 2026", 5000);
        row("99999999999", 86'400'000);
        row("Tue, 01 Mar 2050 10:00:00 GMT", 86'400'000);
        for (const char *none : {"", "0", "-5", "soon", "3 seconds", "3;4", "0x10", "nan", "inf", "1e3",
                                 "Sun, 01 Mar 2026 09:59:00 GMT", "Sun, 01 Mar 2026 10:00:30", "2026-03-01T10:00:30Z"})
            row(none, -1);
    }
    void waitsAreReadInEveryForm()
    {
        QFETCH(QByteArray, value);
        QFETCH(qint64, ms);
        const auto wait = core::retryAfter(retry(value.constData()), Now);
        QCOMPARE(wait ? qint64{wait->count()} : -1, ms);
    }

    void datesCountFromTheAnswersOwnClock()
    {
        auto headers = retry("Sun, 01 Mar 2026 12:00:10 GMT");
        headers.push_back({"date", "Sun, 01 Mar 2026 12:00:00 GMT"});
        QCOMPARE(core::retryAfter(headers, Now)->count(), 10'000);
        headers.push_back({"Retry-After-Ms", "1500"});
        QCOMPARE(core::retryAfter(headers, Now)->count(), 1500);
        QVERIFY(!core::retryAfter({}, Now));
    }

    void quotasSayWhenTheyAreThereAgain()
    {
        const auto wait = [](core::HttpHeaders headers) {
            const auto made = core::quotaReset(headers, Now);
            return made ? qint64{made->count()} : -1;
        };
        QCOMPARE(wait({{"X-RateLimit-Remaining-Requests", "0"}, {"x-ratelimit-reset-requests", "1s"}}), 1000);
        QCOMPARE(wait({{"x-ratelimit-remaining-tokens", "0"}, {"x-ratelimit-reset-tokens", "6m0s"}}), 360'000);
        QCOMPARE(wait({{"x-ratelimit-remaining-tokens", "0"}, {"x-ratelimit-reset-tokens", "1h2m3.5s"}}), 3'723'500);
        QCOMPARE(wait({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "20ms"}}), 20);
        QCOMPARE(wait({{"x-ratelimit-remaining-requests", "5"}, {"x-ratelimit-reset-requests", "1s"}}), -1);
        QCOMPARE(wait({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "later"}}), -1);
        const std::string reset = "anthropic-ratelimit-requests-reset", left = "anthropic-ratelimit-requests-remaining";
        QCOMPARE(wait({{left, "0"}, {reset, "2026-03-01T10:00:12Z"}}), 12'000);
        QCOMPARE(wait({{left, "0"}, {reset, "2026-03-01T12:00:12.25+02:00"}}), 12'000);
        QCOMPARE(wait({{left, "0"}, {reset, "2026-03-01T09:00:00Z"}}), -1);
        QCOMPARE(wait({{left, "0"}, {reset, "tomorrow"}}), -1);
    }

    void allIsAskedOnceWhenAllGoesWell()
    {
        Play play({.concurrency = 8}, 1000, good);
        play.run();
        QCOMPARE(play.end, Step::Done);
        QCOMPARE(play.asked.size(), size_t{1000});
        QCOMPARE(play.answered.size(), size_t{1000});
        QCOMPARE(play.mostAtOnce, 8);
        QVERIFY(play.now() < 1000 * 100ms / 8 + 2s);
    }

    void nothingToAskIsDoneAtOnce()
    {
        Play play({}, 0, good);
        play.run();
        QCOMPARE(play.end, Step::Done);
        QCOMPARE(play.now().count(), 0);
    }

    void aWaitThatIsAskedForIsKeptExactly_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<qint64>("wait");
        QTest::addColumn<bool>("isPause");
        for (const auto kind : {Kind::Limited, Kind::Failed}) {
            for (const auto &[wait, isPause] : {std::pair{3000ms, false}, {119'000ms, false}, {900'000ms, true}})
                QTest::addRow("%d %lld", static_cast<int>(kind), static_cast<long long>(wait.count()))
                    << static_cast<int>(kind) << qint64{wait.count()} << isPause;
        }
    }
    void aWaitThatIsAskedForIsKeptExactly()
    {
        QFETCH(int, kind);
        QFETCH(qint64, wait);
        QFETCH(bool, isPause);
        const Time asked(wait);
        Play play({.concurrency = 1}, 2, [&](int64_t question, int attempt, Time) {
            return question == 1 && attempt == 1 ? bad(static_cast<Kind>(kind), asked) : CallOutcome();
        });
        play.run();
        QCOMPARE(play.end, Step::Done);
        QCOMPARE(play.asked.size(), size_t{3});
        QCOMPARE(play.asked[1].time.count(), (100ms + asked).count());  // nobody asks before
        QCOMPARE(play.asked[1].question, int64_t{1});
        QCOMPARE(play.pauses.size(), size_t{isPause ? 1U : 0U});
        if (isPause)
            QCOMPARE(play.pauses[0].count(), (100ms + asked).count());
    }

    void oneLimitSlowsAllDown()
    {
        Play play({.concurrency = 16}, 400, [](int64_t question, int attempt, Time) {
            return question == 200 && attempt == 1 ? bad(Kind::Limited, 5000ms) : CallOutcome();
        });
        play.run();
        QCOMPARE(play.end, Step::Done);
        Time told{0};
        for (const auto &asked : play.asked) {
            if (asked.question == 200 && told == 0ms)
                told = asked.time + 100ms;
            QVERIFY(told == 0ms || asked.time < told || asked.time >= told + 5000ms || asked.time == told);
        }
        int atOnce = 0;  // when it goes on
        for (const auto &asked : play.asked)
            atOnce += asked.time == told + 5000ms ? 1 : 0;
        QVERIFY2(atOnce <= 10, qPrintable(QString::number(atOnce)));
        QCOMPARE(play.asked.size(), size_t{401});
    }

    void triesAgainAfterDoubledWaitsWithJitter()
    {
        Play play({.concurrency = 1, .tries = 100}, 1,
                  [](int64_t, int attempt, Time) { return attempt <= 9 ? bad(Kind::Failed) : CallOutcome(); });
        play.run();
        QCOMPARE(play.end, Step::Done);
        QCOMPARE(play.asked.size(), size_t{10});
        double wait = 500;
        for (size_t i = 1; i < play.asked.size(); ++i) {
            const auto waited = static_cast<double>((play.asked[i].time - play.asked[i - 1].time - 100ms).count());
            QVERIFY2(waited >= wait / 2 - 1 && waited <= wait, qPrintable(QString::number(waited)));
            wait = std::min(wait * 2, 30'000.0);
        }
        Play same({.concurrency = 1, .tries = 100}, 1,
                  [](int64_t, int attempt, Time) { return attempt <= 9 ? bad(Kind::Failed) : CallOutcome(); });
        same.run();
        QCOMPARE(same.now().count(), play.now().count());  // the jitter is seeded
    }

    /// One question that always fails is given up while others are answered.
    void oneBadQuestionStopsNothing()
    {
        Play play({.concurrency = 4}, 500,
                  [](int64_t question, int, Time) { return question == 7 ? bad(Kind::Failed) : CallOutcome(); });
        play.run();
        QCOMPARE(play.end, Step::Done);
        QCOMPARE(play.answered.size(), size_t{499});
        QCOMPARE(play.givenUp, (std::set<int64_t>{7}));
        QVERIFY(play.scheduler().retries() <= 10);
    }

    void refusedQuestionsAreNotAskedAgain()
    {
        Play play({.concurrency = 4}, 100,
                  [](int64_t question, int, Time) { return question % 10 == 0 ? bad(Kind::Refused) : CallOutcome(); });
        play.run();
        QCOMPARE(play.end, Step::Done);
        QCOMPARE(play.asked.size(), size_t{100});
        QCOMPARE(play.givenUp.size(), size_t{10});
    }

    void nothingIsAskedAfterTheKeyWasRefused()
    {
        Play play({.concurrency = 8}, 1000,
                  [](int64_t question, int, Time) { return question >= 50 ? bad(Kind::Unauthorised) : CallOutcome(); });
        play.run();
        QCOMPARE(play.end, Step::Failed);
        QVERIFY(play.asked.size() <= 50 + 8);
        QCOMPARE(play.answered.size(), size_t{49});
        QCOMPARE(play.scheduler().underWay(), 0);
    }

    void fiveMinutesWithoutAnAnswerEndIt()
    {
        Play play({.concurrency = 8}, 1000, [](int64_t question, int, Time now) {
            return now > 2s ? bad(Kind::Failed) : CallOutcome{question > 0 ? Kind::Answered : Kind::Failed};
        });
        play.run();
        QCOMPARE(play.end, Step::Failed);
        QVERIFY(play.now() > 5min && play.now() < 6min);
        // Hardly anything is asked while nothing works.
        const auto late =
            std::count_if(play.asked.begin(), play.asked.end(), [](const auto &a) { return a.time > 2s; });
        QVERIFY2(late <= 40, qPrintable(QString::number(late)));
        QVERIFY(play.givenUp.empty());  // another day they may be answered
    }

    void aServiceThatComesBackIsFoundAgain()
    {
        Play play({.concurrency = 8}, 300,
                  [](int64_t, int, Time now) { return now > 1s && now < 4min ? bad(Kind::Failed) : CallOutcome(); });
        play.run();
        QCOMPARE(play.end, Step::Done);
        QCOMPARE(play.answered.size(), size_t{300});
        QVERIFY(play.now() < 5min);
        QVERIFY(play.scheduler().concurrency() > 1);
    }

    /// A wait of a quarter of an hour is no reason to end, nor is a service that is always at its limit.
    void askedForWaitsAreNoFailure()
    {
        Play slow({.concurrency = 2}, 20, [](int64_t question, int attempt, Time) {
            return question % 5 == 0 && attempt == 1 ? bad(Kind::Failed, 900'000ms) : CallOutcome();
        });
        slow.run();
        QCOMPARE(slow.end, Step::Done);
        QCOMPARE(slow.answered.size(), size_t{20});
        Play narrow({.concurrency = 16}, 200, [](int64_t question, int attempt, Time) {
            return (question + attempt) % 2 == 0 ? bad(Kind::Limited, 1000ms) : CallOutcome();
        });
        narrow.run();
        QCOMPARE(narrow.end, Step::Done);
        QCOMPARE(narrow.answered.size(), size_t{200});
    }

    void limitsWithoutAWaitBackOff()
    {
        int limited = 0;
        Play play({.concurrency = 8}, 200, [&](int64_t, int, Time now) {
            const bool isLimited = now > 1s && now < 20s;
            limited += isLimited ? 1 : 0;
            return isLimited ? bad(Kind::Limited) : CallOutcome();
        });
        play.run();
        QCOMPARE(play.end, Step::Done);
        QCOMPARE(play.answered.size(), size_t{200});
        QVERIFY2(limited < 40, qPrintable(QString::number(limited)));
    }

    void aUsedUpQuotaIsWaitedFor()
    {
        CallScheduler scheduler({.concurrency = 4});
        scheduler.add(1);
        scheduler.add(2);
        QCOMPARE(scheduler.next(0ms).kind, Step::Ask);
        scheduler.settle(1, {}, 100ms);
        scheduler.quotaUsedUp(5000ms, 100ms);
        const auto step = scheduler.next(100ms);
        QCOMPARE(step.kind, Step::Wait);
        QCOMPARE(step.time->count(), 5100);
        QCOMPARE(scheduler.next(5100ms).kind, Step::Ask);
    }

    /// Whatever comes, no question is lost and none is answered twice.
    void randomWeather()
    {
        for (uint64_t seed = 1; seed <= 200; ++seed) {
            base::Random random(seed);
            std::map<int64_t, int> answers;
            Play play({.concurrency = 1 + static_cast<int>(random.below(20)), .seed = seed}, 100,
                      [&](int64_t question, int, Time) {
                          switch (random.below(12)) {
                          case 0: return bad(Kind::Limited, Time(random.below(200'000)));
                          case 1: return bad(Kind::Limited);
                          case 2: return bad(Kind::Failed);
                          case 3: return bad(Kind::Failed, Time(1 + random.below(5000)));
                          case 4:
                              return random.below(4) == 0
                                         ? bad(Kind::Refused)
                                         : CallOutcome{++answers[question] > 0 ? Kind::Answered : Kind::Failed};
                          default: ++answers[question]; return CallOutcome();
                          }
                      });
            play.run(24h * 30);
            QCOMPARE(play.end, Step::Done);
            QCOMPARE(play.answered.size() + play.givenUp.size(), size_t{100});
            for (const auto &[question, times] : answers)
                QCOMPARE(times, 1);
            QCOMPARE(play.scheduler().underWay(), 0);
        }
    }
};

QTEST_GUILESS_MAIN(CallSchedulerTest)
#include "tst_call_scheduler.moc"
