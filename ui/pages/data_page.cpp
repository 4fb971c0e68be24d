// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/data_page.h"

#include "ui/delegates/cell_delegate.h"
#include "ui/dialogs/import_dialog.h"
#include "ui/pages/data_panel.h"
#include "ui/session/row_edits.h"
#include "ui/widgets/build.h"
#include "ui/widgets/example_table_view.h"
#include "ui/widgets/filter_bar.h"
#include "ui/widgets/finding_card.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonArray>
#include <QMenu>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabBar>
#include <algorithm>

namespace ui {

namespace {

constexpr qsizetype LabelKeys = 9;
/// Below this the side panel is shown on demand only.
constexpr int WideEnough = 900;

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
    m_filter = new FilterBar(theme, session);
    column->addWidget(m_filter);
    m_middle = new QStackedWidget;
    m_middle->addWidget(buildTable());
    m_middle->addWidget(buildEmpty());
    column->addWidget(m_middle, 1);
    auto *statusPane = makePane("surface", "top");
    statusPane->setFixedHeight(29);
    auto *statusRow = makeLayout<QHBoxLayout>({24, 0, 24, 0});
    statusPane->setLayout(statusRow);
    m_status = makeLabel({}, "caption");
    m_status->setObjectName(QStringLiteral("rowStatus"));
    statusRow->addWidget(m_status);
    statusRow->addStretch();
    statusRow->addWidget(makeLabel(tr("1 to 9 label, Enter edits, Space shows the row"), "caption"));
    column->addWidget(statusPane);
    row->addWidget(left, 1);
    m_panel = new DataPanel(theme, session);
    row->addWidget(m_panel);

