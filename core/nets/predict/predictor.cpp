// SPDX-License-Identifier: Apache-2.0
#include "core/nets/predict/predictor.h"

#include "core/nets/device.h"
#include "core/nets/guarded.h"
#include "core/nets/predict/attribution.h"
#include "core/nets/sequence_classifier.h"

using base::Result;

namespace nets {

namespace {

class ClassifierPredictor final : public engine::Predictor {
public:
    ClassifierPredictor(std::unique_ptr<SequenceClassifier> classifier, int threads)
        : m_classifier(std::move(classifier)), m_threads(threads)
    {
    }
    const engine::WeightsInfo &info() const override { return m_classifier->info(); }
    Result<engine::Matrix> logits(const std::vector<engine::TokenIds> &texts,
                                  const base::WorkContext &context) const override
    {
        return guarded("classifier", [&]() -> Result<engine::Matrix> {
            useThreads(m_threads);
            return m_classifier->run(texts, true, context);
        });
    }
    Result<engine::Attribution> attribute(const engine::TokenIds &text, const engine::TokenIds &neutral, int label,
                                          const base::WorkContext &context) const override
    {
        return guarded("classifier", [&]() -> Result<engine::Attribution> {
            useThreads(m_threads);
            return nets::attribute(*m_classifier, text, neutral, label, context);
        });
    }

private:
    std::unique_ptr<SequenceClassifier> m_classifier;
    int m_threads;
};

class PooledEmbedder final : public engine::Embedder {
public:
    PooledEmbedder(std::unique_ptr<SequenceClassifier> encoder, int threads)
        : m_encoder(std::move(encoder)), m_threads(threads)
    {
    }
    const engine::WeightsInfo &info() const override { return m_encoder->info(); }
    Result<engine::Matrix> features(const std::vector<engine::TokenIds> &texts,
                                    const base::WorkContext &context) const override
    {
        return guarded("weights", [&]() -> Result<engine::Matrix> {
            useThreads(m_threads);
            return m_encoder->run(texts, false, context);
        });
    }

private:
    std::unique_ptr<SequenceClassifier> m_encoder;
    int m_threads;
};

}  // namespace

Result<std::unique_ptr<engine::Predictor>> loadPredictor(const std::filesystem::path &folder, int threads)
{
    useThreads(threads);
    auto classifier = TRY(SequenceClassifier::load(folder, computeDevice()));
    if (const std::string &trouble = classifier->info().headTrouble; !trouble.empty())
        return base::failure(base::ErrorCode::InvalidInput, trouble, (folder / "config.json").string());
    if (!classifier->hasHead())
        return base::failure(
            base::ErrorCode::Unsupported,
            "These are base weights without a classifier head: they cannot classify yet. Train with them first.",
            folder.string());
    return std::make_unique<ClassifierPredictor>(std::move(classifier), threads);
}

Result<std::unique_ptr<engine::Embedder>> loadEmbedder(const std::filesystem::path &folder, int threads,
                                                       const engine::WindowRule &windows)
{
    useThreads(threads);
    auto encoder = TRY(SequenceClassifier::load(folder, computeDevice()));
    encoder->readInWindows(windows);
    return std::make_unique<PooledEmbedder>(std::move(encoder), threads);
}

}  // namespace nets
