// SPDX-License-Identifier: Apache-2.0
#include "core/classify/weights_trial.h"

#include "core/base/cores.h"
#include "core/catalogue/weights_catalogue.h"
#include "core/classify/quick_classifier.h"

#include <algorithm>

namespace core {

base::Result<std::vector<WeightsTrial>> tryWeights(const Service &service, const base::WorkContext &context)
{
    auto weights = listWeights();
    std::erase_if(weights, [](const BaseWeights &w) { return !w.isHere(); });
    std::ranges::stable_sort(weights, {}, &BaseWeights::cost);
    TRY(classesToLearn(service));
    std::vector<WeightsTrial> trials;
    for (size_t i = 0; i < weights.size(); ++i) {
        context.report({static_cast<int64_t>(i), static_cast<int64_t>(weights.size()), "Trying weights"});
        auto reader = FeatureReader::open(base::usableCores(), weights[i].name);
        if (!reader)
            continue;
        auto quick = trainQuickly(service, *reader, {context.stop, [](const base::Progress &) {}});
        if (!quick && quick.error().code == base::ErrorCode::Cancelled)
            return base::failure(quick);
        if (quick)
            trials.push_back(
                {weights[i].name, quick->rows, quick->heldOutCorrect, quick->rowsPerSecond, quick->seconds});
    }
    return trials;
}

}  // namespace core
