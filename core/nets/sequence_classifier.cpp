// SPDX-License-Identifier: Apache-2.0
#include "core/nets/sequence_classifier.h"

#include "core/nets/export/mapped_head.h"
#include "core/nets/text_reading.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>
#include <algorithm>

using base::Result;
using engine::Pooling;

namespace nets {

Result<std::unique_ptr<SequenceClassifier>> SequenceClassifier::load(const std::filesystem::path &folder,
                                                                     at::Device device)
{
    auto info = TRY(engine::readWeightsInfo(folder));
    auto weights = TRY(WeightMap::load(folder / "model.safetensors"));
    std::unique_ptr<SequenceClassifier> classifier(new SequenceClassifier(std::move(info), device));
    const auto &config = classifier->m_info.encoder;
    const engine::Architecture &architecture = *config.architecture;
    const std::string whole = architecture.prefix;
    const std::string prefix = weights.contains(whole + architecture.names.words + ".weight") ? whole : "";
    if (classifier->m_info.lastNormExponent > 0)
        undoScaledNorm(config, classifier->m_info.lastNormExponent, prefix, weights);
    classifier->m_encoder = makeEncoder(config, weights, prefix, device);
    const int64_t hidden = config.hiddenSize;
    const auto classes = static_cast<int64_t>(classifier->m_info.labels.size());
    if (classifier->m_info.pooling == Pooling::Native) {
        const bool hasBias = architecture.encoder == engine::EncoderKind::PostNorm;
        const LayerReader reader(weights, {}, device, hasBias);
        classifier->m_nativeDense = reader.linear(architecture.headDense, hidden, hidden);
        if (architecture.headNorm)
            classifier->m_nativeNorm = reader.norm(architecture.headNorm, hidden);
    }
    if (classifier->m_info.ours) {
        auto head = TRY(WeightMap::load(folder / "stillroom_head.safetensors"));
        classifier->m_head = LayerReader(head, {}, device, true).linear("head", classes, hidden);
        if (auto complete = head.error(); !complete)
            return base::failure(complete);
    } else if (classifier->m_info.hasHead && classifier->m_info.headTrouble.empty()) {
        classifier->m_head = LayerReader(weights, {}, device, true).linear(architecture.headOutput, classes, hidden);
    }
    TRY(weights.error());
    return classifier;
}

at::Tensor SequenceClassifier::pooled(const at::Tensor &read, const PackedBatch &batch, int from,
                                      Dropout *dropout) const
{
    const auto states = m_encoder->layers(read, batch, from, m_info.encoder.layers, dropout);
    const double eps = m_info.encoder.layerNormEps;
    // Normalised over the features: what the extra layer of the exported form computes (see export/hf_layout).
    const auto normalised = [&](const at::Tensor &x) {
        return at::layer_norm(x, {m_info.encoder.hiddenSize}, {}, {}, eps);
    };
    const auto mean = [&] { return at::matmul(batch.averaging, states); };
    const auto first = [&] { return states.index_select(0, batch.starts); };
    const bool endsNormalised = m_info.encoder.architecture->headNorm != nullptr;
    switch (m_info.pooling) {
    case Pooling::Native: {
        const auto active = activated(m_nativeDense(m_info.native.poolsMean ? mean() : first()));
        return endsNormalised ? m_nativeNorm(active, eps) : active;
    }
    case Pooling::Cls: return endsNormalised ? normalised(first()) : first();
    case Pooling::Mean: break;
    }
    return normalised(mean());
}

at::Tensor SequenceClassifier::activated(const at::Tensor &x) const
{
    switch (m_info.native.activation) {
    case engine::HeadActivation::Tanh: return at::tanh(x);
    case engine::HeadActivation::Relu: return at::relu(x);
    case engine::HeadActivation::Gelu: return at::gelu(x);
    case engine::HeadActivation::None: break;
    }
    return x;
}

Result<engine::Matrix> SequenceClassifier::run(const std::vector<engine::TokenIds> &texts, bool head,
                                               const base::WorkContext &context) const
{
    if (!m_info.windows.isOn())
        return runEach(texts, head, context);
    const engine::WindowedTexts divided(texts, m_info.windows);
    if (divided.windows.size() == texts.size())
        return runEach(texts, head, context);
    base::WorkContext inner = context;
    inner.report = [&](const base::Progress &p) {
        const auto all = static_cast<int64_t>(texts.size());
        context.report({p.done * all / p.total, all, p.phase});
    };
    auto values = TRY(runEach(divided.windows, head, inner));
    engine::Matrix means(texts.size(), values.columns);
    for (size_t i = 0; i < means.rows; ++i) {
        const auto count = static_cast<float>(divided.count(i));
        for (size_t window = divided.first[i]; window < divided.first[i + 1]; ++window) {
            for (size_t j = 0; j < means.columns; ++j)
                means.row(i)[j] += values.row(window)[j];
        }
        for (float &value : means.row(i))
            value /= count;
    }
    return means;
}

Result<engine::Matrix> SequenceClassifier::runEach(const std::vector<engine::TokenIds> &texts, bool head,
                                                   const base::WorkContext &context) const
{
    const auto width = head ? m_head.weight.size(0) : static_cast<int64_t>(m_info.encoder.hiddenSize);
    engine::Matrix result(texts.size(), static_cast<size_t>(width));
    const auto read = [&](const engine::Batch &rows, const PackedBatch &batch) -> Result<void> {
        const auto states = pooled(m_encoder->embed(batch, m_encoder->words(), nullptr), batch, 0, nullptr);
        const auto values = toMatrix(head ? logits(states) : states);
        for (size_t i = 0; i < rows.size(); ++i)
            std::copy_n(values.row(i).begin(), values.columns, result.row(rows[i]).begin());
        return {};
    };
    TRY(readTexts(texts, m_device, "Scoring", read, context));
    return result;
}

void SequenceClassifier::setHead(const engine::LinearHead &head)
{
    m_head = {toTensor(head.weight).to(m_device), toTensor(head.bias).to(m_device), {}};
}

}  // namespace nets
