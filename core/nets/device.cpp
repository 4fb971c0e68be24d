// SPDX-License-Identifier: Apache-2.0
#include "core/nets/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <cstdlib>
#include <dlfcn.h>
#include <string>
#include <string_view>
#include <torch/headeronly/version.h>

namespace nets {

namespace {

bool gpuAvailable()
{
    const char *wanted = std::getenv("STILLROOM_DEVICE");
    if (wanted && std::string_view(wanted) == "cpu")
        return false;
    // Before any hasCUDA call: one early call leaves the GPU off for the life of the process. The name is
    // resolved through this module's RUNPATH.
    if (!::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL))
        return false;
    return at::globalContext().hasCUDA();
}

}  // namespace

c10::Device computeDevice()
{
    static const c10::Device device = gpuAvailable() ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU);
    return device;
}

engine::DeviceInfo describeDevice()
{
    const bool gpu = computeDevice().is_cuda();
    return {gpu ? "GPU" : "CPU, " + std::to_string(at::get_num_threads()) + " threads", TORCH_VERSION, gpu};
}

void useThreads(int threads)
{
    if (threads > 0 && at::get_num_threads() != threads)
        at::set_num_threads(threads);
}

}  // namespace nets
