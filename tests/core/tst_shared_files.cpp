// SPDX-License-Identifier: Apache-2.0
// Several windows, programs and machines that write the same files: nothing of anybody is lost.
#include "core/base/atomic_file.h"
#include "core/base/file_lock.h"
#include "core/results/custom_metric.h"
#include "core/service/service.h"
#include "core/settings/app_settings.h"
#include "core/teacher/teacher_settings.h"
#include "core/teacher/weights_identity.h"
#include "core/training/teacher_labels.h"
#include "tests/support/support.h"

#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace support;
namespace fs = std::filesystem;

class SharedFilesTest : public QObject {
    Q_OBJECT

private:
    /// The name under which a file is written before it has its own.
    static std::string temporaryNameOf(const fs::path &target)
    {
        std::string name;
        const auto filled = base::fillFile(target, [&](const fs::path &temporary) {
            name = temporary.filename().string();
            return base::writeFile(temporary, "x");
        });
        return filled ? name : std::string();
    }

    template <class F>
    static void inThreads(int threads, const F &work)
    {
        std::vector<std::jthread> running;
        for (int i = 0; i < threads; ++i)
            running.emplace_back([&work, i] { work(i); });
    }

private Q_SLOTS:
    void twoWindowsKeepEachOthersSettings()
    {
        const TempFolder folder;
        auto first = core::AppSettings::load(folder / "settings.yaml");
        auto second = core::AppSettings::load(folder / "settings.yaml");
        VERIFY_RESULT(first);
        VERIFY_RESULT(second);
        VERIFY_RESULT(first->set("training.threads", int64_t{3}));
        VERIFY_RESULT(second->set("window.theme", std::string("dark")));
        VERIFY_RESULT(first->set("log.enabled", false));
        const auto read = core::AppSettings::load(folder / "settings.yaml");
        VERIFY_RESULT(read);
        QCOMPARE(read->get<int64_t>("training.threads"), int64_t{3});
        QCOMPARE(read->get<std::string>("window.theme"), std::string("dark"));
        QCOMPARE(read->get<bool>("log.enabled"), false);
        QCOMPARE(first->get<std::string>("window.theme"), std::string("dark"));
    }

    void manyChangesAtOnceAllCount()
    {
        const TempFolder folder;
        std::atomic<int> failed = 0;
        inThreads(4, [&](int) {
            auto settings = core::AppSettings::load(folder / "settings.yaml");
            for (int i = 0; i < 10; ++i) {
                const auto changed = settings->change("training.threads", [](const core::SettingValue &now) {
                    return core::SettingValue(std::get<int64_t>(now) + 1);
                });
                failed += changed ? 0 : 1;
            }
        });
        QCOMPARE(failed.load(), 0);
        QCOMPARE(core::AppSettings::load(folder / "settings.yaml")->get<int64_t>("training.threads"), int64_t{40});
    }

    void aLockIsWaitedForButNotForEver()
    {
        const TempFolder folder;
        auto held = base::FileLock::take(folder / "file");
        VERIFY_RESULT(held);
        const auto busy = base::FileLock::take(folder / "file", std::chrono::milliseconds(30));
        QVERIFY(!busy);
        QCOMPARE(busy.error().code, base::ErrorCode::Busy);
        std::jthread release([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            held = base::failure(base::ErrorCode::Cancelled, "");
        });
        VERIFY_RESULT(base::FileLock::take(folder / "file"));
    }

    void anUnreadableSettingsFileIsSetAside()
    {
        const TempFolder folder;
        const auto file = folder / "settings.yaml";
        for (const char *name : {"settings.yaml.unreadable", "settings.yaml.unreadable-2"}) {
            write(file, std::string("training.threads: [") + name);
            auto loaded = core::AppSettings::loadOrSetAside(file);
            QVERIFY(loaded.trouble.has_value());
            QVERIFY2(loaded.trouble->message.find(name) != std::string::npos, loaded.trouble->message.c_str());
            QVERIFY(!fs::exists(file));
            QCOMPARE(read(folder / name), std::string("training.threads: [") + name);
            QCOMPARE(loaded.settings.get<int64_t>("training.threads"), int64_t{0});
            VERIFY_RESULT(loaded.settings.set("training.threads", int64_t{2}));
        }
        QVERIFY(!core::AppSettings::loadOrSetAside(file).trouble.has_value());
        QVERIFY(!core::AppSettings::loadOrSetAside(folder / "none.yaml").trouble.has_value());
        // A file that is no map of settings says nothing and is no reason to stop either.
        for (const char *text : {"3", "[1, 2]", "a: {b: c}", "? [x]\n: y"}) {
            write(file, text);
            static_cast<void>(core::AppSettings::loadOrSetAside(file));
        }
    }

