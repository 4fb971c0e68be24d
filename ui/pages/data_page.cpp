// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/data_page.h"

#include "ui/delegates/cell_delegate.h"
#include "ui/dialogs/boundary_dialog.h"
#include "ui/dialogs/import/import_dialog.h"
#include "ui/pages/data_panel.h"
#include "ui/pages/empty_rows.h"
#include "ui/pages/row_actions.h"
#include "ui/pages/row_map_pane.h"
#include "ui/session/class_edits.h"
#include "ui/widgets/build.h"
#include "ui/widgets/example_table_view.h"
#include "ui/widgets/filter_bar.h"
#include "ui/widgets/finding_card.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QHeaderView>
#include <QJsonArray>
#include <QMenu>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabBar>
#include <algorithm>

namespace ui {

namespace {

/// Below this the side panel is shown on demand only.
constexpr int WideEnough = 900;
/// Of the column of labels, and where a row may have several.
constexpr int LabelWidth = 172;
constexpr int SeveralWidth = 250;

}  // namespace

DataPage::DataPage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent)
    : Page(parent), m_theme(theme), m_session(session), m_dialogs(dialogs), m_model(session)
{
    auto *row = makeLayout<QHBoxLayout>({}, 0);
    setLayout(row);
    auto *left = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    left->setLayout(column);
    column->addWidget(buildTop());
    m_filter = new FilterBar(theme, session, dialogs);
    column->addWidget(m_filter);
    m_middle = new QStackedWidget;
    m_middle->addWidget(buildTable());
    m_empty = new EmptyRows(theme);
    m_middle->addWidget(m_empty);
    m_map = new RowMapPane(theme, session, m_model, *m_table, [this] { return split(); });
    m_middle->addWidget(m_map);
    column->addWidget(m_middle, 1);
    auto *statusPane = makePane("surface", "top");
    statusPane->setFixedHeight(29);
    auto *statusRow = makeLayout<QHBoxLayout>({24, 0, 24, 0});
    statusPane->setLayout(statusRow);
    m_status = makeLabel({}, "caption");
    m_status->setObjectName(QStringLiteral("rowStatus"));
    statusRow->addWidget(m_status);
    statusRow->addStretch();
    m_keys = makeLabel(tr("1 to 9 label, Enter edits, Space shows the row"), "caption");
    statusRow->addWidget(m_keys);
    column->addWidget(statusPane);
    row->addWidget(left, 1);
    m_panel = new DataPanel(theme, session);
    row->addWidget(m_panel);

    connect(m_filter, &FilterBar::changed, this, [this] { m_model.setQuery(m_filter->query()); });
    connect(&m_model, &ExampleTableModel::orderChanged, this, &DataPage::updateStatus);
    connect(&session, &Session::dataChanged, this, &DataPage::refresh);
    connect(&session, &Session::rowsCounted, this, &DataPage::refresh);
    connect(&session, &Session::findingsChanged, this, &DataPage::headChanged);
    connect(m_map, &RowMapPane::failed, this,
            [this](const base::Error &error) { Q_EMIT message(errorMessage(error)); });
    connect(m_empty, &EmptyRows::importAsked, this, [this] { import({}); });
    connect(m_empty, &EmptyRows::pasteAsked, m_actions, &RowActions::paste);
    connect(m_empty, &EmptyRows::typeAsked, m_actions, &RowActions::insertRow);
    connect(m_panel, &DataPanel::showRows, this, &DataPage::showRows);
    connect(m_panel, &DataPanel::fix, this, &DataPage::fix);
    connect(m_panel, &DataPanel::acceptAllAbove, m_actions, &RowActions::acceptAllAbove);
    refresh();
    m_filter->setSplit(split());
}

