// SPDX-License-Identifier: Apache-2.0
#include "app/application.h"

#include "app/plain_numbers.h"
#include "core/jobs/job_runner.h"
#include "core/settings/app_settings.h"
#include "core/settings/log.h"
#include "core/settings/paths.h"
#include "ui/dialogs/dialogs.h"
#include "ui/frame/heartbeat.h"
#include "ui/main_window.h"
#include "ui/words.h"

#include <QApplication>
#include <QDir>
#include <QStandardPaths>
#include <cstdio>

namespace app {

namespace {

ui::Theme::Scheme schemeNamed(const std::string &name)
{
    if (name == "light")
        return ui::Theme::Scheme::Light;
    return name == "dark" ? ui::Theme::Scheme::Dark : ui::Theme::Scheme::System;
}

}  // namespace

int run(int argc, char **argv)
{
    WithPlainNumbers<QApplication> application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("stillroom"));
    QApplication::setApplicationDisplayName(QStringLiteral("Stillroom"));
    QApplication::setApplicationVersion(QStringLiteral(STILLROOM_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("stillroom"));
    auto settings = core::AppSettings::load(core::configFolder() / "settings.yaml");
    if (!settings) {
        std::fprintf(stderr, "stillroom: %s\n", settings.error().message.c_str());
        return 1;
    }
    if (settings->get<bool>("log.enabled"))
        core::openLog();
    core::JobRunner runner;
    ui::Theme theme(application);
    theme.setScheme(schemeNamed(settings->get<std::string>("window.theme")));
    ui::Dialogs dialogs;
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    ui::MainWindow window(
        {theme, runner, *settings, dialogs, core::samplesFolder(), documents + QStringLiteral("/Stillroom")});
    window.show();
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() > 1)
        window.openService(ui::toPath(QDir(arguments[1]).absolutePath()));
#ifndef NDEBUG
    ui::Heartbeat heartbeat;
    heartbeat.start();
    QObject::connect(&application, &QApplication::aboutToQuit, [&heartbeat] {
        const auto late = heartbeat.take();
        core::logEvent("heartbeat", {{"beats", late.beats}, {"p99_ms", late.p99Ms}, {"longest_ms", late.longestMs}});
    });
#endif
    return QApplication::exec();
}

}  // namespace app
