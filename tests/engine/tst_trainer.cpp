// SPDX-License-Identifier: Apache-2.0
#include "core/base/memory.h"
#include "core/engine/config/memory_estimate.h"
#include "core/engine/data/class_balance.h"
#include "core/engine/eval/metrics.h"
#include "tests/support/token_rows.h"

#include <atomic>
#include <cmath>
#include <thread>

namespace fs = std::filesystem;
using namespace support;

class TrainerTest : public QObject {
    Q_OBJECT

private:
    engine::Nets *const m_nets = openedNets();

private Q_SLOTS:
    void lossFallsAndHeldOutRowsAreLearned()
    {
        Recorder recorder;
        auto request = makeRequest({});
        request.config.epochs = 6;
        VERIFY_RESULT(m_nets->train(request, recorder, {}));
        QCOMPARE(recorder.losses.size(), size_t{6});
        QVERIFY(recorder.losses.back() < recorder.losses.front());
        const auto report =
            engine::classificationReport(engine::softmax(recorder.validation.back()), makeRows(30, 2).labels);
        QVERIFY2(report.accuracy > 0.6, std::to_string(report.accuracy).c_str());
    }

    void resumeIsBitIdenticalToAnUnbrokenRun()
    {
        const TempFolder folder;
        Recorder whole;
        VERIFY_RESULT(m_nets->train(makeRequest(folder / "whole"), whole, {}));

        Recorder broken;
        broken.stopAfterEpoch = 1;
        auto request = makeRequest(folder / "broken");
        const auto stopped = m_nets->train(request, broken, {broken.stop.get_token()});
        QVERIFY(!stopped.has_value());
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
        QVERIFY(fs::exists(folder / "broken/1/training_state.json"));

        // Something else that uses the process's random numbers in between must not matter.
        Recorder other;
        VERIFY_RESULT(m_nets->train(makeRequest({}), other, {}));

        Recorder rest;
        request.resume = true;
        VERIFY_RESULT(m_nets->train(request, rest, {}));
        QCOMPARE(rest.losses.size(), size_t{2});
        QCOMPARE(rest.losses[0], whole.losses[1]);
        QCOMPARE(rest.losses[1], whole.losses[2]);
        for (const char *epoch : {"1", "2", "3"}) {
            QVERIFY2(sameFile(folder / "whole" / epoch / "model.safetensors",
                              folder / "broken" / epoch / "model.safetensors"),
                     epoch);
            QVERIFY(sameFile(folder / "whole" / epoch / "stillroom_head.safetensors",
                             folder / "broken" / epoch / "stillroom_head.safetensors"));
            QVERIFY2(!fs::exists(folder / "broken" / epoch / "training_state.json"),
                     "a complete run keeps no training state");
        }
    }

    /// Somebody tries texts with one thread while a run trains with two.
    void workBesideARunDoesNotChangeIt()
    {
        const TempFolder folder;
        Recorder alone;
        VERIFY_RESULT(m_nets->train(makeRequest(folder / "alone"), alone, {}));
        std::atomic<int> readings = 0;
        Recorder beside;
        {
            const std::jthread other([&](const std::stop_token &stop) {
                const auto embedder = m_nets->loadEmbedder(golden("tiny_base"), 1);
                while (embedder && !stop.stop_requested())
                    readings += (*embedder)->features(makeRows(5, 9).texts, {}) ? 1 : 0;
            });
            VERIFY_RESULT(m_nets->train(makeRequest(folder / "beside"), beside, {}));
        }
        QVERIFY(readings > 0);
        QCOMPARE(beside.losses, alone.losses);
        QVERIFY(sameFile(folder / "alone/3/model.safetensors", folder / "beside/3/model.safetensors"));
    }

    void stopWithinAnEpochKeepsTheEpochsBefore()
    {
        const TempFolder folder;
        Recorder recorder;
        base::WorkContext context{recorder.stop.get_token()};
        context.report = [&](const base::Progress &p) {
            if (p.phase == "Training" && p.done == 15)
                recorder.stop.request_stop();
        };
        const auto stopped = m_nets->train(makeRequest(folder.path()), recorder, context);
        QVERIFY(!stopped.has_value());
        QCOMPARE(recorder.steps.size(), size_t{15});
        QVERIFY(fs::exists(folder / "1/model.safetensors"));
        QVERIFY(!fs::exists(folder / "2"));
    }

