// SPDX-License-Identifier: Apache-2.0
// Where Stillroom keeps what belongs to the user and not to a service.
#pragma once

#include <filesystem>

namespace core {

/// $XDG_CACHE_HOME/stillroom or ~/.cache/stillroom: what can be fetched again.
[[nodiscard]] std::filesystem::path cacheFolder();
/// $XDG_CONFIG_HOME/stillroom or ~/.config/stillroom.
[[nodiscard]] std::filesystem::path configFolder();
/// $XDG_STATE_HOME/stillroom or ~/.local/state/stillroom: logs.
[[nodiscard]] std::filesystem::path stateFolder();

/// The sample services that come with the program, beside the executable.
[[nodiscard]] std::filesystem::path samplesFolder();

}  // namespace core
