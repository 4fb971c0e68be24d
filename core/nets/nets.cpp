// SPDX-License-Identifier: Apache-2.0
// The module's exported functions, and the border where exceptions end.
#include "core/engine/nets_interface.h"
#include "core/nets/device.h"
#include "core/nets/guarded.h"
#include "core/nets/predict/predictor.h"
#include "core/nets/train/head_fitting.h"
#include "core/nets/train/trainer.h"

namespace nets {

namespace {

class TorchNets final : public engine::Nets {
public:
    engine::DeviceInfo device() const override { return describeDevice(); }

    base::Result<std::unique_ptr<engine::Predictor>> loadPredictor(const std::filesystem::path &folder,
                                                                   int threads) override
    {
        return guarded(folder.string(), [&] { return nets::loadPredictor(folder, threads); });
    }
    base::Result<std::unique_ptr<engine::Embedder>> loadEmbedder(const std::filesystem::path &folder, int threads,
                                                                 const engine::WindowRule &windows) override
    {
        return guarded(folder.string(), [&] { return nets::loadEmbedder(folder, threads, windows); });
    }
    base::Result<engine::HeadFit> fitHead(const engine::HeadFitData &data, const base::WorkContext &context) override
    {
        return guarded("head", [&] { return nets::fitHead(data, context); });
    }
    base::Result<engine::TrainSummary> train(const engine::TrainRequest &request, engine::TrainObserver &observer,
                                             const base::WorkContext &context) override
    {
        return guarded(request.base.string(), [&] { return nets::train(request, observer, context); });
    }
};

}  // namespace

}  // namespace nets

/// What the module was built with; the program compares it with its own before it calls anything else.
extern "C" __attribute__((visibility("default"))) const char *stillroom_nets_interface()
{
    return STILLROOM_NETS_INTERFACE;
}

extern "C" __attribute__((visibility("default"))) engine::Nets *stillroom_create_nets()
{
    static nets::TorchNets instance;
    return &instance;
}
