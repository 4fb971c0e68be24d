// SPDX-License-Identifier: Apache-2.0
#include "core/nets/train/adamw.h"

#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

namespace nets {

namespace {

constexpr double Beta1 = 0.9;
constexpr double Beta2 = 0.999;
constexpr double Epsilon = 1e-8;

}  // namespace

AdamW::AdamW(std::vector<ParameterGroup> groups) : m_groups(std::move(groups))
{
    for (const auto &group : m_groups) {
        State &state = m_states.emplace_back();
        for (const auto &parameter : group.parameters) {
            state.firstMoments.push_back(at::zeros_like(parameter.detach()));
            state.secondMoments.push_back(at::zeros_like(parameter.detach()));
            state.steps.push_back(at::zeros({}, parameter.options().requires_grad(false)));
        }
    }
}

double AdamW::clipGradients(double maxNorm)
{
    std::vector<at::Tensor> gradients;
    for (const auto &group : m_groups) {
        for (const auto &parameter : group.parameters) {
            if (parameter.grad().defined())
                gradients.push_back(parameter.grad());
        }
    }
    const double norm = at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients))).item<double>();
    if (norm > maxNorm)
        at::_foreach_mul_(gradients, maxNorm / (norm + 1e-6));
    return norm;
}

void AdamW::step(double factor)
{
    for (size_t g = 0; g < m_groups.size(); ++g) {
        ParameterGroup &group = m_groups[g];
        std::vector<at::Tensor> parameters, gradients, first, second, steps;
        for (size_t i = 0; i < group.parameters.size(); ++i) {
            if (!group.parameters[i].grad().defined())
                continue;
            parameters.push_back(group.parameters[i].detach());
            gradients.push_back(group.parameters[i].grad());
            first.push_back(m_states[g].firstMoments[i]);
            second.push_back(m_states[g].secondMoments[i]);
            steps.push_back(m_states[g].steps[i]);
        }
        if (parameters.empty())
            continue;
        at::_foreach_add_(steps, 1);
        at::_fused_adamw_(parameters, gradients, first, second, {}, steps, group.learningRate * factor, Beta1, Beta2,
                          group.weightDecay, Epsilon, false, false);
    }
    dropGradients();
}

void AdamW::dropGradients()
{
    for (auto &group : m_groups) {
        for (auto &parameter : group.parameters)
            parameter.mutable_grad() = at::Tensor();
    }
}

void AdamW::visitState(const std::function<void(const std::string &, at::Tensor &)> &visitor)
{
    for (size_t g = 0; g < m_states.size(); ++g) {
        for (size_t i = 0; i < m_states[g].steps.size(); ++i) {
            const std::string scope = "adamw." + std::to_string(g) + "." + std::to_string(i) + ".";
            visitor(scope + "first", m_states[g].firstMoments[i]);
            visitor(scope + "second", m_states[g].secondMoments[i]);
            visitor(scope + "step", m_states[g].steps[i]);
        }
    }
}

}  // namespace nets
