// SPDX-License-Identifier: Apache-2.0
#include "core/nets/train/lesson.h"

#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <algorithm>

namespace nets {

Lesson::Lesson(const engine::TrainRequest &request, at::Device device) : m_request(request), m_device(device)
{
    divide();
    const auto &config = request.config;
    if (config.balance == engine::Balance::None)
        return;
    const auto &labels = request.train.labels;
    m_amounts = engine::wantedAmounts(config.rebalance, request.labels, labels);
    if (config.balance == engine::Balance::Sampling)
        m_sampled = engine::balancedRows(labels, m_amounts, config.seed, 1).size();
    if (config.balance == engine::Balance::Weights) {
        m_weights = engine::classWeights(labels, m_amounts);
        m_weightTensor = toTensor(std::vector<float>(m_weights.begin(), m_weights.end())).to(device);
    }
}

void Lesson::add(const std::vector<engine::TokenIds> &texts, at::Tensor probabilities)
{
    m_joined = m_request.train.texts;
    m_joined.insert(m_joined.end(), texts.begin(), texts.end());
    m_supposed = std::move(probabilities);
    divide();
}

void Lesson::divide()
{
    m_lengths = lengthsOf(texts());
    m_divided = {};
    if (!m_request.windows.isOn())
        return;
    engine::WindowedTexts divided(texts(), m_request.windows);
    if (divided.windows.size() > rows())
        m_divided = std::move(divided);
}

const std::vector<engine::TokenIds> &Lesson::texts() const
{
    return m_joined.empty() ? m_request.train.texts : m_joined;
}

const std::vector<engine::TokenIds> &Lesson::passages() const
{
    return isDivided() ? m_divided.windows : texts();
}

engine::Batch Lesson::passagesOf(const engine::Batch &rows) const
{
    if (!isDivided())
        return rows;
    engine::Batch passages;
    for (const size_t row : rows) {
        for (size_t window = m_divided.first[row]; window < m_divided.first[row + 1]; ++window)
            passages.push_back(window);
    }
    return passages;
}

int64_t Lesson::stepsPerEpoch() const
{
    const auto batch = static_cast<size_t>(m_request.config.batchSize);
    const bool samples = m_request.config.balance == engine::Balance::Sampling;
    const size_t rows = samples ? m_sampled : this->rows();
    return static_cast<int64_t>((rows + batch - 1) / batch);
}

std::vector<engine::Batch> Lesson::batches(int epoch) const
{
    const auto &config = m_request.config;
    if (config.balance != engine::Balance::Sampling)
        return engine::trainingBatches(m_lengths, config.batchSize, config.seed, epoch);
    return engine::balancedBatches(m_request.train.labels, m_lengths, m_amounts, config.batchSize, config.seed, epoch);
}

at::Tensor Lesson::classIndices(std::span<const size_t> passages) const
{
    auto targets = at::empty({static_cast<int64_t>(passages.size())}, at::kLong);
    std::transform(passages.begin(), passages.end(), targets.data_ptr<int64_t>(),
                   [&](size_t passage) { return m_request.train.labels[rowOf(passage)]; });
    return targets;
}

at::Tensor Lesson::probabilities(std::span<const size_t> passages) const
{
    const size_t known = m_request.train.texts.size();
    auto targets = at::zeros({static_cast<int64_t>(passages.size()), m_supposed.size(1)});
    for (size_t i = 0; i < passages.size(); ++i) {
        auto target = targets.select(0, static_cast<int64_t>(i));
        const size_t row = rowOf(passages[i]);
        if (row < known)
            target.data_ptr<float>()[m_request.train.labels[row]] = 1;
        else
            target.copy_(m_supposed.select(0, static_cast<int64_t>(row - known)));
    }
    return targets;
}

at::Tensor Lesson::combinations(std::span<const size_t> passages) const
{
    const auto &train = m_request.train;
    const auto classes = static_cast<int64_t>(m_request.labels.size());
    auto targets = at::zeros({static_cast<int64_t>(passages.size()), classes});
    for (size_t i = 0; i < passages.size(); ++i) {
        for (const int c : train.combinations[static_cast<size_t>(train.labels[rowOf(passages[i])])])
            targets.data_ptr<float>()[static_cast<int64_t>(i) * classes + c] = 1;
    }
    const double smoothing = m_request.config.labelSmoothing;
    return targets.mul_(1 - smoothing).add_(smoothing / 2);
}

at::Tensor Lesson::lossSum(const at::Tensor &logits, std::span<const size_t> passages) const
{
    const bool weighs = isDivided() || !m_request.train.weights.empty();
    const auto reduction = weighs ? at::Reduction::None : at::Reduction::Sum;
    if (m_request.config.task == engine::TaskType::MultiLabel) {
        const auto targets = combinations(passages).to(m_device);
        const auto loss = at::binary_cross_entropy_with_logits(logits, targets, {}, {}, reduction) /
                          static_cast<double>(logits.size(1));
        return weighs ? (loss * weightsOf(passages).unsqueeze(1)).sum() : loss;
    }
    const auto targets = m_supposed.defined() ? probabilities(passages) : classIndices(passages);
    const auto loss = at::cross_entropy_loss(logits, targets.to(m_device), m_weightTensor, reduction,
                                             /*ignore_index=*/-100, m_request.config.labelSmoothing);
    return weighs ? (loss * weightsOf(passages)).sum() : loss;
}

at::Tensor Lesson::weightsOf(std::span<const size_t> passages) const
{
    const auto &weights = m_request.train.weights;
    std::vector<float> own;
    for (const size_t passage : passages) {
        const size_t row = rowOf(passage);
        const float weight = row < weights.size() ? weights[row] : 1;
        own.push_back(isDivided() ? weight / static_cast<float>(m_divided.count(row)) : weight);
    }
    return toTensor(own).to(m_device);
}

}  // namespace nets
