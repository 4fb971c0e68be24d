// SPDX-License-Identifier: Apache-2.0
// Base weights by name: those that can be fetched, and those that are here.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace core {

/// Where weights come from.
struct WeightsSource {
    std::string hubId;              ///< "owner/name"
    std::string revision = "main";  ///< branch, tag or commit
    std::string sha256;             ///< of model.safetensors, hex; empty: as the hub says
    std::string textPrefix;         ///< what the weights want before each text, where their folder does not say it
};

struct BaseWeights {
    std::string name;
    std::string licence;
    std::string languages;
    std::string summary;
    double parameters = 0;         ///< millions; 0: not known
    double layerParameters = 0;    ///< millions that each token passes
    int64_t bytes = 0;             ///< on disk, or to download
    std::filesystem::path folder;  ///< where they are; empty: not here
    std::optional<WeightsSource> source;
    int64_t fetched = 0;  ///< bytes of a download that has not ended

    [[nodiscard]] bool isHere() const { return !folder.empty(); }
    /// How many times longer a pass takes than with the default weights; 0: not known.
    [[nodiscard]] double cost() const;
};

/// The weights this version knows (resources/models.yaml), and those found in the cache folder.
[[nodiscard]] std::vector<BaseWeights> listWeights();

/// The folder of weights named by a catalogue name or a path.
[[nodiscard]] base::Result<std::filesystem::path> findWeights(const std::string &nameOrPath);

/// The weights this version knows by this name, here or not; none for a folder or another name.
[[nodiscard]] std::optional<BaseWeights> catalogueWeights(const std::string &name);

/// How many times longer a pass takes than with the default weights, of weights by name or a folder; 1 where it is not
/// known.
[[nodiscard]] double costOf(const std::string &nameOrPath);

/// Removes weights from the cache folder, or what a download has left. What was trained from them stays usable.
[[nodiscard]] base::Result<void> removeWeights(const std::string &name);

/// Where all base weights of this user live, a folder each.
[[nodiscard]] std::filesystem::path weightsFolder();
/// Where a download of weights of this name grows.
[[nodiscard]] std::filesystem::path downloadFolder(const std::string &name);

constexpr const char *DefaultWeights = "all-MiniLM-L6-v2";

}  // namespace core
