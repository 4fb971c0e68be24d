// SPDX-License-Identifier: Apache-2.0
// The part of a file in which its special characters stand.
#pragma once

#include <string>
#include <string_view>

namespace core {

/// Bytes below this are never the second half of a character in the encodings that we know, save for UTF-16, UTF-32
/// and those with escape sequences: it is safe to cut beside them.
constexpr unsigned char FirstTrail = 0x30;

/// Whether there is a byte above 127.
bool hasHighByte(std::string_view bytes);

/// Lines with bytes above 127, or parts of long ones, from all over the file: at most about `most` bytes, and every
/// byte value above 127 a few times if it occurs so often. Where there is room, some lines without any come first: they
/// tell the language. Cut where no character is cut; takes one pass.
std::string sampleOf(std::string_view bytes, size_t most);

}  // namespace core
