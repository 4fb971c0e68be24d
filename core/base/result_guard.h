// SPDX-License-Identifier: Apache-2.0
// Turns exceptions into errors at a module's border.
#pragma once

#include "core/base/error.h"

#include <exception>
#include <new>
#include <system_error>

namespace base {

/// Runs `f`, which returns a Result, and turns what it throws into an Error about `subject`.
/// Text of a foreign exception may hold paths or user texts: it goes into the message only, never into a log.
template <class F>
[[nodiscard]] auto guard(std::string subject, F &&f) -> decltype(f())
{
    try {
        return f();
    } catch (const std::bad_alloc &) {
        return failure(ErrorCode::OutOfMemory, "Memory ran out. Close other programs or use a smaller batch.",
                       std::move(subject));
    } catch (const std::system_error &e) {
        const bool full = e.code() == std::errc::no_space_on_device;
        return failure(full ? ErrorCode::DiskFull : ErrorCode::Io, e.what(), std::move(subject));
    } catch (const std::exception &e) {
        // Some libraries put a trace of their own code behind the first line.
        const std::string what = e.what();
        return failure(ErrorCode::Internal, what.substr(0, what.find('\n')), std::move(subject));
    }
}

}  // namespace base
