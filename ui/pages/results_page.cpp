// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/results_page.h"

#include "ui/delegates/result_delegates.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QButtonGroup>
#include <QHeaderView>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <algorithm>

namespace ui {

namespace {

constexpr int RowPanelWidth = 300;
/// Of a column with a class, or with several.
constexpr int OneWidth = 150;
constexpr int SeveralWidth = 210;
/// Below this the table needs the room; its tooltips show the whole text.
constexpr int WideEnough = 900;
enum Tab { RowsTab, ConfusionsTab, PerClassTab };

}  // namespace

ResultsPage::ResultsPage(const Theme &theme, Session &session, QWidget *parent)
    : Page(parent), m_theme(theme), m_session(session), m_checkpoints(session), m_predictions(session)
{
    auto *outer = makeLayout<QVBoxLayout>({}, 0);
    setLayout(outer);
    m_all = new QStackedWidget;
    outer->addWidget(m_all);
    auto *empty = makePane("surface");
    auto *emptyColumn = makeLayout<QVBoxLayout>({24, 24, 24, 24}, 12);
    empty->setLayout(emptyColumn);
    auto *train = makeButton(tr("Train"), "resultsTrain");
    emptyColumn->addStretch();
    emptyColumn->addWidget(
        makeLabel(tr("Nothing trained yet. Each pass of a training appears here with its score."), "muted"), 0,
        Qt::AlignHCenter);
    emptyColumn->addWidget(train, 0, Qt::AlignHCenter);
    emptyColumn->addStretch();
    connect(train, &QPushButton::clicked, this, [this] { Q_EMIT goTo(Step::Training); });
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
    splitter->setSizes({TableRowHeight * 5 + 30, 2000});
    column->addWidget(splitter, 1);
    m_all->addWidget(pane);
    connect(&session, &Session::runsChanged, this, &ResultsPage::refresh);
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
    column->addWidget(m_reason);
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
    const std::pair<int, int> widths[] = {{CheckpointTableModel::Star, 46},     {CheckpointTableModel::Name, 220},
                                          {CheckpointTableModel::HeldOut, 100}, {CheckpointTableModel::Exam, 90},
                                          {CheckpointTableModel::Between, 160}, {CheckpointTableModel::MacroF1, 140}};
    for (const auto &[section, width] : widths)
        m_checkpointTable->setColumnWidth(section, width);
    m_checkpointTable->horizontalHeader()->setStretchLastSection(true);
    m_note = makeLabel(tr("* cross-validated on Train, as nothing is held out of so few rows"), "caption");
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
    m_tabs->addTab(tr("Rows"));
    m_tabs->addTab(tr("Confusions"));
    m_tabs->addTab(tr("Per class"));
    row->addWidget(m_tabs, 0, Qt::AlignBottom);
    row->addStretch();
    column->addWidget(bar);
    m_tabPages = new QStackedWidget;
    m_tabPages->addWidget(buildRows());
    m_tabPages->addWidget(buildConfusions());
    m_tabPages->addWidget(buildPerClass());
    column->addWidget(m_tabPages, 1);
    connect(m_tabs, &QTabBar::currentChanged, m_tabPages, &QStackedWidget::setCurrentIndex);
    return pane;
}

QWidget *ResultsPage::buildRows()
{
    auto *pane = makePane("surface");
    auto *outer = makeLayout<QHBoxLayout>({}, 0);
    pane->setLayout(outer);
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    outer->addLayout(column, 1);
    auto *bar = makeLayout<QHBoxLayout>({24, 8, 24, 8}, 8);
    m_filters = new QButtonGroup(this);
    for (int i = 0; i < 5; ++i) {
        auto *button = makeButton(tr("Filter"), "predictionFilter", "small");
        button->setCheckable(true);
        m_filters->addButton(button, i);
        bar->addWidget(button);
    }
    bar->addStretch();
    column->addLayout(bar);
    m_rows = new QTableView;
    setUpTable(*m_rows, "predictionTable", tr("Answers to the exam rows"));
    m_rows->setModel(&m_predictions);
    m_rows->setSelectionMode(QAbstractItemView::SingleSelection);
    m_rows->setItemDelegate(new CellDelegate(m_theme, m_rows));
    auto *chips = new ChipDelegate(m_theme, {PredictionTableModel::ChipsRole, -1}, m_rows);
    m_rows->setItemDelegateForColumn(PredictionTableModel::Expected, chips);
    m_rows->setItemDelegateForColumn(PredictionTableModel::Answer, chips);
    m_rows->setItemDelegateForColumn(
        PredictionTableModel::Sure,
        new BarDelegate(m_theme, PredictionTableModel::ShareRole, PredictionTableModel::ColourRole, m_rows));
    m_rows->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_rows->setColumnWidth(PredictionTableModel::Sure, 140);
    m_rows->horizontalHeader()->setSectionResizeMode(PredictionTableModel::Text, QHeaderView::Stretch);
    column->addWidget(m_rows, 1);
    m_rowPanel = makePane("raised", "left");
    m_rowPanel->setFixedWidth(RowPanelWidth);
    auto *panel = makePane("raised");
    auto *panelColumn = makeLayout<QVBoxLayout>({16, 12, 16, 12}, 12);
    panel->setLayout(panelColumn);
    m_rowText = makeLabel(tr("Choose a row to see all its answers."), nullptr, true);
    m_rowText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_bars = new AnswerBars(m_theme);
    auto *edit = makeButton(tr("Correct it in Data"), "correctRow", "small");
    panelColumn->addWidget(m_rowText);
    panelColumn->addWidget(m_bars);
    panelColumn->addWidget(edit, 0, Qt::AlignLeft);
    panelColumn->addStretch();
    auto *around = makeLayout<QVBoxLayout>({1, 0, 0, 0}, 0);
    m_rowPanel->setLayout(around);
    around->addWidget(makeScroll(panel));
    outer->addWidget(m_rowPanel);
    connect(m_filters, &QButtonGroup::idClicked, this,
            [this](int id) { showFilter(static_cast<PredictionTableModel::Filter>(id)); });
    connect(m_rows->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) { showPrediction(current.row()); });
    const auto open = [this] {
        if (const auto row = m_rows->currentIndex().row(); row >= 0)
            Q_EMIT showExample(m_predictions.predictionAt(row).example);
    };
    connect(m_rows, &QTableView::doubleClicked, this, open);
    connect(edit, &QPushButton::clicked, this, open);
    return pane;
}

