// SPDX-License-Identifier: Apache-2.0
#include "core/nets/encoders/product_library.h"

#include "core/base/atomic_file.h"
#include "core/base/trimmed.h"
#include "core/base/user_folders.h"
#include "core/nets/device.h"
#include "core/nets/encoders/onednn_linear.h"

#include <ATen/ops/full.h>
#include <ATen/ops/linear.h>
#include <algorithm>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>
#include <torch/headeronly/version.h>
#include <utility>

namespace fs = std::filesystem;

namespace nets {

namespace {

/// Tokens of a batch.
constexpr int64_t Rows = 512;
/// From and to so many features: those of a layer of a small encoder.
constexpr std::pair<int64_t, int64_t> Products[] = {{384, 1152}, {384, 384}, {384, 1536}, {1536, 384}};
/// The fastest of so many counts: the others were disturbed.
constexpr int Rounds = 5;
/// A file with more was not written by us.
constexpr uint64_t MostBytes = 4096;

constexpr std::string_view MklName = "mkl", OneDnnName = "onednn";

/// Another processor, instructions that a virtual machine hides, or another version make another choice.
std::string machine()
{
    std::string model;
    std::ifstream facts("/proc/cpuinfo");
    for (std::string line; model.empty() && std::getline(facts, line);) {
        if (const size_t colon = line.find(':'); line.starts_with("model name") && colon != std::string::npos)
            model = base::trimmed(line.substr(colon + 1));
    }
#if defined(__x86_64__)
    model += __builtin_cpu_supports("avx512f") ? "; avx512" : "; no avx512";
#endif
    return model + "; libtorch " + TORCH_VERSION;
}

template <class F>
double seconds(F &&f)
{
    const auto begin = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

ProductLibrary timedLibrary()
{
    const c10::InferenceMode guard;
    const ThreadScope alone(1);
    double mkl = 0, oneDnn = 0;
    try {
        for (const auto &[inputs, outputs] : Products) {
            const auto x = at::full({Rows, inputs}, 0.5F), weight = at::full({outputs, inputs}, 0.5F);
            const auto bias = at::full({outputs}, 0.5F);
            double first = std::numeric_limits<double>::infinity(), second = first;
            for (int round = 0; round <= Rounds; ++round) {
                const double one = seconds([&] { (void)at::linear(x, weight, bias); });
                const double other = seconds([&] { (void)oneDnnLinear(x, weight, bias); });
                if (round > 0) {  // the first one also sets the libraries up
                    first = std::min(first, one);
                    second = std::min(second, other);
                }
            }
            mkl += first;
            oneDnn += second;
        }
    } catch (const c10::Error &) {
        return ProductLibrary::Mkl;
    }
    return mkl > oneDnn ? ProductLibrary::OneDnn : ProductLibrary::Mkl;
}

}  // namespace

ProductLibrary keptOrTimedLibrary(const fs::path &file)
{
    const std::string first = machine() + "\n";
    if (const auto kept = base::readFile(file, MostBytes)) {
        if (*kept == first + std::string(MklName) + "\n")
            return ProductLibrary::Mkl;
        if (*kept == first + std::string(OneDnnName) + "\n")
            return ProductLibrary::OneDnn;
    }
    const ProductLibrary timed = timedLibrary();
    std::error_code code;
    fs::create_directories(file.parent_path(), code);
    const auto name = timed == ProductLibrary::OneDnn ? OneDnnName : MklName;
    (void)base::writeFile(file, first + std::string(name) + "\n");  // else it is timed again
    return timed;
}

ProductLibrary productLibrary()
{
    if (const char *wanted = std::getenv("STILLROOM_GEMM"))
        return wanted == OneDnnName ? ProductLibrary::OneDnn : ProductLibrary::Mkl;
    static const ProductLibrary library = keptOrTimedLibrary(base::cacheFolder() / "product_library");
    return library;
}

}  // namespace nets
