// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/formats/record.h"

namespace core {

/// {"data": {"text": ...}, "id": 7} becomes {"text": ..., "id": 7}: the fields within "data", "inputs", "fields" and
/// the like become fields of the row, "data.id" where a field of that name is there already. Other objects stay.
void flattenFields(RecordFile &file);

}  // namespace core
