// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/workspace.h"

#include "ui/dialogs/import/import_report_dialog.h"
#include "ui/frame/desktop.h"
#include "ui/pages/data_page.h"
#include "ui/pages/define_page.h"
#include "ui/pages/results_page.h"
#include "ui/pages/teacher_page.h"
#include "ui/pages/training_page.h"
#include "ui/pages/use_page.h"
#include "ui/widgets/build.h"
#include "ui/widgets/try_it.h"
#include "ui/words.h"

#include <QJsonDocument>
#include <QStyle>
#include <algorithm>

namespace ui {

namespace {

constexpr int TryPanelWidth = 360;
constexpr int SlideMs = 140;

}  // namespace

Workspace::Workspace(const Theme &theme, std::unique_ptr<Session> session, Dialogs &dialogs, QWidget *parent)
    : QWidget(parent), m_session(std::move(session)), m_dialogs(dialogs)
{
    auto *row = makeLayout<QHBoxLayout>({}, 0);
    setLayout(row);
    m_stack = new QStackedWidget;
    row->addWidget(m_stack, 1);
    auto *define = new DefinePage(theme, *m_session, dialogs);
    m_data = new DataPage(theme, *m_session, dialogs);
    m_teacher = new TeacherPage(theme, *m_session, dialogs);
    auto *training = new TrainingPage(theme, *m_session, dialogs);
    auto *results = new ResultsPage(theme, *m_session, dialogs);
    auto *use = new UsePage(theme, *m_session, dialogs);
    Page *pages[] = {define, m_data, m_teacher, training, results, use};
    static constexpr const char *Names[] = {"definePage",   "dataPage",    "teacherPage",
                                            "trainingPage", "resultsPage", "usePage"};
    for (int i = 0; i < StepCount; ++i) {
        m_pages[i] = pages[i];
        m_pages[i]->setObjectName(QLatin1String(Names[i]));
        m_stack->addWidget(m_pages[i]);
        connect(m_pages[i], &Page::headChanged, this, &Workspace::headChanged);
        connect(m_pages[i], &Page::message, this, &Workspace::message);
        connect(m_pages[i], &Page::goTo, this, &Workspace::show);
    }
    connect(define, &DefinePage::showRows, this, [this](qint64 label, core::Split split) {
        show(Step::Data);
        m_data->showLabel(label, split);
    });
    connect(results, &ResultsPage::showRows, this, [this](const std::vector<int64_t> &rows) {
        show(Step::Data);
        m_data->showRows(rows);
    });
    connect(results, &ResultsPage::trainFrom, this, [this, training](const QString &checkpoint) {
        show(Step::Training);
        training->beginFrom(checkpoint);
    });
    m_tryPanel = makePane("raised", "left");
    m_tryPanel->setParent(this);
    m_tryPanel->setObjectName(QStringLiteral("tryPanel"));
    auto *column = makeLayout<QVBoxLayout>({17, 16, 16, 16}, 12);
    m_tryPanel->setLayout(column);
    auto *head = makeLayout<QHBoxLayout>();
    auto *close = makeButton({}, "closeTryIt", "flat");
    close->setIcon(theme.icon("close"));
    close->setAccessibleName(tr("Close Try it"));
    head->addWidget(makeLabel(tr("Try it"), "title"), 1);
    head->addWidget(close);
    m_tryIt = new TryIt(theme, *m_session);
    column->addLayout(head);
    column->addWidget(m_tryIt, 1);
    m_tryPanel->hide();
    connect(close, &QPushButton::clicked, this, [this] { showTryIt(false); });
    m_trySlide.setStartValue(0.0);
    m_trySlide.setEndValue(1.0);
    m_trySlide.setEasingCurve(QEasingCurve::OutCubic);
    connect(&m_trySlide, &QVariantAnimation::valueChanged, this, &Workspace::placeTryIt);
    connect(&m_trySlide, &QVariantAnimation::finished, this, [this] {
        if (m_trySlide.direction() == QAbstractAnimation::Backward)
            m_tryPanel->hide();
    });
    connectSession();
    restoreState();
}

Workspace::~Workspace()
{
    saveState();
    // Pages refer to the session: they go first.
    for (Page *page : m_pages)
        delete page;
    delete m_tryPanel;
}

void Workspace::restoreState()
{
    const auto text = m_session->service().setting(core::keys::WindowState);
    const QJsonObject state = QJsonDocument::fromJson(text ? QByteArray::fromStdString(*text) : QByteArray()).object();
    for (Page *each : m_pages)
        each->restore(state[each->objectName()].toObject());
    show(static_cast<Step>(std::clamp(state[QStringLiteral("page")].toInt(), 0, StepCount - 1)));
}

void Workspace::saveState() const
{
    if (m_session->isReadOnly())
        return;
    QJsonObject state{{QStringLiteral("page"), static_cast<int>(m_current)}};
    for (const Page *each : m_pages)
        state[each->objectName()] = each->state();
    // Where it cannot be written nothing is lost but where one was.
    static_cast<void>(m_session->service().setSetting(
        core::keys::WindowState, QJsonDocument(state).toJson(QJsonDocument::Compact).toStdString()));
}

void Workspace::connectSession()
{
    Session *session = m_session.get();
    connect(session, &Session::dataChanged, this, &Workspace::headChanged);
    connect(session, &Session::rowsCounted, this, &Workspace::headChanged);
    connect(session, &Session::runsChanged, this, &Workspace::headChanged);
    connect(session, &Session::findingsChanged, this, &Workspace::headChanged);
    connect(session, &Session::failed, this, [this](const base::Error &error) { Q_EMIT message(errorMessage(error)); });
    connect(session, &Session::editFailed, this, [this](const base::Error &error, const core::EditDraft &draft) {
        Message failed = errorMessage(error);  // what was typed or chosen is not lost
        if (error.code != base::ErrorCode::AlreadyExists && error.code != base::ErrorCode::NotFound) {
            failed.stays = true;
            failed.actionText = tr("Try again");
            failed.action = [this, draft] { m_session->apply(draft); };
        }
        Q_EMIT message(failed);
    });
    connect(session, &Session::edited, this, [this](const QString &title) {
        Q_EMIT message({Message::State::News, tr("%1.").arg(title), {}, tr("Undo"), [this] { m_session->undo(); }, {}});
    });
    connect(session, &Session::undone, this, [this](const QString &title, bool redo) {
        if (redo)
            Q_EMIT message({Message::State::News,
                            tr("Done again: %1.").arg(title),
                            {},
                            tr("Undo"),
                            [this] { m_session->undo(); },
                            {}});
        else
            Q_EMIT message({Message::State::News,
                            tr("Undone: %1.").arg(title),
                            {},
                            tr("Redo"),
                            [this] { m_session->redo(); },
                            {}});
    });
    connect(session, &Session::examMade, this, [this](qint64 rows) {
        Q_EMIT message({Message::State::Success,
                        rows == 1 ? tr("1 row of Train is the exam now.")
                                  : tr("%1 rows of Train are the exam now.").arg(countText(rows)),
                        tr("Trainings made before have learned from them, so they do not count: train again."),
                        tr("Undo"),
                        [this] { m_session->undo(); },
                        {}});
    });
    connect(session, &Session::imported, this, [this](const core::ImportSummary &summary) {
        auto rejected = summary.rejected;
        for (const core::PassedOver &file : summary.passedOver)
            rejected.push_back({file.file, 0, file.reason});
        Message news{.state = rejected.empty() ? Message::State::Success : Message::State::Warning,
                     .cause = tr("%1 imported.").arg(rowsText(summary.imported))};
        if (summary.duplicates > 0)
            news.follows = tr("%1 were there already.").arg(rowsText(summary.duplicates));
        if (summary.updated > 0)
            news.follows += tr(" %1 changed, as the file is an export of this service.").arg(rowsText(summary.updated));
        if (summary.toExam > 0)
            news.follows += tr(" %1 were kept for the exam.").arg(rowsText(summary.toExam));
        if (summary.unlabelled > 0)
            news.follows += tr(" %1 for training or the exam have no label.").arg(rowsText(summary.unlabelled));
        for (const auto &[label, rows] : summary.otherLabels) {
            news.follows += tr(" The label \"%1\" is no class of this service.").arg(QString::fromStdString(label));
            break;
        }
        if (summary.becameMultiLabel)
            news.follows += tr(" A text may have any number of classes now, as these rows do.");
        if (!rejected.empty() && rejected.front().row == 0)
            news.follows += tr(" %1 was left out: %2")
                                .arg(QString::fromStdString(rejected.front().file),
                                     QString::fromStdString(rejected.front().reason));
        else if (!rejected.empty())
            news.follows +=
                tr(" Row %1 of %2: %3 %4 set aside.")
                    .arg(rejected.front().row)
                    .arg(QString::fromStdString(rejected.front().file), QString::fromStdString(rejected.front().reason),
                         rowsText(static_cast<qint64>(rejected.size())));
        news.actionText = rejected.empty() ? tr("Undo") : tr("Show");
        news.action = [this] { m_session->undo(); };
        if (!rejected.empty())
            news.action = [this, rejected] {
                ImportReportDialog dialog(rejected, m_dialogs, this);
                static_cast<void>(m_dialogs.run(dialog));
            };
        Q_EMIT message(news);
    });
    connect(session, &Session::quickChanged, this, [this] {
        const auto quick = m_session->quick();
        if (quick && std::exchange(m_firstClassifier, false) && !m_session->inUse())
            Q_EMIT message({Message::State::Success,
                            tr("First classifier ready."),
                            tr("It learned from %1 in %2.").arg(rowsText(quick->rows), durationText(quick->seconds)),
                            tr("Try it"),
                            [this] { toggleTryIt(); },
                            {}});
        Q_EMIT headChanged();
    });
    connect(session, &Session::trainingEnded, this,
            [this](const QString &run, const base::Error &error, bool succeeded, const QString &notes) {
                if (succeeded) {
                    notifyDesktop(tr("Training is done"), m_session->name());
                    Q_EMIT message({Message::State::Success,
                                    tr("%1 is done.").arg(run),
                                    notes,
                                    tr("Show results"),
                                    [this] { show(Step::Results); },
                                    {}});
                } else if (error.code == base::ErrorCode::Cancelled) {
                    Q_EMIT message(
                        {Message::State::News, tr("Training stopped."), tr("What was finished is kept."), {}, {}, {}});
                } else {
                    notifyDesktop(tr("Training ended early"), m_session->name());
                    Message ended = errorMessage(error);
                    ended.stays = true;
                    Q_EMIT message(ended);
                }
            });
}

void Workspace::show(Step step)
{
    m_current = step;
    m_stack->setCurrentIndex(static_cast<int>(step));
    page(step).activated();
    Q_EMIT stepChanged();
}

bool Workspace::leadsToData() const
{
    return m_session->isEmpty() && m_session->runs().empty() && m_current != Step::Define && m_current != Step::Data;
}

Primary Workspace::primary() const
{
    return leadsToData() ? Primary{tr("Bring data")} : m_pages[static_cast<int>(m_current)]->primary();
}

void Workspace::primaryClicked()
{
    if (leadsToData())
        show(Step::Data);
    else
        page(m_current).primaryClicked();
}

void Workspace::toggleTryIt()
{
    const bool leaving = m_trySlide.direction() == QAbstractAnimation::Backward;
    showTryIt(m_tryPanel->isHidden() || leaving);
}

void Workspace::showTryIt(bool on)
{
    // No motion where the desktop wants none.
    const bool moves = style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) > 0;
    m_trySlide.setDuration(moves ? SlideMs : 0);
    m_trySlide.setDirection(on ? QAbstractAnimation::Forward : QAbstractAnimation::Backward);
    if (on) {
        m_tryPanel->show();
        m_tryPanel->raise();
        m_tryIt->focusText();
    }
    m_trySlide.start();
    placeTryIt();
}

