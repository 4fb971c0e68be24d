// SPDX-License-Identifier: Apache-2.0
#include "core/nets/train/lesson.h"

#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <algorithm>

namespace nets {

Lesson::Lesson(const engine::TrainRequest &request, at::Device device)
    : m_request(request), m_device(device), m_lengths(lengthsOf(request.train.texts))
{
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
    m_lengths = lengthsOf(m_joined);
}

const std::vector<engine::TokenIds> &Lesson::texts() const
{
    return m_joined.empty() ? m_request.train.texts : m_joined;
}

int64_t Lesson::stepsPerEpoch() const
{
    const auto batch = static_cast<size_t>(m_request.config.batchSize);
    const bool samples = m_request.config.balance == engine::Balance::Sampling;
    const size_t rows = samples ? m_sampled : texts().size();
    return static_cast<int64_t>((rows + batch - 1) / batch);
}

std::vector<engine::Batch> Lesson::batches(int epoch) const
{
    const auto &config = m_request.config;
    if (config.balance != engine::Balance::Sampling)
        return engine::trainingBatches(m_lengths, config.batchSize, config.seed, epoch);
    return engine::balancedBatches(m_request.train.labels, m_lengths, m_amounts, config.batchSize, config.seed, epoch);
}

at::Tensor Lesson::classIndices(std::span<const size_t> rows) const
{
    auto targets = at::empty({static_cast<int64_t>(rows.size())}, at::kLong);
    std::transform(rows.begin(), rows.end(), targets.data_ptr<int64_t>(),
                   [&](size_t row) { return m_request.train.labels[row]; });
    return targets;
}

at::Tensor Lesson::probabilities(std::span<const size_t> rows) const
{
    const size_t known = m_request.train.texts.size();
    auto targets = at::zeros({static_cast<int64_t>(rows.size()), m_supposed.size(1)});
    for (size_t i = 0; i < rows.size(); ++i) {
        auto target = targets.select(0, static_cast<int64_t>(i));
        if (rows[i] < known)
            target.data_ptr<float>()[m_request.train.labels[rows[i]]] = 1;
        else
            target.copy_(m_supposed.select(0, static_cast<int64_t>(rows[i] - known)));
    }
    return targets;
}

at::Tensor Lesson::combinations(std::span<const size_t> rows) const
{
    const auto &train = m_request.train;
    const auto classes = static_cast<int64_t>(m_request.labels.size());
    auto targets = at::zeros({static_cast<int64_t>(rows.size()), classes});
    for (size_t i = 0; i < rows.size(); ++i) {
        for (const int c : train.combinations[static_cast<size_t>(train.labels[rows[i]])])
            targets.data_ptr<float>()[static_cast<int64_t>(i) * classes + c] = 1;
    }
    const double smoothing = m_request.config.labelSmoothing;
    return targets.mul_(1 - smoothing).add_(smoothing / 2);
}

at::Tensor Lesson::lossSum(const at::Tensor &logits, std::span<const size_t> rows) const
{
    const bool weighs = !m_request.train.weights.empty();
    const auto reduction = weighs ? at::Reduction::None : at::Reduction::Sum;
    if (m_request.config.task == engine::TaskType::MultiLabel) {
        const auto targets = combinations(rows).to(m_device);
        const auto loss = at::binary_cross_entropy_with_logits(logits, targets, {}, {}, reduction) /
                          static_cast<double>(logits.size(1));
        return weighs ? (loss * rowWeights(rows).unsqueeze(1)).sum() : loss;
    }
    const auto targets = m_supposed.defined() ? probabilities(rows) : classIndices(rows);
    const auto loss = at::cross_entropy_loss(logits, targets.to(m_device), m_weightTensor, reduction,
                                             /*ignore_index=*/-100, m_request.config.labelSmoothing);
    return weighs ? (loss * rowWeights(rows)).sum() : loss;
}

at::Tensor Lesson::rowWeights(std::span<const size_t> rows) const
{
    const auto &weights = m_request.train.weights;
    std::vector<float> ofRows;
    for (const size_t row : rows)
        ofRows.push_back(row < weights.size() ? weights[row] : 1);
    return toTensor(ofRows).to(m_device);
}

}  // namespace nets
