// SPDX-License-Identifier: Apache-2.0
// Adapters beside weights that stay, and gradients computed in pieces.
#include "core/engine/config/architecture_config.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/json/strict_json.h"
#include "core/engine/weights/safetensors.h"
#include "tests/support/token_rows.h"

#include <cmath>
#include <cstring>
#include <set>

namespace fs = std::filesystem;
using namespace support;

class LoraTest : public QObject {
    Q_OBJECT

private:
    engine::Nets *const m_nets = openedNets();

    static engine::TrainRequest request(const fs::path &checkpoints, const std::string &base = "tiny_base")
    {
        auto request = makeRequest(checkpoints);
        request.base = golden(base);
        request.config.recipe = engine::Recipe::Lora;
        request.config.loraRank = 4;
        request.config.loraAlpha = 8;
        request.config.learningRate = 1e-2;
        return request;
    }

    static std::span<const float> floats(const engine::TensorView &view)
    {
        return {reinterpret_cast<const float *>(view.data.data()), view.data.size() / sizeof(float)};
    }

    /// How far weights + scale B A is from what was written, at most.
    static double farthest(const engine::TensorView &base, const engine::TensorView &a, const engine::TensorView &b,
                           double scale, const engine::TensorView &merged)
    {
        const auto rank = static_cast<size_t>(a.shape[0]), in = static_cast<size_t>(a.shape[1]);
        double most = 0;
        for (size_t i = 0; i < floats(base).size(); ++i) {
            double sum = floats(base)[i];
            for (size_t k = 0; k < rank; ++k)
                sum += scale * double{floats(b)[i / in * rank + k]} * double{floats(a)[k * in + i % in]};
            most = std::max(most, std::abs(sum - double{floats(merged)[i]}));
        }
        return most;
    }

    /// Byte for byte; what was written 2^-exponent of itself, see EncoderConfig, by its values.
    static bool isSame(const engine::TensorView &before, const engine::TensorView &now, int exponent)
    {
        if (before.data.size() != now.data.size())
            return false;
        for (size_t i = 0; i < floats(before).size(); ++i) {
            if (std::ldexp(floats(now)[i], exponent) != floats(before)[i])
                return false;
        }
        return true;
    }

private Q_SLOTS:
    void checkpointsHoldTheMergedWeights_data()
    {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("prefix");
        QTest::addColumn<QString>("targets");
        QTest::addColumn<int>("adapters");
        QTest::newRow("BERT, all") << "tiny_base"
                                   << "bert."
                                   << "all-linear" << 12;
        QTest::newRow("BERT, some") << "tiny_base"
                                    << "bert."
                                    << "query, output.dense" << 6;
        QTest::newRow("RoBERTa") << "families/roberta-0/base"
                                 << "roberta."
                                 << "value" << 2;
        QTest::newRow("DistilBERT") << "families/distilbert-0/base"
                                    << "distilbert."
                                    << "q_lin,v_lin" << 4;
        QTest::newRow("ModernBERT") << "families/modernbert-0/base"
                                    << "model."
                                    << "Wqkv,mlp.Wi" << 8;
    }
    void checkpointsHoldTheMergedWeights()
    {
        QFETCH(QString, base);
        QFETCH(QString, prefix);
        QFETCH(QString, targets);
        const TempFolder folder;
        auto made = request(folder / "checkpoints");
        made.base = copiedBase(base.toStdString(), folder / "base");
        made.config.loraTargets = targets.toStdString();
        Recorder recorder;
        VERIFY_RESULT(m_nets->train(made, recorder, {}));
        QVERIFY2(recorder.losses.back() < recorder.losses.front(), "adapters learn");
        const auto before = engine::SafetensorsFile::open(made.base / "model.safetensors");
        const auto after = engine::SafetensorsFile::open(folder / "checkpoints/3/model.safetensors");
        const auto adapter = engine::SafetensorsFile::open(folder / "checkpoints/3/adapter/adapter_model.safetensors");
        VERIFY_RESULT(adapter);
        QTEST(static_cast<int>(adapter->tensors().size() / 2), "adapters");
        const int exponent = engine::readWeightsInfo(folder / "checkpoints/3")->lastNormExponent;
        int adapted = 0, scaled = 0;
        for (const auto &view : before->tensors()) {
            const auto *now = after->find(prefix.toStdString() + view.name);
            if (!now || view.name.starts_with("pooler"))
                continue;
            const std::string module = view.name.substr(0, view.name.rfind('.'));
            const std::string scope = "base_model.model." + module;
            const auto *a = adapter->find(scope + ".lora_A.weight");
            const auto *b = adapter->find(scope + ".lora_B.weight");
            if (a && b && view.name.ends_with(".weight")) {
                ++adapted;
                QVERIFY2(farthest(view, *a, *b, 2, *now) < 1e-5, view.name.c_str());
                QVERIFY2(std::memcmp(now->data.data(), view.data.data(), view.data.size()) != 0, view.name.c_str());
            } else {
                const bool isWhole = isSame(view, *now, 0);
                QVERIFY2(isWhole || isSame(view, *now, exponent), view.name.c_str());
                scaled += isWhole ? 0 : 1;
            }
        }
        QTEST(adapted, "adapters");
        QVERIFY2(scaled <= 2, "only the last normalisation is written smaller");
        // The form that is written answers as the run was told it does; the recorder's temperature of 2 is in its head.
        auto predictor = m_nets->loadPredictor(folder / "checkpoints/3", 2);
        VERIFY_RESULT(predictor);
        const auto logits = (*predictor)->logits(made.validation, {});
        for (size_t i = 0; i < logits->values.size(); ++i)
            QVERIFY(std::abs(2 * logits->values[i] - recorder.validation.back().values[i]) < 1e-4F);
    }

