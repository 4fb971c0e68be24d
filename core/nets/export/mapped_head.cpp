// SPDX-License-Identifier: Apache-2.0
#include "core/nets/export/mapped_head.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <cmath>

namespace nets {

namespace {

constexpr int MeanExponent = 20;          // of two: how much larger than the residual the mean is
constexpr double LargestScaled = 60'000;  // below what fp16 can hold
constexpr int DenseHeadExponent = 14;
constexpr int PassingExponent = 12;
constexpr double ReluShift = 64;

std::string lastNorm(const engine::EncoderConfig &config)
{
    return config.architecture->names.layer + std::to_string(config.layers - 1) + "." +
           config.architecture->names.outputNorm;
}

/// How far the states can be multiplied by a power of two. What a normalisation gives is at most sqrt(size) before its
/// weight.
int roomFor(const at::Tensor &weight, const at::Tensor &bias)
{
    const double largest =
        (weight.abs() * std::sqrt(static_cast<double>(weight.numel())) + bias.abs()).max().item<double>();
    const double room = std::floor(std::log2(LargestScaled / std::max(largest, 1e-3)));
    return static_cast<int>(std::clamp(room, 4.0, MeanExponent / 2.0));
}

void addMeanLayer(const engine::EncoderConfig &config, int valueExponent, int outputExponent,
                  const NamedVisitor &visitor)
{
    const int64_t h = config.hiddenSize;
    const int64_t i = config.intermediateSize;
    const auto &names = config.architecture->names;
    const std::string scope =
        std::string(config.architecture->prefix) + names.layer + std::to_string(config.layers) + ".";
    const auto linear = [&](const char *name, const at::Tensor &weight) {
        visitor(scope + name + ".weight", weight);
        visitor(scope + name + ".bias", at::zeros({weight.size(0)}));
    };
    const auto norm = [&](const char *name) {
        visitor(scope + name + ".weight", at::ones({h}));
        visitor(scope + name + ".bias", at::zeros({h}));
    };
    linear(names.query, at::zeros({h, h}));
    linear(names.key, at::zeros({h, h}));
    linear(names.value, at::eye(h) * std::ldexp(1, valueExponent));
    linear(names.attentionOutput, at::eye(h) * std::ldexp(1, outputExponent));
    norm(names.attentionNorm);
    linear(names.intermediate, at::zeros({i, h}));
    linear(names.output, at::zeros({h, i}));
    norm(names.outputNorm);
}

}  // namespace

bool needsMeanLayer(const SequenceClassifier &classifier)
{
    return classifier.info().pooling == engine::Pooling::Mean &&
           classifier.info().encoder.architecture->encoder == engine::EncoderKind::PostNorm;
}

int addEncoderWithMean(const Encoder &encoder, const NamedVisitor &visitor)
{
    const engine::EncoderConfig &config = encoder.config();
    const std::string prefix = config.architecture->prefix;
    const std::string scaled = lastNorm(config);
    at::Tensor weight;
    at::Tensor bias;
    encoder.visit([&](const std::string &name, const at::Tensor &tensor) {
        if (name == scaled + ".weight")
            weight = tensor;
        else if (name == scaled + ".bias")
            bias = tensor;
        else
            visitor(prefix + name, tensor);
    });
    const int outputExponent = roomFor(weight, bias);
    const int normExponent = MeanExponent - outputExponent;
    visitor(prefix + scaled + ".weight", weight * std::ldexp(1, -normExponent));
    visitor(prefix + scaled + ".bias", bias * std::ldexp(1, -normExponent));
    addMeanLayer(config, normExponent, outputExponent, visitor);
    return normExponent;
}

void undoScaledNorm(const engine::EncoderConfig &config, int exponent, const std::string &prefix, WeightMap &weights)
{
    for (const char *part : {".weight", ".bias"})
        weights.scale(prefix + lastNorm(config) + part, std::ldexp(1, exponent));
}

void addMappedHead(const engine::EncoderConfig &config, const at::Tensor &weight, const at::Tensor &bias,
                   const NamedVisitor &visitor)
{
    const engine::Architecture &architecture = *config.architecture;
    const int64_t hidden = config.hiddenSize;
    const int64_t classes = weight.size(0);
    const auto visit = [&](const char *layer, const char *part, const at::Tensor &value) {
        visitor(std::string(layer) + part, value);
    };
    const auto layers = [&](const at::Tensor &dense, const at::Tensor &denseBias, const at::Tensor &output,
                            const at::Tensor &outputBias) {
        visit(architecture.headDense, ".weight", dense);
        visit(architecture.headDense, ".bias", denseBias);
        visit(architecture.headOutput, ".weight", output);
        visit(architecture.headOutput, ".bias", outputBias);
    };
    /// Rows or columns of 0 up to `hidden` of them.
    const auto filled = [&](const at::Tensor &rows) {
        auto shape = rows.sizes().vec();
        shape[0] = hidden - shape[0];
        return at::cat({rows, at::zeros(shape)});
    };
    if (architecture.headNorm) {
        visit(architecture.headDense, ".weight", at::eye(hidden));
        visit(architecture.headNorm, ".weight", at::ones({hidden}));
        visit(architecture.headOutput, ".weight", weight);
        visit(architecture.headOutput, ".bias", bias);
    } else if (architecture.headActivation == engine::HeadActivation::Tanh && classes <= hidden) {
        const double scale = std::ldexp(1, -DenseHeadExponent);
        layers(filled(weight * scale), filled(bias * scale), at::eye(classes, hidden) / scale, at::zeros({classes}));
    } else if (architecture.headActivation == engine::HeadActivation::Tanh) {
        const double scale = std::ldexp(1, -PassingExponent);
        layers(at::eye(hidden) * scale, at::zeros({hidden}), weight / scale, bias);
    } else if (2 * classes <= hidden) {
        const auto difference =
            at::cat({at::eye(classes), -at::eye(classes), at::zeros({hidden - 2 * classes, classes})});
        layers(filled(at::cat({weight, -weight})), filled(at::cat({bias, -bias})), difference.t().contiguous(),
               at::zeros({classes}));
    } else {
        layers(at::eye(hidden), at::ones({hidden}) * ReluShift, weight, bias - weight.sum(1) * ReluShift);
    }
}

}  // namespace nets
