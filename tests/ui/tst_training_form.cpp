// SPDX-License-Identifier: Apache-2.0
// A new training of the window begins with what the service and the user's settings say, as one of the command line
// does.
#include "core/tasks/init_task.h"
#include "core/training/train_plan.h"
#include "tests/support/cli.h"
#include "tests/ui/gui.h"
#include "ui/pages/training_form.h"
#include "ui/pages/training_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QRadioButton>
#include <QSpinBox>

using namespace support;

namespace {

constexpr const char *Config = R"(base:
  task: classification
tuning:
  use_lora: true
  lora_r: 4
  lora_alpha: 12
  lora_target_modules: [query, value]
  num_train_epochs: 2
  learning_rate: 0.0017
  per_device_train_batch_size: 6
  gradient_accumulation_steps: 2
  max_length: 24
  long_texts: windows
  balance: weights
  label_smoothing: 0.07
  early_stopping_patience: 5
  metric_for_best_model: macro_f1
  teacher_labels: leave
  rebalance: {refund: 0.4}
  gradient_checkpointing: true
random_seed: 77
)";

}  // namespace

class TrainingFormTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;
    TempFolder m_folder;
    std::string m_settings;  ///< of the user: one thread, and weights of a few kilobytes

    /// With that config, as `init` makes it; and a copy of it, equal to the byte.
    void makeTwins(const char *config)
    {
        write(m_folder / "in/config.yaml", config);
        writeDistilFolder(m_folder / "in", 8);
        std::filesystem::remove_all(m_folder / "window");
        std::filesystem::remove_all(m_folder / "line");
        VERIFY_RESULT(core::initFromFolder(m_folder / "window", m_folder / "in", "twin", {}));
        std::filesystem::copy(m_folder / "window", m_folder / "line", std::filesystem::copy_options::recursive);
    }

    /// What the form asks for when Start is pressed.
    static core::TrainOptions asked(WindowUnderTest &gui)
    {
        auto *form = gui.window.findChild<ui::TrainingForm *>();
        core::TrainOptions options;
        // The page would train: it hears nothing of this.
        const auto page = gui.window.findChild<ui::TrainingPage *>();
        QObject::disconnect(form, &ui::TrainingForm::start, page, nullptr);
        const auto listening = QObject::connect(form, &ui::TrainingForm::start,
                                                [&](const core::TrainOptions &started) { options = started; });
        form->submit();
        QObject::disconnect(listening);
        return options;
    }

    static std::map<std::string, std::string> filesOf(const std::filesystem::path &folder)
    {
        std::map<std::string, std::string> files;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file())
                files[std::filesystem::relative(entry.path(), folder)] = read(entry.path());
        }
        return files;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme = makeTheme();
        m_settings = "training.threads: 1\ntraining.base: " + golden("tiny_base").string() + "\n";
    }
    void cleanupTestCase() { m_theme.reset(); }

    void aFormThatNobodyTouchedAsksForNothing()
    {
        makeTwins(Config);
        WindowUnderTest gui(*m_theme, m_settings);
        gui.window.openService(m_folder / "window");
        gui.window.workspaceOrNull()->show(ui::Step::Training);
        const auto options = asked(gui);
        QCOMPARE(options.settings.toJson(), std::string("{}"));
        QCOMPARE(options.recipe, std::string("automatic"));
        QCOMPARE(options.base, golden("tiny_base").string());
    }

    void theFieldsShowWhatTheServiceSays()
    {
        makeTwins(Config);
        WindowUnderTest gui(*m_theme, m_settings);
        gui.window.openService(m_folder / "window");
        QCOMPARE(gui.find<QSpinBox>("epochs")->value(), 2);
        QCOMPARE(gui.find<QSpinBox>("batchSize")->value(), 12);
        QCOMPARE(gui.find<QSpinBox>("maxLength")->value(), 24);
        QCOMPARE(gui.find<QComboBox>("longTexts")->currentData().toString(), QStringLiteral("windows"));
        QCOMPARE(gui.find<QLineEdit>("seed")->text(), QStringLiteral("77"));
        QCOMPARE(gui.find<QDoubleSpinBox>("learningRate")->value(), 0.0017);
        QCOMPARE(gui.find<QComboBox>("balance")->currentData().toString(), QStringLiteral("weights"));
        QCOMPARE(gui.find<QLineEdit>("rebalance")->text(), QStringLiteral("refund=0.4"));
        QCOMPARE(gui.find<QComboBox>("teacherLabels")->currentData().toString(), QStringLiteral("leave"));
        QCOMPARE(gui.find<QDoubleSpinBox>("labelSmoothing")->value(), 0.07);
        QCOMPARE(gui.find<QComboBox>("metric")->currentData().toString(), QStringLiteral("macro_f1"));
        QCOMPARE(gui.find<QSpinBox>("patience")->value(), 5);
        QCOMPARE(gui.find<QSpinBox>("loraRank")->value(), 4);
        QCOMPARE(gui.find<QLineEdit>("loraTargets")->text(), QStringLiteral("query,value"));
        QVERIFY(gui.find<QCheckBox>("checkpointsGradients")->isChecked());
    }

    void valuesBeyondTheUsualAreShownAsTheyAre()
    {
        makeTwins("tuning:\n  per_device_train_batch_size: 64\n  gradient_accumulation_steps: 32\n  max_length: 2048\n"
                  "  lora_r: 512\n  num_train_epochs: 300\nrandom_seed: 8000000000\n");
        WindowUnderTest gui(*m_theme, m_settings);
        gui.window.openService(m_folder / "window");
        QCOMPARE(gui.find<QSpinBox>("batchSize")->value(), 2048);
        QCOMPARE(gui.find<QSpinBox>("maxLength")->value(), 2048);
        QCOMPARE(gui.find<QSpinBox>("loraRank")->value(), 512);
        QCOMPARE(gui.find<QSpinBox>("epochs")->value(), 300);
        QCOMPARE(gui.find<QLineEdit>("seed")->text(), QStringLiteral("8000000000"));
    }

    void onlyWhatWasTouchedIsAskedFor()
    {
        makeTwins(Config);
        WindowUnderTest gui(*m_theme, m_settings);
        gui.window.openService(m_folder / "window");
        gui.window.workspaceOrNull()->show(ui::Step::Training);
        gui.find<QSpinBox>("maxLength")->setValue(48);
        gui.find<QCheckBox>("checkpointsGradients")->setChecked(false);
        gui.find<QLineEdit>("rebalance")->clear();
        auto *longTexts = gui.find<QComboBox>("longTexts");
        longTexts->setCurrentIndex(longTexts->findData(QStringLiteral("cut")));
        const auto settings = asked(gui).settings;
        QCOMPARE(settings.toJson(), std::string(R"({"gradient_checkpointing":false,"long_texts":"cut",)"
                                                R"("max_length":48,"rebalance":""})"));
        // A change of the service shows in what was not touched, and leaves alone what was.
        core::TrainingSettings now;
        now.maxLength = 100;
        now.epochs = 9;
        const auto other = core::Service::openAgain(m_folder / "window");
        VERIFY_RESULT(other);
        VERIFY_RESULT(other->setSetting(core::keys::Training, now.toJson()));
        gui.window.workspaceOrNull()->show(ui::Step::Define);
        gui.window.workspaceOrNull()->show(ui::Step::Training);
        QTRY_COMPARE(gui.find<QSpinBox>("epochs")->value(), 9);
        QCOMPARE(gui.find<QSpinBox>("maxLength")->value(), 48);
        QCOMPARE(gui.find<QSpinBox>("batchSize")->value(), engine::TrainingConfig().batchSize);
        gui.find<QPushButton>("resetTraining")->click();
        QCOMPARE(gui.find<QSpinBox>("maxLength")->value(), 100);
        QCOMPARE(asked(gui).settings.toJson(), std::string("{}"));
    }

    /// A class without rows: the button of the form and the one of the page say the same.
    void aClassWithoutRowsCanBeLeftOut()
    {
        makeTwins("tuning:\n  num_train_epochs: 1\n");
        {
            const auto service = core::Service::openAgain(m_folder / "window");
            VERIFY_RESULT(service);
            service->database().execute("INSERT INTO label (name, description, position) VALUES ('odd', 'None', 99)");
        }
        WindowUnderTest gui(*m_theme, m_settings);
        gui.window.openService(m_folder / "window");
        gui.window.workspaceOrNull()->show(ui::Step::Training);
        const auto *page = gui.window.findChild<ui::TrainingPage *>();
        QTRY_VERIFY(gui.find<QCheckBox>("anyway")->isVisible());
        QVERIFY(!gui.find<QPushButton>("startTraining")->isEnabled());
        QVERIFY(!page->primary().enabled);
        gui.find<QCheckBox>("anyway")->click();
        QVERIFY(gui.find<QPushButton>("startTraining")->isEnabled());
        QVERIFY(page->primary().enabled);
        QVERIFY(asked(gui).anyway);
        gui.find<QCheckBox>("anyway")->click();
        QVERIFY(!asked(gui).anyway);
        QVERIFY(!page->primary().enabled);
    }

    void bothWaysOfTrainingAreEqualToTheBit()
    {
        makeTwins(Config);
        const TempFolder home;
        write(home / "stillroom/settings.yaml", m_settings);
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CONFIG_HOME", argument(home.path()));
        const auto answer = runCli({"train", argument(m_folder / "line"), "--json"}, {}, environment);
        QVERIFY2(answer.code == 0, answer.err.c_str());

        WindowUnderTest gui(*m_theme, m_settings);
        gui.window.openService(m_folder / "window");
        gui.window.workspaceOrNull()->show(ui::Step::Training);
        gui.find<QPushButton>("startTraining")->click();
        QTRY_VERIFY_WITH_TIMEOUT(
            !gui.session().runs().empty() && gui.session().runs().front().info.state == "succeeded", 120'000);
        auto line = core::Service::open(m_folder / "line");
        VERIFY_RESULT(line);
        const auto theirs = core::RunStore(line->database()).runs();
        VERIFY_RESULT(theirs);
        const core::RunInfo &ours = gui.session().runs().front().info;
        QCOMPARE(engine::toJson(ours.config), engine::toJson(theirs->front().config));
        QCOMPARE(ours.config.recipe, engine::Recipe::Lora);
        QCOMPARE(ours.config.loraRank, 4);
        QCOMPARE(ours.base, theirs->front().base);
        QCOMPARE(ours.id, theirs->front().id);
        for (const int epoch : {1, 2}) {
            const auto mine = filesOf(gui.session().service().checkpointFolder(ours.id, epoch));
            const auto other = filesOf(line->checkpointFolder(ours.id, epoch));
            QVERIFY(mine.contains("model.safetensors"));
            QCOMPARE(mine.size(), other.size());
            for (const auto &[name, bytes] : mine)
                QVERIFY2(other.contains(name) && other.at(name) == bytes, name.c_str());
        }
    }
};

QTEST_MAIN(TrainingFormTest)
#include "tst_training_form.moc"