QWidget *ResultsPage::buildConfusions()
{
    auto *pane = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({24, 12, 24, 12}, 8);
    pane->setLayout(column);
    column->addWidget(
        makeLabel(tr("Down: what was expected. Across: what was answered. Open a cell to see its rows."), "muted"));
    m_matrix = new QTableView;
    m_matrix->setObjectName(QStringLiteral("confusionTable"));
    m_matrix->setAccessibleName(tr("Confusions"));
    m_matrix->setModel(&m_confusion);
    m_matrix->setItemDelegate(new HeatDelegate(m_theme, m_matrix));
    m_matrix->setShowGrid(false);
    m_matrix->setSelectionMode(QAbstractItemView::SingleSelection);
    m_matrix->setCornerButtonEnabled(false);
    m_matrix->setTabKeyNavigation(false);
    m_matrix->horizontalHeader()->setDefaultSectionSize(112);
    m_matrix->verticalHeader()->setDefaultSectionSize(36);
    m_matrix->verticalHeader()->setMaximumWidth(220);
    m_matrix->horizontalHeader()->setDefaultAlignment(Qt::AlignVCenter | Qt::AlignLeft);
    column->addWidget(m_matrix, 1);
    connect(m_matrix, &QTableView::activated, this, [this](const QModelIndex &cell) {
        m_tabs->setCurrentIndex(RowsTab);
        if (auto *checked = m_filters->checkedButton()) {
            m_filters->setExclusive(false);
            checked->setChecked(false);
            m_filters->setExclusive(true);
        }
        m_predictions.setCell(cell.row(), cell.column());
    });
    connect(m_matrix, &QTableView::clicked, m_matrix, &QTableView::activated);
    return pane;
}

