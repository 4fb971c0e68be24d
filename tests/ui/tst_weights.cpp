// SPDX-License-Identifier: Apache-2.0
// The dialog that brings base weights onto this machine, and how Training offers them.
#include "core/catalogue/weights_catalogue.h"
#include "core/engine/weights/safetensors.h"
#include "tests/support/fault_hub.h"
#include "tests/ui/gui.h"

#include <QComboBox>
#include <QLabel>

using namespace support;

class WeightsTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;
    std::filesystem::path m_default;  ///< weights of the machine
    std::unique_ptr<TempFolder> m_cache;
    std::unique_ptr<FaultHub> m_hub;

    static QByteArray bytes(const char *name) { return QByteArray::fromStdString(read(golden(name))); }

    /// Opens Training of a new service, and there the dialog, in which `steps` are done.
    void inDialog(WindowUnderTest &gui, const std::function<void(QDialog &)> &steps)
    {
        if (!gui.window.workspaceOrNull()) {
            gui.newService("Weights");
            gui.fill(3);
            gui.window.workspaceOrNull()->show(ui::Step::Training);
        }
        gui.dialogs.on = [&](QDialog &dialog) {
            steps(dialog);
            return false;
        };
        gui.find<QPushButton>("getWeights")->click();
        gui.dialogs.on = {};
    }

    static void fetch(QDialog &dialog, const QString &id)
    {
        dialog.findChild<QLineEdit *>("weightsOther")->setText(id);
        dialog.findChild<QPushButton *>("weightsFetch")->click();
    }
    static QString news(QDialog &dialog) { return dialog.findChild<QLabel *>("weightsNews")->text(); }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme = makeTheme();
        m_default = *core::findWeights(core::DefaultWeights);
    }
    void cleanupTestCase() { m_theme.reset(); }

    void init()
    {
        m_cache = std::make_unique<TempFolder>();
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(m_cache->path().string()));
        m_hub = std::make_unique<FaultHub>();
        qputenv("HF_ENDPOINT", m_hub->address());
        m_hub->setFile("config.json", bytes("tiny_base/config.json"));
        m_hub->setFile("tokenizer.json", bytes("tokenizers/roberta.json"));
        m_hub->setFile("model.safetensors", bytes("tiny_base/model.safetensors"));
    }

    void fetchedWeightsAreOfferedAndRemovedOnesAreNot()
    {
        WindowUnderTest gui(*m_theme);
        inDialog(gui, [&](QDialog &dialog) {
            auto *table = dialog.findChild<QTableView *>("weightsTable");
            QVERIFY(table->model()->rowCount() > 10);
            QVERIFY(dialog.findChild<QLabel *>("weightsDetail")->text().contains(QString::fromUtf8(m_hub->address())));
            QVERIFY(!dialog.findChild<QPushButton *>("weightsRemove")->isEnabled());
            fetch(dialog, QStringLiteral("owner/weights"));
            QTRY_VERIFY_WITH_TIMEOUT(news(dialog).contains(QStringLiteral("every byte checked")), 20'000);
            QVERIFY(news(dialog).contains(QStringLiteral("apache-2.0")));
        });
        auto *base = gui.find<QComboBox>("baseWeights");
        QCOMPARE(base->currentData().toString(), QStringLiteral("weights"));
        inDialog(gui, [&](QDialog &dialog) {
            auto *table = dialog.findChild<QTableView *>("weightsTable");
            const int last = table->model()->rowCount() - 1;
            QCOMPARE(table->model()->index(last, 0).data().toString(), QStringLiteral("weights"));
            chooseRows(table, last, last);
            QVERIFY(!dialog.findChild<QPushButton *>("weightsFetch")->isEnabled());
            gui.dialogs.choices.push_back(0);
            dialog.findChild<QPushButton *>("weightsRemove")->click();
            QVERIFY2(news(dialog).contains(QStringLiteral("is removed")), qPrintable(news(dialog)));
        });
        QCOMPARE(base->findData(QStringLiteral("weights")), -1);
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void whatGoesWrongIsSaid()
    {
        WindowUnderTest gui(*m_theme);
        inDialog(gui, [&](QDialog &dialog) {
            fetch(dialog, QStringLiteral("no name"));
            QVERIFY(news(dialog).contains(QStringLiteral("owner/name")));
            m_hub->setFaults("api", {{.status = 401}});
            fetch(dialog, QStringLiteral("owner/gated"));
            QTRY_VERIFY_WITH_TIMEOUT(news(dialog).contains(QStringLiteral("accept their licence")), 20'000);
            // With a token it goes on; the token is forgotten afterwards.
            auto *token = dialog.findChild<QLineEdit *>("weightsToken");
            QCOMPARE(token->echoMode(), QLineEdit::Password);
            token->setText(QStringLiteral("secret"));
            fetch(dialog, QStringLiteral("owner/gated"));
            QTRY_VERIFY_WITH_TIMEOUT(news(dialog).contains(QStringLiteral("every byte checked")), 20'000);
            QCOMPARE(m_hub->requests().last().authorization, QByteArray("Bearer secret"));
            QCOMPARE(token->text(), QString());
        });
    }

    void thoseHereAreTestedOnTheRows()
    {
        std::filesystem::create_directories(core::weightsFolder());
        std::filesystem::create_directory_symlink(m_default, core::weightsFolder() / core::DefaultWeights);
        WindowUnderTest gui(*m_theme);
        inDialog(gui, [&](QDialog &dialog) {
            dialog.findChild<QPushButton *>("weightsTry")->click();
            QTRY_VERIFY_WITH_TIMEOUT(news(dialog).contains(QStringLiteral("left out")), 60'000);
            auto *table = dialog.findChild<QTableView *>("weightsTable");
            QTRY_VERIFY_WITH_TIMEOUT(table->model()->index(0, 2).data().toString() == QStringLiteral("6 of 6"), 60'000);
            QVERIFY(table->model()->index(1, 2).data().toString().isEmpty());  // not here
        });
    }

    void aStoppedDownloadGoesOnLater()
    {
        std::vector<std::byte> data(3'000'000, std::byte{1});
        const std::vector<engine::TensorView> tensors{{"x", "U8", {3'000'000}, data}};
        VERIFY_RESULT(engine::writeSafetensors(*m_cache / "large", tensors));
        m_hub->setFile("model.safetensors", QByteArray::fromStdString(read(*m_cache / "large")));
        m_hub->setPace(2'000);
        WindowUnderTest gui(*m_theme);
        inDialog(gui, [&](QDialog &dialog) {
            auto *button = dialog.findChild<QPushButton *>("weightsFetch");
            fetch(dialog, QStringLiteral("owner/weights"));
            QCOMPARE(button->text(), QStringLiteral("Stop"));
            QTRY_VERIFY_WITH_TIMEOUT(m_hub->bytesSent() > 1'000'000, 20'000);
            button->click();
            QTRY_VERIFY_WITH_TIMEOUT(news(dialog).contains(QStringLiteral("Stopped")), 5'000);
            m_hub->setPace(0);
            const qint64 sent = m_hub->bytesSent();
            fetch(dialog, QStringLiteral("owner/weights"));
            QTRY_VERIFY_WITH_TIMEOUT(news(dialog).contains(QStringLiteral("every byte checked")), 20'000);
            QVERIFY(m_hub->bytesSent() - sent < 2'300'000);
        });
    }
};

QTEST_MAIN(WeightsTest)
#include "tst_weights.moc"
