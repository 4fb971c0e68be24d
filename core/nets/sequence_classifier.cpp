// SPDX-License-Identifier: Apache-2.0
#include "core/nets/sequence_classifier.h"

#include "core/engine/data/batch_plan.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>
#include <c10/core/InferenceMode.h>

using base::Result;
using engine::Pooling;

namespace nets {

Result<std::unique_ptr<SequenceClassifier>> SequenceClassifier::load(const std::filesystem::path &folder,
                                                                     at::Device device)
{
    auto info = engine::readWeightsInfo(folder);
    if (!info)
        return base::failure(info);
    auto weights = WeightMap::load(folder / "model.safetensors");
    if (!weights)
        return base::failure(weights);
    std::unique_ptr<SequenceClassifier> classifier(new SequenceClassifier(std::move(*info), device));
    const auto &config = classifier->m_info.encoder;
    const engine::Architecture &architecture = *config.architecture;
    const std::string whole = architecture.prefix;
    const std::string prefix = weights->contains(whole + architecture.names.words + ".weight") ? whole : "";
    classifier->m_encoder.emplace(config, *weights, prefix, device);
    const int64_t hidden = config.hiddenSize;
    const auto classes = static_cast<int64_t>(classifier->m_info.labels.size());
    const auto linear = [&](WeightMap &map, const std::string &name, int64_t out) {
        return Linear{map.take(name + ".weight", {out, hidden}).to(device), map.take(name + ".bias", {out}).to(device)};
    };
    if (classifier->m_info.pooling == Pooling::Native)
        classifier->m_nativePooler = linear(*weights, architecture.headDense, hidden);
    if (classifier->m_info.ours) {
        auto head = WeightMap::load(folder / "stillroom_head.safetensors");
        if (!head)
            return base::failure(head);
        classifier->m_head = linear(*head, "head", classes);
        if (auto complete = head->error(); !complete)
            return base::failure(complete);
    } else if (classifier->m_info.hasHead) {
        classifier->m_head = linear(*weights, architecture.headOutput, classes);
    }
    if (auto complete = weights->error(); !complete)
        return base::failure(complete);
    return classifier;
}

at::Tensor SequenceClassifier::pooled(const PackedBatch &batch, const at::Tensor &words, Dropout *dropout) const
{
    const auto states = m_encoder->forward(batch, words, dropout);
    switch (m_info.pooling) {
    case Pooling::Native: {
        const auto dense = m_nativePooler(states.index_select(0, batch.starts));
        const auto activation = m_info.encoder.architecture->headActivation;
        return activation == engine::HeadActivation::Relu ? at::relu(dense) : at::tanh(dense);
    }
    case Pooling::Cls: return states.index_select(0, batch.starts);
    case Pooling::Mean: break;
    }
    // Normalised over the features: what the extra layer of the exported form computes (see export/hf_layout).
    return at::layer_norm(at::matmul(batch.averaging, states), {m_info.encoder.hiddenSize}, {}, {},
                          m_info.encoder.layerNormEps);
}

Result<engine::Matrix> SequenceClassifier::run(const std::vector<engine::TokenIds> &texts, bool head,
                                               const base::WorkContext &context) const
{
    const c10::InferenceMode guard;
    const auto lengths = lengthsOf(texts);
    const auto width = head ? m_head.weight.size(0) : static_cast<int64_t>(m_info.encoder.hiddenSize);
    engine::Matrix result(texts.size(), static_cast<size_t>(width));
    int64_t done = 0;
    for (const auto &rows : engine::inferenceBatches(lengths)) {
        if (context.stopRequested())
            return base::cancelled();
        const auto states = pooled(packBatch(texts, rows, m_device), m_encoder->words(), nullptr);
        const auto values = toMatrix(head ? logits(states) : states);
        for (size_t i = 0; i < rows.size(); ++i)
            std::copy_n(values.row(i).begin(), values.columns, result.row(rows[i]).begin());
        done += static_cast<int64_t>(rows.size());
        context.report({done, static_cast<int64_t>(texts.size()), "Scoring"});
    }
    return result;
}

void SequenceClassifier::setHead(const engine::LinearHead &head)
{
    m_head = {toTensor(head.weight).to(m_device), toTensor(head.bias).to(m_device)};
}

}  // namespace nets
