// SPDX-License-Identifier: Apache-2.0
#include "core/store/backups.h"

#include "core/base/atomic_file.h"

#include <algorithm>
#include <ctime>

namespace fs = std::filesystem;
using base::Result;

namespace core {

namespace {

fs::path folderOf(const Database &database)
{
    return database.path().parent_path() / "backups";
}

std::string today()
{
    const std::time_t now = std::time(nullptr);
    std::tm utc = {};
    ::gmtime_r(&now, &utc);
    char text[16];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &utc)};
}

bool hasChangedSince(const Database &database, const fs::path &backup)
{
    std::error_code code;
    const auto written = fs::last_write_time(backup, code);
    const fs::path log = database.path().string() + "-wal";
    // Equal times say nothing: they are a few milliseconds coarse.
    return fs::last_write_time(database.path(), code) >= written ||
           (fs::exists(log, code) && fs::file_size(log, code) > 0 && fs::last_write_time(log, code) >= written);
}

}  // namespace

std::vector<fs::path> backupsIn(const fs::path &folder)
{
    std::vector<fs::path> files;
    std::error_code code;
    for (const auto &entry : fs::directory_iterator(folder, code)) {
        if (entry.path().extension() == ".sqlite")
            files.push_back(entry.path());
    }
    // Their names begin with the day.
    std::sort(files.begin(), files.end());
    return files;
}

void writeBackup(const Database &database, const std::string &suffix)
{
    const fs::path folder = folderOf(database);
    std::error_code code;
    fs::create_directories(folder, code);
    const fs::path target = folder / (today() + "-" + suffix + ".sqlite");
    const auto written = base::fillFile(target, [&](const fs::path &temporary) -> Result<void> {
        return guardStore([&]() -> Result<void> {
            database.prepare("VACUUM INTO ?").bind(temporary.string()).run();
            storeFailpoint("store.backup.copied");
            return {};
        });
    });
    if (!written)
        throw StoreError{written.error()};
    auto files = backupsIn(folder);
    for (; files.size() > KeptBackups; files.erase(files.begin()))
        fs::remove(files.front(), code);
}

Result<bool> backUpDaily(const Database &database)
{
    return guardStore([&]() -> Result<bool> {
        if (database.isReadOnly())
            return false;
        const auto files = backupsIn(folderOf(database));
        const std::string name = today() + "-daily.sqlite";
        const bool done = std::any_of(files.begin(), files.end(), [&](const auto &f) { return f.filename() == name; });
        if (done || (!files.empty() && !hasChangedSince(database, files.back())))
            return false;
        writeBackup(database, "daily");
        return true;
    });
}

}  // namespace core
