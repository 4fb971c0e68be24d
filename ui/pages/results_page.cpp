// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/results_page.h"

#include "core/results/run_classes.h"
#include "ui/delegates/result_delegates.h"
#include "ui/dialogs/report_dialog.h"
#include "ui/results/classes_pane.h"
#include "ui/results/compare_pane.h"
#include "ui/results/confidence_pane.h"
#include "ui/results/confusions_pane.h"
#include "ui/results/curves_pane.h"
#include "ui/results/metrics_pane.h"
#include "ui/results/slices_pane.h"
#include "ui/results/verdict.h"
#include "ui/session/start_work.h"
#include "ui/widgets/build.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/exam_offer.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QComboBox>
#include <QDesktopServices>
#include <QHeaderView>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QUrl>
#include <algorithm>

namespace ui {

namespace {

/// Nothing that takes less is worth a word.
constexpr int SlowMilliseconds = 300;
constexpr int LowestTab = 320;
enum Tab { RowsTab, ConfusionsTab, ClassesTab, ConfidenceTab };

}  // namespace

ResultsPage::ResultsPage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent)
    : Page(parent), m_theme(theme), m_session(session), m_dialogs(dialogs), m_checkpoints(session), m_reader(session),
      m_against(session)
{
    auto *outer = makeLayout<QVBoxLayout>({}, 0);
    setLayout(outer);
    m_all = new QStackedWidget;
    outer->addWidget(m_all);
    auto *empty = new EmptyState(theme, "results");
    empty->setWords(tr("Nothing trained yet"), tr("Each pass of a training appears here with its score."));
    auto *train = empty->addButton(tr("Train"), "resultsTrain");
    connect(train, &QPushButton::clicked, this, [this] { Q_EMIT goTo(Step::Training); });
    const auto showTrain = [this, train] { train->setVisible(!m_session.isEmpty()); };
    showTrain();
    connect(&session, &Session::dataChanged, train, showTrain);
    m_all->addWidget(empty);
    auto *pane = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    pane->setLayout(column);
    column->addWidget(buildTop());
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setHandleWidth(1);
    splitter->addWidget(buildCheckpoints());
    splitter->addWidget(buildTabs());
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({TableRowHeight * 6 + 30, 2000});
    // In low windows this scrolls rather than that its charts shrink to nothing.
    column->addWidget(makeScroll(splitter), 1);
    m_all->addWidget(pane);
    connect(&session, &Session::runsChanged, this, &ResultsPage::refresh);
    connect(&session, &Session::dataChanged, this, [this] {
        if (m_hasExam != (m_session.counts().test > 0))
            readAgain();
    });
    connect(&m_reader, &ResultsReader::read, this, &ResultsPage::showResults);
    connect(&m_reader, &ResultsReader::failed, this,
            [this](const base::Error &error) { Q_EMIT message(errorMessage(error)); });
    connect(&m_against, &AgainstReader::read, &m_checkpoints, &CheckpointTableModel::setCompared);
}

QWidget *ResultsPage::buildTop()
{
    auto *top = makePane("surface", "bottom");
    auto *column = makeLayout<QVBoxLayout>({24, 16, 24, 13}, 4);
    top->setLayout(column);
    m_verdict = makeLabel({}, "verdict", true);
    m_verdict->setObjectName(QStringLiteral("verdict"));
    m_reason = makeLabel({}, "muted", true);
    m_reason->setObjectName(QStringLiteral("pickReason"));
    column->addWidget(m_verdict);
    auto *row = makeLayout<QHBoxLayout>({}, 16);
    auto *report = makeButton(tr("Report..."), "makeReport", "small");
    report->setToolTip(tr("A page on this checkpoint to hand on, as HTML or PDF"));
    m_runs = new QComboBox;
    m_runs->setObjectName(QStringLiteral("runFilter"));
    m_runs->setAccessibleName(tr("Whose checkpoints are shown"));
    connect(m_runs, &QComboBox::activated, this, [this] {
        m_checkpoints.setRun(m_runs->currentData().toString().toStdString());
        showState();
    });
    row->addWidget(m_reason, 1);
    row->addWidget(m_runs, 0, Qt::AlignVCenter);
    row->addWidget(report, 0, Qt::AlignVCenter);
    column->addLayout(row);
    column->addWidget(new ExamOffer(m_session));
    connect(report, &QPushButton::clicked, this, &ResultsPage::saveReport);
    return top;
}

