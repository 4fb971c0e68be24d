// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window.h"

#include "core/engine/nets_loader.h"
#include "ui/dialogs/service_dialogs.h"
#include "ui/frame/activity_bar.h"
#include "ui/frame/command_palette.h"
#include "ui/frame/desktop.h"
#include "ui/frame/message_bar.h"
#include "ui/frame/page_head.h"
#include "ui/frame/rail.h"
#include "ui/frame/service_maker.h"
#include "ui/frame/start_page.h"
#include "ui/frame/workspace.h"
#include "ui/session/start_work.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QAction>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QMenu>
#include <QMimeData>
#include <QStackedWidget>

using base::Result;

namespace ui {

namespace {

constexpr int CompactBelow = 1100;

}  // namespace

MainWindow::MainWindow(const Needs &needs) : m_needs(needs), m_recent(needs.settings)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("Stillroom"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/stillroom.svg")));
    setMinimumSize(900, 520);
    resize(1280, 800);
    setAcceptDrops(true);
    m_maker = new ServiceMaker({needs.theme, needs.runner, needs.dialogs, needs.samples, needs.services, this,
                                [this](const std::filesystem::path &folder) { return opened(folder); }});
    connect(m_maker, &ServiceMaker::message, this, &MainWindow::say);
    buildFrame();
    buildActions();
    const auto geometry =
        QByteArray::fromBase64(QByteArray::fromStdString(needs.settings.get<std::string>("window.geometry")));
    if (!geometry.isEmpty())
        restoreGeometry(geometry);
    connect(&needs.runner, &core::JobRunner::jobsChanged, this, [this] {
        const bool busy = !ActivityBar::activity(m_needs.runner).empty();
        if (busy && !m_awake)
            m_awake = std::make_unique<SleepGuard>(tr("A classifier is being trained"));
        else if (!busy)
            m_awake.reset();
    });
    // The engine is opened beside the window's start: it takes half a second.
    startWork<std::string>(
        needs.runner, {}, core::Lane::Interactive, this,
        [](const base::WorkContext &) -> Result<std::string> {
            auto nets = TRY(engine::openNets());
            return nets->device().name;
        },
        [this](const Result<std::string> &name) {
            m_device = name ? QString::fromStdString(*name) : tr("no engine");
            m_activity->setDevice(m_device);
            if (!name)
                say(errorMessage(name.error()));
        });
    showStart();
}

MainWindow::~MainWindow()
{
    delete m_workspace;
}

void MainWindow::buildFrame()
{
    auto *central = new QWidget;
    setCentralWidget(central);
    auto *row = makeLayout<QHBoxLayout>({}, 0);
    central->setLayout(row);
    m_rail = new Rail(m_needs.theme);
    row->addWidget(m_rail);
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    row->addLayout(column, 1);
    m_head = new PageHead;
    m_messages = new MessageBar(m_needs.theme);
    m_middle = new QStackedWidget;
    m_start = new StartPage(m_needs.theme, m_needs.runner);
    m_start->setObjectName(QStringLiteral("startPage"));
    m_middle->addWidget(m_start);
    m_activity = new ActivityBar(m_needs.theme, m_needs.runner);
    column->addWidget(m_head);
    column->addWidget(m_messages);
    column->addWidget(m_middle, 1);
    column->addWidget(m_activity);
    connect(m_rail, &Rail::stepChosen, this, [this](Step step) {
        if (m_workspace)
            m_workspace->show(step);
    });
    connect(m_rail, &Rail::settingsChosen, this, [this] {
        SettingsDialog dialog(m_needs.theme, m_needs.settings, this);
        static_cast<void>(m_needs.dialogs.run(dialog));
    });
    connect(m_rail, &Rail::helpChosen, this, [this] {
        AboutDialog dialog(m_device, this);
        static_cast<void>(m_needs.dialogs.run(dialog));
    });
    connect(&m_rail->switcher(), &ServiceSwitcher::clicked, this, &MainWindow::showServiceMenu);
    connect(m_head, &PageHead::primaryClicked, this, [this] {
        if (m_workspace)
            m_workspace->primaryClicked();
        else
            m_maker->makeByHand();
    });
    connect(m_head, &PageHead::tryItClicked, this, [this] {
        if (m_workspace)
            m_workspace->toggleTryIt();
    });
    connect(m_start, &StartPage::openService, this, &MainWindow::openService);
    connect(m_start, &StartPage::newService, m_maker, &ServiceMaker::makeByHand);
    connect(m_start, &StartPage::openSample, m_maker, &ServiceMaker::makeSample);
    connect(m_start, &StartPage::importFiles, m_maker, &ServiceMaker::makeFromFiles);
    connect(m_start, &StartPage::importFolder, m_maker, &ServiceMaker::makeFromFolder);
    connect(m_start, &StartPage::summariesChanged, this, &MainWindow::describe);
    connect(m_start, &StartPage::openOther, this, [this] {
        const QString folder = m_needs.dialogs.chooseFolder(this, tr("Open a service"));
        if (!folder.isEmpty())
            openService(toPath(folder));
    });
    connect(m_start, &StartPage::findService, this, [this](const std::filesystem::path &missing) {
        const QString folder = m_needs.dialogs.chooseFolder(this, tr("Where is it now?"));
        if (folder.isEmpty())
            return;
        m_recent.forget(missing);
        openService(toPath(folder));
    });
    connect(m_start, &StartPage::forgetService, this, [this](const std::filesystem::path &missing) {
        m_recent.forget(missing);
        showStart();
    });
}

QAction *MainWindow::addCommand(const QString &text, const QKeySequence &keys, const char *objectName,
                                const std::function<void()> &action)
{
    auto *command = new QAction(text, this);
    command->setObjectName(QLatin1String(objectName));
    command->setShortcut(keys);
    connect(command, &QAction::triggered, this, action);
    addAction(command);
    m_commands << command;
    return command;
}

void MainWindow::buildActions()
{
    const auto withWorkspace = [this](const std::function<void(Workspace &)> &action) {
        return [this, action] {
            if (m_workspace)
                action(*m_workspace);
        };
    };
    addCommand(tr("New service..."), QKeySequence::New, "actionNew", [this] { m_maker->makeByHand(); });
    addCommand(tr("Open a service..."), QKeySequence::Open, "actionOpen", [this] { Q_EMIT m_start->openOther(); });
    addCommand(tr("New service from files..."), {}, "actionImportFiles", [this] { m_maker->makeFromFiles(); });
    addCommand(tr("New service from a folder..."), {}, "actionImportFolder", [this] { m_maker->makeFromFolder(); });
    addCommand(tr("Open the sample"), {}, "actionSample", [this] { m_maker->makeSample(); });
    addCommand(tr("All services"), {}, "actionServices", [this] { closeService(); });
    m_undo = addCommand(tr("Undo"), QKeySequence::Undo, "actionUndo",
                        withWorkspace([](Workspace &w) { w.session().undo(); }));
    m_redo = addCommand(tr("Redo"), QKeySequence::Redo, "actionRedo",
                        withWorkspace([](Workspace &w) { w.session().redo(); }));
    addCommand(tr("Import rows..."), {}, "actionImport", withWorkspace([](Workspace &w) { w.import({}); }));
    addCommand(tr("Search in the rows"), QKeySequence::Find, "actionSearch",
               withWorkspace([](Workspace &w) { w.search(); }));
    addCommand(tr("Find and replace in the rows"), QKeySequence::Replace, "actionReplace",
               withWorkspace([](Workspace &w) { w.findAndReplace(); }));
    addCommand(tr("Try a text"), QKeySequence(Qt::CTRL | Qt::Key_T), "actionTry",
               withWorkspace([](Workspace &w) { w.toggleTryIt(); }));
    const QString steps[] = {tr("Define"), tr("Data"), tr("Teacher"), tr("Training"), tr("Results"), tr("Use")};
    for (int i = 0; i < StepCount; ++i)
        addCommand(tr("Go to %1").arg(steps[i]), QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i)),
                   "actionStep", withWorkspace([i](Workspace &w) { w.show(static_cast<Step>(i)); }));
    addCommand(tr("Settings"), QKeySequence::Preferences, "actionSettings",
               [this] { Q_EMIT m_rail->settingsChosen(); });
    addCommand(tr("About Stillroom and its keys"), QKeySequence::HelpContents, "actionHelp",
               [this] { Q_EMIT m_rail->helpChosen(); });
    addCommand(tr("Quit"), QKeySequence::Quit, "actionQuit", [this] { close(); });
    auto *palette = new QAction(this);
    palette->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P));
    palette->setObjectName(QStringLiteral("actionPalette"));
    addAction(palette);
    connect(palette, &QAction::triggered, this, &MainWindow::showPalette);
}

