// SPDX-License-Identifier: Apache-2.0
#include "core/formats/gzip.h"

#include <algorithm>
#include <memory>
#include <zlib.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t MostBytes = 512 << 20;
constexpr int WithGzipHeader = 16;

}  // namespace

Result<std::string> unpackGzip(std::string_view bytes, const std::string &subject)
{
    z_stream stream{};
    if (inflateInit2(&stream, WithGzipHeader + MAX_WBITS) != Z_OK)
        return failure(ErrorCode::OutOfMemory, "Memory ran out. Close other programs and try again.", subject);
    const std::unique_ptr<z_stream, decltype(&inflateEnd)> closing(&stream, &inflateEnd);
    std::string unpacked, part(1 << 18, '\0');
    bool isWhole = false;  // the member that is being read
    while (!bytes.empty()) {
        // zlib takes at most 4 GB at once.
        const size_t given = std::min<size_t>(bytes.size(), 1 << 30);
        stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
        stream.avail_in = static_cast<uInt>(given);
        stream.next_out = reinterpret_cast<Bytef *>(part.data());
        stream.avail_out = static_cast<uInt>(part.size());
        const int state = inflate(&stream, Z_NO_FLUSH);
        bytes.remove_prefix(given - stream.avail_in);
        unpacked.append(part, 0, part.size() - stream.avail_out);
        if (unpacked.size() > MostBytes)
            return failure(ErrorCode::InvalidInput,
                           "This file is not read: unpacked it would be larger than 512 MB. Split it.", subject);
        isWhole = state == Z_STREAM_END;
        if (state != Z_OK && !isWhole)
            break;
        if (!isWhole)
            continue;
        const bool isPadding = bytes.find_first_not_of('\0') == std::string_view::npos;
        if (isPadding || inflateReset(&stream) != Z_OK)
            break;
        isWhole = false;
    }
    if (!isWhole)
        return failure(ErrorCode::InvalidInput,
                       "This gzip file is damaged or cut off. Fetch it again, or pack it anew.", subject);
    return unpacked;
}

}  // namespace core
