// SPDX-License-Identifier: Apache-2.0
#include "ui/results/rows_pane.h"

#include "ui/delegates/cell_delegate.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHeaderView>
#include <QTableView>
#include <algorithm>

namespace ui {

namespace {

constexpr int PanelWidth = 300;
/// Of a column with a class, or with several.
constexpr int OneWidth = 150;
constexpr int SeveralWidth = 210;
/// Below these the table needs the room; its tooltips show the whole text.
constexpr int WideEnoughForPanel = 900;
constexpr int WideEnoughForFacts = 1300;
constexpr int RestMs = 150;

}  // namespace

RowsPane::RowsPane(const Theme &theme, Session &session, QWidget *parent)
    : ResultPane(parent), m_theme(theme), m_session(session), m_model(session), m_explainer(session)
{
    auto *outer = makeLayout<QHBoxLayout>({}, 0);
    setLayout(outer);
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
    m_leftOut = makeLabel({}, "caption");
    bar->addWidget(m_leftOut);
    column->addLayout(bar);
    m_rows = new QTableView;
    setUpTable(*m_rows, "predictionTable", tr("Answers to rows that it had not learned from"));
    m_rows->setModel(&m_model);
    m_rows->setSelectionMode(QAbstractItemView::SingleSelection);
    m_rows->setItemDelegate(new CellDelegate(m_theme, m_rows));
    auto *chips = new ChipDelegate(m_theme, {PredictionTableModel::ChipsRole, -1}, m_rows);
    m_rows->setItemDelegateForColumn(PredictionTableModel::Expected, chips);
    m_rows->setItemDelegateForColumn(PredictionTableModel::Answer, chips);
    m_rows->setItemDelegateForColumn(
        PredictionTableModel::Sure,
        new BarDelegate(m_theme, PredictionTableModel::ShareRole, PredictionTableModel::ColourRole, m_rows));
    m_rows->setItemDelegateForColumn(PredictionTableModel::Source, new MutedDelegate(m_theme, m_rows));
    m_rows->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_rows->setColumnWidth(PredictionTableModel::Sure, 140);
    m_rows->setColumnWidth(PredictionTableModel::Margin, 70);
    m_rows->setColumnWidth(PredictionTableModel::Source, 120);
    auto *header = m_rows->horizontalHeader();
    header->setSectionResizeMode(PredictionTableModel::Text, QHeaderView::Stretch);
    header->setSortIndicatorShown(true);
    header->setSortIndicatorClearable(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    m_rows->setSortingEnabled(true);
    column->addWidget(m_rows, 1);
    outer->addWidget(buildPanel());
    connect(m_filters, &QButtonGroup::idClicked, this,
            [this](int id) { showFilter(static_cast<PredictionTableModel::Filter>(id)); });
    connect(m_rows->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) { showRow(current.row()); });
}

QWidget *RowsPane::buildPanel()
{
    m_panel = makePane("raised", "left");
    m_panel->setFixedWidth(PanelWidth);
    auto *panel = makePane("raised");
    auto *column = makeLayout<QVBoxLayout>({16, 12, 16, 12}, 12);
    panel->setLayout(column);
    m_text = new WordWeights(m_theme);
    m_why = new QComboBox;
    m_why->setObjectName(QStringLiteral("whyClass"));
    m_why->setAccessibleName(tr("Class whose words are marked"));
    m_whyWords = makeLabel({}, "caption", true);
    m_whyWords->setObjectName(QStringLiteral("whyWords"));
    m_bars = new AnswerBars(m_theme);
    auto *edit = makeButton(tr("Correct it in Data"), "correctRow", "small");
    column->addWidget(m_text);
    column->addWidget(m_why);
    column->addWidget(m_whyWords);
    column->addWidget(m_bars);
    column->addWidget(edit, 0, Qt::AlignLeft);
    column->addStretch();
    auto *around = makeLayout<QVBoxLayout>({1, 0, 0, 0}, 0);
    m_panel->setLayout(around);
    around->addWidget(makeScroll(panel));
    const auto open = [this] {
        if (const auto row = m_rows->currentIndex().row(); row >= 0)
            Q_EMIT showExample(m_model.exampleAt(row));
    };
    connect(m_rows, &QTableView::doubleClicked, this, open);
    connect(edit, &QPushButton::clicked, this, open);
    m_soon.setSingleShot(true);
    m_soon.setInterval(RestMs);
    connect(&m_soon, &QTimer::timeout, this, &RowsPane::explain);
    connect(m_why, &QComboBox::activated, this, &RowsPane::explain);
    connect(&m_explainer, &Explainer::explained, this, &RowsPane::showExplanation);
    connect(&m_explainer, &Explainer::failed, this,
            [this](const base::Error &error) { m_whyWords->setText(QString::fromStdString(error.message)); });
    return m_panel;
}

void RowsPane::showResults(const SharedResults &results)
{
    m_model.setResults(results);
    using Filter = PredictionTableModel::Filter;
    const QString names[] = {tr("Wrong"), tr("Confidently wrong"), tr("Least sure"), tr("Right"), tr("All")};
    for (int i = 0; i < 5; ++i) {
        const QString text = QStringLiteral("%1 %2").arg(names[i], countText(m_model.count(static_cast<Filter>(i))));
        m_filters->button(i)->setText(text);
        m_filters->button(i)->setAccessibleName(text);
    }
    const int64_t leftOut = results->shown.leftOut;
    m_leftOut->setVisible(leftOut > 0);
    m_leftOut->setText(tr("%1 changed since are left out").arg(rowsText(leftOut)));
    m_leftOut->setToolTip(
        tr("Rows that were removed, or that have no class any more."));
    const bool isMultiLabel = results->shown.rule.task == engine::TaskType::MultiLabel;
    for (const int column : {PredictionTableModel::Expected, PredictionTableModel::Answer})
        m_rows->setColumnWidth(column, isMultiLabel ? SeveralWidth : OneWidth);
    showFilter(m_model.count(Filter::Wrong) > 0 ? Filter::Wrong : Filter::All);
}

void RowsPane::showFilter(PredictionTableModel::Filter filter)
{
    m_filters->button(static_cast<int>(filter))->setChecked(true);
    m_rows->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    m_model.setFilter(filter);
    showRow(-1);
}

void RowsPane::uncheckFilters()
{
    if (auto *checked = m_filters->checkedButton()) {
        m_filters->setExclusive(false);
        checked->setChecked(false);
        m_filters->setExclusive(true);
    }
    m_rows->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
}

void RowsPane::showCell(int expected, int answer)
{
    uncheckFilters();
    m_model.setCell(expected, answer);
    showRow(-1);
}

void RowsPane::showClass(int label)
{
    uncheckFilters();
    m_model.setClass(label);
    showRow(-1);
}

void RowsPane::showOnly(const std::vector<int64_t> &examples)
{
    uncheckFilters();
    m_model.setExamples(examples);
    showRow(-1);
}

void RowsPane::showRow(int row)
{
    const bool isRow = row >= 0 && row < m_model.rowCount();
    const bool hasWeights = isRow && !m_model.checkpoint().isExam();
    m_why->setVisible(hasWeights);
    m_whyWords->clear();
    m_soon.stop();
    if (!isRow) {
        m_text->showText(tr("Choose a row to see all its answers."));
        m_bars->setBars({});
        return;
    }
    m_text->showText(m_model.textAt(row));
    m_bars->setAnswer(m_session, m_model.labels(), m_model.probabilitiesAt(row));
    m_why->clear();
    const auto offer = [this](const std::vector<int> &labels, const QString &words) {
        for (const int label : labels) {
            if (m_why->findData(label) < 0)
                m_why->addItem(words.arg(className(m_model.labels()[static_cast<size_t>(label)])), label);
        }
    };
    const engine::Verdict &verdict = m_model.verdictAt(row);
    offer(verdict.answer, tr("Answered: %1"));
    offer(verdict.expected, tr("Expected: %1"));
    if (m_why->count() == 0) {  // none of the classes is expected or answered: the likeliest is of interest
        const auto probabilities = m_model.probabilitiesAt(row);
        const auto likeliest = std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
        offer({static_cast<int>(likeliest)}, tr("Likeliest: %1"));
    }
    if (hasWeights)
        m_soon.start();
}

void RowsPane::explain()
{
    const int row = m_rows->currentIndex().row();
    if (row >= 0 && m_panel->isVisible())
        m_explainer.ask(m_model.checkpoint(), m_model.textAt(row).toStdString(), m_why->currentData().toInt());
}

void RowsPane::showExplanation(const core::Explanation &explanation)
{
    const int row = m_rows->currentIndex().row();
    std::string text;
    for (const core::TextPart &part : explanation.parts)
        text += part.text;
    if (row < 0 || explanation.label != m_why->currentData().toInt() || text != m_model.textAt(row).toStdString())
        return;  // another one is looked at by now
    m_text->showExplanation(
        explanation, m_session.colourOf(m_model.labels()[static_cast<size_t>(explanation.label)], explanation.label));
    const QString deciding = decidingText(explanation);
    m_whyWords->setText(deciding.isEmpty() ? tr("No word speaks for it or against it more than the others.")
                                           : tr("%1 in log-odds. Words against it are underlined.").arg(deciding));
}

void RowsPane::resizeEvent(QResizeEvent *event)
{
    ResultPane::resizeEvent(event);
    m_panel->setVisible(width() >= WideEnoughForPanel);
    m_rows->setColumnHidden(PredictionTableModel::Margin, width() < WideEnoughForFacts);
    m_rows->setColumnHidden(PredictionTableModel::Source, width() < WideEnoughForFacts);
}

}  // namespace ui
