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

bool isOfFile(const ExampleQuery &query)
{
    return query.origin || query.contentHash;
}

/// 0 stands for: not known, which is equal to nothing, as NULL is.
std::optional<int64_t> known(std::optional<int64_t> hash)
{
    return hash == 0 ? std::nullopt : hash;
}

const char *expressionOf(ExampleQuery::Column column)
{
    switch (column) {
    case ExampleQuery::Column::Id: return "id";
    case ExampleQuery::Column::Text: return "text";
    case ExampleQuery::Column::Label: return "(SELECT position FROM label WHERE label.id = example.label)";
    case ExampleQuery::Column::Source: return "source";
    case ExampleQuery::Column::Confidence: return "confidence";
    case ExampleQuery::Column::Comment: return "comment";
    }
    return "id";
}

}  // namespace

std::string whereClause(const ExampleQuery &query, bool mayBeSeveral)
{
    std::string sql = " WHERE state = 0";
    if (query.split)
        sql += " AND split = ?";
    if (query.label)
        sql += mayBeSeveral ? " AND (label = ? OR instr(also, ',' || ? || ',') > 0)" : " AND label = ?";
    if (query.onlyUnlabelled)
        sql += mayBeSeveral ? " AND label IS NULL AND also = ''" : " AND label IS NULL";
    if (!query.search.empty())
        sql += " AND text LIKE ? ESCAPE '\\'";
    if (isOfFile(query))
        sql += " AND (origin = ? OR content = ? OR (origin = 0 AND content = 0 AND source = ?))";
    else if (query.source)
        sql += " AND source = ?";
    if (query.onlySeveral)
        sql += " AND also <> ''";
    if (query.onlyCommented)
        sql += " AND comment <> ''";
    if (query.ids)
        sql += " AND id IN (SELECT value FROM json_each(?))";
    return sql;
}

void bindWhere(Statement &statement, const ExampleQuery &query, bool mayBeSeveral)
{
    if (query.split)
        statement.bind(static_cast<int64_t>(*query.split));
    if (query.label)
        statement.bind(*query.label);
    if (query.label && mayBeSeveral)
        statement.bind(*query.label);
    if (!query.search.empty())
        statement.bind(likePattern(query.search));
    if (isOfFile(query))
        statement.bind(known(query.origin)).bind(known(query.contentHash));
    if (query.source)
        statement.bind(*query.source);
    else if (isOfFile(query))
        statement.bind(std::optional<int64_t>());
    if (query.ids)
        statement.bind(nlohmann::json(*query.ids).dump());
}

std::string orderClause(const ExampleQuery &query)
{
    std::string sql = " ORDER BY ";
    bool byId = false;
    for (const ExampleQuery::SortKey &key : query.sort) {
        sql += std::string(expressionOf(key.column)) + (key.descending ? " DESC, " : ", ");
        if ((byId = key.column == ExampleQuery::Column::Id))
            break;  // nothing is equal in that
    }
    if (byId)
        sql.resize(sql.size() - 2);
    else
        sql += "id";
    return sql;
}

}  // namespace core
