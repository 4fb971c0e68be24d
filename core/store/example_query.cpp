// SPDX-License-Identifier: Apache-2.0
#include "core/store/example_query.h"

#include <nlohmann/json.hpp>

namespace core {

namespace {

/// `search` as a LIKE pattern in which its own % and _ mean themselves.
std::string likePattern(const std::string &search)
{
    std::string pattern = "%";
    for (const char c : search) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

}  // namespace

std::string whereClause(const ExampleQuery &query)
{
    std::string sql = " WHERE state = 0";
    if (query.split)
        sql += " AND split = ?";
    if (query.label)
        sql += " AND label = ?";
    if (query.onlyUnlabelled)
        sql += " AND label IS NULL";
    if (!query.search.empty())
        sql += " AND text LIKE ? ESCAPE '\\'";
    if (query.source)
        sql += " AND source = ?";
    if (query.ids)
        sql += " AND id IN (SELECT value FROM json_each(?))";
    return sql;
}

void bindWhere(Statement &statement, const ExampleQuery &query)
{
    if (query.split)
        statement.bind(static_cast<int64_t>(*query.split));
    if (query.label)
        statement.bind(*query.label);
    if (!query.search.empty())
        statement.bind(likePattern(query.search));
    if (query.source)
        statement.bind(*query.source);
    if (query.ids)
        statement.bind(nlohmann::json(*query.ids).dump());
}

std::string orderClause(const ExampleQuery &query)
{
    const std::string direction = query.descending ? " DESC" : "";
    switch (query.order) {
    case ExampleQuery::Order::Id: break;
    case ExampleQuery::Order::Text: return " ORDER BY text" + direction + ", id";
    case ExampleQuery::Order::Label:
        return " ORDER BY (SELECT position FROM label WHERE label.id = example.label)" + direction + ", id";
    case ExampleQuery::Order::Source: return " ORDER BY source" + direction + ", id";
    case ExampleQuery::Order::Confidence: return " ORDER BY confidence" + direction + ", id";
    }
    return " ORDER BY id" + direction;
}

}  // namespace core
