// SPDX-License-Identifier: Apache-2.0
// Long texts as windows of tokens: where they begin and end, and what is made of their answers.
#include "core/engine/data/windows.h"
#include "core/engine/eval/metrics.h"
#include "tests/support/token_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using engine::TokenIds;
using engine::WindowRule;
using namespace support;

namespace {

/// 101, `own` different tokens, 102.
TokenIds textOf(int own)
{
    TokenIds text(static_cast<size_t>(own) + 2);
    std::iota(text.begin(), text.end(), 999);
    text.front() = 101;
    text.back() = 102;
    return text;
}

/// Windows of 10 tokens, two of them special, that have one in common.
constexpr WindowRule Ten{10, 1, 4, 1, 1};

}  // namespace

class WindowsTest : public QObject {
    Q_OBJECT

private:
    engine::Nets *m_nets = nullptr;

    /// Rows three to four times as long as a window; the class shows all over them.
    static engine::LabelledTexts longRows(size_t count, uint64_t seed)
    {
        auto rows = makeRows(count, seed);
        const auto more = makeRows(count * 3, seed + 100);
        for (size_t i = 0; i < count; ++i) {
            if (i % 5 == 4)
                continue;  // some stay short
            auto &text = rows.texts[i];
            for (size_t n = 0; n < 3; ++n) {
                const auto &other = more.texts[i + n * count];
                text.insert(text.end() - 1, other.begin() + 1, other.end() - 1);
            }
        }
        return rows;
    }

    static engine::TrainRequest windowedRequest(const std::filesystem::path &checkpoints)
    {
        auto request = makeRequest(checkpoints);
        request.train = longRows(90, 1);
        request.validation = longRows(30, 2).texts;
        request.test = longRows(30, 3).texts;
        request.config.maxLength = 12;
        request.config.longTexts = engine::LongTexts::Windows;
        request.windows = engine::usualWindows(12, 1, 1);
        return request;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_nets = openedNets();
        QVERIFY(m_nets);
    }

    void aTextThatFitsIsOneWindow()
    {
        for (const int own : {0, 1, 7, 8}) {
            const auto text = textOf(own);
            QCOMPARE(engine::windowsOf(text, Ten), std::vector<TokenIds>{text});
            QCOMPARE(engine::windowStarts(text.size(), Ten).size(), size_t{1});
        }
        QCOMPARE(engine::windowsOf(textOf(100), {}), std::vector<TokenIds>{textOf(100)});
        QCOMPARE(engine::windowsOf({}, Ten), std::vector<TokenIds>{{}});
    }

    void oneTokenMoreMakesTwoThatOverlap()
    {
        const auto windows = engine::windowsOf(textOf(9), Ten);
        QCOMPARE(windows, (std::vector<TokenIds>{{101, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 102},
                                                 {101, 1007, 1008, 102}}));
    }

    void everyTokenIsRead()
    {
        for (int own = 9; own <= 29; ++own) {  // 8 + 3 * 7 is the most that four windows read
            const auto text = textOf(own);
            const auto windows = engine::windowsOf(text, Ten);
            QVERIFY(windows.size() >= 2 && windows.size() <= 4);
            TokenIds joined{101};
            for (size_t i = 0; i < windows.size(); ++i) {
                QVERIFY(windows[i].size() <= 10 && windows[i].size() > 3);  // each has something of its own
                QCOMPARE(windows[i].front(), 101);
                QCOMPARE(windows[i].back(), 102);
                QVERIFY(i == 0 || windows[i][1] == joined.back());  // the overlap
                joined.insert(joined.end(), windows[i].begin() + (i == 0 ? 1 : 2), windows[i].end() - 1);
            }
            joined.push_back(102);
            QCOMPARE(joined, text);
        }
        QCOMPARE(Ten.longestText(), size_t{31});
        const auto capped = engine::windowsOf(textOf(100), Ten);
        QCOMPARE(capped, engine::windowsOf(
                             [] {
                                 auto text = textOf(29);
                                 return text;
                             }(),
                             Ten));
    }

    void aPrefixStandsInEachWindow()
    {
        const WindowRule rule{8, 1, 32, 3, 1};  // [CLS] query :
        TokenIds text{101, 7, 8, 20, 21, 22, 23, 24, 25, 26, 102};
        QCOMPARE(engine::windowsOf(text, rule),
                 (std::vector<TokenIds>{{101, 7, 8, 20, 21, 22, 23, 102}, {101, 7, 8, 23, 24, 25, 26, 102}}));
    }

