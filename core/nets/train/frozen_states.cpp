// SPDX-License-Identifier: Apache-2.0
#include "core/nets/train/frozen_states.h"

#include "core/base/atomic_file.h"
#include "core/nets/text_reading.h"

#include <ATen/ops/empty.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

using base::Result;

namespace nets {

namespace {

/// Open for reading and writing, and already without a name.
int openNameless(const std::filesystem::path &folder)
{
    std::string name = (folder / "frozen-XXXXXX").string();
    const int file = mkostemp(name.data(), O_CLOEXEC);
    if (file >= 0)
        unlink(name.c_str());
    return file;
}

bool writeAt(int file, const char *bytes, size_t size, int64_t offset)
{
    while (size > 0) {
        const ssize_t written = pwrite(file, bytes, size, offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= static_cast<size_t>(written);
        offset += written;
    }
    return true;
}

base::Failure cannotKeep(int code, size_t bytes, const std::filesystem::path &folder)
{
    const auto error = base::systemError(code, folder);
    return base::failure(error.code,
                         error.message + " What the layers that do not learn make of the texts needs " +
                             std::to_string(bytes / 1'000'000 + 1) + " MB there; without top_layers nothing is kept.",
                         folder.string());
}

}  // namespace

Result<FrozenStates> FrozenStates::compute(const SequenceClassifier &classifier,
                                           const std::vector<engine::TokenIds> &texts, int from,
                                           const std::filesystem::path &folder, const base::WorkContext &context)
{
    FrozenStates states;
    states.m_hidden = classifier.info().encoder.hiddenSize;
    const auto lengths = lengthsOf(texts);
    states.m_firstToken.push_back(0);
    for (const int length : lengths)
        states.m_firstToken.push_back(states.m_firstToken.back() + std::max(length, 1));
    const auto bytesOf = [&](int64_t tokens) { return static_cast<size_t>(tokens * states.m_hidden) * sizeof(float); };
    states.m_bytes = bytesOf(states.m_firstToken.back());
    states.m_file = openNameless(folder);
    if (states.m_file < 0)
        return cannotKeep(errno, states.m_bytes, folder);
    // The space is taken at once: a disk that fills up later would end the process at an access to the file.
    if (const int code = posix_fallocate(states.m_file, 0, static_cast<off_t>(states.m_bytes)); code != 0)
        return cannotKeep(code, states.m_bytes, folder);

    const Encoder &encoder = classifier.encoder();
    const auto read = [&](const engine::Batch &rows, const PackedBatch &batch) -> Result<void> {
        const auto values = encoder.layers(encoder.embed(batch, encoder.words(), nullptr), batch, 0, from, nullptr)
                                .to(at::kCPU)
                                .contiguous();
        const auto *next = values.const_data_ptr<float>();
        for (const size_t row : rows) {
            const int64_t first = states.m_firstToken[row];
            const int64_t tokens = states.m_firstToken[row + 1] - first;
            if (!writeAt(states.m_file, reinterpret_cast<const char *>(next), bytesOf(tokens),
                         static_cast<int64_t>(bytesOf(first))))
                return cannotKeep(errno, states.m_bytes, folder);
            next += tokens * states.m_hidden;
        }
        return {};
    };
    TRY(readTexts(texts, classifier.device(), "Reading the rows", read, context));
    void *mapped = mmap(nullptr, states.m_bytes, PROT_READ, MAP_SHARED, states.m_file, 0);
    if (mapped == MAP_FAILED)
        return cannotKeep(errno, states.m_bytes, folder);
    states.m_values = static_cast<const float *>(mapped);
    return states;
}

FrozenStates::FrozenStates(FrozenStates &&other) noexcept
    : m_file(std::exchange(other.m_file, -1)), m_values(std::exchange(other.m_values, nullptr)), m_bytes(other.m_bytes),
      m_hidden(other.m_hidden), m_firstToken(std::move(other.m_firstToken))
{
}

FrozenStates::~FrozenStates()
{
    if (m_values)
        munmap(const_cast<float *>(m_values), m_bytes);
    if (m_file >= 0)
        close(m_file);
}

at::Tensor FrozenStates::gather(std::span<const size_t> rows, at::Device device) const
{
    int64_t tokens = 0;
    for (const size_t row : rows)
        tokens += m_firstToken[row + 1] - m_firstToken[row];
    auto states = at::empty({tokens, m_hidden}, at::kFloat);
    auto *to = states.data_ptr<float>();
    for (const size_t row : rows) {
        const int64_t count = (m_firstToken[row + 1] - m_firstToken[row]) * m_hidden;
        std::copy_n(m_values + m_firstToken[row] * m_hidden, count, to);
        to += count;
    }
    return states.to(device);
}

}  // namespace nets
