// SPDX-License-Identifier: Apache-2.0
// Figures that users define, and what becomes of bad ones.
#include "core/results/custom_metric.h"
#include "core/tasks/init_task.h"
#include "tests/support/support.h"

#include <QElapsedTimer>
#include <cmath>
#include <thread>

using namespace support;

class CustomMetricTest : public QObject {
    Q_OBJECT

private:
    static constexpr int Rows = 12;

    TempFolder m_folder;
    std::optional<core::Service> m_service;
    core::Answers m_answers;

    /// Three classes; every third row is answered wrong, with the right class second.
    void makeAnswers()
    {
        m_answers.labels = {"refund", "delivery", "in voice"};
        m_answers.probabilities = engine::Matrix(Rows, 3);
        std::vector<std::vector<int>> expected;
        const auto ids = m_service->examples().order({core::Split::Test}).value();
        for (size_t i = 0; i < Rows; ++i) {
            m_answers.examples.push_back(ids[i]);
            const auto truth = i % 2;
            const auto answer = i % 3 == 0 ? (truth + 1) % 3 : truth;
            auto row = m_answers.probabilities.row(i);
            row[truth] += 0.3F;
            row[answer] += 0.6F;
            row[2] += 0.1F;
            expected.push_back({static_cast<int>(truth)});
        }
        m_answers.verdicts = engine::verdictsOf(m_answers.probabilities, expected, m_answers.rule);
    }

    base::Result<core::MetricScore> score(const std::string &code, core::MetricFailure *failed = nullptr,
                                          const base::WorkContext &context = {}) const
    {
        return core::scoreBy({"m", code}, *m_service, m_answers, context, failed);
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeDistilFolder(m_folder / "from", Rows / 2);
        VERIFY_RESULT(core::initFromFolder(m_folder / "s", m_folder / "from", "s", {}));
        m_service.emplace(std::move(*core::Service::open(m_folder / "s")));
        makeAnswers();
    }

    void readyOnesCountWhatTheySay()
    {
        double right = 0;
        for (const auto &verdict : m_answers.verdicts)
            right += verdict.isRight() ? 1.0 / Rows : 0;
        QVERIFY(right > 0.5 && right < 1);
        const std::map<std::string, double> expected{{"Exact match", right},
                                                     {"Classes that match", right + (1 - right) / 3},
                                                     {"Among the first three", 1},
                                                     {"Cost", 1 - right}};
        QCOMPARE(core::readyMetrics().size(), expected.size());
        for (const core::CustomMetric &metric : core::readyMetrics()) {
            const auto made = core::scoreBy(metric, *m_service, m_answers, {});
            VERIFY_RESULT(made);
            QVERIFY2(std::abs(made->mean - expected.at(metric.name)) < 1e-6, metric.name.c_str());
            QCOMPARE(made->values.size(), m_answers.size());
            QVERIFY(made->interval.low <= made->mean && made->mean <= made->interval.high);
        }
    }

    void functionsSeeTheRow()
    {
        const auto made = score("(text, expected, predicted, probabilities) => text.length * 1000 + "
                                "(expected === 'refund' ? 100 : 0) + (predicted === 'in voice' ? 10 : 0) + "
                                "Math.round(probabilities['in voice'] * 10) / 10");
        VERIFY_RESULT(made);
        size_t place = 0;
        VERIFY_RESULT(m_service->examples().forEachOf(m_answers.examples, [&](const core::Example &example) {
            const auto &verdict = m_answers.verdicts[place];
            const double probability = static_cast<double>(m_answers.probabilities.row(place)[2]);
            const double expected = static_cast<double>(example.text.size()) * 1000 +
                                    (verdict.expected.front() == 0 ? 100 : 0) + (verdict.answer.front() == 2 ? 10 : 0) +
                                    std::round(probability * 10) / 10;
            QVERIFY(std::abs(static_cast<double>(made->values[place++]) - expected) < 0.02);
        }));
        QCOMPARE(place, m_answers.size());
    }

    void severalClassesComeAsLists()
    {
        core::Answers answers = m_answers;
        answers.rule.task = engine::TaskType::MultiLabel;
        std::vector<std::vector<int>> expected(Rows);
        expected[1] = {0, 1};
        answers.verdicts = engine::verdictsOf(answers.probabilities, expected, answers.rule);
        const auto made = core::scoreBy({"m", "(t, expected, p) => Array.isArray(p) ? expected.length : -1"},
                                        *m_service, answers, {});
        VERIFY_RESULT(made);
        QCOMPARE(made->values[0], 0.0F);
        QCOMPARE(made->values[1], 2.0F);
        const auto match = core::scoreBy(core::readyMetrics()[1], *m_service, answers, {});
        VERIFY_RESULT(match);
        double sum = 0;
        for (const auto &verdict : answers.verdicts) {
            for (int c = 0; c < 3; ++c)
                sum += std::count(verdict.expected.begin(), verdict.expected.end(), c) ==
                               std::count(verdict.answer.begin(), verdict.answer.end(), c)
                           ? 1
                           : 0;
        }
        QVERIFY(std::abs(match->mean - sum / 3 / Rows) < 1e-6);
    }

