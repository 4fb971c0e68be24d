// SPDX-License-Identifier: Apache-2.0
// What encoders are made of.
#pragma once

#include "core/nets/dropout.h"
#include "core/nets/tensors.h"
#include "core/nets/weight_map.h"

#include <functional>
#include <string>

namespace nets {

struct LayerNorm {
    at::Tensor weight;  ///< [features]
    at::Tensor bias;    ///< [features]; undefined: none

    [[nodiscard]] at::Tensor operator()(const at::Tensor &x, double eps) const;
};

/// What learns beside a weight that stays: scale * B A is added to some of its rows. See engine::LoraConfig.
struct Adapter {
    at::Tensor a;          ///< [rank, in]
    at::Tensor b;          ///< [rows, rank]
    int64_t firstRow = 0;  ///< of the weight: query, key and value may share one
    double scale = 1;
    double dropout = 0;
};

struct Linear {
    at::Tensor weight;  ///< [out, in]
    at::Tensor bias{};  ///< [out]; undefined: none
    std::vector<Adapter> adapters{};

    /// `dropout` is that of the adapters.
    [[nodiscard]] at::Tensor operator()(const at::Tensor &x, Dropout *dropout = nullptr) const;
};

/// Takes layers out of a file by the name of their module. Shapes are checked; see WeightMap::error.
class LayerReader {
public:
    LayerReader(WeightMap &weights, std::string prefix, at::Device device, bool hasBias)
        : m_weights(weights), m_prefix(std::move(prefix)), m_device(device), m_hasBias(hasBias)
    {
    }

    [[nodiscard]] at::Tensor tensor(const std::string &name, at::IntArrayRef shape) const;
    [[nodiscard]] Linear linear(const std::string &name, int64_t out, int64_t in) const;
    [[nodiscard]] LayerNorm norm(const std::string &name, int64_t features) const;

private:
    WeightMap &m_weights;
    std::string m_prefix;
    at::Device m_device;
    bool m_hasBias;
};

using NamedVisitor = std::function<void(const std::string &name, const at::Tensor &)>;
/// `decays` tells whether weight decay may touch the tensor.
/// `layer`: what the tensor belongs to; -1: what stands below all of them; as many as there are: what stands above.
using TrainableVisitor = std::function<void(const at::Tensor &, bool decays, int layer)>;

/// The weight and, where there is one, the bias of `layer`.
template <class Layer>
void visitNamed(const NamedVisitor &visitor, const std::string &name, const Layer &layer)
{
    visitor(name + ".weight", layer.weight);
    if (layer.bias.defined())
        visitor(name + ".bias", layer.bias);
}

/// A layer that adapters can go beside, under transformers' name without prefix: `rows` of `layer` from `firstRow` on.
struct LinearPlace {
    std::string name;
    Linear *layer;
    int64_t firstRow;
    int64_t rows;
};
using PlaceVisitor = std::function<void(const LinearPlace &)>;

/// All of `layer` as one place.
void visitPlace(const PlaceVisitor &visitor, const std::string &name, Linear &layer);

void visitTrainable(const TrainableVisitor &visitor, const Linear &part, int layer);
void visitTrainable(const TrainableVisitor &visitor, const LayerNorm &part, int layer);

}  // namespace nets
