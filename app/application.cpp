// SPDX-License-Identifier: Apache-2.0
#include "app/application.h"

#include "app/plain_numbers.h"
#include "core/base/user_folders.h"
#include "core/jobs/job_runner.h"
#include "core/settings/app_settings.h"
#include "core/settings/log.h"
#include "core/settings/samples_folder.h"
#include "ui/frame/heartbeat.h"
#include "ui/main_window.h"
#include "ui/widgets/dialogs.h"
#include "ui/words.h"

#include <QApplication>
#include <QDir>
#include <QStandardPaths>
#include <cstdio>
#include <string_view>

namespace app {

namespace {

ui::Theme::Scheme schemeNamed(const std::string &name)
{
    if (name == "light")
        return ui::Theme::Scheme::Light;
    return name == "dark" ? ui::Theme::Scheme::Dark : ui::Theme::Scheme::System;
}

constexpr int WrongUsage = 2;
constexpr const char *Usage = "Usage: stillroom [FOLDER]    the folder of a service is opened\n"
                              "       stillroom --version | --help\n";

/// What is answered without a window. False: a window is wanted.
bool answers(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--")
            return false;
        if (argument == "--version" || argument == "-V") {
            std::printf("stillroom %s\n", STILLROOM_VERSION);
            return true;
        }
        if (argument == "--help" || argument == "-h") {
            std::fputs(Usage, stdout);
            return true;
        }
    }
    return false;
}

/// The one folder that was named; empty: none.
base::Result<QString> folderOf(const QStringList &arguments)
{
    QString folder;
    bool onlyFolders = false;
    for (const QString &argument : arguments.mid(1)) {
        if (!onlyFolders && argument == QLatin1String("--")) {
            onlyFolders = true;
        } else if (!onlyFolders && argument.startsWith(u'-') && argument.size() > 1) {
            return base::failure(base::ErrorCode::InvalidInput, "There is no option " + argument.toStdString() + ".");
        } else if (!folder.isEmpty()) {
            return base::failure(base::ErrorCode::InvalidInput, "One folder can be opened at a time.");
        } else {
            folder = argument;
        }
    }
    return folder;
}

}  // namespace

int run(int argc, char **argv)
{
    if (answers(argc, argv))
        return 0;
    WithPlainNumbers<QApplication> application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("stillroom"));
    QApplication::setApplicationDisplayName(QStringLiteral("Stillroom"));
    QApplication::setApplicationVersion(QStringLiteral(STILLROOM_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("stillroom"));
    const QStringList arguments = QApplication::arguments();  // without those that Qt understands
    const auto folder = folderOf(arguments);
    if (!folder) {
        std::fprintf(stderr, "stillroom: %s\n%s", folder.error().message.c_str(), Usage);
        return WrongUsage;
    }
    auto [settings, trouble] = core::AppSettings::loadOrSetAside(base::configFolder() / "settings.yaml");
    if (settings.get<bool>("log.enabled"))
        core::openLog();
    core::JobRunner runner;
    ui::Theme theme(application);
    theme.setScheme(schemeNamed(settings.get<std::string>("window.theme")));
    ui::Dialogs dialogs;
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    ui::MainWindow window(
        {theme, runner, settings, dialogs, core::samplesFolder(), documents + QStringLiteral("/Stillroom")});
    window.show();
    if (!folder->isEmpty())
        window.openService(ui::toPath(QDir(*folder).absolutePath()));
    if (trouble)
        window.say(ui::errorMessage(*trouble));
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
