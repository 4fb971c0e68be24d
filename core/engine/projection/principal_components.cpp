// SPDX-License-Identifier: Apache-2.0
#include "core/engine/projection/principal_components.h"

#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace engine {

namespace {

/// More directions than asked for are followed, so that the last ones asked for are found as well.
constexpr size_t Spare = 8;
constexpr int Iterations = 60;
constexpr int JacobiSweeps = 30;

using Columns = std::vector<std::vector<double>>;  ///< each of one direction

double dot(const std::vector<double> &a, const std::vector<double> &b)
{
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Columns covariance(const Matrix &values)
{
    const size_t d = values.columns;
    std::vector<double> mean(d);
    for (size_t i = 0; i < values.rows; ++i) {
        for (size_t j = 0; j < d; ++j)
            mean[j] += static_cast<double>(values.row(i)[j]);
    }
    for (double &m : mean)
        m /= static_cast<double>(values.rows);
    Columns result(d, std::vector<double>(d));
    std::vector<double> centred(d);
    for (size_t i = 0; i < values.rows; ++i) {
        for (size_t j = 0; j < d; ++j)
            centred[j] = static_cast<double>(values.row(i)[j]) - mean[j];
        for (size_t j = 0; j < d; ++j) {
            const double v = centred[j];
            double *row = result[j].data();
            for (size_t k = j; k < d; ++k)
                row[k] += v * centred[k];
        }
    }
    for (size_t j = 0; j < d; ++j) {
        for (size_t k = 0; k < j; ++k)
            result[j][k] = result[k][j];
    }
    return result;
}

Columns multiply(const Columns &symmetric, const Columns &directions)
{
    Columns result(directions.size(), std::vector<double>(symmetric.size()));
    for (size_t c = 0; c < directions.size(); ++c) {
        for (size_t j = 0; j < symmetric.size(); ++j)
            result[c][j] = dot(symmetric[j], directions[c]);
    }
    return result;
}

/// Modified Gram-Schmidt, twice; a direction that nothing is left of becomes zero.
void orthonormalise(Columns &directions)
{
    for (size_t c = 0; c < directions.size(); ++c) {
        const double before = std::sqrt(dot(directions[c], directions[c]));
        for (int pass = 0; pass < 2; ++pass) {
            for (size_t earlier = 0; earlier < c; ++earlier) {
                const double share = dot(directions[c], directions[earlier]);
                for (size_t j = 0; j < directions[c].size(); ++j)
                    directions[c][j] -= share * directions[earlier][j];
            }
        }
        const double length = std::sqrt(dot(directions[c], directions[c]));
        for (double &v : directions[c])
            v = length > 1e-10 * before && length > 0 ? v / length : 0;
    }
}

/// Eigenvectors of a small symmetric matrix, which is made diagonal on the way (Jacobi 1846).
Columns eigenvectors(Columns &a)
{
    const size_t n = a.size();
    Columns vectors(n, std::vector<double>(n));
    for (size_t i = 0; i < n; ++i)
        vectors[i][i] = 1;
    for (int sweep = 0; sweep < JacobiSweeps; ++sweep) {
        double off = 0, trace = 0;
        for (size_t i = 0; i < n; ++i) {
            trace += std::abs(a[i][i]);
            for (size_t j = i + 1; j < n; ++j)
                off += std::abs(a[i][j]);
        }
        if (off <= 1e-14 * trace)
            break;
        for (size_t p = 0; p < n; ++p) {
            for (size_t q = p + 1; q < n; ++q) {
                if (a[p][q] == 0)
                    continue;
                const double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
                const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
                const double c = 1 / std::sqrt(t * t + 1), s = t * c;
                for (size_t k = 0; k < n; ++k) {
                    const double kp = a[k][p], kq = a[k][q];
                    a[k][p] = c * kp - s * kq;
                    a[k][q] = s * kp + c * kq;
                }
                for (size_t k = 0; k < n; ++k) {
                    const double pk = a[p][k], qk = a[q][k];
                    a[p][k] = c * pk - s * qk;
                    a[q][k] = s * pk + c * qk;
                    const double vp = vectors[p][k], vq = vectors[q][k];
                    vectors[p][k] = c * vp - s * vq;
                    vectors[q][k] = s * vp + c * vq;
                }
            }
        }
    }
    return vectors;
}

}  // namespace

Matrix principalComponents(const Matrix &values, size_t count)
{
    count = std::min(count, values.columns);
    Matrix result(values.rows, count);
    if (values.rows == 0 || count == 0)
        return result;
    const Columns cov = covariance(values);
    Columns directions(std::min(count + Spare, values.columns), std::vector<double>(values.columns));
    base::Random random(1);
    for (auto &direction : directions) {
        for (double &v : direction)
            v = random.uniform() - 0.5;
    }
    orthonormalise(directions);
    for (int i = 0; i < Iterations; ++i) {
        directions = multiply(cov, directions);
        orthonormalise(directions);
    }
    // Within the subspace, the directions themselves (Rayleigh-Ritz).
    const Columns image = multiply(cov, directions);
    Columns small(directions.size(), std::vector<double>(directions.size()));
    for (size_t i = 0; i < small.size(); ++i) {
        for (size_t j = 0; j < small.size(); ++j)
            small[i][j] = dot(directions[i], image[j]);
    }
    const Columns turn = eigenvectors(small);
    std::vector<size_t> order(small.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t i, size_t j) { return small[i][i] > small[j][j]; });
    for (size_t c = 0; c < count; ++c) {
        std::vector<double> axis(values.columns);
        for (size_t i = 0; i < directions.size(); ++i) {
            for (size_t j = 0; j < axis.size(); ++j)
                axis[j] += turn[order[c]][i] * directions[i][j];
        }
        const auto largest =
            std::max_element(axis.begin(), axis.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
        const double sign = *largest < 0 ? -1 : 1;
        double mean = 0;
        std::vector<double> projected(values.rows);
        for (size_t i = 0; i < values.rows; ++i) {
            for (size_t j = 0; j < axis.size(); ++j)
                projected[i] += sign * axis[j] * static_cast<double>(values.row(i)[j]);
            mean += projected[i] / static_cast<double>(values.rows);
        }
        for (size_t i = 0; i < values.rows; ++i)
            result.row(i)[c] = static_cast<float>(projected[i] - mean);
    }
    return result;
}

}  // namespace engine
