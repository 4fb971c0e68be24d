// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nets_loader.h"

#include <cstdlib>
#include <dlfcn.h>
#include <mutex>
#include <optional>
#include <string_view>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace engine {

namespace {

constexpr const char *ModuleName = "libstillroom_nets.so";

std::vector<fs::path> candidates()
{
    if (const char *named = std::getenv("STILLROOM_NETS"))
        return {named};
    std::error_code code;
    const fs::path here = fs::read_symlink("/proc/self/exe", code).parent_path();
    return {here / ModuleName, here / "../lib" / ModuleName, here / "../lib/stillroom" / ModuleName};
}

Result<Nets *> load()
{
    std::string reason = "it is not beside the program";
    for (const fs::path &path : candidates()) {
        std::error_code code;
        if (!fs::exists(path, code))
            continue;
        void *module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!module) {
            reason = ::dlerror();
            continue;
        }
        using Interface = const char *();
        using Create = Nets *();
        const auto interface = reinterpret_cast<Interface *>(::dlsym(module, "stillroom_nets_interface"));
        const auto create = reinterpret_cast<Create *>(::dlsym(module, "stillroom_create_nets"));
        if (create && interface && std::string_view(interface()) == STILLROOM_NETS_INTERFACE)
            return create();
        reason = "it is not of this version";
    }
    return failure(ErrorCode::NotFound,
                   "The part that trains and classifies (libtorch) could not be loaded: " + reason +
                       ". Run packaging/setup, then build again; everything else works without it.",
                   ModuleName);
}

}  // namespace

Result<Nets *> openNets()
{
    static std::mutex mutex;
    static std::optional<Nets *> opened;
    const std::lock_guard lock(mutex);
    if (opened)
        return *opened;
    auto loaded = load();
    if (loaded)
        opened = *loaded;
    return loaded;
}

}  // namespace engine
