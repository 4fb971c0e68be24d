// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/calibration.h"
#include "core/engine/eval/learning_curve.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/eval/thresholds.h"
#include "tests/support/support.h"

#include <cmath>

using namespace support;

namespace {

bool near(double a, double b, double tolerance = 1e-6)
{
    return std::abs(a - b) <= tolerance;
}

engine::Matrix matrix(const nlohmann::json &rows)
{
    engine::Matrix m(rows.size(), rows[0].size());
    for (size_t i = 0; i < m.rows; ++i) {
        for (size_t j = 0; j < m.columns; ++j)
            m.row(i)[j] = rows[i][j].get<float>();
    }
    return m;
}

}  // namespace

class MetricsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithScikitLearn()
    {
        const auto g = goldenJson("metrics.json");
        const auto labels = g["labels"].get<std::vector<int>>();
        const auto report = engine::classificationReport(engine::softmax(matrix(g["logits"])), labels);
        QVERIFY(near(report.accuracy, g["accuracy"]));
        QVERIFY(near(report.weightedF1, g["weighted_f1"]));
        QVERIFY(near(report.logLoss, g["log_loss"], 1e-5));
        QVERIFY(near(report.macroF1, g["macro_f1"]));
        QCOMPARE(report.confusion, g["confusion"].get<std::vector<std::vector<int64_t>>>());
        for (size_t c = 0; c < report.perClass.size(); ++c) {
            QVERIFY(near(report.perClass[c].precision, g["precision"][c]));
            QVERIFY(near(report.perClass[c].recall, g["recall"][c]));
            QCOMPARE(report.perClass[c].support, g["support"][c].get<int64_t>());
        }
    }

    void severalLabelsAgreeWithScikitLearn()
    {
        const auto g = goldenJson("multi_label.json");
        std::vector<int> labels;
        engine::Combinations combinations;
        for (const auto &row : g["truth"]) {
            std::vector<int> classes;
            for (size_t c = 0; c < row.size(); ++c) {
                if (row[c] == 1)
                    classes.push_back(static_cast<int>(c));
            }
            labels.push_back(static_cast<int>(combinations.size()));
            combinations.push_back(std::move(classes));
        }
        const auto logits = matrix(g["logits"]);
        const auto report = engine::classificationReport(engine::sigmoid(logits), labels, combinations);
        QVERIFY(near(report.accuracy, g["exact_match"]));
        QVERIFY(near(report.hammingLoss, g["hamming"]));
        QVERIFY(near(report.labelMatch, 1 - g["hamming"].get<double>()));
        QVERIFY(near(report.microF1, g["micro_f1"]));
        QVERIFY(near(report.macroF1, g["macro_f1"]));
        QVERIFY(near(report.weightedF1, g["weighted_f1"]));
        QVERIFY(near(report.logLoss, g["log_loss"], 1e-5));
        QCOMPARE(engine::decisiveScore(report), report.microF1);
        for (size_t c = 0; c < report.perClass.size(); ++c) {
            QVERIFY(near(report.perClass[c].precision, g["precision"][c]));
            QVERIFY(near(report.perClass[c].recall, g["recall"][c]));
            QVERIFY(near(report.perClass[c].f1, g["f1"][c]));
            QCOMPARE(report.perClass[c].support, g["support"][c].get<int64_t>());
        }
        // Logits that are three times too sure are cooled down by about that, once there are rows enough to say so.
        constexpr size_t Times = 100;
        engine::Matrix many(Times * logits.rows, logits.columns), sure = many;
        std::vector<int> manyLabels;
        for (size_t i = 0; i < many.values.size(); ++i) {
            many.values[i] = logits.values[i % logits.values.size()];
            sure.values[i] = 3 * many.values[i];
        }
        for (size_t i = 0; i < many.rows; ++i)
            manyLabels.push_back(labels[i % labels.size()]);
        const double once = engine::calibrate(many, manyLabels, combinations).temperature;
        const double thrice = engine::calibrate(sure, manyLabels, combinations).temperature;
        QVERIFY2(near(thrice / once, 3, 0.1), std::to_string(thrice / once).c_str());
        const std::vector<float> row{0.5F, 0.2F, 0.9F};
        QCOMPARE(engine::answerOf(row, {engine::TaskType::MultiLabel}), (std::vector<int>{0, 2}));
        QCOMPARE(engine::answerOf(row, {engine::TaskType::MultiLabel, {0.6F, 0.1F, 0.6F}}), (std::vector<int>{1, 2}));
        QCOMPARE(engine::answerOf(row, {}), (std::vector<int>{2}));
        QCOMPARE(engine::confidenceOf(row, {engine::TaskType::MultiLabel}), 0.5F);
        QCOMPARE(engine::confidenceOf(row, {engine::TaskType::MultiLabel, {0.6F, 0.1F, 0.6F}}), 0.2F);
    }

    void thresholdsMaximiseF1OfEachClass()
    {
        // A rare class: of 400 rows 20 have it, and its probabilities are about 0.4 for them, about 0.1 for others.
        engine::Matrix probabilities(400, 2);
        std::vector<int> labels;
        for (size_t i = 0; i < 400; ++i) {
            const bool has = i % 20 == 0;
            labels.push_back(has ? 1 : 0);
            probabilities.row(i)[0] = (has ? 0.3F : 0.05F) + 0.0005F * static_cast<float>(i);
            probabilities.row(i)[1] = 0.5F;  // says nothing
        }
        const engine::Combinations combinations{{}, {0}};
        const auto thresholds = engine::fitThresholds(probabilities, labels, combinations);
        QCOMPARE(thresholds.size(), size_t{2});
        QVERIFY2(thresholds[0] > 0.2F && thresholds[0] < 0.31F, std::to_string(thresholds[0]).c_str());
        const auto half = engine::classificationReport(probabilities, labels, combinations);
        const auto fitted = engine::classificationReport(probabilities, labels, combinations, thresholds);
        QVERIFY(half.perClass[0].f1 < 0.4 && fitted.perClass[0].f1 > 0.9);
        QCOMPARE(fitted.logLoss, half.logLoss);  // the probabilities stay what they are
        // One row that has it by chance, at a low probability, does not pull the threshold down there.
        engine::Matrix few(40, 1);
        std::vector<int> chance(40, 0);
        for (size_t i = 0; i < 40; ++i)
            few.row(i)[0] = 0.02F + 0.01F * static_cast<float>(i);
        chance[3] = 1;
        QVERIFY(engine::fitThresholds(few, chance, combinations)[0] > 0.1F);
        QVERIFY(engine::fitThresholds(few, chance, {}).empty());
        QVERIFY(engine::fitThresholds(engine::Matrix(3, 1), std::vector<int>{0, 1, 0}, combinations).empty());
    }

    void twiceTheRowsAreJudgedByTheSecondHalf()
    {
        // 70, 80 and 86 of 100 right: the last half brought 6 points, the one before 10.
        const auto upTo = [](int right) {
            std::vector<char> verdicts(100, 0);
            std::fill_n(verdicts.begin(), right, char{1});
            return verdicts;
        };
        const auto curve = engine::learningCurve(upTo(70), upTo(80), upTo(86), 1);
        QCOMPARE(curve.points.size(), size_t{3});
        QCOMPARE(curve.points[0].rows, int64_t{25});
        QCOMPARE(curve.points[2].right, 0.86);
        QVERIFY2(curve.gain > 0.035 && curve.gain < 0.04, std::to_string(curve.gain).c_str());  // 6 points times 0.62
        // Other rows would not be equally good: 3.5 points of standard error, half of it for that.
        QVERIFY(curve.interval.low < curve.gain - 0.02 && curve.gain + 0.02 < curve.interval.high);
        QVERIFY(curve.interval.low > -0.06 && curve.interval.high < 0.14);
        QVERIFY(curve.isRising());
        const auto flat = engine::learningCurve(upTo(80), upTo(86), upTo(86), 1);
        QVERIFY(flat.gain == 0 && !flat.isRising());
        const auto nearlyAll = engine::learningCurve(upTo(10), upTo(50), upTo(99), 1);
        QVERIFY(nearlyAll.gain <= 0.01 + 1e-12);  // there is no more to gain
        QCOMPARE(engine::learningCurve(upTo(70), upTo(80), upTo(86), 1).interval.high, curve.interval.high);
        QVERIFY(engine::learningCurve({}, {}, {}, 1).points.empty());
    }

    void wilsonIntervalAsInTheTables()
    {
        const auto i = engine::wilsonInterval(88, 100);
        QVERIFY(near(i.low, 0.8019, 1e-4) && near(i.high, 0.9300, 1e-4));
        QCOMPARE(engine::wilsonInterval(0, 0).high, 1.0);
        QCOMPARE(engine::wilsonInterval(10, 10).high, 1.0);
    }

    void mcnemarIsTheExactBinomialTest()
    {
        QCOMPARE(engine::mcnemarPValue(0, 0), 1.0);
        QVERIFY(near(engine::mcnemarPValue(5, 0), 0.0625));
        QVERIFY(near(engine::mcnemarPValue(10, 2), 0.0385742, 1e-6));
        QCOMPARE(engine::mcnemarPValue(3, 4), engine::mcnemarPValue(4, 3));
    }

    void emptyAndExtremeInputsStayFinite()
    {
        const auto none = engine::classificationReport(engine::Matrix(0, 3), {});
        QCOMPARE(none.accuracy, 0.0);
        QCOMPARE(none.logLoss, 0.0);
        engine::Matrix huge(1, 2);
        huge.row(0)[0] = 1e30F;
        const auto p = engine::softmax(huge);
        QCOMPARE(p.row(0)[0], 1.0F);
        QVERIFY(std::isfinite(engine::classificationReport(p, std::vector<int>{1}).logLoss));
    }
};

QTEST_GUILESS_MAIN(MetricsTest)
#include "tst_metrics.moc"
