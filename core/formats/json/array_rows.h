// SPDX-License-Identifier: Apache-2.0
// The elements of a JSON list as rows, one after the other.
#pragma once

#include "core/formats/json/row_sink.h"

namespace core {

/// Reads the list that begins at `open`; returns the place behind it. Rows are numbered on from those that `sink` has.
/// An element that is no JSON is rejected by number; where its quotes or brackets hide the elements that follow, they
/// are found again by their first name. A list that the text cuts off keeps its whole elements, and a note says so.
size_t readArrayRows(std::string_view text, size_t open, RowSink &sink);

}  // namespace core
