// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"

#include "core/base/failpoint.h"
#include "core/base/write_bytes.h"

#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace base {

namespace {

/// With our name: files that other programs call .part-... are not ours to remove.
constexpr std::string_view TemporaryMark = ".part-stillroom-";

/// What a file name may have in bytes.
constexpr size_t LongestName = 255;
/// For SQLite, which puts something behind.
constexpr size_t RoomBehind = 16;
/// Who wrote under a name of another machine, container or start of this one may be at work: only long after the last
/// write it is not.
constexpr std::chrono::hours Abandoned{24 * 7};

std::string firstLine(const char *file)
{
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

/// Where numbers of processes mean what they do here: this start of this machine, and this container. FNV-1a of what
/// the kernel calls them.
const std::string &ownPlace()
{
    static const std::string place = [] {
        std::error_code code;
        const std::string names =
            firstLine("/proc/sys/kernel/random/boot_id") + fs::read_symlink("/proc/self/ns/pid", code).string();
        uint64_t hash = 0xCBF29CE484222325ULL;
        for (const char c : names)
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
        char text[17];
        std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
        return std::string(text);
    }();
    return place;
}

/// When the process began, in ticks since the machine did: its number may be another one's later. Empty: it is none.
std::string beginOf(pid_t process)
{
    const std::string line = firstLine(("/proc/" + std::to_string(process) + "/stat").c_str());
    // The second field is a name in brackets that may hold anything; the begin is the 22nd.
    std::istringstream fields(line.substr(std::min(line.size(), line.rfind(')') + 1)));
    std::string field;
    for (int number = 3; number <= 22; ++number)
        fields >> field;
    return fields ? field : std::string();
}

/// TARGET.part-stillroom-PLACE.PROCESS.BEGIN.NUMBER: nobody else's, here or in a folder that machines share.
fs::path temporaryName(const fs::path &target)
{
    static std::atomic<uint64_t> number = 0;
    const pid_t process = ::getpid();
    const std::string end = std::string(TemporaryMark) + ownPlace() + "." + std::to_string(process) + "." +
                            beginOf(process) + "." + std::to_string(++number);
    std::string name = target.filename().string();
    name.resize(std::min(name.size(), LongestName - RoomBehind - end.size()));
    return target.parent_path() / (name + end);
}

/// Whether who wrote under this name, behind the mark, cannot be at work any more.
bool isLeftOver(const std::string &behindMark, const fs::path &path)
{
    std::istringstream fields(behindMark);
    std::string place, process, begin;
    std::getline(fields, place, '.');
    std::getline(fields, process, '.');
    std::getline(fields, begin, '.');
    pid_t number = 0;
    const auto [end, error] = std::from_chars(process.data(), process.data() + process.size(), number);
    const bool isNumber = error == std::errc() && end == process.data() + process.size() && number > 0;
    if (place == ownPlace() && isNumber) {
        if (::kill(number, 0) != 0 && errno == ESRCH)
            return true;
        const std::string beginNow = beginOf(number);  // empty: /proc shows other users' processes to nobody
        return !beginNow.empty() && beginNow != begin;
    }
    std::error_code code;
    const auto written = fs::last_write_time(path, code);
    return !code && fs::file_time_type::clock::now() - written > Abandoned;
}

fs::path parentOf(const fs::path &path)
{
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// A file or folder that is not there before, and not afterwards unless it was moved away; also when an exception
/// passes.
class RemovedAtEnd {
public:
    explicit RemovedAtEnd(fs::path path) : m_path(std::move(path)) { remove(); }
    ~RemovedAtEnd() { remove(); }
    RemovedAtEnd(const RemovedAtEnd &) = delete;
    RemovedAtEnd &operator=(const RemovedAtEnd &) = delete;
    [[nodiscard]] const fs::path &path() const { return m_path; }

private:
    void remove() const
    {
        std::error_code code;
        fs::remove_all(m_path, code);
    }

    fs::path m_path;
};

Result<void> syncPath(const fs::path &path, int flags)
{
    if (const int code = failpointError("file.sync"))
        return Failure(systemError(code, path));
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0)
        return Failure(systemError(errno, path));
    const int code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    // Some file systems refuse fsync on folders; the rename is still ordered there.
    if (code != 0 && code != EINVAL)
        return Failure(systemError(code, path));
    return {};
}

Result<void> syncParent(const fs::path &path)
{
    return syncPath(parentOf(path), O_RDONLY | O_DIRECTORY);
}

Result<void> renameTo(const fs::path &from, const fs::path &to)
{
    if (const int code = failpointError("file.rename.before"))
        return Failure(systemError(code, to));
    const bool isNew = ::access(to.c_str(), F_OK) != 0;
    if (::rename(from.c_str(), to.c_str()) != 0)
        return Failure(systemError(errno, to));
    static_cast<void>(failpoint("file.rename.after"));
    auto synced = syncParent(to);
    // Who is told that it failed must not find it there. Where it cannot be taken back it is done: it is there, whole,
    // and only a power cut could still undo that.
    const bool takenBack = !synced && isNew && ::rename(to.c_str(), from.c_str()) == 0;
    return takenBack ? synced : Result<void>();
}

/// Two folders change names in one step (Linux 3.15), so that a kill finds one of them, whole.
Result<void> exchange(const fs::path &one, const fs::path &other)
{
    if (const int code = failpointError("file.rename.before"))
        return Failure(systemError(code, other));
    if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) != 0) {
        if (errno != EINVAL && errno != ENOSYS)
            return Failure(systemError(errno, other));
        std::error_code code;  // a file system that cannot, such as FAT: the old one has to go first
        fs::remove_all(other, code);
        return renameTo(one, other);
    }
    static_cast<void>(failpoint("folder.swap.after"));
    auto synced = syncParent(other);
    const bool takenBack = !synced && ::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0;
    return takenBack ? synced : Result<void>();
}