    void windowsOfAWidthThatCannotBeAreNotSound()
    {
        QVERIFY(Ten.isSound());
        const auto usual = engine::usualWindows(256, 1, 1);
        QCOMPARE(usual, (WindowRule{256, 31, 32, 1, 1}));
        QVERIFY(usual.isSound());
        QCOMPARE(usual.longestText(), size_t{256 + 31 * 223});
        QVERIFY(!engine::usualWindows(8, 1, 1).isSound());
        QVERIFY(!(WindowRule{10, 8, 4, 1, 1}).isSound());
        QVERIFY(!(WindowRule{10, -1, 4, 1, 1}).isSound());
        QVERIFY(!(WindowRule{10, 1, 0, 1, 1}).isSound());
        QVERIFY(!(WindowRule{10, 1, 4, 2'000'000'000, 1}).isSound());
    }

    void windowsKnowTheirTexts()
    {
        const engine::WindowedTexts some({textOf(3), textOf(20), textOf(8)}, Ten);
        QCOMPARE(some.first, (std::vector<size_t>{0, 1, 4, 5}));
        QCOMPARE(some.textOf, (std::vector<size_t>{0, 1, 1, 1, 2}));
        QCOMPARE(some.count(1), size_t{3});
    }

    /// What training scores is the mean of the windows' logits as anybody would compute it, and predicting says the
    /// same to the bit.
    void anAnswerIsTheMeanOfTheWindowsLogits_data()
    {
        QTest::addColumn<int>("recipe");
        QTest::newRow("seconds") << static_cast<int>(engine::Recipe::Seconds);
        QTest::newRow("finetune") << static_cast<int>(engine::Recipe::Finetune);
    }
    void anAnswerIsTheMeanOfTheWindowsLogits()
    {
        QFETCH(int, recipe);
        class Plain final : public engine::TrainObserver {
        public:
            engine::Matrix test;
            base::Result<engine::EpochVerdict> onEpoch(const engine::EpochResult &epoch) override
            {
                test = epoch.testLogits;
                return engine::EpochVerdict();  // temperature 1
            }
        } plain;
        const TempFolder folder;
        auto request = windowedRequest(folder.path());
        request.base = copiedBase("tiny_base", folder / "base");
        request.checkpoints = folder / "checkpoints";
        request.config.recipe = static_cast<engine::Recipe>(recipe);
        request.config.epochs = 1;
        VERIFY_RESULT(m_nets->train(request, plain, {}));
        const auto predictor = m_nets->loadPredictor(folder / "checkpoints/1", 2);
        VERIFY_RESULT(predictor);
        QCOMPARE((*predictor)->info().windows, request.windows);
        const auto answers = (*predictor)->logits(request.test, {});
        VERIFY_RESULT(answers);
        QCOMPARE(answers->values, plain.test.values);

        const engine::WindowedTexts divided(request.test, request.windows);
        QVERIFY(divided.windows.size() > 2 * request.test.size());
        const auto parts = (*predictor)->logits(divided.windows, {});
        VERIFY_RESULT(parts);
        for (size_t i = 0; i < request.test.size(); ++i) {
            for (size_t c = 0; c < 3; ++c) {
                double sum = 0;
                for (size_t w = divided.first[i]; w < divided.first[i + 1]; ++w)
                    sum += static_cast<double>(parts->row(w)[c]);
                const double mean = sum / static_cast<double>(divided.count(i));
                QVERIFY(std::abs(mean - static_cast<double>(answers->row(i)[c])) < 1e-5);
            }
        }
    }

    /// A base that is a windowed checkpoint does not decide how texts are read later.
    void theRequestSaysHowTextsAreRead()
    {
        const TempFolder folder;
        auto request = windowedRequest(folder.path());
        request.base = copiedBase("tiny_base", folder / "base");
        request.checkpoints = folder / "checkpoints";
        request.config.epochs = 1;
        Recorder recorder;
        VERIFY_RESULT(m_nets->train(request, recorder, {}));
        auto cut = request;
        cut.base = folder / "checkpoints/1";
        cut.checkpoints = folder / "cut";
        cut.config.maxLength = 64;
        cut.config.longTexts = engine::LongTexts::Cut;
        cut.windows = {};
        VERIFY_RESULT(m_nets->train(cut, recorder, {}));
        const auto predictor = m_nets->loadPredictor(folder / "cut/1", 2);
        VERIFY_RESULT(predictor);
        QVERIFY(!(*predictor)->info().windows.isOn());
        const auto features = m_nets->loadEmbedder(folder / "checkpoints/1", 2);
        VERIFY_RESULT(features);
        const auto whole = (*features)->features({request.test.front()}, {});
        VERIFY_RESULT(whole);
        const auto windowed = m_nets->loadEmbedder(folder / "checkpoints/1", 2, request.windows);
        VERIFY_RESULT(windowed);
        const auto mean = (*windowed)->features({request.test.front()}, {});
        VERIFY_RESULT(mean);
        QVERIFY(whole->values != mean->values);
    }

    /// Windows of texts that fit change nothing, to the bit: weights, gradients and batches are the same.
    void shortTextsAreLearnedAsEver()
    {
        const TempFolder folder;
        auto request = makeRequest(folder / "cut");
        request.base = copiedBase("tiny_base", folder / "base");
        request.config.epochs = 2;
        Recorder cut, windows;
        VERIFY_RESULT(m_nets->train(request, cut, {}));
        request.checkpoints = folder / "windows";
        request.config.longTexts = engine::LongTexts::Windows;
        request.windows = engine::usualWindows(request.config.maxLength, 1, 1);
        VERIFY_RESULT(m_nets->train(request, windows, {}));
        QCOMPARE(windows.losses, cut.losses);
        QVERIFY(sameFile(folder / "cut/2/model.safetensors", folder / "windows/2/model.safetensors"));
    }

    /// A text counts once, however many windows it has: the loss of a batch is the mean over its texts of the mean over
    /// their windows.
    void aTextCountsOnce()
    {
        const TempFolder folder;
        auto request = windowedRequest({});
        request.config.epochs = 1;
        request.config.dropout = 0;
        request.config.learningRate = request.config.headLearningRate = 1e-12;
        request.config.batchSize = request.config.microBatch = 90;  // one step
        request.validation = request.train.texts;
        Recorder recorder;
        VERIFY_RESULT(m_nets->train(request, recorder, {}));

        auto divided = request;
        const engine::WindowedTexts parts(request.train.texts, request.windows);
        divided.validation = parts.windows;
        Recorder of;
        VERIFY_RESULT(m_nets->train(divided, of, {}));
        const auto probabilities = engine::softmax(of.validation.front());
        double loss = 0;
        for (size_t w = 0; w < parts.windows.size(); ++w) {
            const size_t text = parts.textOf[w];
            const auto label = static_cast<size_t>(request.train.labels[text]);
            loss -= std::log(static_cast<double>(probabilities.row(w)[label])) / static_cast<double>(parts.count(text));
        }
        loss /= static_cast<double>(request.train.texts.size());
        QVERIFY2(std::abs(recorder.losses.front() - loss) < 1e-5,
                 qPrintable(QString("%1 for %2").arg(recorder.losses.front()).arg(loss)));
        // In parts of few windows it is the same.
        request.config.microBatch = 7;
        Recorder parted;
        VERIFY_RESULT(m_nets->train(request, parted, {}));
        QVERIFY(std::abs(parted.losses.front() - loss) < 1e-5);
    }

    void aTextOfSeveralClassesCountsOnce()
    {
        auto request = windowedRequest({});
        request.config.task = engine::TaskType::MultiLabel;
        request.train.combinations = {{}, {0}, {1, 2}};
        request.config.epochs = 1;
        request.config.dropout = 0;
        request.config.learningRate = request.config.headLearningRate = 1e-12;
        request.config.batchSize = request.config.microBatch = 90;
        const engine::WindowedTexts parts(request.train.texts, request.windows);
        Recorder recorder, of;
        VERIFY_RESULT(m_nets->train(request, recorder, {}));
        request.validation = parts.windows;
        VERIFY_RESULT(m_nets->train(request, of, {}));
        const auto probabilities = engine::sigmoid(of.validation.front());
        double loss = 0;
        for (size_t w = 0; w < parts.windows.size(); ++w) {
            const size_t text = parts.textOf[w];
            const auto &own = request.train.combinations[static_cast<size_t>(request.train.labels[text])];
            for (int c = 0; c < 3; ++c) {
                const auto p = static_cast<double>(probabilities.row(w)[static_cast<size_t>(c)]);
                loss -=
                    std::log(std::ranges::count(own, c) > 0 ? p : 1 - p) / 3 / static_cast<double>(parts.count(text));
            }
        }
        loss /= static_cast<double>(request.train.texts.size());
        QVERIFY2(std::abs(recorder.losses.front() - loss) < 1e-5,
                 qPrintable(QString("%1 for %2").arg(recorder.losses.front()).arg(loss)));
    }

    void resumedItIsTheSame_data()
    {
        QTest::addColumn<int>("recipe");
        QTest::addColumn<int>("topLayers");
        QTest::newRow("all weights") << static_cast<int>(engine::Recipe::Finetune) << 0;
        QTest::newRow("top layers") << static_cast<int>(engine::Recipe::Finetune) << 1;
        QTest::newRow("adapters") << static_cast<int>(engine::Recipe::Lora) << 0;
        QTest::newRow("self-training") << static_cast<int>(engine::Recipe::SelfTraining) << 0;
    }
    void resumedItIsTheSame()
    {
        QFETCH(int, recipe);
        QFETCH(int, topLayers);
        const TempFolder folder;
        auto request = windowedRequest(folder / "whole");
        request.base = copiedBase("tiny_base", folder / "base");
        request.config.recipe = static_cast<engine::Recipe>(recipe);
        request.config.topLayers = topLayers;
        if (request.config.recipe == engine::Recipe::SelfTraining)
            request.unlabelled = longRows(40, 9).texts;
        Recorder whole;
        VERIFY_RESULT(m_nets->train(request, whole, {}));

        request.checkpoints = folder / "halves";
        Recorder first;
        first.stopAfterEpoch = 2;
        const auto stopped = m_nets->train(request, first, {first.stop.get_token()});
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
        request.resume = true;
        Recorder second;
        VERIFY_RESULT(m_nets->train(request, second, {}));
        QVERIFY(sameFile(folder / "whole/3/model.safetensors", folder / "halves/3/model.safetensors"));
        QCOMPARE(second.validation.back().values, whole.validation.back().values);
    }

    /// What each token adds goes to the text's tokens, also to those in two windows, and sums up to the answer.
    void anAnswerIsExplainedByAllWindows()
    {
        const TempFolder folder;
        auto request = windowedRequest(folder.path());
        request.base = copiedBase("tiny_base", folder / "base");
        request.checkpoints = folder / "checkpoints";
        request.config.epochs = 2;
        Recorder recorder;
        VERIFY_RESULT(m_nets->train(request, recorder, {}));
        const auto predictor = m_nets->loadPredictor(folder / "checkpoints/2", 2);
        VERIFY_RESULT(predictor);
        const auto &text = *std::ranges::max_element(request.test, {}, &TokenIds::size);
        QVERIFY(engine::windowsOf(text, request.windows).size() > 2);
        auto neutral = text;
        std::fill(neutral.begin() + 1, neutral.end() - 1, 0);
        const auto logits = (*predictor)->logits({text}, {});
        VERIFY_RESULT(logits);
        const auto found = (*predictor)->attribute(text, neutral, 0, {});
        VERIFY_RESULT(found);
        QCOMPARE(found->tokens.size(), text.size());
        const auto p = engine::softmax(*logits).row(0)[0];
        QVERIFY(std::abs(found->logOdds - std::log(static_cast<double>(p) / (1 - static_cast<double>(p)))) < 1e-3);
        const double sum = std::accumulate(found->tokens.begin(), found->tokens.end(), 0.0);
        QVERIFY2(std::abs(sum - (found->logOdds - found->neutralLogOdds)) <
                     0.05 * std::max(1.0, std::abs(found->logOdds - found->neutralLogOdds)),
                 qPrintable(QString("%1 of %2").arg(sum).arg(found->logOdds - found->neutralLogOdds)));
        QVERIFY(std::abs(found->tokens[text.size() - 2]) > 0);  // the last window's, too
    }

    void aCheckpointOfAnImpossibleRuleIsRefused()
    {
        const TempFolder folder;
        auto request = windowedRequest(folder.path());
        request.base = copiedBase("tiny_base", folder / "base");
        request.checkpoints = folder / "checkpoints";
        request.config.recipe = engine::Recipe::Seconds;
        Recorder recorder;
        VERIFY_RESULT(m_nets->train(request, recorder, {}));
        const auto file = folder / "checkpoints/1/config.json";
        auto config = nlohmann::json::parse(read(file));
        // A version that knows no windows does not take it for a checkpoint of its own.
        QCOMPARE(config.at("stillroom").at("pooling").get<std::string>(), std::string("mean-windows"));
        for (const char *wrong : {R"({"overlap":400,"most":32,"front":1,"back":1})", R"({"overlap":-1})", "7",
                                  R"({"overlap":1,"most":1000000000,"front":1,"back":1})"}) {
            config["stillroom"]["windows"] = nlohmann::json::parse(wrong);
            write(file, config.dump());
            QCOMPARE(engine::readWeightsInfo(file.parent_path()).error().code, base::ErrorCode::Corrupt);
        }
    }
};

QTEST_GUILESS_MAIN(WindowsTest)
#include "tst_windows.moc"
