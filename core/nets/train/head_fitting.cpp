// SPDX-License-Identifier: Apache-2.0
#include "core/nets/train/head_fitting.h"

#include "core/engine/data/split.h"
#include "core/engine/eval/metrics.h"
#include "core/nets/device.h"
#include "core/nets/tensors.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <map>
#include <numeric>

using base::Result;

namespace nets {

namespace {

/// Penalties tried, for features of norm sqrt(hidden): 384 here is C = 1 of the usual unit-norm form.
constexpr double Penalties[] = {256, 64, 16, 4, 1, 0.25};
constexpr double ExtraWeights[] = {0, 1, 3};
/// Rows x classes from which on the search is coarser: there is enough data for the choice not to matter.
constexpr size_t LargeProblem = 100'000;

/// Multiplications below which waking a second thread costs more than it brings.
constexpr size_t SmallProblem = 10'000'000;

/// Fewer rows tell nothing of how many more would help.
constexpr int FewestForCurve = 40;

constexpr double Shares[] = {0.3, 0.5, 0.7};
/// Of so many train rows one may be lost by self-training.
constexpr int64_t RowsPerLoss = 12;

struct Problem {
    at::Tensor x;        ///< [rows, features + 1], float64, last column 1
    at::Tensor y;        ///< float64 [rows, classes], single-label: each row sums to 1
    at::Tensor weights;  ///< float64, not negative: [rows, 1], multi-label: [rows, classes]
    engine::TaskType task = engine::TaskType::SingleLabel;
};

/// Loss and gradient of sum_i w_i CE(y_i, p_i) + l2/2 |W without bias|^2, W [classes, features + 1]. Multi-label: the
/// binary cross-entropies of each class, which share nothing but the search.
double evaluate(const Problem &p, double l2, const at::Tensor &w, at::Tensor &gradient)
{
    const int64_t features = p.x.size(1) - 1;
    const auto logits = at::matmul(p.x, w.t());
    at::Tensor residual;
    double loss = 0;
    if (p.task == engine::TaskType::MultiLabel) {
        residual = at::sigmoid(logits).sub_(p.y);
        loss = (at::softplus(logits).sub_(logits * p.y) * p.weights).sum().item<double>();
    } else {
        const auto logProbabilities = at::log_softmax(logits, 1);
        residual = logProbabilities.exp().sub_(p.y);
        loss = -(logProbabilities * p.y * p.weights).sum().item<double>();
    }
    residual.mul_(p.weights);
    gradient = at::matmul(residual.t(), p.x);
    const auto plain = w.narrow(1, 0, features);
    gradient.narrow(1, 0, features).add_(plain, l2);
    return loss + 0.5 * l2 * plain.square().sum().item<double>();
}

double innerProduct(const at::Tensor &a, const at::Tensor &b)
{
    return (a * b).sum().item<double>();
}

/// L-BFGS with backtracking; the problem is convex, so Armijo's condition is enough.
at::Tensor minimise(const Problem &p, double l2, at::Tensor w)
{
    constexpr int History = 10;
    constexpr int MaxIterations = 150;
    constexpr double Tolerance = 1e-4;
    struct Pair {
        at::Tensor s, y;
        double rho;
    };
    std::deque<Pair> history;
    at::Tensor gradient;
    double loss = evaluate(p, l2, w, gradient);
    const double scale = p.weights.sum().item<double>() / static_cast<double>(p.weights.size(1));
    for (int iteration = 0; iteration < MaxIterations; ++iteration) {
        if (gradient.abs().max().item<double>() < Tolerance * scale / static_cast<double>(p.y.size(1)))
            break;
        auto direction = gradient.clone();
        std::vector<double> alphas(history.size());
        for (size_t i = history.size(); i-- > 0;) {
            alphas[i] = history[i].rho * innerProduct(history[i].s, direction);
            direction.sub_(history[i].y, alphas[i]);
        }
        if (history.empty())
            direction.div_(gradient.norm());
        else
            direction.mul_(1.0 / (history.back().rho * innerProduct(history.back().y, history.back().y)));
        for (size_t i = 0; i < history.size(); ++i)
            direction.add_(history[i].s, alphas[i] - history[i].rho * innerProduct(history[i].y, direction));
        const double slope = -innerProduct(gradient, direction);
        if (slope >= 0)
            break;
        double step = 1;
        at::Tensor next, nextGradient;
        double nextLoss = loss;
        for (int trial = 0; trial < 20; ++trial, step *= 0.5) {
            next = w - step * direction;
            nextLoss = evaluate(p, l2, next, nextGradient);
            if (nextLoss <= loss + 1e-4 * step * slope)
                break;
        }
        if (!(nextLoss < loss))
            break;
        const auto s = next - w;
        const auto y = nextGradient - gradient;
        if (const double curvature = innerProduct(s, y); curvature > 1e-12) {
            history.push_back({s, y, 1 / curvature});
            if (history.size() > History)
                history.pop_front();
        }
        w = next;
        gradient = nextGradient;
        loss = nextLoss;
    }
    return w;
}

at::Tensor withOnes(const at::Tensor &features)
{
    const auto wide = features.to(at::kDouble);
    return at::cat({wide, at::ones({wide.size(0), 1}, wide.options())}, 1);
}

at::Tensor indexTensor(const std::vector<int64_t> &values)
{
    auto tensor = at::empty({static_cast<int64_t>(values.size())}, at::kLong);
    std::copy(values.begin(), values.end(), tensor.data_ptr<int64_t>());
    return tensor;
}

class Fitter {
public:
    explicit Fitter(const engine::HeadFitData &data)
        : m_task(engine::taskOf(data.combinations)), m_classes(data.classes), m_x(withOnes(toTensor(data.features)))
    {
        const auto classes = engine::classesOf(data.labels, data.combinations);
        for (const auto &row : classes)
            m_classes = row.empty() ? m_classes : std::max<int64_t>(m_classes, row.back() + 1);
        for (const int label : data.extraLabels)
            m_classes = std::max<int64_t>(m_classes, label + 1);
        m_y = targets(classes, m_classes);
        m_weights = at::ones({m_x.size(0), 1}, m_x.options());
        std::copy(data.weights.begin(), data.weights.end(), m_weights.data_ptr<double>());
        m_people = m_x.size(0) - static_cast<int64_t>(data.taught);
        m_taught = at::arange(m_people, m_x.size(0), at::kLong);
        m_extraY = targets(engine::classesOf(data.extraLabels, {}), m_classes);
        m_extraX = data.extraFeatures.rows > 0 ? withOnes(toTensor(data.extraFeatures)) : m_x.narrow(0, 0, 0);
        m_unlabelledX =
            data.unlabelledFeatures.rows > 0 ? withOnes(toTensor(data.unlabelledFeatures)) : m_x.narrow(0, 0, 0);
    }