void MainWindow::showPalette()
{
    CommandPalette palette(m_commands, this);
    static_cast<void>(m_needs.dialogs.run(palette));
}

void MainWindow::describe()
{
    const bool open = m_workspace != nullptr;
    m_rail->setJourneyOnly(!open);
    for (QAction *action : m_commands) {
        const QString name = action->objectName();
        if (name == u"actionImport" || name == u"actionSearch" || name == u"actionTry" || name == u"actionStep" ||
            name == u"actionServices")
            action->setEnabled(open);
    }
    if (!open) {
        m_rail->setServiceName({});
        // Where there are none, the page offers three ways to begin.
        m_head->show(tr("Your services"), m_start->sentence(),
                     m_recent.list().empty() ? Primary{} : Primary{tr("New service")});
        m_head->setTryItEnabled(false, tr("Open a service first."));
        m_undo->setEnabled(false);
        m_redo->setEnabled(false);
        m_activity->setSaved(tr("All changes saved"));
        setWindowTitle(QStringLiteral("Stillroom"));
        return;
    }
    Session &session = m_workspace->session();
    const Page &page = m_workspace->page(m_workspace->current());
    m_rail->setServiceName(session.name());
    m_rail->setCurrent(m_workspace->current());
    m_workspace->describe(*m_rail);
    m_head->show(page.title(), page.sentence(), m_workspace->primary());
    m_head->setTryItEnabled(true, {});
    m_activity->setSaved(session.isReadOnly() ? tr("Open for reading only") : tr("All changes saved"));
    m_undo->setEnabled(!session.undoTitle().isEmpty());
    m_redo->setEnabled(!session.redoTitle().isEmpty());
    m_undo->setText(session.undoTitle().isEmpty() ? tr("Undo") : tr("Undo: %1").arg(session.undoTitle()));
    m_redo->setText(session.redoTitle().isEmpty() ? tr("Redo") : tr("Redo: %1").arg(session.redoTitle()));
    setWindowTitle(tr("%1 - Stillroom").arg(session.name()));
}

