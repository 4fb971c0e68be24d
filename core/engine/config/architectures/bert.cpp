// SPDX-License-Identifier: Apache-2.0
// BERT (Devlin et al., 2018), and what is built like it: MiniLM, E5, BGE.
#include "core/engine/config/architecture.h"

namespace engine {

extern const Architecture Bert;
const Architecture Bert{.modelType = "bert",
                        .classifierClass = "BertForSequenceClassification",
                        .prefix = "bert.",
                        .headDense = "bert.pooler.dense",
                        .headOutput = "classifier"};

}  // namespace engine
