// SPDX-License-Identifier: Apache-2.0
// Names of classes in the window: one name in several spellings is merged by a click, and odd names are shown, chosen
// and edited as they are.
#include "tests/support/odd_names.h"
#include "tests/ui/gui.h"
#include "ui/delegates/labels_edit.h"
#include "ui/session/row_edits.h"
#include "ui/words.h"

#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QTextDocument>

using namespace support;

class OddNamesTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

    static QWidget *card(WindowUnderTest &gui, const char *code)
    {
        return gui.find<QWidget>(("finding_" + std::string(code)).c_str());
    }
    static QPushButton *fixOf(WindowUnderTest &gui, const char *code)
    {
        QWidget *finding = card(gui, code);
        return finding ? finding->findChild<QPushButton *>("fixRows") : nullptr;
    }
    /// Labelled as typed into the table.
    static void add(WindowUnderTest &gui, const QString &label, int rows)
    {
        core::EditDraft draft{.title = "Rows"};
        for (int i = 0; i < rows; ++i)
            draft.newRows.push_back({.text = label.toStdString() + " text " + std::to_string(i)});
        const auto edit = gui.session().apply(draft);
        QVERIFY(edit);
        const auto added = core::EditLog(gui.session().service().database()).addedRows(*edit);
        QVERIFY(added);
        QVERIFY(gui.session().apply(ui::labelDraft(gui.session(), *added, label)));
    }
    static QStringList names(WindowUnderTest &gui)
    {
        QStringList list;
        const auto &labels = gui.session().labels();
        for (const core::Label &label : labels)
            list << QString::fromStdString(label.name);
        return list;
    }

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }

    void twinsAreMergedInOneStep()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Twins");
        gui.fill(3);
        add(gui, "Refund", 4);
        add(gui, "re fund.", 1);
        add(gui, QString::fromUtf8("D\u00C9LIVERY"), 2);
        QCOMPARE(gui.session().labels().size(), size_t{5});
        QTRY_VERIFY(fixOf(gui, "class_spelling"));
        auto *fix = fixOf(gui, "class_spelling");
        QCOMPARE(fix->text(), QString("Merge into refund"));
        fix->click();
        QCOMPARE(names(gui), (QStringList{"refund", "delivery", "re fund.", QString::fromUtf8("D\u00C9LIVERY")}));
        QCOMPARE(gui.session().countsOf(gui.session().labels()[0].id).train, int64_t{7});
        QTRY_VERIFY(!card(gui, "class_spelling"));
        gui.session().undo();
        QCOMPARE(gui.session().labels().size(), size_t{5});
        QCOMPARE(gui.session().countsOf(gui.session().labels()[0].id).train, int64_t{3});
        QTRY_VERIFY(card(gui, "class_spelling"));
        card(gui, "class_spelling")->findChild<QPushButton *>("ignoreFinding")->click();
        QTRY_VERIFY(!card(gui, "class_spelling"));
        // Accents may make two names, so a person says which stays.
        gui.dialogs.choices.push_back(0);
        QCOMPARE(fixOf(gui, "class_accents")->text(), QString("Merge..."));
        fixOf(gui, "class_accents")->click();
        QVERIFY(!names(gui).contains(QString::fromUtf8("D\u00C9LIVERY")));
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void aLabelThatIsNoClassIsMergedIntoTheClass()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Undeclared");
        gui.fill(2);
        core::EditDraft draft{.title = "Import", .newLabels = {{.name = "REFUND", .declared = false}}};
        for (int i = 0; i < 5; ++i)
            draft.newRows.push_back({.text = "again " + std::to_string(i), .label = core::newLabel(0)});
        QVERIFY(gui.session().apply(draft));
        QTRY_VERIFY(fixOf(gui, "class_spelling") && card(gui, "label_without_class"));
        QCOMPARE(fixOf(gui, "class_spelling")->text(), QString("Merge into refund"));
        fixOf(gui, "class_spelling")->click();
        QCOMPARE(names(gui), (QStringList{"refund", "delivery"}));
        QTRY_VERIFY(!card(gui, "label_without_class"));
        QCOMPARE(gui.session().countsOf(gui.session().labels()[0].id).train, int64_t{7});
    }

    void aMissingValueIsNoLabel()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Missing");
        gui.fill(3);
        add(gui, "nan", 2);
        QTRY_VERIFY(fixOf(gui, "label_like_missing"));
        QCOMPARE(fixOf(gui, "label_like_missing")->text(), QString("Take the label off"));
        fixOf(gui, "label_like_missing")->click();
        QCOMPARE(names(gui), (QStringList{"refund", "delivery"}));
        QCOMPARE(gui.session().counts().unlabelled, int64_t{2});
        gui.session().undo();
        QCOMPARE(gui.session().counts().unlabelled, int64_t{0});
        QCOMPARE(names(gui), (QStringList{"refund", "delivery", "nan"}));
    }

    void typedNamesAreFoundAsTheyAre()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Typed");
        core::EditDraft draft{.title = "Classes"};
        for (const std::string &name : oddNames())
            draft.newLabels.push_back({.name = name});
        QVERIFY(gui.session().apply(draft));
        for (const bool several : {false, true}) {
            QVERIFY(gui.session().apply({.title = "Type", .settings = {core::Service::taskTypeChange(several)}}));
            const auto labels = gui.session().labels();
            QStringList classes;
            for (const core::Label &each : labels)
                classes << QString::fromStdString(each.name);
            for (const core::Label &label : labels) {
                core::EditDraft row{.title = "Row"};
                row.newRows.push_back({.text = "text", .label = label.id});
                const auto edit = gui.session().apply(row);
                QVERIFY(edit);
                const auto ids = core::EditLog(gui.session().service().database()).addedRows(*edit);
                QVERIFY(ids);
                // What a cell shows to be edited means the same when nothing is changed.
                const auto example = gui.session().service().examples().read(*ids)->front();
                QString text = gui.session().labelText(example);
                if (several) {
                    ui::LabelsEdit editor(classes);
                    editor.setLabels(text);
                    text = editor.text();
                } else {
                    QComboBox editor;
                    editor.setEditable(true);
                    editor.setCurrentText(text);
                    text = editor.currentText();
                }
                const auto typed = ui::labelDraft(gui.session(), *ids, text);
                QVERIFY2(typed.newLabels.empty(), qPrintable(text));
                QVERIFY(gui.session().apply(typed));
                QCOMPARE(core::labelsOf(gui.session().service().examples().read(*ids)->front()),
                         core::labelSet({label.id}));
            }
        }
        // Spaces and marks that nobody sees make no new class.
        const auto first = gui.session().labels().front();
        const QString hidden = QString::fromUtf8("\u200B") + QString::fromStdString(first.name) + QChar(0xA0);
        QVERIFY(ui::labelDraft(gui.session(), {}, hidden).newLabels.empty());
    }

    void aNameWithASeparatorIsCompletedAsAList()
    {
        ui::LabelsEdit editor({"Parcel; late", "refund"});
        editor.show();
        editor.setLabels("refund");
        QCOMPARE(editor.text(), QString("refund; "));
        QTest::keyClicks(&editor, "Parc");
        Q_EMIT editor.findChild<QCompleter *>()->activated(QString("Parcel; late"));
        QCOMPARE(editor.text(), QString(R"(["refund","Parcel; late"])"));
        editor.setLabels("Parcel; late");
        QCOMPARE(editor.text(), QString(R"(["Parcel; late"])"));
    }

    void namesAreShownAsTheyAre()
    {
        QCOMPARE(ui::className("two\nlines_here\tand"), QString("two lines here and"));
        QCOMPARE(ui::menuText("R&D\tnow"), QString("R&&D now"));
        QCOMPARE(ui::tipText("R&D"), QString("R&D"));
        const QString tip = ui::tipText("<b>bold</b>");
        QVERIFY(Qt::mightBeRichText(tip) && tip.contains("&lt;b&gt;bold&lt;/b&gt;"));

        WindowUnderTest gui(*m_theme);
        gui.newService("Shown");
        gui.fill(3);
        core::EditDraft draft{.title = "Classes"};
        draft.newLabels = {{.name = "R&D"}, {.name = "r&d "}, {.name = "<b>bold</b>"}};
        QVERIFY(gui.session().apply(draft));
        QTRY_VERIFY(fixOf(gui, "class_spelling"));
        QCOMPARE(fixOf(gui, "class_spelling")->text(), QString("Merge into R&&D"));
        bool isNamed = false;
        for (const QLabel *label : card(gui, "class_spelling")->findChildren<QLabel *>())
            isNamed = isNamed || label->text().contains("\"R&D\" (0 rows) and \"r&d[U+0020]\" (0 rows)");
        QVERIFY(isNamed);
    }
};

QTEST_MAIN(OddNamesTest)
#include "tst_odd_names.moc"
