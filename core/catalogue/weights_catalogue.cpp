// SPDX-License-Identifier: Apache-2.0
#include "core/catalogue/weights_catalogue.h"

#include "core/settings/paths.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace core {

namespace {

int64_t sizeOf(const fs::path &folder)
{
    int64_t bytes = 0;
    std::error_code code;
    for (const auto &entry : fs::recursive_directory_iterator(folder, code)) {
        if (entry.is_regular_file(code))
            bytes += static_cast<int64_t>(entry.file_size(code));
    }
    return bytes;
}

}  // namespace

std::vector<BaseWeights> listWeights()
{
    std::vector<BaseWeights> result{
        {DefaultWeights, "Apache-2.0", "22 million weights, English, 384 features, 6 layers", 91'000'000, {}}};
    std::error_code code;
    std::vector<fs::path> folders;
    for (const auto &entry : fs::directory_iterator(cacheFolder() / "weights", code))
        folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    for (const fs::path &folder : folders) {
        if (!fs::exists(folder / "config.json", code))
            continue;
        const std::string name = folder.filename().string();
        auto known = std::find_if(result.begin(), result.end(), [&](const auto &w) { return w.name == name; });
        if (known == result.end())
            known = result.insert(result.end(), BaseWeights{name, "", "placed here by you", 0, {}});
        known->folder = folder;
        known->bytes = sizeOf(folder);
    }
    return result;
}

base::Result<fs::path> findWeights(const std::string &nameOrPath)
{
    for (const auto &weights : listWeights()) {
        if (weights.name == nameOrPath && !weights.folder.empty())
            return weights.folder;
    }
    std::error_code code;
    if (fs::exists(fs::path(nameOrPath) / "config.json", code))
        return fs::path(nameOrPath);
    const bool known = nameOrPath == DefaultWeights;
    return base::failure(
        base::ErrorCode::NotFound,
        known ? "These base weights are not on this machine yet. Run packaging/setup to fetch them."
              : "There are no base weights of this name, and no folder with a config.json. See `stillroom-cli models`.",
        nameOrPath);
}

}  // namespace core
