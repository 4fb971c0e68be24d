// SPDX-License-Identifier: Apache-2.0
#include "core/nets/export/peft_layout.h"

#include "core/base/atomic_file.h"
#include "core/nets/export/tensor_list.h"

#include <nlohmann/json.hpp>

namespace nets {

base::Result<void> writePeftFolder(LoraAdapters &adapters, const engine::LoraConfig &config,
                                   const std::filesystem::path &folder)
{
    std::error_code code;
    if (!std::filesystem::create_directories(folder, code) && code)
        return base::Failure(base::systemError(code.value(), folder));
    TensorList list;
    adapters.visit([&](const std::string &name, at::Tensor &tensor) { list.add("base_model.model." + name, tensor); });
    TRY(list.write(folder / "adapter_model.safetensors"));
    nlohmann::ordered_json settings{{"peft_type", "LORA"},
                                    {"task_type", "FEATURE_EXTRACTION"},
                                    {"base_model_name_or_path", nullptr},
                                    {"r", config.rank},
                                    {"lora_alpha", config.alpha},
                                    {"lora_dropout", config.dropout},
                                    {"target_modules", adapters.targetModules()},
                                    {"bias", "none"},
                                    {"fan_in_fan_out", false},
                                    {"inference_mode", true}};
    if (adapters.layers().front() > 0)  // only some of the top
        settings["layers_to_transform"] = adapters.layers();
    return base::writeFile(folder / "adapter_config.json", settings.dump(2));
}

}  // namespace nets
