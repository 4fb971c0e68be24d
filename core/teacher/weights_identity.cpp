// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/weights_identity.h"

#include "core/base/atomic_file.h"
#include "core/base/descriptor.h"

#include <QCryptographicHash>
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <regex>
#include <sys/stat.h>
#include <vector>

using base::Result;

namespace core {

namespace {

/// The head says what the model is called and how it is built; tokens, too.
constexpr int64_t EndBytes = 1 << 20;
constexpr int64_t PlaceBytes = 16 << 10;
constexpr int64_t Places = 256;
constexpr int MostParts = 1000;

/// Adds what stands there; a file that ends before adds less.
Result<void> addPart(QCryptographicHash &hash, const base::Descriptor &file, int64_t from, int64_t length,
                     const std::filesystem::path &path)
{
    std::vector<char> buffer(static_cast<size_t>(length));
    size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t count =
            ::pread(file.get(), buffer.data() + done, buffer.size() - done, from + static_cast<int64_t>(done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return base::Failure(base::systemError(errno, path));
        if (count == 0)
            break;
        done += static_cast<size_t>(count);
    }
    hash.addData(QByteArrayView(buffer.data(), static_cast<qsizetype>(done)));
    return {};
}

Result<void> addFile(QCryptographicHash &hash, const std::filesystem::path &path)
{
    const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status = {};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0)
        return base::Failure(base::systemError(errno, path));
    const auto size = static_cast<int64_t>(status.st_size);
    hash.addData(QByteArray::number(static_cast<qlonglong>(size)) + ':');
    if (size <= 2 * EndBytes + Places * PlaceBytes)
        return addPart(hash, file, 0, size, path);
    TRY(addPart(hash, file, 0, EndBytes, path));
    const int64_t step = (size - 2 * EndBytes - PlaceBytes) / (Places - 1);
    for (int64_t place = 0; place < Places; ++place) {
        TRY(addPart(hash, file, EndBytes + place * step, PlaceBytes, path));
    }
    return addPart(hash, file, size - EndBytes, EndBytes, path);
}

/// The parts that llama.cpp reads beside the first one.
std::vector<std::filesystem::path> partsOf(const std::filesystem::path &file)
{
    static const std::regex numbered("^(.*-)([0-9]{5})(-of-)([0-9]{5})([.]gguf)$");
    std::smatch found;
    const std::string name = file.filename().string();
    if (!std::regex_match(name, found, numbered))
        return {file};
    std::vector<std::filesystem::path> parts;
    const int all = std::min(std::stoi(found[4]), MostParts);
    for (int number = 1; number <= all; ++number) {
        std::string digits = std::to_string(number);
        digits.insert(0, 5 - digits.size(), '0');
        parts.push_back(file.parent_path() /
                        (found[1].str() + digits + found[3].str() + found[4].str() + found[5].str()));
    }
    return parts;
}

}  // namespace

Result<std::string> weightsIdentity(const std::filesystem::path &file)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const auto &part : partsOf(file)) {
        TRY(addFile(hash, part));
    }
    return hash.result().toHex().toStdString();
}

}  // namespace core
