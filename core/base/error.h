// SPDX-License-Identifier: Apache-2.0
// The one error type of base, engine, nets and core.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace base {

/// What kind of thing went wrong; the window and the command line choose advice by it.
enum class ErrorCode {
    Cancelled,      ///< the user stopped the work; what was done is kept
    InvalidInput,   ///< a file, row or parameter says something that cannot be used
    NotFound,       ///< a path, name or id that is not there
    AlreadyExists,  ///< would overwrite
    Io,             ///< reading or writing failed
    DiskFull,       ///< no space left for a write
    ReadOnly,       ///< the target may not be written
    Corrupt,        ///< a file contradicts its own format
    Newer,          ///< written by a newer version of Stillroom
    Busy,           ///< another process holds what is needed
    Blocked,        ///< findings in the data stop this step
    OutOfMemory,    ///< memory ran out
    Unsupported,    ///< valid, but not something this version can do
    Internal        ///< a defect of Stillroom
};

/// The stable word for a code, as in the JSON errors of the command line.
constexpr const char *name(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::InvalidInput: return "invalid_input";
    case ErrorCode::NotFound: return "not_found";
    case ErrorCode::AlreadyExists: return "already_exists";
    case ErrorCode::Io: return "io";
    case ErrorCode::DiskFull: return "disk_full";
    case ErrorCode::ReadOnly: return "read_only";
    case ErrorCode::Corrupt: return "corrupt";
    case ErrorCode::Newer: return "newer_version";
    case ErrorCode::Busy: return "busy";
    case ErrorCode::Blocked: return "blocked";
    case ErrorCode::OutOfMemory: return "out_of_memory";
    case ErrorCode::Unsupported: return "unsupported";
    case ErrorCode::Internal: return "internal";
    }
    return "internal";
}

/// `message` is a whole English sentence or two: what happened, and what to do now. `subject` is the path,
/// row, name or parameter it happened to; it is kept apart so that logs can leave it out.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::string subject;

    bool operator==(const Error &) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

[[nodiscard]] inline Failure failure(ErrorCode code, std::string message, std::string subject = {})
{
    return Failure(Error{code, std::move(message), std::move(subject)});
}

/// Passes the error of another result upwards.
template <class T>
[[nodiscard]] Failure failure(Result<T> &result)
{
    return Failure(std::move(result.error()));
}

namespace detail {

template <class T>
T taken(Result<T> &&result)
{
    return std::move(*result);
}
inline void taken(Result<void> &&) { }

}  // namespace detail

}  // namespace base

/// The value of a Result; a failed one ends this function and passes its error upwards:
///     auto rows = TRY(readRows(path));
///     TRY(writeRows(rows));
/// It stands alone, as a whole statement or initialiser: where it leaves the middle of an expression, GCC 12 may forget
/// what was built before it. A statement expression, as GCC and Clang have.
#define TRY(...) BASE_TRY(BASE_JOINED(tried, __COUNTER__), __VA_ARGS__)
#define BASE_TRY(name, ...)                                                                                            \
    __extension__({                                                                                                    \
        auto &&name = (__VA_ARGS__);                                                                                   \
        if (!name) [[unlikely]]                                                                                        \
            return ::base::failure(name);                                                                              \
        ::base::detail::taken(std::move(name));                                                                        \
    })
#define BASE_JOINED(a, b) BASE_JOINED_NOW(a, b)
#define BASE_JOINED_NOW(a, b) a##b
