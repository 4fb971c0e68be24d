// SPDX-License-Identifier: Apache-2.0
#include "core/results/cost_table.h"

#include <cmath>
#include <nlohmann/json.hpp>

using base::failure;
using base::Result;
using nlohmann::json;

namespace core {

namespace {

bool isCost(const json &value)
{
    return value.is_number() && std::isfinite(value.get<double>()) && value.get<double>() >= 0;
}

}  // namespace

engine::Costs CostTable::of(const std::vector<std::string> &labels) const
{
    engine::Costs costs{ask, wrong};
    if (perPair.empty())
        return costs;
    costs.perPair.assign(labels.size(), std::vector<double>(labels.size(), wrong));
    for (size_t expected = 0; expected < labels.size(); ++expected) {
        for (size_t answered = 0; answered < labels.size(); ++answered) {
            if (const auto own = perPair.find({labels[expected], labels[answered]}); own != perPair.end())
                costs.perPair[expected][answered] = own->second;
        }
    }
    return costs;
}

Result<CostTable> costsOf(const Service &service)
{
    auto stored = TRY(service.setting(keys::Costs));
    CostTable costs;
    const json kept = json::parse(stored, nullptr, false);
    if (!kept.is_object())
        return costs;
    if (isCost(kept.value("ask", json())))
        costs.ask = kept["ask"];
    if (isCost(kept.value("wrong", json())))
        costs.wrong = kept["wrong"];
    const json pairs = kept.value("pairs", json::array());
    for (const auto &pair : pairs) {
        if (pair.is_array() && pair.size() == 3 && pair[0].is_string() && pair[1].is_string() && isCost(pair[2]))
            costs.perPair[{pair[0], pair[1]}] = pair[2];
    }
    return costs;
}

std::string costsText(const CostTable &costs)
{
    auto pairs = json::array();
    for (const auto &[pair, cost] : costs.perPair)
        pairs.push_back({pair.first, pair.second, cost});
    return json{{"ask", costs.ask}, {"wrong", costs.wrong}, {"pairs", pairs}}.dump();
}

}  // namespace core
