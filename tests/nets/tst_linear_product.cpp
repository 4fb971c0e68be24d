// SPDX-License-Identifier: Apache-2.0
// The product of layers against libtorch's own, with its gradients, through either library.
#include "core/nets/encoders/linear_product.h"

#include <ATen/ops/linear.h>
#include <ATen/ops/randn.h>
#include <QtTest>

class LinearProductTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { qunsetenv("STILLROOM_GEMM"); }

    void valuesAndGradientsAreThoseOfLibtorch_data()
    {
        QTest::addColumn<QByteArray>("library");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("in");
        QTest::addColumn<int>("out");
        QTest::addColumn<bool>("hasBias");
        QTest::addColumn<bool>("isView");  // of something larger, as parts of a batch are
        for (const char *library : {"mkl", "onednn"}) {
            for (const auto &[rows, in, out] :
                 {std::tuple{1, 64, 64}, {17, 384, 1152}, {450, 1536, 384}, {33, 100, 77}, {5, 16, 16}}) {
                for (const bool hasBias : {true, false}) {
                    for (const bool isView : {true, false})
                        QTest::addRow("%s %d %d %d %d %d", library, rows, in, out, hasBias, isView)
                            << QByteArray(library) << rows << in << out << hasBias << isView;
                }
            }
        }
    }

    void valuesAndGradientsAreThoseOfLibtorch()
    {
        QFETCH(QByteArray, library);
        QFETCH(int, rows);
        QFETCH(int, in);
        QFETCH(int, out);
        QFETCH(bool, hasBias);
        QFETCH(bool, isView);
        qputenv("STILLROOM_GEMM", library);
        const auto made = [&](int64_t height, int64_t width) {
            auto values = isView ? at::randn({width, height}).t() : at::randn({height, width});
            return values.detach().set_requires_grad(true);
        };
        const auto x = made(rows, in), weight = made(out, in), seed = at::randn({rows, out});
        const auto bias = hasBias ? at::randn({out}).set_requires_grad(true) : at::Tensor();
        const auto gradientsOf = [&](const at::Tensor &y) {
            y.backward(seed);
            std::vector<at::Tensor> gradients{x.grad().clone(), weight.grad().clone()};
            if (hasBias)
                gradients.push_back(bias.grad().clone());
            for (const at::Tensor &tensor : {x, weight, bias}) {
                if (tensor.defined())
                    tensor.mutable_grad().reset();
            }
            return gradients;
        };
        const auto ours = nets::linearProduct(x, weight, bias);
        const auto theirs = at::linear(x, weight, bias);
        QVERIFY(ours.sizes() == theirs.sizes());
        const auto isClose = [](const at::Tensor &a, const at::Tensor &b) {
            return a.sizes() == b.sizes() && a.is_contiguous() && a.sub(b).abs().max().item<float>() < 1e-3F;
        };
        QVERIFY(isClose(ours, theirs));
        const auto ourGradients = gradientsOf(ours), theirGradients = gradientsOf(theirs);
        for (size_t i = 0; i < theirGradients.size(); ++i)
            QVERIFY2(isClose(ourGradients[i].contiguous(), theirGradients[i]), qPrintable(QString::number(i)));
    }

    /// Frozen layers want the gradient of what they read, first layers only their weights'.
    void onlyWantedGradientsAreComputed()
    {
        qputenv("STILLROOM_GEMM", "onednn");
        const auto x = at::randn({9, 96}), weight = at::randn({128, 96}).set_requires_grad(true);
        nets::linearProduct(x, weight, {}).sum().backward();
        QVERIFY(weight.grad().defined() && !x.grad().defined());
        const auto read = at::randn({9, 96}).set_requires_grad(true), frozen = at::randn({128, 96});
        nets::linearProduct(read, frozen, {}).sum().backward();
        QVERIFY(read.grad().defined() && !frozen.grad().defined());
        QVERIFY(!nets::linearProduct(x, frozen, {}).requires_grad());
    }

    void equalCallsGiveEqualBits()
    {
        qputenv("STILLROOM_GEMM", "onednn");
        const auto x = at::randn({450, 384}), weight = at::randn({1152, 384}), bias = at::randn({1152});
        const auto first = nets::linearProduct(x, weight, bias);
        for (int i = 0; i < 5; ++i)
            QVERIFY(first.equal(nets::linearProduct(x, weight, bias)));
    }
};

QTEST_GUILESS_MAIN(LinearProductTest)
#include "tst_linear_product.moc"
