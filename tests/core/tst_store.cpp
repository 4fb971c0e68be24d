// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/store_watcher.h"
#include "core/service/folder_lock.h"
#include "core/service/service.h"
#include "core/store/backups.h"
#include "core/store/edit_log.h"
#include "tests/support/support.h"

#include <sqlite3.h>

using namespace support;
using core::FieldChange;

class StoreTest : public QObject {
    Q_OBJECT

private:
    static core::Service makeService(const TempFolder &folder)
    {
        auto service = core::Service::create(folder / "s", "s", {"task", {{"a", "first"}, {"b", "second"}}, {}, {}});
        if (!service)
            qFatal("%s", service.error().message.c_str());
        return std::move(*service);
    }
    static std::vector<int64_t> addRows(const core::Service &service, const std::vector<std::string> &texts,
                                        std::optional<int64_t> label = 1)
    {
        const core::EditLog log(service.database());
        const auto edit = log.open("Add");
        std::vector<core::Example> rows;
        for (const auto &text : texts) {
            core::Example row;
            row.text = text;
            row.label = label;
            rows.push_back(row);
        }
        if (!edit || !log.add(*edit, rows) || !log.close(*edit))
            qFatal("rows could not be added");
        return *service.examples().order({});
    }
    static core::Example readOne(const core::Service &service, int64_t id)
    {
        return service.examples().read(std::span(&id, 1))->at(0);
    }

private Q_SLOTS:
    void rowsOfAnOpenEditAreHidden()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        const core::EditLog log(service.database());
        const auto edit = log.open("Import");
        VERIFY_RESULT(edit);
        const core::Example row{0, "text", 1};
        VERIFY_RESULT(log.add(*edit, std::span(&row, 1)));
        QCOMPARE(service.examples().counts()->train, int64_t{0});
        QVERIFY(log.history()->empty());
        VERIFY_RESULT(log.close(*edit));
        QCOMPARE(service.examples().counts()->train, int64_t{1});
        const auto dropped = log.open("Import again");
        VERIFY_RESULT(log.add(*dropped, std::span(&row, 1)));
        VERIFY_RESULT(log.abandon(*dropped));
        QCOMPARE(service.examples().counts()->train, int64_t{1});
    }

    void everyFieldIsUndoneAndRedoneAcrossARestart()
    {
        const TempFolder folder;
        std::vector<int64_t> ids;
        {
            const auto service = makeService(folder);
            ids = addRows(service, {"one", "two", ""});
            const core::EditLog log(service.database());
            const FieldChange changes[] = {{ids[0], FieldChange::Field::Text, "uno", {}},
                                           {ids[0], FieldChange::Field::Label, {}, 2},
                                           {ids[1], FieldChange::Field::Split, {}, 1},
                                           {ids[2], FieldChange::Field::Removed, {}, 1},
                                           {ids[1], FieldChange::Field::Label, {}, {}}};
            VERIFY_RESULT(log.apply("Change five cells", changes));
        }
        auto service = core::Service::open(folder / "s");
        VERIFY_RESULT(service);
        const core::EditLog log(service->database());
        const auto check = [&](bool changed) {
            const auto first = readOne(*service, ids[0]);
            const auto second = readOne(*service, ids[1]);
            return first.text == (changed ? "uno" : "one") && first.label == (changed ? 2 : 1) &&
                   second.split == (changed ? core::Split::Test : core::Split::Train) &&
                   second.label.has_value() == !changed && service->examples().counts()->train == (changed ? 1 : 3);
        };
        QVERIFY(check(true));
        const auto undone = log.undo();
        VERIFY_RESULT(undone);
        QCOMPARE((*undone)->title, std::string("Change five cells"));
        QVERIFY(check(false));
        VERIFY_RESULT(log.redo());
        QVERIFY(check(true));
        VERIFY_RESULT(log.undo());
        VERIFY_RESULT(log.undo());  // the rows themselves
        QCOMPARE(service->examples().counts()->train, int64_t{0});
        QVERIFY(!log.undo()->has_value());
        VERIFY_RESULT(log.redo());
        QVERIFY(check(false));
        QCOMPARE(log.history()->size(), size_t{2});
        // A new edit makes the undone one unreachable.
        const FieldChange other{ids[0], FieldChange::Field::Text, "eins", {}};
        VERIFY_RESULT(log.apply("Other", std::span(&other, 1)));
        QVERIFY(!log.redo()->has_value());
        QCOMPARE(readOne(*service, ids[0]).text, std::string("eins"));
    }

    void classesAndSettingsAreUndoneLikeRows()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        const auto ids = addRows(service, {"one", "two"});
        const core::EditLog log(service.database());
        core::EditDraft draft{.title = "Add class c"};
        draft.newLabels.push_back({.name = "c", .description = "third"});
        draft.labels.push_back({1, core::LabelChange::Field::Name, "alpha"});
        draft.settings.push_back({core::keys::TaskDescription, "another task"});
        draft.changes.push_back({ids[0], FieldChange::Field::Label, {}, core::newLabel(0)});
        draft.newRows.push_back({.text = "three", .label = core::newLabel(0)});
        const auto edit = log.apply(draft);
        VERIFY_RESULT(edit);
        const auto names = [&] {
            std::string text;
            const auto labels = service.examples().labels();
            for (const auto &label : *labels)
                text += label.name + ":" + label.description + " ";
            return text + *service.setting(core::keys::TaskDescription);
        };
        const std::string changed = "alpha:first b:second c:third another task";
        QCOMPARE(names(), changed);
        QCOMPARE(log.addedRows(*edit)->size(), size_t{1});
        QCOMPARE(service.examples().countsByLabel()->at(3).train, int64_t{2});
        VERIFY_RESULT(log.undo());
        QCOMPARE(names(), std::string("a:first b:second task"));
        QCOMPARE(readOne(service, ids[0]).label, std::optional<int64_t>(1));
        QCOMPARE(service.examples().counts()->train, int64_t{2});
        VERIFY_RESULT(log.redo());
        QCOMPARE(names(), changed);
        QCOMPARE(service.examples().labels()->at(2).colour, int64_t{2});
    }

    void classNamesMayBeSwappedReusedAndAreNeverTaken()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        const core::EditLog log(service.database());
        using Field = core::LabelChange::Field;
        const auto taken = log.apply({.title = "Rename", .labels = {{1, Field::Name, "b"}}});
        QVERIFY(!taken.has_value());
        QCOMPARE(taken.error().code, base::ErrorCode::AlreadyExists);
        QVERIFY(log.history()->empty());
        VERIFY_RESULT(log.apply({.title = "Delete a", .labels = {{1, Field::Removed, {}, 1}}}));
        QCOMPARE(service.examples().labels()->size(), size_t{1});
        VERIFY_RESULT(log.apply({.title = "Rename b to a", .labels = {{2, Field::Name, "a"}}}));
        VERIFY_RESULT(log.undo());
        VERIFY_RESULT(log.redo());
        QCOMPARE(service.examples().labels()->at(0).name, std::string("a"));
        VERIFY_RESULT(log.undo());
        VERIFY_RESULT(log.apply({.title = "Add a", .newLabels = {{.name = "a"}}}));
        QCOMPARE(service.examples().labels()->size(), size_t{2});
        QCOMPARE(service.examples().labels()->at(1).id, int64_t{1});  // the removed one has come back
        VERIFY_RESULT(log.undo());
        VERIFY_RESULT(log.undo());
        QCOMPARE(service.examples().labels()->at(0).name, std::string("a"));
        QCOMPARE(service.examples().labels()->at(0).description, std::string("first"));
    }

    void aServiceOfTheFirstVersionIsUpgraded()
    {
        const TempFolder folder;
        sqlite3 *handle = nullptr;
        QCOMPARE(sqlite3_open((folder / "service.sqlite").c_str(), &handle), SQLITE_OK);
        QCOMPARE(sqlite3_exec(handle,
                              "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
                              "CREATE TABLE label (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT "
                              "NOT NULL DEFAULT '', position INTEGER NOT NULL, declared INTEGER NOT NULL DEFAULT 1);"
                              "CREATE TABLE edit (id INTEGER PRIMARY KEY, title TEXT NOT NULL, created_at TEXT NOT "
                              "NULL, state INTEGER NOT NULL, pid INTEGER NOT NULL);"
                              "CREATE TABLE run (id TEXT PRIMARY KEY, state TEXT, pid INTEGER);"
                              "CREATE TABLE example (id INTEGER PRIMARY KEY, state INTEGER, split INTEGER);"
                              "INSERT INTO label (name, position) VALUES ('a', 0), ('b', 1); PRAGMA user_version = 1",
                              nullptr, nullptr, nullptr),
                 SQLITE_OK);
        sqlite3_close(handle);
        const auto service = core::Service::open(folder.path());
        VERIFY_RESULT(service);
        QCOMPARE(service->examples().labels()->at(1).colour, int64_t{1});
        const auto copies = std::filesystem::directory_iterator(folder / "backups");
        QVERIFY(copies->path().filename().string().ends_with("-version-1.sqlite"));
    }

    void aServiceOfTheVersionBeforeKeepsItsRows()
    {
        const TempFolder folder;
        std::vector<core::Example> before;
        {
            const auto service = makeService(folder);
            const auto ids = addRows(service, {"one", "two"});
            before = *service.examples().read(ids);
            service.database().execute("DROP INDEX example_with_several; DROP INDEX example_with_extra; "
                                       "ALTER TABLE example DROP COLUMN extra; ALTER TABLE example DROP COLUMN origin; "
                                       "ALTER TABLE example DROP COLUMN content; ALTER TABLE example DROP COLUMN also; "
                                       "ALTER TABLE example DROP COLUMN parent; ALTER TABLE run DROP COLUMN examined; "
                                       "ALTER TABLE run DROP COLUMN facts; PRAGMA user_version = 3");
        }
        const auto service = core::Service::open(folder / "s");
        VERIFY_RESULT(service);
        const auto rows = *service->examples().read(*service->examples().order({}));
        QCOMPARE(rows.size(), size_t{2});
        for (size_t i = 0; i < 2; ++i) {
            QVERIFY(rows[i].text == before[i].text && rows[i].label == before[i].label);
            QVERIFY(rows[i].also.empty() && !rows[i].isNone && !rows[i].parent);
        }
        QVERIFY(!*service->isMultiLabel());
        VERIFY_RESULT(core::EditLog(service->database()).undo());  // what was done before the upgrade
        QVERIFY(service->examples().order({})->empty());
    }

    void aWholeCopyADayIsKept()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        addRows(service, {"kept"});
        const auto copies = [&] {
            std::vector<std::string> names;
            for (const auto &entry : std::filesystem::directory_iterator(folder / "s/backups"))
                names.push_back(entry.path().filename().string());
            std::sort(names.begin(), names.end());
            return names;
        };
        QVERIFY(core::backUpDaily(service.database()).value());
        QVERIFY(!core::backUpDaily(service.database()).value());  // one a day
        QCOMPARE(copies().size(), size_t{1});
        // The older ones go.
        const auto today = folder / "s/backups" / copies().front();
        for (int day = 1; day <= 7; ++day)
            std::filesystem::copy_file(today, folder / ("s/backups/2026-01-0" + std::to_string(day) + "-daily.sqlite"));
        std::filesystem::remove(today);
        addRows(service, {"added since"});
        QVERIFY(core::backUpDaily(service.database()).value());
        QCOMPARE(copies().size(), core::KeptBackups);
        QCOMPARE(copies().front(), std::string("2026-01-04-daily.sqlite"));
        // Nothing new, no new one, whatever the day.
        std::filesystem::rename(today, folder / "s/backups/2026-01-08-daily.sqlite");
        std::filesystem::last_write_time(folder / "s/backups/2026-01-08-daily.sqlite",
                                         std::filesystem::file_time_type::clock::now() + std::chrono::seconds(1));
        QVERIFY(!core::backUpDaily(service.database()).value());
        // It is a service of its own.
        std::filesystem::create_directories(folder / "restored");
        std::filesystem::copy_file(folder / "s/backups/2026-01-08-daily.sqlite", folder / "restored/service.sqlite");
        const auto restored = core::Service::open(folder / "restored");
        VERIFY_RESULT(restored);
        QCOMPARE(restored->examples().counts()->total(), int64_t{2});
    }

    void aDamagedPageIsFoundBeforeAnythingIsDone()
    {
        const TempFolder folder;
        {
            const auto service = makeService(folder);
            addRows(service, std::vector<std::string>(2000, "a row that fills pages"));
        }
        const auto file = folder / "s/service.sqlite";
        std::string bytes = read(file);
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2 / 4096 * 4096), 4096, '\xAA');
        write(file, bytes);
        const auto opened = core::Service::open(folder / "s");
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, base::ErrorCode::Corrupt);
        QVERIFY(opened.error().message.find("backups") != std::string::npos);
        QCOMPARE(read(file), bytes);
    }

    void aRowInNoSplitIsDamage()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        const auto ids = addRows(service, {"one", "two"});
        QVERIFY_EXCEPTION_THROWN(service.database().execute("UPDATE example SET split = 3"), core::StoreError);
        const core::ExampleStore rows = service.examples();
        // Of an older program, or a stranger: nothing has checked it. The last one is 0 in 32 bits.
        for (const char *split : {"3", "-1", "4294967296"}) {
            service.database().execute("PRAGMA ignore_check_constraints = ON");
            service.database().execute(("UPDATE example SET split = " + std::string(split) + " WHERE id = 1").c_str());
            const auto isDamage = [](const auto &read) {
                return !read && read.error().code == base::ErrorCode::Corrupt;
            };
            QVERIFY(isDamage(rows.counts()));
            QVERIFY(isDamage(rows.countsByLabel()));
            QVERIFY(isDamage(rows.summary()));
            QVERIFY(isDamage(rows.read(ids)));
            QVERIFY(isDamage(rows.forEach({}, [](const core::Example &) {})));
            // Rows of a split are read as ever.
            VERIFY_RESULT(rows.forEach({.split = core::Split::Train}, [](const core::Example &) {}));
        }
    }

    void aChangeOfAMissingRowChangesNothing()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        const auto ids = addRows(service, {"one"});
        const FieldChange changes[] = {{ids[0], FieldChange::Field::Text, "new", {}},
                                       {999, FieldChange::Field::Text, "new", {}}};
        const auto applied = core::EditLog(service.database()).apply("Two", changes);
        QVERIFY(!applied.has_value());
        QCOMPARE(applied.error().code, base::ErrorCode::NotFound);
        QCOMPARE(readOne(service, ids[0]).text, std::string("one"));
    }

    void queriesFilterSearchAndSort()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        addRows(service, {"banana 100%", "apple_pie", "cherry"});
        addRows(service, {"apple tart"}, 2);
        addRows(service, {"nothing"}, std::nullopt);
        const auto count = [&](const core::ExampleQuery &q) { return service.examples().order(q)->size(); };
        QCOMPARE(count({}), size_t{5});
        QCOMPARE(count({.label = 2}), size_t{1});
        QCOMPARE(count({.onlyUnlabelled = true}), size_t{1});
        QCOMPARE(count({.search = "APPLE"}), size_t{2});
        QCOMPARE(count({.search = "100%"}), size_t{1});
        QCOMPARE(count({.search = "apple_"}), size_t{1});
        QCOMPARE(count({.split = core::Split::Test}), size_t{0});
        const auto all = *service.examples().order({});
        const std::vector<int64_t> chosen = {all[2], all[0]};
        QCOMPARE(*service.examples().order({.ids = chosen}), (std::vector<int64_t>{all[0], all[2]}));
        const auto order = service.examples().order({.sort = {{core::ExampleQuery::Column::Text}}});
        QCOMPARE(readOne(service, order->front()).text, std::string("apple tart"));
        const auto back = service.examples().order({.sort = {{core::ExampleQuery::Column::Text, true}}});
        QCOMPARE(readOne(service, back->front()).text, std::string("nothing"));
    }

    void newerAndForeignFilesAreRefusedUntouched()
    {
        const TempFolder folder;
        makeService(folder);
        sqlite3 *raw = nullptr;
        sqlite3_open((folder / "s/service.sqlite").c_str(), &raw);
        sqlite3_exec(raw, "PRAGMA user_version = 99", nullptr, nullptr, nullptr);
        sqlite3_close(raw);
        const auto newer = core::Service::open(folder / "s");
        QVERIFY(!newer.has_value());
        QCOMPARE(newer.error().code, base::ErrorCode::Newer);

        write(folder / "other/service.sqlite", "this is no database, it is a text that is long enough to have a header "
                                               "of one hundred bytes, or so it seems");
        const auto other = core::Service::open(folder / "other");
        QVERIFY(!other.has_value());
        QCOMPARE(other.error().code, base::ErrorCode::Corrupt);
        QCOMPARE(core::Service::open(folder / "nowhere").error().code, base::ErrorCode::NotFound);
    }

    void olderFilesAreCopiedAndUpgradedAtOnceOrNotAtAll()
    {
        const TempFolder folder;
        const auto file = folder / "s/service.sqlite";
        {
            const auto service = makeService(folder);
            addRows(service, {"kept"});
        }
        core::Schema next = core::currentSchema();
        const int before = next.version;
        next.version = before + 1;
        next.migrations.resize(static_cast<size_t>(before));
        next.migrations.back() = "ALTER TABLE label ADD COLUMN shade TEXT; INSERT INTO nowhere VALUES (1)";
        QVERIFY(!core::Database::open(file, core::OpenMode::ReadWrite, next).has_value());
        {
            auto unchanged = core::Service::open(folder / "s");
            VERIFY_RESULT(unchanged);
            QCOMPARE(unchanged->examples().counts()->train, int64_t{1});
        }
        QVERIFY(!core::Database::open(file, core::OpenMode::ReadOnly, next).has_value());
        next.migrations.back() = "ALTER TABLE label ADD COLUMN shade TEXT";
        auto upgraded = core::Database::open(file, core::OpenMode::ReadWrite, next);
        VERIFY_RESULT(upgraded);
        QCOMPARE(core::ExampleStore(*upgraded).counts()->train, int64_t{1});
        upgraded->execute("UPDATE label SET shade = 'red'");
        const auto copy = std::filesystem::directory_iterator(folder / "s/backups")->path();
        QVERIFY(copy.filename().string().ends_with("-version-" + std::to_string(before) + ".sqlite"));
        auto kept = core::Database::open(copy, core::OpenMode::ReadWrite);
        VERIFY_RESULT(kept);
        QCOMPARE(core::ExampleStore(*kept).counts()->train, int64_t{1});
        QCOMPARE(core::Service::open(folder / "s").error().code, base::ErrorCode::Newer);
    }

    void watcherTellsOfOtherConnectionsOnly()
    {
        const TempFolder folder;
        const auto service = makeService(folder);
        core::StoreWatcher watcher(service.database());
        QSignalSpy spy(&watcher, &core::StoreWatcher::changed);
        VERIFY_RESULT(service.setSetting(core::SettingKey{"k"}, "own"));
        QTest::qWait(250);
        QCOMPARE(spy.count(), 0);
        auto other = core::Service::open(folder / "s");
        VERIFY_RESULT(other);
        VERIFY_RESULT(other->setSetting(core::SettingKey{"k"}, "other"));
        QTRY_COMPARE_WITH_TIMEOUT(spy.count(), 1, 2000);
        QCOMPARE(*service.setting(core::SettingKey{"k"}), std::string("other"));
    }

    void oneRunAtATime()
    {
        const TempFolder folder;
        makeService(folder);
        auto first = core::FolderLock::forRun(folder / "s");
        VERIFY_RESULT(first);
        QCOMPARE(core::FolderLock::forRun(folder / "s").error().code, base::ErrorCode::Busy);
        {
            const auto released = std::move(*first);
        }
        VERIFY_RESULT(core::FolderLock::forRun(folder / "s"));
    }
};

QTEST_GUILESS_MAIN(StoreTest)
#include "tst_store.moc"
