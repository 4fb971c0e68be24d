// SPDX-License-Identifier: Apache-2.0
#include "core/nets/gpu_driver.h"

#include <array>
#include <dlfcn.h>

namespace nets {

namespace {

// Of CUDA's driver API, whose binary interface is stable: a result of 0 is success, a device is a number.
using Init = int (*)(unsigned flags);
using GetDevice = int (*)(int *device, int ordinal);
using GetName = int (*)(char *name, int size, int device);
using GetAttribute = int (*)(int *value, int attribute, int device);
constexpr int ComputeCapabilityMajor = 75;

template <class Function>
Function find(void *library, const char *name)
{
    return reinterpret_cast<Function>(::dlsym(library, name));
}

}  // namespace

GpuFacts readGpuFacts()
{
    GpuFacts facts{"GPU", 0};
    void *driver = ::dlopen("libcuda.so.1", RTLD_NOW);
    if (!driver)
        return facts;
    const auto init = find<Init>(driver, "cuInit");
    const auto getDevice = find<GetDevice>(driver, "cuDeviceGet");
    const auto getName = find<GetName>(driver, "cuDeviceGetName");
    const auto getAttribute = find<GetAttribute>(driver, "cuDeviceGetAttribute");
    int device = 0;
    if (!init || !getDevice || !getName || !getAttribute || init(0) != 0 || getDevice(&device, 0) != 0)
        return facts;
    std::array<char, 128> name{};
    if (getName(name.data(), static_cast<int>(name.size()) - 1, device) == 0)
        facts.name = name.data();
    if (getAttribute(&facts.capability, ComputeCapabilityMajor, device) != 0)
        facts.capability = 0;
    return facts;
}

}  // namespace nets