    connect(m_filter, &FilterBar::changed, this, [this] { m_model.setQuery(m_filter->query()); });
    connect(&m_model, &ExampleTableModel::orderChanged, this, &DataPage::updateStatus);
    connect(&session, &Session::dataChanged, this, &DataPage::refresh);
    connect(&session, &Session::rowsCounted, this, &DataPage::refresh);
    connect(&session, &Session::findingsChanged, this, &DataPage::headChanged);
    connect(m_panel, &DataPanel::showRows, this, &DataPage::showRows);
    connect(m_panel, &DataPanel::fix, this, &DataPage::fix);
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
    auto *import = makeButton(tr("Import..."), "importRows", "small");
    import->setIcon(m_theme.icon("import"));
    m_panelButton = makeButton(tr("Check"), "togglePanel", "small");
    m_panelButton->setCheckable(true);
    row->addWidget(m_splits, 0, Qt::AlignBottom);
    row->addStretch();
    row->addWidget(import);
    row->addWidget(m_panelButton);
    connect(m_panelButton, &QPushButton::toggled, this, [this](bool on) { m_panel->setVisible(on || isWide()); });
    connect(m_splits, &QTabBar::currentChanged, this, [this] { m_filter->setSplit(split()); });
    connect(import, &QPushButton::clicked, this, [this] { this->import({}); });
    return top;
}

QWidget *DataPage::buildTable()
{
    m_table = new ExampleTableView;
    setUpTable(*m_table, "rowTable", tr("Rows"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new CellDelegate(m_theme, m_table));
    auto *muted = new MutedDelegate(m_theme, m_table);
    m_table->setItemDelegateForColumn(ExampleTableModel::Number, muted);
    m_table->setItemDelegateForColumn(ExampleTableModel::Source, muted);
    m_table->setItemDelegateForColumn(ExampleTableModel::Problem,
                                      new MarkDelegate(m_theme, ExampleTableModel::MarkRole, m_table));
    m_chips =
        new ChipDelegate(m_theme, {ExampleTableModel::LabelColourRole, ExampleTableModel::ProvenanceRole}, m_table);
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
    const std::pair<int, int> widths[] = {{ExampleTableModel::Number, 60},
                                          {ExampleTableModel::Problem, 26},
                                          {ExampleTableModel::Label, 172},
                                          {ExampleTableModel::Source, 150},
                                          {ExampleTableModel::Confidence, 90}};
    for (const auto &[section, width] : widths)
        m_table->setColumnWidth(section, width);
    m_table->setSortingEnabled(true);
    connect(m_table, &ExampleTableView::labelKey, this, &DataPage::labelSelected);
    connect(m_table, &ExampleTableView::deletePressed, this, &DataPage::removeSelected);
    connect(m_table, &ExampleTableView::copyPressed, this, &DataPage::copy);
    connect(m_table, &ExampleTableView::pastePressed, this, &DataPage::paste);
    connect(m_table, &ExampleTableView::insertPressed, this, &DataPage::insertRow);
    connect(m_table, &ExampleTableView::fillDownPressed, this, &DataPage::fillDown);
    connect(m_table, &ExampleTableView::showRowPressed, this, [this] { showPanel(DataPanel::RowTab); });
    connect(m_table, &ExampleTableView::currentRowChanged, this, &DataPage::showRow);
    connect(m_table, &ExampleTableView::filesDropped, this, &DataPage::import);
    connect(m_table, &QWidget::customContextMenuRequested, this, &DataPage::showMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &DataPage::updateStatus);
    return m_table;
}

QWidget *DataPage::buildEmpty()
{
    auto *pane = makePane("surface");
    pane->setObjectName(QStringLiteral("emptyRows"));
    auto *column = makeLayout<QVBoxLayout>({24, 24, 24, 24}, 12);
    pane->setLayout(column);
    column->addStretch();
    auto *words = makeLabel(tr("Drop a CSV or JSON lines file here, or paste rows with Ctrl+V."), "muted", true);
    words->setAlignment(Qt::AlignHCenter);
    words->setMaximumWidth(420);
    column->addWidget(words, 0, Qt::AlignHCenter);
    auto *row = makeLayout<QHBoxLayout>();
    auto *import = makeButton(tr("Import..."), "emptyImport");
    auto *pasteButton = makeButton(tr("Paste"), "emptyPaste");
    auto *type = makeButton(tr("Type"), "emptyType");
    row->addStretch();
    row->addWidget(import);
    row->addWidget(pasteButton);
    row->addWidget(type);
    row->addStretch();
    column->addLayout(row);
    column->addStretch();
    connect(import, &QPushButton::clicked, this, [this] { this->import({}); });
    connect(pasteButton, &QPushButton::clicked, this, &DataPage::paste);
    connect(type, &QPushButton::clicked, this, &DataPage::insertRow);
    return pane;
}

Primary DataPage::primary() const
{
    if (m_session.counts().total() == 0)
        return {tr("Import...")};
    const auto &findings = m_session.findings();
    const bool blocked = std::any_of(findings.begin(), findings.end(), [](const core::Finding &f) {
        return f.severity == core::Finding::Severity::Block;
    });
    return {blocked ? tr("Check") : tr("Train")};
}

void DataPage::primaryClicked()
{
    const QString text = primary().text;
    if (text == tr("Import..."))
        import({});
    else if (text == tr("Check"))
        showPanel(DataPanel::CheckTab);
    else
        Q_EMIT goTo(Step::Training);
}

void DataPage::activated()
{
    m_table->setFocus();
}

QJsonObject DataPage::state() const
{
    const auto *header = m_table->horizontalHeader();
    QJsonArray widths;
    for (int section = 0; section < ExampleTableModel::ColumnCount; ++section)
        widths.append(m_table->columnWidth(section));
    return {{QStringLiteral("split"), m_splits->currentIndex()},
            {QStringLiteral("filter"), m_filter->state()},
            {QStringLiteral("sort"), header->sortIndicatorSection()},
            {QStringLiteral("descending"), header->sortIndicatorOrder() == Qt::DescendingOrder},
            {QStringLiteral("widths"), widths},
            {QStringLiteral("panel"), m_panel->current()}};
}

void DataPage::restore(const QJsonObject &state)
{
    const QJsonArray widths = state[QStringLiteral("widths")].toArray();
    for (int section = 0; section < ExampleTableModel::ColumnCount && section < widths.size(); ++section)
        m_table->setColumnWidth(section, widths[section].toInt());
    const int sorted = state[QStringLiteral("sort")].toInt(-1);
    if (sorted >= 0 && sorted < ExampleTableModel::ColumnCount)
        m_table->sortByColumn(sorted,
                              state[QStringLiteral("descending")].toBool() ? Qt::DescendingOrder : Qt::AscendingOrder);
    m_panel->show(static_cast<DataPanel::Tab>(
        std::clamp(state[QStringLiteral("panel")].toInt(DataPanel::CheckTab), 0, int{DataPanel::HistoryTab})));
    {
        const QSignalBlocker block(m_splits);
        m_splits->setCurrentIndex(std::clamp(state[QStringLiteral("split")].toInt(), 0, 2));
    }
    m_filter->restore(state[QStringLiteral("filter")].toObject());
    m_filter->setSplit(split());
}

bool DataPage::isWide() const
{
    return width() >= WideEnough;
}

void DataPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    m_panelButton->setVisible(!isWide());
    m_panel->setVisible(isWide() || m_panelButton->isChecked());
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

std::vector<int64_t> DataPage::selectedIds() const
{
    std::vector<int64_t> ids;
    for (const int row : m_table->selectedRows())
        ids.push_back(m_model.idAt(row));
    return ids;
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
    m_chips->setChoices(names);
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
    m_status->setText(text);
    m_middle->setCurrentIndex(all == 0 ? 1 : 0);
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
    if (FindingCard::fixOf(finding) == FindingCard::Fix::Remove) {
        m_session.apply(removeDraft(finding.rows));
    } else if (FindingCard::fixOf(finding) == FindingCard::Fix::DeclareClass) {
        core::EditDraft draft{.title = tr("Make it a class").toStdString()};
        for (const core::Label &label : m_session.labels()) {
            if (!label.declared)
                draft.labels.push_back({label.id, core::LabelChange::Field::Declared, {}, 1});
        }
        m_session.apply(draft);
    } else if (finding.rows.empty()) {
        Q_EMIT goTo(Step::Define);
    } else {
        showRows(finding.rows);
    }
}

void DataPage::showRows(const std::vector<int64_t> &rows)
{
    if (rows.empty())
        return;
    const auto first = m_session.service().examples().read(std::span(rows.data(), 1));
    if (first && !first->empty() && first->front().split != split()) {
        m_splits->setCurrentIndex(static_cast<int>(first->front().split));
    }
    m_filter->showRows(rows);
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

void DataPage::labelSelected(int number)
{
    const auto &labels = m_session.labels();
    if (number == 0)
        return labelSelectedAs({});
    if (number > LabelKeys || static_cast<size_t>(number) > labels.size())
        return say(tr("There is no class number %1.").arg(number), tr("Classes are numbered as on the Define page."));
    labelSelectedAs(QString::fromStdString(labels[static_cast<size_t>(number) - 1].name));
}

void DataPage::labelSelectedAs(const QString &name)
{
    const auto rows = m_table->selectedRows();
    const auto ids = selectedIds();
    if (ids.empty() || m_session.isReadOnly())
        return;
    if (m_session.apply(labelDraft(m_session, ids, name)) && rows.size() == 1 && rows.front() + 1 < m_model.rowCount())
        m_table->setCurrentIndex(m_model.index(rows.front() + 1, m_table->currentIndex().column()));
}

void DataPage::removeSelected()
{
    const auto ids = selectedIds();
    if (!ids.empty())
        m_session.apply(removeDraft(ids));
}

void DataPage::fillDown()
{
    const auto rows = m_table->selectedRows();
    if (rows.size() < 2)
        return;
    const core::Example first = m_model.exampleAt(rows.front());
    const core::Label *label = first.label ? m_session.labelOrNull(*first.label) : nullptr;
    labelSelectedAs(label ? QString::fromStdString(label->name) : QString());
}

void DataPage::insertRow()
{
    core::EditDraft draft{.title = tr("Add a row").toStdString()};
    draft.newRows.push_back({.text = {}, .split = split(), .provenance = "human"});
    const auto edit = m_session.apply(draft);
    if (!edit)
        return;
    m_middle->setCurrentIndex(0);
    const auto added = core::EditLog(m_session.service().database()).addedRows(*edit);
    const int row = added && !added->empty() ? m_model.rowOf(added->front()) : -1;
    if (row < 0)
        return;
    m_table->setCurrentIndex(m_model.index(row, ExampleTableModel::Text));
    m_table->setFocus();
    m_table->edit(m_model.index(row, ExampleTableModel::Text));
}

void DataPage::paste()
{
    const QString block = QGuiApplication::clipboard()->text();
    const auto draft = pasteDraft(m_session, block, split());
    if (draft.newRows.empty())
        return say(tr("The clipboard holds no text."),
                   tr("Copy rows in a spreadsheet first: text, and label beside it."));
    m_session.apply(draft);
}

void DataPage::copy()
{
    QGuiApplication::clipboard()->setText(m_model.asText(m_table->selectedRows()));
}

void DataPage::showMenu(const QPoint &position)
{
    QMenu menu(this);
    const bool some = !m_table->selectedRows().empty();
    auto *labelMenu = menu.addMenu(tr("Label"));
    labelMenu->setEnabled(some);
    int number = 0;
    for (const core::Label &label : m_session.labels()) {
        const QString name = QString::fromStdString(label.name);
        const QString key = ++number <= LabelKeys ? QStringLiteral("\t%1").arg(number) : QString();
        connect(labelMenu->addAction(className(label.name) + key), &QAction::triggered, this,
                [this, name] { labelSelectedAs(name); });
    }
    connect(labelMenu->addAction(tr("No label\t0")), &QAction::triggered, this, [this] { labelSelectedAs({}); });
    auto *moveMenu = menu.addMenu(tr("Move to"));
    moveMenu->setEnabled(some);
    for (int i = 0; i < 3; ++i) {
        const auto to = static_cast<core::Split>(i);
        if (to != split())
            connect(moveMenu->addAction(splitText(to)), &QAction::triggered, this,
                    [this, to] { m_session.apply(moveDraft(selectedIds(), to)); });
    }
    menu.addSeparator();
    menu.addAction(tr("Add a row\tIns"), this, &DataPage::insertRow);
    menu.addAction(tr("Copy\tCtrl+C"), this, &DataPage::copy)->setEnabled(some);
    menu.addAction(tr("Paste as new rows\tCtrl+V"), this, &DataPage::paste);
    menu.addAction(tr("Fill label down\tCtrl+D"), this, &DataPage::fillDown)->setEnabled(some);
    menu.addAction(tr("Delete\tDel"), this, &DataPage::removeSelected)->setEnabled(some);
    menu.exec(m_table->viewport()->mapToGlobal(position));
}

void DataPage::say(const QString &cause, const QString &follows)
{
    Q_EMIT message({.state = Message::State::News, .cause = cause, .follows = follows});
}

}  // namespace ui
