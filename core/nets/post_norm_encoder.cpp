// SPDX-License-Identifier: Apache-2.0
#include "core/nets/post_norm_encoder.h"

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

PostNormEncoder::PostNormEncoder(const engine::EncoderConfig &config, WeightMap &weights, const std::string &prefix,
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
    const auto &names = config.architecture->names;
    const auto table = [&](const char *name, int64_t rows) { return take(std::string(name) + ".weight", {rows, h}); };
    m_words = table(names.words, config.vocabularySize);
    m_positions = table(names.positions, config.firstPosition + config.maxPositions);
    if (names.types)
        m_types = table(names.types, config.typeVocabularySize);
    m_embeddingNorm = norm(names.embeddingNorm);
    for (int n = 0; n < config.layers; ++n) {
        const std::string scope = names.layer + std::to_string(n) + ".";
        const Linear q = linear(scope + names.query, h, h);
        const Linear k = linear(scope + names.key, h, h);
        const Linear v = linear(scope + names.value, h, h);
        m_layers.push_back({{at::cat({q.weight, k.weight, v.weight}), at::cat({q.bias, k.bias, v.bias})},
                            linear(scope + names.attentionOutput, h, h),
                            norm(scope + names.attentionNorm),
                            linear(scope + names.intermediate, i, h),
                            linear(scope + names.output, h, i),
                            norm(scope + names.outputNorm)});
    }
}

/// Attention of each token to those of its own text: [tokens, 3 hidden] -> [tokens, hidden]. Neighbours of equal
/// length go together; batches are sorted by length, so there are few groups, and none needs a mask.
at::Tensor PostNormEncoder::attend(const at::Tensor &qkv, const PackedBatch &batch) const
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

at::Tensor PostNormEncoder::forward(const PackedBatch &batch, const at::Tensor &words, Dropout *dropout) const
{
    const auto drop = [&](const at::Tensor &x) { return dropout ? dropout->apply(x) : x; };

    const auto positions = m_positions.narrow(0, m_config.firstPosition, m_config.maxPositions);
    auto x = at::embedding(words, batch.ids) + at::embedding(positions, batch.positions);
    if (m_types.defined())
        x = x + m_types.select(0, 0);
    x = drop(normalise(x, m_embeddingNorm, m_config.layerNormEps));
    for (const EncoderLayer &layer : m_layers) {
        const auto attended = attend(layer.qkv(x), batch);
        x = normalise(x + drop(layer.attentionOutput(attended)), layer.attentionNorm, m_config.layerNormEps);
        x = normalise(x + drop(layer.output(at::gelu(layer.intermediate(x)))), layer.outputNorm, m_config.layerNormEps);
    }
    return x;
}

void PostNormEncoder::visit(const std::function<void(const std::string &, const at::Tensor &)> &visitor) const
{
    const auto linear = [&](const std::string &name, const Linear &l) {
        visitor(name + ".weight", l.weight);
        visitor(name + ".bias", l.bias);
    };
    const auto norm = [&](const std::string &name, const LayerNorm &n) {
        visitor(name + ".weight", n.weight);
        visitor(name + ".bias", n.bias);
    };
    const auto &names = m_config.architecture->names;
    visitor(std::string(names.positions) + ".weight", m_positions);
    if (m_types.defined())
        visitor(std::string(names.types) + ".weight", m_types);
    norm(names.embeddingNorm, m_embeddingNorm);
    const int64_t h = m_config.hiddenSize;
    for (size_t n = 0; n < m_layers.size(); ++n) {
        const EncoderLayer &layer = m_layers[n];
        const std::string scope = names.layer + std::to_string(n) + ".";
        int64_t part = 0;
        for (const char *name : {names.query, names.key, names.value}) {
            linear(scope + name, {layer.qkv.weight.narrow(0, part * h, h), layer.qkv.bias.narrow(0, part * h, h)});
            ++part;
        }
        linear(scope + names.attentionOutput, layer.attentionOutput);
        norm(scope + names.attentionNorm, layer.attentionNorm);
        linear(scope + names.intermediate, layer.intermediate);
        linear(scope + names.output, layer.output);
        norm(scope + names.outputNorm, layer.outputNorm);
    }
}

void PostNormEncoder::visitTrainable(const std::function<void(const at::Tensor &, bool)> &visitor) const
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
    if (m_types.defined())
        visitor(m_types, true);
    norm(m_embeddingNorm);
    for (const EncoderLayer &layer : m_layers) {
        linear(layer.qkv);
        linear(layer.attentionOutput);
        norm(layer.attentionNorm);
        linear(layer.intermediate);
        linear(layer.output);
        norm(layer.outputNorm);
    }
}

}  // namespace nets