QWidget *DataPage::buildTop()
{
    auto *top = makePane("surface", "bottom");
    top->setFixedHeight(41);
    auto *row = makeLayout<QHBoxLayout>({24, 0, 24, 0});
    top->setLayout(row);
    m_splits = new QTabBar;
    m_splits->setObjectName(QStringLiteral("splitTabs"));
    m_splits->setAccessibleName(tr("Which rows"));
    m_splits->setExpanding(false);
    for (int i = 0; i < 3; ++i)
        m_splits->addTab(splitText(static_cast<core::Split>(i)));
    m_import = makeButton(tr("Import..."), "importRows", "small");
    m_import->setIcon(m_theme.icon("import"));
    m_export = makeButton(tr("Export..."), "exportRows", "small");
    m_export->setIcon(m_theme.icon("export"));
    m_export->setToolTip(tr("These rows as a file for spreadsheets (.csv, .xlsx) or programs (.jsonl)"));
    m_mapButton = makeButton(tr("Map"), "showMap", "small");
    m_mapButton->setToolTip(tr("The rows as dots: what says something similar lies together"));
    m_mapButton->setCheckable(true);
    m_panelButton = makeButton(tr("Check"), "togglePanel", "small");
    m_panelButton->setCheckable(true);
    row->addWidget(m_splits, 0, Qt::AlignBottom);
    row->addStretch();
    row->addWidget(m_mapButton);
    row->addWidget(m_import);
    row->addWidget(m_export);
    row->addWidget(m_panelButton);
    connect(m_mapButton, &QPushButton::toggled, this, &DataPage::updateStatus);
    connect(m_export, &QPushButton::clicked, this, [this] { m_actions->exportRows(); });
    connect(m_panelButton, &QPushButton::toggled, this, &DataPage::showParts);
    connect(m_splits, &QTabBar::currentChanged, this, [this] {
        m_filter->setSplit(split());
        m_map->open();
    });
    connect(m_import, &QPushButton::clicked, this, [this] { import({}); });
    return top;
}

QWidget *DataPage::buildTable()
{
    m_table = new ExampleTableView;
    setUpTable(*m_table, "rowTable", tr("Rows"));
    m_table->setModel(&m_model);
    connect(m_table, &ExampleTableView::editingChanged, &m_model, &ExampleTableModel::setEditing);
    m_table->setItemDelegate(new CellDelegate(m_theme, m_table));
    auto *muted = new MutedDelegate(m_theme, m_table);
    m_table->setItemDelegateForColumn(ExampleTableModel::Number, muted);
    m_table->setItemDelegateForColumn(ExampleTableModel::Source, muted);
    m_table->setItemDelegateForColumn(ExampleTableModel::Comment, muted);
    m_table->setItemDelegateForColumn(ExampleTableModel::Problem,
                                      new MarkDelegate(m_theme, ExampleTableModel::MarkRole, m_table));
    m_chips = new ChipDelegate(
        m_theme,
        {ExampleTableModel::ChipsRole, ExampleTableModel::ProvenanceRole, ExampleTableModel::SuggestedChipsRole},
        m_table);
    m_table->setItemDelegateForColumn(ExampleTableModel::Label, m_chips);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setAcceptDrops(true);
    m_table->viewport()->setAcceptDrops(true);
    auto *header = m_table->horizontalHeader();
    header->setSortIndicatorShown(true);
    header->setSectionsClickable(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    header->setSectionResizeMode(ExampleTableModel::Text, QHeaderView::Stretch);
    const std::pair<int, int> widths[] = {{ExampleTableModel::Number, 60},        {ExampleTableModel::Problem, 26},
                                          {ExampleTableModel::Label, LabelWidth}, {ExampleTableModel::Source, 150},
                                          {ExampleTableModel::Confidence, 90},    {ExampleTableModel::Comment, 150}};
    for (const auto &[section, width] : widths)
        m_table->setColumnWidth(section, width);
    m_table->setColumnHidden(ExampleTableModel::Comment, true);
    m_table->setSortingEnabled(true);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setToolTip(tr("Click to sort, with Shift to sort by a second column, too; right-click to choose columns"));
    connect(header, &QWidget::customContextMenuRequested, this, &DataPage::chooseColumns);
    m_actions = new RowActions(m_session, m_dialogs, m_model, *m_table, [this] { return split(); });
    connect(m_actions, &RowActions::say, this, &DataPage::say);
    connect(m_actions, &RowActions::failed, this,
            [this](const base::Error &error) { Q_EMIT message(errorMessage(error)); });
    connect(m_actions, &RowActions::rowAdded, this, [this] {
        m_mapButton->setChecked(false);
        m_middle->setCurrentIndex(0);
    });
    connect(m_actions, &RowActions::showRowAsked, this, [this] { showPanel(DataPanel::RowTab); });
    connect(m_table, &ExampleTableView::showRowPressed, this, [this] { showPanel(DataPanel::RowTab); });
    connect(m_table, &ExampleTableView::currentRowChanged, this, &DataPage::showRow);
    connect(m_table, &ExampleTableView::filesDropped, this, &DataPage::import);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &DataPage::updateStatus);
    return m_table;
}