void MainWindow::say(const Message &message)
{
    m_messages->show(message);
}

void MainWindow::showStart()
{
    std::vector<std::pair<std::filesystem::path, QString>> services;
    for (const RecentService &recent : m_recent.list())
        services.emplace_back(recent.folder, tr("Opened %1").arg(dayText(recent.openedAt)));
    m_start->setServices(services);
    m_middle->setCurrentWidget(m_start);
    describe();
}

void MainWindow::openService(const std::filesystem::path &folder)
{
    const auto place = std::filesystem::absolute(folder);
    if (m_workspace && m_workspace->session().folder() == place) {
        if (!m_workspace->session().isReadOnly())
            return;  // it is open
        closeService();
    }
    auto session = Session::open(place, m_needs.runner);
    if (!session) {
        Message message = errorMessage(session.error());
        if (session.error().code == base::ErrorCode::Corrupt) {
            message.actionText = tr("Salvage it");
            message.action = [this, place] { m_maker->salvage(place); };
            message.stays = true;
        }
        return say(message);
    }
    closeService();
    m_messages->clear();
    m_recent.opened((*session)->folder());
    m_workspace = new Workspace(m_needs.theme, std::move(*session), m_needs.dialogs);
    m_workspace->session().setThreads(
        [this] { return static_cast<int>(m_needs.settings.get<int64_t>("training.threads")); });
    m_workspace->session().setStartingModel([this] { return m_needs.settings.get<std::string>("training.base"); });
    m_middle->addWidget(m_workspace);
    m_middle->setCurrentWidget(m_workspace);
    connect(m_workspace, &Workspace::headChanged, this, &MainWindow::describe);
    connect(m_workspace, &Workspace::stepChanged, this, &MainWindow::describe);
    connect(m_workspace, &Workspace::message, this, &MainWindow::say);
    describe();
    const auto &runs = m_workspace->session().runs();
    if (!runs.empty() && runs.back().info.state == "interrupted")
        say({Message::State::Warning,
             tr("%1 was interrupted.").arg(QString::fromStdString(runs.back().info.id)),
             tr("It can go on from its last finished pass."),
             tr("Show it"),
             [this] {
                 if (m_workspace)
                     m_workspace->show(Step::Training);
             },
             {},
             true});
    if (const auto &why = m_workspace->session().whyReadOnly()) {
        Message message = errorMessage(*why);
        message.state = Message::State::Warning;
        message.stays = true;
        say(message);
    }
}

