// SPDX-License-Identifier: Apache-2.0
// Options of a training that takes a second.
#pragma once

#include "core/tasks/train_task.h"
#include "tests/support/support.h"

namespace support {

/// Tiny random base weights, large steps.
inline core::TrainOptions tinyTraining(const std::string &recipe, int epochs = 2)
{
    core::TrainOptions options;
    options.recipe = recipe;
    options.base = golden("tiny_base").string();
    options.settings.epochs = epochs;
    options.settings.learningRate = 1e-3;
    options.settings.batchSize = 8;
    options.threads = 2;
    return options;
}

}  // namespace support