Primary DataPage::primary() const
{
    if (m_session.isEmpty())
        return {};  // the button stands in the middle of the page
    const auto &findings = m_session.findings();
    const bool blocked = std::any_of(findings.begin(), findings.end(), [](const core::Finding &f) {
        return f.severity == core::Finding::Severity::Block;
    });
    return {blocked ? tr("Check") : tr("Train")};
}

void DataPage::primaryClicked()
{
    if (primary().text == tr("Check"))
        showPanel(DataPanel::CheckTab);
    else
        Q_EMIT goTo(Step::Training);
}

void DataPage::activated()
{
    if (m_middle->currentWidget() == m_empty)
        m_empty->focusImport();
    else if (!m_mapButton->isChecked())
        m_table->setFocus();
}

QJsonObject DataPage::state() const
{
    QJsonArray widths, sort;
    for (const auto &key : m_model.sortKeys())
        sort.append(QJsonArray{static_cast<int>(key.column), key.descending});
    for (int section = 0; section < ExampleTableModel::ColumnCount; ++section)
        widths.append(m_table->columnWidth(section));
    return {{QStringLiteral("split"), m_splits->currentIndex()},
            {QStringLiteral("filter"), m_filter->state()},
            {QStringLiteral("sortKeys"), sort},
            {QStringLiteral("widths"), widths},
            {QStringLiteral("comments"), !m_table->isColumnHidden(ExampleTableModel::Comment)},
            {QStringLiteral("map"), m_mapButton->isChecked()},
            {QStringLiteral("panel"), m_panel->current()}};
}

void DataPage::restore(const QJsonObject &state)
{
    const QJsonArray widths = state[QStringLiteral("widths")].toArray();
    for (int section = 0; section < ExampleTableModel::ColumnCount && section < widths.size(); ++section) {
        if (widths[section].toInt() > 0)
            m_table->setColumnWidth(section, widths[section].toInt());
    }
    m_table->setColumnHidden(ExampleTableModel::Comment, !state[QStringLiteral("comments")].toBool());
    if (const auto keys = sortKeysFrom(state[QStringLiteral("sortKeys")].toArray()); !keys.empty()) {
        const QSignalBlocker block(m_table->horizontalHeader());
        m_table->horizontalHeader()->setSortIndicator(ExampleTableModel::sectionOf(keys.back().column),
                                                      keys.back().descending ? Qt::DescendingOrder
                                                                             : Qt::AscendingOrder);
        m_model.setSortKeys(keys);
    }
    m_mapButton->setChecked(state[QStringLiteral("map")].toBool());
    m_panel->show(static_cast<DataPanel::Tab>(
        std::clamp(state[QStringLiteral("panel")].toInt(DataPanel::CheckTab), 0, int{DataPanel::SuggestionsTab})));
    {
        const QSignalBlocker block(m_splits);
        m_splits->setCurrentIndex(std::clamp(state[QStringLiteral("split")].toInt(), 0, 2));
    }
    m_filter->restore(state[QStringLiteral("filter")].toObject());
    m_filter->setSplit(split());
}