    void theEstimateOfMemoryGrowsWithWhatIsAsked()
    {
        const engine::EncoderConfig bert{30522, 384, 6, 12, 1536, 512, 2};
        engine::TrainingConfig config;
        engine::TextSizes texts;
        texts.add(std::vector<std::vector<int32_t>>(1000, std::vector<int32_t>(256, 7)));
        texts.add({{7, 8, 9}});
        QCOMPARE(texts.words, int64_t{3});
        QCOMPARE(texts.lengths.size(), size_t{1001});
        const auto whole = engine::trainingMemory(bert, config, texts, 8);
        QCOMPARE(engine::fittingMicroBatch(bert, config, texts, 8, whole), 32);
        QCOMPARE(engine::fittingMicroBatch(bert, config, texts, 8, whole - 1), 16);
        QCOMPARE(engine::fittingMicroBatch(bert, config, texts, 8, 100'000'000), 0);
        config.microBatch = 1;
        const auto least = engine::trainingMemory(bert, config, texts, 8);
        QVERIFY(least < whole);
        config.microBatch = 32;
        QCOMPARE(engine::fittingMicroBatch(bert, config, texts, 8, least), 1);
        config.recipe = engine::Recipe::Seconds;
        QVERIFY(engine::trainingMemory(bert, config, texts, 8) < least);
        const auto head = engine::trainingDisk(bert, config, texts, 8);
        config.recipe = engine::Recipe::Finetune;
        config.epochs = 1;
        const auto one = engine::trainingDisk(bert, config, texts, 8);
        config.epochs = 5;
        const auto five = engine::trainingDisk(bert, config, texts, 8);
        QVERIFY(one > head && five > one + 3 * head);
        QVERIFY(base::availableMemory() > 0);
    }

    void microBatchesAddUp()
    {
        Recorder at8, at4;
        auto request = makeRequest({});
        request.config.dropout = 0;  // masks differ by shape
        request.config.epochs = 1;
        VERIFY_RESULT(m_nets->train(request, at8, {}));
        request.config.microBatch = 4;
        VERIFY_RESULT(m_nets->train(request, at4, {}));
        for (size_t i = 0; i < at8.steps.size(); ++i)
            QVERIFY(std::abs(at8.steps[i] - at4.steps[i]) < 1e-3);
    }

    void checkpointAnswersAlikeInBothOfItsForms_data()
    {
        QTest::addColumn<QString>("base");
        QTest::addColumn<bool>("seconds");
        QTest::addColumn<int>("addedLayers");
        for (const bool seconds : {true, false}) {
            const char *recipe = seconds ? "seconds" : "finetune";
            QTest::addRow("mean, %s", recipe) << "tiny_base" << seconds << 1;
            QTest::addRow("first token, %s", recipe) << "tiny_base, cls" << seconds << 0;
            QTest::addRow("someone's classifier, %s", recipe) << "tiny_classifier" << seconds << 0;
            for (const char *family : {"distilbert", "modernbert", "roberta", "xlm-roberta"}) {
                const int added = std::string(family) == "modernbert" ? 0 : 1;  // it can take the mean itself
                const QString folder = QStringLiteral("families/%1-0/").arg(family);
                QTest::addRow("%s, mean, %s", family, recipe) << folder + "base" << seconds << added;
                QTest::addRow("%s, first token, %s", family, recipe) << folder + "base, cls" << seconds << 0;
                QTest::addRow("%s, someone's classifier, %s", family, recipe) << folder + "classifier" << seconds << 0;
            }
        }
    }
    void checkpointAnswersAlikeInBothOfItsForms()
    {
        QFETCH(QString, base);
        QFETCH(bool, seconds);
        QFETCH(int, addedLayers);
        const TempFolder folder;
        Recorder recorder;
        auto request = makeRequest(folder / "checkpoints");
        request.base = folder / "base";
        fs::copy(golden(base.section(", ", 0, 0).toStdString()), request.base, fs::copy_options::recursive);
        if (base.endsWith("cls"))
            write(request.base / "1_Pooling/config.json",
                  R"({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false})");
        if (base.startsWith("families"))
            fs::copy_file(golden("tokenizers/roberta.json"), request.base / "tokenizer.json");
        request.config.recipe = seconds ? engine::Recipe::Seconds : engine::Recipe::Finetune;
        request.config.epochs = 1;
        VERIFY_RESULT(m_nets->train(request, recorder, {}));
        // As transformers reads it: without the plain head beside it.
        fs::create_directories(folder / "native");
        for (const char *name : {"config.json", "model.safetensors", "tokenizer.json"})
            fs::copy_file(folder / "checkpoints/1" / name, folder / "native" / name);
        auto ours = m_nets->loadPredictor(folder / "checkpoints/1", 2);
        auto native = m_nets->loadPredictor(folder / "native", 2);
        VERIFY_RESULT(ours);
        VERIFY_RESULT(native);
        QCOMPARE((*native)->info().encoder.layers, (*ours)->info().encoder.layers + addedLayers);
        const auto settings = nlohmann::json::parse(read(folder / "checkpoints/1/tokenizer_config.json"));
        QCOMPARE(settings.at("tokenizer_class"), "PreTrainedTokenizerFast");
        QCOMPARE(settings.value("pad_token", std::string()), base.startsWith("families") ? "<pad>" : "[PAD]");
        QCOMPARE(settings.at("model_max_length"), request.config.maxLength);
        const auto a = (*ours)->logits(makeRows(30, 3).texts, {});
        const auto b = (*native)->logits(makeRows(30, 3).texts, {});
        VERIFY_RESULT(a);
        VERIFY_RESULT(b);
        for (size_t i = 0; i < a->values.size(); ++i)
            QVERIFY(std::abs(a->values[i] - b->values[i]) < 1e-4F);
    }

