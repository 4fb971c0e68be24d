// SPDX-License-Identifier: Apache-2.0
// Fetches base weights from a hub: whole and checked, or not at all.
#pragma once

#include "core/catalogue/hub_client.h"
#include "core/catalogue/weights_catalogue.h"

namespace core {

struct DownloadRequest {
    WeightsSource source;
    std::string name;  ///< what they are called here
    HubAccess hub;
};

struct DownloadOutcome {
    std::filesystem::path folder;
    std::string commit;        ///< of the hub's repository
    std::string licence;       ///< as the hub states it; may be empty
    int64_t bytes = 0;         ///< of all files
    int64_t fetchedBytes = 0;  ///< of them, by this call; the others were here
};

/// What "all-MiniLM-L6-v2" or "owner/name" stands for.
[[nodiscard]] base::Result<DownloadRequest> downloadOf(const std::string &nameOrHubId);

/// Files grow in downloadFolder(), also over several processes, and appear together under their name when each has
/// the checksum that the catalogue or the hub states and Stillroom can use them: config and tokenizer are looked at
/// before the weights are fetched. A file with a wrong sum is kept aside (NAME.wrong) and fetched once more. Where too
/// little disk is free, nothing is begun. Blocks; see HubClient for what it needs.
[[nodiscard]] base::Result<DownloadOutcome> fetchWeights(const DownloadRequest &request,
                                                         const base::WorkContext &context);

}  // namespace core
