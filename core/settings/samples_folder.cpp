// SPDX-License-Identifier: Apache-2.0
#include "core/settings/samples_folder.h"

namespace core {

std::filesystem::path samplesFolder()
{
    std::error_code code;
    return std::filesystem::read_symlink("/proc/self/exe", code).parent_path() / "../share/stillroom/samples";
}

}  // namespace core
