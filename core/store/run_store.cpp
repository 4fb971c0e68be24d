// SPDX-License-Identifier: Apache-2.0
#include "core/store/run_store.h"

#include "core/base/random.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <unistd.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr const char *RunColumns =
    "id, created_at, state, base, config, labels, device, seconds, rows_per_second, best_epoch, cross_validation, "
    "examined, facts";

// Keys of the facts.
constexpr const char *LabelIds = "label_ids";
constexpr const char *BasePath = "base_path";
constexpr const char *BaseHash = "base_hash";
constexpr const char *TokenizerHash = "tokenizer_hash";
constexpr const char *Asked = "asked";
constexpr const char *KeepCheckpoints = "keep_checkpoints";

std::vector<int64_t> labelIdsIn(const std::string &facts, size_t labels)
{
    const auto all = nlohmann::json::parse(facts, nullptr, false);
    if (!all.is_object() || !all.contains(LabelIds) || !all[LabelIds].is_array() || all[LabelIds].size() != labels)
        return {};
    std::vector<int64_t> ids;
    for (const auto &id : all[LabelIds]) {
        if (!id.is_number_integer())
            return {};
        ids.push_back(id.get<int64_t>());
    }
    return ids;
}

/// How it began, and what it keeps.
void readFacts(RunInfo &info)
{
    const auto all = nlohmann::json::parse(info.facts, nullptr, false);
    if (!all.is_object())
        return;
    for (const auto &[key, text] : {std::pair(BasePath, &info.basePath), std::pair(BaseHash, &info.baseHash),
                                    std::pair(TokenizerHash, &info.tokenizerHash), std::pair(Asked, &info.asked)}) {
        if (const auto found = all.find(key); found != all.end() && found->is_string())
            *text = found->get<std::string>();
    }
    if (const auto keep = all.find(KeepCheckpoints); keep != all.end() && keep->is_number_integer())
        info.keep = static_cast<int>(std::clamp<int64_t>(keep->get<int64_t>(), 0, std::numeric_limits<int>::max()));
}

Result<void> readRun(const Statement &row, RunInfo &info)
{
    info.id = row.text(0);
    info.createdAt = row.text(1);
    info.state = row.text(2);
    info.base = row.text(3);
    info.device = row.text(6);
    info.seconds = row.real(7);
    info.rowsPerSecond = row.real(8);
    info.bestEpoch = static_cast<int>(row.integer(9));
    info.crossValidation = row.text(10);
    info.examined = row.text(11);
    info.facts = row.text(12);
    auto config = engine::trainingConfigFromJson(row.text(4));
    const auto labels = nlohmann::json::parse(row.text(5), nullptr, false);
    // The file may be a stranger's: the name becomes a folder, the settings are computed with.
    const bool sound = isRunName(info.id) && config && engine::validate(*config) && labels.is_array() &&
                       std::all_of(labels.begin(), labels.end(), [](const auto &l) { return l.is_string(); });
    if (!config && config.error().code == ErrorCode::Unsupported)
        return failure(ErrorCode::Unsupported, config.error().message, info.id);
    if (!sound)
        return failure(ErrorCode::Corrupt, "The recorded settings of this run cannot be read.", info.id);
    info.config = *config;
    for (const auto &label : labels)
        info.labels.push_back(label.get<std::string>());
    info.labelIds = labelIdsIn(info.facts, info.labels.size());
    readFacts(info);
    return {};
}

/// The facts with the ids of the classes, so that a class that is renamed stays the same, and with how it began.
std::string factsOf(const Database &database, const RunInfo &info)
{
    auto ids = nlohmann::json::array();
    auto find = database.prepare("SELECT id FROM label WHERE name = ?");
    for (const std::string &label : info.labels) {
        ids.push_back(find.bind(label).step() ? find.integer(0) : int64_t{0});
        find.reset();
    }
    auto all = nlohmann::ordered_json::parse(info.facts, nullptr, false);
    if (!all.is_object())
        all = nlohmann::ordered_json::object();
    all[LabelIds] = ids;
    for (const auto &[key, text] : {std::pair(BasePath, &info.basePath), std::pair(BaseHash, &info.baseHash),
                                    std::pair(TokenizerHash, &info.tokenizerHash), std::pair(Asked, &info.asked)}) {
        if (!text->empty())
            all[key] = *text;
    }
    if (info.keep > 0)
        all[KeepCheckpoints] = info.keep;
    return all.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void insertPredictions(const Database &database, const std::string &run, int epoch,
                       const RunStore::Predictions &predictions)
{
    auto insert =
        database.prepare("INSERT OR REPLACE INTO prediction (run, epoch, example, probabilities) VALUES (?, ?, ?, ?)");
    for (size_t i = 0; i < predictions.examples.size(); ++i)
        insert.bind(run)
            .bind(static_cast<int64_t>(epoch))
            .bind(predictions.examples[i])
            .bindBlob(std::as_bytes(predictions.probabilities.row(i)))
            .run();
}

}  // namespace

