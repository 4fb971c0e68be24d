// SPDX-License-Identifier: Apache-2.0
#include "core/nets/encoders/post_norm_encoder.h"

#include "core/nets/encoders/attention.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/gelu.h>

namespace nets {

PostNormEncoder::PostNormEncoder(const engine::EncoderConfig &config, const LayerReader &reader) : Encoder(config)
{
    const int64_t h = config.hiddenSize;
    const int64_t i = config.intermediateSize;
    const auto &names = config.architecture->names;
    const auto table = [&](const char *name, int64_t rows) {
        return reader.tensor(std::string(name) + ".weight", {rows, h});
    };
    m_words = table(names.words, config.vocabularySize);
    m_positions = table(names.positions, config.firstPosition + config.maxPositions);
    if (names.types)
        m_types = table(names.types, config.typeVocabularySize);
    m_embeddingNorm = reader.norm(names.embeddingNorm, h);
    for (int n = 0; n < config.layers; ++n) {
        const std::string scope = names.layer + std::to_string(n) + ".";
        const Linear q = reader.linear(scope + names.query, h, h);
        const Linear k = reader.linear(scope + names.key, h, h);
        const Linear v = reader.linear(scope + names.value, h, h);
        m_layers.push_back({{at::cat({q.weight, k.weight, v.weight}), at::cat({q.bias, k.bias, v.bias}), {}},
                            reader.linear(scope + names.attentionOutput, h, h),
                            reader.norm(scope + names.attentionNorm, h),
                            reader.linear(scope + names.intermediate, i, h),
                            reader.linear(scope + names.output, h, i),
                            reader.norm(scope + names.outputNorm, h)});
    }
}

at::Tensor PostNormEncoder::embed(const PackedBatch &batch, const at::Tensor &words, Dropout *dropout) const
{
    const auto positions = m_positions.narrow(0, m_config.firstPosition, m_config.maxPositions);
    auto x = at::embedding(words, batch.ids) + at::embedding(positions, batch.positions);
    if (m_types.defined())
        x = x + m_types.select(0, 0);
    return applied(dropout, m_embeddingNorm(x, m_config.layerNormEps));
}

at::Tensor PostNormEncoder::layers(at::Tensor x, const PackedBatch &batch, int from, int to, Dropout *dropout) const
{
    const double eps = m_config.layerNormEps;
    const int64_t heads = m_config.heads;
    for (int n = from; n < to; ++n) {
        const Layer &layer = m_layers[static_cast<size_t>(n)];
        const auto qkv = layer.qkv(x, dropout).view({x.size(0), 3, heads, m_config.hiddenSize / heads});
        const auto attended = attendWithinTexts(qkv, batch.lengths);
        x = layer.attentionNorm(x + applied(dropout, layer.attentionOutput(attended, dropout)), eps);
        const auto wide = at::gelu(layer.intermediate(x, dropout));
        x = layer.outputNorm(x + applied(dropout, layer.output(wide, dropout)), eps);
    }
    return x;
}

void PostNormEncoder::visit(const NamedVisitor &visitor) const
{
    const auto &names = m_config.architecture->names;
    visitor(std::string(names.positions) + ".weight", m_positions);
    if (m_types.defined())
        visitor(std::string(names.types) + ".weight", m_types);
    visitNamed(visitor, names.embeddingNorm, m_embeddingNorm);
    const int64_t h = m_config.hiddenSize;
    for (size_t n = 0; n < m_layers.size(); ++n) {
        const Layer &layer = m_layers[n];
        const std::string scope = names.layer + std::to_string(n) + ".";
        int64_t part = 0;
        for (const char *name : {names.query, names.key, names.value}) {
            const Linear view{layer.qkv.weight.narrow(0, part * h, h), layer.qkv.bias.narrow(0, part * h, h), {}};
            visitNamed(visitor, scope + name, view);
            ++part;
        }
        visitNamed(visitor, scope + names.attentionOutput, layer.attentionOutput);
        visitNamed(visitor, scope + names.attentionNorm, layer.attentionNorm);
        visitNamed(visitor, scope + names.intermediate, layer.intermediate);
        visitNamed(visitor, scope + names.output, layer.output);
        visitNamed(visitor, scope + names.outputNorm, layer.outputNorm);
    }
}

void PostNormEncoder::visitTrainable(const TrainableVisitor &visitor, int from) const
{
    if (from == 0) {
        visitor(m_positions, true, -1);
        if (m_types.defined())
            visitor(m_types, true, -1);
        nets::visitTrainable(visitor, m_embeddingNorm, -1);
    }
    for (size_t n = static_cast<size_t>(from); n < m_layers.size(); ++n) {
        const Layer &layer = m_layers[n];
        nets::visitTrainable(visitor, layer.qkv, static_cast<int>(n));
        nets::visitTrainable(visitor, layer.attentionOutput, static_cast<int>(n));
        nets::visitTrainable(visitor, layer.attentionNorm, static_cast<int>(n));
        nets::visitTrainable(visitor, layer.intermediate, static_cast<int>(n));
        nets::visitTrainable(visitor, layer.output, static_cast<int>(n));
        nets::visitTrainable(visitor, layer.outputNorm, static_cast<int>(n));
    }
}

void PostNormEncoder::visitPlaces(const PlaceVisitor &visitor, int from)
{
    const auto &names = m_config.architecture->names;
    const int64_t h = m_config.hiddenSize;
    for (size_t n = static_cast<size_t>(from); n < m_layers.size(); ++n) {
        Layer &layer = m_layers[n];
        const std::string scope = names.layer + std::to_string(n) + ".";
        visitor({scope + names.query, &layer.qkv, 0, h});
        visitor({scope + names.key, &layer.qkv, h, h});
        visitor({scope + names.value, &layer.qkv, 2 * h, h});
        visitPlace(visitor, scope + names.attentionOutput, layer.attentionOutput);
        visitPlace(visitor, scope + names.intermediate, layer.intermediate);
        visitPlace(visitor, scope + names.output, layer.output);
    }
}

}  // namespace nets