    void aWindowChangesOnlyWhatItChangesOfTheTeachers()
    {
        const TempFolder folder;
        const auto file = folder / "teachers.yaml";
        core::TeacherSettings before;
        before.address = "https://one.example/v1";
        before.model = "one";
        before.prices["one"] = {1, 2};
        before.prices["old"] = {3, 4};
        VERIFY_RESULT(before.save(file));
        // Another window takes another service and adds a price.
        VERIFY_RESULT(core::TeacherSettings::update(
            [](core::TeacherSettings &now) {
                now.address = "https://two.example/v1";
                now.model = "two";
                now.prices["two"] = {5, 6};
            },
            file));
        core::TeacherSettings after = before;
        after.weights = "/models/m.gguf";
        after.prices["one"] = {1, 9};
        after.prices.erase("old");
        const auto kept =
            core::TeacherSettings::update([&](core::TeacherSettings &now) { after.putChanges(before, now); }, file);
        VERIFY_RESULT(kept);
        const auto now = core::TeacherSettings::load(file);
        VERIFY_RESULT(now);
        QCOMPARE(now->model, std::string("two"));
        QCOMPARE(now->weights, std::string("/models/m.gguf"));
        QCOMPARE(now->priceOf("one").output, 9.0);
        QCOMPARE(now->priceOf("two").output, 6.0);
        QVERIFY(!now->prices.contains("old"));
        after.takeKnown(*kept);
        QCOMPARE(after.model, std::string("one"));
        QCOMPARE(after.priceOf("two").output, 6.0);
        // What cannot be read is not written over.
        write(file, "a: [");
        QVERIFY(!core::TeacherSettings::update([](core::TeacherSettings &) {}, file));
        QCOMPARE(read(file), std::string("a: ["));
    }

