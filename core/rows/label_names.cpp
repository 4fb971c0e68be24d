// SPDX-License-Identifier: Apache-2.0
#include "core/rows/label_names.h"

#include "core/formats/label_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace core {

namespace {

constexpr size_t MostKept = 10'000;

}  // namespace

LabelNames::LabelNames(const std::vector<Label> &labels)
{
    for (const Label &label : labels) {
        m_names[label.id] = label.name;
        m_all.insert(label.name);
    }
}

base::Result<LabelNames> LabelNames::read(const Service &service)
{
    auto labels = TRY(service.examples().labels());
    return LabelNames(labels);
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
    if (!row.label && !row.isNone)
        return {};
    const LabelSet labels = labelsOf(row);
    const auto known = m_joined.find(labels.ids);
    if (known != m_joined.end())
        return known->second;
    if (m_joined.size() >= MostKept)
        m_joined.clear();
    return m_joined[labels.ids] = joined(of(labels));
}

std::string LabelNames::joined(const std::vector<std::string> &names) const
{
    std::string text = joinLabels(names);
    if (splitLabels(text, m_all) == names)
        return text;
    text = nlohmann::json(names).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return !m_all.contains(text) ? text : "[ " + text.substr(1);
}

}  // namespace core
