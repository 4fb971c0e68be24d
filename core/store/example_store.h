// SPDX-License-Identifier: Apache-2.0
// Rows and labels of a service. Reading; writing goes through EditLog.
#pragma once

#include "core/store/database.h"
#include "core/store/example.h"
#include "core/store/example_query.h"

#include <array>
#include <functional>
#include <map>
#include <vector>

namespace core {

struct SplitCounts {
    int64_t train = 0;
    int64_t test = 0;
    int64_t unlabelled = 0;

    [[nodiscard]] int64_t &operator[](Split split)
    {
        return split == Split::Train ? train : split == Split::Test ? test : unlabelled;
    }
    [[nodiscard]] int64_t total() const { return train + test + unlabelled; }
};

/// What a window says about all rows.
struct RowSummary {
    SplitCounts counts;
    std::map<int64_t, SplitCounts> byLabel;
    std::array<std::vector<std::string>, 3> sources;  ///< by split

    [[nodiscard]] SplitCounts of(int64_t label) const
    {
        const auto found = byLabel.find(label);
        return found == byLabel.end() ? SplitCounts{} : found->second;
    }
};

class ExampleStore {
public:
    explicit ExampleStore(const Database &database) : m_database(database) { }

    [[nodiscard]] base::Result<std::vector<Label>> labels() const;
    [[nodiscard]] base::Result<SplitCounts> counts() const;
    /// Shown rows of Train whose label a teacher gave.
    [[nodiscard]] base::Result<int64_t> taughtRows() const;
    /// Shown rows by label id and split; rows without a label are not counted, those with several count for each.
    [[nodiscard]] base::Result<std::map<int64_t, SplitCounts>> countsByLabel() const;
    /// Where the shown rows of a split came from, each once.
    [[nodiscard]] base::Result<std::vector<std::string>> sources(Split split) const;
    /// The three above at once. Reads every row's source: about half a second for a million rows.
    [[nodiscard]] base::Result<RowSummary> summary() const;
    /// There are no more rows than this; known at once, however many there are.
    [[nodiscard]] base::Result<int64_t> upperBound() const;
    /// Ids of the rows a query shows, in its order: 8 bytes a row, for tables that read cells as they are painted.
    [[nodiscard]] base::Result<std::vector<int64_t>> order(const ExampleQuery &query) const;
    /// Rows by id, in the order asked; ids that are gone are left out.
    [[nodiscard]] base::Result<std::vector<Example>> read(std::span<const int64_t> ids) const;
    /// The same by id.
    [[nodiscard]] base::Result<std::map<int64_t, Example>> rowsById(std::span<const int64_t> ids) const;
    /// The same without holding them all.
    [[nodiscard]] base::Result<void> forEachOf(std::span<const int64_t> ids,
                                               const std::function<void(const Example &)> &visit) const;
    /// Calls `visit` for every shown row of the query, in its order, without holding them all.
    [[nodiscard]] base::Result<void> forEach(const ExampleQuery &query,
                                             const std::function<void(const Example &)> &visit) const;
    /// The names in Example::extra of all shown rows of a split (nothing: of all), each once, in the order in which the
    /// rows by id give them. At once where no row has any; else it reads theirs: 2 microseconds each.
    [[nodiscard]] base::Result<std::vector<std::string>> extraColumns(std::optional<Split> split) const;

private:
    const Database &m_database;
};

}  // namespace core