    void twoWritersOfOneFileDoNotMeet()
    {
        const TempFolder folder;
        const auto target = folder / "file";
        // One within the other, in one process.
        VERIFY_RESULT(base::fillFile(target, [&](const fs::path &outer) -> base::Result<void> {
            write(outer, "outer");
            if (auto inner = base::writeFile(target, "inner"); !inner)
                return inner;
            return read(outer) == "outer" && read(target) == "inner"
                       ? base::Result<void>()
                       : base::failure(base::ErrorCode::Io, "they share a name");
        }));
        QCOMPARE(read(target), std::string("outer"));
        std::atomic<int> failed = 0;
        inThreads(4, [&](int i) {
            for (int n = 0; n < 20; ++n) {
                failed += base::writeFile(target, std::string(100'000, static_cast<char>('a' + i))) ? 0 : 1;
                failed += base::writeFolder(folder / ("folder" + std::to_string(i)), true,
                                            [&](const fs::path &made) { return base::writeFile(made / "f", "x"); })
                              ? 0
                              : 1;
            }
        });
        QCOMPARE(failed.load(), 0);
        const std::string whole = read(target);
        QCOMPARE(whole, std::string(100'000, whole.front()));
        size_t files = 0;
        for (const auto &entry : fs::directory_iterator(folder.path()))
            files += entry.exists() ? 1 : 0;
        QCOMPARE(files, size_t{5});
    }

    void aLongNameLeavesRoom()
    {
        const TempFolder folder;
        const std::string name(255, 'n');
        VERIFY_RESULT(base::writeFile(folder / name, "x"));
        QCOMPARE(read(folder / name), std::string("x"));
    }

    void onlyWhatNobodyWritesAnyMoreIsRemoved()
    {
        const TempFolder folder;
        const std::string own = temporaryNameOf(folder / "file");
        QVERIFY2(own.starts_with("file.part-stillroom-"), own.c_str());
        const std::string place = own.substr(20, own.find('.', 20) - 20);
        const std::string process = std::to_string(::getpid());
        const size_t begin = own.find('.', own.find(process, 20)) + 1;
        const std::string began = own.substr(begin, own.find('.', begin) - begin);
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(0);
        QCOMPARE(::waitpid(child, nullptr, 0), child);
        const auto name = [&](const std::string &of, const std::string &pid, const std::string &since) {
            return folder / ("x.part-stillroom-" + of + "." + pid + "." + since + ".1");
        };
        const auto here = name(place, process, began), dead = name(place, std::to_string(child), began),
                   reused = name(place, process, began + "1"), elsewhere = name("0123456789abcdef", "1", "1"),
                   abandoned = name("fedcba9876543210", "1", "1"),
                   journal = folder / (dead.filename().string() + "-journal"), before = folder / "x.part-stillroom-77";
        for (const auto &path : {here, dead, reused, elsewhere, abandoned, journal, before})
            write(path, "x");
        fs::last_write_time(abandoned, fs::file_time_type::clock::now() - std::chrono::hours(24 * 8));
        base::removeLeftOvers(folder.path());
        QVERIFY(fs::exists(here));
        QVERIFY(!fs::exists(dead));
        QVERIFY(!fs::exists(journal));
        QVERIFY(!fs::exists(reused));
        QVERIFY(fs::exists(elsewhere));
        QVERIFY(fs::exists(before));
        QVERIFY(!fs::exists(abandoned));
    }

    void whatTeachersSawIsKeptOfAllAtOnce()
    {
        const TempFolder folder;
        auto service = core::Service::create(folder / "s", "s", {.taskDescription = "t"});
        VERIFY_RESULT(service);
        std::atomic<int> failed = 0;
        inThreads(4, [&](int i) {
            const auto own = core::Service::openAgain(folder / "s");
            for (int64_t row = 0; own && row < 15; ++row) {
                failed += core::TeacherMemory::add(*own, "teacher", {100 * i + row}) ? 0 : 1;
                failed += core::keepMetric(*own, {"m" + std::to_string(100 * i + row), "1"}) ? 0 : 1;
            }
            failed += own ? 0 : 1;
        });
        QCOMPARE(failed.load(), 0);
        const auto memory = core::TeacherMemory::of(*service);
        VERIFY_RESULT(memory);
        for (int i = 0; i < 4; ++i) {
            for (int64_t row = 0; row < 15; ++row)
                QVERIFY(memory->hasSeen("teacher", 100 * i + row));
        }
        QCOMPARE(core::metricsOf(*service)->size(), size_t{60});
    }

    void modelsAreToldApartByWhatIsInThem()
    {
        const TempFolder folder;
        const auto identity = [](const fs::path &file) {
            const auto known = core::weightsIdentity(file);
            return known ? *known : known.error().message;
        };
        std::string bytes = "GGUF" + std::string(20 << 20, 'w');
        write(folder / "a/model.gguf", bytes);
        write(folder / "c/renamed.gguf", bytes);
        for (size_t i = bytes.size() / 3; i < bytes.size() / 2; ++i)
            bytes[i] = 'v';  // some layers are others
        write(folder / "b/model.gguf", bytes);
        const auto first = identity(folder / "a/model.gguf");
        QCOMPARE(first.size(), size_t{64});
        QCOMPARE(identity(folder / "c/renamed.gguf"), first);
        QVERIFY(identity(folder / "b/model.gguf") != first);
        // Small ones to the byte.
        write(folder / "small1.gguf", "GGUF one");
        write(folder / "small2.gguf", "GGUF two");
        QVERIFY(identity(folder / "small1.gguf") != identity(folder / "small2.gguf"));
        // Another part is another model.
        for (const char *place : {"d", "e"}) {
            write(folder / place / "m-00001-of-00002.gguf", "GGUF");
            write(folder / place / "m-00002-of-00002.gguf", std::string("GGUF ") + place);
        }
        QVERIFY(identity(folder / "d/m-00001-of-00002.gguf") != identity(folder / "e/m-00001-of-00002.gguf"));
        QVERIFY(!core::weightsIdentity(folder / "none.gguf"));
    }
};

QTEST_GUILESS_MAIN(SharedFilesTest)
#include "tst_shared_files.moc"
