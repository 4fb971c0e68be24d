// SPDX-License-Identifier: Apache-2.0
// A service in memory, as simple as can be: what the store must say after the same operations.
#pragma once

#include "core/store/edit_draft.h"
#include "core/store/example_query.h"
#include "core/store/label_set.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace model {

struct Row {
    std::string text, comment, provenance, source;
    core::LabelSet labels;
    core::Split split = core::Split::Train;
    bool shown = true;
    std::optional<double> confidence{};
    std::string extra{};
    bool operator==(const Row &) const = default;
};

struct Class {
    std::string name;
    bool shown = true;
    bool operator==(const Class &) const = default;
};

/// Rows and classes by id.
struct State {
    std::map<int64_t, Row> rows;
    std::map<int64_t, Class> classes;
    bool operator==(const State &) const = default;
};

class Oracle {
public:
    State now;

    /// Before the first step.
    void begin(const State &state) { now = m_last = state; }
    /// What apply() makes of a draft; ids of what is new as the store gives them.
    void apply(const core::EditDraft &draft, int64_t firstRow, const std::vector<int64_t> &newLabels);
    /// Whatever `now` has become since the last step is one.
    void step();
    [[nodiscard]] bool undo();
    [[nodiscard]] bool redo();
    /// Ids of the rows that a query shows, in its order.
    [[nodiscard]] std::vector<int64_t> order(const core::ExampleQuery &query) const;

private:
    /// Cells before and after: rows and classes by id; what was not there before was hidden.
    struct Step {
        State before, after;
    };
    static void write(const State &from, State &to);

    State m_last;
    std::vector<Step> m_done, m_undone;
};

}  // namespace model
