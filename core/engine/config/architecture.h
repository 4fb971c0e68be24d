// SPDX-License-Identifier: Apache-2.0
// How a family of encoders is written down in transformers' files. Adding one that computes as one of EncoderKind does
// is one file in architectures/ and a line in architecture.cpp.
#pragma once

#include <span>
#include <string_view>

namespace engine {

enum class EncoderKind {
    PostNorm,  ///< as BERT: absolute positions, normalised behind each part
    Rotary     ///< as ModernBERT: rotary positions, gated units, normalised before each part, no biases
};

enum class HeadActivation { Tanh, Relu, Gelu, None };

struct Architecture {
    const char *modelType;        ///< of config.json
    const char *classifierClass;  ///< transformers' class with a head for whole texts
    const char *prefix;           ///< of the encoder's tensors in a classifier's file; alone they may go without
    EncoderKind encoder = EncoderKind::PostNorm;

    /// Keys of config.json. A null key: the family has no such thing, or only one value of it.
    struct Keys {
        const char *hiddenSize = "hidden_size";
        const char *layers = "num_hidden_layers";
        const char *heads = "num_attention_heads";
        const char *intermediateSize = "intermediate_size";
        const char *activation = "hidden_act";
        const char *hiddenDropout = "hidden_dropout_prob";
        const char *attentionDropout = "attention_probs_dropout_prob";
        const char *typeVocabularySize = "type_vocab_size";
        const char *layerNormEps = "layer_norm_eps";
    } keys{};

    /// Tensors, behind the prefix; those of a layer behind `layer` and its number. A null name: there is no such
    /// tensor.
    struct Names {
        const char *words = "embeddings.word_embeddings";
        const char *positions = "embeddings.position_embeddings";
        const char *types = "embeddings.token_type_embeddings";
        const char *embeddingNorm = "embeddings.LayerNorm";
        const char *layer = "encoder.layer.";
        const char *query = "attention.self.query";  ///< Rotary: of query, key and value in one
        const char *key = "attention.self.key";
        const char *value = "attention.self.value";
        const char *attentionOutput = "attention.output.dense";
        const char *attentionNorm = "attention.output.LayerNorm";
        const char *intermediate = "intermediate.dense";
        const char *output = "output.dense";
        const char *outputNorm = "output.LayerNorm";
        const char *finalNorm = nullptr;
    } names{};

    /// The classifier: first token, dense layer, activation, normalisation (Rotary), linear layer. Whole names.
    const char *headDense;
    const char *headOutput;
    const char *headNorm = nullptr;
    HeadActivation headActivation = HeadActivation::Tanh;

    /// Positions are counted from behind the id of the padding token on, as fairseq does.
    bool positionsFollowPadding = false;
};

[[nodiscard]] std::span<const Architecture *const> architectures();
[[nodiscard]] const Architecture *architectureOrNull(std::string_view modelType);

}  // namespace engine
