// SPDX-License-Identifier: Apache-2.0
// Takes a picture of every page with the sample's real content. No test: packaging/pictures runs it.
//   pictures FOLDER SUFFIX [light|dark] [small] [teacher] [service PATH [import FILE...]]
// With `teacher` only the Teacher page is taken; with a service only its results, and a report on its best checkpoint;
// with files only what the import dialog shows of each, and what it asks.
#include "tests/ui/gui.h"
#include "tests/ui/teacher_pictures.h"
#include "ui/dialogs/import/import_dialog.h"
#include "ui/dialogs/report_dialog.h"
#include "ui/widgets/answer_bars.h"
#include "ui/widgets/row_map_view.h"
#include "ui/widgets/word_weights.h"
#include "ui/words.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>

namespace {

/// Lets the window work until `done` or the time is up.
template <class Condition>
bool waitFor(Condition done, int seconds)
{
    return QTest::qWaitFor(done, seconds * 1000);
}

class Pictures {
public:
    Pictures(support::WindowUnderTest &gui, QString folder, QString suffix)
        : m_gui(gui), m_folder(std::move(folder)), m_suffix(std::move(suffix))
    {
    }

    void take(const QString &name, QWidget *widget = nullptr)
    {
        QTest::qWait(250);
        QWidget &what = widget ? *widget : m_gui.window;
        // Without a window manager nobody else makes it the active one.
        what.window()->activateWindow();
        QTest::qWait(50);
        what.grab()
            .toImage()
            .convertToFormat(QImage::Format_RGB32)
            .save(QStringLiteral("%1/%2%3.png").arg(m_folder, name, m_suffix), nullptr, 0);
    }

    /// The results of a service that is there.
    bool results(const QString &path)
    {
        m_gui.window.openService(ui::toPath(path));
        if (!m_gui.window.workspaceOrNull())
            return false;
        m_gui.window.workspaceOrNull()->show(ui::Step::Results);
        const QString name = path.section(u'/', -1);
        resultPictures(name);
        const auto best = m_gui.session().best();
        const auto page = best ? core::htmlReport(m_gui.session().service(), *best, {true, false})
                               : base::Result<std::string>(std::string());
        return page && ui::writeReport(*page, QStringLiteral("%1/%2_report.html").arg(m_folder, name)) &&
               ui::writeReport(*page, QStringLiteral("%1/%2_report.pdf").arg(m_folder, name));
    }

    /// What the import dialog shows of each file, and each question that it offers.
    bool imports(const QString &path, const QStringList &files)
    {
        m_gui.window.openService(ui::toPath(path));
        if (!m_gui.window.workspaceOrNull())
            return false;
        for (const QString &file : files) {
            const QString name = file.section(u'/', -2).replace(u'/', u'_');
            m_gui.dialogs.on = [&](QDialog &dialog) {
                if (dialog.objectName() != QLatin1String("importDialog")) {
                    take("import_" + dialog.objectName() + u'_' + name, &dialog);
                    return false;
                }
                QTest::qWait(1500);
                take("import_" + name, &dialog);
                for (const char *button : {"importMeaning", "importChanges"}) {
                    if (auto *asks = dialog.findChild<QPushButton *>(QLatin1String(button)); asks->isVisible())
                        asks->click();
                }
                return false;
            };
            m_gui.window.workspaceOrNull()->import({file});
        }
        return true;
    }

    /// The Teacher page alone.
    bool teacher()
    {
        m_gui.window.openSample();
        return waitFor([&] { return m_gui.window.workspaceOrNull() && m_gui.session().quick(); }, 60) && teacherPages();
    }

