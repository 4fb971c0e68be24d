// SPDX-License-Identifier: Apache-2.0
// How quickly the window answers: a table of many rows, and the heartbeat while it works. Needs Qt, unlike the rest.
#include "core/jobs/job_runner.h"
#include "core/settings/app_settings.h"
#include "core/settings/samples_folder.h"
#include "tests/bench/benches.h"
#include "tests/bench/value_or_throw.h"
#include "ui/delegates/cell_delegate.h"
#include "ui/frame/heartbeat.h"
#include "ui/frame/workspace.h"
#include "ui/main_window.h"
#include "ui/models/example_table_model.h"
#include "ui/widgets/plain_table.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>
#include <QWindow>
#include <algorithm>
#include <cstdio>
#include <random>

namespace bench {

namespace {

constexpr int Classes = 8;

std::string textOf(int i)
{
    return "Row " + std::to_string(i) + ": a parcel of the size " + std::to_string(i * 7919 % 1000) +
           " has not arrived, and I would like to know where it is or have my money back by Friday.";
}

core::Service makeService(const std::filesystem::path &folder, int rows)
{
    core::JobDescription job{"Which?", {}, {}, {}};
    for (int i = 0; i < Classes; ++i)
        job.classes.push_back({"class_" + std::to_string(i), ""});
    auto service = value(core::Service::create(folder, "bench", job));
    const core::EditLog log(service.database());
    const auto edit = value(log.open("Rows"));
    std::vector<core::Example> slice;
    for (int i = 0; i < rows; ++i) {
        slice.push_back({.text = textOf(i), .label = 1 + i % Classes});
        if (slice.size() == 20'000 || i + 1 == rows) {
            if (!log.add(edit, slice))
                throw std::runtime_error("rows could not be added");
            slice.clear();
        }
    }
    if (!log.close(edit))
        throw std::runtime_error("the edit could not be closed");
    return service;
}

double quantile(std::vector<double> values, double q)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[static_cast<size_t>(q * static_cast<double>(values.size() - 1))];
}

void waitFor(const std::function<bool()> &done)
{
    while (!done())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
}

double milliseconds(QElapsedTimer &timer)
{
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

}  // namespace

int tableBench(const Arguments &arguments, QApplication &application)
{
    const int rows = static_cast<int>(arguments.number("rows", 1'000'000));
    const QTemporaryDir place;
    const std::filesystem::path folder = place.path().toStdString() + "/s";
    makeService(folder, rows);
    ui::Theme theme(application);
    theme.setScheme(ui::Theme::Scheme::Light);
    core::JobRunner runner;
    const auto session = value(ui::Session::open(folder, runner));
    QTableView table;
    ui::setUpTable(table, "bench", "bench");
    table.resize(1000, 640);
    QElapsedTimer timer;
    timer.start();
    ui::ExampleTableModel model(*session);
    table.setModel(&model);
    table.setItemDelegate(new ui::CellDelegate(theme, &table));
    table.show();
    model.setQuery({.split = core::Split::Train});
    // A window that was never exposed paints nothing; a small service is read before the first event.
    waitFor([&] { return model.rowCount() == rows && table.windowHandle()->isExposed(); });
    table.grab();
    const double firstPaint = milliseconds(timer);
    std::mt19937 random(123);
    std::vector<double> jumps, scrolls;
    for (int i = 0; i < 300; ++i) {
        timer.restart();
        table.scrollTo(model.index(static_cast<int>(random() % static_cast<unsigned>(rows)), 0));
        table.viewport()->repaint();
        jumps.push_back(milliseconds(timer));
    }
    table.scrollToTop();
    for (int i = 0; i < 600; ++i) {
        timer.restart();
        table.verticalScrollBar()->setValue(table.verticalScrollBar()->value() + 3 * ui::TableRowHeight);
        table.viewport()->repaint();
        scrolls.push_back(milliseconds(timer));
    }
    std::printf("{\"bench\":\"table\",\"rows\":%d,\"first_paint_ms\":%.1f,\"jump_median_ms\":%.2f,\"jump_p99_ms\":%.2f,"
                "\"scroll_median_ms\":%.2f,\"scroll_p99_ms\":%.2f}\n",
                rows, firstPaint, quantile(jumps, 0.5), quantile(jumps, 0.99), quantile(scrolls, 0.5),
                quantile(scrolls, 0.99));
    return 0;
}

int windowBench(const Arguments &arguments, QApplication &application)
{
    const QTemporaryDir place;
    const std::filesystem::path folder = place.path().toStdString();
    const int rows = static_cast<int>(arguments.number("rows", 100'000));
    {
        makeService(folder / "s", 400);
        QFile file(QString::fromStdString((folder / "rows.csv").string()));
        if (!file.open(QIODevice::WriteOnly))
            return 1;
        file.write("text,label\n");
        for (int i = 0; i < rows; ++i)
            file.write(QByteArray::fromStdString(textOf(1000 + i)).replace(',', ' ') + ",class_" +
                       QByteArray::number(i % Classes) + '\n');
    }
    auto settings = value(core::AppSettings::load(folder / "settings.yaml"));
    core::JobRunner runner;
    ui::Dialogs dialogs;
    QElapsedTimer timer;
    timer.start();
    ui::Theme theme(application);
    theme.setScheme(ui::Theme::Scheme::Light);
    ui::MainWindow window({theme, runner, settings, dialogs, core::samplesFolder(), place.path()});
    window.show();
    window.grab();
    const double visible = milliseconds(timer);
    window.openService(folder / "s");
    window.workspaceOrNull()->show(ui::Step::Data);
    auto &session = window.workspaceOrNull()->session();
    ui::Heartbeat heartbeat;
    const auto report = [&](const char *what) {
        const auto late = heartbeat.take();
        std::printf("{\"bench\":\"window\",\"during\":\"%s\",\"beats\":%lld,\"median_ms\":%.2f,\"p99_ms\":%.2f,\"max_"
                    "ms\":%.1f}\n",
                    what, static_cast<long long>(late.beats), late.medianMs, late.p99Ms, late.longestMs);
    };
    std::printf("{\"bench\":\"window\",\"visible_ms\":%.1f}\n", visible);
    heartbeat.start();
    bool imported = false;
    QObject::connect(&session, &ui::Session::imported, [&] { imported = true; });
    session.importFiles({{folder / "rows.csv", {.split = core::Split::Unlabelled}}});
    waitFor([&] { return imported; });
    report("import");
    bool trained = false;
    QObject::connect(&session, &ui::Session::trainingEnded, [&] { trained = true; });
    window.workspaceOrNull()->show(ui::Step::Training);
    core::TrainOptions options;
    options.settings.epochs = 2;
    session.train(options);
    waitFor([&] { return trained; });
    report("training");
    return 0;
}

}  // namespace bench