QWidget *ResultsPage::buildPerClass()
{
    m_classTable = new QTableView;
    setUpTable(*m_classTable, "perClassTable", tr("Scores of each class"));
    m_classTable->setModel(&m_perClass);
    m_classTable->setItemDelegate(new CellDelegate(m_theme, m_classTable));
    m_classTable->setEditTriggers(QAbstractItemView::NoEditTriggers);
    connect(m_classTable, &QTableView::doubleClicked, this, [this](const QModelIndex &cell) {
        m_tabs->setCurrentIndex(RowsTab);
        m_predictions.setClass(cell.row());
    });
    return m_classTable;
}

Primary ResultsPage::primary() const
{
    const auto name = shown();
    if (!name)
        return {tr("Use this checkpoint"), false, tr("Train first: there is no checkpoint yet.")};
    if (m_session.inUse() && m_session.inUse()->text() == name->text())
        return {tr("Go on to Use")};
    return {tr("Use this checkpoint")};
}

void ResultsPage::primaryClicked()
{
    if (const auto name = shown(); name && !(m_session.inUse() && m_session.inUse()->text() == name->text()))
        m_session.use(*name);
    Q_EMIT goTo(Step::Use);
}

void ResultsPage::activated()
{
    // A run may have ended since: the page opens on our pick.
    m_checkpointTable->setCurrentIndex({});
    m_checkpoints.forget();
    m_state.clear();
    refresh();
}

void ResultsPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    m_rowPanel->setVisible(width() >= WideEnough);
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

void ResultsPage::showState()
{
    const auto before = shown();
    m_checkpoints.reload();
    m_all->setCurrentIndex(m_checkpoints.rowCount() > 0 ? 1 : 0);
    m_note->setVisible(m_checkpoints.hasCrossValidated());
    const int row = before ? m_checkpoints.rowOf(*before) : 0;
    m_shownName.clear();
    if (m_checkpoints.rowCount() > 0)
        m_checkpointTable->setCurrentIndex(m_checkpoints.index(std::max(0, row), CheckpointTableModel::Name));
    showCheckpoint();
}

