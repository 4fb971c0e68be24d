// SPDX-License-Identifier: Apache-2.0
#include "core/store/example_store.h"

#include "core/store/extra_fields.h"
#include "core/store/label_set.h"
#include "core/store/stored_confidence.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <unordered_set>

using base::Result;

namespace core {

namespace {

constexpr const char *Columns =
    "id, text, label, split, provenance, source, source_row, confidence, comment, place, also, parent, extra, origin, "
    "content";

/// A JSON list of texts; what is none of it is left out.
std::vector<std::string> textsFrom(const std::string &json)
{
    std::vector<std::string> texts;
    const auto list = nlohmann::json::parse(json, nullptr, false);
    for (const auto &text : list.is_array() ? list : nlohmann::json::array()) {
        if (text.is_string())
            texts.push_back(text.get<std::string>());
    }
    return texts;
}

/// The file may be a stranger's, and a split becomes the place in a list. Throws StoreError (Corrupt).
Split splitOf(int64_t stored)
{
    if (stored < static_cast<int64_t>(Split::Train) || stored > static_cast<int64_t>(Split::Unlabelled))
        throw StoreError{
            {base::ErrorCode::Corrupt,
             "A row of this service is in none of train, test and unlabelled, so its data file is damaged. "
             "Salvage what can be read of it into a new service.",
             "split " + std::to_string(stored)}};
    return static_cast<Split>(stored);
}

Example readRow(const Statement &row)
{
    Example example;
    example.id = row.integer(0);
    example.text = row.text(1);
    if (!row.isNull(2))
        example.label = row.integer(2);
    example.split = splitOf(row.integer(3));
    example.provenance = row.text(4);
    example.source = row.text(5);
    example.sourceRow = row.integer(6);
    example.confidence = confidenceIn(row, 7);
    example.comment = row.text(8);
    example.place = row.text(9);
    readAlso(row.textView(10), example);
    std::erase_if(example.also, [](int64_t id) { return id <= 0; });  // a stranger's file
    if (!row.isNull(11))
        example.parent = row.integer(11);
    example.extra = row.text(12);
    example.origin = row.integer(13);
    example.content = row.integer(14);
    return example;
}

Statement select(const Database &database, const std::string &columns, const ExampleQuery &query)
{
    const bool mayBeSeveral = database.prepare("SELECT 1 FROM example WHERE also <> '' LIMIT 1").step();
    Statement statement =
        database.prepare("SELECT " + columns + " FROM example" + whereClause(query, mayBeSeveral) + orderClause(query));
    bindWhere(statement, query, mayBeSeveral);
    return statement;
}

}  // namespace

Result<std::vector<Label>> ExampleStore::labels() const
{
    return guardStore([&]() -> Result<std::vector<Label>> {
        std::vector<Label> labels;
        auto rows = m_database.prepare(
            "SELECT id, name, description, declared, colour, belongs, resembles, id IS (SELECT CAST(value AS INTEGER) "
            "FROM setting WHERE key = 'reject_class') FROM label WHERE removed = 0 ORDER BY declared DESC, position, "
            "id");
        while (rows.step())
            labels.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.integer(3) != 0, rows.integer(4),
                              textsFrom(rows.text(5)), textsFrom(rows.text(6)), rows.integer(7) != 0});
        return labels;
    });
}

Result<SplitCounts> ExampleStore::counts() const
{
    return guardStore([&]() -> Result<SplitCounts> {
        SplitCounts counts;
        auto rows = m_database.prepare("SELECT split, count(*) FROM example WHERE state = 0 GROUP BY split");
        while (rows.step())
            counts[splitOf(rows.integer(0))] = rows.integer(1);
        return counts;
    });
}

Result<int64_t> ExampleStore::taughtRows() const
{
    return guardStore([&]() -> Result<int64_t> {
        auto row = m_database.prepare("SELECT count(*) FROM example WHERE state = 0 AND split = ? AND "
                                      "substr(provenance, 1, ?) = ?");
        row.bind(static_cast<int64_t>(Split::Train));
        row.bind(static_cast<int64_t>(std::string_view(TeacherProvenance).size()));
        row.bind(TeacherProvenance);
        row.step();
        return row.integer(0);
    });
}

