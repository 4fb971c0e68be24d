// SPDX-License-Identifier: Apache-2.0
#include "core/service/row_families.h"

#include "core/base/random.h"
#include "core/base/trimmed.h"
#include "core/store/extra_fields.h"

using base::failure;
using base::Result;

namespace core {

Result<RowFamilies> RowFamilies::of(const Service &service)
{
    auto column = service.groupColumn();
    return column ? by(*column, service) : failure(column);
}

Result<RowFamilies> RowFamilies::by(const std::string &column, const Service &service)
{
    RowFamilies families;
    families.m_column = column;
    if (column.empty())
        return families;
    auto read = service.examples().forEach({}, [&](const Example &row) {
        if (const int64_t group = families.ownGroup(row))
            families.m_groups[row.id] = group;
    });
    return read ? Result<RowFamilies>(std::move(families)) : failure(read);
}

int64_t RowFamilies::ownGroup(const Example &row) const
{
    if (m_column.empty() || row.extra.empty())
        return 0;
    for (const auto &[name, value] : extraFields(row.extra)) {
        if (name != m_column)
            continue;
        const std::string cell = cellText(value);
        const auto text = base::trimmed(cell);
        // Numbers of rows are above 0.
        return text.empty() ? 0 : -1 - static_cast<int64_t>(base::contentHash(text.data(), text.size()) >> 1);
    }
    return 0;
}

int64_t RowFamilies::group(const Example &row) const
{
    if (const int64_t own = ownGroup(row))
        return own;
    const auto found = row.parent ? m_groups.find(*row.parent) : m_groups.end();
    return found == m_groups.end() ? 0 : found->second;
}

int64_t RowFamilies::family(const Example &row) const
{
    const int64_t group = this->group(row);
    return group == 0 ? row.family() : group;
}

}  // namespace core