QWidget *ResultsPage::buildCheckpoints()
{
    auto *pane = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    pane->setLayout(column);
    m_checkpointTable = new QTableView;
    setUpTable(*m_checkpointTable, "checkpointTable", tr("Checkpoints"));
    m_checkpointTable->setModel(&m_checkpoints);
    m_checkpointTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_checkpointTable->setItemDelegate(new CellDelegate(m_theme, m_checkpointTable));
    m_checkpointTable->setItemDelegateForColumn(CheckpointTableModel::Star,
                                                new StarDelegate(m_theme, m_checkpointTable));
    m_checkpointTable->setItemDelegateForColumn(CheckpointTableModel::Between,
                                                new IntervalDelegate(m_theme, m_checkpointTable));
    m_checkpointTable->setMinimumHeight(TableRowHeight * 3);
    auto *header = m_checkpointTable->horizontalHeader();
    header->setSortIndicatorClearable(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    m_checkpointTable->setSortingEnabled(true);
    // Sorting keeps what is shown.
    connect(header, &QHeaderView::sortIndicatorChanged, this, [this] {
        for (int row = 0; row < m_checkpoints.rowCount(); ++row) {
            if (m_checkpoints.nameAt(row).text() == m_shownName)
                m_checkpointTable->setCurrentIndex(m_checkpoints.index(row, CheckpointTableModel::Name));
        }
    });
    const std::pair<int, int> widths[] = {{CheckpointTableModel::Star, 46},     {CheckpointTableModel::Name, 220},
                                          {CheckpointTableModel::HeldOut, 100}, {CheckpointTableModel::Exam, 90},
                                          {CheckpointTableModel::Between, 160}, {CheckpointTableModel::MacroF1, 180},
                                          {CheckpointTableModel::Against, 150}, {CheckpointTableModel::LogLoss, 80},
                                          {CheckpointTableModel::Honesty, 140}, {CheckpointTableModel::TrainLoss, 90},
                                          {CheckpointTableModel::Took, 120},    {CheckpointTableModel::Size, 90}};
    for (const auto &[section, width] : widths)
        m_checkpointTable->setColumnWidth(section, width);
    m_checkpointTable->horizontalHeader()->setStretchLastSection(true);
    m_note = makeLabel({}, "caption", true);
    m_note->setObjectName(QStringLiteral("scoreMarks"));
    m_note->setContentsMargins(24, 4, 24, 4);
    column->addWidget(m_checkpointTable, 1);
    column->addWidget(m_note);
    connect(m_checkpointTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ResultsPage::showCheckpoint);
    return pane;
}

QWidget *ResultsPage::buildTabs()
{
    auto *pane = makePane("surface", "top");
    auto *column = makeLayout<QVBoxLayout>({0, 1, 0, 0}, 0);
    pane->setLayout(column);
    auto *bar = makePane("surface", "bottom");
    bar->setFixedHeight(41);
    auto *row = makeLayout<QHBoxLayout>({24, 0, 24, 0});
    bar->setLayout(row);
    m_tabs = new QTabBar;
    m_tabs->setObjectName(QStringLiteral("resultTabs"));
    m_tabs->setAccessibleName(tr("Parts of the result"));
    m_tabs->setExpanding(false);
    row->addWidget(m_tabs, 0, Qt::AlignBottom);
    row->addStretch();
    column->addWidget(bar);
    m_tabPages = new QStackedWidget;
    m_rows = new RowsPane(m_theme, m_session);
    auto *confusions = new ConfusionsPane(m_theme);
    auto *classes = new ClassesPane(m_theme);
    m_confidence = new ConfidencePane(m_theme, m_session, m_dialogs);
    auto *curves = new CurvesPane(m_theme, m_session);
    auto *slices = new SlicesPane(m_theme, m_session);
    auto *metrics = new MetricsPane(m_theme, m_session);
    auto *compare = new ComparePane(m_theme, m_session);
    auto *next = new NextPane(m_theme, m_session);
    const std::pair<QString, ResultPane *> panes[] = {{tr("Rows"), m_rows},         {tr("Confusions"), confusions},
                                                      {tr("Per class"), classes},   {tr("Confidence"), m_confidence},
                                                      {tr("Thresholds"), curves},   {tr("Kinds of texts"), slices},
                                                      {tr("Own figures"), metrics}, {tr("Compare"), compare},
                                                      {tr("What next"), next}};
    for (const auto &[name, part] : panes) {
        m_tabs->addTab(name);
        m_tabPages->addWidget(part);
        m_panes.push_back(part);
    }
    m_tabPages->setMinimumHeight(LowestTab);
    column->addWidget(m_tabPages, 1);
    const auto showOne = [this](qint64 id) { Q_EMIT showRows({id}); };
    connect(m_rows, &RowsPane::showExample, this, showOne);
    connect(compare, &ComparePane::showExample, this, showOne);
    connect(next, &NextPane::chosen, this, &ResultsPage::follow);
    connect(next, &NextPane::failed, this, [this](const auto &error) { Q_EMIT message(errorMessage(error)); });
    connect(compare, &ComparePane::failed, this, [this](const auto &error) { Q_EMIT message(errorMessage(error)); });
    connect(confusions, &ConfusionsPane::cellOpened, this, [this](int expected, int answer) {
        m_tabs->setCurrentIndex(RowsTab);
        m_rows->showCell(expected, answer);
    });
    const auto showOnly = [this](const std::vector<int64_t> &examples) {
        m_tabs->setCurrentIndex(RowsTab);
        m_rows->showOnly(examples);
    };
    connect(slices, &SlicesPane::rowsOpened, this, showOnly);
    connect(metrics, &MetricsPane::rowsOpened, this, showOnly);
    connect(classes, &ClassesPane::classOpened, this, [this](int label) {
        m_tabs->setCurrentIndex(RowsTab);
        m_rows->showClass(label);
    });
    connect(m_confidence, &ConfidencePane::saveAsked, this, &ResultsPage::saveChart);
    connect(m_confidence, &ConfidencePane::useAsked, this, &ResultsPage::useLimit);
    connect(curves, &CurvesPane::saveAsked, this, &ResultsPage::saveChart);
    m_reading = makeLabel({}, "muted");
    m_reading->setAlignment(Qt::AlignCenter);
    m_tabPages->addWidget(m_reading);
    m_tabPages->setCurrentWidget(m_reading);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        if (m_isRead)
            m_tabPages->setCurrentIndex(tab);
    });
    m_slow.setSingleShot(true);
    m_slow.setInterval(SlowMilliseconds);
    connect(&m_slow, &QTimer::timeout, this, [this] {
        m_reading->setText(tr("Reading the answers..."));
        m_tabPages->setCurrentWidget(m_reading);
    });
    return pane;
}

