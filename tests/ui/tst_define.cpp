// SPDX-License-Identifier: Apache-2.0
// The page of classes: renaming, deleting, merging, splitting, examples, and one for what fits no other.
#include "core/quality/finding.h"
#include "tests/ui/gui.h"

#include <QCheckBox>
#include <QLabel>
#include <QTableView>

using namespace support;

class DefineTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }
    void cleanupTestCase() { m_theme.reset(); }

    void renamingAndDeletingAClassReachesItsRows()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Classes");
        gui.fill(3);
        gui.window.workspaceOrNull()->show(ui::Step::Define);
        auto *classes = gui.find<QTableView>("classTable");
        classes->setCurrentIndex(classes->model()->index(0, 0));
        gui.dialogs.texts.push_back("money back");
        gui.find<QPushButton>("renameClass")->click();
        QCOMPARE(gui.find<QTableView>("rowTable")->model()->index(0, 3).data().toString(), QString("money back"));
        // A name that is taken is refused in the message bar.
        gui.dialogs.texts.push_back("delivery");
        gui.find<QPushButton>("renameClass")->click();
        QVERIFY(gui.find<QLabel>("messageCause")->text().contains("of this name already"));
        gui.dialogs.choices.push_back(0);
        gui.find<QPushButton>("deleteClass")->click();
        QCOMPARE(classes->model()->rowCount(), 1);
        QCOMPARE(gui.session().counts().unlabelled, int64_t{6});
        gui.find<QAction>("actionUndo")->trigger();
        QCOMPARE(classes->model()->rowCount(), 2);
        QCOMPARE(gui.session().counts().unlabelled, int64_t{0});
        // Its rows may go to another class instead.
        classes->setCurrentIndex(classes->model()->index(0, 0));
        gui.dialogs.choices.push_back(2);
        gui.find<QPushButton>("deleteClass")->click();
        QCOMPARE(gui.session().countsOf(2).train, int64_t{6});
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void classesAreMergedSplitAndExplained()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Classes");
        gui.fill(4);
        gui.window.workspaceOrNull()->show(ui::Step::Define);
        auto *classes = gui.find<QTableView>("classTable");
        chooseRows(classes, 1, 1);
        auto *belongs = gui.find<QPlainTextEdit>("classBelongs");
        belongs->setPlainText("where did you leave it?\n\n  the courier rang twice ");
        chooseRows(classes, 0, 0);  // before the pause is over
        QCOMPARE(gui.session().labels()[1].belongs,
                 (std::vector<std::string>{"where did you leave it?", "the courier rang twice"}));
        QCOMPARE(belongs->toPlainText(), QString());
        gui.find<QPlainTextEdit>("classResembles")->setPlainText("my money is gone");

        // Split by a word.
        chooseRows(classes, 1, 1);
        QCOMPARE(gui.session().labels()[0].resembles, (std::vector<std::string>{"my money is gone"}));
        gui.dialogs.on = [](QDialog &dialog) {
            dialog.findChild<QLineEdit *>("splitName")->setText("refund");
            dialog.findChild<QLineEdit *>("splitContains")->setText("parcel 0");
            const bool refused = !dialog.findChild<QPushButton *>("splitAccept")->isEnabled();
            dialog.findChild<QLineEdit *>("splitName")->setText("lost");
            return refused && dialog.findChild<QLabel *>("splitCount")->text() == "4 of 8 rows go to the new class.";
        };
        gui.find<QPushButton>("splitClass")->click();
        QCOMPARE(gui.session().labels().size(), size_t{3});
        QCOMPARE(gui.session().countsOf(gui.session().labels()[2].id).train, int64_t{4});

        // Merged again: all three into the one that keeps its name.
        chooseRows(classes, 0, 2);
        gui.dialogs.choices.push_back(1);
        gui.find<QPushButton>("mergeClasses")->click();
        QCOMPARE(gui.session().labels().size(), size_t{1});
        QCOMPARE(gui.session().labels()[0].name, std::string("delivery"));
        QCOMPARE(gui.session().countsOf(gui.session().labels()[0].id).total(), int64_t{16});
        gui.session().undo();
        QCOMPARE(gui.session().labels().size(), size_t{3});
        gui.session().undo();
        QCOMPARE(gui.session().labels().size(), size_t{2});
        QCOMPARE(gui.session().countsOf(gui.session().labels()[1].id).total(), int64_t{8});
        // One into another, which is asked for.
        chooseRows(classes, 0, 0);
        gui.dialogs.choices.push_back(0);
        gui.find<QPushButton>("mergeClasses")->click();
        QCOMPARE(gui.session().labels().size(), size_t{1});
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void aClassStandsForWhatFitsNoOther()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Reject");
        gui.fill(4);
        gui.window.workspaceOrNull()->show(ui::Step::Define);
        gui.dialogs.texts.push_back("something else");
        gui.find<QPushButton>("addClass")->click();
        const auto isBlocked = [&] {
            return std::any_of(gui.session().findings().begin(), gui.session().findings().end(),
                               [](const auto &finding) { return finding.code == "class_without_rows"; });
        };
        QTRY_VERIFY(isBlocked());
        auto *reject = gui.find<QCheckBox>("rejectClass");
        QVERIFY(!reject->isChecked());
        reject->click();
        QVERIFY(gui.session().labels()[2].isReject);
        QTRY_VERIFY(!isBlocked());
        // One class at a time stands for it.
        auto *classes = gui.find<QTableView>("classTable");
        chooseRows(classes, 0, 0);
        QVERIFY(!reject->isChecked());
        chooseRows(classes, 2, 2);
        QVERIFY(reject->isChecked());
        gui.session().undo();
        QVERIFY(!reject->isChecked() && !gui.session().labels()[2].isReject);
        gui.session().redo();
        QVERIFY(reject->isChecked());
    }
};

QTEST_MAIN(DefineTest)
#include "tst_define.moc"
