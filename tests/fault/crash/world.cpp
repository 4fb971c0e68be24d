// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/crash/world.h"

#include "core/base/atomic_file.h"
#include "core/base/random.h"
#include "core/engine/weights/safetensors.h"
#include "core/store/edit_log.h"
#include "core/store/run_store.h"
#include "core/store/setting_key.h"
#include "core/tasks/train_task.h"

#include <algorithm>
#include <set>
#include <sqlite3.h>

namespace fs = std::filesystem;
using base::Result;

namespace crash {

namespace {

std::string hashOf(std::string_view bytes)
{
    return std::to_string(base::contentHash(bytes.data(), bytes.size()));
}

Result<void> addFiles(const fs::path &folder, std::set<std::string> &lines, const std::string &exceptRun)
{
    if (!fs::exists(folder))
        return {};
    for (const auto &entry : fs::recursive_directory_iterator(folder)) {
        const fs::path name = entry.path().lexically_relative(folder.parent_path());
        const std::string text = name.string();
        // Unfinished files are no facts, and data files of services are read as such; a state holds seconds.
        const bool fact = entry.is_regular_file() && text.find(".part") == std::string::npos &&
                          text.find("service.sqlite") == std::string::npos &&
                          name.filename() != "training_state.json" &&
                          (exceptRun.empty() || !text.starts_with("runs/" + exceptRun + "/"));
        if (!fact)
            continue;
        auto bytes = base::readFile(entry.path());
        if (!bytes)
            return base::failure(bytes);
        lines.insert("file " + text + " " + hashOf(*bytes));
    }
    return {};
}

Result<void> addRows(const core::Service &service, std::set<std::string> &lines)
{
    auto labels = service.examples().labels();
    if (!labels)
        return base::failure(labels);
    int place = 0;
    for (const core::Label &l : *labels)
        lines.insert(std::string("class ") + std::to_string(place++) + " " + std::to_string(l.id) + " " + l.name + " " +
                     l.description + " " + std::to_string(l.declared) + " " + std::to_string(l.colour));
    for (const core::Split split : {core::Split::Train, core::Split::Test, core::Split::Unlabelled}) {
        auto read = service.examples().forEach({.split = split}, [&](const core::Example &row) {
            lines.insert(std::string("row ") + std::to_string(row.id) + " " + core::name(row.split) + " " +
                         std::to_string(row.label.value_or(0)) + " " + row.provenance + " " + row.source + " " +
                         row.extra + " " + std::to_string(row.content) + " " + row.text);
        });
        if (!read)
            return read;
    }
    for (const core::SettingKey &key : {core::keys::Name, core::keys::TaskDescription, core::keys::Training}) {
        auto value = service.setting(key);
        if (!value)
            return base::failure(value);
        lines.insert("setting " + std::string(key.text) + " " + *value);
    }
    auto history = core::EditLog(service.database()).history(1'000'000);
    if (!history)
        return base::failure(history);
    // An edit that died may have made undone ones unreachable; they are in no row.
    int64_t number =
        static_cast<int64_t>(std::count_if(history->begin(), history->end(), [](const auto &e) { return !e.undone; }));
    for (const core::EditInfo &edit : *history) {
        if (!edit.undone)
            lines.insert(std::string("edit ") + std::to_string(number--) + " " + edit.title);
    }
    return {};
}

Result<void> addRuns(const core::Service &service, std::set<std::string> &lines, const std::string &exceptRun)
{
    const core::RunStore store(service.database());
    auto runs = store.runs();
    if (!runs)
        return base::failure(runs);
    for (const core::RunInfo &run : *runs) {
        if (run.id == exceptRun)
            continue;
        lines.insert("run " + run.id + " " + run.state + " " + run.base + " " + std::to_string(run.bestEpoch) + " " +
                     run.crossValidation + " " + engine::toJson(run.config));
        auto rows = store.rows(run.id);
        auto curves = store.metrics(run.id);
        auto checkpoints = store.checkpoints(run.id);
        if (!rows || !curves || !checkpoints)
            return base::failure(base::ErrorCode::Internal, "the run cannot be read", run.id);
        std::string facts = std::to_string(rows->size());
        for (const auto &[step, loss] : (*curves)["loss"])
            facts.append(" ").append(std::to_string(step)).append(":").append(std::to_string(loss));
        lines.insert("run-rows " + run.id + " " + facts);
        for (const core::CheckpointInfo &c : *checkpoints) {
            auto answers = store.predictions(run.id, c.epoch);
            if (!answers)
                return base::failure(answers);
            const auto &values = answers->probabilities.values;
            lines.insert("checkpoint " + run.id + " " + std::to_string(c.epoch) + " " + std::to_string(c.trainLoss) +
                         " " + std::to_string(c.temperature) + " " + c.validation + " " + c.test + " " +
                         hashOf({reinterpret_cast<const char *>(values.data()), values.size() * sizeof(float)}));
        }
    }
    return {};
}

/// Services that operations have made: whole or not there.
Result<void> addMade(const fs::path &out, std::set<std::string> &lines)
{
    if (!fs::exists(out))
        return {};
    for (const auto &entry : fs::directory_iterator(out)) {
        if (!fs::exists(entry.path() / core::Service::DatabaseName) ||
            entry.path().filename().string().find(".part-") != std::string::npos)
            continue;
        auto made = core::Service::open(entry.path());
        if (!made)
            return base::failure(made);
        std::set<std::string> rows;
        if (auto read = addRows(*made, rows); !read)
            return read;
        for (const std::string &row : rows)
            lines.insert("made " + entry.path().filename().string() + " " + row);
    }
    return {};
}

}  // namespace

Result<void> makeWorld(const World &world, bool forTraining)
{
    fs::create_directories(world.out());
    const core::JobDescription job{"Sort mails", {{"refund", "money back"}, {"delivery", "where is it"}}, {}, {}};
    auto service = core::Service::create(world.service(), "Mails", job);
    if (!service)
        return base::failure(service);
    core::EditDraft draft{.title = "First rows"};
    const int64_t rows = forTraining ? 220 : 300;
    for (int64_t i = 0; i < rows; ++i) {
        const std::string n = std::to_string(i);
        const core::Split split = i % 11 == 0 ? core::Split::Test : core::Split::Train;
        draft.newRows.push_back({.text = i % 2 ? "money back please " + n : "where is my parcel " + n,
                                 .label = i % 2 ? 1 : 2,
                                 .split = split});
    }
    if (auto added = core::EditLog(service->database()).apply(draft); !added)
        return base::failure(added);
    if (!forTraining)
        return {};
    core::TrainOptions options{.recipe = "seconds", .base = fs::path(GOLDEN_FOLDER) / "tiny_base", .threads = 1};
    auto trained = core::train(*service, options, {});
    return trained ? Result<void>() : base::failure(trained);
}

Result<std::string> stateOf(const World &world, const std::string &exceptRun)
{
    auto service = core::Service::open(world.service());
    if (!service)
        return base::failure(service);
    std::set<std::string> lines;
    auto read = addRows(*service, lines);
    if (read)
        read = addRuns(*service, lines, exceptRun);
    if (read)
        read = addFiles(world.service() / "runs", lines, exceptRun);
    if (read)
        read = addFiles(world.out(), lines, {});
    if (read)
        read = addMade(world.out(), lines);
    if (!read)
        return base::failure(read);
    std::string text;
    for (const std::string &line : lines)
        text += line + '\n';
    return text;
}

std::string damageOf(const World &world)
{
    auto service = core::Service::open(world.service());
    if (!service)
        return service.error().message;
    for (const char *check : {"PRAGMA quick_check", "PRAGMA foreign_key_check"}) {
        auto statement = service->database().prepare(check);
        if (statement.step() && statement.text(0) != "ok")
            return std::string(check) + ": " + statement.text(0);
    }
    auto pending = service->database().prepare(
        "SELECT count(*) FROM example WHERE state = 2 AND added_by NOT IN (SELECT id FROM edit WHERE state = 5)");
    pending.step();
    if (pending.integer(0) > 0)
        return std::to_string(pending.integer(0)) + " rows of a dead edit were left";
    if (!fs::exists(world.service() / "runs"))
        return {};
    for (const auto &run : fs::directory_iterator(world.service() / "runs")) {
        if (!fs::exists(run.path() / "checkpoints"))
            continue;  // it failed before its first one
        for (const auto &entry : fs::directory_iterator(run.path() / "checkpoints")) {
            if (entry.path().filename().string().find(".part-") != std::string::npos)
                continue;
            if (!engine::SafetensorsFile::open(entry.path() / "model.safetensors"))
                return "a checkpoint does not open: " + entry.path().string();
        }
    }
    return {};
}

Result<std::vector<std::string>> unfinishedRuns(const World &world)
{
    auto service = core::Service::open(world.service());
    if (!service)
        return base::failure(service);
    auto runs = core::RunStore(service->database()).runs();
    if (!runs)
        return base::failure(runs);
    std::vector<std::string> unfinished;
    for (const core::RunInfo &run : *runs) {
        if (run.state != "succeeded")
            unfinished.push_back(run.id);
    }
    return unfinished;
}

void makeOld(const fs::path &dataFile)
{
    sqlite3 *handle = nullptr;
    sqlite3_open(dataFile.c_str(), &handle);
    const int done = sqlite3_exec(
        handle,
        "DROP TABLE label_change; DROP TABLE setting_change; DROP INDEX example_in_order; DROP INDEX label_name; "
        "DROP INDEX edit_by_state; DROP INDEX example_with_several; DROP INDEX example_with_extra; "
        "ALTER TABLE label DROP COLUMN colour; ALTER TABLE label DROP COLUMN removed; "
        "ALTER TABLE label DROP COLUMN belongs; ALTER TABLE label DROP COLUMN resembles; "
        "ALTER TABLE example DROP COLUMN comment; ALTER TABLE example DROP COLUMN place; "
        "ALTER TABLE example DROP COLUMN also; ALTER TABLE example DROP COLUMN parent; "
        "ALTER TABLE example DROP COLUMN extra; ALTER TABLE example DROP COLUMN origin; "
        "ALTER TABLE example DROP COLUMN content; ALTER TABLE run DROP COLUMN examined; "
        "ALTER TABLE run DROP COLUMN facts; PRAGMA user_version = 1",
        nullptr, nullptr, nullptr);
    sqlite3_close(handle);
    if (done != SQLITE_OK)  // no round may take it for an old one
        std::filesystem::remove(dataFile);
}

}  // namespace crash
