// SPDX-License-Identifier: Apache-2.0
#include "core/engine/weights/safetensors.h"
#include "core/service/salvage.h"
#include "core/service/service.h"
#include "core/store/backups.h"
#include "core/store/edit_log.h"
#include "core/store/label_set.h"
#include "core/store/page_file.h"
#include "core/store/run_store.h"
#include "tests/support/support.h"

#include <map>
#include <random>
#include <set>

using namespace support;
namespace fs = std::filesystem;

namespace {

constexpr int RowCount = 3000;
constexpr size_t PageSize = 4096;

using Rows = std::map<int64_t, core::Example>;

Rows rowsOf(const core::Service &service)
{
    Rows rows;
    for (const core::Split split : {core::Split::Train, core::Split::Test, core::Split::Unlabelled}) {
        if (!service.examples().forEach({.split = split}, [&](const core::Example &row) { rows[row.id] = row; }))
            qFatal("rows could not be read");
    }
    return rows;
}

bool equal(const core::Example &a, const core::Example &b)
{
    return a.text == b.text && core::labelsOf(a) == core::labelsOf(b) && a.parent == b.parent && a.split == b.split &&
           a.provenance == b.provenance && a.source == b.source && a.sourceRow == b.sourceRow &&
           a.confidence == b.confidence && a.extra == b.extra && a.origin == b.origin && a.content == b.content;
}

void addRows(const core::Service &service, int count, const std::string &about)
{
    const core::EditLog log(service.database());
    std::vector<core::Example> rows;
    for (int i = 0; i < count; ++i) {
        core::Example row;
        row.text = about + " \xE2\x82\xAC " + std::to_string(i) + std::string(static_cast<size_t>(i % 300), 'x');
        if (i % 600 == 599)
            row.text += std::string(20'000, 'y');  // over several pages
        if (i % 7 != 0)
            row.label = 1 + i % 3;
        if (i % 13 == 0)
            row.parent = i;
        if (i % 11 == 0)
            core::setLabels(row, core::labelSet(i % 2 == 0 ? std::vector<int64_t>{1, 3} : std::vector<int64_t>()));
        row.split = static_cast<core::Split>(i % 3);
        row.source = "mails.csv";
        row.sourceRow = i;
        if (i % 5 == 0)
            row.confidence = i / 4096.0;
        if (i % 3 == 0)
            row.extra = "{\"ticket\":\"" + std::to_string(i) + "\"}";
        // Numbers that take one byte and nine.
        row.origin = i % 2 == 0 ? int64_t{-7'000'000'000'000'000'000} + i : 1;
        row.content = i % 4 == 0 ? 0 : i;
        rows.push_back(row);
    }
    const auto edit = log.open("Add");
    if (!edit || !log.add(*edit, rows) || !log.close(*edit))
        qFatal("rows could not be added");
}

/// Which page each row begins on, as a whole file says.
std::map<int64_t, int64_t> pagesOf(const fs::path &file, const Rows &rows)
{
    std::map<int64_t, int64_t> pages;
    auto opened = core::PageFile::open(file, false);
    const auto outcome = opened->forEachRecord([&](int64_t page, const core::PageRecord &record) {
        if (record.hasRowid && record.values.size() == 17 && rows.contains(record.rowid))
            pages[record.rowid] = page;
        return true;
    });
    if (outcome.damagedPages != 0 || pages.size() != rows.size())
        qFatal("a whole file was not read whole");
    return pages;
}

void overwrite(const fs::path &file, size_t at, const std::string &bytes)
{
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(at));
    out << bytes;
}

}  // namespace

class SalvageTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    fs::path m_whole = m_folder / "whole";
    Rows m_rows;
    std::map<int64_t, int64_t> m_pages;
    int m_next = 0;

    /// A copy that may be damaged.
    fs::path copy()
    {
        const fs::path to = m_folder / ("damaged-" + std::to_string(m_next++));
        fs::copy(m_whole, to, fs::copy_options::recursive);
        return to;
    }

    struct Salvaged {
        core::SalvageReport report;
        Rows rows;
    };
    Salvaged salvaged(const fs::path &damaged)
    {
        const fs::path to = damaged.string() + "-new";
        const auto report = core::salvage(damaged, to, {});
        if (!report)
            qFatal("%s", report.error().message.c_str());
        const auto service = core::Service::open(to);
        if (!service)
            qFatal("%s", service.error().message.c_str());
        Salvaged result{*report, rowsOf(*service)};
        fs::remove_all(to);
        fs::remove_all(damaged);
        return result;
    }

    static const fs::path data(const fs::path &service) { return service / core::Service::DatabaseName; }