bool isRunName(const std::string &name)
{
    const auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; };
    return !name.empty() && name.size() <= 64 && std::isalnum(static_cast<unsigned char>(name.front())) &&
           std::all_of(name.begin(), name.end(), allowed);
}

int64_t rowHash(std::string_view text, std::string_view label)
{
    const uint64_t hash = base::contentHash(text.data(), text.size());
    return static_cast<int64_t>(base::contentHash(label.data(), label.size(), hash ^ 0xFFULL));
}

Result<std::string> RunStore::create(const std::string &wanted, const RunInfo &info, std::span<const RunRow> rows,
                                     const std::function<bool(const std::string &)> &isTaken) const
{
    return guardStore([&]() -> Result<std::string> {
        Transaction transaction(m_database);
        std::string id = wanted;
        auto taken = m_database.prepare("SELECT 1 FROM run WHERE id = ?");
        for (int n = 2; taken.bind(id).step() || (isTaken && isTaken(id)); ++n) {
            taken.reset();
            id = wanted + "-" + std::to_string(n);
        }
        taken.reset();
        auto insert =
            m_database.prepare("INSERT INTO run (id, created_at, state, recipe, base, config, labels, pid, facts) "
                               "VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), "
                               "'running', ?, ?, ?, ?, ?, ?)");
        insert.bind(id)
            .bind(std::string_view(engine::name(info.config.recipe)))
            .bind(info.base)
            .bind(engine::toJson(info.config));
        insert.bind(nlohmann::json(info.labels).dump()).bind(static_cast<int64_t>(::getpid()));
        insert.bind(factsOf(m_database, info)).run();
        addRows(id, rows);
        transaction.commit();
        return id;
    });
}

void RunStore::addRows(const std::string &run, std::span<const RunRow> rows) const
{
    auto snapshot = m_database.prepare("INSERT INTO run_row (run, example, part, content_hash) VALUES (?, ?, ?, ?)");
    for (const RunRow &row : rows)
        snapshot.bind(run).bind(row.example).bind(row.part).bind(row.contentHash).run();
}

