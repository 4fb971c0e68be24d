// SPDX-License-Identifier: Apache-2.0
// Preloaded before libc: whatever writes below a folder fails at the Nth call, once or from then on. Reaches every
// library in the process, SQLite, the C++ library and libtorch among them.
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

std::string root;
int code = 0;
bool halves = false;  ///< a write of more than one byte writes half of it first
long first = 0;
bool forEver = false;
std::atomic<long> calls = 0;
std::atomic<bool> fired = false;

template <class F>
F real(const char *name)
{
    return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}

bool isBelow(const char *path)
{
    return !root.empty() && std::strncmp(path, root.c_str(), root.size()) == 0;
}

bool isBelow(int descriptor)
{
    if (root.empty())
        return false;
    char link[64], path[PATH_MAX];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = ::readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = 0;
    return isBelow(path);
}

/// Counts a call; whether it must fail, with errno set.
bool fails()
{
    const long call = ++calls;
    if (first == 0 || call < first || (call > first && !forEver))
        return false;
    fired = true;
    errno = code;
    return true;
}

bool writes(int flags)
{
    return (flags & (O_CREAT | O_TRUNC)) != 0;
}

}  // namespace

extern "C" {

#define EXPORTED __attribute__((visibility("default")))

/// `mode` eio, enospc or short; from call `nth` on below `folder`. An empty folder disarms.
EXPORTED void stillroom_arm_failing_io(const char *folder, const char *mode, long nth, int always)
{
    code = std::strcmp(mode, "eio") == 0 ? EIO : ENOSPC;
    halves = std::strcmp(mode, "short") == 0;
    first = nth;
    forEver = always != 0;
    calls = 0;
    fired = false;
    root = folder;
}

/// Calls counted since it was armed; negative when one of them was made to fail.
EXPORTED long stillroom_failing_io_calls()
{
    return fired ? -calls : calls.load();
}

EXPORTED int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (writes(flags) && isBelow(path) && fails())
        return -1;
    static const auto next = real<int (*)(const char *, int, ...)>("open64");
    return next(path, flags, mode);
}

EXPORTED int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open64(path, flags, mode);
}

EXPORTED ssize_t write(int file, const void *bytes, size_t count)
{
    static const auto next = real<ssize_t (*)(int, const void *, size_t)>("write");
    if (isBelow(file) && fails()) {
        if (halves && count > 1)
            return next(file, bytes, count / 2);
        return -1;
    }
    return next(file, bytes, count);
}

EXPORTED ssize_t writev(int file, const iovec *parts, int count)
{
    if (isBelow(file) && fails())
        return -1;
    static const auto next = real<ssize_t (*)(int, const iovec *, int)>("writev");
    return next(file, parts, count);
}

EXPORTED ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset)
{
    static const auto next = real<ssize_t (*)(int, const void *, size_t, off64_t)>("pwrite64");
    if (isBelow(file) && fails()) {
        if (halves && count > 1)
            return next(file, bytes, count / 2, offset);
        return -1;
    }
    return next(file, bytes, count, offset);
}

EXPORTED ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset)
{
    return pwrite64(file, bytes, count, offset);
}

EXPORTED ssize_t sendfile64(int out, int in, off64_t *offset, size_t count)
{
    if (isBelow(out) && fails())
        return -1;
    static const auto next = real<ssize_t (*)(int, int, off64_t *, size_t)>("sendfile64");
    return next(out, in, offset, count);
}

EXPORTED ssize_t sendfile(int out, int in, off_t *offset, size_t count)
{
    return sendfile64(out, in, offset, count);
}

EXPORTED int fsync(int file)
{
    if (isBelow(file) && fails())
        return -1;
    static const auto next = real<int (*)(int)>("fsync");
    return next(file);
}

EXPORTED int fdatasync(int file)
{
    if (isBelow(file) && fails())
        return -1;
    static const auto next = real<int (*)(int)>("fdatasync");
    return next(file);
}

EXPORTED int ftruncate64(int file, off64_t length)
{
    if (isBelow(file) && fails())
        return -1;
    static const auto next = real<int (*)(int, off64_t)>("ftruncate64");
    return next(file, length);
}

EXPORTED int ftruncate(int file, off_t length)
{
    return ftruncate64(file, length);
}

EXPORTED int rename(const char *from, const char *to)
{
    if (isBelow(to) && fails())
        return -1;
    static const auto next = real<int (*)(const char *, const char *)>("rename");
    return next(from, to);
}

EXPORTED int renameat2(int fromFolder, const char *from, int toFolder, const char *to, unsigned flags)
{
    if (isBelow(to) && fails())
        return -1;
    static const auto next = real<int (*)(int, const char *, int, const char *, unsigned)>("renameat2");
    return next(fromFolder, from, toFolder, to, flags);
}

EXPORTED int mkdir(const char *path, mode_t mode)
{
    if (isBelow(path) && fails())
        return -1;
    static const auto next = real<int (*)(const char *, mode_t)>("mkdir");
    return next(path, mode);
}

}  // extern "C"
