// SPDX-License-Identifier: Apache-2.0
// What a hub says of a repository of weights, and which of its files are wanted.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace core {

struct HubFile {
    std::string name;  ///< one of the names that a folder of weights can have
    int64_t bytes = 0;
    std::string sha256;   ///< of large files; hex
    std::string gitBlob;  ///< of the others: SHA-1 of git's blob; hex
};

/// One state of a repository.
struct HubSnapshot {
    std::string commit;          ///< 40 hex digits
    std::string licence;         ///< as the repository states it; may be empty
    bool gated = false;          ///< its owner wants a licence accepted first
    std::vector<HubFile> files;  ///< the wanted ones that are there; the weights last
};

/// Letters, digits, '-', '_' and '.', as hubs allow them for both parts of an id, branches and tags: never a path.
[[nodiscard]] bool isPlainName(std::string_view name);
/// "owner/name", both of them plain.
[[nodiscard]] bool isHubId(std::string_view id);

/// Reads the answer of `/api/models/ID/revision/REVISION?blobs=true` (Hugging Face Hub API) without trust. Refuses
/// repositories without a tokenizer.json or model.safetensors, with what they have instead.
[[nodiscard]] base::Result<HubSnapshot> parseSnapshot(std::string_view json, const std::string &id);

}  // namespace core
