// SPDX-License-Identifier: Apache-2.0
// The border of the module: exceptions end here.
#pragma once

#include "core/base/result_guard.h"
#include "core/nets/device.h"

#include <new>

namespace nets {

/// base::guard that knows libtorch's words for a failed allocation. Everything that the program calls goes through it.
template <class F>
[[nodiscard]] auto guarded(const std::string &subject, F &&f) -> decltype(f())
{
    return base::guard(subject, [&] {
        try {
            return f();
        } catch (const std::exception &e) {
            if (isOutOfMemory(e))
                throw std::bad_alloc();
            throw;
        }
    });
}

}  // namespace nets
