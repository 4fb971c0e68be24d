// SPDX-License-Identifier: Apache-2.0
// Our pooling and head with the layers that transformers' classifier of a family has.
#pragma once

#include "core/nets/encoders/encoder.h"
#include "core/nets/sequence_classifier.h"

namespace nets {

/// Whether pooling needs one more layer of the encoder: Pooling::Mean of a family that cannot pool the mean itself.
[[nodiscard]] bool needsMeanLayer(const SequenceClassifier &classifier);

/// Visits the encoder's tensors, but the word table, under whole names, and those of one more layer that pools the mean
/// and normalises it. Its attention has Q = K = 0, so it averages; V and the output layer are powers of two times the
/// identity, so that the residual vanishes beside the mean; its norms have weight 1 and bias 0, its feed-forward is 0.
/// So that no state overflows in fp16 (65,504), the last normalisation before it is written with its weights times
/// 2^-n, and the mean is multiplied by 2^(20-n) afterwards: n is 10 where states are at most 58, else larger.
/// Differences to fp32 of our own: 1e-6 of a state. Returns n.
[[nodiscard]] int addEncoderWithMean(const Encoder &encoder, const NamedVisitor &visitor);

/// Multiplies the last normalisation of weights that were written so by 2^exponent: exact, as it is a power of two.
void undoScaledNorm(const engine::EncoderConfig &config, int exponent, const std::string &prefix, WeightMap &weights);

/// Visits dense layer and linear layer of a family's classifier, so that they compute `weight` [classes, hidden] and
/// `bias` [classes] of a pooled state. No number of it overflows in fp16 or is lost in bf16:
///  - A family whose classifier ends with a normalisation (and whose activation can be left out): the dense layer is
///    the identity.
///  - tanh, classes <= hidden: the dense layer is the head times 2^-14, where tanh is linear (1e-6 at a logit of 30),
///    the linear layer takes 2^14 times each.
///  - tanh, more classes: the dense layer is 2^-12 times the identity, the head 2^12 times its weights.
///  - relu, 2 classes <= hidden: the dense layer is the head and its negative, the linear layer their difference.
///  - relu, more classes: the dense layer adds 64 to each state, so that none is negative, and the bias takes it back;
///    bf16 keeps half a unit of it only.
void addMappedHead(const engine::EncoderConfig &config, const at::Tensor &weight, const at::Tensor &bias,
                   const NamedVisitor &visitor);

}  // namespace nets
