// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/training_page.h"

#include "core/base/atomic_file.h"
#include "ui/pages/live_run.h"
#include "ui/pages/training_form.h"
#include "ui/widgets/build.h"
#include "ui/widgets/live_chart.h"
#include "ui/widgets/mark_icon.h"
#include "ui/words.h"

#include <QAction>
#include <QListWidget>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <algorithm>

namespace ui {

namespace {

constexpr int RunListWidth = 260;
enum Right { Form, Live };
Mark markOf(const core::RunInfo &run)
{
    if (run.state == "running")
        return Mark::Progress;
    return run.state == "succeeded" ? Mark::Done : Mark::Attention;
}

}  // namespace

TrainingPage::TrainingPage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent)
    : Page(parent), m_theme(theme), m_session(session), m_dialogs(dialogs)
{
    auto *row = makeLayout<QHBoxLayout>({}, 0);
    setLayout(row);
    row->addWidget(buildRuns());
    m_right = new QStackedWidget;
    m_form = new TrainingForm(theme, session, dialogs);
    m_live = new LiveRun(theme, session);
    m_right->addWidget(m_form);
    m_right->addWidget(m_live);
    row->addWidget(m_right, 1);
    connect(&session, &Session::runsChanged, this, &TrainingPage::refresh);
    if (const RunView *running = session.runningOrNull())
        m_shown = running->info.id;
    else if (!session.runs().empty())
        m_shown = session.runs().back().info.id;
    connect(m_form, &TrainingForm::changed, this, &TrainingPage::headChanged);
    connect(m_form, &TrainingForm::showBlocked, this, [this] { Q_EMIT goTo(Step::Data); });
    connect(m_form, &TrainingForm::start, this, &TrainingPage::start);
    connect(m_live, &LiveRun::stop, this, [this] {
        if (m_session.trainingJobOrNull())
            m_session.trainingJobOrNull()->cancel();
    });
    connect(m_live, &LiveRun::saveChartAsked, this, [this](LiveChart *chart) {
        const QString path =
            m_dialogs.chooseSaveFile(this, tr("Save this chart (.png or .svg)"), QStringLiteral("chart.png"));
        if (!path.isEmpty() && !chart->save(path))
            sayUnwritten(path);
    });
    connect(m_live, &LiveRun::saveFiguresAsked, this, [this](const QString &name, const std::string &csv) {
        const QString path = m_dialogs.chooseSaveFile(this, tr("Save the figures of the steps (.csv)"), name);
        if (!path.isEmpty() && !base::writeFile(path.toStdString(), csv))
            sayUnwritten(path);
    });
    connect(m_live, &LiveRun::resume, this, &TrainingPage::resume);
    connect(m_live, &LiveRun::discard, this, &TrainingPage::discard);
    if (const auto &runs = session.runs();
        !runs.empty() && (runs.back().info.state == "running" || runs.back().info.state == "interrupted"))
        m_shown = runs.back().info.id;  // what is under way is what one wants to see
    refresh();
}

QWidget *TrainingPage::buildRuns()
{
    auto *pane = makePane("raised", "right");
    pane->setFixedWidth(RunListWidth);
    auto *column = makeLayout<QVBoxLayout>({0, 0, 1, 0}, 0);
    pane->setLayout(column);
    auto *head = makePane("raised", "bottom");
    head->setFixedHeight(48);
    auto *row = makeLayout<QHBoxLayout>({16, 0, 12, 0});
    head->setLayout(row);
    auto *add = makeButton(tr("New training"), "newTraining", "small");
    add->setIcon(m_theme.icon("add"));
    row->addWidget(makeLabel(tr("Runs"), "strong"));
    row->addStretch();
    row->addWidget(add);
    m_runs = new QListWidget;
    m_runs->setObjectName(QStringLiteral("runList"));
    m_runs->setAccessibleName(tr("Runs"));
    m_runs->setProperty("tone", "raised");
    m_runs->setIconSize({14, 14});
    column->addWidget(head);
    column->addWidget(m_runs, 1);
    auto *remove = new QAction(tr("Remove this run..."), m_runs);
    remove->setObjectName(QStringLiteral("removeRun"));
    m_runs->addAction(remove);
    m_runs->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(remove, &QAction::triggered, this, &TrainingPage::discard);
    connect(add, &QPushButton::clicked, this, &TrainingPage::showForm);
    connect(m_runs, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem *item) {
        if (!item)
            return;
        m_shown = item->data(Qt::UserRole).toString().toStdString();
        showRun();
    });
    return pane;
}

