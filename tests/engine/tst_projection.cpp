// SPDX-License-Identifier: Apache-2.0
#include "core/base/random.h"
#include "core/engine/projection/principal_components.h"
#include "core/engine/projection/quad_tree.h"
#include "core/engine/projection/tsne.h"
#include "tests/support/support.h"

#include <cmath>

using namespace support;

namespace {

engine::Matrix matrix(const nlohmann::json &rows)
{
    engine::Matrix m(rows.size(), rows[0].size());
    for (size_t i = 0; i < m.rows; ++i) {
        for (size_t j = 0; j < m.columns; ++j)
            m.row(i)[j] = rows[i][j].get<float>();
    }
    return m;
}

bool isNear(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

}  // namespace

class ProjectionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void componentsAgreeWithScikitLearn()
    {
        const auto g = goldenJson("projection.json");
        const auto ours = engine::principalComponents(matrix(g["values"]), 3);
        const auto theirs = matrix(g["components"]);
        for (size_t c = 0; c < 3; ++c) {
            const float sign = ours.row(0)[c] * theirs.row(0)[c] < 0 ? -1 : 1;
            for (size_t i = 0; i < ours.rows; ++i)
                QVERIFY(isNear(sign * ours.row(i)[c], theirs.row(i)[c], 2e-4));
        }
    }

    void fewRowsAndEqualRowsHaveComponentsToo()
    {
        QCOMPARE(engine::principalComponents(engine::Matrix(0, 5), 2).rows, 0);
        const auto one = engine::principalComponents(engine::Matrix(1, 5), 2);
        QCOMPARE(one.values, (std::vector<float>{0, 0}));
        engine::Matrix equal(4, 3);
        std::fill(equal.values.begin(), equal.values.end(), 2.5F);
        const auto flat = engine::principalComponents(equal, 2);
        for (const float v : flat.values)
            QVERIFY(std::isfinite(v) && std::abs(v) < 1e-6F);
        QCOMPARE(engine::principalComponents(engine::Matrix(4, 1), 2).columns, 1);
    }

    void treePushesLikeAllPairsDo()
    {
        base::Random random(3);
        std::vector<engine::Point> points(300);
        for (auto &p : points)
            p = {random.uniform() * 8, random.uniform() * 3};
        points[7] = points[8] = points[9];  // several at one place
        const engine::QuadTree tree(points);
        double worst = 0, total = 0;
        for (size_t i = 0; i < points.size(); ++i) {
            engine::QuadTree::Push expected;
            for (size_t j = 0; j < points.size(); ++j) {
                if (j == i)
                    continue;
                const double dx = points[i][0] - points[j][0], dy = points[i][1] - points[j][1];
                const double q = 1 / (1 + dx * dx + dy * dy);
                expected.sum += q;
                expected.force[0] += q * q * dx;
                expected.force[1] += q * q * dy;
            }
            const auto exact = tree.pushOn(i, 0);
            QVERIFY(isNear(exact.sum, expected.sum, 1e-9));
            QVERIFY(isNear(exact.force[0], expected.force[0], 1e-9) && isNear(exact.force[1], expected.force[1], 1e-9));
            const auto coarse = tree.pushOn(i, 0.5);
            worst = std::max(worst, std::abs(coarse.sum - expected.sum) / expected.sum);
            total += expected.sum;
        }
        QVERIFY(total > 0);
        QVERIFY2(worst < 0.02, qPrintable(QString::number(worst)));
    }

    void mapIsAsFaithfulAsScikitLearns()
    {
        const auto g = goldenJson("projection.json");
        const auto values = matrix(g["values"]);
        const double perplexity = g["perplexity"];
        // The measure itself agrees: their divergence of their map.
        const double theirs = engine::tsneDivergence(values, matrix(g["map"]), perplexity);
        QVERIFY2(isNear(theirs, g["divergence"], 0.02), qPrintable(QString::number(theirs)));
        const auto map = engine::tsne(values, {.perplexity = perplexity}, {});
        QVERIFY(map);
        const double ours = engine::tsneDivergence(values, *map, perplexity);
        QVERIFY2(ours < theirs * 1.03, qPrintable(QString::number(ours)));
        QCOMPARE(engine::tsne(values, {.perplexity = perplexity}, {})->values, map->values);
    }

    void mapsOfVeryFewAndOfEqualRows()
    {
        for (const size_t rows : {0, 1, 2, 3, 5}) {
            const auto map = engine::tsne(engine::Matrix(rows, 4), {.iterations = 20}, {});
            QVERIFY(map);
            QCOMPARE(map->rows, rows);
            for (const float v : map->values)
                QVERIFY(std::isfinite(v));
        }
    }

    void stopsWhenAsked()
    {
        std::stop_source stop;
        stop.request_stop();
        const auto map = engine::tsne(engine::Matrix(10, 4), {}, {.stop = stop.get_token()});
        QVERIFY(!map && map.error().code == base::ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(ProjectionTest)
#include "tst_projection.moc"
