// SPDX-License-Identifier: Apache-2.0
// What the labels of rows are called.
#pragma once

#include "core/service/service.h"
#include "core/store/label_set.h"

#include <map>

namespace core {

class LabelNames {
public:
    [[nodiscard]] static base::Result<LabelNames> read(const Service &service);
    explicit LabelNames(const std::vector<Label> &labels);

    /// Those that the service knows, by id.
    [[nodiscard]] std::vector<std::string> of(const LabelSet &labels) const;
    /// joinLabels() of them; empty for a row that nobody has labelled.
    [[nodiscard]] std::string text(const Example &row) const;

private:
    std::map<int64_t, std::string> m_names;
};

}  // namespace core