    /// One batch an epoch and no dropout: the loss at the second step, beside the weights, is that of the scores after
    /// the first, in the weights.
    void mergedAnswersAreThoseOfTheAdapters()
    {
        for (const char *base : {"tiny_base", "families/modernbert-0/base"}) {
            auto made = request({}, base);
            made.config.batchSize = made.config.microBatch = static_cast<int>(made.train.texts.size());
            made.config.dropout = 0;
            made.config.warmupRatio = 0;
            made.config.schedule = engine::Schedule::Constant;
            made.config.epochs = 2;
            made.validation = made.train.texts;
            Recorder recorder;
            VERIFY_RESULT(m_nets->train(made, recorder, {}));
            const auto report =
                engine::classificationReport(engine::softmax(recorder.validation[0]), made.train.labels);
            QVERIFY2(std::abs(report.logLoss - recorder.steps[1]) < 1e-5, base);
            QVERIFY(std::abs(recorder.steps[1] - recorder.steps[0]) > 1e-3);
        }
    }

    void theAdapterSaysWhatPeftWantsToKnow()
    {
        const TempFolder folder;
        auto made = request(folder / "checkpoints");
        made.config.loraTargets = "query,value";
        made.config.loraDropout = 0.1;
        made.config.topLayers = 1;
        Recorder recorder;
        VERIFY_RESULT(m_nets->train(made, recorder, {}));
        const auto adapter = folder / "checkpoints/3/adapter";
        const auto settings = engine::parseStrictJson(read(adapter / "adapter_config.json"));
        VERIFY_RESULT(settings);
        QCOMPARE(settings->at("peft_type"), "LORA");
        QCOMPARE(settings->at("r"), 4);
        QCOMPARE(settings->at("lora_alpha"), 8.0);
        QCOMPARE(settings->at("lora_dropout"), 0.1);
        QVERIFY(settings->at("base_model_name_or_path").is_null());
        QCOMPARE(settings->at("layers_to_transform"), nlohmann::json({1}));
        const auto file = engine::SafetensorsFile::open(adapter / "adapter_model.safetensors");
        std::set<std::string> names;
        for (const auto &view : file->tensors())
            names.insert(view.name);
        const std::string layer = "base_model.model.encoder.layer.1.attention.self.";
        const std::set<std::string> wanted{layer + "query.lora_A.weight", layer + "query.lora_B.weight",
                                           layer + "value.lora_A.weight", layer + "value.lora_B.weight"};
        QVERIFY2(names == wanted, "only the top layer has adapters");
    }

    void resumesToTheBit()
    {
        const TempFolder folder;
        Recorder whole, broken, rest;
        auto made = request(folder / "whole");
        made.config.loraDropout = 0.1;
        VERIFY_RESULT(m_nets->train(made, whole, {}));
        made.checkpoints = folder / "broken";
        broken.stopAfterEpoch = 1;
        QVERIFY(!m_nets->train(made, broken, {broken.stop.get_token()}).has_value());
        made.resume = true;
        VERIFY_RESULT(m_nets->train(made, rest, {}));
        QCOMPARE(rest.losses.size(), size_t{2});
        QCOMPARE(rest.losses.back(), whole.losses.back());
        for (const char *file :
             {"model.safetensors", "stillroom_head.safetensors", "adapter/adapter_model.safetensors"})
            QVERIFY2(sameFile(folder / "whole/3" / file, folder / "broken/3" / file), file);
    }

    void aLayerThatIsNotThereIsSaid()
    {
        auto made = request({});
        Recorder recorder;
        made.config.loraTargets = "query,q_proj";
        const auto refused = m_nets->train(made, recorder, {});
        QVERIFY(!refused.has_value());
        QVERIFY(refused.error().message.find("q_proj") != std::string::npos);
        QVERIFY2(refused.error().message.find("attention.self.query") != std::string::npos,
                 refused.error().message.c_str());
        made.config.loraTargets = " , ";
        QVERIFY(!m_nets->train(made, recorder, {}).has_value());
        QVERIFY(recorder.steps.empty());
    }

    void gradientsInPiecesAreTheSameToTheBit_data()
    {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<int>("topLayers");
        for (const char *base : {"tiny_base", "families/roberta-0/base", "families/modernbert-0/base"}) {
            QTest::addRow("%s, all weights", base) << base << "finetune" << 0;
            QTest::addRow("%s, top layer", base) << base << "finetune" << 1;
            QTest::addRow("%s, adapters", base) << base << "lora" << 0;
        }
    }
    void gradientsInPiecesAreTheSameToTheBit()
    {
        QFETCH(QString, base);
        QFETCH(QString, recipe);
        QFETCH(int, topLayers);
        const TempFolder folder;
        auto made = request(folder / "at once");
        made.base = copiedBase(base.toStdString(), folder / "base");
        made.config.recipe = *engine::named<engine::Recipe>(recipe.toStdString());
        made.config.topLayers = topLayers;
        made.config.loraDropout = 0.1;
        made.config.learningRate = 1e-3;
        made.scratch = folder.path();
        made.config.epochs = 2;
        Recorder atOnce, inPieces;
        VERIFY_RESULT(m_nets->train(made, atOnce, {}));
        made.checkpoints = folder / "in pieces";
        made.config.checkpointsGradients = true;
        VERIFY_RESULT(m_nets->train(made, inPieces, {}));
        QVERIFY(atOnce.steps == inPieces.steps);
        QVERIFY(sameFile(folder / "at once/2/model.safetensors", folder / "in pieces/2/model.safetensors"));
    }
};

QTEST_GUILESS_MAIN(LoraTest)
#include "tst_lora.moc"
