// SPDX-License-Identifier: Apache-2.0
// What the labels of rows are called.
#pragma once

#include "core/service/service.h"
#include "core/store/label_set.h"

#include <map>
#include <set>

namespace core {

class LabelNames {
public:
    [[nodiscard]] static base::Result<LabelNames> read(const Service &service);
    explicit LabelNames(const std::vector<Label> &labels);

    /// Those that the service knows, by id.
    [[nodiscard]] std::vector<std::string> of(const LabelSet &labels) const;
    /// The label's name, or joinLabels() of several; a JSON list where that would be read otherwise: "a; b" may be a
    /// class, too. Empty for a row that nobody has labelled.
    [[nodiscard]] std::string text(const Example &row) const;

private:
    [[nodiscard]] std::string joined(const std::vector<std::string> &names) const;

    std::map<int64_t, std::string> m_names;
    std::set<std::string> m_all;                                   ///< all names
    mutable std::map<std::vector<int64_t>, std::string> m_joined;  ///< what was asked for before
};

}  // namespace core