void ResultsPage::useLimit(const engine::AskRule &rule, const std::vector<std::string> &labels)
{
    const auto name = shown();
    if (!name)
        return;
    m_session.setAskRule(*name, rule, labels);
    m_reader.forget();
    m_reader.ask(*name);
}

Primary ResultsPage::primary() const
{
    const auto name = shown();
    if (!name)
        return {tr("Use this checkpoint"), false, tr("Train first: there is no checkpoint yet.")};
    if (name->isExam())
        return {tr("Use this checkpoint"), false, tr("This is the exam of a teacher: there are no weights to use.")};
    if (const CheckpointView *view = m_session.checkpointOrNull(*name); view && !view->isThere)
        return {tr("Use this checkpoint"), false, tr("The weights of this checkpoint are gone. Choose another one.")};
    if (m_session.inUse() && m_session.inUse()->text() == name->text())
        return {tr("Go on to Use")};
    return {tr("Use this checkpoint")};
}

void ResultsPage::primaryClicked()
{
    if (const auto name = shown();
        name && !name->isExam() && !(m_session.inUse() && m_session.inUse()->text() == name->text()))
        m_session.use(*name);
    Q_EMIT goTo(Step::Use);
}

void ResultsPage::activated()
{
    // A run may have ended since: the page opens on our pick.
    m_checkpointTable->setCurrentIndex({});
    readAgain();
}

