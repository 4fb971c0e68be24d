// SPDX-License-Identifier: Apache-2.0
// BERT's encoder (Devlin et al., 2018) and its kin: post-norm, absolute positions, exact gelu.
#pragma once

#include "core/nets/encoders/encoder.h"

namespace nets {

class PostNormEncoder final : public Encoder {
public:
    PostNormEncoder(const engine::EncoderConfig &config, const LayerReader &reader);

    [[nodiscard]] at::Tensor embed(const PackedBatch &batch, const at::Tensor &words, Dropout *dropout) const override;
    [[nodiscard]] at::Tensor layers(at::Tensor states, const PackedBatch &batch, int from, int to,
                                    Dropout *dropout) const override;
    void visit(const NamedVisitor &visitor) const override;
    void visitTrainable(const TrainableVisitor &visitor, int from) const override;
    void visitPlaces(const PlaceVisitor &visitor, int from) override;

private:
    struct Layer {
        Linear qkv;  ///< query, key and value in one matrix: one product instead of three
        Linear attentionOutput;
        LayerNorm attentionNorm;
        Linear intermediate;
        Linear output;
        LayerNorm outputNorm;
    };

    at::Tensor m_positions;
    at::Tensor m_types;  ///< undefined where the family has none
    LayerNorm m_embeddingNorm;
    std::vector<Layer> m_layers;
};

}  // namespace nets