Workspace *MainWindow::opened(const std::filesystem::path &folder)
{
    openService(folder);
    const bool isOpen = m_workspace && m_workspace->session().folder() == std::filesystem::absolute(folder);
    return isOpen ? m_workspace : nullptr;
}

void MainWindow::openSample()
{
    m_maker->makeSample();
}

void MainWindow::newService()
{
    m_maker->makeByHand();
}

void MainWindow::makeFrom(const std::vector<std::filesystem::path> &places)
{
    m_maker->makeFrom(places);
}

void MainWindow::closeService()
{
    if (!m_workspace)
        return;
    m_messages->clear();  // their actions may point into the workspace
    m_workspace->disconnect(this);
    delete std::exchange(m_workspace, nullptr);
    showStart();
}

void MainWindow::showServiceMenu()
{
    QMenu menu(this);
    connect(menu.addAction(m_needs.theme.icon("home"), tr("All services")), &QAction::triggered, this,
            &MainWindow::closeService);
    menu.addSeparator();
    int shown = 0;
    for (const RecentService &recent : m_recent.list()) {
        if (++shown > 8)
            break;
        connect(menu.addAction(toQString(recent.folder.filename())), &QAction::triggered, this,
                [this, folder = recent.folder] { openService(folder); });
    }
    menu.addSeparator();
    menu.addAction(tr("New service..."), m_maker, &ServiceMaker::makeByHand);
    menu.exec(m_rail->switcher().mapToGlobal(QPoint(8, m_rail->switcher().height())));
}

void MainWindow::dropped(const std::vector<std::filesystem::path> &paths)
{
    if (!m_workspace || (paths.size() == 1 && ServiceMaker::isWhole(paths.front())))
        return m_maker->makeFrom(paths);
    QStringList files;
    for (const auto &path : paths)
        files << toQString(path);
    m_workspace->import(files);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const auto paths = droppedPaths(*event->mimeData());
    if (!paths.empty())
        dropped(paths);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    m_rail->setCompact(width() < CompactBelow);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    const auto active = ActivityBar::activity(m_needs.runner);
    if (!active.empty()) {
        const int choice = m_needs.dialogs.choose(
            this, tr("%1 is still running").arg(active.front()->title()),
            tr("Quitting stops it. A training keeps its finished passes and can be resumed later."),
            {tr("Stop it and quit"), tr("Keep it running")});
        if (choice != 0) {
            event->ignore();
            return;
        }
    }
    static_cast<void>(m_needs.settings.set("window.geometry", saveGeometry().toBase64().toStdString()));
    event->accept();
}

}  // namespace ui
