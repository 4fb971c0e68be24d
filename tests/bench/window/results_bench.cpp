// SPDX-License-Identifier: Apache-2.0
// How fluid the results are of a checkpoint with many classes and many answers.
#include "core/engine/eval/metrics.h"
#include "core/jobs/job_runner.h"
#include "core/results/report_json.h"
#include "core/settings/app_settings.h"
#include "core/settings/samples_folder.h"
#include "tests/bench/benches.h"
#include "tests/bench/value_or_throw.h"
#include "ui/frame/heartbeat.h"
#include "ui/frame/workspace.h"
#include "ui/main_window.h"
#include "ui/widgets/share_plot.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QSlider>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QWindow>
#include <cstdio>
#include <random>

namespace bench {

namespace {

/// A service whose exam rows a run of one pass has answered, nine in ten right.
void makeAnswered(const std::filesystem::path &folder, int rows, int classes)
{
    core::JobDescription job{"Which?", {}, {}, {}};
    for (int i = 0; i < classes; ++i)
        job.classes.push_back({"class_" + std::to_string(i), ""});
    auto service = value(core::Service::create(folder, "bench", job));
    const core::EditLog log(service.database());
    const auto edit = value(log.open("Rows"));
    std::vector<core::Example> slice;
    for (int i = 0; i < rows; ++i) {
        slice.push_back({.text = "Text number " + std::to_string(i) + " about some matter, of a usual length.",
                         .label = 1 + i % classes,
                         .split = core::Split::Test});
    }
    if (!log.add(edit, slice) || !log.close(edit))
        throw std::runtime_error("rows could not be added");
    core::RunInfo info;
    for (const auto &job_class : job.classes)
        info.labels.push_back(job_class.name);
    std::vector<core::RunRow> snapshot;
    core::RunStore::Predictions answers;
    answers.probabilities = engine::Matrix(static_cast<size_t>(rows), static_cast<size_t>(classes));
    std::vector<int> truth;
    std::mt19937 random(7);
    for (int i = 0; i < rows; ++i) {
        snapshot.push_back({i + 1, "test", 0});
        answers.examples.push_back(i + 1);
        truth.push_back(i % classes);
        auto row = answers.probabilities.row(static_cast<size_t>(i));
        for (float &p : row)
            p = static_cast<float>(random() % 1000) / 1000;
        row[static_cast<size_t>(random() % 10 > 0 ? i % classes : static_cast<int>(random()) % classes)] +=
            3 + static_cast<float>(random() % 4);
    }
    answers.probabilities = engine::softmax(answers.probabilities);
    const core::RunStore store(service.database());
    const auto run = value(store.create("run", info, snapshot));
    const auto report =
        core::reportJson(engine::classificationReport(answers.probabilities, truth), info.labels).dump();
    if (!store.putCheckpoint(run, {1, 0.1, 1, {}, report}, answers) || !store.setState(run, "succeeded"))
        throw std::runtime_error("the run could not be kept");
}

double milliseconds(const QElapsedTimer &timer)
{
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

}  // namespace

int resultsBench(const Arguments &arguments, QApplication &application)
{
    const int rows = static_cast<int>(arguments.number("rows", 100'000));
    const int classes = static_cast<int>(arguments.number("classes", 150));
    const QTemporaryDir place;
    const std::filesystem::path folder = place.path().toStdString();
    makeAnswered(folder / "s", rows, classes);
    auto settings = value(core::AppSettings::load(folder / "settings.yaml"));
    core::JobRunner runner;
    ui::Dialogs dialogs;
    ui::Theme theme(application);
    theme.setScheme(ui::Theme::Scheme::Light);
    ui::MainWindow window({theme, runner, settings, dialogs, core::samplesFolder(), place.path()});
    window.show();
    window.openService(folder / "s");
    auto *predictions = window.findChild<QTableView *>(QStringLiteral("predictionTable"));
    auto *tabs = window.findChild<QTabBar *>(QStringLiteral("resultTabs"));
    const auto waitUntil = [](const auto &done) {
        while (!done())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
    };
    waitUntil([&] { return window.windowHandle()->isExposed(); });
    for (int i = 0; i < 50; ++i)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    QElapsedTimer timer;
    timer.start();
    window.workspaceOrNull()->show(ui::Step::Results);
    window.repaint();
    const double firstPaint = milliseconds(timer);
    ui::Heartbeat heartbeat;
    heartbeat.start();
    waitUntil([&] { return predictions->model()->rowCount() > 0; });
    const double read = milliseconds(timer);
    for (int i = 0; i < 20; ++i)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    const double longest = heartbeat.take().longestMs;
    std::printf("{\"bench\":\"results\",\"rows\":%d,\"classes\":%d,\"first_paint_ms\":%.1f,\"read_ms\":%.0f,"
                "\"longest_pause_ms\":%.1f",
                rows, classes, firstPaint, read, longest);
    for (int tab = 0; tab < tabs->count(); ++tab) {
        timer.restart();
        tabs->setCurrentIndex(tab);
        window.repaint();
        std::printf(",\"tab_%d_ms\":%.1f", tab, milliseconds(timer));
    }
    auto *curves = window.findChild<QTableView *>(QStringLiteral("curveTable"));
    tabs->setCurrentIndex(4);
    waitUntil([&] { return curves->model()->rowCount() > 0; });
    auto *plot = window.findChild<ui::SharePlot *>(QStringLiteral("curvePlot"));
    tabs->setCurrentIndex(4);
    timer.restart();
    plot->repaint();
    const double curve = milliseconds(timer);
    tabs->setCurrentIndex(3);
    auto *slider = window.findChild<QSlider *>(QStringLiteral("askBelow"));
    timer.restart();
    for (int i = 0; i < 20; ++i) {
        slider->setValue(i * 10);
        window.repaint();
    }
    std::printf(",\"curve_ms\":%.1f,\"slider_ms\":%.1f}\n", curve, milliseconds(timer) / 20);
    return 0;
}

}  // namespace bench
