// SPDX-License-Identifier: Apache-2.0
// Results in measurements: an error ends the program with its sentence.
#pragma once

#include "core/base/error.h"

#include <stdexcept>

namespace bench {

template <class T>
[[nodiscard]] T value(base::Result<T> result)
{
    if (!result)
        throw std::runtime_error(result.error().message);
    return std::move(*result);
}

}  // namespace bench
