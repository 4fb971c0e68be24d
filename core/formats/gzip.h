// SPDX-License-Identifier: Apache-2.0
// Gzip files (RFC 1952), read with zlib.
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>

namespace core {

/// What is packed in the members of a gzip file, one behind the other; zeros behind the last one are padding. Files
/// that are damaged or cut off, and more than 512 MB, are errors about `subject`.
[[nodiscard]] base::Result<std::string> unpackGzip(std::string_view bytes, const std::string &subject);

}  // namespace core
