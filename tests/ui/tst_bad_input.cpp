// SPDX-License-Identifier: Apache-2.0
// What is wrong is said in the bar under the head, with one action at most, and nothing else happens.
#include "tests/ui/gui.h"

#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QRadioButton>
#include <QTableView>

#include <csignal>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace support;

namespace {

/// Files may not grow while it lives: the answer of a full disk.
class FullDisk {
public:
    FullDisk()
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        m_handler = ::signal(SIGXFSZ, SIG_IGN);
        const rlimit none{0, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        ::signal(SIGXFSZ, m_handler);
    }

private:
    rlimit m_before{};
    sighandler_t m_handler;
};

/// Root may write everywhere, so it is another user meanwhile.
class AnotherUser {
public:
    AnotherUser() : m_root(::getuid() == 0)
    {
        if (m_root && ::setresuid(65534, 65534, 0) != 0)
            qFatal("the user could not be changed");
    }
    ~AnotherUser()
    {
        if (m_root && ::setresuid(0, 0, 0) != 0)
            qFatal("the user could not be changed back");
    }

private:
    bool m_root;
};

}  // namespace

class BadInputTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

    static bool says(WindowUnderTest &gui, const char *words)
    {
        const QString all =
            gui.find<QLabel>("messageCause")->text() + u' ' + gui.find<QLabel>("messageFollows")->text();
        return gui.find<QWidget>("messageBar")->isVisible() && all.contains(QLatin1String(words));
    }
    /// Noise over the last page that holds rows.
    static void overwriteRows(const std::filesystem::path &file)
    {
        const std::string before = read(file);
        const size_t at = before.rfind("parcel") / 4096 * 4096;
        std::fstream(file, std::ios::in | std::ios::out | std::ios::binary)
            .seekp(static_cast<std::streamoff>(at))
            .write(std::string(400, '\x17').data(), 400);
    }
    /// Imports one file with what the dialog proposes; returns the words of its button.
    static QString import(WindowUnderTest &gui, const char *name, std::string_view bytes)
    {
        write(gui.folder / name, bytes);
        QString button;
        gui.dialogs.on = [&](QDialog &dialog) {
            auto *accept = dialog.findChild<QPushButton *>("importAccept");
            auto *list = dialog.findChild<QListWidget *>("importFiles");
            if (!QTest::qWaitFor([&] { return !list->item(0)->text().contains("reading"); }, 10'000))
                return false;
            button = accept->text();
            return accept->isEnabled();
        };
        gui.window.workspaceOrNull()->import({gui.path(name)});
        gui.dialogs.on = {};
        return button;
    }
    static const core::Finding *finding(WindowUnderTest &gui, const char *code)
    {
        const auto &findings = gui.session().findings();
        for (const core::Finding &each : findings) {
            if (each.code == code)
                return &each;
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }
    void cleanupTestCase() { m_theme.reset(); }

    void whatIsNoServiceIsNotOpened()
    {
        WindowUnderTest gui(*m_theme);
        gui.window.openService(gui.folder / "nowhere");
        QVERIFY(says(gui, "There is no service here"));
        write(gui.folder / "broken/service.sqlite", "this is no database, however long one looks at it");
        gui.window.openService(gui.folder / "broken");
        QVERIFY(!gui.window.workspaceOrNull());
        QVERIFY(!says(gui, "There is no service here"));
        std::filesystem::create_directories(gui.folder / "empty");
        gui.window.makeFrom({gui.folder / "empty"});
        QTRY_VERIFY(says(gui, "no files of rows"));
        // Of a newer version: refused as it stands.
        gui.newService("Newer");
        const auto folder = gui.session().folder();
        gui.window.closeService();
        core::Database::open(folder / "service.sqlite", core::OpenMode::ReadWrite)->execute("PRAGMA user_version = 99");
        // What still reads in the background may be the last to close the file, and cannot move the log into it.
        const auto isWhole = [&] {
            sqlite3 *file = nullptr;
            sqlite3_open((folder / "service.sqlite").c_str(), &file);
            sqlite3_wal_checkpoint_v2(file, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
            sqlite3_close(file);
            return !std::filesystem::exists(folder / "service.sqlite-wal");
        };
        QTRY_VERIFY_WITH_TIMEOUT(isWhole(), 30'000);
        const std::string before = read(folder / "service.sqlite");
        gui.window.openService(folder);
        QVERIFY(!gui.window.workspaceOrNull());
        QVERIFY(says(gui, "newer"));
        QVERIFY(read(folder / "service.sqlite") == before);
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void aDamagedServiceIsSalvagedByOneClick()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Mails");
        gui.fill(40);
        const auto folder = gui.session().folder();
        gui.window.closeService();
        overwriteRows(folder / "service.sqlite");
        gui.window.openService(folder);
        QVERIFY(!gui.window.workspaceOrNull());
        QVERIFY(says(gui, "damaged"));
        gui.find<QPushButton>("messageAction")->click();
        QTRY_VERIFY(gui.window.workspaceOrNull());
        QCOMPARE(gui.session().name(), QStringLiteral("Mails"));
        QVERIFY(gui.session().folder() != folder);
        QVERIFY(says(gui, "salvaged"));
        QVERIFY(gui.session().counts().train + gui.session().counts().test > 0);
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void aServiceThatMayNotBeWrittenIsOpenedForReading()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Locked");
        gui.fill(3);
        const auto folder = gui.session().folder();
        gui.window.closeService();
        // A check may still read; the last connection to go takes the write-ahead log with it.
        QTRY_VERIFY_WITH_TIMEOUT(!std::filesystem::exists(folder / "service.sqlite-wal"), 30'000);
        for (const auto &path : {gui.folder.path(), folder.parent_path(), folder})
            std::filesystem::permissions(path, std::filesystem::perms(0555));
        for (const auto &entry : std::filesystem::directory_iterator(folder))
            std::filesystem::permissions(entry.path(), std::filesystem::perms(0444));
        {
            const AnotherUser user;
            gui.window.openService(folder);
            QVERIFY(gui.window.workspaceOrNull());
            QVERIFY(says(gui, "may not be written"));
            QCOMPARE(gui.session().counts().train, int64_t{6});
            auto *table = gui.find<QTableView>("rowTable");
            table->selectRow(0);
            QTest::keyClick(table, Qt::Key_2);
            QTest::keyClick(table, Qt::Key_Delete);
            QCOMPARE(gui.session().counts().train, int64_t{6});
            QVERIFY(!(table->model()->index(0, 2).flags() & Qt::ItemIsEditable));
            gui.window.closeService();
        }
        std::filesystem::permissions(gui.folder.path(), std::filesystem::perms::owner_all);
        std::filesystem::permissions(folder.parent_path(), std::filesystem::perms::owner_all);
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void onAFullDiskNothingTypedIsLost()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Full");
        gui.fill(3);
        auto *table = gui.find<QTableView>("rowTable");
        {
            const FullDisk full;
            table->model()->setData(table->model()->index(0, 2), "typed while the disk was full");
            QVERIFY(says(gui, "disk"));
            QCOMPARE(gui.find<QPushButton>("messageAction")->text(), QString("Try again"));
            gui.find<QPushButton>("messageAction")->click();
            QVERIFY(says(gui, "disk"));
        }
        gui.find<QPushButton>("messageAction")->click();
        QCOMPARE(table->model()->index(0, 2).data().toString(), QString("typed while the disk was full"));
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void newsWaitUntilWhatWentWrongIsClosed()
    {
        WindowUnderTest gui(*m_theme);
        const ui::Message first{.state = ui::Message::State::Danger, .cause = "first", .stays = true};
        const ui::Message second{.state = ui::Message::State::Danger, .cause = "second"};
        gui.window.say(first);
        gui.window.say({.state = ui::Message::State::Success, .cause = "old news"});
        gui.window.say({.state = ui::Message::State::Success, .cause = "news"});
        QVERIFY(says(gui, "first"));
        gui.window.say(second);
        QVERIFY(says(gui, "second"));
        gui.find<QPushButton>("messageClose")->click();
        QVERIFY(says(gui, "first"));
        gui.find<QPushButton>("messageClose")->click();
        QVERIFY(says(gui, "news"));
        gui.find<QPushButton>("messageClose")->click();
        QVERIFY(gui.find<QWidget>("messageBar")->isHidden());
    }

    void badRowsAreSetAsideAndNamed_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("button");
        QTest::addColumn<int>("rows");
        QTest::newRow("cut in mid-quote")
            << QByteArray("mails_train.csv") << QByteArray("text,label\nmoney,refund\n\"never clos")
            << "Import 1 row, 1 set aside" << 1;
        QTest::newRow("broken lines") << QByteArray("mails_train.jsonl")
                                      << QByteArray("{\"text\":\"a\",\"label\":\"refund\"}\n{\"text\":\nnot json\n"
                                                    "{\"text\":\"b\",\"label\":\"delivery\"}\n")
                                      << "Import 2 rows, 2 set aside" << 2;
        QTest::newRow("a line separator in a line")
            << QByteArray("mails_train.jsonl") << QByteArray("{\"text\":\"one\xE2\x80\xA8row\",\"label\":\"refund\"}\n")
            << "Import 1 row" << 1;
        QTest::newRow("no text column") << QByteArray("mails_train.csv") << QByteArray("1,2\n3,4\n") << "Import" << 0;
        QTest::newRow("empty") << QByteArray("mails_train.csv") << QByteArray() << "Import" << 0;
        QTest::newRow("another kind") << QByteArray("mails.pdf") << QByteArray("%PDF-1.4") << "Import" << 0;
    }
    void badRowsAreSetAsideAndNamed()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, button);
        QFETCH(int, rows);
        WindowUnderTest gui(*m_theme);
        gui.newService("Rows");
        gui.fill(3);
        const QString words = import(gui, name.constData(), std::string_view(bytes.constData(), size_t(bytes.size())));
        QVERIFY2(words.startsWith(button), qPrintable(words));
        QTRY_COMPARE(gui.session().counts().train, int64_t{6 + rows});
        if (rows > 0 && words.contains("set aside"))
            QTRY_VERIFY(says(gui, "set aside"));
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void labelsWithoutClassesAndClassesWithoutRowsBlockTrainingOnly()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Labels");
        gui.fill(3);
        gui.dialogs.texts.push_back("praise");
        gui.find<QPushButton>("addClass")->click();
        QCOMPARE(import(gui, "more_train.csv", "text,label\nwell done,prise\nnice,prise\n"), QString("Import 2 rows"));
        QTRY_VERIFY(finding(gui, "label_without_class") && finding(gui, "class_without_rows"));
        gui.window.workspaceOrNull()->show(ui::Step::Training);
        QVERIFY(!gui.find<QPushButton>("startTraining")->isEnabled());
        QVERIFY(!gui.find<QLabel>("blocked")->text().isEmpty());
        gui.find<QPushButton>("showBlocked")->click();
        QCOMPARE(gui.window.workspaceOrNull()->current(), ui::Step::Data);
        gui.find<QWidget>("finding_label_without_class")->findChild<QPushButton *>("fixRows")->click();
        QTRY_VERIFY(!finding(gui, "label_without_class"));
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void weightsThatLieAreRefused_data()
    {
        QTest::addColumn<QByteArray>("tokenizer");
        QTest::addColumn<QByteArray>("weights");
        QTest::addColumn<QByteArray>("words");
        const QByteArray tokenizer = QByteArray::fromStdString(read(golden("tiny_base") / "tokenizer.json"));
        const QByteArray weights = QByteArray::fromStdString(read(golden("tiny_base") / "model.safetensors"));
        QTest::newRow("pickle") << tokenizer << QByteArray("PK\x03\x04") + QByteArray(200, 'x') << QByteArray("pickle");
        QTest::newRow("cut") << tokenizer << weights.left(5'000) << QByteArray("cut off");
        QTest::newRow("tokenizer of another kind")
            << QByteArray(R"({"model":{"type":"WordLevel","vocab":{"a":0}}})") << weights << QByteArray("WordLevel");
        QTest::newRow("tokenizer without pieces") << QByteArray(R"({"model":{"type":"BPE","vocab":{},"merges":[]}})")
                                                  << weights << QByteArray("no list of pieces");
    }
    void weightsThatLieAreRefused()
    {
        QFETCH(QByteArray, tokenizer);
        QFETCH(QByteArray, weights);
        QFETCH(QByteArray, words);
        WindowUnderTest gui(*m_theme);
        gui.newService("Weights");
        gui.fill(6);
        std::filesystem::copy(golden("tiny_base"), gui.folder / "weights", std::filesystem::copy_options::recursive);
        write(gui.folder / "weights/tokenizer.json", tokenizer.toStdString());
        write(gui.folder / "weights/model.safetensors", weights.toStdString());
        gui.window.workspaceOrNull()->show(ui::Step::Training);
        QTRY_VERIFY(gui.find<QPushButton>("startTraining")->isEnabled());
        auto *base = gui.find<QComboBox>("baseWeights");
        gui.dialogs.folders.push_back(gui.path("weights"));
        base->setCurrentIndex(base->count() - 1);
        Q_EMIT base->activated(base->count() - 1);
        QCOMPARE(base->currentData().toString(), gui.path("weights"));
        gui.find<QRadioButton>("recipeQuick")->setChecked(true);
        gui.find<QPushButton>("startTraining")->click();
        QTRY_VERIFY2_WITH_TIMEOUT(
            says(gui, words.constData()),
            qPrintable(gui.find<QLabel>("messageCause")->text() + gui.find<QLabel>("messageFollows")->text()), 20'000);
        QVERIFY(!gui.session().best());
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }
};

QTEST_MAIN(BadInputTest)
#include "tst_bad_input.moc"