    void temperatureIsFoldedIntoTheCheckpoint()
    {
        const TempFolder folder;
        Recorder recorder;
        auto request = makeRequest(folder.path());
        request.config.recipe = engine::Recipe::Seconds;
        request.validation = request.train.texts;
        VERIFY_RESULT(m_nets->train(request, recorder, {}));
        auto predictor = m_nets->loadPredictor(folder / "1", 2);
        VERIFY_RESULT(predictor);
        const auto cold = (*predictor)->logits(request.validation, {});
        VERIFY_RESULT(cold);
        for (size_t i = 0; i < cold->values.size(); ++i)
            QVERIFY(std::abs(cold->values[i] * 2 - recorder.validation[0].values[i]) < 1e-3F);
    }

    void trainingGoesOnFromAnOwnCheckpoint()
    {
        const TempFolder folder;
        Recorder first, second;
        VERIFY_RESULT(m_nets->train(makeRequest(folder / "first"), first, {}));
        auto request = makeRequest({});
        request.base = folder / "first/3";
        request.config.epochs = 1;
        VERIFY_RESULT(m_nets->train(request, second, {}));
        QVERIFY2(second.losses[0] < first.losses[0], "it starts where the other ended");
    }

    void rareClassesCountMoreOrComeMoreOften()
    {
        const std::vector<int> labels{0, 0, 0, 0, 0, 0, 2, 2};
        const auto equal = engine::equalAmounts(labels, 3);
        QCOMPARE(engine::classWeights(labels, equal), (std::vector<double>{8.0 / 12, 0, 2}));
        const auto rows = engine::balancedRows(labels, equal, 1, 1);
        QCOMPARE(rows.size(), labels.size());
        QCOMPARE(std::count_if(rows.begin(), rows.end(), [](size_t row) { return row >= 6; }), std::ptrdiff_t{4});
        for (const size_t row : {6, 7})
            QCOMPARE(std::count(rows.begin(), rows.end(), row), std::ptrdiff_t{2});
        QCOMPARE(engine::balancedRows(labels, equal, 1, 1), rows);
        QVERIFY(engine::balancedRows(labels, equal, 1, 2) != rows);
        QVERIFY(engine::balancedRows({}, {}, 1, 1).empty());

        // One class has a tenth of the rows.
        auto request = makeRequest({});
        const auto all = std::exchange(request.train, {});
        for (size_t i = 0; i < all.labels.size(); ++i) {
            if (all.labels[i] == 2 && i >= 12)
                continue;
            request.train.texts.push_back(all.texts[i]);
            request.train.labels.push_back(all.labels[i]);
        }
        const auto shareOfTheRare = [&](engine::Balance balance) {
            request.config.balance = balance;
            Recorder recorder;
            if (!m_nets->train(request, recorder, {}))
                qFatal("not trained");
            const auto probabilities = engine::softmax(recorder.validation.back());
            double sum = 0;
            for (size_t i = 0; i < probabilities.rows; ++i)
                sum += static_cast<double>(probabilities.row(i)[2]);
            return sum;
        };
        const auto plain = shareOfTheRare(engine::Balance::None);
        const auto weighted = shareOfTheRare(engine::Balance::Weights);
        const auto sampled = shareOfTheRare(engine::Balance::Sampling);
        QVERIFY2(weighted > plain && sampled > plain,
                 qPrintable(QString("%1, %2, %3").arg(plain).arg(weighted).arg(sampled)));
        // Most of each pass of the rare class is more than a third.
        request.config.rebalance = "c=0.8";
        QVERIFY(shareOfTheRare(engine::Balance::Weights) > weighted);
        QVERIFY(shareOfTheRare(engine::Balance::Sampling) > sampled);
        QCOMPARE(shareOfTheRare(engine::Balance::None), plain);
    }

