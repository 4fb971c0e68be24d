// SPDX-License-Identifier: Apache-2.0
#include "core/engine/weights/safetensors.h"
#include "tests/bench/benches.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace bench {

int safetensorsVerdicts(const Arguments &arguments)
{
    for (const auto &path : arguments.positional) {
        const auto file = engine::SafetensorsFile::open(path);
        nlohmann::ordered_json line{{"file", path}, {"loads", file.has_value()}};
        if (file) {
            line["tensors"] = nlohmann::ordered_json::object();
            for (const auto &tensor : file->tensors())
                line["tensors"][tensor.name] = {{"shape", tensor.shape}, {"dtype", tensor.dtype}};
        } else {
            line["error"] = file.error().message;
        }
        std::printf("%s\n", line.dump().c_str());
    }
    return 0;
}

}  // namespace bench
