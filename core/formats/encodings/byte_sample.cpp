// SPDX-License-Identifier: Apache-2.0
#include "core/formats/encodings/byte_sample.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace core {

namespace {

/// Bytes on each side of a special character; a line that is shorter is taken whole.
constexpr size_t Around = 200;
/// A line that cannot be cut is followed back so far.
constexpr size_t LongestUncut = 4096;
constexpr size_t Stripes = 64;
constexpr int RareTimes = 3;

bool isHigh(char c)
{
    return static_cast<signed char>(c) < 0;
}

/// The first position from `position` on with a byte above 127; the size where there is none.
size_t nextHigh(std::string_view bytes, size_t position)
{
    for (; position + 8 <= bytes.size(); position += 8) {
        uint64_t eight = 0;
        std::memcpy(&eight, bytes.data() + position, 8);
        if ((eight & 0x8080808080808080U) != 0)
            break;
    }
    while (position < bytes.size() && !isHigh(bytes[position]))
        ++position;
    return position;
}

bool endsLine(char c)
{
    return c == '\n' || c == '\r';
}

struct Window {
    size_t begin = 0, end = 0;
};

/// What is seen of a special character's line, from `from` on. Empty where it cannot be cut out.
Window windowAt(std::string_view bytes, size_t position, size_t from)
{
    Window window{position, position};
    size_t cut = std::string_view::npos;
    while (window.begin > from && !endsLine(bytes[window.begin - 1])) {
        --window.begin;
        if (static_cast<unsigned char>(bytes[window.begin]) < FirstTrail && position - window.begin <= Around)
            cut = window.begin + 1;
        if (position - window.begin > Around && cut != std::string_view::npos) {
            window.begin = cut;
            break;
        }
        if (position - window.begin > LongestUncut)
            return {position, position};
    }
    while (window.end < bytes.size() && !endsLine(bytes[window.end])) {
        ++window.end;
        if (window.end - position > Around && window.end < bytes.size() &&
            static_cast<unsigned char>(bytes[window.end]) < FirstTrail)
            break;
        if (window.end - position > LongestUncut)
            break;
    }
    return window;
}

/// Lines before the first special character, for their words.
std::string plainLines(std::string_view bytes, size_t most)
{
    std::string lines;
    size_t position = 0;
    while (position < bytes.size() && lines.size() < most && position < 16 * most) {
        const size_t end = std::min(bytes.find('\n', position), bytes.size());
        const std::string_view line = bytes.substr(position, std::min(end - position, most));
        if (nextHigh(line, 0) == line.size())
            lines.append(line).append("\n");
        position = end + 1;
    }
    return lines;
}

}  // namespace

bool hasHighByte(std::string_view bytes)
{
    return nextHigh(bytes, 0) < bytes.size();
}

std::string sampleOf(std::string_view bytes, size_t most)
{
    std::string sample;
    std::array<int, 256> seen{};
    const size_t stripe = bytes.size() / Stripes + 1;
    size_t rareRoom = most / 4;
    size_t from = 0;
    for (size_t position = nextHigh(bytes, 0); position < bytes.size();) {
        // What earlier parts of the file left over is this one's.
        const size_t allowed = (most - most / 4) * (position / stripe + 1) / Stripes;
        const bool room = sample.size() < allowed;
        const bool rare = seen[static_cast<unsigned char>(bytes[position])] < RareTimes && rareRoom > 0;
        if (!room && !rare) {
            ++position;
            if (position < bytes.size() && !isHigh(bytes[position]))
                position = nextHigh(bytes, position);
            continue;
        }
        const Window window = windowAt(bytes, position, from);
        if (window.end == window.begin) {
            position = nextHigh(bytes, position + 1);
            continue;
        }
        const std::string_view part = bytes.substr(window.begin, window.end - window.begin);
        for (const char c : part)
            ++seen[static_cast<unsigned char>(c)];
        if (!room)
            rareRoom -= std::min(rareRoom, part.size());
        sample.append(part).append("\n");
        // On where no character is cut.
        from = window.end;
        while (from < bytes.size() && static_cast<unsigned char>(bytes[from]) >= FirstTrail)
            ++from;
        position = nextHigh(bytes, from);
    }
    const size_t words = std::min<size_t>(2048, most / 8);
    return sample.size() < words ? plainLines(bytes, words) + sample : sample;
}

}  // namespace core
