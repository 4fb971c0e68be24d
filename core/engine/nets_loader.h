// SPDX-License-Identifier: Apache-2.0
// Opens the module of tensors at first need.
#pragma once

#include "core/engine/nets_interface.h"

namespace engine {

/// The module, opened at the first call and kept. An error says which library is missing and how to get it.
/// Looked for in $STILLROOM_NETS (a file), then beside the executable and in ../lib and ../lib/stillroom.
[[nodiscard]] base::Result<Nets *> openNets();

}  // namespace engine
