// SPDX-License-Identifier: Apache-2.0
#include "core/training/cross_validation.h"

#include <algorithm>

using base::failure;
using base::Result;
using engine::Matrix;

namespace core {

namespace {

/// Keeps the held-out logits of each pass of one round. `rows` are those that it leaves out.
class RoundObserver final : public engine::TrainObserver {
public:
    RoundObserver(std::vector<Matrix> &passes, std::vector<size_t> rows) : m_passes(passes), m_rows(std::move(rows)) { }

    Result<engine::EpochVerdict> onEpoch(const engine::EpochResult &epoch) override
    {
        Matrix &all = m_passes[static_cast<size_t>(epoch.epoch) - 1];
        for (size_t i = 0; i < m_rows.size(); ++i)
            std::copy_n(epoch.validationLogits.row(i).begin(), all.columns, all.row(m_rows[i]).begin());
        return engine::EpochVerdict();
    }

private:
    std::vector<Matrix> &m_passes;
    std::vector<size_t> m_rows;
};

}  // namespace

Result<std::vector<Matrix>> heldOutLogits(engine::Nets &nets, const TrainMaterial &material, const FoldPlan &plan,
                                          const base::WorkContext &context)
{
    const auto &config = material.request.config;
    const auto &train = material.train;
    const auto unlabelled = unlabelledOf(plan, material.request);
    const auto folds = engine::stratifiedFolds(train.labels, train.groups, plan.folds, config.seed, train.combinations);
    std::vector<Matrix> passes(static_cast<size_t>(config.epochs),
                               Matrix(train.ids.size(), material.request.labels.size()));
    for (int f = 0; f < plan.folds; ++f) {
        std::vector<size_t> kept, held;
        for (size_t i = 0; i < folds.size(); ++i)
            (folds[i] == f ? held : kept).push_back(i);
        if (held.empty())
            continue;
        engine::TrainRequest request = material.request;
        request.train = material.lesson(kept);
        request.unlabelled = unlabelled;
        request.validation = pick(material.trainTokens, held);
        request.test.clear();
        request.checkpoints.clear();
        request.resume = false;
        RoundObserver observer(passes, held);
        base::WorkContext inside = context;
        inside.report = [&](const base::Progress &p) {
            if (p.phase == "Training")
                context.report({f * p.total + p.done, plan.folds * p.total, "Cross-validating"});
        };
        TRY(nets.train(request, observer, inside));
    }
    return passes;
}

Result<void> readFeatures(engine::Nets &nets, const TrainMaterial &material, const base::WorkContext &context)
{
    const auto &request = material.request;
    auto embedder = TRY(nets.loadEmbedder(request.base, request.config.threads, request.windows));
    for (const auto *texts : {&request.train.texts, &request.extra.texts, &request.unlabelled}) {
        auto read = TRY(embedder->features(*texts, {context.stop}));
        request.features->add(*texts, read);
    }
    return {};
}

}  // namespace core
