// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"
#include "core/base/random.h"
#include "core/engine/config/training_config.h"
#include "core/engine/data/batch_plan.h"
#include "core/engine/data/split.h"
#include "tests/support/support.h"

#include <numeric>
#include <set>

using namespace support;

class DataTest : public QObject {
    Q_OBJECT

private:
    std::vector<int> m_labels;
    std::vector<int64_t> m_groups;

private Q_SLOTS:
    void init()
    {
        m_labels.clear();
        m_groups.clear();
        for (int i = 0; i < 100; ++i) {
            m_labels.push_back(i % 10 == 0 ? 1 : 0);
            m_groups.push_back(i / 2);  // pairs
        }
    }

    void holdOutIsStratifiedAndKeepsGroupsTogether()
    {
        const auto split = engine::stratifiedHoldOut(m_labels, m_groups, 0.2, 1);
        QCOMPARE(split.train.size() + split.validation.size(), size_t{100});
        QVERIFY(split.validation.size() == 20);
        std::set<int64_t> held;
        int rare = 0;
        for (const size_t row : split.validation) {
            held.insert(m_groups[row]);
            rare += m_labels[row];
        }
        QVERIFY(rare >= 1 && rare <= 3);
        for (const size_t row : split.train)
            QVERIFY(!held.contains(m_groups[row]));
        QCOMPARE(engine::stratifiedHoldOut(m_labels, m_groups, 0.2, 1).validation, split.validation);
        QVERIFY(engine::stratifiedHoldOut(m_labels, m_groups, 0.2, 2).validation != split.validation);
    }

    void everyLabelKeepsATrainingRow()
    {
        const std::vector<int> labels{0, 1, 2};
        const std::vector<int64_t> groups{0, 1, 2};
        const auto split = engine::stratifiedHoldOut(labels, groups, 0.9, 5);
        QCOMPARE(split.train.size(), size_t{3});
    }

    void theWholeShareIsHeldOut()
    {
        // 312 rows of 12 classes, hardly two of which have the same classes.
        engine::Combinations combinations;
        std::vector<int> labels;
        std::vector<int64_t> groups;
        base::Random random(1);
        std::vector<int> rows(12);
        for (int i = 0; i < 312; ++i) {
            std::set<int> own;
            for (int n = 0; n < 4; ++n)
                own.insert(static_cast<int>(random.below(random.below(2) ? 12 : 3)));
            const std::vector<int> classes(own.begin(), own.end());
            const auto known = std::find(combinations.begin(), combinations.end(), classes);
            labels.push_back(static_cast<int>(known - combinations.begin()));
            if (known == combinations.end())
                combinations.push_back(classes);
            groups.push_back(i);
            for (const int c : classes)
                ++rows[static_cast<size_t>(c)];
        }
        QVERIFY2(combinations.size() > 150, std::to_string(combinations.size()).c_str());
        const auto split = engine::stratifiedHoldOut(labels, groups, 0.2, 1, combinations);
        QCOMPARE(split.validation.size(), size_t{62});
        std::vector<int> held(12);
        for (const size_t row : split.validation) {
            for (const int c : combinations[static_cast<size_t>(labels[row])])
                ++held[static_cast<size_t>(c)];
        }
        for (size_t c = 0; c < held.size(); ++c)
            QVERIFY2(std::abs(held[c] - 0.2 * rows[c]) <= 2, std::to_string(held[c]).c_str());
        const auto folds = engine::stratifiedFolds(labels, groups, 5, 1, combinations);
        std::vector<std::vector<int>> ofFold(5, std::vector<int>(12));
        std::vector<int> sizes(5);
        for (size_t i = 0; i < folds.size(); ++i) {
            ++sizes[static_cast<size_t>(folds[i])];
            for (const int c : combinations[static_cast<size_t>(labels[i])])
                ++ofFold[static_cast<size_t>(folds[i])][static_cast<size_t>(c)];
        }
        for (size_t f = 0; f < 5; ++f) {
            QVERIFY2(std::abs(sizes[f] - 62.4) <= 4, std::to_string(sizes[f]).c_str());
            for (size_t c = 0; c < 12; ++c)
                QVERIFY2(std::abs(ofFold[f][c] - 0.2 * rows[c]) <= 4, std::to_string(ofFold[f][c]).c_str());
        }
    }

    void classesOfTwoRowsAreHeldOut()
    {
        // 100 classes of two rows, five of two rows that are one group: these stay.
        std::vector<int> labels;
        std::vector<int64_t> groups;
        for (int i = 0; i < 210; ++i) {
            labels.push_back(i / 2);
            groups.push_back(i < 200 ? i : i / 2);
        }
        const auto split = engine::stratifiedHoldOut(labels, groups, 0.2, 1);
        QCOMPARE(split.validation.size(), size_t{42});
        std::set<int> learned;
        for (const size_t row : split.train)
            learned.insert(labels[row]);
        QCOMPARE(learned.size(), size_t{105});
        QVERIFY(split.validation.back() < 200);
        const auto folds = engine::stratifiedFolds(labels, groups, 5, 1);
        for (size_t i = 0; i < 200; i += 2)
            QVERIFY(folds[i] != folds[i + 1]);
        QCOMPARE(std::count(folds.begin(), folds.end(), 0), 42);
    }

