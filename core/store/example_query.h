// SPDX-License-Identifier: Apache-2.0
// A choice of rows, and its SQL.
#pragma once

#include "core/store/database.h"
#include "core/store/example.h"

#include <vector>

namespace core {

/// Which rows, in which order. Empty members do not restrict.
struct ExampleQuery {
    std::optional<Split> split;
    std::optional<int64_t> label;
    bool onlyUnlabelled = false;        ///< rows without a label
    std::string search;                 ///< text contains, ASCII case ignored
    std::optional<std::string> source;  ///< exactly this source
    /// With one of these two: the rows of one file, see source_file.h. Those of this origin, those of this content, and
    /// of rows that know neither those of `source`.
    std::optional<int64_t> origin;
    std::optional<int64_t> contentHash;
    std::optional<std::vector<int64_t>> ids;  ///< only these rows
    bool onlyCommented = false;               ///< rows with a comment
    bool onlySeveral = false;                 ///< rows with another number of labels than one, but looked at
    enum class Column { Id, Text, Label, Source, Confidence, Comment };
    struct SortKey {
        Column column = Column::Id;
        bool descending = false;
        bool operator==(const SortKey &) const = default;
    };
    std::vector<SortKey> sort;  ///< the first counts most; rows equal in all come by id
    bool asGiven = false;       ///< in the order of `ids`, whatever `sort` says; for ExampleStore::order only
};

/// "WHERE ..." with placeholders for bindWhere. Where no row has several labels the index of labels serves alone.
[[nodiscard]] std::string whereClause(const ExampleQuery &query, bool mayBeSeveral);
void bindWhere(Statement &statement, const ExampleQuery &query, bool mayBeSeveral);
/// " ORDER BY ..."
[[nodiscard]] std::string orderClause(const ExampleQuery &query);

}  // namespace core
