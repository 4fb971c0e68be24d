// SPDX-License-Identifier: Apache-2.0
#include "core/service/service.h"

#include "core/service/folder_lock.h"

#include "core/base/atomic_file.h"
#include "core/base/failpoint.h"
#include "core/base/result_guard.h"
#include "core/store/edit_log.h"
#include "core/store/run_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr const char *MultiLabel = "multi_label";
constexpr const char *RejectClass = "reject_class";  ///< a field of job_description.json

/// Quoted where YAML would read something else than a text: true, 0, 2024-01-31.
YAML::EMITTER_MANIP formatOf(const std::string &name)
{
    constexpr std::string_view words[] = {"true", "false", "yes", "no",  "on",   "off",
                                          "y",    "n",     "nan", "inf", "null", "none"};
    std::string lower;
    for (const char c : name)
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool isWord = std::ranges::find(words, lower) != std::end(words);
    const bool begins = !lower.empty() && (static_cast<unsigned char>(lower.front()) >= 0x80 ||
                                           (lower.front() >= 'a' && lower.front() <= 'z'));
    return begins && !isWord ? YAML::Auto : YAML::DoubleQuoted;
}

}  // namespace

Result<Service> Service::create(const fs::path &folder, const std::string &name, const JobDescription &job,
                                const std::function<Result<void>(Service &)> &fill)
{
    std::error_code code;
    if (fs::exists(folder / DatabaseName, code))
        return failure(ErrorCode::AlreadyExists, "There is a service in this folder already. Choose another folder.",
                       folder.string());
    if (fs::exists(folder, code) && !(fs::is_directory(folder, code) && fs::is_empty(folder, code)))
        return failure(ErrorCode::AlreadyExists, "This folder is not empty. Choose a new one for the service.",
                       folder.string());
    if (folder.has_parent_path()) {
        fs::create_directories(folder.parent_path(), code);
        if (code)
            return base::Failure(base::systemError(code.value(), folder));
    }
    TRY(base::writeFolder(folder, true, [&](const fs::path &temporary) -> Result<void> {
        auto database = TRY(Database::open(temporary / DatabaseName, OpenMode::Create));
        Service service(temporary, std::move(database));
        TRY(service.writeDescription(name, job));
        if (fill) {
            TRY(fill(service));
        }
        return service.writeMirror();
    }));
    auto made = open(folder);
    if (!made)
        fs::remove_all(folder, code);  // who is told that it failed must not find it there
    return made;
}

Result<Service> Service::openAgain(const fs::path &folder)
{
    auto database = TRY(Database::open(folder / DatabaseName, OpenMode::ReadWrite));
    return Service(folder, std::move(database));
}

Result<Service> Service::open(const fs::path &folder)
{
    auto opened = openAgain(folder);
    if (!opened)
        return opened;
    Service service = std::move(*opened);
    TRY(service.m_database.quickCheck());
    if (!service.m_database.isReadOnly()) {
        base::removeLeftOvers(folder);
        base::removeLeftOvers(folder / "backups");
        TRY(EditLog(service.m_database).rollBackStale());
        TRY(service.settleDeadRuns());
    }
    return service;
}

Result<int64_t> Service::settleDeadRuns() const
{
    const RunStore runs(m_database);
    auto any = TRY(runs.isAnyRunning());
    if (!any || m_database.isReadOnly())
        return 0;
    // Not by the number of the process: that may be another one's by now.
    const auto lock = FolderLock::forRun(m_folder);
    if (!lock)
        return lock.error().code == base::ErrorCode::Busy ? Result<int64_t>(0)
                                                          : Result<int64_t>(base::Failure(lock.error()));
    return runs.markInterrupted();
}

fs::path Service::checkpointFolder(const fs::path &service, const std::string &run, int epoch)
{
    return service / "runs" / run / "checkpoints" / std::to_string(epoch);
}

Result<std::string> Service::setting(const SettingKey &key) const
{
    return guardStore([&]() -> Result<std::string> {
        auto row = m_database.prepare("SELECT value FROM setting WHERE key = ?");
        return row.bind(key.text).step() ? row.text(0) : std::string();
    });
}

Result<bool> Service::isMultiLabel() const
{
    auto type = TRY(setting(keys::TaskType));
    return type == MultiLabel;
}

SettingChange Service::taskTypeChange(bool multiLabel)
{
    return {keys::TaskType, multiLabel ? MultiLabel : ""};
}

SettingChange Service::rejectClassChange(int64_t label)
{
    return {keys::RejectClass, label == 0 ? "" : std::to_string(label)};
}

