// SPDX-License-Identifier: Apache-2.0
#include "core/nets/bert_encoder.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/split_with_sizes.h>
#include <algorithm>

namespace nets {

at::Tensor Linear::operator()(const at::Tensor &x) const
{
    return at::linear(x, weight, bias);
}

namespace {

at::Tensor normalise(const at::Tensor &x, const LayerNorm &norm, double eps)
{
    return at::layer_norm(x, norm.weight.sizes(), norm.weight, norm.bias, eps);
}

}  // namespace

BertEncoder::BertEncoder(const engine::BertConfig &config, WeightMap &weights, const std::string &prefix,
                         at::Device device)
    : m_config(config)
{
    const int64_t h = config.hiddenSize;
    const int64_t i = config.intermediateSize;
    const auto take = [&](const std::string &name, at::IntArrayRef shape) {
        return weights.take(prefix + name, shape).to(device);
    };
    const auto linear = [&](const std::string &name, int64_t out, int64_t in) {
        return Linear{take(name + ".weight", {out, in}), take(name + ".bias", {out})};
    };
    const auto norm = [&](const std::string &name) {
        return LayerNorm{take(name + ".weight", {h}), take(name + ".bias", {h})};
    };
    m_words = take("embeddings.word_embeddings.weight", {config.vocabularySize, h});
    m_positions = take("embeddings.position_embeddings.weight", {config.maxPositions, h});
    m_types = take("embeddings.token_type_embeddings.weight", {config.typeVocabularySize, h});
    m_embeddingNorm = norm("embeddings.LayerNorm");
    for (int n = 0; n < config.layers; ++n) {
        const std::string scope = "encoder.layer." + std::to_string(n) + ".";
        const Linear q = linear(scope + "attention.self.query", h, h);
        const Linear k = linear(scope + "attention.self.key", h, h);
        const Linear v = linear(scope + "attention.self.value", h, h);
        m_layers.push_back({{at::cat({q.weight, k.weight, v.weight}), at::cat({q.bias, k.bias, v.bias})},
                            linear(scope + "attention.output.dense", h, h),
                            norm(scope + "attention.output.LayerNorm"),
                            linear(scope + "intermediate.dense", i, h),
                            linear(scope + "output.dense", h, i),
                            norm(scope + "output.LayerNorm")});
    }
}

/// Attention of each token to those of its own text: [tokens, 3 hidden] -> [tokens, hidden]. Neighbours of equal
/// length go together; batches are sorted by length, so there are few groups, and none needs a mask.
at::Tensor BertEncoder::attend(const at::Tensor &qkv, const PackedBatch &batch) const
{
    struct Group {
        int64_t rows, length;
    };
    std::vector<Group> groups;
    for (const int64_t length : batch.lengths) {
        if (groups.empty() || groups.back().length != length)
            groups.push_back({0, length});
        ++groups.back().rows;
    }
    const int64_t heads = m_config.heads;
    const int64_t headSize = m_config.hiddenSize / heads;
    const auto attendGroup = [&](const at::Tensor &part, const Group &group) {
        const auto parts = part.view({group.rows, group.length, 3, heads, headSize}).permute({2, 0, 3, 1, 4});
        const auto attended =
            at::scaled_dot_product_attention(parts.select(0, 0), parts.select(0, 1), parts.select(0, 2));
        return attended.transpose(1, 2).reshape({group.rows * group.length, heads * headSize});
    };
    if (groups.size() == 1)
        return attendGroup(qkv, groups.front());
    std::vector<int64_t> sizes(groups.size());
    std::transform(groups.begin(), groups.end(), sizes.begin(), [](const Group &g) { return g.rows * g.length; });
    auto parts = qkv.split_with_sizes(sizes);
    for (size_t i = 0; i < groups.size(); ++i)
        parts[i] = attendGroup(parts[i], groups[i]);
    return at::cat(parts);
}

at::Tensor BertEncoder::forward(const PackedBatch &batch, const at::Tensor &words, Dropout *dropout) const
{
    const auto drop = [&](const at::Tensor &x) { return dropout ? dropout->apply(x) : x; };

    auto x = at::embedding(words, batch.ids) + at::embedding(m_positions, batch.positions) + m_types.select(0, 0);
    x = drop(normalise(x, m_embeddingNorm, m_config.layerNormEps));
    for (const BertLayer &layer : m_layers) {
        const auto attended = attend(layer.qkv(x), batch);
        x = normalise(x + drop(layer.attentionOutput(attended)), layer.attentionNorm, m_config.layerNormEps);
        x = normalise(x + drop(layer.output(at::gelu(layer.intermediate(x)))), layer.outputNorm, m_config.layerNormEps);
    }
    return x;
}

void BertEncoder::visit(const std::function<void(const std::string &, const at::Tensor &)> &visitor) const
{
    const auto linear = [&](const std::string &name, const Linear &l) {
        visitor(name + ".weight", l.weight);
        visitor(name + ".bias", l.bias);
    };
    const auto norm = [&](const std::string &name, const LayerNorm &n) {
        visitor(name + ".weight", n.weight);
        visitor(name + ".bias", n.bias);
    };
    visitor("embeddings.position_embeddings.weight", m_positions);
    visitor("embeddings.token_type_embeddings.weight", m_types);
    norm("embeddings.LayerNorm", m_embeddingNorm);
    const int64_t h = m_config.hiddenSize;
    for (size_t n = 0; n < m_layers.size(); ++n) {
        const BertLayer &layer = m_layers[n];
        const std::string scope = "encoder.layer." + std::to_string(n) + ".";
        int64_t part = 0;
        for (const char *name : {"query", "key", "value"}) {
            linear(scope + "attention.self." + name,
                   {layer.qkv.weight.narrow(0, part * h, h), layer.qkv.bias.narrow(0, part * h, h)});
            ++part;
        }
        linear(scope + "attention.output.dense", layer.attentionOutput);
        norm(scope + "attention.output.LayerNorm", layer.attentionNorm);
        linear(scope + "intermediate.dense", layer.intermediate);
        linear(scope + "output.dense", layer.output);
        norm(scope + "output.LayerNorm", layer.outputNorm);
    }
}

void BertEncoder::visitTrainable(const std::function<void(const at::Tensor &, bool)> &visitor) const
{
    const auto linear = [&](const Linear &l) {
        visitor(l.weight, true);
        visitor(l.bias, false);
    };
    const auto norm = [&](const LayerNorm &n) {
        visitor(n.weight, false);
        visitor(n.bias, false);
    };
    visitor(m_positions, true);
    visitor(m_types, true);
    norm(m_embeddingNorm);
    for (const BertLayer &layer : m_layers) {
        linear(layer.qkv);
        linear(layer.attentionOutput);
        norm(layer.attentionNorm);
        linear(layer.intermediate);
        linear(layer.output);
        norm(layer.outputNorm);
    }
}

}  // namespace nets