Result<void> syncTree(const fs::path &folder)
{
    for (const auto &entry : fs::recursive_directory_iterator(folder)) {
        TRY(syncPath(entry.path(), entry.is_directory() ? O_RDONLY | O_DIRECTORY : O_RDONLY));
    }
    return syncPath(folder, O_RDONLY | O_DIRECTORY);
}

}  // namespace

Error systemError(int errorNumber, const fs::path &path)
{
    switch (errorNumber) {
    case ENOENT: return {ErrorCode::NotFound, "There is no such file or folder. Check the path.", path.string()};
    case EACCES:
    case EPERM:
    case EROFS:
        return {ErrorCode::ReadOnly,
                "This may not be written or read here. Change its permissions or choose another place.", path.string()};
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return {ErrorCode::DiskFull,
                "The disk is full, so this was not written; what was there before is unchanged. "
                "Free some space and try again.",
                path.string()};
    case EISDIR: return {ErrorCode::InvalidInput, "This is a folder, a file is needed.", path.string()};
    case ENOTDIR: return {ErrorCode::InvalidInput, "This is a file where a folder is needed.", path.string()};
    default:
        return {ErrorCode::Io,
                std::string("Reading or writing stopped with: ") + std::strerror(errorNumber) +
                    ". Check the disk and try again.",
                path.string()};
    }
}

void removeLeftOvers(const fs::path &folder)
{
    std::error_code code;
    for (const auto &entry : fs::directory_iterator(folder, code)) {
        const std::string name = entry.path().filename().string();
        const size_t mark = name.rfind(TemporaryMark);
        if (mark == std::string::npos)
            continue;
        if (isLeftOver(name.substr(mark + TemporaryMark.size()), entry.path()))
            fs::remove_all(entry.path(), code);
    }
}