    bool run()
    {
        auto &window = m_gui.window;
        take("start_empty");
        window.openSample();
        if (!waitFor([&] { return window.workspaceOrNull() && m_gui.session().quick(); }, 60))
            return false;
        auto *workspace = window.workspaceOrNull();
        take("define");
        workspace->show(ui::Step::Data);
        auto *table = m_gui.find<QTableView>("rowTable");
        table->setCurrentIndex(table->model()->index(3, 2));
        take("data");
        workspace->toggleTryIt();
        m_gui.find<QWidget>("tryPanel")
            ->findChild<QPlainTextEdit *>("tryItText")
            ->setPlainText("The lamp came broken, I want my money back");
        waitFor(
            [&] { return !m_gui.find<QWidget>("tryPanel")->findChild<ui::AnswerBars *>("answerBars")->bars().empty(); },
            20);
        take("try_it");
        workspace->toggleTryIt();
        importPicture();
        dataPictures(*table);
        if (!teacherPages())
            return false;
        workspace->show(ui::Step::Training);
        waitFor([&] { return m_gui.find<QLabel>("estimate")->text().startsWith("Automatic takes"); }, 60);
        take("training_new");
        m_gui.dialogs.on = [this](QDialog &dialog) {
            take("base_weights", &dialog);
            return false;
        };
        m_gui.find<QPushButton>("getWeights")->click();
        m_gui.dialogs.on = {};
        m_gui.find<QPushButton>("advanced")->click();
        take("training_advanced");
        m_gui.find<QPushButton>("advanced")->click();
        m_gui.find<QPushButton>("startTraining")->click();
        waitFor(
            [&] { return m_gui.session().runningOrNull() && m_gui.session().runningOrNull()->checkpoints.size() > 1; },
            120);
        take("training_live");
        if (!waitFor([&] { return m_gui.session().best().has_value() && !m_gui.session().runningOrNull(); }, 200))
            return false;
        take("training_done");
        auto *runTabs = m_gui.find<QTabBar>("runTabs");
        runTabs->setCurrentIndex(1);
        take("training_classes");
        runTabs->setCurrentIndex(runTabs->count() - 1);
        waitFor([&] { return m_gui.find<QTableView>("firstBatch")->model()->rowCount() > 1; }, 30);
        take("training_first_batch");
        runTabs->setCurrentIndex(0);
        workspace->show(ui::Step::Results);
        resultPictures("results");
        workspace->show(ui::Step::Use);
        m_gui.dialogs.folders.push_back(QString::fromStdString((m_gui.folder / "package").string()));
        m_gui.find<QPushButton>("exportPackage")->click();
        waitFor([&] { return m_gui.find<QFrame>("receipt")->isVisible(); }, 120);
        take("use");
        window.closeService();
        waitFor([] { return false; }, 1);
        take("start_tiles");
        return severalClasses();
    }

private:
    bool teacherPages()
    {
        m_gui.window.workspaceOrNull()->show(ui::Step::Teacher);
        m_gui.find<QPushButton>("primary")->click();
        waitFor([&] { return m_gui.find<QTableView>("suggestionTable")->model()->rowCount() > 0; }, 60);
        take("teacher");
        return support::teacherPictures(m_gui, [this](const QString &name, QWidget *widget) { take(name, widget); });
    }

