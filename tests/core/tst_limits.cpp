// SPDX-License-Identifier: Apache-2.0
// What control groups leave of a machine.
#include "core/base/cores.h"
#include "core/base/memory.h"
#include "tests/support/support.h"

#include <sched.h>
#include <sstream>

using namespace support;

class LimitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theCacheOfFilesIsNoUsedMemory()
    {
        const TempFolder root;
        const auto group = [&](const std::string &path, const char *most, const char *used, const char *cache) {
            write(root / (path + "/memory.max"), most);
            write(root / (path + "/memory.current"), used);
            write(root / (path + "/memory.stat"),
                  "anon 100\nfile 900\nactive_file 1\ninactive_file " + std::string(cache) + "\nslab 3\n");
        };
        group("a/b", "1000\n", "900\n", "700");
        QCOMPARE(base::leftInControlGroup(root / "a/b", root.path()), int64_t{800});
        group("a", "500\n", "450\n", "100");  // above it, and tighter
        QCOMPARE(base::leftInControlGroup(root / "a/b", root.path()), int64_t{150});
        group("a", "max\n", "450\n", "100");
        QCOMPARE(base::leftInControlGroup(root / "a/b", root.path()), int64_t{800});
        group("a/b", "1000\n", "1000\n", "0");
        QCOMPARE(base::leftInControlGroup(root / "a/b", root.path()), int64_t{0});
        std::filesystem::remove(root / "a/b/memory.stat");
        QCOMPARE(base::leftInControlGroup(root / "a/b", root.path()), int64_t{0});
        QVERIFY(base::leftInControlGroup(root / "none", root.path()) > int64_t{1} << 60);
        QVERIFY(base::availableMemory() > 0);
    }

    void quotasOfControlGroupsAreHonoured()
    {
        const TempFolder root;
        const auto cores = [&](const char *folder) { return base::coresIn({root / folder, root.path()}); };
        const auto group = [&](const char *folder, const char *file, const char *content) {
            std::filesystem::create_directories(root / folder);
            write(root / folder / file, content);
        };
        group("a/b", "cpu.max", "150000 100000\n");
        QCOMPARE(cores("a/b"), 1.5);
        group("a", "cpu.max", "50000 100000\n");  // above it, and tighter
        QCOMPARE(cores("a/b"), 0.5);
        group("a", "cpu.max", "max 100000\n");
        QCOMPARE(cores("a/b"), 1.5);
        QVERIFY(std::isinf(cores("a")));
        group("one", "cpu.cfs_quota_us", "300000\n");
        group("one", "cpu.cfs_period_us", "100000\n");
        QCOMPARE(cores("one"), 3.0);
        group("one", "cpu.cfs_quota_us", "-1\n");
        QVERIFY(std::isinf(cores("one")));
        QVERIFY(std::isinf(cores("none")));
    }

    void theOwnGroupIsReadInBothVersions()
    {
        const auto group = [](const char *lines, const char *controller) {
            std::istringstream in(lines);
            const auto found = base::controlGroup(in, "/mnt", controller);
            return found ? found->folder.string() : std::string("none");
        };
        const char *first = "12:memory:/m\n4:cpu,cpuacct:/docker/7:8\n3:cpuset:/\n";
        QCOMPARE(group(first, "cpu"), "/mnt/cpu/docker/7:8");
        QCOMPARE(group(first, ""), "none");
        QCOMPARE(group("0::/user.slice/app\n", ""), "/mnt/user.slice/app");
        QCOMPARE(group("0::/user.slice/app\n", "cpu"), "none");
        QCOMPARE(group("", "cpu"), "none");
    }

    void onlyCoresThatItMayRunOnCount()
    {
        cpu_set_t before;
        QCOMPARE(::sched_getaffinity(0, sizeof before, &before), 0);
        QVERIFY(base::usableCores() >= 1 && base::usableCores() <= CPU_COUNT(&before));
        cpu_set_t one;
        CPU_ZERO(&one);
        for (int core = 0; core < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++core) {
            if (CPU_ISSET(core, &before))
                CPU_SET(core, &one);
        }
        QCOMPARE(::sched_setaffinity(0, sizeof one, &one), 0);
        QCOMPARE(base::usableCores(), 1);
        QCOMPARE(::sched_setaffinity(0, sizeof before, &before), 0);
    }

    void fewerCoresCanBeUsed()
    {
        const int all = base::usableCores();
        base::limitCores(1);
        QCOMPARE(base::usableCores(), 1);
        base::limitCores(base::MostCores);
        QCOMPARE(base::usableCores(), all);
        base::limitCores(0);
        QCOMPARE(base::usableCores(), all);
    }
};

QTEST_MAIN(LimitsTest)
#include "tst_limits.moc"
