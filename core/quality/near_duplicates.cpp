// SPDX-License-Identifier: Apache-2.0
#include "core/quality/near_duplicates.h"

#include "core/base/random.h"
#include "core/quality/disjoint_sets.h"
#include "core/quality/text_fold.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>

using base::Result;

namespace core {

namespace {

constexpr size_t GramBytes = 5;
constexpr size_t Bands = 12;
constexpr size_t RowsOfBand = 4;
/// A text in a crowd is compared with so many of it: boilerplate must not make the search quadratic.
constexpr size_t MostOthers = 16;
constexpr size_t ReportEvery = 4096;

/// Hashes of the grams, sorted, each once.
std::vector<uint32_t> gramsOf(const std::string &text)
{
    const std::string plain = folded(text);
    std::vector<uint32_t> grams;
    for (size_t i = 0; i + GramBytes <= plain.size(); ++i)
        grams.push_back(static_cast<uint32_t>(base::contentHash(plain.data() + i, GramBytes)));
    if (grams.empty())
        grams.push_back(static_cast<uint32_t>(base::contentHash(plain.data(), plain.size())));
    std::sort(grams.begin(), grams.end());
    grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
    return grams;
}

double jaccard(const std::vector<uint32_t> &a, const std::vector<uint32_t> &b)
{
    size_t both = 0;
    for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        both += a[i] == b[j] ? 1 : 0;
        const bool left = a[i] <= b[j], right = b[j] <= a[i];
        i += left ? 1 : 0;
        j += right ? 1 : 0;
    }
    return static_cast<double>(both) / static_cast<double>(a.size() + b.size() - both);
}

/// A key for each band: texts that share one are candidates.
std::array<uint64_t, Bands> keysOf(const std::vector<uint32_t> &grams)
{
    // Multiply-shift hashing (Dietzfelbinger et al. 1997) with odd factors drawn once.
    static const auto factors = [] {
        std::array<uint64_t, Bands * RowsOfBand> drawn{};
        base::Random random(0x4E454152);
        for (auto &factor : drawn)
            factor = random.next() | 1;
        return drawn;
    }();
    std::array<uint32_t, Bands * RowsOfBand> least;
    least.fill(std::numeric_limits<uint32_t>::max());
    for (const uint32_t gram : grams) {
        const uint64_t spread = (gram + 1) * 0x9E3779B97F4A7C15ULL;
        for (size_t i = 0; i < least.size(); ++i)
            least[i] = std::min(least[i], static_cast<uint32_t>((spread * factors[i]) >> 32));
    }
    std::array<uint64_t, Bands> keys{};
    for (size_t band = 0; band < Bands; ++band)
        keys[band] =
            base::contentHash(reinterpret_cast<const char *>(&least[band * RowsOfBand]), RowsOfBand * sizeof(uint32_t));
    return keys;
}

}  // namespace

double textSimilarity(const std::string &a, const std::string &b)
{
    return jaccard(gramsOf(a), gramsOf(b));
}

Result<std::vector<std::vector<size_t>>> nearDuplicateGroups(std::span<const std::string> texts, double least,
                                                             const base::WorkContext &context)
{
    const auto total = static_cast<int64_t>(texts.size() * 2);
    std::array<std::vector<uint64_t>, Bands> keys;
    for (auto &band : keys)
        band.resize(texts.size());
    for (size_t i = 0; i < texts.size(); ++i) {
        if (i % ReportEvery == 0) {
            if (context.stopRequested())
                return base::cancelled();
            context.report({static_cast<int64_t>(i), total, "Comparing texts"});
        }
        const auto own = keysOf(gramsOf(texts[i]));
        for (size_t band = 0; band < Bands; ++band)
            keys[band][i] = own[band];
    }
    DisjointSets groups(texts.size());
    std::vector<uint32_t> order(texts.size());
    size_t seen = 0;
    for (size_t band = 0; band < Bands; ++band) {
        const auto &key = keys[band];
        std::iota(order.begin(), order.end(), 0U);
        std::sort(order.begin(), order.end(),
                  [&](uint32_t a, uint32_t b) { return std::pair(key[a], a) < std::pair(key[b], b); });
        for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
            while (end < order.size() && key[order[end]] == key[order[begin]])
                ++end;
            std::vector<std::pair<uint32_t, std::vector<uint32_t>>> others;  // unlike each other, with their grams
            for (size_t i = begin; i < end && end - begin > 1; ++i) {
                if (++seen % ReportEvery == 0 && context.stopRequested())
                    return base::cancelled();
                auto grams = gramsOf(texts[order[i]]);
                bool joined = false;
                for (const auto &[other, othersGrams] : others) {
                    if (groups.firstOf(other) != groups.firstOf(order[i]) && jaccard(othersGrams, grams) >= least)
                        groups.join(other, order[i]);
                    joined = joined || groups.firstOf(other) == groups.firstOf(order[i]);
                }
                if (!joined && others.size() < MostOthers)
                    others.emplace_back(order[i], std::move(grams));
            }
        }
        context.report(
            {static_cast<int64_t>(texts.size() + texts.size() * (band + 1) / Bands), total, "Comparing texts"});
    }
    std::map<size_t, std::vector<size_t>> members;
    for (uint32_t i = 0; i < texts.size(); ++i)
        members[groups.firstOf(i)].push_back(i);
    std::vector<std::vector<size_t>> result;
    for (auto &[first, group] : members) {
        if (group.size() > 1)
            result.push_back(std::move(group));
    }
    return result;
}

}  // namespace core