    /// Of some of people's rows, and all that a teacher has labelled.
    [[nodiscard]] Problem problem(const at::Tensor &some, double extraWeight) const
    {
        const auto rows = at::cat({some, m_taught});
        auto x = m_x.index_select(0, rows);
        auto y = m_y.index_select(0, rows);
        const bool isMultiLabel = m_task == engine::TaskType::MultiLabel;
        auto weights = m_weights.index_select(0, rows).expand({x.size(0), isMultiLabel ? m_classes : 1});
        if (extraWeight > 0 && m_extraX.size(0) > 0) {
            // A description says of its own class that it fits, and nothing of the others.
            const auto says = isMultiLabel ? m_extraY : at::ones({m_extraX.size(0), 1}, x.options());
            weights = at::cat({weights, says * extraWeight});
            x = at::cat({x, m_extraX});
            y = at::cat({y, m_extraY});
        }
        return {x, y, weights, m_task};
    }

    /// A head fitted on the rows alone trains itself on the unlabelled ones.
    [[nodiscard]] at::Tensor selfTrained(const at::Tensor &rows, double extraWeight, double l2, at::Tensor w,
                                         int64_t &learned) const
    {
        for (const double share : Shares) {
            const auto probabilities = at::softmax(at::matmul(m_unlabelledX, w.t()), 1);
            const auto sure = surest(probabilities, share);
            learned = sure.size(0);
            auto soft = probabilities.index_select(0, sure).square();
            soft.div_(soft.sum(1, true));
            Problem p = problem(rows, extraWeight);
            const double weight = std::min(1.0, static_cast<double>(rows.size(0)) / static_cast<double>(learned));
            p.weights = at::cat({p.weights, at::full({learned, 1}, weight, p.weights.options())});
            p.x = at::cat({p.x, m_unlabelledX.index_select(0, sure)});
            p.y = at::cat({p.y, soft});
            w = minimise(p, l2, w);
        }
        return w;
    }

