// SPDX-License-Identifier: Apache-2.0
// The engine's plain value types that the core stores and hands on.
#pragma once

#include "core/base/progress.h"
#include "core/engine/config/training_config.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/matrix.h"
