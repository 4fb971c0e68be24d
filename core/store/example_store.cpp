// SPDX-License-Identifier: Apache-2.0
#include "core/store/example_store.h"

using base::Result;

namespace core {

namespace {

constexpr const char *Columns = "id, text, label, split, provenance, source, source_row, confidence";

Example readRow(const Statement &row)
{
    Example example;
    example.id = row.integer(0);
    example.text = row.text(1);
    if (!row.isNull(2))
        example.label = row.integer(2);
    example.split = static_cast<Split>(row.integer(3));
    example.provenance = row.text(4);
    example.source = row.text(5);
    example.sourceRow = row.integer(6);
    if (!row.isNull(7))
        example.confidence = row.real(7);
    return example;
}

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

Statement select(const Database &database, const std::string &columns, const ExampleQuery &query)
{
    std::string sql = "SELECT " + columns + " FROM example WHERE state = 0";
    if (query.split)
        sql += " AND split = ?";
    if (query.label)
        sql += " AND label = ?";
    if (query.onlyUnlabelled)
        sql += " AND label IS NULL";
    if (!query.search.empty())
        sql += " AND text LIKE ? ESCAPE '\\'";
    const char *direction = query.descending ? " DESC" : "";
    switch (query.order) {
    case ExampleQuery::Order::Id: sql += std::string(" ORDER BY id") + direction; break;
    case ExampleQuery::Order::Text: sql += std::string(" ORDER BY text") + direction + ", id"; break;
    case ExampleQuery::Order::Label:
        sql +=
            std::string(" ORDER BY (SELECT position FROM label WHERE label.id = example.label)") + direction + ", id";
        break;
    }
    Statement statement = database.prepare(sql);
    if (query.split)
        statement.bind(static_cast<int64_t>(*query.split));
    if (query.label)
        statement.bind(*query.label);
    if (!query.search.empty())
        statement.bind(likePattern(query.search));
    return statement;
}

}  // namespace

Result<std::vector<Label>> ExampleStore::labels() const
{
    return guardStore([&]() -> Result<std::vector<Label>> {
        std::vector<Label> labels;
        auto rows = m_database.prepare(
            "SELECT id, name, description, declared FROM label ORDER BY declared DESC, position, id");
        while (rows.step())
            labels.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.integer(3) != 0});
        return labels;
    });
}

Result<SplitCounts> ExampleStore::counts() const
{
    return guardStore([&]() -> Result<SplitCounts> {
        SplitCounts counts;
        auto rows = m_database.prepare("SELECT split, count(*) FROM example WHERE state = 0 GROUP BY split");
        while (rows.step()) {
            const auto split = static_cast<Split>(rows.integer(0));
            (split == Split::Train  ? counts.train
             : split == Split::Test ? counts.test
                                    : counts.unlabelled) = rows.integer(1);
        }
        return counts;
    });
}

Result<std::vector<int64_t>> ExampleStore::order(const ExampleQuery &query) const
{
    return guardStore([&]() -> Result<std::vector<int64_t>> {
        std::vector<int64_t> ids;
        auto rows = select(m_database, "id", query);
        while (rows.step())
            ids.push_back(rows.integer(0));
        return ids;
    });
}

Result<std::vector<Example>> ExampleStore::read(std::span<const int64_t> ids) const
{
    return guardStore([&]() -> Result<std::vector<Example>> {
        std::vector<Example> examples;
        auto row = m_database.prepare(std::string("SELECT ") + Columns + " FROM example WHERE id = ? AND state = 0");
        for (const int64_t id : ids) {
            row.bind(id);
            if (row.step())
                examples.push_back(readRow(row));
            row.reset();
        }
        return examples;
    });
}

Result<void> ExampleStore::forEach(const ExampleQuery &query, const std::function<void(const Example &)> &visit) const
{
    return guardStore([&]() -> Result<void> {
        auto rows = select(m_database, Columns, query);
        while (rows.step())
            visit(readRow(rows));
        return {};
    });
}

}  // namespace core
