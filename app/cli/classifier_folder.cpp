// SPDX-License-Identifier: Apache-2.0
#include "app/cli/classifier_folder.h"

#include "core/results/checkpoint_name.h"

namespace fs = std::filesystem;

namespace cli {

base::Result<fs::path> classifierFolder(const std::string &place, const std::string &checkpoint)
{
    std::error_code code;
    if (!fs::exists(fs::path(place) / core::Service::DatabaseName, code)) {
        if (fs::exists(fs::path(place) / "config.json", code))
            return fs::path(place);
        return base::failure(base::ErrorCode::NotFound,
                             "There is neither a service nor a classifier folder with a config.json here.", place);
    }
    auto service = TRY(core::Service::open(place));
    auto name = TRY(core::resolveCheckpoint(service, checkpoint));
    return service.checkpointFolder(name.run, name.epoch);
}

}  // namespace cli
