// SPDX-License-Identifier: Apache-2.0
// ModernBERT (Warner et al., 2024).
#include "core/engine/config/architecture.h"

namespace engine {

extern const Architecture ModernBert;
const Architecture ModernBert{.modelType = "modernbert",
                              .classifierClass = "ModernBertForSequenceClassification",
                              .prefix = "model.",
                              .encoder = EncoderKind::Rotary,
                              .keys = {.activation = "hidden_activation",
                                       .hiddenDropout = "mlp_dropout",
                                       .attentionDropout = "attention_dropout",
                                       .typeVocabularySize = nullptr,
                                       .layerNormEps = "norm_eps"},
                              .names = {.words = "embeddings.tok_embeddings",
                                        .positions = nullptr,
                                        .types = nullptr,
                                        .embeddingNorm = "embeddings.norm",
                                        .layer = "layers.",
                                        .query = "attn.Wqkv",
                                        .key = nullptr,
                                        .value = nullptr,
                                        .attentionOutput = "attn.Wo",
                                        .attentionNorm = "attn_norm",
                                        .intermediate = "mlp.Wi",
                                        .output = "mlp.Wo",
                                        .outputNorm = "mlp_norm",
                                        .finalNorm = "final_norm"},
                              .headDense = "head.dense",
                              .headOutput = "classifier",
                              .headNorm = "head.norm",
                              .headActivation = HeadActivation::Gelu};

}  // namespace engine
