// SPDX-License-Identifier: Apache-2.0
#include "core/classify/out_of_sample.h"

#include "core/engine/eval/calibration.h"
#include "core/engine/nets_loader.h"

#include <algorithm>

using base::failure;
using base::Result;

namespace core {

Result<OutOfSample> answerOutOfSample(const Service &service, FeatureReader &reader, size_t mostRows,
                                      const base::WorkContext &context)
{
    auto classes = TRY(classesToLearn(service));
    OutOfSample result;
    result.classes = std::move(classes);
    const auto labels = namesOf(result.classes);
    auto train = readLabelled(service, Split::Train, labels);
    auto test = readLabelled(service, Split::Test, labels);
    if (!train)
        return failure(train);
    if (!test)
        return failure(test);
    result.train = evenlySpread(std::move(*train), mostRows);
    result.test = std::move(*test);
    auto data = TRY(headData(reader, result.classes, result.train, context));
    auto testFeatures = TRY(reader.read(result.test.texts, context));
    auto nets = TRY(engine::openNets());
    auto fit = TRY(nets->fitHead(data, context));
    result.descriptions = engine::Matrix(result.classes.size(), data.extraFeatures.columns);
    for (size_t i = data.extraLabels.size(); i-- > 0;)  // backwards: of each class the first one stays
        std::ranges::copy(data.extraFeatures.row(i),
                          result.descriptions.row(static_cast<size_t>(data.extraLabels[i])).begin());
    result.features = std::move(data.features);
    const engine::Combinations &combinations = result.train.combinations;
    result.rule.task = engine::taskOf(combinations);
    const auto calibration = engine::calibrate(fit.heldOutLogits, result.train.labels, combinations);
    result.trainProbabilities = engine::probabilitiesWith(calibration, fit.heldOutLogits, result.rule.task);
    result.testProbabilities =
        engine::probabilitiesWith(calibration, linearLogits(fit.head, testFeatures), result.rule.task);
    result.rule.thresholds = calibration.thresholds;
    return result;
}

}  // namespace core
