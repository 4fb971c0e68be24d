// SPDX-License-Identifier: Apache-2.0
// One edit taken back from among later ones.
#pragma once

#include "core/store/database.h"
#include "core/store/edit_draft.h"

namespace core {

/// See EditLog::inverse. Throws StoreError.
[[nodiscard]] base::Result<EditDraft> inverseOf(const Database &database, int64_t edit);

}  // namespace core
