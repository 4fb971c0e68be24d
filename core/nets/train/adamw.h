// SPDX-License-Identifier: Apache-2.0
// AdamW (Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019) over libtorch's fused kernel.
#pragma once

#include <ATen/core/Tensor.h>
#include <functional>
#include <string>
#include <vector>

namespace nets {

struct ParameterGroup {
    std::vector<at::Tensor> parameters;  ///< leaves that require gradients
    double learningRate = 0;
    double weightDecay = 0;
};

class AdamW {
public:
    explicit AdamW(std::vector<ParameterGroup> groups);

    /// Scales all gradients so that their joint L2 norm is at most `maxNorm` (> 0), and returns what it was.
    double clipGradients(double maxNorm);
    /// One update with every learning rate times `factor`; clears the gradients. Parameters without a gradient stay.
    void step(double factor);
    /// Forgets gradients that were gathered for nothing.
    void dropGradients();

    /// The moments and step counts, named in a fixed order, for saving and restoring in place.
    void visitState(const std::function<void(const std::string &name, at::Tensor &)> &visitor);

private:
    struct State {
        std::vector<at::Tensor> firstMoments, secondMoments, steps;
    };
    std::vector<ParameterGroup> m_groups;
    std::vector<State> m_states;
};

}  // namespace nets
