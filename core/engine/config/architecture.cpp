// SPDX-License-Identifier: Apache-2.0
#include "core/engine/config/architecture.h"

#include <algorithm>

namespace engine {

extern const Architecture Bert, DistilBert, ModernBert, Roberta, XlmRoberta;

std::span<const Architecture *const> architectures()
{
    static constexpr const Architecture *All[] = {&Bert, &DistilBert, &ModernBert, &Roberta, &XlmRoberta};
    return All;
}

const Architecture *architectureOrNull(std::string_view modelType)
{
    const auto all = architectures();
    const auto found = std::ranges::find(all, modelType, [](const Architecture *a) { return a->modelType; });
    return found == all.end() ? nullptr : *found;
}

}  // namespace engine