    /// The side panel's tabs and the dialogs of the table, with some rows made wrong and put right again.
    void dataPictures(QTableView &table)
    {
        auto *panel = m_gui.find<QTabBar>("panelTabs");
        panel->setCurrentIndex(1);
        auto &model = *table.model();
        model.setData(model.index(2, 2), "Please send the money back, my address is kim@example.org");
        model.setData(model.index(5, 3), model.index(6, 3).data(Qt::EditRole));
        model.setData(model.index(8, 3), model.index(20, 3).data(Qt::EditRole));
        m_gui.session().lookDeeper();
        waitFor([&] { return !m_gui.session().deepCheck().isRunning(); }, 60);
        waitFor([&] { return m_gui.find<QWidget>("finding_label_errors") != nullptr; }, 10);
        table.setCurrentIndex(model.index(5, 2));
        take("check");
        m_gui.find<QPushButton>("showMap")->setChecked(true);
        auto *map = m_gui.find<ui::RowMapView>("rowMap");
        waitFor([&] { return map->dotCount() > 0; }, 60);
        QTest::mouseMove(map, QPoint(5, 5));
        take("map");
        m_gui.find<QPushButton>("showMap")->setChecked(false);
        m_gui.dialogs.on = [&](QDialog &dialog) {
            take("boundary", &dialog);
            return false;
        };
        if (auto *overlap = m_gui.find<QWidget>("finding_classes_overlap"))
            overlap->findChild<QPushButton *>("fixRows")->click();
        m_gui.dialogs.on = {};
        panel->setCurrentIndex(2);
        take("history");
        m_gui.dialogs.on = [&](QDialog &dialog) {
            dialog.findChild<QLineEdit *>("findText")->setText("order");
            dialog.findChild<QLineEdit *>("replaceText")->setText("purchase");
            waitFor([&] { return dialog.findChild<QPushButton *>("replaceAll")->isEnabled(); }, 10);
            take("find", &dialog);
            return false;
        };
        m_gui.window.workspaceOrNull()->findAndReplace();
        QGuiApplication::clipboard()->setText("id\ttext\tlabel\tnote\n17\tThe cup has a crack\tdamaged\tphoto sent\n"
                                              "18\tWhere do I enter the voucher?\tother\t\n");
        m_gui.dialogs.on = [&](QDialog &dialog) {
            take("paste", &dialog);
            return false;
        };
        QTest::keyClick(&table, Qt::Key_V, Qt::ControlModifier);
        m_gui.dialogs.on = {};
        auto *splits = m_gui.find<QTabBar>("splitTabs");
        splits->setCurrentIndex(2);
        panel->setCurrentIndex(3);
        waitFor([&] { return !m_gui.session().suggestions().byRow.empty(); }, 30);
        m_gui.find<QPushButton>("mostUseful")->click();
        take("suggestions");
        for (int step = 0; step < 3; ++step)
            m_gui.session().undo();
        splits->setCurrentIndex(0);
        panel->setCurrentIndex(1);
    }

    /// Mails that ask for several things at once, each with the sentences that are in it.
    void writeMails(const std::string &name, int first)
    {
        static const char *const Parts[3][4] = {
            {"the mug arrived in pieces", "the lamp flickers and smells burnt", "the zip of the bag is broken",
             "the screen has a scratch right across"},
            {"please send my money back", "I want a refund", "how do I get my money back", "pay me back, please"},
            {"where is the rest of my order", "the parcel still has not come", "when will the second box arrive",
             "tracking has not moved for a week"}};
        static const char *const Names[] = {"damaged_item", "refund", "late_delivery"};
        std::string lines;
        for (int i = first; i < first + 48; ++i) {
            std::string text;
            nlohmann::ordered_json labels;
            for (int part = 0; part < 3; ++part) {
                const bool isThere = (i >> part) % 2 == 1;
                labels[Names[part]] = isThere ? 1 : 0;
                if (isThere)
                    text += (text.empty() ? "" : ", and ") + std::string(Parts[part][(i / 8 + part) % 4]);
            }
            if (text.empty())
                text = "thank you for the quick answer";
            text += ". Order " + std::to_string(1000 + 7 * i);
            lines += nlohmann::ordered_json{{"prompt", text}, {"completion", labels}}.dump() + "\n";
        }
        support::write(m_gui.folder / name, lines);
    }

