// SPDX-License-Identifier: Apache-2.0
// Rows with weights, and rows that a teacher has labelled: learned from, never scored.
#include "core/engine/eval/metrics.h"
#include "tests/support/token_rows.h"

#include <cmath>

using namespace support;

namespace {

/// Two classes along the first of twenty features, with noise.
engine::HeadFitData makeHead(size_t rows, uint64_t seed)
{
    base::Random random(seed);
    engine::HeadFitData data;
    data.features = engine::Matrix(rows, 20);
    for (size_t i = 0; i < rows; ++i) {
        data.labels.push_back(static_cast<int>(i % 2));
        for (float &value : data.features.row(i))
            value = static_cast<float>(random.uniform() * 4 - 2);
        data.features.row(i)[0] += i % 2 ? 1.0F : -1.0F;
    }
    return data;
}

engine::HeadFitData joined(engine::HeadFitData data, const engine::HeadFitData &taught, double weight)
{
    data.weights.assign(data.labels.size(), 1);
    data.weights.resize(data.labels.size() + taught.labels.size(), weight);
    data.labels.insert(data.labels.end(), taught.labels.begin(), taught.labels.end());
    data.features.rows += taught.features.rows;
    data.features.values.insert(data.features.values.end(), taught.features.values.begin(),
                                taught.features.values.end());
    data.taught = taught.labels.size();
    return data;
}

int64_t rightOf(const engine::HeadFit &fit, const engine::HeadFitData &data)
{
    int64_t right = 0;
    for (size_t i = 0; i < fit.heldOutLogits.rows; ++i) {
        const auto row = fit.heldOutLogits.row(i);
        right += (row[1] > row[0] ? 1 : 0) == data.labels[i] ? 1 : 0;
    }
    return right;
}

double distance(const engine::Matrix &a, const engine::Matrix &b)
{
    double sum = 0;
    for (size_t i = 0; i < a.values.size(); ++i)
        sum += std::pow(static_cast<double>(a.values[i] - b.values[i]), 2);
    return std::sqrt(sum);
}

}  // namespace

class TaughtTest : public QObject {
    Q_OBJECT

private:
    engine::Nets *const m_nets = openedNets();

private Q_SLOTS:
    void theHeadLearnsFromThemAndScoresOthers()
    {
        const auto people = makeHead(24, 4);
        const auto good = makeHead(400, 5);
        const auto alone = m_nets->fitHead(people, {});
        const auto with = m_nets->fitHead(joined(people, good, 0.8), {});
        VERIFY_RESULT(alone);
        VERIFY_RESULT(with);
        QCOMPARE(with->heldOutLogits.rows, size_t{24});
        QVERIFY2(rightOf(*with, people) > rightOf(*alone, people), "rightly labelled rows help");
        auto wrong = good;
        for (int &label : wrong.labels)
            label = 1 - label;
        const auto misled = m_nets->fitHead(joined(people, wrong, 0.8), {});
        VERIFY_RESULT(misled);
        QVERIFY2(rightOf(*misled, people) < rightOf(*alone, people), "wrongly labelled ones are seen to do harm");
        // What counts next to nothing changes next to nothing.
        const auto hardly = m_nets->fitHead(joined(people, wrong, 1e-9), {});
        VERIFY_RESULT(hardly);
        QCOMPARE(hardly->l2, alone->l2);
        QVERIFY(distance(hardly->heldOutLogits, alone->heldOutLogits) < 1e-3);
    }

    void aRowOfDoubleWeightIsTwoRows()
    {
        auto data = makeHead(20, 6);
        const auto extra = makeHead(8, 7);
        auto twice = joined(joined(data, extra, 1), extra, 1);
        twice.taught = 16;
        twice.weights.clear();
        const auto doubled = m_nets->fitHead(joined(data, extra, 2), {});
        const auto repeated = m_nets->fitHead(twice, {});
        VERIFY_RESULT(doubled);
        VERIFY_RESULT(repeated);
        QVERIFY(distance(doubled->head.weight, repeated->head.weight) < 1e-3);
        QVERIFY(distance(doubled->heldOutLogits, repeated->heldOutLogits) < 1e-2);
    }

    void weightsOfRowsScaleTheirLoss_data()
    {
        QTest::addColumn<bool>("several");
        QTest::newRow("single") << false;
        QTest::newRow("several") << true;
    }
    void weightsOfRowsScaleTheirLoss()
    {
        QFETCH(bool, several);
        auto request = makeRequest({});
        request.train = makeRows(32, 1);
        request.config.batchSize = request.config.microBatch = 32;
        request.config.dropout = 0;
        request.config.epochs = 1;
        if (several) {
            request.config.task = engine::TaskType::MultiLabel;
            request.train.combinations = {{}, {0, 2}, {1}};
        }
        const auto firstLoss = [&] {
            Recorder recorder;
            const auto done = m_nets->train(request, recorder, {});
            return done ? recorder.steps.front() : std::nan("");
        };
        const double plain = firstLoss();
        request.train.weights.assign(32, 1);
        QVERIFY(std::abs(firstLoss() - plain) < 1e-5);
        // The head that the run begins with minimises the sum over weighted rows, so it stays as it is when the penalty
        // is as strong: rows that do not count leave the mean of the others.
        request.train.weights.assign(32, 0.5F);
        const double half = firstLoss();
        QVERIFY2(half < 0.75 * plain && half > 0.3 * plain, std::to_string(half / plain).c_str());
    }

    void passesLearnWhatTheTeacherSaid()
    {
        // People have labelled two classes' rows; of the third only a teacher has.
        auto request = makeRequest({});
        auto rows = makeRows(240, 1);
        engine::LabelledTexts people, taught;
        for (size_t i = 0; i < rows.texts.size(); ++i) {
            auto &to = rows.labels[i] == 2 || i >= 60 ? taught : people;
            to.texts.push_back(rows.texts[i]);
            to.labels.push_back(rows.labels[i]);
        }
        request.train = people;
        request.train.texts.insert(request.train.texts.end(), taught.texts.begin(), taught.texts.end());
        request.train.labels.insert(request.train.labels.end(), taught.labels.begin(), taught.labels.end());
        request.train.taught = taught.texts.size();
        request.train.weights.assign(request.train.texts.size(), 0.7F);
        const auto asked = makeRows(90, 9);
        request.validation = asked.texts;
        for (const auto recipe : {engine::Recipe::Finetune, engine::Recipe::Lora, engine::Recipe::SelfTraining}) {
            request.config.recipe = recipe;
            request.unlabelled = recipe == engine::Recipe::SelfTraining ? makeRows(60, 8).texts : request.unlabelled;
            Recorder recorder;
            const auto done = m_nets->train(request, recorder, {});
            VERIFY_RESULT(done);
            QCOMPARE(done->heldOutLogits.rows, people.texts.size());
            const auto report = engine::classificationReport(engine::softmax(recorder.validation.back()), asked.labels);
            // Nobody else has shown a row of this class: without the teacher's it is never answered.
            QVERIFY2(report.perClass[2].recall > 0.45, std::to_string(report.perClass[2].recall).c_str());
        }
        // The head alone, too; its scores are those of people's rows.
        request.config.recipe = engine::Recipe::Seconds;
        request.validation.clear();
        Recorder head;
        VERIFY_RESULT(m_nets->train(request, head, {}));
        QCOMPARE(head.validation.back().rows, people.texts.size());
    }
};

QTEST_GUILESS_MAIN(TaughtTest)
#include "tst_taught.moc"
