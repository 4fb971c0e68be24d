// SPDX-License-Identifier: Apache-2.0
// The options of a training's settings.
#pragma once

#include "app/cli/command.h"
#include "core/service/training_settings.h"

namespace cli {

/// An option for each setting that has one, in the order of the table of parameters; ranges are checked. `settings`
/// outlives the parsing.
void addSettingOptions(const Command &command, core::TrainingSettings &settings);

}  // namespace cli
