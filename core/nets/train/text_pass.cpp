// SPDX-License-Identifier: Apache-2.0
#include "core/nets/train/text_pass.h"

#include "core/nets/precision.h"

#include <ATen/core/grad_mode.h>
#include <algorithm>

using base::Result;
using engine::Recipe;

namespace nets {

TextPass::TextPass(const SequenceClassifier &classifier, const std::vector<engine::TokenIds> &texts,
                   const engine::TrainingConfig &config)
    : m_classifier(&classifier), m_texts(&texts),
      m_firstLayer(config.topLayers == 0 ? 0 : std::max(0, classifier.info().encoder.layers - config.topLayers)),
      m_checkpoints(config.checkpointsGradients),
      m_precision(resolved(config.precision, classifier.device(), classifier.info().encoder.hiddenSize))
{
}

Result<TextPass> TextPass::prepare(const SequenceClassifier &classifier, const std::vector<engine::TokenIds> &texts,
                                   const engine::TrainRequest &request, const base::WorkContext &context)
{
    TextPass pass(classifier, texts, request.config);
    if (pass.m_firstLayer > 0) {
        const auto folder = request.scratch.empty() ? std::filesystem::temp_directory_path() : request.scratch;
        auto states = TRY(FrozenStates::compute(classifier, texts, pass.m_firstLayer, folder, context));
        pass.m_frozen.emplace(std::move(states));
    } else if (request.config.recipe != Recipe::Lora) {
        pass.m_vocabulary.emplace(texts, classifier.encoder().words());
    }
    return pass;
}

at::Tensor TextPass::read(const PackedBatch &batch, std::span<const size_t> rows, Dropout &dropout) const
{
    if (m_frozen)
        return m_frozen->gather(rows, m_classifier->device());
    const Encoder &encoder = m_classifier->encoder();
    return encoder.embed(batch, m_vocabulary ? m_vocabulary->table() : encoder.words(), &dropout);
}

double TextPass::learn(std::span<const size_t> rows, const std::function<at::Tensor(const at::Tensor &)> &loss,
                       Dropout &dropout) const
{
    const auto batch = packBatch(m_vocabulary ? m_vocabulary->texts() : *m_texts, rows, m_classifier->device());
    const auto read = this->read(batch, rows, dropout);
    if (m_checkpoints)
        return learnInPieces(batch, read, loss, dropout);
    at::Tensor pooled;
    {
        const PrecisionScope scope(m_precision);
        pooled = m_classifier->pooled(read, batch, m_firstLayer, &dropout);
    }
    const auto value = loss(pooled.to(at::kFloat));
    value.backward();
    return value.item<double>();
}

double TextPass::learnInPieces(const PackedBatch &batch, const at::Tensor &read,
                               const std::function<at::Tensor(const at::Tensor &)> &loss, Dropout &dropout) const
{
    struct Piece {
        at::Tensor states;  ///< what the layer reads
        uint64_t place;     ///< of its first mask
    };
    const Encoder &encoder = m_classifier->encoder();
    const auto layer = [&](const at::Tensor &states, int n) {
        const PrecisionScope scope(m_precision);
        return encoder.layers(states, batch, n, n + 1, &dropout);
    };
    const int last = m_classifier->info().encoder.layers - 1;
    std::vector<Piece> pieces;
    auto states = read.detach();
    for (int n = m_firstLayer; n < last; ++n) {
        pieces.push_back({states, dropout.place()});
        const at::NoGradGuard guard;
        states = layer(states, n);
    }
    // The gradient of what was read below is wanted in any case: one tensor too much, where nothing below learns.
    states = states.detach().requires_grad_(true);
    at::Tensor pooled;
    {
        const PrecisionScope scope(m_precision);
        pooled = m_classifier->pooled(states, batch, last, &dropout);
    }
    const auto value = loss(pooled.to(at::kFloat));
    pooled.reset();
    value.backward();
    auto gradient = states.grad();
    for (int n = last - 1; n >= m_firstLayer; --n) {
        const Piece piece = pieces[static_cast<size_t>(n - m_firstLayer)];
        pieces.pop_back();
        dropout.goTo(piece.place);
        states = piece.states.detach().requires_grad_(true);
        layer(states, n).backward(gradient);
        gradient = states.grad();
    }
    if (read.requires_grad())
        read.backward(gradient);
    return value.item<double>();
}

void TextPass::keepWords() const
{
    if (!m_vocabulary)
        return;
    const at::NoGradGuard guard;
    m_vocabulary->copyInto(m_classifier->encoder().words());
}

}  // namespace nets
