// SPDX-License-Identifier: Apache-2.0
// The engine's Predictor and Embedder over a SequenceClassifier.
#pragma once

#include "core/engine/nets_interface.h"

namespace nets {

[[nodiscard]] base::Result<std::unique_ptr<engine::Predictor>> loadPredictor(const std::filesystem::path &folder,
                                                                             int threads);
[[nodiscard]] base::Result<std::unique_ptr<engine::Embedder>>
loadEmbedder(const std::filesystem::path &folder, int threads, const engine::WindowRule &windows);

}  // namespace nets
