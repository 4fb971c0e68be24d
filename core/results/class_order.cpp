// SPDX-License-Identifier: Apache-2.0
#include "core/results/class_order.h"

#include <algorithm>
#include <numeric>

namespace core {

namespace {

using Shares = std::vector<std::vector<double>>;

/// How large a share of either class's rows was taken for the other one, on average.
Shares mutualShares(const std::vector<std::vector<int64_t>> &confusion)
{
    const size_t classes = confusion.size();
    Shares shares(classes, std::vector<double>(classes, 0.0));
    const auto share = [&](size_t expected, size_t answered) {
        const auto &row = confusion[expected];
        const auto rows = std::accumulate(row.begin(), row.end(), int64_t{0});
        return rows > 0 ? static_cast<double>(row[answered]) / static_cast<double>(rows) : 0.0;
    };
    for (size_t a = 0; a < classes; ++a) {
        for (size_t b = 0; b < a; ++b)
            shares[a][b] = shares[b][a] = (share(a, b) + share(b, a)) / 2;
    }
    return shares;
}

double meanBetween(const Shares &shares, const std::vector<size_t> &a, const std::vector<size_t> &b)
{
    double sum = 0;
    for (const size_t x : a) {
        for (const size_t y : b)
            sum += shares[x][y];
    }
    return sum / static_cast<double>(a.size() * b.size());
}

/// `a` before `b`, each turned so that the ends which meet are the nearest ones.
std::vector<size_t> joined(const Shares &shares, std::vector<size_t> a, std::vector<size_t> b)
{
    double best = -1;
    bool turnA = false, turnB = false;
    for (const bool first : {false, true}) {
        for (const bool second : {false, true}) {
            const double near = shares[first ? a.front() : a.back()][second ? b.back() : b.front()];
            if (near > best) {
                best = near;
                turnA = first;
                turnB = second;
            }
        }
    }
    if (turnA)
        std::reverse(a.begin(), a.end());
    if (turnB)
        std::reverse(b.begin(), b.end());
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

}  // namespace

std::vector<size_t> similarityOrder(const std::vector<std::vector<int64_t>> &confusion)
{
    const Shares shares = mutualShares(confusion);
    std::vector<std::vector<size_t>> clusters;
    for (size_t c = 0; c < confusion.size(); ++c)
        clusters.push_back({c});
    Shares between = shares;
    while (clusters.size() > 1) {
        double best = 0;
        size_t first = 0, second = 0;
        for (size_t a = 0; a < clusters.size(); ++a) {
            for (size_t b = a + 1; b < clusters.size(); ++b) {
                if (between[a][b] > best) {
                    best = between[a][b];
                    first = a;
                    second = b;
                }
            }
        }
        if (best == 0)
            break;  // what is left has nothing to do with each other
        clusters[first] = joined(shares, std::move(clusters[first]), std::move(clusters[second]));
        clusters.erase(clusters.begin() + static_cast<ptrdiff_t>(second));
        between.erase(between.begin() + static_cast<ptrdiff_t>(second));
        for (auto &row : between)
            row.erase(row.begin() + static_cast<ptrdiff_t>(second));
        for (size_t other = 0; other < clusters.size(); ++other) {
            if (other != first)
                between[first][other] = between[other][first] = meanBetween(shares, clusters[first], clusters[other]);
        }
    }
    std::vector<size_t> order;
    for (const auto &cluster : clusters)
        order.insert(order.end(), cluster.begin(), cluster.end());
    return order;
}

std::vector<ConfusedPair> confusedPairs(const std::vector<std::vector<int64_t>> &confusion, size_t most)
{
    std::vector<ConfusedPair> pairs;
    for (size_t expected = 0; expected < confusion.size(); ++expected) {
        for (size_t answered = 0; answered < confusion.size(); ++answered) {
            if (expected != answered && confusion[expected][answered] > 0)
                pairs.push_back({expected, answered, confusion[expected][answered]});
        }
    }
    std::stable_sort(pairs.begin(), pairs.end(), [](const auto &a, const auto &b) { return a.rows > b.rows; });
    pairs.resize(std::min(pairs.size(), most));
    return pairs;
}

}  // namespace core
