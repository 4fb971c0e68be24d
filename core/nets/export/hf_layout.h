// SPDX-License-Identifier: Apache-2.0
// A classifier as transformers' ...ForSequenceClassification of its family, which knows one head only: first token,
// dense layer with an activation, linear layer.
#pragma once

#include "core/nets/sequence_classifier.h"

namespace nets {

/// Writes config.json, model.safetensors, stillroom_head.safetensors and the tokenizer's files (see
/// core/engine/text/tokenizer_files.h) into `folder`. `request.base` is where the tokenizer comes from. How pooling and
/// head are mapped: see core/nets/export/mapped_head.h.
/// The calibration's temperature divides the head's weight and bias in what is written; its thresholds stand in the
/// part of config.json that is ours.
[[nodiscard]] base::Result<void> writeHfFolder(const SequenceClassifier &classifier,
                                               const engine::TrainRequest &request,
                                               const engine::Calibration &calibration,
                                               const std::filesystem::path &folder);

}  // namespace nets
