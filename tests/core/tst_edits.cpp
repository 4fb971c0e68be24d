// SPDX-License-Identifier: Apache-2.0
// Edits of many rows: written in slices, beside others, stopped, undone and killed in their midst.
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

constexpr int64_t Rows = 7000;
constexpr int64_t Early = 10;
constexpr int64_t Late = 6900;

core::EditDraft labelAll(int64_t label)
{
    core::EditDraft draft{.title = "Label all"};
    for (int64_t row = 1; row <= Rows; ++row) {
        draft.changes.push_back({row, Field::Label, {}, label});
        draft.changes.push_back({row, Field::Provenance, "human", {}});
    }
    return draft;
}

core::EditDraft addMany(int64_t rows)
{
    core::EditDraft draft{.title = "Add many", .newLabels = {{.name = "new"}}};
    for (int64_t row = 0; row < rows; ++row)
        draft.newRows.push_back({.text = "added " + std::to_string(row), .label = core::newLabel(0)});
    return draft;
}

/// Runs `work` in a process of its own, which dies when the work first reports.
void dieAtFirstReport(const std::filesystem::path &folder,
                      const std::function<void(const EditLog &, const base::WorkContext &)> &work)
{
    const pid_t child = ::fork();
    if (child == 0) {
        auto service = core::Service::open(folder);
        base::WorkContext context;
        context.report = [](const base::Progress &) { ::_exit(7); };
        if (service)
            work(EditLog(service->database()), context);
        ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    QCOMPARE(WEXITSTATUS(status), 7);
}

}  // namespace

class EditsTest : public QObject {
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
    [[nodiscard]] int64_t number(const char *sql) const
    {
        auto row = m_service->database().prepare(sql);
        row.step();
        return row.integer(0);
    }

private Q_SLOTS:
    /// Programs before this one wrote what printf says, in some languages with a comma.
    void aConfidenceIsANumberInTheFile()
    {
        const auto &service = *m_service;
        const std::vector<int64_t> ids{Early};
        const EditLog log(service.database());
        const auto confidence = [&] { return service.examples().read(ids)->front().confidence; };
        VERIFY_RESULT(
            log.apply({.title = "Label", .changes = {{ids[0], FieldChange::Field::Confidence, {}, {}, 0.75}}}));
        QCOMPARE(confidence(), std::optional(0.75));
        auto kind = service.database().prepare(
            "SELECT typeof(confidence), (SELECT typeof(new) FROM edit_change WHERE field = 'confidence') FROM example "
            "WHERE id = 10");
        QVERIFY(kind.step());
        QCOMPARE(kind.text(0), std::string("real"));
        QCOMPARE(kind.text(1), std::string("real"));
        kind.reset();
        VERIFY_RESULT(log.undo());
        QVERIFY(!confidence());
        VERIFY_RESULT(log.redo());
        QCOMPARE(confidence(), std::optional(0.75));
        const auto stored = [&](const char *value) {
            service.database().execute(("UPDATE example SET confidence = " + std::string(value)).c_str());
            return confidence();
        };
        QCOMPARE(stored("'0,798991'"), std::optional(0.798991));
        QCOMPARE(stored("0.5"), std::optional(0.5));
        for (const char *wrong : {"'much'", "'0,5x'", "''", "7", "-1", "9e999", "NULL"})
            QVERIFY2(!stored(wrong), wrong);
    }

    void init()
    {
        m_folder = std::make_unique<TempFolder>();
        auto service = core::Service::create(*m_folder / "s", "s", {"task", {{"a", ""}, {"b", ""}, {"c", ""}}, {}, {}});
        VERIFY_RESULT(service);
        m_service.emplace(std::move(*service));
        std::vector<core::Example> rows;
        for (int64_t row = 1; row <= Rows; ++row)
            rows.push_back({.text = std::to_string(row), .label = 1});
        const auto edit = log().open("Import");
        VERIFY_RESULT(edit);
        VERIFY_RESULT(log().add(*edit, rows));
        VERIFY_RESULT(log().close(*edit));
        QCOMPARE(rowsOf(1), size_t{Rows});
    }

