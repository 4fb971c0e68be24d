// SPDX-License-Identifier: Apache-2.0
// From token ids to a state of each token.
#pragma once

#include "core/engine/config/architecture_config.h"
#include "core/nets/encoders/layers.h"

#include <memory>

namespace nets {

class Encoder {
public:
    virtual ~Encoder() = default;
    Encoder(const Encoder &) = delete;
    Encoder &operator=(const Encoder &) = delete;

    /// Token states [tokens, hidden] that the first layer reads. `words` is the table that `batch.ids` index: the whole
    /// vocabulary, or the part of it that training touches. `dropout` null: inference.
    [[nodiscard]] virtual at::Tensor embed(const PackedBatch &batch, const at::Tensor &words,
                                           Dropout *dropout) const = 0;

    /// What layers `from` up to, but not, `to` make of the states that layer `from` reads; behind the last layer what
    /// the encoder ends with.
    [[nodiscard]] virtual at::Tensor layers(at::Tensor states, const PackedBatch &batch, int from, int to,
                                            Dropout *dropout) const = 0;

    /// Every weight but the word table, under transformers' names without prefix. Some may be views of one tensor.
    virtual void visit(const NamedVisitor &visitor) const = 0;

    /// The tensors an optimiser updates, the word table left out: all, or those of the layers from `from` > 0 on.
    virtual void visitTrainable(const TrainableVisitor &visitor, int from) const = 0;

    /// The linear layers of the layers from `from` on.
    virtual void visitPlaces(const PlaceVisitor &visitor, int from) = 0;

    [[nodiscard]] const engine::EncoderConfig &config() const { return m_config; }
    [[nodiscard]] const at::Tensor &words() const { return m_words; }

protected:
    explicit Encoder(engine::EncoderConfig config) : m_config(std::move(config)) { }

    engine::EncoderConfig m_config;
    at::Tensor m_words;
};

/// Of the kind that `config` names. `prefix` stands before the architecture's names of tensors. Shapes are checked
/// against `config`; see WeightMap::error.
[[nodiscard]] std::unique_ptr<Encoder> makeEncoder(const engine::EncoderConfig &config, WeightMap &weights,
                                                   const std::string &prefix, at::Device device);

}  // namespace nets
