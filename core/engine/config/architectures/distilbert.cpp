// SPDX-License-Identifier: Apache-2.0
// DistilBERT (Sanh et al., 2019): half of BERT's layers, no token types.
#include "core/engine/config/architecture.h"

namespace engine {

extern const Architecture DistilBert;
const Architecture DistilBert{.modelType = "distilbert",
                              .classifierClass = "DistilBertForSequenceClassification",
                              .prefix = "distilbert.",
                              .keys = {.hiddenSize = "dim",
                                       .layers = "n_layers",
                                       .heads = "n_heads",
                                       .intermediateSize = "hidden_dim",
                                       .activation = "activation",
                                       .hiddenDropout = "dropout",
                                       .attentionDropout = "attention_dropout",
                                       .typeVocabularySize = nullptr,
                                       .layerNormEps = nullptr},
                              .names = {.types = nullptr,
                                        .layer = "transformer.layer.",
                                        .query = "attention.q_lin",
                                        .key = "attention.k_lin",
                                        .value = "attention.v_lin",
                                        .attentionOutput = "attention.out_lin",
                                        .attentionNorm = "sa_layer_norm",
                                        .intermediate = "ffn.lin1",
                                        .output = "ffn.lin2",
                                        .outputNorm = "output_layer_norm"},
                              .headDense = "pre_classifier",
                              .headOutput = "classifier",
                              .headActivation = HeadActivation::Relu};

}  // namespace engine
