// SPDX-License-Identifier: Apache-2.0
#include "core/nets/export/hf_layout.h"

#include "core/base/atomic_file.h"
#include "core/engine/json/strict_json.h"
#include "core/nets/export/tensor_list.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <algorithm>

namespace fs = std::filesystem;
using base::Result;
using engine::Pooling;
using nlohmann::ordered_json;

namespace nets {

namespace {

constexpr double TanhScale = 1e-4;
constexpr double ReluShift = 64;
constexpr double MeanScale = 1e6;

/// Families that can pool the mean themselves need no layer for it.
bool needsMeanLayer(const SequenceClassifier &classifier)
{
    return classifier.info().pooling == Pooling::Mean &&
           classifier.info().encoder.architecture->encoder == engine::EncoderKind::PostNorm;
}

void addMeanLayer(TensorList &list, const engine::EncoderConfig &config)
{
    const int64_t h = config.hiddenSize;
    const int64_t i = config.intermediateSize;
    const auto &names = config.architecture->names;
    const std::string scope =
        std::string(config.architecture->prefix) + names.layer + std::to_string(config.layers) + ".";
    const auto linear = [&](const char *name, const at::Tensor &weight) {
        list.add(scope + name + ".weight", weight);
        list.add(scope + name + ".bias", at::zeros({weight.size(0)}));
    };
    const auto norm = [&](const char *name) {
        list.add(scope + name + ".weight", at::ones({h}));
        list.add(scope + name + ".bias", at::zeros({h}));
    };
    linear(names.query, at::zeros({h, h}));
    linear(names.key, at::zeros({h, h}));
    linear(names.value, at::eye(h) * MeanScale);
    linear(names.attentionOutput, at::eye(h));
    norm(names.attentionNorm);
    linear(names.intermediate, at::zeros({i, h}));
    linear(names.output, at::zeros({h, i}));
    norm(names.outputNorm);
}

/// The classifier's dense layer lets pass what it is given, as far as its activation can, and the last layer makes up
/// for what it did to it. Where the family ends with a normalisation, so does our pooling.
void addPassingHead(TensorList &list, const engine::EncoderConfig &config, const at::Tensor &weight,
                    const at::Tensor &bias)
{
    const engine::Architecture &architecture = *config.architecture;
    const auto tensor = [&](const char *layer, const char *part, const at::Tensor &value) {
        list.add(std::string(layer) + part, value);
    };
    if (architecture.headNorm) {
        tensor(architecture.headDense, ".weight", at::eye(config.hiddenSize));
        tensor(architecture.headNorm, ".weight", at::ones({config.hiddenSize}));
        tensor(architecture.headOutput, ".weight", weight);
        tensor(architecture.headOutput, ".bias", bias);
        return;
    }
    const bool isTanh = architecture.headActivation == engine::HeadActivation::Tanh;
    tensor(architecture.headDense, ".weight",
           isTanh ? at::eye(config.hiddenSize) * TanhScale : at::eye(config.hiddenSize));
    tensor(architecture.headDense, ".bias",
           isTanh ? at::zeros({config.hiddenSize}) : at::ones({config.hiddenSize}) * ReluShift);
    tensor(architecture.headOutput, ".weight", isTanh ? weight / TanhScale : weight);
    tensor(architecture.headOutput, ".bias", isTanh ? bias : bias - weight.sum(1) * ReluShift);
}

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
                        const engine::Calibration &calibration)
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
    ordered_json own{{"pooling", engine::name(pooling)},
                     {"encoder_layers", encoder.layers},
                     {"max_length", request.config.maxLength}};
    if (!classifier.info().textPrefix.empty())
        own["text_prefix"] = classifier.info().textPrefix;
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

/// Settings that make transformers read a tokenizer.json as it is. WordPiece has a class of its own in each family,
/// which knows its special tokens; the class for all kinds has to be told.
void setTokenizerClass(nlohmann::json &settings, const nlohmann::json &tokenizer, const engine::Architecture &family)
{
    const nlohmann::json model = tokenizer.value("model", nlohmann::json::object());
    if (model.value("type", std::string("WordPiece")) == "WordPiece" && !model.contains("merges") &&
        model.value("vocab", nlohmann::json()).is_object()) {
        settings["tokenizer_class"] = family.wordPieceClass;
        return;
    }
    settings["tokenizer_class"] = "PreTrainedTokenizerFast";
    settings["model_input_names"] = {"input_ids", "attention_mask"};
    for (const auto &token : tokenizer.value("added_tokens", nlohmann::json::array())) {
        if (const auto content = token.value("content", std::string()); content == "<pad>" || content == "[PAD]")
            settings["pad_token"] = content;
    }
}

/// The tokenizer, with truncation and padding left to the caller of it and the length it was trained with.
Result<void> writeTokenizer(const fs::path &base, int maxLength, const engine::Architecture &family,
                            const fs::path &folder)
{
    std::error_code code;
    for (const char *name : {"vocab.txt", "special_tokens_map.json"}) {
        if (fs::exists(base / name, code) &&
            !fs::copy_file(base / name, folder / name, fs::copy_options::overwrite_existing, code))
            return base::Failure(base::systemError(code.value(), folder / name));
    }
    const auto readJson = [&](const char *name, bool isNeeded) -> Result<nlohmann::json> {
        auto bytes = base::readFile(base / name);
        if (!bytes && isNeeded)
            return base::failure(bytes);
        auto root = engine::parseStrictJson(bytes.value_or("{}"), {.maxDepth = 32, .allowDuplicates = true});
        if (!root || !root->is_object())
            return base::failure(base::ErrorCode::Corrupt,
                                 "This file is no JSON object" + (root ? std::string() : ": " + root.error().message) +
                                     ".",
                                 (base / name).string());
        return root;
    };
    auto tokenizer = readJson("tokenizer.json", true);
    auto settings = readJson("tokenizer_config.json", false);
    if (!tokenizer)
        return base::failure(tokenizer);
    if (!settings)
        return base::failure(settings);
    (*tokenizer)["truncation"] = nullptr;
    (*tokenizer)["padding"] = nullptr;
    settings->erase("name_or_path");
    (*settings)["model_max_length"] = maxLength;
    setTokenizerClass(*settings, *tokenizer, family);
    if (auto written = base::writeFile(folder / "tokenizer.json", tokenizer->dump()); !written)
        return written;
    return base::writeFile(folder / "tokenizer_config.json", settings->dump());
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
    list.add(prefix + architecture.names.words + ".weight", classifier.encoder().words());
    classifier.encoder().visit(
        [&](const std::string &name, const at::Tensor &tensor) { list.add(prefix + name, tensor); });
    if (needsMeanLayer(classifier))
        addMeanLayer(list, encoder);
    if (pooling == Pooling::Native) {
        const NamedVisitor add = [&](const std::string &name, const at::Tensor &tensor) { list.add(name, tensor); };
        visitNamed(add, architecture.headDense, classifier.nativeDense());
        if (architecture.headNorm)
            visitNamed(add, architecture.headNorm, classifier.nativeNorm());
        list.add(std::string(architecture.headOutput) + ".weight", weight);
        list.add(std::string(architecture.headOutput) + ".bias", bias);
    } else {
        addPassingHead(list, encoder, weight.to(at::kCPU), bias.to(at::kCPU));
    }
    if (auto written = list.write(folder / "model.safetensors"); !written)
        return written;
    TensorList head;
    head.add("head.weight", weight);
    head.add("head.bias", bias);
    if (auto written = head.write(folder / "stillroom_head.safetensors"); !written)
        return written;
    if (auto written = base::writeFile(folder / "config.json", configJson(classifier, request, calibration).dump(2));
        !written)
        return written;
    return writeTokenizer(request.base, request.config.maxLength, architecture, folder);
}

}  // namespace nets
