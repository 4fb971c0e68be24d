// SPDX-License-Identifier: Apache-2.0
// Edits that stay open while rows come in: what imports are, those that update rows among them.
#include "core/base/failpoint.h"
#include "core/service/service.h"
#include "core/store/edit_log.h"
#include "tests/support/support.h"

#include <sys/wait.h>
#include <unistd.h>

using namespace support;
using core::EditLog;
using core::FieldChange;
using Field = core::FieldChange::Field;

namespace {

constexpr int64_t Rows = 4500;  ///< several slices of changes
constexpr int64_t Early = 10;
constexpr int64_t Late = 4400;

std::vector<FieldChange> labelAll(int64_t label)
{
    std::vector<FieldChange> changes;
    for (int64_t row = 1; row <= Rows; ++row) {
        changes.push_back({row, Field::Label, {}, label});
        changes.push_back({row, Field::Provenance, "human", {}});
    }
    return changes;
}

}  // namespace

class OpenEditsTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<TempFolder> m_folder;
    std::optional<core::Service> m_service;

    [[nodiscard]] EditLog log() const { return EditLog(m_service->database()); }
    [[nodiscard]] std::optional<int64_t> labelOf(int64_t row) const
    {
        return m_service->examples().read(std::span(&row, 1))->at(0).label;
    }
    [[nodiscard]] size_t rowsOf(int64_t label) const { return m_service->examples().order({.label = label})->size(); }
    [[nodiscard]] std::string extraOf(int64_t row) const
    {
        return m_service->examples().read(std::span(&row, 1))->at(0).extra;
    }
    /// Labels all rows anew, changes one's other columns, adds a row of a new class and removes one, as one edit.
    int64_t update(const std::string &name) const
    {
        const auto edit = log().open("Update");
        const auto label = log().labelsFor(*edit, std::vector{name}, true);
        const core::Example added{.text = "added", .label = label->front()};
        const FieldChange extra{Early, Field::Extra, "{\"n\":1}", {}};
        const bool done = log().change(*edit, labelAll(2)) && log().change(*edit, std::span(&extra, 1)) &&
                          log().add(*edit, std::span(&added, 1)) && log().remove(*edit, std::vector{Late}) &&
                          log().close(*edit);
        if (!done)
            qFatal("the rows could not be updated");
        return label->front();
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TempFolder>();
        auto service = core::Service::create(*m_folder / "s", "s", {"task", {{"a", ""}, {"b", ""}, {"c", ""}}, {}, {}});
        VERIFY_RESULT(service);
        m_service.emplace(std::move(*service));
        core::EditDraft draft{.title = "Rows"};
        for (int64_t row = 1; row <= Rows; ++row)
            draft.newRows.push_back({.text = std::to_string(row), .label = 1});
        VERIFY_RESULT(log().apply(draft));
    }

    void anImportThatUpdatesIsOneEdit()
    {
        const auto brought = update("brought");
        QCOMPARE(log().history()->size(), size_t{2});
        const auto isUpdated = [&](bool updated) {
            QCOMPARE(rowsOf(2), updated ? size_t{Rows - 1} : size_t{0});
            QCOMPARE(rowsOf(brought), updated ? size_t{1} : size_t{0});
            QCOMPARE(m_service->examples().counts()->total(), Rows);  // one comes, one goes
            QCOMPARE(extraOf(Early), std::string(updated ? "{\"n\":1}" : ""));
            QCOMPARE(m_service->examples().rowsById(std::vector{Late})->size(), size_t{updated ? 0U : 1U});
            QCOMPARE(m_service->examples().labels()->size(), size_t{updated ? 4U : 3U});
        };
        isUpdated(true);
        QVERIFY(*log().isUndoLarge());
        QCOMPARE((*log().undo())->title, std::string("Update"));
        isUpdated(false);
        VERIFY_RESULT(log().redo());
        isUpdated(true);
        VERIFY_RESULT(log().apply(*log().inverse(log().history()->front().id)));
        isUpdated(false);
        VERIFY_RESULT(log().undo());
        isUpdated(true);
    }

    void givenUpOrKilledAnUpdateHasNeverBeen()
    {
        const auto folder = *m_folder / "s";
        const auto edit = log().open("Update");
        VERIFY_RESULT(edit);
        VERIFY_RESULT(log().change(*edit, labelAll(2)));
        QCOMPARE(rowsOf(2), size_t{Rows});
        // Who edits in between has the last word, also where the update comes by again.
        VERIFY_RESULT(log().apply("By hand", std::vector<FieldChange>{{Early, Field::Label, {}, 3}}));
        VERIFY_RESULT(log().change(*edit, labelAll(2)));
        QCOMPARE(labelOf(Early), std::optional<int64_t>(3));
        VERIFY_RESULT(log().abandon(*edit));
        QCOMPARE(rowsOf(1), size_t{Rows - 1});
        QCOMPARE(labelOf(Early), std::optional<int64_t>(3));
        VERIFY_RESULT(log().undo());
        QCOMPARE(labelOf(Early), std::optional<int64_t>(1));
        m_service.reset();
        const pid_t child = ::fork();
        if (child == 0) {
            auto service = core::Service::open(folder);
            const EditLog log(service->database());
            const auto begun = log.open("Update");
            const std::vector<std::string> names{"never"};
            const bool done = begun && log.labelsFor(*begun, names, true) && log.change(*begun, labelAll(2)) &&
                              log.remove(*begun, std::vector{Late});
            ::_exit(done ? 7 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        QCOMPARE(WEXITSTATUS(status), 7);
        auto service = core::Service::open(folder);
        VERIFY_RESULT(service);
        m_service.emplace(std::move(*service));
        QCOMPARE(rowsOf(1), size_t{Rows});
        QCOMPARE(m_service->examples().labels()->size(), size_t{3});
        QCOMPARE(log().history()->size(), size_t{2});
        auto left = m_service->database().prepare("SELECT 1 FROM edit_change WHERE edit NOT IN (SELECT id FROM edit)");
        QVERIFY(!left.step());
        QVERIFY((*log().redo())->title == "By hand");
    }

    void manyLabelsTakeOneTransaction()
    {
        VERIFY_RESULT(log().apply({.title = "Delete b", .labels = {{2, core::LabelChange::Field::Removed, {}, 1}}}));
        std::vector<std::string> names{"c", "b"};
        for (int i = 0; i < 1200; ++i)
            names.push_back("label " + std::to_string(i % 1000));
        const auto places = *m_folder / "places";
        const auto edit = log().open("Import");
        VERIFY_RESULT(edit);
        qputenv("STILLROOM_FAILPOINT_LOG", QByteArray::fromStdString(places.string()));
        base::armFailpoints();
        const auto ids = log().labelsFor(*edit, names, true);
        qunsetenv("STILLROOM_FAILPOINT_LOG");
        base::armFailpoints();
        VERIFY_RESULT(ids);
        const std::string passed = read(places);
        QCOMPARE(passed, std::string("store.begin\nstore.commit.before\nstore.commit.after\n"));
        QCOMPARE(ids->size(), names.size());
        QCOMPARE((*ids)[0], int64_t{3});
        QCOMPARE((*ids)[1], int64_t{2});  // the removed one has come back
        QCOMPARE((*ids)[2 + 1000], (*ids)[2]);
        VERIFY_RESULT(log().close(*edit));
        const auto labels = m_service->examples().labels();
        QCOMPARE(labels->size(), size_t{1003});
        QCOMPARE(labels->at(2).name, std::string("b"));
        QCOMPARE(labels->back().name, std::string("label 999"));
        QCOMPARE(labels->back().colour, int64_t{1002});
        VERIFY_RESULT(log().undo());
        QCOMPARE(m_service->examples().labels()->size(), size_t{2});
    }

    void foreignKeysAreLookedAtAgainAfterAFailure()
    {
        const auto &database = m_service->database();
        const auto looked = [&] {
            auto row = database.prepare("PRAGMA foreign_keys");
            return row.step() && row.integer(0) == 1;
        };
        QVERIFY(looked());
        const auto edit = log().open("Import");
        VERIFY_RESULT(edit);
        const core::Example added{.text = "added", .label = 1};
        VERIFY_RESULT(log().add(*edit, std::span(&added, 1)));
        database.execute(
            "CREATE TEMP TRIGGER refuse BEFORE DELETE ON main.example BEGIN SELECT RAISE(FAIL, 'no'); END");
        QVERIFY(!log().abandon(*edit));
        QVERIFY(looked());
        database.execute("DROP TRIGGER refuse");
        QVERIFY_EXCEPTION_THROWN(
            {
                const core::WithoutForeignKeys unchecked(database);
                QVERIFY(!looked());
                throw std::runtime_error("x");
            },
            std::runtime_error);
        QVERIFY(looked());
    }
};

QTEST_GUILESS_MAIN(OpenEditsTest)
#include "tst_open_edits.moc"