    [[nodiscard]] at::Tensor start() const { return at::zeros({m_classes, m_x.size(1)}, m_x.options()); }
    [[nodiscard]] at::Tensor logits(const at::Tensor &rows, const at::Tensor &w) const
    {
        return at::matmul(m_x.index_select(0, rows), w.t());
    }
    /// Summed over the rows, in nats; multi-label: over their decisions.
    [[nodiscard]] double logLoss(const at::Tensor &rows, const at::Tensor &logits) const
    {
        const auto y = m_y.index_select(0, rows);
        const auto loss = m_task == engine::TaskType::MultiLabel ? at::softplus(logits).sub_(logits * y)
                                                                 : at::log_softmax(logits, 1).mul_(y).neg_();
        return loss.sum().item<double>();
    }
    [[nodiscard]] bool canSelfTrain() const
    {
        return m_task == engine::TaskType::SingleLabel && m_unlabelledX.size(0) > 0;
    }
    /// That people have labelled: the first ones.
    [[nodiscard]] int64_t rows() const { return m_people; }
    [[nodiscard]] int64_t classes() const { return m_classes; }
    [[nodiscard]] int64_t unlabelledRows() const { return m_unlabelledX.size(0); }
    /// Of the rows of each class one in `share`, the first of them.
    [[nodiscard]] at::Tensor oneOf(const at::Tensor &rows, int64_t share) const
    {
        const auto labels = m_y.argmax(1).contiguous();
        std::map<int64_t, int64_t> seen;
        std::vector<int64_t> some;
        for (int64_t i = 0; i < rows.size(0); ++i) {
            const int64_t row = rows.const_data_ptr<int64_t>()[i];
            if (seen[labels.const_data_ptr<int64_t>()[row]]++ % share == 0)
                some.push_back(row);
        }
        return indexTensor(some);
    }
    /// Of each row whether its largest logit is that of its label.
    [[nodiscard]] std::vector<char> verdicts(const at::Tensor &logits) const
    {
        const auto right = logits.argmax(1).eq(m_y.narrow(0, 0, m_people).argmax(1)).contiguous();
        const bool *data = right.const_data_ptr<bool>();
        return {data, data + right.size(0)};
    }
    [[nodiscard]] int64_t right(const at::Tensor &logits) const
    {
        const auto each = verdicts(logits);
        return std::count(each.begin(), each.end(), 1);
    }

private:
    /// [rows, classes], 1 where the row has the class.
    static at::Tensor targets(const std::vector<std::vector<int>> &rows, int64_t classes)
    {
        auto y = at::zeros({static_cast<int64_t>(rows.size()), classes}, at::kDouble);
        for (size_t i = 0; i < rows.size(); ++i) {
            for (const int c : rows[i])
                y.data_ptr<double>()[static_cast<int64_t>(i) * classes + c] = 1;
        }
        return y;
    }

    /// Of the rows answered with each class this share, at least one, with the largest probability.
    [[nodiscard]] at::Tensor surest(const at::Tensor &probabilities, double share) const
    {
        const auto [best, answers] = probabilities.max(1);
        std::vector<std::vector<std::pair<double, int64_t>>> byClass(static_cast<size_t>(m_classes));
        for (int64_t i = 0; i < best.size(0); ++i)
            byClass[static_cast<size_t>(answers.const_data_ptr<int64_t>()[i])].emplace_back(
                -best.const_data_ptr<double>()[i], i);
        std::vector<int64_t> chosen;
        for (auto &rows : byClass) {
            std::sort(rows.begin(), rows.end());
            const auto wanted = static_cast<size_t>(std::lround(share * static_cast<double>(rows.size())));
            for (size_t i = 0; i < std::min(rows.size(), std::max<size_t>(wanted, 1)); ++i)
                chosen.push_back(rows[i].second);
        }
        std::sort(chosen.begin(), chosen.end());
        return indexTensor(chosen);
    }

