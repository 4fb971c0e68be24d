// SPDX-License-Identifier: Apache-2.0
#include "core/nets/predict/attribution.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/logsumexp.h>
#include <ATen/ops/zeros_like.h>
#include <algorithm>
#include <cmath>
#include <numeric>

using base::Result;

namespace nets {

namespace {

constexpr int FewestSteps = 16, MostSteps = 256;
/// Of the whole difference, or of one unit of log-odds where there is hardly any: what may stay unexplained.
constexpr double Tolerance = 0.02;
/// Gradients keep what every layer computed: more at once would take gigabytes for long texts.
constexpr int64_t MostTokensAtOnce = 2048;

/// [rows]: of class `label` against all others; with one output, or where classes do not exclude each other, its logit.
at::Tensor logOdds(const at::Tensor &logits, int64_t label, engine::TaskType task)
{
    const auto own = logits.select(1, label);
    const int64_t classes = logits.size(1);
    if (task == engine::TaskType::MultiLabel || classes < 2)
        return own;
    const auto others = at::cat({logits.narrow(1, 0, label), logits.narrow(1, label + 1, classes - label - 1)}, 1);
    return own - at::logsumexp(others, {1});
}

/// `count` copies of a text in one batch.
PackedBatch copies(const engine::TokenIds &text, size_t count, at::Device device)
{
    const std::vector<engine::TokenIds> texts{text};
    const std::vector<size_t> rows(count, 0);
    return packBatch(texts, rows, device);
}

class Path {
public:
    Path(const SequenceClassifier &classifier, const engine::TokenIds &text, const engine::TokenIds &neutral, int label)
        : m_classifier(classifier), m_text(text), m_label(label)
    {
        const auto embedded = [&](const engine::TokenIds &ids) {
            return classifier.encoder().embed(copies(ids, 1, classifier.device()), classifier.encoder().words(),
                                              nullptr);
        };
        m_begin = embedded(neutral);
        m_way = embedded(text) - m_begin;
    }

    /// [tokens]: the gradient's mean over `steps` midpoints of the way, times the way.
    Result<at::Tensor> integrate(int steps, const base::WorkContext &context) const
    {
        auto sum = at::zeros_like(m_way);
        const auto tokens = static_cast<int64_t>(m_text.size());
        const int atOnce = static_cast<int>(std::clamp<int64_t>(MostTokensAtOnce / tokens, 1, steps));
        for (int done = 0; done < steps; done += atOnce) {
            if (context.stopRequested())
                return base::cancelled();
            const int count = std::min(atOnce, steps - done);
            std::vector<at::Tensor> points;
            for (int i = 0; i < count; ++i)
                points.push_back(m_begin + m_way * ((done + i + 0.5) / steps));
            const auto states = at::cat(points).detach().requires_grad_(true);
            value(states, static_cast<size_t>(count)).sum().backward();
            sum += states.grad().view({count, tokens, -1}).sum(0);
        }
        return (sum * m_way).sum(1) / steps;
    }

    /// Log-odds of the label at both ends.
    [[nodiscard]] double atEnd() const { return value(m_begin + m_way, 1).item().toDouble(); }
    [[nodiscard]] double atBegin() const { return value(m_begin, 1).item().toDouble(); }

private:
    [[nodiscard]] at::Tensor value(const at::Tensor &states, size_t count) const
    {
        const auto batch = copies(m_text, count, m_classifier.device());
        return logOdds(m_classifier.logits(m_classifier.pooled(states, batch, 0, nullptr)), m_label,
                       m_classifier.info().rule.task);
    }

    const SequenceClassifier &m_classifier;
    const engine::TokenIds &m_text;
    int64_t m_label;
    at::Tensor m_begin, m_way;  ///< [tokens, hidden]
};

}  // namespace

Result<engine::Attribution> attribute(const SequenceClassifier &classifier, const engine::TokenIds &text,
                                      const engine::TokenIds &neutral, int label, const base::WorkContext &context)
{
    const Path path(classifier, text, neutral, label);
    engine::Attribution attribution;
    attribution.logOdds = path.atEnd();
    attribution.neutralLogOdds = path.atBegin();
    const double whole = attribution.logOdds - attribution.neutralLogOdds;
    for (int steps = FewestSteps; steps <= MostSteps; steps *= 2) {
        auto tokens = path.integrate(steps, context);
        if (!tokens)
            return base::failure(tokens);
        const auto values = toMatrix(tokens->view({1, -1})).values;
        attribution.tokens.assign(values.begin(), values.end());
        const double explained = std::accumulate(attribution.tokens.begin(), attribution.tokens.end(), 0.0);
        attribution.unexplained = whole - explained;
        if (std::abs(attribution.unexplained) <= Tolerance * std::max(1.0, std::abs(whole)))
            break;
    }
    return attribution;
}

}  // namespace nets