    void oneEditHoweverManyRows()
    {
        QVERIFY(EditLog::isLarge(labelAll(2)));
        int64_t last = 0;
        base::WorkContext context;
        context.report = [&](const base::Progress &p) { last = p.done; };
        VERIFY_RESULT(log().applyInSlices(labelAll(2), context));
        QCOMPARE(last, 2 * Rows);
        QCOMPARE(rowsOf(2), size_t{Rows});
        QVERIFY(*log().isUndoLarge());
        QCOMPARE((*log().undo())->title, std::string("Label all"));
        QCOMPARE(rowsOf(1), size_t{Rows});
        QVERIFY(*log().isRedoLarge());
        VERIFY_RESULT(log().redo());
        QCOMPARE(rowsOf(2), size_t{Rows});
        VERIFY_RESULT(log().undo());
        VERIFY_RESULT(log().undo());
        QCOMPARE(m_service->examples().counts()->total(), int64_t{0});
        VERIFY_RESULT(log().redo());
        VERIFY_RESULT(log().redo());
        QCOMPARE(rowsOf(2), size_t{Rows});
    }

    void whoEditsMeanwhileWinsAndCanBeUndone()
    {
        // Another connection changes a row that is written already, one that is still to come, and deletes one.
        auto other = core::Service::open(*m_folder / "s");
        VERIFY_RESULT(other);
        bool asked = false;
        base::WorkContext context;
        context.report = [&](const base::Progress &) {
            if (std::exchange(asked, true))
                return;
            QVERIFY(*EditLog(other->database()).isHalfWritten());
            const FieldChange changes[] = {
                {Early, Field::Label, {}, 3}, {Late, Field::Label, {}, 3}, {Late + 1, Field::Removed, {}, 1}};
            VERIFY_RESULT(EditLog(other->database()).apply("By hand", changes));
        };
        VERIFY_RESULT(log().applyInSlices(labelAll(2), context));
        QVERIFY(!*log().isHalfWritten());
        QCOMPARE(labelOf(Early), std::optional<int64_t>(3));
        QCOMPARE(labelOf(Late), std::optional<int64_t>(3));
        QCOMPARE(rowsOf(2), size_t{Rows - 3});
        QCOMPARE((*log().undo())->title, std::string("By hand"));
        QCOMPARE(labelOf(Early), std::optional<int64_t>(2));  // as if it had come after the large one
        QCOMPARE(labelOf(Late), std::optional<int64_t>(1));   // which passed this row over
        QCOMPARE(labelOf(Late + 1), std::optional<int64_t>(1));
        VERIFY_RESULT(log().undo());
        QCOMPARE(rowsOf(1), size_t{Rows});
        VERIFY_RESULT(log().redo());
        VERIFY_RESULT(log().redo());
        QCOMPARE(labelOf(Early), std::optional<int64_t>(3));
        QCOMPARE(labelOf(Late), std::optional<int64_t>(3));
        QCOMPARE(rowsOf(2), size_t{Rows - 3});
    }

    void stoppedItHasNeverBeen()
    {
        auto other = core::Service::open(*m_folder / "s");
        VERIFY_RESULT(other);
        std::stop_source stop;
        base::WorkContext context{.stop = stop.get_token()};
        context.report = [&](const base::Progress &) {
            if (!stop.stop_requested())
                VERIFY_RESULT(
                    EditLog(other->database()).apply({.title = "By hand", .changes = {{Early, Field::Label, {}, 3}}}));
            stop.request_stop();
        };
        core::EditDraft draft = labelAll(2);
        draft.newLabels.push_back({.name = "with a class"});
        draft.settings.push_back({core::keys::TaskDescription, "another"});
        const auto stopped = log().applyInSlices(draft, context);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
        QCOMPARE(rowsOf(2), size_t{0});
        QCOMPARE(labelOf(Early), std::optional<int64_t>(3));
        QCOMPARE(m_service->examples().labels()->size(), size_t{3});
        QCOMPARE(*m_service->setting(core::keys::TaskDescription), std::string("task"));
        QCOMPARE(log().history()->size(), size_t{2});
        VERIFY_RESULT(log().undo());
        QCOMPARE(labelOf(Early), std::optional<int64_t>(1));
        QCOMPARE(number("SELECT count(*) FROM edit_change WHERE edit NOT IN (SELECT id FROM edit)"), int64_t{0});
    }

