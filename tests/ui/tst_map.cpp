// SPDX-License-Identifier: Apache-2.0
// The map of the rows, and classes that are mixed up.
#include "core/base/random.h"
#include "tests/ui/gui.h"
#include "ui/dialogs/boundary_dialog.h"
#include "ui/models/example_table_model.h"
#include "ui/session/row_edits.h"
#include "ui/widgets/example_table_view.h"
#include "ui/widgets/row_map_view.h"

#include <QComboBox>
#include <QLabel>
#include <QListWidget>

using namespace support;

namespace {

/// Draws a line around a rectangle.
void lasso(ui::RowMapView *map, const QRectF &box, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QTest::mousePress(map, Qt::LeftButton, modifiers, box.topLeft().toPoint());
    for (const QPointF &corner : {box.topRight(), box.bottomRight(), box.bottomLeft()}) {
        QMouseEvent move(QEvent::MouseMove, corner, map->mapToGlobal(corner), Qt::NoButton, Qt::LeftButton, modifiers);
        QApplication::sendEvent(map, &move);
    }
    QTest::mouseRelease(map, Qt::LeftButton, modifiers, box.bottomLeft().toPoint());
}

ui::RowMapView *openMap(WindowUnderTest &gui)
{
    gui.find<QPushButton>("showMap")->setChecked(true);
    auto *map = gui.find<ui::RowMapView>("rowMap");
    static_cast<void>(QTest::qWaitFor([&] { return map->dotCount() > 0; }, 60'000));
    return map;
}

QRectF around(const ui::RowMapView *map, const std::vector<size_t> &dots)
{
    QRectF box(map->positionOf(dots.front()), QSizeF(1, 1));
    for (const size_t dot : dots)
        box |= QRectF(map->positionOf(dot), QSizeF(1, 1));
    return box.adjusted(-6, -6, 6, 6);
}

}  // namespace

class MapTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }
    void cleanupTestCase() { m_theme.reset(); }

    void aLineAroundDotsChoosesRowsAndANumberLabelsThem()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Map");
        gui.fill(10);
        auto *table = gui.find<ui::ExampleTableView>("rowTable");
        auto *map = openMap(gui);
        QCOMPARE(map->dotCount(), size_t{20});
        // Rows alternate between the classes, and so do dots.
        std::vector<size_t> refunds;
        for (size_t i = 0; i < 20; i += 2)
            refunds.push_back(i);
        lasso(map, around(map, refunds));
        const auto chosen = table->selectedRows();
        QCOMPARE(chosen.size(), size_t{10});
        QVERIFY(std::all_of(chosen.begin(), chosen.end(), [](int row) { return row % 2 == 0; }));
        QTest::keyClick(map, Qt::Key_2);
        const auto labels = gui.session().labels();
        QCOMPARE(gui.session().countsOf(labels[0].id).train, int64_t{0});
        QCOMPARE(gui.session().countsOf(labels[1].id).train, int64_t{20});
        QCOMPARE(table->selectedRows(), chosen);  // still chosen
        gui.session().undo();
        QCOMPARE(gui.session().countsOf(labels[0].id).train, int64_t{10});

        // Ctrl adds, Alt takes away, Esc lets go; a click chooses one.
        lasso(map, QRectF(map->rect()).adjusted(2, 2, -2, -2));
        QCOMPARE(table->selectedRows().size(), size_t{20});
        lasso(map, around(map, refunds), Qt::AltModifier);
        QCOMPARE(table->selectedRows().size(), size_t{10});
        lasso(map, around(map, refunds), Qt::ControlModifier);
        QCOMPARE(table->selectedRows().size(), size_t{20});
        QTest::keyClick(map, Qt::Key_Escape);
        QVERIFY(table->selectedRows().empty());
        QTest::mouseClick(map, Qt::LeftButton, Qt::NoModifier, map->positionOf(7).toPoint());
        QCOMPARE(table->selectedRows().size(), size_t{1});
        QTest::keyClick(map, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(table->selectedRows().size(), size_t{20});
        QTest::keyClick(map, Qt::Key_Left);
        QCOMPARE(table->selectedRows().size(), size_t{1});
        QTest::keyClick(map, Qt::Key_Delete);
        QCOMPARE(gui.session().counts().train, int64_t{19});
        QTRY_COMPARE(map->dotCount(), size_t{19});
    }

    void zoomingKeepsWhatIsUnderTheHand()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Zoom");
        gui.fill(4);
        auto *map = openMap(gui);
        const QPointF before = map->positionOf(3);
        QWheelEvent wheel(before, map->mapToGlobal(before), {}, {0, 240}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        const QPointF other = map->positionOf(0);
        QApplication::sendEvent(map, &wheel);
        QVERIFY((map->positionOf(3) - before).manhattanLength() < 0.01);
        QVERIFY((map->positionOf(0) - before).manhattanLength() > (other - before).manhattanLength() * 1.2);
        QTest::keyClick(map, Qt::Key_Home);
        QVERIFY((map->positionOf(0) - other).manhattanLength() < 0.01);
    }

