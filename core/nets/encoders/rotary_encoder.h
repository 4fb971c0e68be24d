// SPDX-License-Identifier: Apache-2.0
// ModernBERT's encoder (Warner et al., 2024): pre-norm, rotary positions (Su et al., 2021), gated linear units
// (Shazeer, 2020), and layers that see only what is near between those that see the whole text.
#pragma once

#include "core/nets/encoders/encoder.h"

namespace nets {

class RotaryEncoder final : public Encoder {
public:
    RotaryEncoder(const engine::EncoderConfig &config, const LayerReader &reader);

    [[nodiscard]] at::Tensor embed(const PackedBatch &batch, const at::Tensor &words, Dropout *dropout) const override;
    [[nodiscard]] at::Tensor layers(at::Tensor states, const PackedBatch &batch, int from, int to,
                                    Dropout *dropout) const override;
    void visit(const NamedVisitor &visitor) const override;
    void visitTrainable(const TrainableVisitor &visitor, int from) const override;
    void visitPlaces(const PlaceVisitor &visitor, int from) override;

private:
    struct Layer {
        LayerNorm attentionNorm;  ///< undefined in the first layer: the embeddings are normalised
        Linear qkv;
        Linear attentionOutput;
        LayerNorm outputNorm;
        Linear intermediate;  ///< what passes and the gate, one above the other
        Linear output;
    };

    LayerNorm m_embeddingNorm;
    std::vector<Layer> m_layers;
    LayerNorm m_finalNorm;
};

}  // namespace nets
