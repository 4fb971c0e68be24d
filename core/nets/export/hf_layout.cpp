// SPDX-License-Identifier: Apache-2.0
#include "core/nets/export/hf_layout.h"

#include "core/base/atomic_file.h"
#include "core/engine/text/tokenizer_files.h"
#include "core/nets/export/mapped_head.h"
#include "core/nets/export/tensor_list.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace fs = std::filesystem;
using base::Result;
using engine::Pooling;
using nlohmann::ordered_json;

namespace nets {

namespace {

/// What only ModernBERT's settings have. Kinds of layers and bases of the rotation are said as its first files did,
/// too.
void addRotarySettings(ordered_json &config, const SequenceClassifier &classifier)
{
    const auto &rotary = classifier.info().encoder.rotary;
    const bool isNative = classifier.info().pooling == Pooling::Native;
    const bool poolsMean = isNative ? classifier.info().native.poolsMean : classifier.info().pooling == Pooling::Mean;
    const bool isGelu = isNative && classifier.info().native.activation == engine::HeadActivation::Gelu;
    config["classifier_pooling"] = poolsMean ? "mean" : "cls";
    config["classifier_activation"] = isGelu ? "gelu" : "linear";
    config["local_attention"] = 2 * rotary.reach;
    config["global_rope_theta"] = rotary.globalTheta;
    config["local_rope_theta"] = rotary.localTheta;
    config["layer_types"] = ordered_json::array();
    for (const char isLocal : rotary.isLocal)
        config["layer_types"].push_back(isLocal ? "sliding_attention" : "full_attention");
    const auto second = std::find(rotary.isLocal.begin() + 1, rotary.isLocal.end(), 0);
    config["global_attn_every_n_layers"] = second - rotary.isLocal.begin();
    for (const char *id : {"bos_token_id", "eos_token_id", "cls_token_id", "sep_token_id"})
        config[id] = nullptr;  // the tokenizer knows them; the family's own may be beyond a smaller vocabulary
}

ordered_json configJson(const SequenceClassifier &classifier, const engine::TrainRequest &request,
                        const engine::Calibration &calibration, int lastNormExponent)
{
    auto labels = request.labels;
    if (calibration.rejectLogit)
        labels.push_back(request.config.rejectClass);
    const auto &encoder = classifier.info().encoder;
    const engine::Architecture &architecture = *encoder.architecture;
    const auto &keys = architecture.keys;
    const Pooling pooling = classifier.info().pooling;
    ordered_json idToLabel = ordered_json::object();
    ordered_json labelToId = ordered_json::object();
    for (size_t i = 0; i < labels.size(); ++i) {
        idToLabel[std::to_string(i)] = labels[i];
        labelToId[labels[i]] = i;
    }
    const engine::WindowRule &windows = request.windows;
    ordered_json own{
        {"pooling", std::string(engine::name(pooling)).append(windows.isOn() ? engine::PoolingOfWindows : "")},
        {"encoder_layers", encoder.layers},
        {"max_length", request.config.maxLength}};
    if (windows.isOn())
        own["windows"] = {{"overlap", windows.overlap},
                          {"most", windows.most},
                          {"front", windows.front},
                          {"back", windows.back},
                          {"answer", "mean of logits"}};
    if (!classifier.info().textPrefix.empty())
        own["text_prefix"] = classifier.info().textPrefix;
    if (lastNormExponent > 0)
        own["last_norm_exponent"] = lastNormExponent;
    if (calibration.rejectLogit)
        own["reject_class"] = labels.back();
    if (!calibration.thresholds.empty())
        own["thresholds"] = calibration.thresholds;
    ordered_json config{{"architectures", {architecture.classifierClass}},
                        {"model_type", architecture.modelType},
                        {keys.hiddenSize, encoder.hiddenSize},
                        {keys.layers, encoder.layers + (needsMeanLayer(classifier) ? 1 : 0)},
                        {keys.heads, encoder.heads},
                        {keys.intermediateSize, encoder.intermediateSize},
                        {keys.activation, "gelu"},
                        {keys.hiddenDropout, 0.1},
                        {keys.attentionDropout, 0.1},
                        {"max_position_embeddings", encoder.firstPosition + encoder.maxPositions}};
    if (keys.typeVocabularySize)
        config[keys.typeVocabularySize] = encoder.typeVocabularySize;
    if (keys.layerNormEps)
        config[keys.layerNormEps] = encoder.layerNormEps;
    config["vocab_size"] = encoder.vocabularySize;
    config["pad_token_id"] = encoder.paddingId;
    if (architecture.encoder == engine::EncoderKind::Rotary)
        addRotarySettings(config, classifier);
    config["problem_type"] = engine::name(request.config.task);
    config["id2label"] = idToLabel;
    config["label2id"] = labelToId;
    config["torch_dtype"] = "float32";
    config["stillroom"] = own;
    return config;
}

}  // namespace

Result<void> writeHfFolder(const SequenceClassifier &classifier, const engine::TrainRequest &request,
                           const engine::Calibration &calibration, const fs::path &folder)
{
    const auto &encoder = classifier.info().encoder;
    const engine::Architecture &architecture = *encoder.architecture;
    const std::string prefix = architecture.prefix;
    const Pooling pooling = classifier.info().pooling;
    auto weight = classifier.head().weight.detach();
    auto bias = classifier.head().bias.detach();
    if (calibration.rejectLogit) {  // a class that sees nothing of the text
        weight = at::cat({weight, at::zeros({1, weight.size(1)}, weight.options())});
        bias = at::cat({bias, at::ones({1}, bias.options()) * *calibration.rejectLogit});
    }
    weight = weight / calibration.temperature;
    bias = bias / calibration.temperature;
    TensorList list;
    const NamedVisitor add = [&](const std::string &name, const at::Tensor &tensor) { list.add(name, tensor); };
    add(prefix + architecture.names.words + ".weight", classifier.encoder().words());
    int lastNormExponent = 0;
    if (needsMeanLayer(classifier)) {
        lastNormExponent = addEncoderWithMean(classifier.encoder(), add);
    } else {
        classifier.encoder().visit(
            [&](const std::string &name, const at::Tensor &tensor) { add(prefix + name, tensor); });
    }
    if (pooling == Pooling::Native) {
        visitNamed(add, architecture.headDense, classifier.nativeDense());
        if (architecture.headNorm)
            visitNamed(add, architecture.headNorm, classifier.nativeNorm());
        add(std::string(architecture.headOutput) + ".weight", weight);
        add(std::string(architecture.headOutput) + ".bias", bias);
    } else {
        addMappedHead(encoder, weight.to(at::kCPU), bias.to(at::kCPU), add);
    }
    TRY(list.write(folder / "model.safetensors"));
    TensorList head;
    head.add("head.weight", weight);
    head.add("head.bias", bias);
    TRY(head.write(folder / "stillroom_head.safetensors"));
    if (auto written = base::writeFile(folder / "config.json",
                                       configJson(classifier, request, calibration, lastNormExponent).dump(2));
        !written)
        return written;
    return engine::writeTokenizerFiles(
        request.base, {request.config.maxLength, encoder.paddingId, encoder.typeVocabularySize > 1}, folder);
}

}  // namespace nets