std::vector<core::ExampleQuery::SortKey> DataPage::sortKeysFrom(const QJsonArray &list) const
{
    std::vector<core::ExampleQuery::SortKey> keys;
    for (const QJsonValue &value : list) {
        const int column = value[0].toInt(-1);
        if (column >= 0 && column <= static_cast<int>(core::ExampleQuery::Column::Comment))
            keys.push_back({static_cast<core::ExampleQuery::Column>(column), value[1].toBool()});
    }
    return keys;
}

void DataPage::chooseColumns(const QPoint &position)
{
    QMenu menu(m_table);
    for (const int column : {ExampleTableModel::Source, ExampleTableModel::Confidence, ExampleTableModel::Comment}) {
        auto *action = menu.addAction(m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!m_table->isColumnHidden(column));
        connect(action, &QAction::toggled, this,
                [this, column](bool shown) { m_table->setColumnHidden(column, !shown); });
    }
    menu.exec(m_table->horizontalHeader()->mapToGlobal(position));
}

void DataPage::findAndReplace()
{
    m_actions->findAndReplace();
}

bool DataPage::isWide() const
{
    return width() >= WideEnough;
}

void DataPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    showParts();
}

void DataPage::showParts()
{
    // What works on rows is shown where there are some.
    const bool hasRows = !m_session.isEmpty();
    auto counts = m_session.counts();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_mapButton, m_import, m_export, m_filter, m_keys})
        widget->setVisible(counts[split()] > 0);  // else the way to import stands in the middle
    m_panelButton->setVisible(hasRows && !isWide());
    m_panel->setVisible(hasRows && (isWide() || m_panelButton->isChecked()));
    m_empty->describe(!hasRows, split());
}

void DataPage::showPanel(int tab)
{
    m_panel->show(static_cast<DataPanel::Tab>(tab));
    if (!isWide())
        m_panelButton->setChecked(true);
}

core::Split DataPage::split() const
{
    return static_cast<core::Split>(m_splits->currentIndex());
}

void DataPage::refresh()
{
    auto counts = m_session.counts();
    for (int i = 0; i < 3; ++i) {
        const auto which = static_cast<core::Split>(i);
        m_splits->setTabText(i, splitText(which) + QStringLiteral("  ") + countText(counts[which]));
    }
    QStringList names;
    for (const core::Label &label : m_session.labels())
        names << QString::fromStdString(label.name);
    m_chips->setChoices(names, m_session.isMultiLabel());
    if (std::exchange(m_hasWideLabels, m_session.isMultiLabel()) != m_session.isMultiLabel())
        m_table->setColumnWidth(ExampleTableModel::Label, m_hasWideLabels ? SeveralWidth : LabelWidth);
    updateStatus();
    showRow(m_table->currentIndex().row());
    Q_EMIT headChanged();
}

void DataPage::updateStatus()
{
    auto counts = m_session.counts();
    const auto all = counts[split()];
    const auto shown = static_cast<int64_t>(m_model.rowCount());
    const auto selected = static_cast<qint64>(m_table->selectedRows().size());
    QString text = shown == all ? rowsText(all) : tr("%1 of %2").arg(countText(shown), rowsText(all));
    if (selected > 0)
        text += tr(", %1 selected").arg(countText(selected));
    m_status->setText(m_session.isEmpty() ? QString() : text);
    m_middle->setCurrentIndex(all == 0 ? 1 : m_mapButton->isChecked() ? 2 : 0);
    showParts();
}

void DataPage::showRow(int row)
{
    if (row < 0 || row >= m_model.rowCount())
        m_panel->showRow({}, 0);
    else
        m_panel->showRow(m_model.exampleAt(row), row + 1);
}