    void theFilterGreysDotsAndTheWindowRemembersTheMap()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Filter");
        gui.fill(5);
        auto *map = openMap(gui);
        auto *table = gui.find<ui::ExampleTableView>("rowTable");
        gui.find<QLineEdit>("rowSearch")->setText("parcel");
        QTRY_COMPARE(table->model()->rowCount(), 5);
        lasso(map, QRectF(map->rect()).adjusted(2, 2, -2, -2));
        QCOMPARE(table->selectedRows().size(), size_t{5});
        gui.find<QLineEdit>("rowSearch")->clear();
        gui.find<QComboBox>("mapMethod")->setCurrentIndex(1);
        QTRY_VERIFY_WITH_TIMEOUT(gui.find<QPushButton>("drawMap")->isEnabled(), 60'000);
        QTRY_COMPARE(map->dotCount(), size_t{10});
        // Another split has a map of its own, an empty one its own words.
        gui.find<QTabBar>("splitTabs")->setCurrentIndex(1);
        QTRY_VERIFY(gui.find<QLabel>("mapStatus")->text().startsWith("10 rows"));
        gui.find<QTabBar>("splitTabs")->setCurrentIndex(2);
        QTRY_VERIFY(gui.find<QPushButton>("emptyImport")->isVisible());
        gui.find<QTabBar>("splitTabs")->setCurrentIndex(0);
        const auto folder = gui.session().folder();
        gui.window.closeService();
        gui.window.openService(folder);
        QTRY_VERIFY(gui.find<QPushButton>("showMap") && gui.find<QPushButton>("showMap")->isChecked());
    }

    void classesThatAreMixedUpAreToldApartOrMerged()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Overlap");
        gui.fill(12);
        // Labels of the train rows as a coin would give them.
        auto ids = gui.session().service().examples().order({.split = core::Split::Train});
        QVERIFY(ids);
        base::Random(3).shuffle(*ids);
        std::vector<int64_t> firsts, seconds;
        for (size_t i = 0; i < ids->size(); ++i)
            (i % 2 == 0 ? firsts : seconds).push_back((*ids)[i]);
        gui.session().apply(ui::labelDraft(gui.session(), firsts, "refund"));
        gui.session().apply(ui::labelDraft(gui.session(), seconds, "delivery"));
        gui.session().lookDeeper();
        QTRY_VERIFY_WITH_TIMEOUT(gui.find<QWidget>("finding_classes_hardly_differ"), 60'000);
        auto finding = *std::find_if(gui.session().findings().begin(), gui.session().findings().end(),
                                     [](const auto &f) { return f.code == "classes_hardly_differ"; });
        QCOMPARE(finding.classes.size(), size_t{2});
        QVERIFY(!finding.rows.empty());
        for (const int64_t row : finding.rows)  // that they lie between two classes is no problem of theirs
            QVERIFY(gui.session().problemOf(row) != core::Finding::Severity::Info);

        // Said apart: the dialog writes both descriptions as one edit.
        ui::BoundaryDialog dialog(gui.session(), finding, nullptr);
        QVERIFY(dialog.draft().labels.empty());
        dialog.findChild<QPlainTextEdit *>("boundaryFirst")->setPlainText("wants money back");
        QVERIFY(dialog.findChild<QListWidget *>("boundaryRows")->count() > 0);
        QCOMPARE(dialog.draft().labels.size(), size_t{1});

        gui.dialogs.choices.push_back(1);
        gui.find<QWidget>("finding_classes_hardly_differ")->findChild<QPushButton *>("fixRows")->click();
        QCOMPARE(gui.session().labels().size(), size_t{1});
        QCOMPARE(gui.session().labels().front().name, std::string("delivery"));
        QCOMPARE(gui.session().countsOf(gui.session().labels().front().id).train, int64_t{24});
        QTRY_VERIFY(!gui.find<QWidget>("finding_classes_hardly_differ"));
        gui.session().undo();
        QCOMPARE(gui.session().labels().size(), size_t{2});
        // Back again, and ignored as a whole.
        QTRY_VERIFY(gui.find<QWidget>("finding_classes_hardly_differ"));
        gui.find<QWidget>("finding_classes_hardly_differ")->findChild<QPushButton *>("ignoreFinding")->click();
        QTRY_VERIFY(!gui.find<QWidget>("finding_classes_hardly_differ"));
        gui.session().undo();
        QTRY_VERIFY(gui.find<QWidget>("finding_classes_hardly_differ"));
        // Described anew, it counts as mended until the next look.
        gui.session().apply(dialog.draft());
        QTRY_VERIFY(!gui.find<QWidget>("finding_classes_hardly_differ"));
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }
};

QTEST_MAIN(MapTest)
#include "tst_map.moc"