void Workspace::placeTryIt()
{
    const int seen = qRound(m_trySlide.currentValue().toDouble() * TryPanelWidth);
    m_tryPanel->setGeometry(width() - seen, 0, TryPanelWidth, height());
}

void Workspace::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeTryIt();
}

void Workspace::import(const QStringList &files)
{
    show(Step::Data);
    m_data->import(files);
}

void Workspace::sayImported(const core::ImportSummary &summary)
{
    Q_EMIT m_session->imported(summary);
}

void Workspace::search()
{
    show(Step::Data);
    m_data->focusSearch();
}

void Workspace::findAndReplace()
{
    show(Step::Data);
    m_data->findAndReplace();
}

void Workspace::describe(Rail &rail) const
{
    const auto &findings = m_session->findings();
    const auto &labels = m_session->labels();
    const auto classes = std::count_if(labels.begin(), labels.end(), [](const auto &l) { return l.declared; });
    const auto rows = m_session->counts().total();
    const auto blocking = std::count_if(findings.begin(), findings.end(),
                                        [](const auto &f) { return f.severity == core::Finding::Severity::Block; });
    rail.item(Step::Define)
        .setLine(classes == 0 ? tr("Nothing named yet") : plural(classes, tr("class"), tr("classes")),
                 classes == 0   ? Mark::Empty
                 : classes == 1 ? Mark::Progress
                                : Mark::Done);
    rail.item(Step::Data)
        .setLine(rows == 0      ? tr("No rows yet")
                 : blocking > 0 ? tr("%1, %2 to fix").arg(rowsText(rows)).arg(blocking)
                                : rowsText(rows),
                 rows == 0      ? Mark::Empty
                 : blocking > 0 ? Mark::Attention
                                : Mark::Done);
    const QString work = m_teacher->work();
    rail.item(Step::Teacher)
        .setLine(work.isEmpty() ? tr("Optional") : work, work.isEmpty() ? Mark::Empty : Mark::Progress);
    const RunView *running = m_session->runningOrNull();
    const auto runs = static_cast<int>(m_session->runs().size());
    rail.item(Step::Training)
        .setLine(running ? tr("Pass %1 of %2")
                               .arg(std::min<size_t>(running->checkpoints.size() + 1,
                                                     static_cast<size_t>(running->info.config.epochs)))
                               .arg(running->info.config.epochs)
                 : runs == 0 ? tr("Not trained yet")
                             : plural(runs, tr("run"), tr("runs")),
                 running     ? Mark::Progress
                 : runs == 0 ? Mark::Empty
                             : Mark::Done);
    const auto best = m_session->best();
    const CheckpointView *view = best ? m_session->checkpointOrNull(*best) : nullptr;
    const core::StoredReport *shown = view ? view->shownOrNull() : nullptr;
    const QString share = shown ? shareText(shown->report.correct, shown->report.rows) : QString();
    rail.item(Step::Results)
        .setLine(shown && view->kind() == core::ScoreKind::Exam             ? tr("%1 right").arg(share)
                 : shown && view->kind() == core::ScoreKind::CrossValidated ? tr("%1 cross-validated").arg(share)
                 : shown                                                    ? tr("%1 held out").arg(share)
                 : view                                                     ? tr("No exam rows")
                                                                            : tr("After training"),
                 view ? Mark::Done : Mark::Empty);
    rail.item(Step::Use).setLine(m_session->inUse() || m_session->quick() ? tr("Ready to try")
                                                                          : tr("Nothing to use yet"),
                                 m_session->inUse() || m_session->quick() ? Mark::Progress : Mark::Empty);
}

}  // namespace ui
