// SPDX-License-Identifier: Apache-2.0
#include "core/nets/encoders/layers.h"

#include "core/nets/encoders/linear_product.h"

#include <ATen/ops/layer_norm.h>

namespace nets {

at::Tensor LayerNorm::operator()(const at::Tensor &x, double eps) const
{
    return at::layer_norm(x, weight.sizes(), weight, bias, eps);
}

at::Tensor Linear::operator()(const at::Tensor &x, Dropout *dropout) const
{
    const auto y = linearProduct(x, weight, bias);
    for (const Adapter &adapter : adapters) {
        const auto read = dropout ? dropout->apply(x, adapter.dropout) : x;
        const auto change = linearProduct(linearProduct(read, adapter.a, {}), adapter.b, {});
        const bool isWhole = adapter.b.size(0) == y.size(1);  // a view costs a copy on the way back
        (isWhole ? y : y.narrow(1, adapter.firstRow, adapter.b.size(0))).add_(change, adapter.scale);
    }
    return y;
}

at::Tensor LayerReader::tensor(const std::string &name, at::IntArrayRef shape) const
{
    return m_weights.take(m_prefix + name, shape).to(m_device);
}

Linear LayerReader::linear(const std::string &name, int64_t out, int64_t in) const
{
    return {tensor(name + ".weight", {out, in}), m_hasBias ? tensor(name + ".bias", {out}) : at::Tensor(), {}};
}

LayerNorm LayerReader::norm(const std::string &name, int64_t features) const
{
    return {tensor(name + ".weight", {features}), m_hasBias ? tensor(name + ".bias", {features}) : at::Tensor()};
}

void visitPlace(const PlaceVisitor &visitor, const std::string &name, Linear &layer)
{
    visitor({name, &layer, 0, layer.weight.size(0)});
}

void visitTrainable(const TrainableVisitor &visitor, const Linear &part, int layer)
{
    visitor(part.weight, true, layer);
    if (part.bias.defined())
        visitor(part.bias, false, layer);
}

void visitTrainable(const TrainableVisitor &visitor, const LayerNorm &part, int layer)
{
    visitor(part.weight, false, layer);
    if (part.bias.defined())
        visitor(part.bias, false, layer);
}

}  // namespace nets