    void anUndoIsNotFoiledByWhoEditsMeanwhile()
    {
        VERIFY_RESULT(log().applyInSlices(labelAll(2), {}));
        auto other = core::Service::open(*m_folder / "s");
        VERIFY_RESULT(other);
        bool asked = false;
        base::WorkContext context;
        context.report = [&](const base::Progress &) {
            if (std::exchange(asked, true))
                return;
            const FieldChange changes[] = {{Early, Field::Label, {}, 3}, {Late, Field::Label, {}, 3}};
            VERIFY_RESULT(EditLog(other->database()).apply("By hand", changes));
        };
        VERIFY_RESULT(log().undo(context));
        QCOMPARE(rowsOf(3), size_t{2});
        QCOMPARE(rowsOf(1), size_t{Rows - 2});
        QVERIFY(!log().redo()->has_value());  // the edit by hand has made it unreachable
        VERIFY_RESULT(log().undo());
        QCOMPARE(rowsOf(1), size_t{Rows});
    }

    void aStoppedUndoLeavesTheEditAsItWas()
    {
        VERIFY_RESULT(log().applyInSlices(labelAll(2), {}));
        std::stop_source stop;
        base::WorkContext context{.stop = stop.get_token()};
        context.report = [&](const base::Progress &) { stop.request_stop(); };
        QCOMPARE(log().undo(context).error().code, base::ErrorCode::Cancelled);
        QCOMPARE(rowsOf(2), size_t{Rows});
        QVERIFY(!log().history()->front().undone);
        VERIFY_RESULT(log().undo());
        QCOMPARE(log().redo(context).error().code, base::ErrorCode::Cancelled);
        QCOMPARE(rowsOf(1), size_t{Rows});
        VERIFY_RESULT(log().redo());
        QCOMPARE(rowsOf(2), size_t{Rows});
    }

    void aClassThatAnImportBringsGoesWithIt()
    {
        const auto classes = [&] { return m_service->examples().labels()->size(); };
        for (const bool kept : {false, true}) {
            const auto edit = log().open("Import");
            VERIFY_RESULT(edit);
            const auto brought = log().labelFor(*edit, "brought", true);
            VERIFY_RESULT(brought);
            QCOMPARE(*log().labelFor(*edit, "brought", true), *brought);
            QCOMPARE(classes(), size_t{4});
            if (kept)  // a row was given the class meanwhile
                VERIFY_RESULT(log().apply("Label", std::vector<FieldChange>{{Early, Field::Label, {}, *brought}}));
            VERIFY_RESULT(log().abandon(*edit));
            QCOMPARE(classes(), size_t{kept ? 4U : 3U});
        }
        VERIFY_RESULT(log().undo());
        const auto edit = log().open("Import");
        VERIFY_RESULT(log().labelFor(*edit, "imported", false));
        VERIFY_RESULT(log().close(*edit));
        QCOMPARE(classes(), size_t{5});
        VERIFY_RESULT(log().undo());
        QCOMPARE(classes(), size_t{4});
    }

