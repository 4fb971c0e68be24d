// SPDX-License-Identifier: Apache-2.0
#include "core/nets/encoders/onednn_linear.h"

#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/empty.h>
#include <algorithm>
#include <optional>
#include <string_view>
#include <torch/csrc/autograd/custom_function.h>

namespace nets {

namespace {

/// x W^T + bias by oneDNN; W may be a transposed view, x is copied where it is one.
at::Tensor product(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias)
{
    using Signature =
        at::Tensor(const at::Tensor &, const at::Tensor &, const std::optional<at::Tensor> &, std::string_view,
                   c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>);
    static const auto op =
        c10::Dispatcher::singleton().findSchemaOrThrow("mkldnn::_linear_pointwise", "").typed<Signature>();
    return op.call(x, weight, bias, "none", c10::List<std::optional<at::Scalar>>(), std::nullopt);
}

/// [rows, columns] -> [columns, rows], in squares that stay in the cache: libtorch's copy takes a third of the
/// product's own time.
at::Tensor transposed(const at::Tensor &x)
{
    constexpr int64_t Side = 16, Grain = 8;
    const at::Tensor source = x.contiguous();
    const int64_t rows = source.size(0), columns = source.size(1);
    auto result = at::empty({columns, rows}, source.options());
    const float *from = source.const_data_ptr<float>();
    float *to = result.data_ptr<float>();
    at::parallel_for(0, (columns + Side - 1) / Side, Grain, [&](int64_t begin, int64_t end) {
        for (int64_t left = begin * Side; left < std::min(end * Side, columns); left += Side) {
            const int64_t right = std::min(left + Side, columns);
            for (int64_t top = 0; top < rows; top += Side) {
                const int64_t bottom = std::min(top + Side, rows);
                for (int64_t column = left; column < right; ++column) {
                    for (int64_t row = top; row < bottom; ++row)
                        to[column * rows + row] = from[row * columns + column];
                }
            }
        }
    });
    return result;
}

class OneDnnLinear final : public torch::autograd::Function<OneDnnLinear> {
public:
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &x, const at::Tensor &weight,
                              const std::optional<at::Tensor> &bias)
    {
        context->save_for_backward({x, weight});
        context->saved_data["hasBias"] = bias.has_value();
        return product(x, weight, bias);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                   torch::autograd::variable_list gradients)
    {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &weight = saved[1];
        const at::Tensor gradient = gradients[0].contiguous();
        torch::autograd::variable_list result(3);
        if (context->needs_input_grad(0))
            result[0] = product(gradient, weight.t(), std::nullopt);
        if (context->needs_input_grad(1))
            result[1] = product(transposed(gradient), x.t(), std::nullopt);
        if (context->saved_data["hasBias"].toBool() && context->needs_input_grad(2))
            result[2] = gradient.sum(0);
        return result;
    }
};

}  // namespace

at::Tensor oneDnnLinear(const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias)
{
    return OneDnnLinear::apply(x, weight, bias.defined() ? std::optional<at::Tensor>(bias) : std::nullopt);
}

}  // namespace nets
