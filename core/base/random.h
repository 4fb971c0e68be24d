// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same on every platform and standard library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace base {

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class Random {
public:
    explicit Random(uint64_t seed) : m_state(seed) { }

    uint64_t next()
    {
        uint64_t z = (m_state += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }

    /// Uniform in [0, bound), bound > 0. The bias of the modulo is below 2^-40 for every bound used here.
    size_t below(size_t bound) { return static_cast<size_t>(next() % bound); }

    /// Uniform in [0, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    template <class Container>
    void shuffle(Container &values)
    {
        for (size_t i = values.size(); i > 1; --i)
            std::swap(values[i - 1], values[below(i)]);
    }

private:
    uint64_t m_state;
};

/// A seed for part `part` of something seeded with `seed`; parts do not correlate.
inline uint64_t subSeed(uint64_t seed, uint64_t part)
{
    return Random(seed ^ (0xD1B54A32D192ED03ULL * (part + 1))).next();
}

/// FNV-1a, 64 bit: stable content hashes of texts (not for security).
inline uint64_t contentHash(const char *data, size_t size, uint64_t state = 0xCBF29CE484222325ULL)
{
    for (size_t i = 0; i < size; ++i)
        state = (state ^ static_cast<unsigned char>(data[i])) * 0x100000001B3ULL;
    return state;
}

}  // namespace base
