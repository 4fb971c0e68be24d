// SPDX-License-Identifier: Apache-2.0
// One service = one folder.
#pragma once

#include "core/service/job_description.h"
#include "core/store/database.h"
#include "core/store/edit_draft.h"
#include "core/store/example_store.h"
#include "core/store/setting_key.h"

#include <functional>

namespace core {

class Service {
public:
    static constexpr const char *DatabaseName = "service.sqlite";
    static constexpr const char *AnswersName = "answers.sqlite";  ///< what teachers answered, see AnswerStore

    /// Makes a new service in one piece: `fill` may add rows; when it fails, nothing is left behind.
    [[nodiscard]] static base::Result<Service> create(const std::filesystem::path &folder, const std::string &name,
                                                      const JobDescription &job,
                                                      const std::function<base::Result<void>(Service &)> &fill = {});

    /// Opens an existing one. It may be a stranger's or damaged, so all of its data file is read first. Then it cleans
    /// up after dead processes: open edits are rolled back, runs are marked interrupted. In a folder that cannot be
    /// written it opens for reading.
    [[nodiscard]] static base::Result<Service> open(const std::filesystem::path &folder);

    /// Runs that say running and that nobody works at any more (their process was killed, or its machine went down)
    /// become interrupted; returns how many. At once where none says so, or one is at work.
    [[nodiscard]] base::Result<int64_t> settleDeadRuns() const;

    /// Another connection to one that this process has opened, for another thread: at once, nothing is checked.
    [[nodiscard]] static base::Result<Service> openAgain(const std::filesystem::path &folder);

    [[nodiscard]] const std::filesystem::path &folder() const { return m_folder; }
    [[nodiscard]] const Database &database() const { return m_database; }
    [[nodiscard]] ExampleStore examples() const { return ExampleStore(m_database); }
    [[nodiscard]] std::filesystem::path runFolder(const std::string &run) const { return m_folder / "runs" / run; }
    [[nodiscard]] std::filesystem::path checkpointFolder(const std::string &run, int epoch) const
    {
        return checkpointFolder(m_folder, run, epoch);
    }
    /// The same of a service that is not opened, by its folder.
    [[nodiscard]] static std::filesystem::path checkpointFolder(const std::filesystem::path &service,
                                                                const std::string &run, int epoch);

    [[nodiscard]] base::Result<std::string> setting(const SettingKey &key) const;  ///< empty when never set
    [[nodiscard]] base::Result<void> setSetting(const SettingKey &key, const std::string &value) const;
    /// Puts what `change` makes of the value, in one transaction: nobody else's change comes between.
    [[nodiscard]] base::Result<void>
    changeSetting(const SettingKey &key, const std::function<std::string(const std::string &now)> &change) const;

    /// Whether a row may have any number of labels, none included, instead of exactly one.
    [[nodiscard]] base::Result<bool> isMultiLabel() const;
    /// The change that says so; only for a service whose rows fit it.
    [[nodiscard]] static SettingChange taskTypeChange(bool multiLabel);

    /// The change by which class `label` stands for what fits no other one, see Label::isReject; 0: none does.
    [[nodiscard]] static SettingChange rejectClassChange(int64_t label);

    /// The column of the rows' files that says which rows belong together, see RowFamilies; empty: none does.
    [[nodiscard]] base::Result<std::string> groupColumn() const;
    [[nodiscard]] static SettingChange groupColumnChange(const std::string &column);

    /// The job description as job_description.json has it, with the fields that were kept for others.
    [[nodiscard]] base::Result<std::string> describe() const;

    /// Writes service.yaml, the readable copy of the job description, anew.
    [[nodiscard]] base::Result<void> writeMirror() const;

private:
    Service(std::filesystem::path folder, Database database)
        : m_folder(std::move(folder)), m_database(std::move(database))
    {
    }
    [[nodiscard]] base::Result<void> writeDescription(const std::string &name, const JobDescription &job) const;

    std::filesystem::path m_folder;
    Database m_database;
};

}  // namespace core
