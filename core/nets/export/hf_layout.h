// SPDX-License-Identifier: Apache-2.0
// A classifier as transformers' ...ForSequenceClassification of its family, which knows one head only: first token,
// dense layer with an activation, linear layer.
#pragma once

#include "core/nets/sequence_classifier.h"

namespace nets {

/// Writes config.json, model.safetensors, stillroom_head.safetensors and the tokenizer's files into `folder`.
/// `base` is where the tokenizer's files come from. How the head is mapped:
///  - Pooling::Native: as it is.
///  - Pooling::Cls: where the activation is tanh, the dense layer is 1e-4 times the identity, where tanh is linear to
///    3e-7 for states up to 10, and the classifier's weights are multiplied by 1e4; where it is relu, the dense layer
///    adds 64 to every state, so that none is negative, and the classifier's bias takes it back.
///  - Pooling::Mean: one more encoder layer whose attention has Q = K = 0 (so it averages), V = 1e6 times the
///    identity (so that the residual vanishes beside it) and whose LayerNorms, with weight 1 and bias 0, compute
///    the normalisation that pooling ends with; its feed-forward is 0. Then as for Cls. Not for fp16: 1e6 overflows.
/// The calibration's temperature divides the head's weight and bias in what is written; its thresholds stand in the
/// part of config.json that is ours.
[[nodiscard]] base::Result<void> writeHfFolder(const SequenceClassifier &classifier,
                                               const engine::TrainRequest &request,
                                               const engine::Calibration &calibration,
                                               const std::filesystem::path &folder);

}  // namespace nets
