// SPDX-License-Identifier: Apache-2.0
// RoBERTa (Liu et al., 2019).
#include "core/engine/config/architecture.h"

namespace engine {

extern const Architecture Roberta;
const Architecture Roberta{.modelType = "roberta",
                           .classifierClass = "RobertaForSequenceClassification",
                           .prefix = "roberta.",
                           .headDense = "classifier.dense",
                           .headOutput = "classifier.out_proj",
                           .positionsFollowPadding = true};

}  // namespace engine