    void killedInItsMidstItIsTakenBack()
    {
        const auto folder = *m_folder / "s";
        const auto reopen = [&] {
            m_service.reset();
            auto service = core::Service::open(folder);
            VERIFY_RESULT(service);
            m_service.emplace(std::move(*service));
        };
        m_service.reset();
        dieAtFirstReport(folder, [](const EditLog &log, const auto &context) {
            static_cast<void>(log.applyInSlices(labelAll(2), context));
        });
        reopen();
        QCOMPARE(rowsOf(1), size_t{Rows});
        QCOMPARE(log().history()->size(), size_t{1});
        VERIFY_RESULT(log().applyInSlices(labelAll(2), {}));
        m_service.reset();
        dieAtFirstReport(folder, [](const EditLog &log, const auto &context) { static_cast<void>(log.undo(context)); });
        reopen();
        QCOMPARE(rowsOf(2), size_t{Rows});
        QVERIFY(!log().history()->front().undone);
        VERIFY_RESULT(log().undo());
        m_service.reset();
        dieAtFirstReport(folder, [](const EditLog &log, const auto &context) { static_cast<void>(log.redo(context)); });
        reopen();
        QCOMPARE(rowsOf(1), size_t{Rows});
        QVERIFY(log().history()->front().undone);
        m_service.reset();
        dieAtFirstReport(folder, [](const EditLog &log, const auto &context) {
            static_cast<void>(log.applyInSlices(addMany(5000), context));
        });
        reopen();
        QCOMPARE(m_service->examples().counts()->total(), Rows);
        QCOMPARE(m_service->examples().labels()->size(), size_t{3});
        QCOMPARE(number("SELECT count(*) FROM example"), Rows);
    }

    void whatCouldNotBeTakenBackIsBeforeTheNextEdit_data()
    {
        QTest::addColumn<bool>("openedAgain");
        QTest::newRow("edit") << false;
        QTest::newRow("open") << true;
    }

    void whatCouldNotBeTakenBackIsBeforeTheNextEdit()
    {
        QFETCH(bool, openedAgain);
        const auto edit = log().open("Import");
        VERIFY_RESULT(edit);
        VERIFY_RESULT(log().labelFor(*edit, "brought", true));
        qputenv("STILLROOM_FAILPOINT", "edit.abandon.before=eio@1");
        base::armFailpoints();
        const auto abandoned = log().abandon(*edit);
        qunsetenv("STILLROOM_FAILPOINT");
        base::armFailpoints();
        QVERIFY(!abandoned.has_value());
        QCOMPARE(m_service->examples().labels()->size(), size_t{4});
        if (openedAgain)
            QCOMPARE(core::Service::open(m_service->folder())->examples().labels()->size(), size_t{3});
        // Without that, its class would be taken for one that was there, and would stay with the rows that have it.
        VERIFY_RESULT(log().apply({.title = "Type", .newLabels = {{.name = "brought", .description = "anew"}}}));
        QCOMPARE(m_service->examples().labels()->size(), size_t{4});
        QCOMPARE(m_service->examples().labels()->back().description, std::string("anew"));
        QCOMPARE(log().history(10)->front().title, std::string("Type"));
        QCOMPARE(number("SELECT count(*) FROM edit WHERE state = 0"), int64_t{0});
    }

    /// The name that a class gave up may be one of an import that was taken back.
    void renamingIsUndoneAfterAnImportUsedTheOldName()
    {
        VERIFY_RESULT(log().apply({.title = "Rename", .labels = {{1, core::LabelChange::Field::Name, "other", 0}}}));
        for (const bool closed : {false, true}) {
            const auto edit = log().open("Import");
            VERIFY_RESULT(edit);
            VERIFY_RESULT(log().labelFor(*edit, "a", true));
            if (!closed) {
                VERIFY_RESULT(log().abandon(*edit));
                VERIFY_RESULT(log().undo());
                QCOMPARE(m_service->examples().labels()->front().name, std::string("a"));
                VERIFY_RESULT(log().redo());
                continue;
            }
            VERIFY_RESULT(log().close(*edit));
        }
        VERIFY_RESULT(log().undo());
        VERIFY_RESULT(log().undo());
        QCOMPARE(m_service->examples().labels()->front().name, std::string("a"));
        VERIFY_RESULT(log().redo());
        VERIFY_RESULT(log().redo());
        QCOMPARE(m_service->examples().labels()->front().name, std::string("other"));
        QCOMPARE(m_service->examples().labels()->back().name, std::string("a"));
        QCOMPARE(m_service->examples().labels()->size(), size_t{4});
    }

