// SPDX-License-Identifier: Apache-2.0
#include "core/store/source_file.h"

#include "core/base/atomic_file.h"
#include "core/base/random.h"

#include <cerrno>
#include <fstream>

namespace fs = std::filesystem;

namespace core {

namespace {

constexpr size_t ChunkBytes = 1 << 20;

/// 0 stands for: not known.
int64_t known(uint64_t hash)
{
    return hash == 0 ? 1 : static_cast<int64_t>(hash);
}

}  // namespace

int64_t originOf(const fs::path &file)
{
    std::error_code code;
    fs::path canonical = fs::weakly_canonical(fs::absolute(file, code), code);
    if (code)
        canonical = file.lexically_normal();
    const std::string text = canonical.string();
    return known(base::contentHash(text.data(), text.size()));
}

base::Result<int64_t> contentOf(const fs::path &file)
{
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    uint64_t hash = base::contentHash(nullptr, 0);
    std::string chunk(ChunkBytes, '\0');
    while (in) {
        in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
        hash = base::contentHash(chunk.data(), static_cast<size_t>(in.gcount()), hash);
    }
    if (!in.eof() || in.bad())
        return base::Failure(base::systemError(errno ? errno : EIO, file));
    return known(hash);
}

}  // namespace core