Result<std::string> RunStore::addExam(const RunInfo &info, const std::string &report, const Predictions &answers,
                                      std::span<const RunRow> rows) const
{
    return guardStore([&]() -> Result<std::string> {
        Transaction transaction(m_database);
        auto taken = m_database.prepare("SELECT examined FROM run WHERE id = ?");
        std::string id = info.id;
        // A training may have taken the name.
        for (int n = 2; taken.bind(id).step() && taken.text(0).empty(); ++n) {
            taken.reset();
            id = info.id + "-" + std::to_string(n);
        }
        taken.reset();
        forget(id);
        auto insert = m_database.prepare(
            "INSERT INTO run (id, created_at, state, recipe, base, config, labels, pid, device, seconds, "
            "rows_per_second, examined, facts) VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'succeeded', "
            "'exam', ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        insert.bind(id)
            .bind(info.base)
            .bind(engine::toJson(info.config))
            .bind(nlohmann::json(info.labels).dump())
            .bind(static_cast<int64_t>(::getpid()))
            .bind(info.device)
            .bind(info.seconds)
            .bind(info.rowsPerSecond)
            .bind(info.examined)
            .bind(factsOf(m_database, info))
            .run();
        addRows(id, rows);
        m_database.prepare("INSERT INTO checkpoint (run, epoch, train_loss, temperature, test) VALUES (?, 0, 0, 1, ?)")
            .bind(id)
            .bind(report)
            .run();
        insertPredictions(m_database, id, 0, answers);
        transaction.commit();
        return id;
    });
}

void RunStore::forget(const std::string &run) const
{
    for (const char *table : {"prediction", "checkpoint", "metric_point", "run_row"})
        m_database.prepare(std::string("DELETE FROM ") + table + " WHERE run = ?").bind(run).run();
    m_database.prepare("DELETE FROM run WHERE id = ?").bind(run).run();
}

Result<std::vector<RunInfo>> RunStore::runs() const
{
    return all("examined = ''");
}

Result<std::vector<RunInfo>> RunStore::exams() const
{
    return all("examined <> ''");
}

Result<std::vector<RunInfo>> RunStore::all(const char *which) const
{
    return guardStore([&]() -> Result<std::vector<RunInfo>> {
        std::vector<RunInfo> result;
        auto rows = m_database.prepare(std::string("SELECT ") + RunColumns + " FROM run WHERE " + which +
                                       " ORDER BY created_at, rowid");
        while (rows.step()) {
            RunInfo info;
            if (readRun(rows, info))
                result.push_back(std::move(info));
        }
        return result;
    });
}

Result<std::vector<UnreadableRun>> RunStore::unreadable() const
{
    return guardStore([&]() -> Result<std::vector<UnreadableRun>> {
        std::vector<UnreadableRun> result;
        auto rows = m_database.prepare(std::string("SELECT ") + RunColumns + " FROM run ORDER BY created_at, rowid");
        while (rows.step()) {
            RunInfo info;
            if (const auto read = readRun(rows, info); !read)
                result.push_back({info.id, info.createdAt, info.base, read.error()});
        }
        return result;
    });
}

Result<RunInfo> RunStore::run(const std::string &id) const
{
    return guardStore([&]() -> Result<RunInfo> {
        auto row = m_database.prepare(std::string("SELECT ") + RunColumns + " FROM run WHERE id = ?");
        if (!row.bind(id).step())
            return failure(ErrorCode::NotFound, "There is no run of this name in the service.", id);
        RunInfo info;
        TRY(readRun(row, info));
        return info;
    });
}

Result<std::vector<RunRow>> RunStore::rows(const std::string &run) const
{
    return guardStore([&]() -> Result<std::vector<RunRow>> {
        std::vector<RunRow> result;
        auto rows =
            m_database.prepare("SELECT example, part, content_hash FROM run_row WHERE run = ? ORDER BY example");
        rows.bind(run);
        while (rows.step())
            result.push_back({rows.integer(0), rows.text(1), rows.integer(2)});
        return result;
    });
}

Result<void> RunStore::setState(const std::string &run, const std::string &state, const std::string &error) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        m_database.prepare("UPDATE run SET state = ?, error = ?, pid = ? WHERE id = ?")
            .bind(state)
            .bind(error)
            .bind(static_cast<int64_t>(::getpid()))
            .bind(run)
            .run();
        transaction.commit();
        return {};
    });
}

Result<void> RunStore::setConfig(const std::string &run, const engine::TrainingConfig &config) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        m_database.prepare("UPDATE run SET config = ? WHERE id = ?").bind(engine::toJson(config)).bind(run).run();
        transaction.commit();
        return {};
    });
}

Result<void> RunStore::setKeep(const std::string &run, int keep) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        m_database
            .prepare("UPDATE run SET facts = json_set(CASE WHEN json_valid(facts) THEN facts ELSE '{}' END, "
                     "'$.keep_checkpoints', ?) WHERE id = ?")  // of older versions facts are empty
            .bind(static_cast<int64_t>(keep))
            .bind(run)
            .run();
        transaction.commit();
        return {};
    });
}

Result<void> RunStore::setOutcome(const RunInfo &info) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        auto update = m_database.prepare("UPDATE run SET device = ?, seconds = ?, rows_per_second = ?, best_epoch = ?, "
                                         "cross_validation = ? WHERE id = ?");
        update.bind(info.device).bind(info.seconds).bind(info.rowsPerSecond).bind(static_cast<int64_t>(info.bestEpoch));
        update.bind(info.crossValidation).bind(info.id).run();
        transaction.commit();
        return {};
    });
}

Result<void> RunStore::addMetrics(const std::string &run, int64_t step,
                                  std::initializer_list<std::pair<const char *, double>> points) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        auto put =
            m_database.prepare("INSERT OR REPLACE INTO metric_point (run, step, name, value) VALUES (?, ?, ?, ?)");
        for (const auto &[name, value] : points)
            put.bind(run).bind(step).bind(std::string_view(name)).bind(value).run();
        transaction.commit();
        return {};
    });
}

Result<std::map<std::string, int64_t>> RunStore::rowCounts(const std::string &run) const
{
    return guardStore([&]() -> Result<std::map<std::string, int64_t>> {
        std::map<std::string, int64_t> counts;
        auto parts = m_database.prepare("SELECT part, COUNT(*) FROM run_row WHERE run = ? GROUP BY part");
        parts.bind(run);
        while (parts.step())
            counts[parts.text(0)] = parts.integer(1);
        return counts;
    });
}