QString ResultsPage::verdict(const core::StoredReport &stored) const
{
    const auto &report = stored.report;
    if (report.task == engine::TaskType::MultiLabel) {
        const auto weakest =
            std::min_element(report.perClass.begin(), report.perClass.end(), [](const auto &a, const auto &b) {
                return std::pair(a.support == 0, a.f1) < std::pair(b.support == 0, b.f1);
            });
        QString text =
            tr("All classes right on %1 exam rows (%2); of all single decisions %3.")
                .arg(shareText(report.correct, report.rows), betweenText(report), percentText(report.labelMatch));
        if (weakest != report.perClass.end() && weakest->f1 < 1)
            text += tr(" Weakest: %1.")
                        .arg(className(stored.labels[static_cast<size_t>(weakest - report.perClass.begin())]));
        return text;
    }
    QString text = tr("Right on %1 exam rows (%2).").arg(shareText(report.correct, report.rows), betweenText(report));
    if (report.rows >= 100)
        text =
            tr("Right on %1 of the exam rows (%2).").arg(shareText(report.correct, report.rows), betweenText(report));
    int64_t most = 0;
    size_t expected = 0, answered = 0;
    for (size_t i = 0; i < report.confusion.size(); ++i) {
        for (size_t j = 0; j < report.confusion[i].size(); ++j) {
            if (i != j && report.confusion[i][j] > most) {
                most = report.confusion[i][j];
                expected = i;
                answered = j;
            }
        }
    }
    if (most > 0)
        text += tr(" Weakest: %1 / %2.").arg(className(stored.labels[expected]), className(stored.labels[answered]));
    return text;
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
    const bool exam = view->exam && view->exam->report.rows > 0;
    m_verdict->setText(exam ? verdict(*view->exam)
                            : tr("There are no exam rows, so nothing can be said about new texts."));
    const bool pick = m_session.best() && m_session.best()->text() == name->text();
    m_reason->setText(
        pick
            ? tr("Picked: pass %1 of %2, because it was right on most rows it had not learned from. The exam did "
                 "not take part in the choice.")
                  .arg(name->epoch)
                  .arg(QString::fromStdString(name->run))
            : tr("Pass %1 of %2. Choosing a checkpoint by its exam score makes the exam number look better than it is.")
                  .arg(name->epoch)
                  .arg(QString::fromStdString(name->run)));
    auto predictions = readPredictions(m_session.service(), *run, name->epoch);
    if (!predictions) {
        Q_EMIT message(errorMessage(predictions.error()));
        return;
    }
    m_predictions.setPredictions(std::move(*predictions), run->info.labels);
    using Filter = PredictionTableModel::Filter;
    const QString names[] = {tr("Wrong"), tr("Confidently wrong"), tr("Least sure"), tr("Right"), tr("All")};
    for (int i = 0; i < 5; ++i) {
        const QString text = QStringLiteral("%1 %2").arg(names[i]).arg(m_predictions.count(static_cast<Filter>(i)));
        m_filters->button(i)->setText(text);
        m_filters->button(i)->setAccessibleName(text);
    }
    showFilter(m_predictions.count(Filter::Wrong) > 0 ? Filter::Wrong : Filter::All);
    QStringList classes;
    for (const auto &label : run->info.labels)
        classes << className(label);
    const bool isMultiLabel = run->info.config.task == engine::TaskType::MultiLabel;
    m_tabs->setTabVisible(ConfusionsTab, !isMultiLabel);
    for (const int column : {PredictionTableModel::Expected, PredictionTableModel::Answer})
        m_rows->setColumnWidth(column, isMultiLabel ? SeveralWidth : OneWidth);
    m_confusion.setCounts(exam ? view->exam->report.confusion : std::vector<std::vector<int64_t>>(), classes);
    if (exam)
        fillPerClass(*view->exam);
    else
        m_perClass.clear();
    Q_EMIT headChanged();
}

void ResultsPage::showFilter(PredictionTableModel::Filter filter)
{
    m_filters->button(static_cast<int>(filter))->setChecked(true);
    m_predictions.setFilter(filter);
    showPrediction(-1);
}

void ResultsPage::showPrediction(int row)
{
    if (row < 0 || row >= m_predictions.rowCount()) {
        m_rowText->setText(tr("Choose a row to see all its answers."));
        m_bars->setBars({});
        return;
    }
    const Prediction &p = m_predictions.predictionAt(row);
    m_rowText->setText(QString::fromStdString(p.text).left(1500));
    m_bars->setAnswer(m_session, m_predictions.labels(), p.all);
}

void ResultsPage::fillPerClass(const core::StoredReport &stored)
{
    m_perClass.clear();
    m_perClass.setHorizontalHeaderLabels({tr("Class"), tr("Right when it answers so (precision)"),
                                          tr("Found of its rows (recall)"), tr("F1"), tr("Exam rows")});
    for (int i = 1; i < m_perClass.columnCount(); ++i)
        m_perClass.horizontalHeaderItem(i)->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
    for (size_t i = 0; i < stored.labels.size(); ++i) {
        const auto &m = stored.report.perClass[i];
        QList<QStandardItem *> items{new QStandardItem(className(stored.labels[i]))};
        for (const QString &text : {decimals(m.precision), decimals(m.recall), decimals(m.f1), countText(m.support)}) {
            items << new QStandardItem(text);
            items.back()->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
        }
        m_perClass.appendRow(items);
    }
    m_classTable->setColumnWidth(0, 200);
    m_classTable->setColumnWidth(1, 240);
    m_classTable->setColumnWidth(2, 200);
    m_classTable->setColumnWidth(3, 80);
    m_classTable->setColumnWidth(4, 100);
}

}  // namespace ui
