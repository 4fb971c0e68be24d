// SPDX-License-Identifier: Apache-2.0
#include "core/nets/train/checkpoint.h"

#include "core/base/atomic_file.h"
#include "core/base/failpoint.h"
#include "core/engine/json/strict_json.h"
#include "core/engine/weights/safetensors.h"
#include "core/nets/export/hf_layout.h"
#include "core/nets/export/peft_layout.h"
#include "core/nets/export/tensor_list.h"

#include <charconv>

namespace fs = std::filesystem;
using base::Result;

namespace nets {

namespace {

constexpr const char *StateTensors = "training_state.safetensors";
constexpr const char *StateFacts = "training_state.json";

std::vector<int> epochFolders(const fs::path &checkpoints)
{
    std::vector<int> epochs;
    std::error_code code;
    for (const auto &entry : fs::directory_iterator(checkpoints, code)) {
        const std::string name = entry.path().filename().string();
        int epoch = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), epoch);
        if (error == std::errc() && end == name.data() + name.size() && epoch > 0)
            epochs.push_back(epoch);
    }
    return epochs;
}

/// Everything that is not in the written weights: moments, the head before its temperature, adapters before they are
/// merged.
void visitState(const Learned &learned, const std::function<void(const std::string &, at::Tensor &)> &visitor)
{
    auto weight = learned.classifier.head().weight.detach();
    auto bias = learned.classifier.head().bias.detach();
    visitor("head.weight", weight);
    visitor("head.bias", bias);
    learned.optimiser.visitState(visitor);
    if (learned.adapters) {
        learned.adapters->visit([&](const std::string &name, at::Tensor &tensor) {
            auto plain = tensor.detach();
            visitor(name, plain);
        });
    }
}

}  // namespace

Result<void> writeCheckpoint(const fs::path &checkpoints, const TrainingState &state, const Learned &learned,
                             const engine::TrainRequest &request, const engine::Calibration &calibration)
{
    std::error_code code;
    fs::create_directories(checkpoints, code);
    auto written =
        base::writeFolder(checkpoints / std::to_string(state.epoch), true, [&](const fs::path &folder) -> Result<void> {
            TRY(writeHfFolder(learned.classifier, request, calibration, folder));
            if (learned.adapters) {
                TRY(writePeftFolder(*learned.adapters, request.config.lora(), folder / "adapter"));
            }
            if (const int failing = base::failpointError("checkpoint.weights"))
                return base::Failure(base::systemError(failing, folder));
            TensorList list;
            visitState(learned, [&](const std::string &name, at::Tensor &tensor) { list.add(name, tensor); });
            TRY(list.write(folder / StateTensors));
            const nlohmann::ordered_json facts{{"epoch", state.epoch},
                                               {"step", state.step},
                                               {"seconds", state.seconds},
                                               {"l2", state.l2},
                                               {"extra_weight", state.extraWeight}};
            if (const int failing = base::failpointError("checkpoint.state"))
                return base::Failure(base::systemError(failing, folder));
            return base::writeFile(folder / StateFacts, facts.dump(2));
        });
    if (written) {
        removeTrainingStates(checkpoints, state.epoch);
        static_cast<void>(base::failpoint("checkpoint.swept.after"));
    }
    return written;
}

int newestResumableEpoch(const fs::path &checkpoints)
{
    int newest = 0;
    for (const int epoch : epochFolders(checkpoints)) {
        if (epoch > newest && fs::exists(checkpoints / std::to_string(epoch) / StateFacts))
            newest = epoch;
    }
    return newest;
}

Result<TrainingState> readTrainingState(const fs::path &checkpoints, int epoch, const Learned &learned)
{
    const fs::path folder = checkpoints / std::to_string(epoch);
    auto bytes = TRY(base::readFile(folder / StateFacts));
    const auto facts = engine::parseStrictJson(bytes);
    auto file = TRY(engine::SafetensorsFile::open(folder / StateTensors));
    const auto damaged = base::failure(
        base::ErrorCode::Corrupt, "The saved state of this run is damaged. Start a new run from its last checkpoint.",
        folder.string());
    if (!facts || !facts->is_object())
        return damaged;
    bool complete = true;
    visitState(learned, [&](const std::string &name, at::Tensor &tensor) {
        const auto *view = file.find(name);
        if (!view || view->data.size() != static_cast<size_t>(tensor.nbytes())) {
            complete = false;
            return;
        }
        auto plain = tensor.to(at::kCPU).contiguous();
        std::memcpy(plain.data_ptr(), view->data.data(), view->data.size());
        tensor.copy_(plain);
    });
    if (!complete)
        return damaged;
    return TrainingState{facts->value("epoch", 0), facts->value("step", int64_t{0}), facts->value("seconds", 0.0),
                         facts->value("l2", 0.0), facts->value("extra_weight", 0.0)};
}

void removeTrainingStates(const fs::path &checkpoints, int exceptEpoch)
{
    std::error_code code;
    for (const int epoch : epochFolders(checkpoints)) {
        if (epoch == exceptEpoch)
            continue;
        fs::remove(checkpoints / std::to_string(epoch) / StateFacts, code);
        fs::remove(checkpoints / std::to_string(epoch) / StateTensors, code);
    }
}

}  // namespace nets
