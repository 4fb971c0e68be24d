// SPDX-License-Identifier: Apache-2.0
// XLM-RoBERTa (Conneau et al., 2020), a hundred languages; multilingual E5.
#include "core/engine/config/architecture.h"

namespace engine {

extern const Architecture XlmRoberta;
const Architecture XlmRoberta{.modelType = "xlm-roberta",
                              .classifierClass = "XLMRobertaForSequenceClassification",
                              .prefix = "roberta.",
                              .headDense = "classifier.dense",
                              .headOutput = "classifier.out_proj",
                              .positionsFollowPadding = true};

}  // namespace engine