Result<RunStore::Curves> RunStore::metrics(const std::string &run) const
{
    return guardStore([&]() -> Result<Curves> {
        Curves points;
        auto rows = m_database.prepare("SELECT name, step, value FROM metric_point WHERE run = ? ORDER BY step");
        rows.bind(run);
        while (rows.step())
            points[rows.text(0)].emplace_back(rows.integer(1), rows.real(2));
        return points;
    });
}

Result<void> RunStore::putCheckpoint(const std::string &run, const CheckpointInfo &checkpoint, const Predictions &exam,
                                     const Predictions &heldOut) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        auto put = m_database.prepare("INSERT OR REPLACE INTO checkpoint (run, epoch, train_loss, temperature, "
                                      "validation, test) VALUES (?, ?, ?, ?, ?, ?)");
        put.bind(run)
            .bind(static_cast<int64_t>(checkpoint.epoch))
            .bind(checkpoint.trainLoss)
            .bind(checkpoint.temperature)
            .bind(checkpoint.validation)
            .bind(checkpoint.test)
            .run();
        for (const Predictions *part : {&exam, &heldOut})
            insertPredictions(m_database, run, checkpoint.epoch, *part);
        transaction.commit();
        return {};
    });
}

Result<void> RunStore::putHeldOut(const std::string &run, const std::vector<Predictions> &epochs) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        for (size_t e = 0; e < epochs.size(); ++e)
            insertPredictions(m_database, run, static_cast<int>(e) + 1, epochs[e]);
        transaction.commit();
        return {};
    });
}

Result<std::vector<CheckpointInfo>> RunStore::checkpoints(const std::string &run) const
{
    return guardStore([&]() -> Result<std::vector<CheckpointInfo>> {
        std::vector<CheckpointInfo> result;
        auto rows = m_database.prepare(
            "SELECT epoch, train_loss, temperature, validation, test FROM checkpoint WHERE run = ? ORDER BY epoch");
        rows.bind(run);
        while (rows.step())
            result.push_back(
                {static_cast<int>(rows.integer(0)), rows.real(1), rows.real(2), rows.text(3), rows.text(4)});
        return result;
    });
}

Result<RunStore::Predictions> RunStore::predictions(const std::string &run, int epoch, Part part) const
{
    return guardStore([&]() -> Result<Predictions> {
        Predictions result;
        auto rows =
            m_database.prepare(std::string("SELECT p.example, p.probabilities FROM prediction p JOIN run_row r ON "
                                           "r.run = p.run AND r.example = p.example WHERE p.run = ? AND p.epoch = "
                                           "? AND r.part ") +
                               (part == Part::Exam ? "=" : "<>") + " 'test' ORDER BY p.example");
        rows.bind(run).bind(static_cast<int64_t>(epoch));
        while (rows.step()) {
            const auto bytes = rows.blob(1);
            const size_t columns = bytes.size() / sizeof(float);
            if (columns == 0 || (!result.examples.empty() && columns != result.probabilities.columns))
                return failure(ErrorCode::Corrupt, "Stored answers of this checkpoint differ in length.", run);
            result.examples.push_back(rows.integer(0));
            result.probabilities.columns = columns;
            auto &values = result.probabilities.values;
            values.resize(values.size() + columns);
            std::memcpy(values.data() + values.size() - columns, bytes.data(), columns * sizeof(float));
        }
        result.probabilities.rows = result.examples.size();
        return result;
    });
}

Result<void> RunStore::remove(const std::string &run) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        auto row = m_database.prepare("SELECT state FROM run WHERE id = ?");
        if (row.bind(run).step() && row.text(0) == "running")
            return failure(ErrorCode::Busy, "This run is still working. Stop it first.", run);
        row.reset();
        forget(run);
        transaction.commit();
        return {};
    });
}

Result<bool> RunStore::isAnyRunning() const
{
    return guardStore(
        [&]() -> Result<bool> { return m_database.prepare("SELECT 1 FROM run WHERE state = 'running'").step(); });
}

Result<int64_t> RunStore::markInterrupted() const
{
    return guardStore([&]() -> Result<int64_t> {
        if (auto any = isAnyRunning(); !any || !*any)
            return any ? Result<int64_t>(0) : Result<int64_t>(base::Failure(any.error()));
        Transaction transaction(m_database);
        m_database.prepare("UPDATE run SET state = 'interrupted' WHERE state = 'running'").run();
        const int64_t settled = m_database.changes();
        transaction.commit();
        return settled;
    });
}

}  // namespace core
