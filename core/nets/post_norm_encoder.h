// SPDX-License-Identifier: Apache-2.0
// BERT's encoder (Devlin et al., 2018) and its kin: post-norm, absolute positions, exact gelu.
#pragma once

#include "core/engine/config/architecture_config.h"
#include "core/nets/dropout.h"
#include "core/nets/tensors.h"
#include "core/nets/weight_map.h"

#include <functional>
#include <vector>

namespace nets {

struct LayerNorm {
    at::Tensor weight;
    at::Tensor bias;
};

struct Linear {
    at::Tensor weight;  ///< [out, in]
    at::Tensor bias;    ///< [out]

    [[nodiscard]] at::Tensor operator()(const at::Tensor &x) const;
};

struct EncoderLayer {
    Linear qkv;  ///< query, key and value in one matrix: one product instead of three
    Linear attentionOutput;
    LayerNorm attentionNorm;
    Linear intermediate;
    Linear output;
    LayerNorm outputNorm;
};

class PostNormEncoder {
public:
    /// `prefix` stands before the architecture's names of tensors. Shapes are checked against `config`; see
    /// WeightMap::error.
    PostNormEncoder(const engine::EncoderConfig &config, WeightMap &weights, const std::string &prefix,
                    at::Device device);

    /// Token states [tokens, hidden]. `words` is the table that `batch.ids` index: the whole vocabulary, or
    /// the part of it that training touches. `dropout` null: inference.
    [[nodiscard]] at::Tensor forward(const PackedBatch &batch, const at::Tensor &words, Dropout *dropout) const;

    [[nodiscard]] const engine::EncoderConfig &config() const { return m_config; }
    [[nodiscard]] const at::Tensor &words() const { return m_words; }

    /// Every weight but the word table, under transformers' names without prefix; q, k and v are views of one tensor.
    void visit(const std::function<void(const std::string &name, const at::Tensor &)> &visitor) const;

    /// The tensors an optimiser updates, the word table left out. `decays` tells those that weight decay may touch.
    void visitTrainable(const std::function<void(const at::Tensor &, bool decays)> &visitor) const;

private:
    [[nodiscard]] at::Tensor attend(const at::Tensor &qkv, const PackedBatch &batch) const;

    engine::EncoderConfig m_config;
    at::Tensor m_words;
    at::Tensor m_positions;
    at::Tensor m_types;  ///< undefined where the family has none
    LayerNorm m_embeddingNorm;
    std::vector<EncoderLayer> m_layers;
};

}  // namespace nets