    bool severalClasses()
    {
        m_gui.newService(QStringLiteral("What a mail asks for"));
        writeMails("train.jsonl", 0);
        writeMails("test.jsonl", 48);
        m_gui.dialogs.on = [&](QDialog &dialog) {
            waitFor([&] { return dialog.findChild<QPushButton *>("importAccept")->isEnabled(); }, 10);
            take("sets_import", &dialog);
            return true;
        };
        auto *workspace = m_gui.window.workspaceOrNull();
        workspace->import({m_gui.path("train.jsonl"), m_gui.path("test.jsonl")});
        m_gui.dialogs.on = {};
        auto &session = m_gui.session();
        if (!waitFor([&] { return session.counts().test == 48 && session.quick(); }, 60))
            return false;
        workspace->show(ui::Step::Define);
        take("sets_define");
        workspace->show(ui::Step::Data);
        auto *table = m_gui.find<QTableView>("rowTable");
        table->setCurrentIndex(table->model()->index(4, 3));
        table->edit(table->currentIndex());
        const QPointer<QLineEdit> editor = table->findChild<QLineEdit *>("labelEditor");
        if (editor)
            QTest::keyClicks(editor, "dam");
        take("sets_data");
        for (int key = 0; key < 2 && editor; ++key)  // away with the list, then with what was typed
            QTest::keyClick(editor, Qt::Key_Escape);
        for (const int row : {5, 9})
            table->model()->setData(table->model()->index(row, 3), QStringLiteral("[]"));
        session.lookDeeper();
        waitFor([&] { return m_gui.find<QWidget>("finding_label_errors") != nullptr; }, 60);
        table->setCurrentIndex(table->model()->index(5, 2));
        m_gui.find<QTabBar>("panelTabs")->setCurrentIndex(1);
        take("sets_check");
        session.undo();
        session.undo();
        QGuiApplication::clipboard()->setText(
            QStringLiteral("وصل الكوب مكسورًا، أريد استرداد نقودي (رقم الطلب 1042)\tdamaged_item; refund\n"
                           "איפה החבילה שלי? Order 77\tlate_delivery\n"
                           "杯子到货时已经碎了，请退款\tdamaged_item; refund\n"
                           "荷物がまだ届きません\tlate_delivery\n상품이 파손되었습니다\tdamaged_item\n"));
        workspace->show(ui::Step::Data);
        table->setCurrentIndex(table->model()->index(7, 2));
        QTest::keyClick(table, Qt::Key_V, Qt::ControlModifier);
        table->setCurrentIndex(table->model()->index(48, 2));
        table->scrollToBottom();
        m_gui.find<QTabBar>("panelTabs")->setCurrentIndex(0);
        take("sets_scripts");
        session.undo();
        workspace->show(ui::Step::Training);
        m_gui.find<QAbstractButton>("advanced")->click();
        take("sets_training");
        m_gui.find<QAbstractButton>("recipeQuick")->click();
        m_gui.find<QPushButton>("startTraining")->click();
        if (!waitFor([&] { return session.best().has_value() && !session.runningOrNull(); }, 120))
            return false;
        workspace->show(ui::Step::Results);
        resultPictures("sets_results");
        return troubles();
    }

    /// Weights that no machine has the memory for, and a service whose file was damaged.
    bool troubles()
    {
        const auto weights = m_gui.folder / "vast-weights";
        std::filesystem::copy(support::golden("tiny_base"), weights, std::filesystem::copy_options::recursive);
        auto config = nlohmann::json::parse(support::read(weights / "config.json"));
        config.update({{"hidden_size", 16384}, {"intermediate_size", 65536}, {"num_hidden_layers", 60}});
        support::write(weights / "config.json", config.dump());
        m_gui.window.workspaceOrNull()->show(ui::Step::Training);
        auto *base = m_gui.find<QComboBox>("baseWeights");
        m_gui.dialogs.folders.push_back(QString::fromStdString(weights.string()));
        base->setCurrentIndex(base->count() - 1);
        Q_EMIT base->activated(base->count() - 1);
        auto *cause = m_gui.find<QLabel>("messageCause");
        m_gui.find<QPushButton>("startTraining")->click();
        if (!waitFor([&] { return cause->text().contains("memory"); }, 30))
            return false;
        take("short_memory");
        const auto folder = m_gui.session().folder();
        m_gui.window.closeService();
        const std::string bytes = support::read(folder / "service.sqlite");
        support::write(folder / "service.sqlite",
                       std::string(bytes).replace(bytes.rfind("parcel") / 4096 * 4096, 400, 400, '\x17'));
        m_gui.window.openService(folder);
        take("salvage");
        m_gui.find<QPushButton>("messageAction")->click();
        if (!waitFor([&] { return m_gui.window.workspaceOrNull() != nullptr; }, 30))
            return false;
        take("salvaged");
        return true;
    }

