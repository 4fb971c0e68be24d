// SPDX-License-Identifier: Apache-2.0
#include "core/nets/encoders/layers.h"

#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>

namespace nets {

at::Tensor LayerNorm::operator()(const at::Tensor &x, double eps) const
{
    return at::layer_norm(x, weight.sizes(), weight, bias, eps);
}

at::Tensor Linear::operator()(const at::Tensor &x) const
{
    return at::linear(x, weight, bias);
}

at::Tensor LayerReader::tensor(const std::string &name, at::IntArrayRef shape) const
{
    return m_weights.take(m_prefix + name, shape).to(m_device);
}

Linear LayerReader::linear(const std::string &name, int64_t out, int64_t in) const
{
    return {tensor(name + ".weight", {out, in}), m_hasBias ? tensor(name + ".bias", {out}) : at::Tensor()};
}

LayerNorm LayerReader::norm(const std::string &name, int64_t features) const
{
    return {tensor(name + ".weight", {features}), m_hasBias ? tensor(name + ".bias", {features}) : at::Tensor()};
}

void visitTrainable(const TrainableVisitor &visitor, const Linear &layer)
{
    visitor(layer.weight, true);
    if (layer.bias.defined())
        visitor(layer.bias, false);
}

void visitTrainable(const TrainableVisitor &visitor, const LayerNorm &layer)
{
    visitor(layer.weight, false);
    if (layer.bias.defined())
        visitor(layer.bias, false);
}

}  // namespace nets
