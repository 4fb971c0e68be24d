// SPDX-License-Identifier: Apache-2.0
// Where the sample services are.
#pragma once

#include <filesystem>

namespace core {

/// The sample services that come with the program, beside the executable.
[[nodiscard]] std::filesystem::path samplesFolder();

}  // namespace core