private Q_SLOTS:
    void initTestCase()
    {
        auto service = core::Service::create(m_whole, "Mails",
                                             {"Sort mails", {{"a", "first"}, {"b", "second"}, {"c", "third"}}, {}, {}});
        VERIFY_RESULT(service);
        addRows(*service, RowCount, "text");
        m_rows = rowsOf(*service);
        {
            const auto closed = std::move(*service);
        }
        m_pages = pagesOf(data(m_whole), m_rows);
    }

    void aWholeServiceIsCopied()
    {
        const fs::path to = m_folder / "copied";
        write(m_whole / "answers.sqlite", "bought");
        write(m_whole / "answers.sqlite-wal", "lately");
        const auto report = core::salvage(m_whole, to, {});
        VERIFY_RESULT(report);
        QCOMPARE(report->rows, int64_t{RowCount});
        QCOMPARE(report->damagedPages, int64_t{0});
        QCOMPARE(report->lostRows, (std::array<int64_t, 3>{}));
        const auto service = core::Service::open(to);
        VERIFY_RESULT(service);
        const auto rows = rowsOf(*service);
        for (const auto &[id, row] : m_rows)
            QVERIFY(rows.contains(id) && equal(rows.at(id), row));
        QCOMPARE(*service->setting(core::keys::Name), std::string("Mails"));
        QCOMPARE(*service->setting(core::keys::TaskDescription), std::string("Sort mails"));
        QCOMPARE(service->examples().labels()->at(2).description, std::string("third"));
        QCOMPARE(read(to / "answers.sqlite"), std::string("bought"));
        QCOMPARE(read(to / "answers.sqlite-wal"), std::string("lately"));
        QVERIFY(read(to / "salvage-report.txt").starts_with("3000 rows, 3 classes and 0 training runs were salvaged."));
    }

    void whatIsOnlyInTheLogIsFound()
    {
        const fs::path from = m_folder / "open", moved = m_folder / "moved";
        auto service = core::Service::create(from, "s", {"task", {{"a", ""}, {"b", ""}, {"c", ""}}, {}, {}});
        VERIFY_RESULT(service);
        addRows(*service, 500, "logged");
        const auto expected = rowsOf(*service);
        fs::copy(from, moved, fs::copy_options::recursive);  // as a crash would leave it
        QVERIFY(fs::file_size(data(moved).string() + "-wal") > 0);
        // Its first page is lost: SQLite would no longer look at the log.
        overwrite(data(moved), 0, std::string(PageSize, '\0'));
        const auto result = salvaged(moved);
        QCOMPARE(result.rows.size(), expected.size());
        for (const auto &[id, row] : expected)
            QVERIFY(equal(result.rows.at(id), row));
    }

    void twoHundredDamagedFiles()
    {
        int64_t renumbered = 0;
        std::mt19937_64 random(7);
        const size_t size = fs::file_size(data(m_whole));
        const size_t pages = size / PageSize;
        int64_t intact = 0, found = 0;
        for (int i = 0; i < 200; ++i) {
            const fs::path damaged = copy();
            std::set<int64_t> hit;
            switch (i % 4) {
            case 0:  // bits flipped
                for (int n = 0; n < 20; ++n) {
                    const size_t at = random() % size;
                    overwrite(data(damaged), at, std::string(1, static_cast<char>(random())));
                    hit.insert(static_cast<int64_t>(at / PageSize) + 1);
                }
                break;
            case 1: {  // cut short
                const size_t left = size / 20 + random() % (size - size / 20);
                fs::resize_file(data(damaged), left);
                for (size_t page = left / PageSize; page < pages; ++page)
                    hit.insert(static_cast<int64_t>(page) + 1);
                break;
            }
            case 2:  // pages zeroed, the first among them
                for (size_t n = 0; n < 1 + random() % 12; ++n) {
                    const size_t page = n == 0 && i % 8 == 2 ? 0 : random() % pages;
                    overwrite(data(damaged), page * PageSize, std::string(PageSize, '\0'));
                    hit.insert(static_cast<int64_t>(page) + 1);
                }
                break;
            default:  // noise over a stretch
                const size_t at = random() % (size - 40'000);
                std::string noise(random() % 40'000, '\0');
                for (char &c : noise)
                    c = static_cast<char>(random());
                overwrite(data(damaged), at, noise);
                for (size_t page = at / PageSize; page <= (at + noise.size()) / PageSize; ++page)
                    hit.insert(static_cast<int64_t>(page) + 1);
            }
            const auto [report, rows] = salvaged(damaged);
            int64_t here = 0, foundHere = 0;
            for (const auto &[id, page] : m_pages) {
                if (hit.contains(page))
                    continue;
                ++here;
                foundHere += rows.contains(id) && rows.at(id).text == m_rows.at(id).text ? 1 : 0;
            }
            intact += here;
            found += foundHere;
            // Long texts go on over pages that may be hit: 5 of 3,000.
            QVERIFY2(foundHere >= here - 5,
                     qPrintable(QStringLiteral("damage %1: %2 of %3").arg(i).arg(foundHere).arg(here)));
            for (const auto &[id, row] : rows) {
                QVERIFY(!row.text.empty());
                if (m_rows.contains(id))
                    continue;
                // A bit of its number was flipped: nothing tells, but the text is one of ours.
                ++renumbered;
                QVERIFY2(row.text.starts_with("text \xE2\x82\xAC "), row.text.c_str());
            }
        }
        qInfo("%lld of %lld rows on intact pages", static_cast<long long>(found), static_cast<long long>(intact));
        QVERIFY2(renumbered <= 3, std::to_string(renumbered).c_str());
        QVERIFY(static_cast<double>(found) >= 0.99 * static_cast<double>(intact));
    }

    void lostRowsAreCountedAndTakenFromABackup()
    {
        const int64_t page = m_pages.at(1500);
        int64_t onIt = 0;
        for (const auto &[id, where] : m_pages)
            onIt += where == page ? 1 : 0;
        const fs::path bare = copy(), backed = copy();
        VERIFY_RESULT(core::backUpDaily(core::Service::open(backed)->database()));
        for (const fs::path &damaged : {bare, backed})
            overwrite(data(damaged), static_cast<size_t>(page - 1) * PageSize, std::string(PageSize, '\0'));
        QCOMPARE(core::Service::open(bare).error().code, base::ErrorCode::Corrupt);
        const auto without = salvaged(bare).report;
        QCOMPARE(without.rows, RowCount - onIt);
        QCOMPARE(without.lostRows[0] + without.lostRows[1] + without.lostRows[2], onIt);
        QCOMPARE(without.unusedNumbers, int64_t{0});
        const auto with = salvaged(backed);
        QCOMPARE(with.report.rowsFromBackups, onIt);
        QCOMPARE(with.report.lostRows, (std::array<int64_t, 3>{}));
        for (const auto &[id, row] : m_rows)
            QVERIFY(equal(with.rows.at(id), row));
    }

    void aForeignLogIsLeftOut()
    {
        const fs::path other = m_folder / "other", damaged = copy();
        {
            auto made = core::Service::create(other, "other", {"task", {{"a", ""}, {"b", ""}, {"c", ""}}, {}, {}});
            VERIFY_RESULT(made);
            addRows(*made, 300, "foreign");
        }
        const auto service = core::Service::open(other);
        addRows(*service, 20, "newest");
        fs::copy_file(data(other).string() + "-wal", data(damaged).string() + "-wal");
        const auto [report, rows] = salvaged(damaged);
        QVERIFY(report.logLeftOut);
        QCOMPARE(report.rows, int64_t{RowCount});
        for (const auto &[id, row] : m_rows)
            QVERIFY(equal(rows.at(id), row));
    }

    void namelessClassesKeepTheirRowsTogether()
    {
        const fs::path damaged = copy();
        auto file = core::PageFile::open(data(damaged), false);
        int64_t labels = 0;
        file->forEachRecord([&](int64_t page, const core::PageRecord &record) {
            if (record.hasRowid && record.values.size() == 9)
                labels = page;
            return true;
        });
        overwrite(data(damaged), static_cast<size_t>(labels - 1) * PageSize, std::string(PageSize, '\0'));
        const auto [report, rows] = salvaged(damaged);
        QCOMPARE(report.namelessClasses, int64_t{3});
        for (const auto &[id, row] : m_rows)
            QCOMPARE(rows.at(id).label, row.label);
    }

    void runsComeAlongAndHalfCheckpointsDoNot()
    {
        const fs::path damaged = copy(), to = m_folder / "with-runs";
        {
            const auto service = core::Service::open(damaged);
            const core::RunStore runs(service->database());
            core::RunInfo info;
            info.labels = {"a", "b", "c"};
            info.base = "weights";
            const std::vector<core::RunRow> seen{{1, "train", 5}, {2, "test", 6}};
            const auto run = runs.create("first", info, seen);
            VERIFY_RESULT(run);
            engine::Matrix probabilities(1, 3);
            probabilities.row(0)[1] = 0.5F;
            const int64_t example = 2;
            for (const int epoch : {1, 2}) {
                VERIFY_RESULT(runs.putCheckpoint(*run, {epoch, 0.25, 1.5, {}, {}}, {{example}, probabilities}));
                VERIFY_RESULT(runs.addMetrics(*run, epoch, {{"train_loss", 0.5}}));
                const fs::path folder = service->checkpointFolder(*run, epoch);
                fs::create_directories(folder);
                const std::vector<float> values{1, 2};
                const engine::TensorView tensor{"w", "F32", {2}, std::as_bytes(std::span(values))};
                VERIFY_RESULT(engine::writeSafetensors(folder / "model.safetensors", std::span(&tensor, 1)));
            }
            fs::resize_file(service->checkpointFolder(*run, 2) / "model.safetensors", 40);
            write(m_folder / "secret.txt", "elsewhere");
            fs::create_symlink(m_folder / "secret.txt", service->checkpointFolder(*run, 1) / "config.json");
        }
        const auto report = core::salvage(damaged, to, {});
        VERIFY_RESULT(report);
        QCOMPARE(report->runs, int64_t{1});
        QCOMPARE(report->lostCheckpoints, std::vector<std::string>{"first/2"});
        const auto service = core::Service::open(to);
        const core::RunStore runs(service->database());
        QCOMPARE(runs.run("first")->state, std::string("interrupted"));
        QCOMPARE(runs.rows("first")->size(), size_t{2});
        QCOMPARE(runs.metrics("first")->at("train_loss").size(), size_t{2});
        QCOMPARE(runs.predictions("first", 1)->probabilities.row(0)[1], 0.5F);
        QVERIFY(fs::exists(service->checkpointFolder("first", 1) / "model.safetensors"));
        QVERIFY(!fs::exists(service->checkpointFolder("first", 1) / "config.json"));
        QVERIFY(!fs::exists(service->checkpointFolder("first", 2)));
    }

    void nothingIsLeftWhenNothingCanBeRead()
    {
        const fs::path damaged = m_folder / "noise", to = m_folder / "never";
        write(data(damaged), std::string(PageSize * 9, '\x0D'));
        QCOMPARE(core::salvage(damaged, to, {}).error().code, base::ErrorCode::Corrupt);
        write(data(damaged), "short");
        QCOMPARE(core::salvage(damaged, to, {}).error().code, base::ErrorCode::Corrupt);
        QCOMPARE(core::salvage(m_folder / "nowhere", to, {}).error().code, base::ErrorCode::NotFound);
        QCOMPARE(core::salvage(m_whole, m_whole, {}).error().code, base::ErrorCode::AlreadyExists);
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(core::salvage(m_whole, to, {stop.get_token()}).error().code, base::ErrorCode::Cancelled);
        QVERIFY(!fs::exists(to));
    }
};

QTEST_GUILESS_MAIN(SalvageTest)
#include "tst_salvage.moc"