    void howMuchOfEachClassIsReadAsSharesOrRows()
    {
        const std::vector<std::string> names{"a", "b = c", "d"};
        std::vector<int> labels(60, 0);
        labels.insert(labels.end(), 30, 1);
        labels.insert(labels.end(), 10, 2);
        const auto amounts = [&](const char *text) {
            auto read = engine::parseAmounts(text, names, labels).value();
            for (double &amount : read)
                amount = std::round(amount * 1e6) / 1e6;
            return read;
        };
        QCOMPARE(amounts(""), (engine::Amounts{60, 30, 10}));
        QCOMPARE(amounts("d=0.55"), (engine::Amounts{30, 15, 55}));
        QCOMPARE(amounts(" d = 0.5 , b = c=0.3,a=0.1"), (engine::Amounts{10, 30, 50}));
        QCOMPARE(amounts("d=40,a=20"), (engine::Amounts{20, 30, 40}));
        const auto rows = engine::balancedRows(labels, amounts("d=40,a=20"), 1, 1);
        QCOMPARE(rows.size(), size_t{90});
        QCOMPARE(std::count_if(rows.begin(), rows.end(), [](size_t row) { return row < 60; }), std::ptrdiff_t{20});
        for (size_t row = 90; row < 100; ++row)
            QCOMPARE(std::count(rows.begin(), rows.end(), row), std::ptrdiff_t{4});
        for (const char *text : {"x=0.5", "a", "a=", "a=-1", "a=0", "a=nan", "a=0.5,d=30", "a=0.5,a=0.2", "a=0.9,d=0.3",
                                 "a=1", "a=1e99", "a=0.5 rows"})
            QVERIFY2(!engine::parseAmounts(text, names, labels).has_value(), text);

        // More rows are more steps.
        auto request = makeRequest({});
        request.config.epochs = 1;
        request.config.balance = engine::Balance::Sampling;
        request.config.rebalance = "a=300";
        Recorder recorder;
        VERIFY_RESULT(m_nets->train(request, recorder, {}));
        QCOMPARE(recorder.steps.size(), size_t{45});
    }

    void weightsAndSmoothingAreThoseOfPyTorch()
    {
        // With nothing learned the loss is that of the validation logits, by the formula.
        auto request = makeRequest({});
        request.train.labels[0] = request.train.labels[3] = 1;  // so that classes differ in size
        request.config.epochs = 1;
        request.config.batchSize = request.config.microBatch = 90;
        request.config.learningRate = request.config.headLearningRate = 1e-12;
        request.config.dropout = 0;
        request.config.balance = engine::Balance::Weights;
        request.config.labelSmoothing = 0.1;
        request.validation = request.train.texts;
        Recorder recorder;
        VERIFY_RESULT(m_nets->train(request, recorder, {}));
        const auto weights = engine::classWeights(request.train.labels, engine::equalAmounts(request.train.labels, 3));
        const auto probabilities = engine::softmax(recorder.validation.front());
        double loss = 0;
        for (size_t i = 0; i < 90; ++i) {
            const auto label = static_cast<size_t>(request.train.labels[i]);
            for (size_t c = 0; c < 3; ++c) {
                const double target = (c == label ? 0.9 : 0.0) + 0.1 / 3;
                loss -= target * weights[c] * std::log(static_cast<double>(probabilities.row(i)[c])) / 90;
            }
        }
        QVERIFY2(std::abs(recorder.losses.front() - loss) < 1e-4,
                 qPrintable(QString("%1, %2").arg(recorder.losses.front()).arg(loss)));
    }

    void anObserverEndsARun()
    {
        const TempFolder folder;
        Recorder recorder;
        recorder.lastEpoch = 2;
        auto request = makeRequest(folder / "checkpoints");
        const auto summary = m_nets->train(request, recorder, {});
        VERIFY_RESULT(summary);
        QCOMPARE(summary->epochsDone, 2);
        QCOMPARE(recorder.losses.size(), size_t{2});
        QVERIFY(fs::exists(folder / "checkpoints/2/config.json") && !fs::exists(folder / "checkpoints/3"));
        QVERIFY2(!fs::exists(folder / "checkpoints/2/training_state.safetensors"), "the run is complete");
    }

    void severalLabelsAreTrainedByBinaryCrossEntropy()
    {
        auto request = makeRequest({});
        request.config.task = engine::TaskType::MultiLabel;
        request.train.combinations = {{}, {0, 2}, {1}};
        request.config.epochs = 1;
        request.config.learningRate = request.config.headLearningRate = 1e-12;  // what is measured stays as it is
        request.config.dropout = 0;
        request.validation = request.train.texts;
        Recorder recorder;
        VERIFY_RESULT(m_nets->train(request, recorder, {}));
        const auto report = engine::classificationReport(engine::sigmoid(recorder.validation.front()),
                                                         request.train.labels, request.train.combinations);
        QVERIFY(std::abs(recorder.losses.front() - report.logLoss) < 1e-4);

        request.config.epochs = 6;
        request.config.learningRate = request.config.headLearningRate = 1e-3;
        Recorder learning;
        VERIFY_RESULT(m_nets->train(request, learning, {}));
        QVERIFY(learning.losses.back() < learning.losses.front());
    }
};

QTEST_GUILESS_MAIN(TrainerTest)
#include "tst_trainer.moc"
