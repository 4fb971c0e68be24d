// SPDX-License-Identifier: Apache-2.0
#include "core/engine/projection/tsne.h"

#include "core/engine/projection/principal_components.h"
#include "core/engine/projection/quad_tree.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace engine {

namespace {

constexpr size_t MostColumns = 50;
constexpr int EarlyIterations = 250;
constexpr double EarlyPull = 12;
constexpr double SmallestStep = 50;
constexpr double FirstSpread = 1e-4;
constexpr double SmallestGain = 0.01;
constexpr int BisectionSteps = 60;

struct Neighbour {
    size_t row = 0;
    double weight = 0;  ///< squared distance first, then its share p
};
using Neighbours = std::vector<std::vector<Neighbour>>;

Neighbours nearest(const Matrix &values, size_t count)
{
    Neighbours result(values.rows);
    std::vector<Neighbour> all(values.rows);
    for (size_t i = 0; i < values.rows; ++i) {
        const auto own = values.row(i);
        for (size_t j = 0; j < values.rows; ++j) {
            const auto other = values.row(j);
            float sum = 0;
            for (size_t k = 0; k < values.columns; ++k)
                sum += (own[k] - other[k]) * (own[k] - other[k]);
            all[j] = {j, static_cast<double>(sum)};
        }
        all[i].weight = std::numeric_limits<double>::infinity();
        const auto end = all.begin() + static_cast<std::ptrdiff_t>(count);
        std::nth_element(all.begin(), end - 1, all.end(), [](const auto &a, const auto &b) {
            return a.weight != b.weight ? a.weight < b.weight : a.row < b.row;
        });
        result[i].assign(all.begin(), end);
    }
    return result;
}

/// Turns distances into shares whose entropy is log(perplexity).
void weigh(std::vector<Neighbour> &row, double perplexity)
{
    const double closest =
        std::min_element(row.begin(), row.end(), [](auto &a, auto &b) { return a.weight < b.weight; })->weight;
    double beta = 1, low = 0, high = std::numeric_limits<double>::infinity();
    for (int step = 0; step < BisectionSteps; ++step) {
        double sum = 0, moment = 0;
        for (const Neighbour &n : row) {
            const double p = std::exp(-beta * (n.weight - closest));
            sum += p;
            moment += p * (n.weight - closest);
        }
        const double entropy = std::log(sum) + beta * moment / sum;
        (entropy > std::log(perplexity) ? low : high) = beta;
        beta = std::isinf(high) ? beta * 2 : (low + high) / 2;
    }
    double sum = 0;
    for (Neighbour &n : row)
        sum += n.weight = std::exp(-beta * (n.weight - closest));
    for (Neighbour &n : row)
        n.weight /= sum;
}

/// p_ij = (p_j|i + p_i|j) / 2n, of each row those that are not zero.
Neighbours jointShares(const Matrix &values, double perplexity)
{
    const size_t n = values.rows;
    Neighbours rows = nearest(values, std::min(n - 1, static_cast<size_t>(3 * perplexity)));
    for (auto &row : rows)
        weigh(row, perplexity);
    Neighbours both(n);
    for (size_t i = 0; i < n; ++i) {
        for (const Neighbour &other : rows[i]) {
            const double half = other.weight / (2 * static_cast<double>(n));
            both[i].push_back({other.row, half});
            both[other.row].push_back({i, half});
        }
    }
    for (auto &row : both) {
        std::sort(row.begin(), row.end(), [](const auto &a, const auto &b) { return a.row < b.row; });
        size_t kept = 0;
        for (size_t k = 1; k < row.size(); ++k) {
            if (row[k].row == row[kept].row)
                row[kept].weight += row[k].weight;
            else
                row[++kept] = row[k];
        }
        row.resize(std::min(row.size(), kept + 1));
    }
    return both;
}

double usablePerplexity(double wanted, size_t rows)
{
    const auto others = static_cast<double>(rows - 1);
    return std::max(1.0, std::min({wanted, std::max(others / 8, 5.0), others / 3}));
}

std::vector<Point> firstPlaces(const Matrix &values)
{
    const Matrix plane = principalComponents(values, 2);
    double square = 0;
    for (size_t i = 0; i < plane.rows; ++i)
        square += static_cast<double>(plane.row(i)[0]) * static_cast<double>(plane.row(i)[0]);
    const double spread = std::sqrt(square / static_cast<double>(plane.rows));
    std::vector<Point> places(plane.rows, Point{});
    for (size_t i = 0; i < plane.rows; ++i) {
        for (size_t axis = 0; axis < plane.columns; ++axis)
            places[i][axis] = spread > 0 ? static_cast<double>(plane.row(i)[axis]) / spread * FirstSpread : 0;
    }
    return places;
}

/// Of the divergence by the places of the points.
std::vector<Point> gradient(const Neighbours &shares, std::span<const Point> places, double pull, double theta)
{
    const QuadTree tree(places);
    std::vector<Point> result(places.size());
    double total = 0;
    for (size_t i = 0; i < places.size(); ++i) {
        const auto push = tree.pushOn(i, theta);
        total += push.sum;
        result[i] = push.force;
    }
    for (size_t i = 0; i < places.size(); ++i) {
        Point attraction{};
        for (const Neighbour &other : shares[i]) {
            const double dx = places[i][0] - places[other.row][0], dy = places[i][1] - places[other.row][1];
            const double strength = other.weight / (1 + dx * dx + dy * dy);
            attraction[0] += strength * dx;
            attraction[1] += strength * dy;
        }
        for (size_t axis = 0; axis < 2; ++axis)
            result[i][axis] = 4 * (pull * attraction[axis] - result[i][axis] / total);
    }
    return result;
}

}  // namespace