    void whatGoesWrongIsSaidWithItsRow_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<int>("row");  ///< -1: none
        const auto onFifth = [](const char *what) {
            return QByteArray("(t, e, p, q) => { if (typeof n === 'undefined') n = 0; return ++n === 5 ? ") + what +
                   " : 1; }";
        };
        QTest::newRow("throws") << onFifth("(() => { throw new Error('too strange'); })()") << QByteArray("too strange")
                                << 4;
        QTest::newRow("throws a text") << onFifth("(() => { throw 'odd'; })()") << QByteArray("no score: odd") << 4;
        QTest::newRow("a name that is not there") << onFifth("nowhere.x") << QByteArray("nowhere") << 4;
        QTest::newRow("nothing") << onFifth("undefined") << QByteArray("undefined") << 4;
        QTest::newRow("null") << onFifth("null") << QByteArray("null") << 4;
        QTest::newRow("no number") << onFifth("0 / 0") << QByteArray("NaN") << 4;
        QTest::newRow("infinity") << onFifth("1 / 0") << QByteArray("nfinity") << 4;
        QTest::newRow("a text") << onFifth("'1'") << QByteArray("text \"1\"") << 4;
        QTest::newRow("a list") << onFifth("[1]") << QByteArray("an object") << 4;
        QTest::newRow("no end") << onFifth("(() => { for (;;) {} })()") << QByteArray("two seconds") << 4;
        QTest::newRow("pattern without end")
            << onFifth("(/^(a+)+$/.test('a'.repeat(40) + '!') ? 1 : (() => { throw new Error('pattern'); })())")
            << QByteArray() << 4;
        QTest::newRow("recursion") << onFifth("(function f() { return f() + 1; })()") << QByteArray("call stack") << 4;
        QTest::newRow("no function") << QByteArray("3 + 4") << QByteArray("has to be a function") << -1;
        QTest::newRow("no code") << QByteArray("   ") << QByteArray() << -1;
        QTest::newRow("bad syntax") << QByteArray("(t) => {{ return 1; }") << QByteArray("SyntaxError") << -1;
        QTest::newRow("no end before the rows")
            << QByteArray("(() => { for (;;) {} })()") << QByteArray("two seconds") << 0;
        QTest::newRow("all memory") << onFifth("(() => { const a = []; for (;;) a.push(new Array(1e6).fill(1)); })()")
                                    << QByteArray() << -2;
    }
    void whatGoesWrongIsSaidWithItsRow()
    {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, word);
        QFETCH(int, row);
        core::MetricFailure failed;
        const auto made = score(code.toStdString(), &failed);
        QVERIFY(!made);
        QVERIFY2(QByteArray::fromStdString(made.error().message).contains(word), made.error().message.c_str());
        if (row == -2)  // its process ended, or the engine said so in time
            return;
        QCOMPARE(failed.example, row < 0 ? 0 : m_answers.examples[static_cast<size_t>(row)]);
    }

    void nothingIsInReach()
    {
        // Names that would open files, networks or programs elsewhere.
        const auto made = score("() => [typeof require, typeof process, typeof XMLHttpRequest, typeof Qt, typeof fetch,"
                                " typeof WebSocket, typeof Deno, typeof std].every(t => t === 'undefined')");
        VERIFY_RESULT(made);
        QCOMPARE(made->mean, 1.0);
    }

    void itStopsWhenAsked()
    {
        std::stop_source stop;
        const base::WorkContext context{stop.get_token()};
        std::jthread soon([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            stop.request_stop();
        });
        QElapsedTimer timer;
        timer.start();
        const auto made = score("() => { for (;;) {} }", nullptr, context);
        QVERIFY(!made);
        QVERIFY(made.error().code == base::ErrorCode::Cancelled);
        QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
    }

    void rowsThatAreGoneCountWithoutText()
    {
        core::Answers answers = m_answers;
        answers.examples[3] = 999'999;
        std::sort(answers.examples.begin(), answers.examples.end());
        const auto made = core::scoreBy({"m", "text => text.length > 0"}, *m_service, answers, {});
        VERIFY_RESULT(made);
        QVERIFY(std::abs(made->mean - (Rows - 1.0) / Rows) < 1e-6);
        QVERIFY(!core::scoreBy({"m", "() => 1"}, *m_service, {}, {}));
    }

    void aServiceKeepsThem()
    {
        const auto metrics = [&] { return core::metricsOf(*m_service).value(); };
        QVERIFY(metrics().empty());
        VERIFY_RESULT(core::keepMetric(*m_service, {"b", "() => 1"}));
        VERIFY_RESULT(core::keepMetric(*m_service, {"a \"quoted\"", "() => '\xE2\x82\xAC'.length"}));
        VERIFY_RESULT(core::keepMetric(*m_service, {"b", "() => 2"}));
        QCOMPARE(metrics().size(), size_t{2});
        QVERIFY(metrics()[1] == (core::CustomMetric{"b", "() => 2"}));
        VERIFY_RESULT(core::keepMetric(*m_service, {"b", {}}));
        QCOMPARE(metrics().size(), size_t{1});
        QVERIFY(!core::keepMetric(*m_service, {{}, "() => 1"}));
        VERIFY_RESULT(m_service->setSetting(core::keys::Metrics, "[broken"));
        QVERIFY(metrics().empty());
    }
};

QTEST_GUILESS_MAIN(CustomMetricTest)
#include "tst_custom_metric.moc"
