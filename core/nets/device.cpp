// SPDX-License-Identifier: Apache-2.0
#include "core/nets/device.h"

#include "core/nets/gpu_driver.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>
#include <cstdlib>
#include <dlfcn.h>
#include <new>
#include <string>
#include <string_view>
#include <torch/headeronly/version.h>

// at::set_num_threads would change MKL for the whole process: what somebody tries out while a run trains must not
// change the run's thread count, and with it the order of its sums.
extern "C" {
void omp_set_num_threads(int threads);  // libgomp, of the calling thread
int MKL_Set_Num_Threads_Local(
    int threads);  // inside libtorch_cpu, of the calling thread; the lower-case name is Fortran's
}

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
    // Equal runs give equal weights: what cuBLAS needs for that has to be said before it starts.
    ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
    auto &context = at::globalContext();
    if (!context.hasCUDA())
        return false;
    context.setDeterministicAlgorithms(true, false);
    context.setDeterministicFillUninitializedMemory(false);
    return true;
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
    return {gpu ? readGpuFacts().name : "CPU, " + std::to_string(at::get_num_threads()) + " threads", TORCH_VERSION,
            gpu};
}

bool isOutOfMemory(const std::exception &error)
{
    if (dynamic_cast<const std::bad_alloc *>(&error) || dynamic_cast<const c10::OutOfMemoryError *>(&error))
        return true;
    // The CPU's allocator throws a plain error, and so does oneDNN.
    const std::string_view what = error.what();
    return what.find("can't allocate memory") != std::string_view::npos ||
           what.find("out of memory") != std::string_view::npos || what.find("out_of_memory") != std::string_view::npos;
}

int useThreads(int threads)
{
    const int before = at::get_num_threads();  // also makes at:: initialise this thread, once
    if (threads > 0 && threads != before) {
        omp_set_num_threads(threads);
        MKL_Set_Num_Threads_Local(threads);
    }
    return before;
}

}  // namespace nets
