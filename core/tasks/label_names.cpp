// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/label_names.h"

#include "core/formats/label_text.h"

namespace core {

LabelNames::LabelNames(const std::vector<Label> &labels)
{
    for (const Label &label : labels)
        m_names[label.id] = label.name;
}

base::Result<LabelNames> LabelNames::read(const Service &service)
{
    auto labels = service.examples().labels();
    if (!labels)
        return base::failure(labels);
    return LabelNames(*labels);
}

std::vector<std::string> LabelNames::of(const LabelSet &labels) const
{
    std::vector<std::string> names;
    for (const int64_t id : labels.ids) {
        if (const auto found = m_names.find(id); found != m_names.end())
            names.push_back(found->second);
    }
    return names;
}

std::string LabelNames::text(const Example &row) const
{
    if (row.label && row.also.empty()) {  // as it is, whatever it is called
        const auto found = m_names.find(*row.label);
        return found == m_names.end() ? std::string() : found->second;
    }
    return row.label || row.isNone ? joinLabels(of(labelsOf(row))) : std::string();
}

}  // namespace core
