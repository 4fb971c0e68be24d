// SPDX-License-Identifier: Apache-2.0
#include "core/nets/export/hf_layout.h"

#include "core/base/atomic_file.h"
#include "core/engine/json/strict_json.h"
#include "core/engine/weights/safetensors.h"

#include <ATen/ops/eye.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

namespace fs = std::filesystem;
using base::Result;
using engine::Pooling;
using nlohmann::ordered_json;

namespace nets {

namespace {

constexpr double PoolerScale = 1e-4;
constexpr double MeanScale = 1e6;

/// Tensors to write, with the contiguous CPU copies that the views point into.
class TensorList {
public:
    void add(const std::string &name, const at::Tensor &tensor)
    {
        m_tensors.push_back(tensor.detach().to(at::kCPU).contiguous());
        const auto &kept = m_tensors.back();
        m_views.push_back(
            {name,
             "F32",
             {kept.sizes().begin(), kept.sizes().end()},
             {static_cast<const std::byte *>(kept.const_data_ptr()), static_cast<size_t>(kept.nbytes())}});
    }
    [[nodiscard]] Result<void> write(const fs::path &path) const
    {
        return engine::writeSafetensors(path, m_views, {{"format", "pt"}});
    }

private:
    std::vector<at::Tensor> m_tensors;
    std::vector<engine::TensorView> m_views;
};

void addMeanLayer(TensorList &list, const engine::BertConfig &config)
{
    const int64_t h = config.hiddenSize;
    const int64_t i = config.intermediateSize;
    const std::string scope = "bert.encoder.layer." + std::to_string(config.layers) + ".";
    const auto linear = [&](const std::string &name, const at::Tensor &weight) {
        list.add(scope + name + ".weight", weight);
        list.add(scope + name + ".bias", at::zeros({weight.size(0)}));
    };
    const auto norm = [&](const std::string &name) {
        list.add(scope + name + ".weight", at::ones({h}));
        list.add(scope + name + ".bias", at::zeros({h}));
    };
    linear("attention.self.query", at::zeros({h, h}));
    linear("attention.self.key", at::zeros({h, h}));
    linear("attention.self.value", at::eye(h) * MeanScale);
    linear("attention.output.dense", at::eye(h));
    norm("attention.output.LayerNorm");
    linear("intermediate.dense", at::zeros({i, h}));
    linear("output.dense", at::zeros({h, i}));
    norm("output.LayerNorm");
}

ordered_json configJson(const SequenceClassifier &classifier, const engine::TrainRequest &request,
                        const engine::Calibration &calibration)
{
    const auto &labels = request.labels;
    const auto &bert = classifier.info().bert;
    const Pooling pooling = classifier.info().pooling;
    ordered_json idToLabel = ordered_json::object();
    ordered_json labelToId = ordered_json::object();
    for (size_t i = 0; i < labels.size(); ++i) {
        idToLabel[std::to_string(i)] = labels[i];
        labelToId[labels[i]] = i;
    }
    ordered_json own{
        {"pooling", engine::name(pooling)}, {"encoder_layers", bert.layers}, {"max_length", request.config.maxLength}};
    if (!calibration.thresholds.empty())
        own["thresholds"] = calibration.thresholds;
    return {{"architectures", {"BertForSequenceClassification"}},
            {"model_type", "bert"},
            {"hidden_size", bert.hiddenSize},
            {"num_hidden_layers", bert.layers + (pooling == Pooling::Mean ? 1 : 0)},
            {"num_attention_heads", bert.heads},
            {"intermediate_size", bert.intermediateSize},
            {"hidden_act", "gelu"},
            {"hidden_dropout_prob", 0.1},
            {"attention_probs_dropout_prob", 0.1},
            {"max_position_embeddings", bert.maxPositions},
            {"type_vocab_size", bert.typeVocabularySize},
            {"layer_norm_eps", bert.layerNormEps},
            {"vocab_size", bert.vocabularySize},
            {"pad_token_id", 0},
            {"problem_type", engine::name(request.config.task)},
            {"id2label", idToLabel},
            {"label2id", labelToId},
            {"torch_dtype", "float32"},
            {"stillroom", own}};
}

/// The tokenizer, with truncation and padding left to the caller of it and the length it was trained with.
Result<void> writeTokenizer(const fs::path &base, int maxLength, const fs::path &folder)
{
    std::error_code code;
    for (const char *name : {"vocab.txt", "special_tokens_map.json"}) {
        if (fs::exists(base / name, code) &&
            !fs::copy_file(base / name, folder / name, fs::copy_options::overwrite_existing, code))
            return base::Failure(base::systemError(code.value(), folder / name));
    }
    for (const char *name : {"tokenizer.json", "tokenizer_config.json"}) {
        auto bytes = base::readFile(base / name);
        if (!bytes && std::string_view(name) == "tokenizer.json")
            return base::failure(bytes);
        auto root = engine::parseStrictJson(bytes.value_or("{}"), {.maxDepth = 32, .allowDuplicates = true});
        if (!root)
            return base::failure(base::ErrorCode::Corrupt, "This file is not JSON: " + root.error().message + ".",
                                 (base / name).string());
        if (std::string_view(name) == "tokenizer.json") {
            (*root)["truncation"] = nullptr;
            (*root)["padding"] = nullptr;
        } else {
            root->erase("name_or_path");
            (*root)["model_max_length"] = maxLength;
            (*root)["tokenizer_class"] = "BertTokenizer";
        }
        if (auto written = base::writeFile(folder / name, root->dump()); !written)
            return written;
    }
    return {};
}

}  // namespace

Result<void> writeHfFolder(const SequenceClassifier &classifier, const engine::TrainRequest &request,
                           const engine::Calibration &calibration, const fs::path &folder)
{
    const auto &bert = classifier.info().bert;
    const Pooling pooling = classifier.info().pooling;
    const auto weight = classifier.head().weight.detach() / calibration.temperature;
    const auto bias = classifier.head().bias.detach() / calibration.temperature;
    TensorList list;
    list.add("bert.embeddings.word_embeddings.weight", classifier.encoder().words());
    classifier.encoder().visit(
        [&](const std::string &name, const at::Tensor &tensor) { list.add("bert." + name, tensor); });
    if (pooling == Pooling::Mean)
        addMeanLayer(list, bert);
    if (pooling == Pooling::Native) {
        list.add("bert.pooler.dense.weight", classifier.nativePooler().weight);
        list.add("bert.pooler.dense.bias", classifier.nativePooler().bias);
        list.add("classifier.weight", weight);
    } else {
        list.add("bert.pooler.dense.weight", at::eye(bert.hiddenSize) * PoolerScale);
        list.add("bert.pooler.dense.bias", at::zeros({bert.hiddenSize}));
        list.add("classifier.weight", weight / PoolerScale);
    }
    list.add("classifier.bias", bias);
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
    return writeTokenizer(request.base, request.config.maxLength, folder);
}

}  // namespace nets
