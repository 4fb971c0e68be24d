// SPDX-License-Identifier: Apache-2.0
// Figures over answers, on random and on degenerate ones, against scikit-learn's and SciPy's.
#include "core/base/random.h"
#include "core/engine/eval/coverage.h"
#include "core/engine/eval/curves.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/eval/reliability.h"
#include "core/engine/eval/score_intervals.h"
#include "core/engine/eval/verdicts.h"
#include "tests/support/support.h"

#include <cmath>

using namespace support;
using engine::Verdict;

namespace {

bool near(double a, double b, double tolerance = 1e-9)
{
    return std::abs(a - b) <= tolerance;
}

bool sameArea(const std::optional<double> &area, const nlohmann::json &wanted)
{
    return area.has_value() == wanted.is_number() && (!area || near(*area, wanted.get<double>()));
}

/// Points that scikit-learn gives, in our order. Missing there: empty here.
bool samePoints(const engine::Curve &curve, const nlohmann::json &wanted)
{
    if (wanted.is_null())
        return curve.points.empty();
    if (curve.points.size() != wanted["x"].size())
        return false;
    for (size_t i = 0; i < curve.points.size(); ++i) {
        const auto &threshold = wanted["threshold"][i];
        const bool same = threshold.is_null() ? std::isinf(curve.points[i].threshold)
                                              : near(curve.points[i].threshold, threshold.get<double>(), 1e-7);
        if (!same || !near(curve.points[i].x, wanted["x"][i]) || !near(curve.points[i].y, wanted["y"][i]))
            return false;
    }
    return true;
}

struct Case {
    engine::Matrix probabilities;
    std::vector<std::vector<int>> expected;
    engine::AnswerRule rule;
    std::vector<Verdict> verdicts;
};

Case readCase(const nlohmann::json &json)
{
    Case c;
    const auto &rows = json["probabilities"];
    c.probabilities = engine::Matrix(rows.size(), rows[0].size());
    for (size_t i = 0; i < c.probabilities.rows; ++i) {
        for (size_t j = 0; j < c.probabilities.columns; ++j)
            c.probabilities.row(i)[j] = rows[i][j].get<float>();
    }
    c.expected = json["expected"].get<std::vector<std::vector<int>>>();
    c.rule.task = json["task"] == "several" ? engine::TaskType::MultiLabel : engine::TaskType::SingleLabel;
    c.verdicts = engine::verdictsOf(c.probabilities, c.expected, c.rule);
    return c;
}

Verdict verdict(float confidence, bool isRight, int answer = 0)
{
    return {{isRight ? answer : answer + 1}, {answer}, confidence, 0};
}

}  // namespace

class FiguresTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void curvesAgreeWithScikitLearn_data() { cases(); }
    void curvesAgreeWithScikitLearn()
    {
        QFETCH(size_t, index);
        const auto json = m_golden["cases"][index];
        const Case c = readCase(json);
        std::vector<engine::Curve> rocs, precisions;
        for (size_t label = 0; label < c.probabilities.columns; ++label) {
            const auto decisions = engine::decisionsOn(c.probabilities, c.expected, static_cast<int>(label));
            const auto &wanted = json["classes"][label];
            rocs.push_back(engine::rocCurve(decisions));
            precisions.push_back(engine::precisionRecallCurve(decisions));
            QVERIFY(samePoints(rocs.back(), wanted["roc"]));
            QVERIFY(samePoints(precisions.back(), wanted["precision_recall"]));
            QVERIFY(sameArea(rocs.back().area, wanted["roc_auc"]));
            QVERIFY(sameArea(precisions.back().area, wanted["average_precision"]));
        }
        const auto all = engine::allDecisions(c.probabilities, c.expected);
        QVERIFY(samePoints(engine::rocCurve(all), json["micro"]["roc"]));
        QVERIFY(samePoints(engine::precisionRecallCurve(all), json["micro"]["precision_recall"]));
        QVERIFY(sameArea(engine::rocCurve(all).area, json["micro"]["roc_auc"]));
        QVERIFY(sameArea(engine::precisionRecallCurve(all).area, json["micro"]["average_precision"]));
        QVERIFY(sameArea(engine::meanCurve(rocs, false).area, json["macro_roc_auc"]));
        QVERIFY(sameArea(engine::meanCurve(precisions, true).area, json["macro_average_precision"]));
    }

    void figuresAgreeWithScikitLearn_data() { cases(); }
    void figuresAgreeWithScikitLearn()
    {
        QFETCH(size_t, index);
        const auto json = m_golden["cases"][index];
        const Case c = readCase(json);
        std::vector<int> labels;
        engine::Combinations combinations;
        for (const auto &row : c.expected) {
            labels.push_back(c.rule.task == engine::TaskType::MultiLabel ? static_cast<int>(labels.size())
                                                                         : row.front());
            if (c.rule.task == engine::TaskType::MultiLabel)
                combinations.push_back(row);
        }
        const auto report = engine::classificationReport(c.probabilities, labels, combinations);
        QVERIFY(near(report.macroF1, json["macro_f1"]));
        QVERIFY(near(report.logLoss, json["log_loss"], 1e-6));
        QVERIFY(near(report.ece, json["ece"], 1e-6));
        QVERIFY(sameArea(engine::cohenKappa(report.confusion), json["kappa"]));
        engine::CalibrationBins bins(10);
        double loss = 0;
        for (size_t i = 0; i < c.verdicts.size(); ++i) {
            const Verdict &v = c.verdicts[i];
            loss += static_cast<double>(v.logLoss);
            if (c.rule.task == engine::TaskType::SingleLabel)
                bins.add(v.confidence, v.isRight());
        }
        QVERIFY(near(loss / static_cast<double>(c.verdicts.size()), report.logLoss, 1e-6));
        if (c.rule.task == engine::TaskType::MultiLabel) {
            const auto all = engine::allDecisions(c.probabilities, c.expected);
            for (size_t i = 0; i < all.scores.size(); ++i)
                bins.add(all.scores[i], all.truths[i] != 0);
        }
        size_t next = 0;
        for (const auto &bin : bins.bins()) {
            if (bin.count == 0)
                continue;
            const auto count = static_cast<double>(bin.count);
            QVERIFY(near(static_cast<double>(bin.came) / count, json["calibration"]["came_true"][next]));
            QVERIFY(near(bin.claimed / count, json["calibration"]["mean"][next], 1e-6));
            ++next;
        }
        QCOMPARE(next, json["calibration"]["mean"].size());
    }

    void intervalsOfProportionsAndFlipsAgreeWithSciPy()
    {
        for (const auto &p : m_golden["proportions"]) {
            const auto interval = engine::wilsonInterval(p["successes"], p["trials"]);
            QVERIFY(near(interval.low, p["low"], 1e-8) && near(interval.high, p["high"], 1e-8));
        }
        for (const auto &f : m_golden["flips"])
            QVERIFY(near(engine::mcnemarPValue(f["fixed"], f["broke"]), f["p"], 1e-8));
        for (const auto &entry : m_golden["tables"]) {
            const auto &t = entry["table"];
            QVERIFY(near(engine::fisherPValue(t[0], t[1], t[2], t[3]), entry["p"], 1e-8));
        }
    }

    void intervalsHoldTheTrueScoreAsOftenAsTheySay()
    {
        // Of answers that are right with probability 0.8 the micro F1 is 0.8, and the log-loss of a confidence of 0.8
        // that is right so often -0.8 ln 0.8 - 0.2 ln 0.2.
        base::Random random(3);
        int held = 0, heldLoss = 0;
        constexpr int Rounds = 200;
        const double entropy = -0.8 * std::log(0.8) - 0.2 * std::log(0.2);
        for (int round = 0; round < Rounds; ++round) {
            std::vector<Verdict> verdicts;
            for (int i = 0; i < 150; ++i) {
                const bool isRight = random.uniform() < 0.8;
                verdicts.push_back(verdict(0.8F, isRight, static_cast<int>(random.below(3))));
                verdicts.back().logLoss = static_cast<float>(-std::log(isRight ? 0.8 : 0.2));
            }
            const auto intervals = engine::scoreIntervals(verdicts, 4, engine::TaskType::SingleLabel, 1);
            held += intervals.microF1.low <= 0.8 && 0.8 <= intervals.microF1.high ? 1 : 0;
            heldLoss += intervals.logLoss.low <= entropy && entropy <= intervals.logLoss.high ? 1 : 0;
        }
        // 95 % with a standard deviation of 1.5 points
        QVERIFY2(held >= 182 && held < 200, qPrintable(QString::number(held)));
        QVERIFY2(heldLoss >= 182 && heldLoss < 200, qPrintable(QString::number(heldLoss)));
    }

    void intervalsOfNothingSayNothing()
    {
        const auto intervals = engine::scoreIntervals({}, 3, engine::TaskType::SingleLabel, 1);
        QCOMPARE(intervals.macroF1.low, 0.0);
        QCOMPARE(intervals.macroF1.high, 1.0);
    }

    void meanCurveLiesBetweenItsCurves()
    {
        const engine::Curve good{{{0, 0, 0}, {0, 1, 0}, {1, 1, 0}}, 1.0};
        const engine::Curve chance{{{0, 0, 0}, {1, 1, 0}}, 0.5};
        const engine::Curve none;
        const auto mean = engine::meanCurve(std::vector{good, chance, none}, false, 5);
        QVERIFY(near(*mean.area, 0.75));
        QVERIFY(near(mean.points[0].y, 0.5));
        QVERIFY(near(mean.points[2].y, 0.75));
        QVERIFY(near(mean.points[4].y, 1));
        QVERIFY(!engine::meanCurve(std::vector{none}, false).area);
    }

    void thinnedCurvesKeepTheirEnds()
    {
        engine::Curve curve;
        for (int i = 0; i <= 1000; ++i)
            curve.points.push_back({i / 1000.0, 1 - i / 1000.0, 0});
        const auto thin = engine::thinned(curve, 100);
        QVERIFY(thin.points.size() <= 110);
        QCOMPARE(thin.points.front().x, 0.0);
        QCOMPARE(thin.points.back().x, 1.0);
        QCOMPARE(engine::thinned({}, 10).points.size(), size_t{0});
    }

    void lowestThresholdThatIsRightOftenEnough()
    {
        const std::vector<Verdict> verdicts{verdict(0.9F, true), verdict(0.8F, true), verdict(0.7F, false),
                                            verdict(0.6F, true), verdict(0.5F, false)};
        QCOMPARE(*engine::thresholdFor(verdicts, 1.0), 0.8F);
        QCOMPARE(*engine::thresholdFor(verdicts, 0.75), 0.6F);  // three of four, though two of three are fewer
        QCOMPARE(*engine::thresholdFor(verdicts, 0.5), 0.0F);   // all may be answered
        const auto coverage = engine::coverageOf(verdicts, {0.6F});
        QCOMPARE(coverage.answered, 4);
        QCOMPARE(coverage.right, 3);
        QCOMPARE(engine::coverageOf(verdicts, {2}).rightShare(), 1.0);
        QVERIFY(!engine::thresholdFor({verdict(0.9F, false)}, 0.5));
        QVERIFY(!engine::thresholdFor({}, 0.5));
    }

    void equalConfidencesAreAnsweredTogether()
    {
        const std::vector<Verdict> verdicts{verdict(0.9F, true), verdict(0.9F, false), verdict(0.5F, true)};
        QVERIFY(!engine::thresholdFor(verdicts, 0.8));
        QCOMPARE(*engine::thresholdFor(verdicts, 0.6), 0.0F);
    }

    void classesWithEnoughAnswersHaveTheirOwnThreshold()
    {
        std::vector<Verdict> verdicts;
        for (int i = 0; i < 10; ++i) {
            verdicts.push_back(verdict(0.5F + 0.01F * static_cast<float>(i), true, 0));
            verdicts.push_back(verdict(0.5F + 0.01F * static_cast<float>(i), i >= 5, 1));
        }
        verdicts.push_back(verdict(0.55F, true, 2));
        const auto rule = engine::thresholdsFor(verdicts, 1.0, 4);
        QCOMPARE(rule.perClass.size(), size_t{4});
        QCOMPARE(rule.perClass[0], 0.5F);  // all are right; of less sure ones nothing is known
        QCOMPARE(rule.perClass[1], 0.55F);
        QCOMPARE(rule.perClass[2], rule.threshold);
        QVERIFY(!rule.asks(verdict(0.51F, true, 0)));
        QVERIFY(rule.asks(verdict(0.2F, true, 0)));
        QVERIFY(rule.asks(verdict(0.51F, true, 1)));
    }

    void cheapestThresholdWeighsMistakesAgainstQuestions()
    {
        const std::vector<Verdict> verdicts{verdict(0.9F, true), verdict(0.8F, true), verdict(0.7F, false),
                                            verdict(0.6F, true), verdict(0.5F, true)};
        QCOMPARE(engine::cheapestThreshold(verdicts, {1, 10}), 0.8F);
        QCOMPARE(engine::cheapestThreshold(verdicts, {1, 2}), 0.0F);
        QVERIFY(engine::cheapestThreshold({verdict(0.9F, false)}, {1, 10}) > 1);
        QVERIFY(near(engine::totalCost(verdicts, {0.8F}, {1, 10}), 3));
        QVERIFY(near(engine::totalCost(verdicts, {0}, {1, 10}), 10));
        // Confusing 1 with 0 is what costs; nothing else does.
        engine::Costs costs{1, 10, {{0, 0}, {5, 0}}};
        QVERIFY(near(engine::totalCost(verdicts, {0}, costs), 5));
    }

private:
    void cases()
    {
        QTest::addColumn<size_t>("index");
        for (size_t i = 0; i < m_golden["cases"].size(); ++i)
            QTest::newRow(m_golden["cases"][i]["name"].get<std::string>().c_str()) << i;
    }

    const nlohmann::json m_golden = goldenJson("figures.json");
};

QTEST_APPLESS_MAIN(FiguresTest)
#include "tst_figures.moc"