Primary TrainingPage::primary() const
{
    const bool any =
        m_session.best().has_value() || std::any_of(m_session.runs().begin(), m_session.runs().end(),
                                                    [](const RunView &run) { return !run.checkpoints.empty(); });
    if (m_session.runningOrNull() && any)
        return {tr("See results so far")};
    if (any)
        return {tr("See results")};
    return {tr("Start"), m_form->canStart() && !m_session.runningOrNull(), m_form->blockedBy()};
}

void TrainingPage::primaryClicked()
{
    if (primary().text == tr("Start"))
        m_form->submit();
    else
        Q_EMIT goTo(Step::Results);
}

void TrainingPage::sayUnwritten(const QString &path)
{
    Q_EMIT message(errorMessage(
        {base::ErrorCode::Io, "The file could not be written. Choose another place.", path.toStdString()}));
}

void TrainingPage::showForm()
{
    m_runs->setCurrentItem(nullptr);
    m_shown.clear();
    m_right->setCurrentIndex(Form);
    m_form->fillStartingModels();
    m_form->focusStart();
}

void TrainingPage::beginFrom(const QString &checkpoint)
{
    showForm();
    m_form->chooseBase(checkpoint);
}

void TrainingPage::activated()
{
    m_form->fillStartingModels();
}

void TrainingPage::start(const core::TrainOptions &options)
{
    m_followNewest = true;
    if (m_session.runningOrNull())
        Q_EMIT message(
            {Message::State::News, tr("Waiting."), tr("It begins when the training before it has ended."), {}, {}, {}});
    m_session.train(options);
}

void TrainingPage::showRun()
{
    const RunView *run = shownOrNull();
    m_right->setCurrentIndex(run ? Live : Form);
    if (run)
        m_live->show(*run);
}

void TrainingPage::resume()
{
    core::TrainOptions options;
    options.resume = m_shown;
    m_session.train(options);
}

void TrainingPage::discard()
{
    const RunView *run = shownOrNull();
    if (!run)
        return;
    const std::string id = run->info.id;
    const int choice =
        m_dialogs.choose(this, tr("Remove %1?").arg(QString::fromStdString(id)),
                         tr("Its passes and their checkpoints are deleted, %1 on disk. This cannot be undone.")
                             .arg(sizeText(run->bytes)),
                         {tr("Remove it")});
    if (choice == 0)
        m_session.discard(id);
}

const RunView *TrainingPage::shownOrNull() const
{
    return m_session.runOrNull(m_shown);
}

void TrainingPage::refresh()
{
    if (m_followNewest && !m_session.runs().empty() && m_session.runs().back().info.state == "running") {
        m_shown = m_session.runs().back().info.id;
        m_followNewest = false;
    }
    {
        const QSignalBlocker block(m_runs);
        m_runs->clear();
        for (auto run = m_session.runs().rbegin(); run != m_session.runs().rend(); ++run) {
            QString line = recipeText(run->info.config.recipe);
            if (run->info.state == "running")
                line = tr("Pass %1 of %2").arg(run->checkpoints.size() + 1).arg(run->info.config.epochs);
            else if (const auto *shown = run->checkpoints.empty() ? nullptr : run->checkpoints.back().shownOrNull()) {
                const core::ScoreKind kind = run->checkpoints.back().kind();
                line += (kind == core::ScoreKind::Exam             ? tr(", %1 in the exam")
                         : kind == core::ScoreKind::CrossValidated ? tr(", %1 cross-validated")
                                                                   : tr(", %1 held out"))
                            .arg(shareText(shown->report.correct, shown->report.rows));
            }
            auto *item = new QListWidgetItem(markIcon(m_theme, markOf(run->info)),
                                             QString::fromStdString(run->info.id) + u'\n' + line);
            item->setData(Qt::UserRole, QString::fromStdString(run->info.id));
            item->setToolTip(tr("%1: %2, %3 on disk")
                                 .arg(QString::fromStdString(run->info.id),
                                      plural(run->checkpointsThere(), tr("checkpoint"), tr("checkpoints")),
                                      sizeText(run->bytes)));
            item->setSizeHint({0, 52});
            m_runs->addItem(item);
            if (run->info.id == m_shown)
                m_runs->setCurrentItem(item);
        }
        for (const core::UnreadableRun &run : m_session.unreadableRuns()) {
            auto *item = new QListWidgetItem(QString::fromStdString(run.id) + u'\n' + tr("Cannot be read"));
            item->setToolTip(QString::fromStdString(run.why.message));
            item->setFlags(Qt::NoItemFlags);
            item->setSizeHint({0, 52});
            m_runs->addItem(item);
        }
    }
    showRun();
    Q_EMIT headChanged();
}

}  // namespace ui