void DataPage::fix(const core::Finding &finding)
{
    switch (FindingCard::fixOf(finding)) {
    case FindingCard::Fix::None: break;
    case FindingCard::Fix::Define: Q_EMIT goTo(Step::Define); break;
    case FindingCard::Fix::DeclareClass: {
        core::EditDraft draft{.title = tr("Make it a class").toStdString()};
        for (const core::Label &label : m_session.labels()) {
            if (!label.declared)
                draft.labels.push_back({label.id, core::LabelChange::Field::Declared, {}, 1});
        }
        m_session.apply(draft);
        break;
    }
    case FindingCard::Fix::TellApart: {
        BoundaryDialog dialog(m_session, finding, this);
        if (m_dialogs.run(dialog) && !dialog.draft().labels.empty())
            m_session.apply(dialog.draft());
        break;
    }
    case FindingCard::Fix::MergeClasses: mergeClasses(finding); break;
    case FindingCard::Fix::MergeSpelling: {
        const std::vector<core::Label> classes = classesOf(finding);
        if (classes.size() > 1)
            applyOrSay(mergeDraft(m_session, classes.front(), {classes.begin() + 1, classes.end()}));
        break;
    }
    case FindingCard::Fix::DropLabel:
        for (const core::Label &label : classesOf(finding))
            applyOrSay(deleteClassDraft(m_session, label, RowsOfDeleted::Unlabelled));
        break;
    case FindingCard::Fix::MakeExam: m_session.keepForExam(); break;
    default: m_actions->fix(finding);
    }
}

void DataPage::mergeClasses(const core::Finding &finding)
{
    std::vector<core::Label> classes = classesOf(finding);
    QStringList names;
    for (const core::Label &label : classes)
        names << tr("Keep the name %1").arg(className(label.name));
    const int kept = m_dialogs.choose(this, tr("Merge %1 classes").arg(classes.size()),
                                      tr("All their rows get one label. Undo takes it apart again."), names);
    if (kept < 0)
        return;
    const core::Label into = classes[static_cast<size_t>(kept)];
    classes.erase(classes.begin() + kept);
    applyOrSay(mergeDraft(m_session, into, classes));
}

std::vector<core::Label> DataPage::classesOf(const core::Finding &finding) const
{
    std::vector<core::Label> classes;
    for (const int64_t id : finding.classes) {
        if (const core::Label *label = m_session.labelOrNull(id))
            classes.push_back(*label);
    }
    return classes;
}

void DataPage::applyOrSay(const base::Result<core::EditDraft> &draft)
{
    if (draft)
        m_session.apply(*draft);
    else
        Q_EMIT message(errorMessage(draft.error()));
}

void DataPage::showRows(const std::vector<int64_t> &rows, bool asGiven)
{
    if (rows.empty())
        return;
    const auto first = m_session.service().examples().read(std::span(rows.data(), 1));
    if (first && !first->empty() && first->front().split != split()) {
        m_splits->setCurrentIndex(static_cast<int>(first->front().split));
    }
    m_filter->showRows(rows, asGiven);
}

void DataPage::showLabel(int64_t label, core::Split which)
{
    m_splits->setCurrentIndex(static_cast<int>(which));
    m_filter->showLabel(label);
}

void DataPage::focusSearch()
{
    m_filter->focusSearch();
}

void DataPage::import(const QStringList &files)
{
    QStringList chosen = files;
    if (chosen.isEmpty())
        chosen = m_dialogs.chooseFiles(this, tr("Choose files with rows"));
    if (chosen.isEmpty())
        return;
    ImportDialog dialog(m_theme, m_session, m_dialogs, chosen, split(), this);
    if (m_dialogs.run(dialog))
        m_session.importFiles(dialog.files());
}

void DataPage::say(const QString &cause, const QString &follows)
{
    Q_EMIT message({.state = Message::State::News, .cause = cause, .follows = follows});
}

}  // namespace ui