void ResultsPage::readAgain()
{
    m_hasExam = m_session.counts().test > 0;
    m_reader.forget();
    m_state.clear();
    refresh();
}

QJsonObject ResultsPage::state() const
{
    return {{QStringLiteral("tab"), m_tabs->currentIndex()}};
}

void ResultsPage::restore(const QJsonObject &state)
{
    m_tabs->setCurrentIndex(std::clamp(state[QStringLiteral("tab")].toInt(), 0, m_tabs->count() - 1));
}

std::optional<core::CheckpointName> ResultsPage::shown() const
{
    const int row = m_checkpointTable->currentIndex().row();
    if (row < 0 || row >= m_checkpoints.rowCount())
        return std::nullopt;
    return m_checkpoints.nameAt(row);
}

void ResultsPage::refresh()
{
    if (!isVisible())
        return;  // reading all answers would be felt; it is done when the page is opened
    const std::string state =
        m_session.runsState() + " " + (m_session.inUse() ? m_session.inUse()->text() : std::string());
    if (std::exchange(m_state, state) != state)
        showState();
}

void ResultsPage::fillRuns()
{
    const QString chosen = m_runs->currentData().toString();
    m_runs->clear();
    m_runs->addItem(tr("All runs"), QString());
    for (const RunView &run : m_session.runs()) {
        if (!run.checkpoints.empty())
            m_runs->addItem(QString::fromStdString(run.info.id), QString::fromStdString(run.info.id));
    }
    m_runs->setCurrentIndex(std::max(0, m_runs->findData(chosen)));
    m_runs->setVisible(m_runs->count() > 2);
}

void ResultsPage::showState()
{
    const auto before = shown();
    fillRuns();
    m_checkpoints.reload();
    if (m_session.best())
        m_against.ask(*m_session.best(), m_checkpoints.names());
    m_all->setCurrentIndex(m_checkpoints.rowCount() > 0 ? 1 : 0);
    m_note->setText(m_checkpoints.marks());
    m_note->setVisible(!m_note->text().isEmpty());
    const int row = before ? m_checkpoints.rowOf(*before) : 0;
    m_shownName.clear();
    if (m_checkpoints.rowCount() > 0)
        m_checkpointTable->setCurrentIndex(m_checkpoints.index(std::max(0, row), CheckpointTableModel::Name));
    showCheckpoint();
}

void ResultsPage::showCheckpoint()
{
    const auto name = shown();
    if (!name || name->text() == m_shownName)
        return;
    m_shownName = name->text();
    const CheckpointView *view = m_session.checkpointOrNull(*name);
    const RunView *run = m_session.runOrNull(name->run);
    if (!view || !run)
        return;
    const core::StoredReport *stored = view->shownOrNull();
    // Runs of older versions have kept no more of cross-validation than its answers: showResults counts them.
    m_verdict->setText(stored ? resultVerdict(stored->report, stored->labels, view->kind()) : QString());
    sayWhy(*name, view->kind());
    m_isRead = false;
    m_slow.start();
    m_reader.ask(*name);
    Q_EMIT headChanged();
}

/// Why this checkpoint is shown, and how far its figures may be trusted.
void ResultsPage::sayWhy(const core::CheckpointName &name, core::ScoreKind kind)
{
    const RunView *run = m_session.runOrNull(name.run);
    if (!run)
        return;
    const QString id = QString::fromStdString(name.run);
    if (name.isExam())
        return m_reason->setText(
            tr("%1, examined on the rows that the checkpoints are. It has no weights of its own to use.")
                .arg(checkpointText(name, run->info)));
    const bool isExam = kind == core::ScoreKind::Exam;
    const bool isPick = m_session.best() && m_session.best()->text() == name.text();
    QString words = isPick ? tr("Picked: pass %1 of %2, because it was right on most rows it had not learned from.")
                           : tr("Pass %1 of %2.");
    words = words.arg(name.epoch).arg(id) + u' ';
    if (!isExam)
        words += QString::fromStdString(core::remarkOn(kind, m_session.counts().test > 0));
    else if (isPick)
        words += tr("The exam did not take part in the choice.");
    else
        words += tr("Choosing a checkpoint by its exam score makes the exam number look better than it is.");
    m_reason->setText(words);
}

