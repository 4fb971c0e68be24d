// SPDX-License-Identifier: Apache-2.0
#include "core/store/saved_filters.h"

#include <nlohmann/json.hpp>

using nlohmann::json;

namespace core {

namespace {

template <class T>
T valueOr(const json &filter, const char *key, T otherwise)
{
    const auto found = filter.find(key);
    if constexpr (std::is_same_v<T, std::string>)
        return found != filter.end() && found->is_string() ? found->get<T>() : otherwise;
    else if constexpr (std::is_same_v<T, bool>)
        return found != filter.end() && found->is_boolean() ? found->get<T>() : otherwise;
    else
        return found != filter.end() && found->is_number() ? found->get<T>() : otherwise;
}

}  // namespace

std::vector<std::pair<std::string, ExampleQuery>> savedFilters(const std::string &setting)
{
    std::vector<std::pair<std::string, ExampleQuery>> filters;
    const json saved = json::parse(setting, nullptr, false);
    if (!saved.is_object())
        return filters;
    for (const auto &[name, filter] : saved.items()) {
        if (!filter.is_object() || valueOr(filter, "problems", false))
            continue;
        ExampleQuery query;
        query.search = valueOr(filter, "search", std::string());
        const auto label = valueOr(filter, "label", FilterAllClasses);
        query.onlyUnlabelled = label == FilterNoLabel;
        if (label > 0)
            query.label = label;
        if (filter.contains("source"))
            query.source = valueOr(filter, "source", std::string());
        filters.emplace_back(name, std::move(query));
    }
    return filters;
}

}  // namespace core
