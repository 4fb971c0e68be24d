// SPDX-License-Identifier: Apache-2.0
// What cross-validation and long unlabelled texts may cost.
#include "core/training/training_budget.h"

#include <QtTest>

using engine::TokenIds;

class TestTrainingBudget final : public QObject {
    Q_OBJECT

    static std::vector<TokenIds> texts(size_t rows, size_t tokens)
    {
        std::vector<TokenIds> texts(rows, TokenIds(tokens));
        for (size_t i = 0; i < rows; ++i)
            texts[i].front() = static_cast<int32_t>(i);
        return texts;
    }
    static std::vector<TokenIds> within(const std::vector<TokenIds> &unlabelled)
    {
        std::vector<TokenIds> some;
        for (const size_t row : core::unlabelledWithin(unlabelled))
            some.push_back(unlabelled[row]);
        return some;
    }
    static engine::TrainRequest request(size_t labelled, size_t unlabelled, size_t tokens)
    {
        engine::TrainRequest request;
        request.config.recipe = engine::Recipe::SelfTraining;
        request.config.epochs = 3;
        request.train.texts = texts(labelled, tokens);
        request.unlabelled = texts(unlabelled, tokens);
        request.unlabelled = within(request.unlabelled);
        return request;
    }
    static int64_t cost(const engine::TrainRequest &request)
    {
        const auto plan = core::planFolds(request);
        const auto unlabelled = core::unlabelledOf(plan, request);
        if (unlabelled.size() != plan.unlabelled)
            return -1;
        return 2 * ((plan.folds - 1) * core::tokensOf(request.train.texts) + plan.folds * core::tokensOf(unlabelled));
    }

private Q_SLOTS:
    void shortTextsAreAllLearnedFrom()
    {
        QCOMPARE(core::unlabelledWithin(texts(1000, 36)).size(), size_t{1000});
        QVERIFY(core::unlabelledWithin({}).empty());
        QVERIFY(core::noteOnLongUnlabelled(1000, 1000).empty());
    }

    void ofLongTextsFewerAreLearnedFrom()
    {
        const auto rows = core::unlabelledWithin(texts(1000, 256));
        QCOMPARE(rows.size(), size_t{140});  // 36,000 tokens
        QCOMPARE(rows.front(), size_t{0});
        QVERIFY(rows.back() > 990);
        auto mixed = texts(500, 10);
        for (auto &text : texts(500, 256))
            mixed.push_back(text);
        const auto some = within(mixed);
        QVERIFY(core::tokensOf(some) <= core::TokensForEach * 1000 && core::tokensOf(some) > 35 * 1000);
        QCOMPARE(core::unlabelledWithin(texts(120, 256)).size(), size_t{100});
        const std::string note = core::noteOnLongUnlabelled(140, 1000);
        QVERIFY2(note.find("140 of the 1000 unlabelled rows") != std::string::npos, note.c_str());
    }

    void fewShortRowsHaveFiveFolds()
    {
        const auto plan = core::planFolds(request(48, 240, 14));
        QCOMPARE(plan.folds, 5);
        QCOMPARE(plan.unlabelled, size_t{240});
        QVERIFY(core::noteOnFolds(plan, request(48, 240, 14)).empty());
    }

    void theBudgetHolds_data()
    {
        QTest::addColumn<int>("labelled");
        QTest::addColumn<int>("unlabelled");
        QTest::addColumn<int>("tokens");
        QTest::newRow("short texts") << 48 << 1000 << 16;
        QTest::newRow("many short texts") << 48 << 2000 << 20;
        QTest::newRow("long texts") << 48 << 1000 << 126;
        QTest::newRow("long texts of few classes") << 49 << 2000 << 100;
    }

    void theBudgetHolds()
    {
        QFETCH(int, labelled);
        QFETCH(int, unlabelled);
        QFETCH(int, tokens);
        const auto some =
            request(static_cast<size_t>(labelled), static_cast<size_t>(unlabelled), static_cast<size_t>(tokens));
        const auto plan = core::planFolds(some);
        QCOMPARE(plan.folds, 3);
        QVERIFY(plan.unlabelled >= 100);
        QVERIFY2(cost(some) > 0 && cost(some) <= core::CrossValidationTokens, std::to_string(cost(some)).c_str());
        // Nor is it left unused.
        QVERIFY(cost(some) >= core::CrossValidationTokens * 9 / 10 || plan.unlabelled == some.unlabelled.size());
    }

    void roundsLearnFromSomeUnlabelledRowsInAnyCase()
    {
        auto some = request(190, 1000, 256);
        some.unlabelled = texts(1000, 256);
        const auto plan = core::planFolds(some);
        QCOMPARE(plan.folds, 3);
        QCOMPARE(plan.unlabelled, size_t{380});
        const auto texts = core::unlabelledOf(plan, some);
        QCOMPARE(texts.front().front(), 0);
        QVERIFY(texts.back().front() > 990);
        const std::string note = core::noteOnFolds(plan, some);
        QVERIFY2(note.find("380 of the 1000 unlabelled rows") != std::string::npos, note.c_str());
    }

    void fineTuningHasFewerFoldsWhereTextsAreLong()
    {
        auto some = request(48, 0, 126);
        some.config.recipe = engine::Recipe::Finetune;
        some.config.epochs = 8;
        QCOMPARE(core::planFolds(some).folds, 3);
        some.train.texts = texts(48, 16);
        QCOMPARE(core::planFolds(some).folds, 5);
    }
};

QTEST_GUILESS_MAIN(TestTrainingBudget)
#include "tst_training_budget.moc"