    /// Of the page as it is shown, one for each of its tabs.
    void resultPictures(const QString &name)
    {
        m_gui.find<QPushButton>("messageClose")->click();  // what it says stands above the page, for a while
        auto *predictions = m_gui.find<QTableView>("predictionTable");
        auto *tabs = m_gui.find<QTabBar>("resultTabs");
        waitFor([&] { return predictions->model()->rowCount() > 0; }, 30);
        predictions->setCurrentIndex(predictions->model()->index(0, 0));
        auto *words = m_gui.find<ui::WordWeights>("wordWeights");
        waitFor([&] { return words->textFormat() == Qt::RichText; }, 30);
        const std::vector<QString> names{{},       "_confusions", "_per_class", "_confidence", "_thresholds",
                                         "_kinds", "_own",        "_compare",   "_next"};
        for (int tab = 0; tab < tabs->count(); ++tab) {
            if (!tabs->isTabVisible(tab))
                continue;
            tabs->setCurrentIndex(tab);
            if (names.at(static_cast<size_t>(tab)) == "_thresholds")
                waitFor([&] { return m_gui.find<QTableView>("curveTable")->model()->rowCount() > 0; }, 60);
            if (names.at(static_cast<size_t>(tab)) == "_own")
                ownFigures();
            take(name + names.at(static_cast<size_t>(tab)));
        }
        tabs->setCurrentIndex(0);
    }

    /// Two ready-made ones, kept, and one that fails.
    void ownFigures()
    {
        auto *ready = m_gui.find<QComboBox>("readyMetrics");
        auto *table = m_gui.find<QTableView>("metricTable");
        for (const int which : {1, 3}) {
            ready->setCurrentIndex(which);
            Q_EMIT ready->activated(which);
            m_gui.find<QPushButton>("keepMetric")->click();
        }
        waitFor([&] { return table->model()->rowCount() == 2; }, 30);
        m_gui.find<QPlainTextEdit>("metricCode")
            ->setPlainText(
                "(text, expected, predicted) =>\n    expected === predicted ? 1 : text.length < 40 ? 0 : null");
        m_gui.find<QPushButton>("tryMetric")->click();
        waitFor([&] { return m_gui.find<QLabel>("metricSaid")->text().contains("failed"); }, 30);
    }

    void importPicture()
    {
        const QStringList files{QStringLiteral(SAMPLES_FOLDER "/shop-mails/train.csv"),
                                QStringLiteral(SAMPLES_FOLDER "/shop-mails/test.csv")};
        m_gui.dialogs.on = [&](QDialog &dialog) {
            waitFor([&] { return dialog.findChild<QPushButton *>("importAccept")->text().contains("rows"); }, 10);
            take("import", &dialog);  // it asks, as the sample's files are there already
            return false;
        };
        m_gui.window.workspaceOrNull()->import(files);
        m_gui.dialogs.on = {};
    }

    support::WindowUnderTest &m_gui;
    QString m_folder;
    QString m_suffix;
};

}  // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() < 3)
        return 2;
    ui::Theme theme(application);
    theme.setScheme(arguments.contains("dark") ? ui::Theme::Scheme::Dark : ui::Theme::Scheme::Light);
    support::WindowUnderTest gui(theme);
    if (arguments.contains("small"))
        gui.window.resize(900, 520);
    Pictures pictures(gui, arguments[1], arguments[2]);
    const int service = static_cast<int>(arguments.indexOf("service"));
    const int files = static_cast<int>(arguments.indexOf("import"));
    if (service > 0 && files > service + 1)
        return pictures.imports(arguments[service + 1], arguments.mid(files + 1)) ? 0 : 1;
    if (service > 0 && service + 1 < arguments.size())
        return pictures.results(arguments[service + 1]) ? 0 : 1;
    if (arguments.contains("teacher"))
        return pictures.teacher() ? 0 : 1;
    return pictures.run() ? 0 : 1;
}
