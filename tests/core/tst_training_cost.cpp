// SPDX-License-Identifier: Apache-2.0
#include "core/imports/import_task.h"
#include "core/tasks/init_task.h"
#include "core/tasks/train_task.h"
#include "core/training/training_cost.h"
#include "tests/support/tiny_training.h"

namespace fs = std::filesystem;
using namespace support;

/// What a training is said to take, beside what it takes.
class TrainingCostTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_services = 0;

    core::Service makeService(int rows)
    {
        std::string name = "service";
        name += std::to_string(m_services++);
        writeDistilFolder(m_folder / (name + "-in"), rows);
        const auto made = core::initFromFolder(m_folder / name, m_folder / (name + "-in"), name, {});
        if (!made)
            qFatal("%s", made.error().message.c_str());
        return std::move(*core::Service::open(m_folder / name));
    }

    static int64_t sizeOf(const fs::path &folder)
    {
        int64_t bytes = 0;
        for (const auto &entry : fs::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file())
                bytes += static_cast<int64_t>(entry.file_size());
        }
        return bytes;
    }

private Q_SLOTS:
    void whatIsSaidIsWhatATrainingThenDoes()
    {
        const auto service = makeService(240);
        const auto before = sizeOf(service.folder());
        const auto options = tinyTraining("finetune", 3);
        const auto cost = core::estimateTraining(service, options, {});
        VERIFY_RESULT(cost);
        QCOMPARE(sizeOf(service.folder()), before);
        QVERIFY(!fs::exists(service.folder() / "runs"));
        QCOMPARE(cost->recipe, std::string("finetune"));
        QCOMPARE(cost->epochs, 3);
        QVERIFY(!cost->crossValidates);
        QVERIFY(cost->seconds > 0 && cost->speed.read > 0 && cost->speed.learn > 0);

        const auto outcome = core::train(service, options, {}, {});
        VERIFY_RESULT(outcome);
        const auto learned = core::RunStore(service.database()).rows(outcome->run.id);
        VERIFY_RESULT(learned);
        QCOMPARE(std::count_if(learned->begin(), learned->end(), [](const auto &row) { return row.part == "train"; }),
                 cost->rows);
        // What is left, without the state to go on with.
        int64_t weights = 0;
        for (const auto &entry : fs::recursive_directory_iterator(service.runFolder(outcome->run.id))) {
            if (entry.path().filename() == "model.safetensors" ||
                entry.path().filename() == "stillroom_head.safetensors")
                weights += static_cast<int64_t>(entry.file_size());
        }
        QVERIFY2(weights < cost->diskBytes && weights > cost->diskBytes / 6,
                 qPrintable(QString("%1 of %2").arg(weights).arg(cost->diskBytes)));
    }

    void aKnownSpeedIsReckonedWith()
    {
        const auto service = makeService(80);
        const auto options = tinyTraining("finetune", 4);
        const core::TrainingSpeed slow{1000, 100}, fast{1000, 200};
        const auto slowly = core::estimateTraining(service, options, {}, &slow);
        const auto quickly = core::estimateTraining(service, options, {}, &fast);
        VERIFY_RESULT(slowly);
        VERIFY_RESULT(quickly);
        auto twice = options;
        twice.settings.epochs = 8;
        const auto longer = core::estimateTraining(service, twice, {}, &slow);
        VERIFY_RESULT(longer);
        // Four passes of learning take twice as long where the speed is half, or the passes are twice as many.
        const double learning = 2 * (slowly->seconds - quickly->seconds);
        QVERIFY(learning > 0);
        QVERIFY(longer->seconds - slowly->seconds >= learning);
        QVERIFY(longer->diskBytes > slowly->diskBytes);
    }

    void fewRowsAreCrossValidatedAndUnlabelledOnesRead()
    {
        const auto service = makeService(12);
        std::string texts = "text\n";
        for (int i = 0; i < 150; ++i)
            texts.append("where is parcel number ").append(std::to_string(i)).append("\n");
        write(m_folder / "more.csv", texts);
        VERIFY_RESULT(core::importFiles(service, {m_folder / "more.csv"}, {.split = core::Split::Unlabelled}, {}));
        const core::TrainingSpeed speed{1000, 300};
        auto options = tinyTraining("automatic", 2);
        options.settings.epochs.reset();
        const auto cost = core::estimateTraining(service, options, {}, &speed);
        VERIFY_RESULT(cost);
        QCOMPARE(cost->recipe, std::string("self-training"));
        QCOMPARE(cost->unlabelled, int64_t{150});
        QVERIFY(cost->crossValidates);
    }

    void whatCannotBeginSaysSo()
    {
        const auto service = makeService(12);
        base::WorkContext stopped;
        std::stop_source source;
        source.request_stop();
        stopped.stop = source.get_token();
        const auto cost = core::estimateTraining(service, tinyTraining("finetune", 1), stopped);
        QVERIFY(!cost && cost.error().code == base::ErrorCode::Cancelled);
        auto unknown = tinyTraining("finetune", 1);
        unknown.base = "no-such-weights";
        QVERIFY(!core::estimateTraining(service, unknown, {}));
    }
};

QTEST_GUILESS_MAIN(TrainingCostTest)
#include "tst_training_cost.moc"