void ResultsPage::showResults(const SharedResults &results)
{
    if (results->shown.checkpoint.text() != m_shownName)
        return;
    const core::Answers &answers = results->shown;
    const CheckpointView *view = m_session.checkpointOrNull(answers.checkpoint);
    const int64_t unknown = answers.unknownRows();
    if (!view || !view->shownOrNull() || view->kind() != answers.kind || unknown > 0) {
        m_verdict->setText(answers.size() > 0 ? resultVerdict(results->report, answers.labels, answers.kind)
                                              : tr("There are no exam rows, and this checkpoint has kept no answers to "
                                                   "rows that it had not learned from. Train again to see some."));
        sayWhy(answers.checkpoint, answers.kind);
    }
    if (unknown > 0)
        m_reason->setText(m_reason->text() + u' ' +
                          QString::fromStdString(core::unknownText(unknown, answers.labels, answers.learned.size())));
    const bool isMultiLabel = results->shown.rule.task == engine::TaskType::MultiLabel;
    m_tabs->setTabVisible(ConfusionsTab, !isMultiLabel);
    for (ResultPane *pane : m_panes)
        pane->showResults(results);
    m_slow.stop();
    m_isRead = true;
    m_tabPages->setCurrentIndex(m_tabs->currentIndex());
}

void ResultsPage::follow(const core::Advice &advice)
{
    using Kind = core::Advice::Kind;
    switch (advice.kind) {
    case Kind::TeachNew: return Q_EMIT trainFrom(QString::fromStdString(m_shownName));
    case Kind::LookAtRows: return Q_EMIT showRows(advice.rows);
    case Kind::NeverAnswered:
    case Kind::MoreRows: return Q_EMIT goTo(Step::Data);
    case Kind::TellApart: return Q_EMIT goTo(Step::Define);
    case Kind::GoOn: return Q_EMIT goTo(Step::Training);
    case Kind::MakeExam: return m_session.keepForExam();
    case Kind::Use: return primaryClicked();
    case Kind::AskBelow: m_tabs->setCurrentIndex(ConfidenceTab); m_confidence->setTarget(advice.rightShare);
    }
}

void ResultsPage::saveChart(SharePlot *plot)
{
    const QString path =
        m_dialogs.chooseSaveFile(this, tr("Save this chart (.png or .svg)"), QStringLiteral("chart.png"));
    if (!path.isEmpty() && !plot->save(path))
        Q_EMIT message(errorMessage(
            {base::ErrorCode::Io, "The chart could not be written. Choose another place.", path.toStdString()}));
}

void ResultsPage::saveReport()
{
    const auto name = shown();
    if (!name)
        return;
    ReportDialog dialog(QString::fromStdString(name->text()), this);
    if (!m_dialogs.run(dialog))
        return;
    const QString path =
        m_dialogs.chooseSaveFile(this, tr("Save the report (.html or .pdf)"), m_session.name() + tr(" report.html"));
    if (path.isEmpty())
        return;
    startWork<std::string>(
        m_session.runner(), tr("Report"), core::Lane::Shared, this,
        [folder = m_session.folder(), name = *name, options = dialog.options()](const base::WorkContext &) {
            auto service = core::Service::openAgain(folder);
            return service ? core::htmlReport(*service, name, options)
                           : base::Result<std::string>(base::failure(service));
        },
        [this, path](base::Result<std::string> page) {
            const auto written = page ? writeReport(*page, path) : base::Result<void>(base::failure(page));
            if (!written)
                return Q_EMIT message(errorMessage(written.error()));
            Q_EMIT message({Message::State::Success, tr("The report is written."), {}, tr("Open"), [path] {
                                QDesktopServices::openUrl(QUrl::fromLocalFile(path));
                            }});
        });
}

}  // namespace ui
