// SPDX-License-Identifier: Apache-2.0
// Where programs keep what belongs to the user, as the XDG base directory specification says.
#pragma once

#include <filesystem>

namespace base {

/// $XDG_CACHE_HOME/stillroom or ~/.cache/stillroom: what can be made or fetched again.
[[nodiscard]] std::filesystem::path cacheFolder();
/// $XDG_CONFIG_HOME/stillroom or ~/.config/stillroom.
[[nodiscard]] std::filesystem::path configFolder();
/// $XDG_STATE_HOME/stillroom or ~/.local/state/stillroom: logs.
[[nodiscard]] std::filesystem::path stateFolder();

}  // namespace base
