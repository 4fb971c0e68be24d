// SPDX-License-Identifier: Apache-2.0
// Adapters in the files of Hugging Face's PEFT.
#pragma once

#include "core/nets/train/lora.h"

namespace nets {

/// Writes adapter_config.json and adapter_model.safetensors into `folder`, for the encoder of the base weights: PEFT
/// puts them on transformers' AutoModel of those. No name or place of the base is written: it may be a path.
[[nodiscard]] base::Result<void> writePeftFolder(LoraAdapters &adapters, const engine::LoraConfig &config,
                                                 const std::filesystem::path &folder);

}  // namespace nets
