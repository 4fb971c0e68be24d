// SPDX-License-Identifier: Apache-2.0
// The Teacher page: an exam of the built-in teacher, its suggestions, and what it says of the others.
#include "core/tasks/init_task.h"
#include "tests/ui/gui.h"
#include "ui/pages/teacher_page.h"

#include <QAbstractButton>
#include <QLabel>
#include <QTableView>

using namespace support;

class TeacherPageTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;
    TempFolder m_folder;

private Q_SLOTS:
    void initTestCase()
    {
        m_theme = makeTheme();
        writeDistilFolder(m_folder / "from", 12);
        write(m_folder / "from/unstructured.csv", "context\nplease give the money back\nthe parcel is not here\n");
        VERIFY_RESULT(core::initFromFolder(m_folder / "s", m_folder / "from", "s", {}));
    }

    void theBuiltInTeacherIsExamined()
    {
        WindowUnderTest gui(*m_theme);
        gui.window.openService(m_folder / "s");
        gui.window.workspaceOrNull()->show(ui::Step::Teacher);
        auto *said = gui.find<QLabel>("teacherExam");
        auto *examine = gui.find<QPushButton>("examineTeacher");
        QVERIFY(said->text().startsWith("Not examined yet"));
        examine->click();
        QVERIFY(!examine->isEnabled());
        QTRY_VERIFY2_WITH_TIMEOUT(said->text().startsWith("Right on"), qPrintable(said->text()), 60'000);
        QVERIFY2(said->text().contains("Good for"), qPrintable(said->text()));
        QVERIFY(said->text().contains("of 24 exam rows"));
        QTRY_VERIFY(examine->isEnabled());
        QCOMPARE(gui.session().exams().size(), size_t{1});
        // It is opened again, and there still.
        gui.window.closeService();
        gui.window.openService(m_folder / "s");
        gui.window.workspaceOrNull()->show(ui::Step::Teacher);
        QTRY_VERIFY(gui.find<QLabel>("teacherExam")->text().startsWith("Right on"));
    }

    void suggestionsAreTakenOver()
    {
        WindowUnderTest gui(*m_theme);
        gui.window.openService(m_folder / "s");
        gui.window.workspaceOrNull()->show(ui::Step::Teacher);
        QTRY_VERIFY_WITH_TIMEOUT(gui.session().quick() != nullptr, 60'000);
        auto *primary = gui.find<QPushButton>("primary");
        QTRY_VERIFY(primary->isEnabled());
        primary->click();
        auto *table = gui.find<QTableView>("suggestionTable");
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 30'000);
        auto *accept = gui.find<QPushButton>("acceptSuggestions");
        if (accept->isEnabled()) {
            const auto before = gui.session().counts().train;
            accept->click();
            QTRY_VERIFY(gui.session().counts().train > before);
            gui.session().undo();
            QTRY_COMPARE(gui.session().counts().train, before);
        }
    }

    void theOthersSayHowTheyAreUsed()
    {
        WindowUnderTest gui(*m_theme);
        gui.window.openService(m_folder / "s");
        gui.window.workspaceOrNull()->show(ui::Step::Teacher);
        auto *words = gui.find<QLabel>("teacherWords");
        gui.find<QAbstractButton>("teacherLocal")->click();
        QVERIFY(words->text().contains("--teacher FILE.gguf"));
        gui.find<QAbstractButton>("teacherService")->click();
        QVERIFY(words->text().contains("--teacher ADDRESS"));
        gui.find<QAbstractButton>("teacherBuiltIn")->click();
        QVERIFY(gui.find<QPushButton>("examineTeacher")->isVisible());
    }
};

QTEST_MAIN(TeacherPageTest)
#include "tst_teacher_page.moc"