AtomicFile::AtomicFile(fs::path target) : m_target(std::move(target)), m_temporary(temporaryName(m_target)) { }

AtomicFile::~AtomicFile()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
        ::unlink(m_temporary.c_str());
    }
}

Result<void> AtomicFile::open()
{
    removeLeftOvers(parentOf(m_target));
    if (const int code = failpointError("file.open"))
        return Failure(systemError(code, m_target));
    m_descriptor = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (m_descriptor < 0)
        return Failure(systemError(errno, m_target));
    return {};
}

Result<void> AtomicFile::write(std::string_view bytes)
{
    int64_t written = 0;
    return writeBytes(m_descriptor, bytes, m_target, written);
}

Result<void> AtomicFile::commit()
{
    if (const int code = failpointError("file.sync"))
        return Failure(systemError(code, m_target));
    if (::fsync(m_descriptor) != 0)
        return Failure(systemError(errno, m_target));
    const int closed = ::close(m_descriptor);
    m_descriptor = -1;
    if (closed != 0) {
        const int code = errno;
        ::unlink(m_temporary.c_str());
        return Failure(systemError(code, m_target));
    }
    auto renamed = renameTo(m_temporary, m_target);
    if (!renamed)
        ::unlink(m_temporary.c_str());
    return renamed;
}

Result<void> replaceFile(const fs::path &from, const fs::path &to)
{
    auto synced = syncPath(from, O_RDONLY);
    return synced ? renameTo(from, to) : synced;
}

Result<void> fillFile(const fs::path &target, const std::function<Result<void>(const fs::path &)> &fill)
{
    removeLeftOvers(parentOf(target));
    const RemovedAtEnd temporary(temporaryName(target));
    TRY(fill(temporary.path()));
    return replaceFile(temporary.path(), target);
}

Result<void> writeFile(const fs::path &target, std::string_view bytes)
{
    AtomicFile file(target);
    TRY(file.open());
    TRY(file.write(bytes));
    return file.commit();
}

Result<std::string> readFile(const fs::path &path, uint64_t limit)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return Failure(systemError(errno, path));
    std::string bytes;
    Result<std::string> result;
    struct stat status = {};
    if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        bytes.reserve(static_cast<size_t>(std::min<uint64_t>(static_cast<uint64_t>(status.st_size), limit)));
    char buffer[1 << 16];
    for (;;) {
        const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            result = Failure(systemError(errno, path));
        if (count <= 0)
            break;
        bytes.append(buffer, static_cast<size_t>(count));
        if (bytes.size() > limit) {
            result = failure(ErrorCode::Unsupported,
                             "The file is larger than the " + std::to_string(limit >> 20) +
                                 " MiB that are read here. Split it.",
                             path.string());
            break;
        }
    }
    ::close(descriptor);
    if (result)
        result = std::move(bytes);
    return result;
}

Result<void> writeFolder(const fs::path &target, bool replace,
                         const std::function<Result<void>(const fs::path &)> &fill)
{
    std::error_code code;
    if (!replace && fs::exists(target, code))
        return failure(ErrorCode::AlreadyExists, "There is something at this place already. Choose another name.",
                       target.string());
    removeLeftOvers(parentOf(target));
    const RemovedAtEnd guard(temporaryName(target));
    const fs::path &temporary = guard.path();
    if (const int failing = failpointError("folder.create"))
        return Failure(systemError(failing, target));
    if (!fs::create_directories(temporary, code))
        return Failure(systemError(code ? code.value() : EIO, target));
    TRY(fill(temporary));
    if (const int failing = failpointError("folder.sync"))
        return Failure(systemError(failing, target));
    try {
        TRY(syncTree(temporary));
    } catch (const fs::filesystem_error &e) {
        return Failure(systemError(e.code().value(), target));
    }
    // What was there before goes with the temporary name.
    return fs::exists(target, code) ? exchange(temporary, target) : renameTo(temporary, target);
}

}  // namespace base
