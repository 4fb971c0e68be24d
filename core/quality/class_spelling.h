// SPDX-License-Identifier: Apache-2.0
// What is odd about the names of classes and labels: one name in several spellings, characters that cannot be seen,
// names that look like a missing value.
#pragma once

#include "core/quality/finding.h"
#include "core/store/example.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace core {

class ClassSpelling {
public:
    /// Ids of the rows that have a label.
    using RowsOf = std::function<std::vector<int64_t>(int64_t label)>;

    /// `labels` must outlive it.
    explicit ClassSpelling(const std::vector<Label> &labels);

    /// The declared class that is spelled like a label that is none, see foldedClassName().
    [[nodiscard]] const Label *declaredTwinOrNull(const Label &label) const;

    /// Adds `class_spelling` (warning; a group of twins each, in `classes` the one that stays first, in `rows` those of
    /// the others), `class_accents` and `class_zeros` (to know: names that differ by accents or leading zeros only),
    /// `class_name_unseen` (to know: characters at the ends of or in a name that nobody sees) and `label_like_missing`
    /// (to know: a label such as "nan" or "N/A" that is no described class). Of a group the class that stands for what
    /// fits no other stays, else a declared one, one that can be seen as it is, the one with the most rows, the first.
    void report(const RowsOf &rowsOf, FindingList &findings) const;

private:
    struct Used {
        const Label *label;
        std::vector<int64_t> rows;
    };
    using Group = std::vector<Used>;

    static void reportTwins(const Group &group, const std::string &folded, FindingList &findings);
    static void reportAlike(const std::vector<Used> &first, FindingList &findings);

    const std::vector<Label> &m_labels;
    std::map<std::string, std::vector<const Label *>> m_byName;  ///< by folded name, in the order of the labels
};

}  // namespace core
