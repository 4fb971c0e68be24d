// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nets_loader.h"
#include "core/engine/weights/safetensors.h"
#include "tests/support/support.h"

#include <cmath>
#include <cstring>

#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

using namespace support;

namespace {

struct Golden {
    std::vector<engine::TokenIds> texts;
    std::vector<std::vector<float>> logits, pooled;
};

Golden readGolden()
{
    Golden g;
    for (const auto &row : goldenJson("outputs.json")) {
        g.texts.push_back(row["ids"]);
        g.logits.push_back(row["logits"]);
        g.pooled.push_back(row["pooled"]);
    }
    return g;
}

float largestDifference(const engine::Matrix &values, const std::vector<std::vector<float>> &expected)
{
    float largest = 0;
    for (size_t i = 0; i < values.rows; ++i) {
        for (size_t j = 0; j < values.columns; ++j)
            largest = std::max(largest, std::abs(values.row(i)[j] - expected[i][j]));
    }
    return largest;
}

}  // namespace

class ClassifierTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void logitsAreThoseOfTransformers()
    {
        auto nets = engine::openNets();
        VERIFY_RESULT(nets);
        const auto g = readGolden();
        auto predictor = (*nets)->loadPredictor(golden("tiny_classifier"), 2);
        VERIFY_RESULT(predictor);
        QCOMPARE((*predictor)->info().labels, (std::vector<std::string>{"delivery", "refund", "invoice"}));
        // All at once: batches of mixed lengths are padded, and padding must not change an answer.
        const auto logits = (*predictor)->logits(g.texts, {});
        VERIFY_RESULT(logits);
        QVERIFY(largestDifference(*logits, g.logits) < 1e-4F);
    }

    void pooledMeansAreThoseOfTransformers()
    {
        auto nets = engine::openNets();
        VERIFY_RESULT(nets);
        const auto g = readGolden();
        auto embedder = (*nets)->loadEmbedder(golden("tiny_base"), 2);
        VERIFY_RESULT(embedder);
        const auto features = (*embedder)->features(g.texts, {});
        VERIFY_RESULT(features);
        QVERIFY(largestDifference(*features, g.pooled) < 1e-4F);
    }

    /// BERT's first weights, as the hub still has them: norms with a gamma and a beta.
    void oldNamesOfNormsAreRead()
    {
        auto nets = engine::openNets();
        VERIFY_RESULT(nets);
        const auto g = readGolden();
        const TempFolder folder;
        std::filesystem::copy(golden("tiny_base"), folder / "old", std::filesystem::copy_options::recursive);
        const auto file = engine::SafetensorsFile::open(golden("tiny_base/model.safetensors"));
        VERIFY_RESULT(file);
        std::vector<engine::TensorView> tensors = file->tensors();
        int renamed = 0;
        for (auto &tensor : tensors) {
            for (const auto &[now, before] :
                 {std::pair{"LayerNorm.weight", "LayerNorm.gamma"}, std::pair{"LayerNorm.bias", "LayerNorm.beta"}}) {
                if (tensor.name.ends_with(now)) {
                    tensor.name.replace(tensor.name.size() - std::strlen(now), std::string::npos, before);
                    ++renamed;
                }
            }
        }
        QVERIFY(renamed >= 4);
        VERIFY_RESULT(engine::writeSafetensors(folder / "old/model.safetensors", tensors));
        auto embedder = (*nets)->loadEmbedder(folder / "old", 2);
        VERIFY_RESULT(embedder);
        const auto features = (*embedder)->features(g.texts, {});
        VERIFY_RESULT(features);
        QVERIFY(largestDifference(*features, g.pooled) < 1e-4F);
    }

    void everyFamilyComputesAsTransformersDoes_data()
    {
        QTest::addColumn<QString>("folder");
        for (const char *folder : {"distilbert-0", "distilbert-1", "modernbert-0", "modernbert-1", "roberta-0",
                                   "roberta-1", "xlm-roberta-0", "xlm-roberta-1"})
            QTest::newRow(folder) << folder;
    }
    void everyFamilyComputesAsTransformersDoes()
    {
        QFETCH(QString, folder);
        auto nets = engine::openNets();
        VERIFY_RESULT(nets);
        const auto rows = goldenJson("families/outputs.json").at(folder.toStdString());
        std::vector<engine::TokenIds> texts;
        std::vector<std::vector<float>> logits, means;
        for (const auto &row : rows) {
            texts.push_back(row["ids"]);
            logits.push_back(row["logits"]);
            means.push_back(row["mean"]);
        }
        const auto place = golden("families/" + folder.toStdString());
        auto predictor = (*nets)->loadPredictor(place / "classifier", 2);
        VERIFY_RESULT(predictor);
        QCOMPARE((*predictor)->info().encoder.maxPositions, 40);
        const auto answers = (*predictor)->logits(texts, {});
        VERIFY_RESULT(answers);
        QVERIFY(largestDifference(*answers, logits) < 1e-4F);
        // Alone the encoder's tensors have no prefix. Pooling ends with a normalisation over the features.
        auto embedder = (*nets)->loadEmbedder(place / "base", 2);
        VERIFY_RESULT(embedder);
        const double eps = (*embedder)->info().encoder.layerNormEps;
        for (auto &mean : means) {
            double average = 0, square = 0;
            for (const float value : mean)
                average += static_cast<double>(value) / static_cast<double>(mean.size());
            for (const float value : mean)
                square += std::pow(static_cast<double>(value) - average, 2) / static_cast<double>(mean.size());
            for (float &value : mean)
                value = static_cast<float>((static_cast<double>(value) - average) / std::sqrt(square + eps));
        }
        const auto features = (*embedder)->features(texts, {});
        VERIFY_RESULT(features);
        QVERIFY(largestDifference(*features, means) < 1e-4F);
    }

    void modernBertsSettingsAreReadOrRefused_data()
    {
        QTest::addColumn<QByteArray>("patch");
        QTest::addColumn<QByteArray>("word");
        const auto row = [](const char *name, const char *patch, const char *word) {
            QTest::newRow(name) << QByteArray(patch) << QByteArray(word);
        };
        row("as its first files said it",
            "{\"layer_types\": null, \"rope_parameters\": null, \"global_attn_every_n_layers\": 3, "
            "\"global_rope_theta\": 900, \"local_rope_theta\": 50}",
            "");
        row("biases", "{\"mlp_bias\": true}", "mlp_bias");
        row("scaled rotation", "{\"rope_scaling\": {\"type\": \"linear\"}}", "rope_scaling");
        row("other rotation", "{\"rope_parameters\": {\"full_attention\": {\"rope_type\": \"yarn\"}}}", "cannot be");
        row("endless rotation", "{\"rope_parameters\": {\"full_attention\": {\"rope_theta\": 1e300}}}", "cannot be");
        row("kinds of fewer layers", "{\"layer_types\": [\"full_attention\"]}", "cannot be");
        row("no layer sees all", "{\"layer_types\": null, \"global_attn_every_n_layers\": 0}", "cannot be");
        row("a window of nothing", "{\"local_attention\": -1}", "cannot be");
        row("odd heads", "{\"num_attention_heads\": 16}", "odd size");
        row("another head", "{\"classifier_activation\": \"silu\"}", "silu");
    }
    void modernBertsSettingsAreReadOrRefused()
    {
        QFETCH(QByteArray, patch);
        QFETCH(QByteArray, word);
        const TempFolder folder;
        std::filesystem::copy(golden("families/modernbert-0/classifier"), folder / "c",
                              std::filesystem::copy_options::recursive);
        auto config = nlohmann::json::parse(read(folder / "c/config.json"));
        config.update(nlohmann::json::parse(patch.toStdString()));
        write(folder / "c/config.json", config.dump());
        auto nets = engine::openNets();
        VERIFY_RESULT(nets);
        const auto predictor = (*nets)->loadPredictor(folder / "c", 1);
        if (!word.isEmpty()) {
            QVERIFY(!predictor.has_value());
            QVERIFY2(predictor.error().message.find(word.toStdString()) != std::string::npos,
                     predictor.error().message.c_str());
            return;
        }
        VERIFY_RESULT(predictor);
        const auto rows = goldenJson("families/outputs.json").at("modernbert-0");
        std::vector<engine::TokenIds> texts;
        std::vector<std::vector<float>> logits;
        for (const auto &row : rows) {
            texts.push_back(row["ids"]);
            logits.push_back(row["logits"]);
        }
        const auto answers = (*predictor)->logits(texts, {});
        VERIFY_RESULT(answers);
        QVERIFY(largestDifference(*answers, logits) < 1e-4F);
    }

    void cancelEndsBetweenBatches()
    {
        auto nets = engine::openNets();
        VERIFY_RESULT(nets);
        auto predictor = (*nets)->loadPredictor(golden("tiny_classifier"), 1);
        VERIFY_RESULT(predictor);
        std::stop_source stop;
        stop.request_stop();
        const auto logits = (*predictor)->logits(readGolden().texts, {stop.get_token()});
        QVERIFY(!logits.has_value());
        QCOMPARE(logits.error().code, base::ErrorCode::Cancelled);
    }

    void refusesFoldersItCannotUse_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("word");
        const auto row = [](const char *name, const char *from, const char *to, const char *word) {
            QTest::newRow(name) << "config.json" << QByteArray(from) << QByteArray(to) << QByteArray(word);
        };
        row("other family", "\"model_type\": \"bert\"", "\"model_type\": \"gpt2\"", "gpt2");
        row("other activation", "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"relu\"", "relu");
        row("sizes that lie", "\"intermediate_size\": 64", "\"intermediate_size\": 65", "another shape");
        row("heads do not divide", "\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "no multiple");
        row("more layers than there are", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "lacks the tensor");
        row("size of zero", "\"hidden_size\": 32", "\"hidden_size\": 0", "size");
        row("size is text", "\"hidden_size\": 32", "\"hidden_size\": \"32\"", "wrong kind");
    }
    void refusesFoldersItCannotUse()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, word);
        const TempFolder folder;
        std::filesystem::copy(golden("tiny_classifier"), folder / "c", std::filesystem::copy_options::recursive);
        QByteArray text = QByteArray::fromStdString(read(folder / "c" / file.toStdString()));
        QVERIFY(text.contains(from));
        write(folder / "c" / file.toStdString(), text.replace(from, to).toStdString());
        auto nets = engine::openNets();
        VERIFY_RESULT(nets);
        const auto predictor = (*nets)->loadPredictor(folder / "c", 1);
        QVERIFY(!predictor.has_value());
        QVERIFY2(predictor.error().message.find(word.toStdString()) != std::string::npos,
                 predictor.error().message.c_str());
    }

    void weightsThatAreNoNumbersAreRefused()
    {
        const TempFolder folder;
        std::filesystem::copy(golden("tiny_classifier"), folder / "c", std::filesystem::copy_options::recursive);
        std::string bytes = read(folder / "c/model.safetensors");
        const uint32_t nan = 0x7FC00000;
        std::memcpy(bytes.data() + bytes.size() - 4, &nan, 4);
        write(folder / "c/model.safetensors", bytes);
        auto nets = engine::openNets();
        VERIFY_RESULT(nets);
        const auto predictor = (*nets)->loadPredictor(folder / "c", 1);
        QVERIFY(!predictor.has_value());
        QVERIFY(predictor.error().message.find("NaN") != std::string::npos);
    }

    void baseWeightsCannotClassify()
    {
        auto nets = engine::openNets();
        VERIFY_RESULT(nets);
        const auto predictor = (*nets)->loadPredictor(golden("tiny_base"), 1);
        QVERIFY(!predictor.has_value());
        QCOMPARE(predictor.error().code, base::ErrorCode::Unsupported);
    }

    void memoryThatRunsOutWhileScoringIsNoDefect()
    {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("a sanitizer ends the program where memory runs out");
#endif
        auto nets = engine::openNets();
        VERIFY_RESULT(nets);
        auto predictor = (*nets)->loadPredictor(golden("tiny_classifier"), 1);
        VERIFY_RESULT(predictor);
        auto embedder = (*nets)->loadEmbedder(golden("tiny_base"), 1);
        VERIFY_RESULT(embedder);
        const std::vector<engine::TokenIds> one{engine::TokenIds(8, 5)}, many(3000, engine::TokenIds(60, 5));
        VERIFY_RESULT((*predictor)->logits(one, {}));
        VERIFY_RESULT((*embedder)->features(one, {}));
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_AS, &before), 0);
        long pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        const auto now = static_cast<rlim_t>(pages) * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
        const rlimit tight{now + (rlim_t{1} << 18), before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_AS, &tight), 0);
        const auto logits = (*predictor)->logits(many, {});
        const auto features = (*embedder)->features(many, {});
        QCOMPARE(::setrlimit(RLIMIT_AS, &before), 0);
        QVERIFY(!logits);
        QCOMPARE(logits.error().code, base::ErrorCode::OutOfMemory);
        QVERIFY(!features);
        QCOMPARE(features.error().code, base::ErrorCode::OutOfMemory);
        VERIFY_RESULT((*predictor)->logits(one, {}));
    }
};

QTEST_GUILESS_MAIN(ClassifierTest)
#include "tst_classifier.moc"
