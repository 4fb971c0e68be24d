// SPDX-License-Identifier: Apache-2.0
#include "core/nets/predict/attribution.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/logsumexp.h>
#include <ATen/ops/zeros_like.h>
#include <algorithm>
#include <cmath>
#include <functional>
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

/// From one window that says nothing to one of the text.
class WindowPath {
public:
    WindowPath(const SequenceClassifier &classifier, engine::TokenIds text, const engine::TokenIds &neutral)
        : m_classifier(classifier), m_text(std::move(text))
    {
        const auto embedded = [&](const engine::TokenIds &ids) {
            return classifier.encoder().embed(copies(ids, 1, classifier.device()), classifier.encoder().words(),
                                              nullptr);
        };
        m_begin = embedded(neutral);
        m_way = embedded(m_text) - m_begin;
        m_sum = at::zeros_like(m_way);
    }

    [[nodiscard]] int64_t tokens() const { return static_cast<int64_t>(m_text.size()); }
    void begin() { m_sum.zero_(); }

    /// [count * tokens, hidden]: some midpoints of `steps` from `first` on, without gradients.
    [[nodiscard]] at::Tensor points(int first, int count, int steps) const
    {
        std::vector<at::Tensor> all;
        for (int i = 0; i < count; ++i)
            all.push_back(m_begin + m_way * ((first + i + 0.5) / steps));
        return at::cat(all).detach();
    }
    [[nodiscard]] at::Tensor end() const { return m_begin + m_way; }
    [[nodiscard]] at::Tensor start() const { return m_begin; }

    /// [count, classes]: of `count` states one after another.
    [[nodiscard]] at::Tensor logits(const at::Tensor &states, size_t count) const
    {
        const auto batch = copies(m_text, count, m_classifier.device());
        return m_classifier.logits(m_classifier.pooled(states, batch, 0, nullptr));
    }

    void add(const at::Tensor &gradient, int count) { m_sum += gradient.view({count, tokens(), -1}).sum(0); }
    /// [tokens]: the mean of the gradients that were added, times the way.
    [[nodiscard]] at::Tensor integral(int steps) const { return (m_sum * m_way).sum(1) / steps; }

private:
    const SequenceClassifier &m_classifier;
    engine::TokenIds m_text;
    at::Tensor m_begin, m_way, m_sum;  ///< [tokens, hidden]
};

/// All windows of a text at once: their logits' mean is the answer.
class Path {
public:
    Path(const SequenceClassifier &classifier, const engine::TokenIds &text, const engine::TokenIds &neutral, int label)
        : m_rule(classifier.info().windows), m_tokens(text.size()), m_label(label), m_task(classifier.info().rule.task),
          m_starts(engine::windowStarts(text.size(), m_rule))
    {
        auto windows = engine::windowsOf(text, m_rule);
        const auto neutrals = engine::windowsOf(neutral, m_rule);
        for (size_t i = 0; i < windows.size(); ++i)
            m_windows.emplace_back(classifier, std::move(windows[i]), neutrals[i]);
    }

    /// One a token of the text: the gradient's mean over `steps` midpoints of the way, times the way. A token in two
    /// windows has what it adds in both.
    Result<std::vector<float>> integrate(int steps, const base::WorkContext &context)
    {
        for (WindowPath &window : m_windows)
            window.begin();
        const auto tokens = m_windows.front().tokens();  // the longest
        const int atOnce = static_cast<int>(std::clamp<int64_t>(MostTokensAtOnce / tokens, 1, steps));
        for (int done = 0; done < steps; done += atOnce) {
            if (context.stopRequested())
                return base::cancelled();
            const int count = std::min(atOnce, steps - done);
            const at::Tensor outer = m_windows.size() > 1 ? gradientOfMean(done, count, steps) : at::Tensor();
            for (WindowPath &window : m_windows) {
                const auto states = window.points(done, count, steps).requires_grad_(true);
                const auto logits = window.logits(states, static_cast<size_t>(count));
                const auto value = outer.defined() ? logits * outer : logOdds(logits, m_label, m_task);
                value.sum().backward();
                window.add(states.grad(), count);
            }
        }
        std::vector<float> all(m_tokens);
        for (size_t i = 0; i < m_windows.size(); ++i) {
            const auto own = toMatrix(m_windows[i].integral(steps).view({1, -1})).values;
            for (size_t token = 0; token < own.size(); ++token)
                all[placeOf(i, token, own.size())] += own[token];
        }
        return all;
    }

    /// Log-odds of the label at both ends.
    [[nodiscard]] double atEnd() const { return value(&WindowPath::end); }
    [[nodiscard]] double atBegin() const { return value(&WindowPath::start); }

private:
    /// Of the log-odds by each window's logits, [count, classes]: so that windows go back one at a time.
    [[nodiscard]] at::Tensor gradientOfMean(int first, int count, int steps) const
    {
        at::Tensor mean;
        {
            const at::NoGradGuard guard;
            mean = this->mean([&](const WindowPath &window) {
                return window.logits(window.points(first, count, steps), static_cast<size_t>(count));
            });
        }
        mean = mean.detach().requires_grad_(true);
        logOdds(mean, m_label, m_task).sum().backward();
        return mean.grad() / static_cast<double>(m_windows.size());
    }
    [[nodiscard]] at::Tensor mean(const std::function<at::Tensor(const WindowPath &)> &logits) const
    {
        at::Tensor sum = logits(m_windows.front());
        for (size_t i = 1; i < m_windows.size(); ++i)
            sum = sum + logits(m_windows[i]);
        return m_windows.size() > 1 ? sum / static_cast<double>(m_windows.size()) : sum;
    }
    [[nodiscard]] double value(at::Tensor (WindowPath::*states)() const) const
    {
        const at::NoGradGuard guard;
        const auto logits = mean([&](const WindowPath &window) { return window.logits((window.*states)(), 1); });
        return logOdds(logits, m_label, m_task).item().toDouble();
    }
    /// In the text, of a token of a window of `size` tokens.
    [[nodiscard]] size_t placeOf(size_t window, size_t token, size_t size) const
    {
        const auto front = static_cast<size_t>(m_rule.front), back = static_cast<size_t>(m_rule.back);
        if (m_windows.size() == 1 || token < front)
            return token;
        return token + back >= size ? m_tokens - (size - token) : m_starts[window] + token - front;
    }

    engine::WindowRule m_rule;
    size_t m_tokens;
    int64_t m_label;
    engine::TaskType m_task;
    std::vector<size_t> m_starts;
    std::vector<WindowPath> m_windows;
};

}  // namespace

Result<engine::Attribution> attribute(const SequenceClassifier &classifier, const engine::TokenIds &text,
                                      const engine::TokenIds &neutral, int label, const base::WorkContext &context)
{
    Path path(classifier, text, neutral, label);
    engine::Attribution attribution;
    attribution.logOdds = path.atEnd();
    attribution.neutralLogOdds = path.atBegin();
    const double whole = attribution.logOdds - attribution.neutralLogOdds;
    for (int steps = FewestSteps; steps <= MostSteps; steps *= 2) {
        auto tokens = TRY(path.integrate(steps, context));
        attribution.tokens = std::move(tokens);
        const double explained = std::accumulate(attribution.tokens.begin(), attribution.tokens.end(), 0.0);
        attribution.unexplained = whole - explained;
        if (std::abs(attribution.unexplained) <= Tolerance * std::max(1.0, std::abs(whole)))
            break;
    }
    return attribution;
}

}  // namespace nets
