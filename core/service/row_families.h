// SPDX-License-Identifier: Apache-2.0
// Which rows belong together beside what their texts say: those made from one another, and those of one customer,
// thread or author, where a column of their file names it.
#pragma once

#include "core/service/service.h"

#include <unordered_map>

namespace core {

class RowFamilies {
public:
    /// By the service's column, and the rows that have it. Linear in the rows where there is one.
    [[nodiscard]] static base::Result<RowFamilies> of(const Service &service);
    /// By a column that the service may come to have; empty: by what rows are made from alone.
    [[nodiscard]] static base::Result<RowFamilies> by(const std::string &column, const Service &service);

    /// Equal for rows that belong together; above 0 where no column says it, 0 of a row that is not stored and stands
    /// alone.
    [[nodiscard]] int64_t family(const Example &row) const;
    /// Below 0; 0 where the row has nothing in the column.
    [[nodiscard]] int64_t group(const Example &row) const;
    /// Empty: there is none.
    [[nodiscard]] const std::string &column() const { return m_column; }

private:
    [[nodiscard]] int64_t ownGroup(const Example &row) const;

    std::string m_column;
    std::unordered_map<int64_t, int64_t> m_groups;  ///< of rows, by id: of some, others are made
};

}  // namespace core
