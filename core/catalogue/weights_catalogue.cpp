// SPDX-License-Identifier: Apache-2.0
#include "core/catalogue/weights_catalogue.h"

#include "core/base/user_folders.h"
#include "core/catalogue/catalogue_yaml.h"
#include "core/catalogue/hub_repository.h"
#include "core/engine/config/memory_estimate.h"

#include <algorithm>
#include <yaml-cpp/yaml.h>

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

/// Millions; 0: not known.
double layerParametersOf(const fs::path &folder)
{
    const auto info = engine::readWeightsInfo(folder);
    return info ? static_cast<double>(engine::layerParameters(info->encoder)) / 1e6 : 0;
}

/// Our own file, checked by the tests.
std::vector<BaseWeights> readCatalogue()
{
    std::vector<BaseWeights> list;
    const YAML::Node root = YAML::Load(CatalogueYaml);
    for (const YAML::Node &node : root) {
        const auto text = [&](const char *key) { return node[key].as<std::string>(""); };
        BaseWeights weights;
        weights.name = text("name");
        weights.licence = text("licence");
        weights.languages = text("languages");
        weights.summary = text("summary");
        weights.parameters = node["parameters"].as<double>(0);
        weights.layerParameters = node["layer_parameters"].as<double>(0);
        weights.bytes = node["megabytes"].as<int64_t>(0) * 1'000'000;
        weights.source =
            WeightsSource{text("hub"), node["revision"].as<std::string>("main"), text("sha256"), text("text_prefix")};
        list.push_back(std::move(weights));
    }
    return list;
}

const std::vector<BaseWeights> &catalogue()
{
    static const std::vector<BaseWeights> list = readCatalogue();
    return list;
}

}  // namespace

double BaseWeights::cost() const
{
    const double ofDefault = catalogue().front().layerParameters;
    return layerParameters > 0 ? layerParameters / ofDefault : 0;
}

fs::path weightsFolder()
{
    return base::cacheFolder() / "weights";
}

fs::path downloadFolder(const std::string &name)
{
    return weightsFolder() / ("." + name + ".download");
}

std::vector<BaseWeights> listWeights()
{
    std::vector<BaseWeights> result = catalogue();
    std::error_code code;
    std::vector<fs::path> folders;
    for (const auto &entry : fs::directory_iterator(weightsFolder(), code)) {
        if (!entry.path().filename().string().starts_with('.'))
            folders.push_back(entry.path());
    }
    std::sort(folders.begin(), folders.end());
    for (const fs::path &folder : folders) {
        if (!fs::exists(folder / "config.json", code))
            continue;
        const std::string name = folder.filename().string();
        auto known = std::find_if(result.begin(), result.end(), [&](const auto &w) { return w.name == name; });
        if (known == result.end()) {
            known = result.insert(result.end(), BaseWeights{});
            known->name = name;
            known->summary = "Added by you";
            known->layerParameters = layerParametersOf(folder);
        }
        known->folder = folder;
        known->bytes = sizeOf(folder);
    }
    for (BaseWeights &weights : result) {
        if (!weights.isHere())
            weights.fetched = sizeOf(downloadFolder(weights.name));
    }
    return result;
}

base::Result<fs::path> findWeights(const std::string &nameOrPath)
{
    const auto known = listWeights();
    const auto found = std::ranges::find(known, nameOrPath, &BaseWeights::name);
    if (found != known.end() && found->isHere())
        return found->folder;
    std::error_code code;
    if (fs::exists(fs::path(nameOrPath) / "config.json", code))
        return fs::path(nameOrPath);
    return base::failure(
        base::ErrorCode::NotFound,
        found != known.end()
            ? "These base weights are not on this machine yet. Download them first."
            : "There are no base weights of this name, and no folder with a config.json. Choose others.",
        nameOrPath);
}

std::optional<BaseWeights> catalogueWeights(const std::string &name)
{
    const auto found = std::ranges::find(catalogue(), name, &BaseWeights::name);
    return found != catalogue().end() ? std::optional(*found) : std::nullopt;
}

double costOf(const std::string &nameOrPath)
{
    // Asked for every row of a table and at every change of the rows: no folder is searched for it.
    BaseWeights weights;
    const auto found = std::ranges::find(catalogue(), nameOrPath, &BaseWeights::name);
    weights.layerParameters =
        found != catalogue().end() ? found->layerParameters : layerParametersOf(weightsFolder() / nameOrPath);
    return weights.cost() > 0 ? weights.cost() : 1;
}

base::Result<void> removeWeights(const std::string &name)
{
    const auto known = listWeights();
    const auto found = std::ranges::find(known, name, &BaseWeights::name);
    const fs::path unfinished = downloadFolder(name);
    std::error_code code;
    if (!isPlainName(name) || ((found == known.end() || !found->isHere()) && !fs::exists(unfinished, code)))
        return base::failure(base::ErrorCode::NotFound, "There are no base weights of this name on this machine.",
                             name);
    fs::remove_all(unfinished, code);
    if (!code && found != known.end() && found->isHere())
        fs::remove_all(found->folder, code);
    if (code)
        return base::failure(base::ErrorCode::Io,
                             "These weights could not be removed: " + code.message() + ". Check their permissions.",
                             name);
    return {};
}

}  // namespace core
