// SPDX-License-Identifier: Apache-2.0
#include "core/nets/encoders/rotary_encoder.h"

#include "core/nets/encoders/attention.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/pow.h>

namespace nets {

namespace {

/// By how much each pair of values is turned at each place.
struct Rotation {
    at::Tensor cos, sin;  ///< [tokens, 1, 1, head size]

    Rotation(const at::Tensor &positions, double theta, int64_t headSize)
    {
        const auto options = positions.options().dtype(at::kFloat);
        const auto frequencies = at::pow(theta, at::arange(0, headSize, 2, options) / static_cast<double>(headSize));
        const auto angles = positions.to(at::kFloat).unsqueeze(1) / frequencies;
        const auto both = at::cat({angles, angles}, 1).unsqueeze(1).unsqueeze(1);
        cos = both.cos();
        sin = both.sin();
    }

    /// Queries and keys of `qkv` [tokens, 3, heads, head size]; values stay.
    [[nodiscard]] at::Tensor turn(const at::Tensor &qkv) const
    {
        const auto turned = qkv.narrow(1, 0, 2);
        const int64_t half = qkv.size(3) / 2;
        const auto swapped = at::cat({turned.narrow(3, half, half).neg(), turned.narrow(3, 0, half)}, 3);
        return at::cat({turned * cos + swapped * sin, qkv.narrow(1, 2, 1)}, 1);
    }
};

}  // namespace

RotaryEncoder::RotaryEncoder(const engine::EncoderConfig &config, const LayerReader &reader) : Encoder(config)
{
    const int64_t h = config.hiddenSize;
    const int64_t i = config.intermediateSize;
    const auto &names = config.architecture->names;
    m_words = reader.tensor(std::string(names.words) + ".weight", {config.vocabularySize, h});
    m_embeddingNorm = reader.norm(names.embeddingNorm, h);
    for (int n = 0; n < config.layers; ++n) {
        const std::string scope = names.layer + std::to_string(n) + ".";
        m_layers.push_back(
            {n == 0 ? LayerNorm() : reader.norm(scope + names.attentionNorm, h),
             reader.linear(scope + names.query, 3 * h, h), reader.linear(scope + names.attentionOutput, h, h),
             reader.norm(scope + names.outputNorm, h), reader.linear(scope + names.intermediate, 2 * i, h),
             reader.linear(scope + names.output, h, i)});
    }
    m_finalNorm = reader.norm(names.finalNorm, h);
}

at::Tensor RotaryEncoder::embed(const PackedBatch &batch, const at::Tensor &words, Dropout *dropout) const
{
    return applied(dropout, m_embeddingNorm(at::embedding(words, batch.ids), m_config.layerNormEps));
}

at::Tensor RotaryEncoder::layers(at::Tensor x, const PackedBatch &batch, int from, int to, Dropout *dropout) const
{
    const double eps = m_config.layerNormEps;
    const int64_t heads = m_config.heads;
    const int64_t headSize = m_config.hiddenSize / heads;
    const auto &rotary = m_config.rotary;
    const Rotation overAll(batch.positions, rotary.globalTheta, headSize);
    const Rotation nearby(batch.positions, rotary.localTheta, headSize);
    for (int n = from; n < to; ++n) {
        const Layer &layer = m_layers[static_cast<size_t>(n)];
        const bool isLocal = rotary.isLocal[static_cast<size_t>(n)] != 0;
        const auto qkv =
            layer.qkv(n == 0 ? x : layer.attentionNorm(x, eps), dropout).view({x.size(0), 3, heads, headSize});
        const auto turned = (isLocal ? nearby : overAll).turn(qkv);
        const auto attended = attendWithinTexts(turned, batch.lengths, isLocal ? rotary.reach : 0);
        x = x + applied(dropout, layer.attentionOutput(attended, dropout));
        const auto wide = layer.intermediate(layer.outputNorm(x, eps), dropout);
        const int64_t i = m_config.intermediateSize;
        const auto gated = at::gelu(wide.narrow(1, 0, i)) * wide.narrow(1, i, i);
        x = x + applied(dropout, layer.output(gated, dropout));
    }
    return to == m_config.layers ? m_finalNorm(x, eps) : x;
}

void RotaryEncoder::visit(const NamedVisitor &visitor) const
{
    const auto &names = m_config.architecture->names;
    visitNamed(visitor, names.embeddingNorm, m_embeddingNorm);
    for (size_t n = 0; n < m_layers.size(); ++n) {
        const Layer &layer = m_layers[n];
        const std::string scope = names.layer + std::to_string(n) + ".";
        if (n > 0)
            visitNamed(visitor, scope + names.attentionNorm, layer.attentionNorm);
        visitNamed(visitor, scope + names.query, layer.qkv);
        visitNamed(visitor, scope + names.attentionOutput, layer.attentionOutput);
        visitNamed(visitor, scope + names.outputNorm, layer.outputNorm);
        visitNamed(visitor, scope + names.intermediate, layer.intermediate);
        visitNamed(visitor, scope + names.output, layer.output);
    }
    visitNamed(visitor, names.finalNorm, m_finalNorm);
}

void RotaryEncoder::visitTrainable(const TrainableVisitor &visitor, int from) const
{
    if (from == 0)
        nets::visitTrainable(visitor, m_embeddingNorm, -1);
    for (size_t n = static_cast<size_t>(from); n < m_layers.size(); ++n) {
        const Layer &layer = m_layers[n];
        if (n > 0)
            nets::visitTrainable(visitor, layer.attentionNorm, static_cast<int>(n));
        nets::visitTrainable(visitor, layer.qkv, static_cast<int>(n));
        nets::visitTrainable(visitor, layer.attentionOutput, static_cast<int>(n));
        nets::visitTrainable(visitor, layer.outputNorm, static_cast<int>(n));
        nets::visitTrainable(visitor, layer.intermediate, static_cast<int>(n));
        nets::visitTrainable(visitor, layer.output, static_cast<int>(n));
    }
    nets::visitTrainable(visitor, m_finalNorm, static_cast<int>(m_layers.size()));
}

void RotaryEncoder::visitPlaces(const PlaceVisitor &visitor, int from)
{
    const auto &names = m_config.architecture->names;
    for (size_t n = static_cast<size_t>(from); n < m_layers.size(); ++n) {
        Layer &layer = m_layers[n];
        const std::string scope = names.layer + std::to_string(n) + ".";
        visitPlace(visitor, scope + names.query, layer.qkv);
        visitPlace(visitor, scope + names.attentionOutput, layer.attentionOutput);
        visitPlace(visitor, scope + names.intermediate, layer.intermediate);
        visitPlace(visitor, scope + names.output, layer.output);
    }
}

}  // namespace nets
