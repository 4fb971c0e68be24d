// SPDX-License-Identifier: Apache-2.0
// The module of tensors, for tests.
#pragma once

#include "core/engine/nets_loader.h"
#include "tests/support/support.h"

namespace support {

/// Opened once; without it such a test cannot begin.
inline engine::Nets *openedNets()
{
    const auto nets = engine::openNets();
    if (!nets)
        qFatal("%s", nets.error().message.c_str());
    return *nets;
}

}  // namespace support
