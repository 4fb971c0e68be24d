// SPDX-License-Identifier: Apache-2.0
// The frame: rail, head, messages, page, foot.
#pragma once

#include "core/settings/app_settings.h"
#include "ui/frame/recent_services.h"
#include "ui/pages/page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

#include <QMainWindow>
#include <functional>
#include <memory>
#include <optional>

class QStackedWidget;

namespace core {
class JobRunner;
}

namespace ui {

class ActivityBar;
class MessageBar;
class PageHead;
class Rail;
class ServiceMaker;
class Session;
class SleepGuard;
class StartPage;
class Workspace;

class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    /// What the window needs of the application; all outlive it.
    struct Needs {
        Theme &theme;
        core::JobRunner &runner;
        core::AppSettings &settings;
        Dialogs &dialogs;
        std::filesystem::path samples;  ///< folder of sample services
        QString services;               ///< folder in which new services are made
    };
    explicit MainWindow(const Needs &needs);
    ~MainWindow() override;

    void openService(const std::filesystem::path &folder);
    void openSample();
    void newService();
    /// See ServiceMaker.
    void makeFrom(const std::vector<std::filesystem::path> &places);
    void closeService();
    [[nodiscard]] Workspace *workspaceOrNull() const { return m_workspace; }
    void say(const Message &message);

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void buildFrame();
    void buildActions();
    QAction *addCommand(const QString &text, const QKeySequence &keys, const char *objectName,
                        const std::function<void()> &action);
    void describe();
    void showStart();
    void showServiceMenu();
    void showPalette();
    void dropped(const std::vector<std::filesystem::path> &paths);
    /// Opens it, and says so where that fails.
    [[nodiscard]] Workspace *opened(const std::filesystem::path &folder);

    Needs m_needs;
    RecentServices m_recent;
    ServiceMaker *m_maker;
    Rail *m_rail;
    PageHead *m_head;
    MessageBar *m_messages;
    QStackedWidget *m_middle;
    StartPage *m_start;
    ActivityBar *m_activity;
    Workspace *m_workspace = nullptr;
    QList<QAction *> m_commands;
    QAction *m_undo;
    QAction *m_redo;
    QString m_device;
    std::unique_ptr<SleepGuard> m_awake;
};

}  // namespace ui