    void foldsAreEvenAndKeepGroupsTogether()
    {
        const auto folds = engine::stratifiedFolds(m_labels, m_groups, 5, 3);
        std::vector<int> sizes(5);
        for (size_t i = 0; i < folds.size(); ++i) {
            ++sizes[static_cast<size_t>(folds[i])];
            QCOMPARE(folds[i], folds[i ^ 1]);
        }
        for (const int size : sizes)
            QCOMPARE(size, 20);
    }

    void batchesHoldEveryRowOnceAndDependOnSeedAndEpochOnly()
    {
        std::vector<int> lengths(1003);
        std::iota(lengths.begin(), lengths.end(), 3);
        const auto batches = engine::trainingBatches(lengths, 32, 7, 1);
        std::set<size_t> seen;
        for (const auto &batch : batches) {
            QVERIFY(batch.size() <= 32);
            seen.insert(batch.begin(), batch.end());
        }
        QCOMPARE(seen.size(), lengths.size());
        QCOMPARE(engine::trainingBatches(lengths, 32, 7, 1), batches);
        QVERIFY(engine::trainingBatches(lengths, 32, 7, 2) != batches);
        QVERIFY(engine::trainingBatches(lengths, 32, 8, 1) != batches);
    }

    void inferenceBatchesStayUnderTheirLimit()
    {
        std::vector<int> lengths;
        for (int i = 0; i < 500; ++i)
            lengths.push_back(2 + (i * 37) % 255);
        lengths.push_back(5000);
        size_t rows = 0;
        int before = 0;
        for (const auto &batch : engine::inferenceBatches(lengths, 4096)) {
            int tokens = 0;
            for (const size_t row : batch) {
                QVERIFY(lengths[row] >= before);
                before = lengths[row];
                tokens += lengths[row];
            }
            QVERIFY(batch.size() == 1 || tokens <= 4096);
            rows += batch.size();
        }
        QCOMPARE(rows, lengths.size());
        QVERIFY(engine::inferenceBatches({}, 4096).empty());
    }

    void scheduleWarmsUpAndFalls()
    {
        using engine::Schedule;
        QCOMPARE(engine::scheduleFactor(Schedule::Linear, 0, 100, 0.1), 0.0);
        QCOMPARE(engine::scheduleFactor(Schedule::Linear, 5, 100, 0.1), 0.5);
        QCOMPARE(engine::scheduleFactor(Schedule::Linear, 10, 100, 0.1), 1.0);
        QCOMPARE(engine::scheduleFactor(Schedule::Linear, 55, 100, 0.1), 0.5);
        QCOMPARE(engine::scheduleFactor(Schedule::Cosine, 55, 100, 0.1), 0.5);
        QCOMPARE(engine::scheduleFactor(Schedule::Constant, 99, 100, 0.1), 1.0);
        QCOMPARE(engine::scheduleFactor(Schedule::Linear, 0, 100, 0), 1.0);
    }

    void configSurvivesJsonAndNamesWhatIsOutOfRange()
    {
        engine::TrainingConfig config;
        config.schedule = engine::Schedule::Cosine;
        config.epochs = 7;
        config.seed = 0xFFFFFFFFFFULL;
        const auto back = engine::trainingConfigFromJson(engine::toJson(config));
        VERIFY_RESULT(back);
        QVERIFY(*back == config);
        QVERIFY(!engine::trainingConfigFromJson("{}").has_value());
        config.warmupRatio = 1.5;
        const auto checked = engine::validate(config);
        QVERIFY(!checked.has_value());
        QCOMPARE(checked.error().subject, std::string("warmup_ratio"));
    }

    void foldersAppearWholeOrNotAtAll()
    {
        const TempFolder folder;
        const auto failed =
            base::writeFolder(folder / "x", false, [](const std::filesystem::path &p) -> base::Result<void> {
                write(p / "a", "half");
                return base::failure(base::ErrorCode::Internal, "no");
            });
        QVERIFY(!failed.has_value());
        QVERIFY(std::filesystem::is_empty(folder.path()));
        const auto fill = [](const char *text) {
            return [text](const std::filesystem::path &p) { return base::writeFile(p / "a", text); };
        };
        VERIFY_RESULT(base::writeFolder(folder / "x", false, fill("one")));
        QCOMPARE(base::writeFolder(folder / "x", false, fill("two")).error().code, base::ErrorCode::AlreadyExists);
        QCOMPARE(read(folder / "x/a"), std::string("one"));
        VERIFY_RESULT(base::writeFolder(folder / "x", true, fill("two")));
        QCOMPARE(read(folder / "x/a"), std::string("two"));
    }
};

QTEST_GUILESS_MAIN(DataTest)
#include "tst_data.moc"
