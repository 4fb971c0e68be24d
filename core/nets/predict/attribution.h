// SPDX-License-Identifier: Apache-2.0
// Which tokens of a text an answer rests on.
#pragma once

#include "core/engine/nets_interface.h"
#include "core/nets/sequence_classifier.h"

namespace nets {

/// See engine::Predictor::attribute.
[[nodiscard]] base::Result<engine::Attribution> attribute(const SequenceClassifier &classifier,
                                                          const engine::TokenIds &text, const engine::TokenIds &neutral,
                                                          int label, const base::WorkContext &context);

}  // namespace nets