    engine::TaskType m_task;
    int64_t m_classes, m_people = 0;
    at::Tensor m_taught;  ///< places of rows
    at::Tensor m_x, m_y, m_weights, m_extraX, m_extraY, m_unlabelledX;
};

struct Fold {
    at::Tensor train, held;
};

std::vector<Fold> makeFolds(const engine::HeadFitData &data, int count)
{
    const size_t people = data.labels.size() - data.taught;
    auto groups = data.groups;
    if (groups.empty()) {
        groups.resize(people);
        std::iota(groups.begin(), groups.end(), int64_t{0});
    }
    groups.resize(people);
    const auto assigned =
        engine::stratifiedFolds(std::span(data.labels).first(people), groups, count, data.seed, data.combinations);
    std::vector<Fold> folds;
    for (int f = 0; f < count; ++f) {
        std::vector<int64_t> train, held;
        for (size_t i = 0; i < assigned.size(); ++i)
            (assigned[i] == f ? held : train).push_back(static_cast<int64_t>(i));
        if (!held.empty() && !train.empty())
            folds.push_back({indexTensor(train), indexTensor(held)});
    }
    return folds;
}

}  // namespace

Result<engine::HeadFit> fitHead(const engine::HeadFitData &data, const base::WorkContext &context)
{
    const Fitter fitter(data);
    const ThreadScope threads(data.features.values.size() * static_cast<size_t>(fitter.classes()) < SmallProblem ? 1
                                                                                                                 : 0);
    const bool large = data.labels.size() * static_cast<size_t>(fitter.classes()) > LargeProblem;
    const auto rows = static_cast<int>(fitter.rows());
    const auto folds = makeFolds(data, std::min(large ? 3 : 5, rows));
    const std::vector<double> penalties =
        large ? std::vector<double>{64, 16, 4} : std::vector<double>(std::begin(Penalties), std::end(Penalties));
    std::vector<double> extraWeights = {0};
    if (data.extraFeatures.rows > 0 && !large)
        extraWeights.assign(std::begin(ExtraWeights), std::end(ExtraWeights));

    const auto total = static_cast<int64_t>(penalties.size() * extraWeights.size() * folds.size()) + 1;
    int64_t done = 0;
    engine::HeadFit best;
    best.heldOutLogLoss = HUGE_VAL;
    at::Tensor bestLogits;
    for (const double extraWeight : extraWeights) {
        std::vector<at::Tensor> warm(folds.size(), fitter.start());
        // From strong to weak penalties; where two in a row were worse than the best before, weaker ones, which take
        // the longest, are too.
        double leastLoss = HUGE_VAL;
        int worse = 0;
        for (const double l2 : penalties) {
            if (worse == 2) {
                done += static_cast<int64_t>(folds.size());
                continue;
            }
            auto heldOut = at::zeros({fitter.rows(), fitter.classes()}, at::kDouble);
            double loss = 0;
            for (size_t f = 0; f < folds.size(); ++f) {
                if (context.stopRequested())
                    return base::cancelled();
                warm[f] = minimise(fitter.problem(folds[f].train, extraWeight), l2, warm[f]);
                const auto logits = fitter.logits(folds[f].held, warm[f]);
                heldOut.index_copy_(0, folds[f].held, logits);
                loss += fitter.logLoss(folds[f].held, logits);
                context.report({++done, total, "Fitting the head"});
            }
            loss /= static_cast<double>(rows);
            worse = loss < leastLoss ? 0 : worse + 1;
            leastLoss = std::min(leastLoss, loss);
            if (loss < best.heldOutLogLoss) {
                best.heldOutLogLoss = loss;
                best.l2 = l2;
                best.extraWeight = extraWeight;
                bestLogits = heldOut;
            }
        }
    }
    if (!bestLogits.defined())  // a single row: nothing can be held out
        best.l2 = penalties.front();
    if (data.wantsCurve && bestLogits.defined() && !large && rows >= FewestForCurve && data.combinations.empty()) {
        std::array<std::vector<char>, 2> fewer;
        for (const int64_t share : {4, 2}) {
            auto heldOut = at::zeros({fitter.rows(), fitter.classes()}, at::kDouble);
            for (const Fold &fold : folds) {
                if (context.stopRequested())
                    return base::cancelled();
                const auto some = fitter.oneOf(fold.train, share);
                const auto w = minimise(fitter.problem(some, best.extraWeight), best.l2, fitter.start());
                heldOut.index_copy_(0, fold.held, fitter.logits(fold.held, w));
            }
            fewer[share == 4 ? 0 : 1] = fitter.verdicts(heldOut);
        }
        best.curve = engine::learningCurve(fewer[0], fewer[1], fitter.verdicts(bestLogits), data.seed);
    }
    const auto all = at::arange(fitter.rows(), at::kLong);
    auto w = minimise(fitter.problem(all, best.extraWeight), best.l2, fitter.start());
    if (fitter.canSelfTrain() && bestLogits.defined()) {
        engine::SelfTraining &self = best.selfTraining;
        self.rows = fitter.unlabelledRows();
        auto heldOut = at::zeros({fitter.rows(), fitter.classes()}, at::kDouble);
        for (const Fold &fold : folds) {
            if (context.stopRequested())
                return base::cancelled();
            const auto alone = minimise(fitter.problem(fold.train, best.extraWeight), best.l2, fitter.start());
            const auto trained = fitter.selfTrained(fold.train, best.extraWeight, best.l2, alone, self.learned);
            heldOut.index_copy_(0, fold.held, fitter.logits(fold.held, trained));
        }
        self.rightWith = fitter.right(heldOut);
        self.rightWithout = fitter.right(bestLogits);
        self.used = (self.rightWithout - self.rightWith) * RowsPerLoss <= fitter.rows();
        if (self.used) {
            w = fitter.selfTrained(all, best.extraWeight, best.l2, w, self.learned);
            bestLogits = heldOut;
        }
    }
    const int64_t features = w.size(1) - 1;
    best.head.weight = toMatrix(w.narrow(1, 0, features));
    best.head.bias = toMatrix(w.narrow(1, features, 1)).values;
    if (bestLogits.defined())
        best.heldOutLogits = toMatrix(bestLogits);
    context.report({total, total, "Fitting the head"});
    return best;
}

}  // namespace nets
