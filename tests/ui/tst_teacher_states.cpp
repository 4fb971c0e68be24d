// SPDX-License-Identifier: Apache-2.0
// What the Teacher page says of rows that a service refuses, of thinking that does not end, and of waiting.
#include "core/tasks/init_task.h"
#include "tests/support/fault_teacher.h"
#include "tests/ui/gui.h"
#include "ui/widgets/count_bar.h"

#include <QAbstractButton>
#include <QLabel>
#include <QTableView>

using namespace support;

namespace {

constexpr const char *Refusal =
    R"({"choices":[{"message":{"content":null},"finish_reason":"content_filter"}],"usage":{"prompt_tokens":9}})";
constexpr const char *Thinking =
    R"({"choices":[{"message":{"content":"","reasoning_content":"Well, is it"},"finish_reason":"length"}]})";

}  // namespace

class TeacherStatesTest : public QObject {
    Q_OBJECT

private:
    /// Twelve rows, of which some have such words in them.
    void open(WindowUnderTest &gui, const FaultTeacher &teacher, const QString &model)
    {
        gui.window.openService(m_folder / "s");
        gui.window.workspaceOrNull()->show(ui::Step::Teacher);
        gui.find<QAbstractButton>("teacherService")->click();
        gui.type("teacherAddress", teacher.address());
        gui.type("teacherModel", model);
        gui.find<QTabBar>("teacherTabs")->setCurrentIndex(1);
    }
    static bool press(WindowUnderTest &gui)
    {
        auto *primary = gui.find<QPushButton>("primary");
        return QTest::qWaitFor([&] { return primary->isEnabled(); }, 20'000) && (primary->click(), true);
    }

    std::unique_ptr<ui::Theme> m_theme;
    TempFolder m_folder;

private Q_SLOTS:
    void initTestCase()
    {
        m_theme = makeTheme();
        writeDistilFolder(m_folder / "from", 12);
        std::string rest = "context\n";
        for (int i = 0; i < 12; ++i)
            rest += (i % 4 == 0   ? "a bad word "
                     : i % 4 == 1 ? "a riddle "
                                  : "the parcel did not come ") +
                    std::to_string(i) + "\n";
        write(m_folder / "from/unstructured.csv", rest);
        VERIFY_RESULT(core::initFromFolder(m_folder / "s", m_folder / "from", "s", {}));
    }

    void refusedAndUnfinishedRowsAreSaid()
    {
        FaultTeacher teacher;
        teacher.setAnswers([](const QByteArray &) { return QByteArray(R"({"label":"delivery"})"); });
        teacher.setRules([](const QJsonObject &, const QByteArray &text) -> std::optional<TeacherFault> {
            if (text.contains("a bad word"))
                return TeacherFault{.body = Refusal};
            if (text.contains("a riddle"))
                return TeacherFault{.body = Thinking};
            return {};
        });
        WindowUnderTest gui(*m_theme);
        open(gui, teacher, "teacher-1");
        QVERIFY(press(gui));
        auto *primary = gui.find<QPushButton>("primary");
        QTRY_VERIFY2_WITH_TIMEOUT(primary->text().startsWith("Label 12 rows"), qPrintable(primary->text()), 20'000);
        auto *table = gui.find<QTableView>("labelTable");
        QStringList said;
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            for (int column = 0; column < table->model()->columnCount(); ++column)
                said << table->model()->index(row, column).data().toString();
        }
        QVERIFY2(said.contains("Refused by the service"), qPrintable(said.join(u'|')));
        QVERIFY2(said.contains("Thinking not finished"), qPrintable(said.join(u'|')));
        QVERIFY(press(gui));
        auto *state = gui.find<QLabel>("labelState");
        QTRY_VERIFY2_WITH_TIMEOUT(state->text() == "6 of 12 rows labelled", qPrintable(state->text()), 20'000);
        const auto *counts = gui.find<ui::CountBar>("labelCounts");
        const QString bar = counts->accessibleName();
        // Six kinds need a second line where there is no room for them in one.
        QVERIFY(counts->heightForWidth(500) > counts->heightForWidth(2000));
        QTRY_COMPARE(counts->height(), counts->heightForWidth(counts->width()));
        QVERIFY2(bar.contains("3 refused by the service") && bar.contains("3 thinking not finished"), qPrintable(bar));
        const QString trouble = gui.find<QLabel>("labelTrouble")->text();
        QVERIFY2(trouble.contains("3 rows were refused by the service: label them yourself"), qPrintable(trouble));
        QVERIFY2(trouble.contains("did not finish thinking about 3 rows"), qPrintable(trouble));
        // They stay without a label, for people.
        QTRY_COMPARE(gui.session().counts().unlabelled, int64_t{6});
        gui.session().undo();
        QTRY_COMPARE(gui.session().counts().unlabelled, int64_t{12});
    }

    void waitingSaysForWhat()
    {
        FaultTeacher teacher;
        teacher.setAnswers([](const QByteArray &) { return QByteArray(R"({"label":"delivery"})"); });
        WindowUnderTest gui(*m_theme);
        open(gui, teacher, "teacher-2");
        QVERIFY(press(gui));
        auto *primary = gui.find<QPushButton>("primary");
        QTRY_VERIFY2_WITH_TIMEOUT(primary->text().startsWith("Label 12 rows"), qPrintable(primary->text()), 20'000);
        teacher.setWeather([](int, const QByteArray &) {
            return TeacherFault{.status = 429,
                                .header = "Retry-After: 300\r\n",
                                .body = R"({"error":{"message":"Too many requests, see billing for limits"}})"};
        });
        QVERIFY(press(gui));
        auto *trouble = gui.find<QLabel>("labelTrouble");
        QTRY_VERIFY2_WITH_TIMEOUT(trouble->text().startsWith("Paused"), qPrintable(trouble->text()), 20'000);
        QVERIFY2(trouble->text().contains("429") || trouble->text().contains("limit"), qPrintable(trouble->text()));
        for (core::Job *job : gui.runner.jobs())
            job->cancel();
        QTRY_VERIFY_WITH_TIMEOUT(primary->isEnabled(), 10'000);
        QTRY_VERIFY2(trouble->text().contains("is not bought twice"), qPrintable(trouble->text()));
    }
};

QTEST_MAIN(TeacherStatesTest)
#include "tst_teacher_states.moc"