Result<std::map<int64_t, SplitCounts>> ExampleStore::countsByLabel() const
{
    return guardStore([&]() -> Result<std::map<int64_t, SplitCounts>> {
        std::map<int64_t, SplitCounts> counts;
        auto rows = m_database.prepare("SELECT label, split, count(*) FROM example WHERE state = 0 AND label IS NOT "
                                       "NULL GROUP BY split, label");
        while (rows.step())
            counts[rows.integer(0)][splitOf(rows.integer(1))] = rows.integer(2);
        auto several = m_database.prepare("SELECT also, split FROM example WHERE state = 0 AND also <> ''");
        Example row;
        while (several.step()) {
            readAlso(several.textView(0), row);
            for (const int64_t label : row.also)
                ++counts[label][splitOf(several.integer(1))];
        }
        return counts;
    });
}

Result<std::vector<std::string>> ExampleStore::sources(Split split) const
{
    return guardStore([&]() -> Result<std::vector<std::string>> {
        std::vector<std::string> sources;
        auto rows = m_database.prepare("SELECT DISTINCT source FROM example WHERE state = 0 AND split = ? ORDER BY 1");
        rows.bind(static_cast<int64_t>(split));
        while (rows.step())
            sources.push_back(rows.text(0));
        return sources;
    });
}

Result<RowSummary> ExampleStore::summary() const
{
    auto all = TRY(counts());
    auto byLabel = TRY(countsByLabel());
    RowSummary summary{all, std::move(byLabel), {}};
    for (const Split split : {Split::Train, Split::Test, Split::Unlabelled}) {
        auto of = TRY(sources(split));
        summary.sources[static_cast<size_t>(split)] = std::move(of);
    }
    return summary;
}

Result<int64_t> ExampleStore::upperBound() const
{
    return guardStore([&]() -> Result<int64_t> {
        auto row = m_database.prepare("SELECT coalesce(max(id), 0) FROM example");
        row.step();
        return row.integer(0);
    });
}

Result<std::vector<int64_t>> ExampleStore::order(const ExampleQuery &query) const
{
    return guardStore([&]() -> Result<std::vector<int64_t>> {
        std::vector<int64_t> ids;
        auto rows = select(m_database, "id", query);
        while (rows.step())
            ids.push_back(rows.integer(0));
        if (!query.asGiven || !query.ids)
            return ids;
        const std::unordered_set<int64_t> shown(ids.begin(), ids.end());
        ids.clear();
        std::copy_if(query.ids->begin(), query.ids->end(), std::back_inserter(ids),
                     [&](int64_t id) { return shown.contains(id); });
        return ids;
    });
}

Result<std::vector<Example>> ExampleStore::read(std::span<const int64_t> ids) const
{
    std::vector<Example> examples;
    TRY(forEachOf(ids, [&](const Example &example) { examples.push_back(example); }));
    return examples;
}

Result<std::map<int64_t, Example>> ExampleStore::rowsById(std::span<const int64_t> ids) const
{
    std::map<int64_t, Example> rows;
    TRY(forEachOf(ids, [&](const Example &row) { rows.emplace(row.id, row); }));
    return rows;
}

Result<void> ExampleStore::forEachOf(std::span<const int64_t> ids,
                                     const std::function<void(const Example &)> &visit) const
{
    return guardStore([&]() -> Result<void> {
        auto row = m_database.prepare(std::string("SELECT ") + Columns + " FROM example WHERE id = ? AND state = 0");
        for (const int64_t id : ids) {
            row.bind(id);
            if (row.step())
                visit(readRow(row));
            row.reset();
        }
        return {};
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

Result<std::vector<std::string>> ExampleStore::extraColumns(std::optional<Split> split) const
{
    return guardStore([&]() -> Result<std::vector<std::string>> {
        std::vector<std::string> names;
        // By the index of such rows alone.
        if (!m_database.prepare("SELECT 1 FROM example WHERE state = 0 AND extra <> '' LIMIT 1").step())
            return names;
        // The rows of all splits come in order when they are read as they lie.
        auto rows = m_database.prepare(
            split ? "SELECT extra FROM example WHERE state = 0 AND extra <> '' AND split = ? ORDER BY id"
                  : "SELECT extra FROM example NOT INDEXED WHERE state = 0 AND extra <> '' ORDER BY id");
        if (split)
            rows.bind(static_cast<int64_t>(*split));
        std::unordered_set<std::string> known;
        while (rows.step()) {
            const ExtraFields fields = extraFields(rows.textView(0));
            for (const auto &[name, value] : fields) {
                if (known.insert(name).second)
                    names.push_back(name);
            }
        }
        return names;
    });
}

}  // namespace core
