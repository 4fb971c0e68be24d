// SPDX-License-Identifier: Apache-2.0
#include "core/engine/data/class_balance.h"

#include "core/base/random.h"

#include <algorithm>
#include <map>

namespace engine {

namespace {

constexpr uint64_t BalanceStream = 0xBA1A;

}  // namespace

std::vector<double> classWeights(std::span<const int> labels, int classes)
{
    std::vector<double> weights(static_cast<size_t>(classes), 0);
    for (const int label : labels)
        ++weights[static_cast<size_t>(label)];
    const auto present =
        static_cast<double>(weights.size()) - static_cast<double>(std::count(weights.begin(), weights.end(), 0.0));
    for (double &weight : weights)
        weight = weight > 0 ? static_cast<double>(labels.size()) / (present * weight) : 0;
    return weights;
}

std::vector<size_t> balancedRows(std::span<const int> labels, uint64_t seed, int epoch)
{
    std::map<int, std::vector<size_t>> byClass;
    for (size_t i = 0; i < labels.size(); ++i)
        byClass[labels[i]].push_back(i);
    base::Random random(base::subSeed(base::subSeed(seed, BalanceStream), static_cast<uint64_t>(epoch)));
    std::vector<size_t> rows;
    rows.reserve(labels.size());
    size_t number = 0;
    for (auto &[label, members] : byClass) {
        // The parts of a whole that differ by one at most.
        const size_t wanted = labels.size() * (number + 1) / byClass.size() - labels.size() * number / byClass.size();
        ++number;
        for (size_t drawn = 0; drawn < wanted; drawn += members.size()) {
            random.shuffle(members);
            rows.insert(rows.end(), members.begin(),
                        members.begin() + static_cast<std::ptrdiff_t>(std::min(members.size(), wanted - drawn)));
        }
    }
    return rows;
}

}  // namespace engine