Result<std::string> Service::groupColumn() const
{
    return setting(keys::GroupColumn);
}

SettingChange Service::groupColumnChange(const std::string &column)
{
    return {keys::GroupColumn, column};
}

Result<void> Service::setSetting(const SettingKey &key, const std::string &value) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        m_database.prepare("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)")
            .bind(key.text)
            .bind(value)
            .run();
        transaction.commit();
        return {};
    });
}

Result<void> Service::changeSetting(const SettingKey &key,
                                    const std::function<std::string(const std::string &now)> &change) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        std::string now;
        {
            auto row = m_database.prepare("SELECT value FROM setting WHERE key = ?");
            if (row.bind(key.text).step())
                now = row.text(0);
        }
        m_database.prepare("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)")
            .bind(key.text)
            .bind(change(now))
            .run();
        transaction.commit();
        return {};
    });
}

Result<void> Service::writeDescription(const std::string &name, const JobDescription &job) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        auto put = m_database.prepare("INSERT INTO setting (key, value) VALUES (?, ?)");
        put.bind(std::string_view(keys::Name.text)).bind(name).run();
        put.bind(std::string_view(keys::TaskDescription.text)).bind(job.taskDescription).run();
        put.bind(std::string_view(keys::OtherFields.text)).bind(job.otherFields).run();
        if (job.isMultiLabel)
            put.bind(std::string_view(keys::TaskType.text)).bind(std::string_view(MultiLabel)).run();
        auto add =
            m_database.prepare("INSERT INTO label (name, description, position, colour) VALUES (?1, ?2, ?3, ?3)");
        int64_t position = 0;
        for (const auto &c : job.classes)
            add.bind(c.name).bind(c.description).bind(position++).run();
        if (!job.rejectClass.empty())
            m_database.prepare("INSERT INTO setting (key, value) SELECT ?, id FROM label WHERE name = ?")
                .bind(std::string_view(keys::RejectClass.text))
                .bind(job.rejectClass)
                .run();
        transaction.commit();
        return {};
    });
}

Result<std::string> Service::describe() const
{
    auto task = setting(keys::TaskDescription);
    auto others = setting(keys::OtherFields);
    auto labels = examples().labels();
    if (!task)
        return failure(task);
    if (!others)
        return failure(others);
    if (!labels)
        return failure(labels);
    nlohmann::ordered_json job{{"task_description", *task}, {"classes_description", nlohmann::ordered_json::object()}};
    auto several = TRY(isMultiLabel());
    if (several)
        job[MultiLabel] = true;
    for (const Label &label : *labels) {
        if (label.declared)
            job["classes_description"][label.name] = label.description;
        if (label.declared && label.isReject)
            job[RejectClass] = label.name;
    }
    if (const auto kept = nlohmann::ordered_json::parse(*others, nullptr, false); kept.is_object()) {
        for (const auto &[key, value] : kept.items()) {
            if (!job.contains(key))  // what is ours stays
                job[key] = value;
        }
    }
    return job.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<void> Service::writeMirror() const
{
    return base::guard(m_folder.string(), [&]() -> Result<void> {
        if (const int code = base::failpointError("service.mirror.before"))
            return base::Failure(base::systemError(code, m_folder / "service.yaml"));
        auto labels = examples().labels();
        auto name = setting(keys::Name);
        auto task = setting(keys::TaskDescription);
        if (!labels || !name || !task)
            return failure(ErrorCode::Internal, "The job description could not be read back.", m_folder.string());
        YAML::Emitter out;
        out << YAML::Comment("A readable copy of the job description; the truth is in service.sqlite.")
            << YAML::BeginMap;
        out << YAML::Key << "name" << YAML::Value << *name << YAML::Key << "task_description" << YAML::Value << *task;
        out << YAML::Key << "classes_description" << YAML::Value << YAML::BeginMap;
        for (const Label &label : *labels) {
            if (label.declared)
                out << YAML::Key << formatOf(label.name) << label.name << YAML::Value << label.description;
        }
        out << YAML::EndMap;
        if (const auto several = isMultiLabel(); several && *several)
            out << YAML::Key << MultiLabel << YAML::Value << true;
        for (const Label &label : *labels) {
            if (label.declared && label.isReject)
                out << YAML::Key << RejectClass << YAML::Value << formatOf(label.name) << label.name;
        }
        out << YAML::EndMap;
        return base::writeFile(m_folder / "service.yaml", std::string(out.c_str()) + "\n");
    });
}

}  // namespace core
