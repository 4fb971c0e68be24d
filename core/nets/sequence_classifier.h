// SPDX-License-Identifier: Apache-2.0
// Encoder, pooling and head: from token ids to logits.
#pragma once

#include "core/nets/encoders/encoder.h"

#include <memory>

namespace nets {

class SequenceClassifier {
public:
    /// Reads a folder of weights. With a head when the folder has one: ours exactly as trained
    /// (`stillroom_head.safetensors`), anyone's in the layout of transformers' classifier of the family.
    [[nodiscard]] static base::Result<std::unique_ptr<SequenceClassifier>> load(const std::filesystem::path &folder,
                                                                                at::Device device);

    /// The pooled vector a head sees, [rows, hidden], of what layer `from` reads.
    [[nodiscard]] at::Tensor pooled(const at::Tensor &states, const PackedBatch &batch, int from,
                                    Dropout *dropout) const;

    [[nodiscard]] at::Tensor logits(const at::Tensor &pooledStates) const { return m_head(pooledStates); }

    /// Scores texts in batches of similar length, without gradients. `head` false: pooled vectors instead. Of a text
    /// that is read in windows it is the mean of theirs.
    [[nodiscard]] base::Result<engine::Matrix> run(const std::vector<engine::TokenIds> &texts, bool head,
                                                   const base::WorkContext &context) const;

    /// How texts are read from now on, whatever the folder says.
    void readInWindows(const engine::WindowRule &windows) { m_info.windows = windows; }
    void setHead(const engine::LinearHead &head);
    /// Forgets the classes behind the first `count`: one that rejects is not learned.
    void keepClasses(int64_t count)
    {
        m_head = {m_head.weight.narrow(0, 0, count), m_head.bias.narrow(0, 0, count), {}};
    }
    [[nodiscard]] bool hasHead() const { return m_head.weight.defined(); }
    [[nodiscard]] const Linear &head() const { return m_head; }
    /// Pooling::Native only; the norm also only where the family has one.
    [[nodiscard]] const Linear &nativeDense() const { return m_nativeDense; }
    [[nodiscard]] const LayerNorm &nativeNorm() const { return m_nativeNorm; }
    [[nodiscard]] const Encoder &encoder() const { return *m_encoder; }
    [[nodiscard]] Encoder &encoder() { return *m_encoder; }
    [[nodiscard]] const engine::WeightsInfo &info() const { return m_info; }
    [[nodiscard]] at::Device device() const { return m_device; }

private:
    SequenceClassifier(engine::WeightsInfo info, at::Device device) : m_info(std::move(info)), m_device(device) { }

    [[nodiscard]] at::Tensor activated(const at::Tensor &x) const;
    [[nodiscard]] base::Result<engine::Matrix> runEach(const std::vector<engine::TokenIds> &texts, bool head,
                                                       const base::WorkContext &context) const;

    engine::WeightsInfo m_info;
    at::Device m_device;
    std::unique_ptr<Encoder> m_encoder;
    Linear m_nativeDense;
    LayerNorm m_nativeNorm;
    Linear m_head;
};

}  // namespace nets
