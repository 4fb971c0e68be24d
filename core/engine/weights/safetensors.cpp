// SPDX-License-Identifier: Apache-2.0
#include "core/engine/weights/safetensors.h"

#include "core/base/atomic_file.h"
#include "core/base/result_guard.h"
#include "core/engine/json/strict_json.h"
#include "core/engine/text/utf8.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;
using nlohmann::json;

namespace engine {

namespace {

constexpr uint64_t MaxHeaderBytes = 100'000'000;
/// A header may fill half of the file; small files (fixtures, heads) may be nearly all header.
constexpr uint64_t SmallHeaderBytes = 64 << 10;
constexpr size_t MaxNameBytes = 512;

struct DType {
    const char *name;
    int bits;
};
constexpr DType DTypes[] = {{"F64", 64},    {"F32", 32},    {"F16", 16},    {"BF16", 16},   {"I64", 64},
                            {"I32", 32},    {"I16", 16},    {"I8", 8},      {"U64", 64},    {"U32", 32},
                            {"U16", 16},    {"U8", 8},      {"BOOL", 8},    {"C64", 64},    {"F8_E4M3", 8},
                            {"F8_E5M2", 8}, {"F8_E8M0", 8}, {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"F4", 4}};

std::optional<int> bitsOf(std::string_view dtype)
{
    for (const auto &known : DTypes) {
        if (dtype == known.name)
            return known.bits;
    }
    return std::nullopt;
}

/// Non-negative integer, or nothing; floats, strings and overflowing numbers are no integers.
std::optional<uint64_t> unsignedOf(const json &value)
{
    if (!value.is_number_unsigned())
        return std::nullopt;
    return value.get<uint64_t>();
}

/// What a file that is no safetensors file seems to be, as the start of a sentence.
std::string disguise(std::string_view head)
{
    if (head.starts_with("PK\x03\x04") || head.starts_with("\x80\x02") || head.starts_with("\x80\x04") ||
        head.starts_with("\x80\x05"))
        return "This is a pickle (or a zip of pickles) under the name of a safetensors file. Pickles can run code and "
               "are "
               "not read; fetch the safetensors version of these weights.";
    if (head.starts_with("version https://git-lfs"))
        return "This is a Git LFS pointer, not the weights themselves. Fetch the real file (git lfs pull).";
    if (head.starts_with("GGUF"))
        return "This is a GGUF file under the name of a safetensors file.";
    return {};
}

struct Range {
    uint64_t begin = 0;
    uint64_t end = 0;
};

/// Checks one header entry; the message names what is wrong.
Result<TensorView> readEntry(const std::string &name, const json &entry, std::span<const std::byte> data, Range &range)
{
    const auto bad = [&](const std::string &what) {
        return failure(ErrorCode::Corrupt, "The tensor \"" + name.substr(0, 120) + "\" " + what + ".");
    };
    if (name.size() > MaxNameBytes)
        return bad("has a name of more than 512 bytes");
    if (!entry.is_object())
        return bad("has no description");
    const auto dtype = entry.find("dtype");
    const auto shape = entry.find("shape");
    const auto offsets = entry.find("data_offsets");
    if (dtype == entry.end() || !dtype->is_string())
        return bad("has no dtype");
    const auto bits = bitsOf(dtype->get_ref<const std::string &>());
    if (!bits)
        return bad("has a dtype that does not exist");
    if (shape == entry.end() || !shape->is_array())
        return bad("has no shape");
    if (offsets == entry.end() || !offsets->is_array() || offsets->size() != 2)
        return bad("has no pair of data offsets");
    TensorView view{name, dtype->get<std::string>(), {}, {}};
    uint64_t total = static_cast<uint64_t>(*bits);
    for (const json &dimension : *shape) {
        const auto size = unsignedOf(dimension);
        if (!size || *size > static_cast<uint64_t>(INT64_MAX))
            return bad("has a shape that is no list of sizes");
        if (__builtin_mul_overflow(total, *size, &total))
            return bad("has a shape that overflows");
        view.shape.push_back(static_cast<int64_t>(*size));
    }
    const auto begin = unsignedOf((*offsets)[0]);
    const auto end = unsignedOf((*offsets)[1]);
    if (!begin || !end || *begin > *end)
        return bad("has data offsets that are no range");
    if (*end > data.size())
        return bad("reaches beyond the end of the file: the file is cut off");
    if (total % 8 != 0 || total / 8 != *end - *begin)
        return bad("has a shape that does not fit its data");
    range = {*begin, *end};
    view.data = data.subspan(*begin, *end - *begin);
    return view;
}

Result<void> checkCover(std::vector<Range> ranges, uint64_t size)
{
    std::sort(ranges.begin(), ranges.end(),
              [](const Range &a, const Range &b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
    uint64_t position = 0;
    for (const Range &range : ranges) {
        if (range.begin != position)
            return failure(ErrorCode::Corrupt, range.begin < position
                                                   ? "Two tensors share bytes of the file."
                                                   : "Some bytes between the tensors belong to none.");
        position = range.end;
    }
    if (position != size)
        return failure(ErrorCode::Corrupt, "The file holds more bytes than its tensors.");
    return {};
}

}  // namespace

struct SafetensorsFile::Mapping {
    void *address = MAP_FAILED;
    size_t size = 0;
    ~Mapping()
    {
        if (address != MAP_FAILED)
            ::munmap(address, size);
    }
};

Result<SafetensorsFile> SafetensorsFile::open(const fs::path &path)
{
    const auto bad = [&](std::string message) {
        return failure(ErrorCode::Corrupt, std::move(message), path.string());
    };
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return base::Failure(base::systemError(errno, path));
    struct stat status = {};
    auto mapping = std::make_shared<Mapping>();
    if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        mapping->size = static_cast<size_t>(status.st_size);
        mapping->address = ::mmap(nullptr, mapping->size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    }
    ::close(descriptor);
    if (mapping->address == MAP_FAILED)
        return bad("This is no safetensors file: it is empty or cannot be read.");
    const std::span<const std::byte> file(static_cast<const std::byte *>(mapping->address), mapping->size);
    const std::string_view text(reinterpret_cast<const char *>(file.data()), file.size());
    if (const auto known = disguise(text.substr(0, 64)); !known.empty())
        return failure(ErrorCode::Unsupported, known, path.string());
    if (file.size() < 8)
        return bad("This is no safetensors file: it is shorter than the format's first field.");
    uint64_t headerSize = 0;
    std::memcpy(&headerSize, file.data(), 8);  // little endian, like every platform this builds for
    const uint64_t limit = std::min(MaxHeaderBytes, std::max<uint64_t>(file.size() / 2, SmallHeaderBytes));
    if (headerSize > limit || headerSize > file.size() - 8)
        return bad(
            "The header of this safetensors file claims more bytes than there can be: the file is cut off or damaged.");
    const std::string_view header = text.substr(8, headerSize);
    if (!isUtf8(header))
        return bad("The header of this safetensors file is not UTF-8.");
    auto root = parseStrictJson(header, {.maxDepth = 8});
    if (!root)
        return bad("The header of this safetensors file cannot be read: " + root.error().message + ".");
    if (!root->is_object())
        return bad("The header of this safetensors file is no JSON object.");

    SafetensorsFile result;
    result.m_mapping = mapping;
    std::vector<Range> ranges;
    const auto data = file.subspan(8 + headerSize);
    for (const auto &[name, entry] : root->items()) {
        if (name == "__metadata__") {
            if (!entry.is_object())
                return bad("The metadata of this safetensors file is no map.");
            for (const auto &[key, value] : entry.items()) {
                if (!value.is_string())
                    return bad("The metadata of this safetensors file holds something that is no text.");
                result.m_metadata[key] = value.get<std::string>();
            }
            continue;
        }
        auto view = readEntry(name, entry, data, ranges.emplace_back());
        if (!view)
            return bad(view.error().message);
        result.m_tensors.push_back(std::move(*view));
    }
    if (auto covered = checkCover(std::move(ranges), data.size()); !covered)
        return bad(covered.error().message);
    return result;
}

const TensorView *SafetensorsFile::find(std::string_view name) const
{
    const auto found =
        std::find_if(m_tensors.begin(), m_tensors.end(), [&](const TensorView &t) { return t.name == name; });
    return found == m_tensors.end() ? nullptr : &*found;
}

Result<void> writeSafetensors(const fs::path &path, std::span<const TensorView> tensors,
                              const std::map<std::string, std::string> &metadata)
{
    nlohmann::ordered_json root = nlohmann::ordered_json::object();
    if (!metadata.empty())
        root["__metadata__"] = metadata;
    uint64_t position = 0;
    for (const TensorView &tensor : tensors) {
        root[tensor.name] = {{"dtype", tensor.dtype},
                             {"shape", tensor.shape},
                             {"data_offsets", {position, position + tensor.data.size()}}};
        position += tensor.data.size();
    }
    std::string header = root.dump();
    header.resize((header.size() + 7) / 8 * 8, ' ');
    const uint64_t headerSize = header.size();
    base::AtomicFile file(path);
    TRY(file.open());
    std::string start(reinterpret_cast<const char *>(&headerSize), 8);
    TRY(file.write(start + header));
    for (const TensorView &tensor : tensors) {
        if (auto written = file.write({reinterpret_cast<const char *>(tensor.data.data()), tensor.data.size()});
            !written)
            return written;
    }
    return file.commit();
}

}  // namespace engine
