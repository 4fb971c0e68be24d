// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share: files in memory, and a check that stops the program.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/// What must hold for every input; a failure is a finding, as a crash is.
#define MUST(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                        \
            std::abort();                                                                                              \
        }                                                                                                              \
    } while (false)

namespace fuzz {

/// A folder of this process in memory.
inline const std::filesystem::path &folder()
{
    static const std::filesystem::path path = [] {
        std::string name = "/dev/shm/stillroom-fuzz-XXXXXX";
        MUST(::mkdtemp(name.data()));
        std::atexit([] { std::filesystem::remove_all(folder()); });
        return std::filesystem::path(name);
    }();
    return path;
}

inline std::filesystem::path file(const std::string &name, std::string_view bytes)
{
    const auto path = folder() / name;
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path;
}

inline std::string_view view(const uint8_t *data, size_t size)
{
    return {reinterpret_cast<const char *>(data), size};
}

}  // namespace fuzz
