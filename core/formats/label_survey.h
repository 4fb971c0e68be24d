// SPDX-License-Identifier: Apache-2.0
// How the labels of a file are to be read, judged over all of its rows.
#pragma once

#include "core/formats/row_shapes.h"

namespace core {

/// Fills in RowRoles::reading and RowRoles::numbers for the label columns that were chosen, and says in its notes what
/// numbers stand for. Linear in the records.
void surveyLabels(const RecordFile &file, const ShapeHints &hints, RowRoles &roles);

}  // namespace core
