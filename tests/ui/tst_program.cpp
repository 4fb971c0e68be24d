// SPDX-License-Identifier: Apache-2.0
// The window as a program: its arguments and settings; and what several windows or screens could spoil.
#include "tests/ui/gui.h"
#include "ui/dialogs/find_dialog.h"
#include "ui/frame/recent_services.h"
#include "ui/widgets/mark_icon.h"

#include <QLabel>
#include <QProcess>

using namespace support;

class ProgramTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

    struct Answer {
        int code = -1;
        QByteArray out, err;
    };
    /// A desktop that is not there: what needs none must not ask for one.
    static Answer run(const QStringList &arguments, const char *platform = "none")
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("QT_QPA_PLATFORM", QLatin1String(platform));
        QProcess program;
        program.setProcessEnvironment(environment);
        program.start(QStringLiteral(WINDOW_PROGRAM), arguments);
        if (!program.waitForFinished(20'000))
            program.kill();
        return {program.exitStatus() == QProcess::NormalExit ? program.exitCode() : -1, program.readAllStandardOutput(),
                program.readAllStandardError()};
    }

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }
    void cleanupTestCase() { m_theme.reset(); }

    void optionsAreNoFolders()
    {
        const Answer version = run({"--version"});
        QCOMPARE(version.code, 0);
        QVERIFY2(version.out.startsWith("stillroom 0."), version.out.constData());
        QCOMPARE(run({"folder", "-V"}).out, version.out);
        QVERIFY(run({"--help"}).out.startsWith("Usage: stillroom [FOLDER]"));
        const Answer unknown = run({"--nonsense"}, "offscreen");
        QCOMPARE(unknown.code, 2);
        QVERIFY2(unknown.err.contains("There is no option --nonsense."), unknown.err.constData());
        QCOMPARE(run({"one", "two"}, "offscreen").code, 2);
    }

    void badSettingsDoNotKeepTheWindowAway()
    {
        const TempFolder config;
        write(config / "stillroom/settings.yaml", "a: [");
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CONFIG_HOME", QString::fromStdString(config.path().string()));
        environment.insert("QT_QPA_PLATFORM", "offscreen");
        QProcess program;
        program.setProcessEnvironment(environment);
        program.start(QStringLiteral(WINDOW_PROGRAM), {});
        QVERIFY(program.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(config / "stillroom/settings.yaml.unreadable"), 20'000);
        QTest::qWait(1000);
        QCOMPARE(program.state(), QProcess::Running);
        program.terminate();
        if (!program.waitForFinished(5000))
            program.kill();
        program.waitForFinished();
        QCOMPARE(read(config / "stillroom/settings.yaml.unreadable"), std::string("a: ["));
        // What the window says of it stays until somebody has read it.
        const base::Error trouble{base::ErrorCode::Corrupt, "Not readable. It is kept.", "settings.yaml"};
        QVERIFY(ui::errorMessage(trouble).stays);
    }

    void windowsShareTheListOfServices()
    {
        const TempFolder folder;
        auto first = *core::AppSettings::load(folder / "settings.yaml");
        auto second = *core::AppSettings::load(folder / "settings.yaml");
        ui::RecentServices one(first), two(second);
        one.opened("/a");
        two.opened("/b");
        one.opened("/c");
        two.forget("/a");
        QStringList folders;
        for (const auto &service : two.list())
            folders << QString::fromStdString(service.folder.string());
        QCOMPARE(folders, (QStringList{"/c", "/b"}));
    }

    void dialogsLookTheSameWhateverIsBehind()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Dialogs");
        gui.fill(3);
        auto *table = gui.find<QTableView>("rowTable");
        ui::FindDialog behindTable(gui.session(), {}, {}, table), alone(gui.session(), {}, {}, nullptr);
        for (QDialog *dialog : {static_cast<QDialog *>(&behindTable), static_cast<QDialog *>(&alone)})
            dialog->show();
        const auto height = [](QDialog &dialog) { return dialog.findChild<QLineEdit *>("findText")->height(); };
        QVERIFY(height(alone) >= 28);
        QCOMPARE(height(behindTable), height(alone));
        // And none is asked for by a table or list: its parent is the window.
        bool asked = false;
        gui.dialogs.on = [&](QDialog &dialog) {
            asked = true;
            for (QWidget *parent = dialog.parentWidget(); parent; parent = parent->parentWidget()) {
                if (qobject_cast<QAbstractItemView *>(parent))
                    QTest::qFail("a dialog belongs to a table", __FILE__, __LINE__);
            }
            return false;
        };
        gui.window.workspaceOrNull()->findAndReplace();
        QVERIFY(asked);
        // The editor of a cell stays as small as its row.
        table->setCurrentIndex(table->model()->index(0, 1));
        for (int column = 0; column < table->model()->columnCount(); ++column) {
            const auto cell = table->model()->index(0, column);
            if (!(cell.flags() & Qt::ItemIsEditable))
                continue;
            table->edit(cell);
            if (auto *editor = table->viewport()->findChild<QLineEdit *>("cellEditor")) {
                QVERIFY(editor->minimumSizeHint().height() < 28);
                return;
            }
        }
        QFAIL("no cell could be edited");
    }

    void iconsHaveThePixelsOfTheScreen()
    {
        for (const qreal ratio : {1.0, 1.5, 2.0, 3.0}) {
            for (const QIcon &icon : {ui::markIcon(*m_theme, ui::Mark::Done), ui::classIcon(*m_theme, 2)}) {
                const QPixmap pixmap = icon.pixmap(QSize(14, 14), ratio);
                QCOMPARE(pixmap.devicePixelRatio(), ratio);
                QCOMPARE(pixmap.width(), qRound(14 * ratio));
                QVERIFY(qAlpha(pixmap.toImage().pixel(pixmap.width() / 2, pixmap.height() / 2)) > 0);
            }
        }
        WindowUnderTest gui(*m_theme);
        gui.newService("Pixels");
        gui.fill(1);
        gui.window.workspaceOrNull()->show(ui::Step::Define);
        int seen = 0;
        for (const QLabel *label : gui.window.findChildren<QLabel *>()) {
            if (const QPixmap pixmap = label->pixmap(); !pixmap.isNull()) {
                QCOMPARE(pixmap.devicePixelRatio(), label->devicePixelRatioF());
                ++seen;
            }
        }
        QVERIFY(seen > 0);
    }
};

QTEST_MAIN(ProgramTest)
#include "tst_program.moc"
