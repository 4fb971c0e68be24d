// SPDX-License-Identifier: Apache-2.0
// Which of the two libraries in libtorch multiplies matrices faster on this machine.
#pragma once

#include <filesystem>

namespace nets {

enum class ProductLibrary { Mkl, OneDnn };

/// MKL takes AVX-512 on its vendor's processors only, and neither library is the faster one on all others, so they are
/// timed, for a quarter of a second, and the outcome is kept in the user's cache: equal runs give equal bits on a
/// machine. $STILLROOM_GEMM decides otherwise, by mkl or onednn. From any thread.
[[nodiscard]] ProductLibrary productLibrary();

/// What `file` says for this processor and this version of libtorch; where it says nothing, what was timed now, which
/// the file says from then on, if it can be written.
[[nodiscard]] ProductLibrary keptOrTimedLibrary(const std::filesystem::path &file);

}  // namespace nets
