// SPDX-License-Identifier: Apache-2.0
// How sure a classifier may be after the rows that were left out.
#include "core/engine/eval/calibration.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/eval/reject.h"
#include "core/engine/eval/thresholds.h"
#include "tests/support/support.h"

#include <cmath>

using namespace support;

namespace {

struct HeldOut {
    engine::Matrix logits;
    std::vector<int> labels;
};

/// Two classes; labels are drawn from softmax(z), and the logits are `times` z: so many times too sure.
HeldOut tooSure(size_t rows, double times)
{
    HeldOut drawn{engine::Matrix(rows, 2), {}};
    uint64_t state = 1;
    for (size_t i = 0; i < rows; ++i) {
        const double z = -2 + 4 * static_cast<double>(i * 7919 % rows) / static_cast<double>(rows);
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        const double u = static_cast<double>(state >> 11) * 0x1.0p-53;
        drawn.labels.push_back(u < 1 / (1 + std::exp(-z)) ? 1 : 0);
        drawn.logits.row(i)[1] = static_cast<float>(times * z);
    }
    return drawn;
}

/// Rows that are all answered rightly, of so many classes in turn, with this logit for the right one.
HeldOut allRight(size_t rows, size_t classes, float logit)
{
    HeldOut right{engine::Matrix(rows, classes), {}};
    for (size_t i = 0; i < rows; ++i) {
        right.labels.push_back(static_cast<int>(i % classes));
        right.logits.row(i)[i % classes] = logit;
    }
    return right;
}

double temperatureOf(const HeldOut &rows)
{
    return engine::calibrate(rows.logits, rows.labels).temperature;
}

}  // namespace

class CalibrationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void manyRowsRecoverAKnownScale()
    {
        const double cooled = temperatureOf(tooSure(6000, 3));
        QVERIFY2(cooled > 2.6 && cooled < 3.5, std::to_string(cooled).c_str());
        const double warmed = temperatureOf(tooSure(6000, 0.5));
        QVERIFY2(warmed > 0.45 && warmed < 0.6, std::to_string(warmed).c_str());
    }

    void fewRowsSayLittle()
    {
        const double few = temperatureOf(tooSure(20, 0.5));
        QVERIFY2(few > 0.9 && few < 1.2, std::to_string(few).c_str());
        // Too much confidence is taken back sooner than too little is raised.
        QVERIFY(std::log(temperatureOf(tooSure(60, 3))) > -2 * std::log(temperatureOf(tooSure(60, 1.0 / 3))));
        QCOMPARE(engine::calibrate({}, {}).temperature, 1.0);
        QVERIFY(std::abs(engine::calibrate(engine::Matrix(3, 2), std::vector<int>{0, 1, 0}).temperature - 1) < 1e-3);
    }

    void rowsThatAreAllRightProveNoCertainty_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("classes");
        QTest::addColumn<double>("logit");  // of the right class
        QTest::addColumn<double>("least");  // temperature
        QTest::newRow("40 rows of 4 classes") << 40 << 4 << 4.0 << 0.95;
        QTest::newRow("40 rows of 4 classes, surely") << 40 << 4 << 30.0 << 0.999;
        QTest::newRow("48 rows of 8 classes, hardly") << 48 << 8 << 2.0 << 0.8;
        QTest::newRow("2 rows") << 2 << 2 << 2.0 << 0.99;
        QTest::newRow("200 rows of 4 classes") << 200 << 4 << 4.0 << 0.85;
    }

    void rowsThatAreAllRightProveNoCertainty()
    {
        QFETCH(const int, rows);
        QFETCH(const int, classes);
        QFETCH(const double, logit);
        QFETCH(const double, least);
        const auto right = allRight(static_cast<size_t>(rows), static_cast<size_t>(classes), static_cast<float>(logit));
        const double temperature = temperatureOf(right);
        QVERIFY2(temperature >= least && temperature <= 1.001, std::to_string(temperature).c_str());
    }

    void thresholdsAndTheRejectingClassComeWithIt()
    {
        const HeldOut rows = tooSure(400, 2);
        const auto rejecting = engine::calibrate(rows.logits, rows.labels, {}, 0.05);
        QVERIFY(rejecting.rejectLogit == engine::fitRejectLogit(rows.logits, rows.labels, 0.05));
        QVERIFY(rejecting.thresholds.empty());
        const auto answers = engine::probabilitiesWith(rejecting, rows.logits, engine::TaskType::SingleLabel);
        QCOMPARE(answers.columns, size_t{3});
        QCOMPARE(
            answers.values,
            engine::softmax(engine::withReject(rows.logits, *rejecting.rejectLogit), rejecting.temperature).values);
        const engine::Combinations combinations{{0}, {1}};
        const auto several = engine::calibrate(rows.logits, rows.labels, combinations, 0.05);
        QVERIFY(!several.rejectLogit);
        const auto honest = engine::sigmoid(rows.logits, several.temperature);
        QCOMPARE(several.thresholds, engine::fitThresholds(honest, rows.labels, combinations));
        QVERIFY(!several.thresholds.empty());
    }
};

QTEST_GUILESS_MAIN(CalibrationTest)
#include "tst_calibration.moc"
