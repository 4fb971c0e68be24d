// SPDX-License-Identifier: Apache-2.0
#include "core/base/user_folders.h"

#include <cstdlib>

namespace fs = std::filesystem;

namespace base {

namespace {

fs::path folder(const char *variable, const char *fallback)
{
    // The XDG specification: a relative path in the variable is ignored.
    const char *named = std::getenv(variable);
    if (named && fs::path(named).is_absolute())
        return fs::path(named) / "stillroom";
    const char *home = std::getenv("HOME");
    return fs::path(home ? home : "/") / fallback / "stillroom";
}

}  // namespace

fs::path cacheFolder()
{
    return folder("XDG_CACHE_HOME", ".cache");
}

fs::path configFolder()
{
    return folder("XDG_CONFIG_HOME", ".config");
}

fs::path stateFolder()
{
    return folder("XDG_STATE_HOME", ".local/state");
}

}  // namespace base
