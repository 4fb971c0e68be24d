// SPDX-License-Identifier: Apache-2.0
// On every page and in every dialog, wide and narrow: nothing is clipped, everything has a name and can be reached
// with the Tab key.
#include "tests/ui/gui.h"
#include "ui/dialogs/service_dialogs.h"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QButtonGroup>
#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>

using namespace support;

namespace {

/// What a person acts on. Parts of a widget (the line edit of a spin box) belong to it.
bool isInteractive(const QWidget *widget)
{
    const bool kind = qobject_cast<const QAbstractButton *>(widget) || qobject_cast<const QLineEdit *>(widget) ||
                      qobject_cast<const QPlainTextEdit *>(widget) || qobject_cast<const QComboBox *>(widget) ||
                      qobject_cast<const QAbstractSpinBox *>(widget) ||
                      qobject_cast<const QAbstractItemView *>(widget) || qobject_cast<const QTabBar *>(widget);
    const QWidget *parent = widget->parentWidget();
    const bool part =
        widget->inherits("QHeaderView") || widget->inherits("QTableCornerButton") ||
        (parent && (qobject_cast<const QAbstractSpinBox *>(parent) || qobject_cast<const QComboBox *>(parent) ||
                    qobject_cast<const QLineEdit *>(parent) || qobject_cast<const QTabBar *>(parent) ||
                    parent->inherits("QComboBoxPrivateContainer")));
    return kind && !part;
}

QString describe(const QWidget *widget)
{
    return QStringLiteral("%1 \"%2\" in %3")
        .arg(QLatin1String(widget->metaObject()->className()), widget->objectName(),
             widget->parentWidget() ? widget->parentWidget()->objectName() : QString());
}

QString textOf(const QWidget *widget)
{
    if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
        return button->text();
    if (const auto *label = qobject_cast<const QLabel *>(widget))
        return label->text();
    return {};
}

/// Whether it lies in something that can be scrolled to it.
bool isScrolled(const QWidget *widget)
{
    for (const QWidget *up = widget->parentWidget(); up; up = up->parentWidget()) {
        if (up->parentWidget() && qobject_cast<const QAbstractScrollArea *>(up->parentWidget()))
            return true;
    }
    return false;
}

QStringList clipped(const QWidget &root)
{
    QStringList wrong;
    for (const QWidget *widget : root.findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->size().isEmpty() || widget->inherits("QTableCornerButton"))
            continue;
        const auto *label = qobject_cast<const QLabel *>(widget);
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const QString text = textOf(widget);
        if (label && !text.isEmpty() && label->wordWrap() &&
            label->heightForWidth(label->width()) > label->height() + 1)
            wrong << describe(widget) + " is too low for: " + text;
        if (label && !text.isEmpty() && !label->wordWrap() && label->sizeHint().width() > label->width() + 1 &&
            !label->property("elides").toBool())
            wrong << describe(widget) + " is too narrow for: " + text;
        if (button && !text.isEmpty() && qobject_cast<const QPushButton *>(widget) &&
            button->sizeHint().width() > button->width() + 1)
            wrong << describe(widget) + " is too narrow for: " + text;
        // A widget that leaves its parent is cut off, unless it can be scrolled to.
        const QRect inside = widget->parentWidget()->rect();
        if ((label || isInteractive(widget)) && !isScrolled(widget) && !inside.contains(widget->geometry()))
            wrong << describe(widget) + " leaves its parent: " + text;
    }
    return wrong;
}

QStringList nameless(const QWidget &root)
{
    QStringList wrong;
    for (const QWidget *widget : root.findChildren<QWidget *>()) {
        if (!isInteractive(widget))
            continue;
        if (widget->objectName().isEmpty() || widget->objectName().startsWith("qt_"))
            wrong << describe(widget) + " has no object name";
        if (widget->accessibleName().isEmpty() && textOf(widget).isEmpty())
            wrong << describe(widget) + " has no accessible name";
    }
    return wrong;
}

/// Presses Tab until the focus comes back; what is visible and takes focus must have been on the way.
QStringList unreachable(QWidget &root)
{
    QSet<const QWidget *> reached;
    QWidget *first = root.focusWidget();
    if (!first) {
        QTest::keyClick(&root, Qt::Key_Tab);
        first = root.focusWidget();
    }
    for (QWidget *now = first; now && !reached.contains(now) && reached.size() < 500;) {
        reached.insert(now);
        QTest::keyClick(now, Qt::Key_Tab);
        now = root.focusWidget();
    }
    QStringList wrong;
    for (const QWidget *widget : root.findChildren<QWidget *>()) {
        if (!isInteractive(widget) || !widget->isVisible() || !widget->isEnabled() ||
            !(widget->focusPolicy() & Qt::TabFocus) || reached.contains(widget))
            continue;
        const auto *radio = qobject_cast<const QAbstractButton *>(widget);
        if (radio && radio->autoExclusive())
            continue;  // the arrow keys go on from the one of its group that is reached
        if (radio && radio->group() && radio->group()->exclusive())
            continue;
        wrong << describe(widget) + " is not reached with Tab";
    }
    return wrong;
}

}  // namespace

class LayoutTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;
    std::unique_ptr<WindowUnderTest> m_gui;
    QStringList m_wrong;

    void check(QWidget &root, const QString &where)
    {
        QTest::qWait(50);
        if (!qEnvironmentVariableIsEmpty("LAYOUT_PICTURES"))
            root.grab().save(qEnvironmentVariable("LAYOUT_PICTURES") + "/" + where + ".png");
        // A text that has just come is laid out with the next events.
        static_cast<void>(QTest::qWaitFor([&] { return clipped(root).isEmpty(); }, 1000));
        for (const auto &look : {clipped, nameless}) {
            for (const QString &each : look(root))
                m_wrong << where + ": " + each;
        }
        for (const QString &each : unreachable(root))  // last: it moves the focus
            m_wrong << where + ": " + each;
    }

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }
    void cleanupTestCase()
    {
        m_gui.reset();
        m_theme.reset();
    }

    void everythingIsSeenNamedAndReached()
    {
        m_gui = std::make_unique<WindowUnderTest>(*m_theme);
        auto &window = m_gui->window;
        window.activateWindow();
        const QSize sizes[] = {{1280, 800}, {900, 520}};
        const auto both = [&](const QString &where) {
            for (const QSize size : sizes) {
                window.resize(size);
                check(window, QStringLiteral("%1 at %2").arg(where).arg(size.width()));
            }
        };
        both("empty start page");
        static constexpr const char *Pages[] = {"define", "data", "teacher", "training", "results", "use"};
        m_gui->newService("Empty");
        for (int i = 0; i < ui::StepCount; ++i) {
            window.workspaceOrNull()->show(static_cast<ui::Step>(i));
            both(QStringLiteral("%1 of an empty service").arg(Pages[i]));
        }
        window.closeService();
        window.openSample();
        QTRY_VERIFY_WITH_TIMEOUT(window.workspaceOrNull() && m_gui->session().quick(), 120'000);
        auto *workspace = window.workspaceOrNull();
        const auto pages = [&](const QString &when) {
            for (int i = 0; i < ui::StepCount; ++i) {
                workspace->show(static_cast<ui::Step>(i));
                both(Pages[i] + when);
            }
        };
        pages(" before training");
        workspace->show(ui::Step::Training);
        m_gui->find<QPushButton>("advanced")->setChecked(true);
        both("advanced training");
        m_gui->find<QRadioButton>("recipeQuick")->setChecked(true);
        m_gui->find<QPushButton>("startTraining")->click();
        QTRY_VERIFY_WITH_TIMEOUT(m_gui->session().best() && !m_gui->session().runningOrNull(), 120'000);
        pages(" after training");
        workspace->show(ui::Step::Data);
        auto *table = m_gui->find<QTableView>("rowTable");
        table->setCurrentIndex(table->model()->index(2, 2));
        for (const int tab : {0, 1, 2}) {
            m_gui->find<QTabBar>("panelTabs")->setCurrentIndex(tab);
            both(QStringLiteral("panel %1").arg(tab));
        }
        workspace->show(ui::Step::Results);
        for (const int tab : {0, 1, 2}) {
            m_gui->find<QTabBar>("resultTabs")->setCurrentIndex(tab);
            both(QStringLiteral("result tab %1").arg(tab));
        }
        workspace->toggleTryIt();
        m_gui->find<QWidget>("tryPanel")->findChild<QPlainTextEdit *>("tryItText")->setPlainText("my parcel is lost");
        QTest::qWait(500);
        both("try it");
        workspace->toggleTryIt();
        workspace->show(ui::Step::Use);
        m_gui->dialogs.folders.push_back(m_gui->path("package"));
        m_gui->find<QPushButton>("exportPackage")->click();
        QTRY_VERIFY_WITH_TIMEOUT(m_gui->find<QFrame>("receipt")->isVisible(), 120'000);
        both("receipt");
        // Dialogs.
        const auto inDialog = [&](const QString &where, const std::function<void()> &open, int settle = 100) {
            m_gui->dialogs.on = [&](QDialog &dialog) {
                QTest::qWait(settle);
                dialog.activateWindow();
                check(dialog, where);
                return false;
            };
            open();
            m_gui->dialogs.on = {};
        };
        inDialog(
            "import", [&] { workspace->import({QStringLiteral(SAMPLES_FOLDER "/shop-mails/train.csv")}); }, 800);
        inDialog("new service", [&] { window.newService(); });
        inDialog("settings", [&] { m_gui->find<QAction>("actionSettings")->trigger(); });
        inDialog("about", [&] { m_gui->find<QAction>("actionHelp")->trigger(); });
        inDialog("palette", [&] { m_gui->find<QAction>("actionPalette")->trigger(); });
        window.closeService();
        QTest::qWait(300);
        both("start page");
        m_wrong.removeDuplicates();
        for (const QString &each : m_wrong)
            qWarning("%s", qPrintable(each));
        QCOMPARE(m_wrong.size(), qsizetype{0});
    }
};

QTEST_MAIN(LayoutTest)
#include "tst_layout.moc"
