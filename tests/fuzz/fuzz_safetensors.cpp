// SPDX-License-Identifier: Apache-2.0
// A file of weights. Every byte of every tensor that is handed out must be there to read.
#include "core/engine/weights/safetensors.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto path = fuzz::file("weights.safetensors", fuzz::view(data, size));
    const auto file = engine::SafetensorsFile::open(path);
    if (!file)
        return 0;
    uint64_t bytes = 0;
    [[maybe_unused]] volatile uint8_t seen = 0;  // so that every byte is really read
    for (const auto &tensor : file->tensors()) {
        MUST(file->find(tensor.name) == &tensor);
        for (const std::byte byte : tensor.data)
            seen = static_cast<uint8_t>(byte);
        bytes += tensor.data.size();
        for (const int64_t extent : tensor.shape)
            MUST(extent >= 0);
    }
    MUST(bytes <= size);
    const auto copy = fuzz::folder() / "copy.safetensors";
    const auto written = engine::writeSafetensors(copy, file->tensors(), file->metadata());
    MUST(written);
    const auto again = engine::SafetensorsFile::open(copy);
    MUST(again && again->tensors().size() == file->tensors().size() && again->metadata() == file->metadata());
    return 0;
}