base::Result<Matrix> tsne(const Matrix &values, const TsneOptions &options, const base::WorkContext &context)
{
    Matrix map(values.rows, 2);
    if (values.rows < 3)
        return principalComponents(values, 2);
    const Matrix reduced = values.columns > MostColumns ? principalComponents(values, MostColumns) : values;
    const Neighbours shares = jointShares(reduced, usablePerplexity(options.perplexity, values.rows));
    std::vector<Point> places = firstPlaces(reduced), speed(values.rows), gains(values.rows, Point{1, 1});
    const double step = std::max(static_cast<double>(values.rows) / (4 * EarlyPull), SmallestStep);
    for (int iteration = 0; iteration < options.iterations; ++iteration) {
        if (context.stopRequested())
            return base::cancelled();
        const bool early = iteration < EarlyIterations;
        const auto slope = gradient(shares, places, early ? EarlyPull : 1, options.theta);
        for (size_t i = 0; i < places.size(); ++i) {
            for (size_t axis = 0; axis < 2; ++axis) {
                // Jacobs 1988: faster where the direction stays, slower where it turns.
                double &gain = gains[i][axis];
                gain = (slope[i][axis] > 0) != (speed[i][axis] > 0) ? gain + 0.2 : gain * 0.8;
                gain = std::max(gain, SmallestGain);
                speed[i][axis] = (early ? 0.5 : 0.8) * speed[i][axis] - step * gain * slope[i][axis];
                places[i][axis] += speed[i][axis];
            }
        }
        context.report({iteration + 1, options.iterations, "Drawing the map"});
    }
    for (size_t i = 0; i < places.size(); ++i) {
        map.row(i)[0] = static_cast<float>(places[i][0]);
        map.row(i)[1] = static_cast<float>(places[i][1]);
    }
    return map;
}

double tsneDivergence(const Matrix &values, const Matrix &map, double perplexity)
{
    const Matrix reduced = values.columns > MostColumns ? principalComponents(values, MostColumns) : values;
    const Neighbours shares = jointShares(reduced, usablePerplexity(perplexity, values.rows));
    const auto closeness = [&](size_t i, size_t j) {
        const auto dx = static_cast<double>(map.row(i)[0] - map.row(j)[0]);
        const auto dy = static_cast<double>(map.row(i)[1] - map.row(j)[1]);
        return 1 / (1 + dx * dx + dy * dy);
    };
    double total = 0;
    for (size_t i = 0; i < map.rows; ++i) {
        for (size_t j = 0; j < map.rows; ++j)
            total += i == j ? 0 : closeness(i, j);
    }
    double divergence = 0;
    for (size_t i = 0; i < map.rows; ++i) {
        for (const Neighbour &other : shares[i]) {
            if (other.weight > 0)
                divergence += other.weight * std::log(other.weight * total / closeness(i, other.row));
        }
    }
    return divergence;
}

}  // namespace engine
