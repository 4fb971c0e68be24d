// SPDX-License-Identifier: Apache-2.0
// One record as a file of its own: what its fields mean, and the row they make.
#pragma once

#include "core/formats/row_shapes.h"

namespace support {

inline tl::expected<core::ShapedRow, std::string> shaped(core::Record record, const core::ShapeHints &hints)
{
    core::RecordFile file;
    file.records.push_back(std::move(record));
    const auto roles = core::rolesOf(file, hints);
    if (!roles)
        return tl::unexpected(roles.error());
    return core::shapeRow(file.records.front(), *roles);
}

}  // namespace support