    void oneEditIsTakenBackFromAmongLaterOnes()
    {
        const auto first = log().apply(
            {.title = "First",
             .newLabels = {{.name = "new"}},
             .labels = {{2, core::LabelChange::Field::Description, "words", 0}},
             .settings = {{core::keys::TaskDescription, "other"}},
             .changes = {{1, Field::Text, "changed", {}}, {2, Field::Label, {}, 2}, {3, Field::Comment, "note", {}}},
             .newRows = {{.text = "added", .label = core::newLabel(0)}}});
        VERIFY_RESULT(first);
        const FieldChange other{2, Field::Text, "later", {}};
        const auto second = log().apply("Second", std::span(&other, 1));
        VERIFY_RESULT(second);
        auto inverse = log().inverse(*first);
        VERIFY_RESULT(inverse);
        VERIFY_RESULT(log().apply(*inverse));
        QCOMPARE(m_service->examples().labels()->size(), size_t{3});
        QCOMPARE(m_service->examples().labels()->at(1).description, std::string());
        QCOMPARE(*m_service->setting(core::keys::TaskDescription), std::string("task"));
        const std::vector<int64_t> ids{1, 2, 3, Rows + 1};
        const auto rows = *m_service->examples().read(ids);
        QCOMPARE(rows.size(), size_t{3});
        QCOMPARE(rows[0].text, std::string("1"));
        QCOMPARE(rows[1].text, std::string("later"));  // the second edit stays
        QCOMPARE(rows[1].label, std::optional<int64_t>(1));
        QCOMPARE(rows[2].comment, std::string());
        VERIFY_RESULT(log().undo());  // and taking back is an edit like any other
        QCOMPARE(m_service->examples().read(ids)->at(3).text, std::string("added"));
        QCOMPARE(m_service->examples().labels()->size(), size_t{4});

        // What a later one builds on stays: a cell, a row, a class.
        const FieldChange cell{1, Field::Text, "again", {}}, row{Rows + 1, Field::Comment, "x", {}},
            given{7, Field::Label, {}, 4};
        for (const FieldChange &change : {cell, row, given}) {
            VERIFY_RESULT(log().apply("On top", std::span(&change, 1)));
            QCOMPARE(log().inverse(*first).error().code, base::ErrorCode::Blocked);
            VERIFY_RESULT(log().undo());
        }
        VERIFY_RESULT(log().inverse(*first));
        QCOMPARE(*log().touchedSince(*first), (std::vector<int64_t>{2}));
        QCOMPARE(log().inverse(12345).error().code, base::ErrorCode::NotFound);
    }

    void whatCannotBeRedoneIsForgotten()
    {
        VERIFY_RESULT(log().applyInSlices(addMany(5000), {}));
        VERIFY_RESULT(log().applyInSlices(labelAll(2), {}));
        VERIFY_RESULT(log().undo());
        VERIFY_RESULT(log().undo());
        const FieldChange other{1, Field::Label, {}, 3};
        VERIFY_RESULT(log().apply("Other", std::span(&other, 1)));
        QVERIFY(!log().redo()->has_value());
        VERIFY_RESULT(log().forgetDropped());
        QCOMPARE(number("SELECT count(*) FROM example"), Rows);
        QCOMPARE(number("SELECT count(*) FROM edit_change"), int64_t{1});
        QCOMPARE(number("SELECT count(*) FROM edit"), int64_t{2});
        VERIFY_RESULT(log().undo());
        QCOMPARE(rowsOf(1), size_t{Rows});
        auto broken = m_service->database().prepare("PRAGMA foreign_key_check");
        QVERIFY(!broken.step());
    }
};

QTEST_GUILESS_MAIN(EditsTest)
#include "tst_edits.moc"
