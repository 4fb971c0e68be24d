// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/row_map_pane.h"

#include "ui/widgets/build.h"
#include "ui/widgets/example_table_view.h"
#include "ui/words.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QStackedWidget>
#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace ui {

namespace {

constexpr qsizetype TooltipCharacters = 300;
constexpr size_t MostForHeart = 60;

/// Where a class's name stands: at the dot whose nearest half of the class is nearest. A class of several heaps has its
/// name on one of them, not between.
QPointF heartOf(const std::vector<QPointF> &all)
{
    std::vector<QPointF> places;
    const size_t count = std::min(all.size(), MostForHeart);
    for (size_t i = 0; i < count; ++i)
        places.push_back(all[i * all.size() / count]);
    QPointF heart;
    double best = std::numeric_limits<double>::infinity();
    std::vector<double> distances(places.size());
    for (const QPointF &place : places) {
        std::transform(places.begin(), places.end(), distances.begin(),
                       [&](const QPointF &other) { return std::hypot(other.x() - place.x(), other.y() - place.y()); });
        const auto half = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
        std::nth_element(distances.begin(), half, distances.end());
        if (*half < best) {
            best = *half;
            heart = place;
        }
    }
    return heart;
}

}  // namespace

RowMapPane::RowMapPane(const Theme &theme, Session &session, ExampleTableModel &model, ExampleTableView &table,
                       std::function<core::Split()> split, QWidget *parent)
    : QWidget(parent), m_session(session), m_model(model), m_table(table), m_split(std::move(split)),
      m_mapper(session.folder(), session.runner())
{
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    setLayout(column);
    auto *tools = makePane("surface", "bottom");
    auto *row = makeLayout<QHBoxLayout>({24, 6, 24, 7});
    tools->setLayout(row);
    m_method = new QComboBox;
    m_method->setObjectName(QStringLiteral("mapMethod"));
    m_method->setAccessibleName(tr("How the map is drawn"));
    m_method->addItem(tr("Neighbours together"), static_cast<int>(core::MapMethod::Neighbours));
    m_method->addItem(tr("Distances as they are"), static_cast<int>(core::MapMethod::Components));
    m_method->setItemData(0,
                          tr("t-SNE: rows that say something similar lie together; how far heaps are apart says "
                             "little"),
                          Qt::ToolTipRole);
    m_method->setItemData(1, tr("Principal components (PCA): the two directions in which rows differ most"),
                          Qt::ToolTipRole);
    m_status = makeLabel({}, "caption");
    m_status->setObjectName(QStringLiteral("mapStatus"));
    m_again = makeButton(tr("Draw again"), "drawMap", "small");
    row->addWidget(m_method);
    row->addWidget(m_status, 1);
    row->addWidget(m_again);
    column->addWidget(tools);
    m_middle = new QStackedWidget;
    m_view = new RowMapView(theme);
    m_view->setToolTipDuration(20'000);
    m_view->setText([this](size_t dot) { return textOf(dot); });
    m_middle->addWidget(m_view);
    auto *waiting = makePane("surface");
    auto *waitingColumn = makeLayout<QVBoxLayout>({24, 24, 24, 24});
    waiting->setLayout(waitingColumn);
    m_waiting = makeLabel({}, "muted", true);
    m_waiting->setAlignment(Qt::AlignCenter);
    waitingColumn->addWidget(m_waiting);
    m_middle->addWidget(waiting);
    column->addWidget(m_middle, 1);

    connect(m_method, &QComboBox::currentIndexChanged, this, &RowMapPane::open);
    connect(m_again, &QPushButton::clicked, this, &RowMapPane::draw);
    connect(&m_mapper, &RowMapper::changed, this, &RowMapPane::refresh);
    connect(&m_mapper, &RowMapper::failed, this, &RowMapPane::failed);
    connect(&session, &Session::dataChanged, this, &RowMapPane::refresh);
    connect(&session, &Session::suggestionsChanged, this, &RowMapPane::refresh);
    connect(&model, &ExampleTableModel::orderChanged, this, &RowMapPane::refresh);
    connect(table.selectionModel(), &QItemSelectionModel::selectionChanged, this, &RowMapPane::showChosen);
    connect(m_view, &RowMapView::chosen, this, &RowMapPane::chooseInTable);
    connect(m_view, &RowMapView::keyPressed, this, &RowMapPane::forwardKey);
    connect(m_view, &RowMapView::menuAsked, this, [this](const QPoint &global) {
        Q_EMIT m_table.customContextMenuRequested(m_table.viewport()->mapFromGlobal(global));
    });
}

core::MapMethod RowMapPane::method() const
{
    return static_cast<core::MapMethod>(m_method->currentData().toInt());
}

std::shared_ptr<const core::RowMap> RowMapPane::mapOrNull() const
{
    return m_mapper.map(m_split(), method());
}

void RowMapPane::open()
{
    if (!mapOrNull() && isVisible())
        draw();
    else
        refresh();
}

void RowMapPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    open();
    m_view->setFocus();
}

void RowMapPane::draw()
{
    m_mapper.draw(m_split(), method());
}

void RowMapPane::refresh()
{
    if (!isVisible())
        return;
    const auto map = mapOrNull();
    m_again->setEnabled(!m_mapper.isDrawing());
    m_middle->setCurrentIndex(map ? 0 : 1);
    m_waiting->setText(m_mapper.isDrawing() ? tr("The starting model reads the rows once, some hundred a second. Then "
                                                 "rows that say something similar lie together here.")
                                            : tr("There is no map of these rows yet."));
    m_status->clear();
    if (map)
        fillDots(*map);
}

void RowMapPane::fillDots(const core::RowMap &map)
{
    auto rows = m_session.service().examples().read(map.ids);
    if (!rows)
        return Q_EMIT failed(rows.error());
    std::unordered_map<int64_t, const core::Example *> byId;
    for (const core::Example &row : *rows) {
        if (row.split == m_split())
            byId.emplace(row.id, &row);
    }
    std::unordered_map<int64_t, int> shownAt;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        if (byId.contains(m_model.idAt(row)))
            shownAt.emplace(m_model.idAt(row), row);
    }
    std::vector<RowMapView::Dot> dots;
    std::map<int64_t, std::vector<QPointF>> places;
    m_ids.clear();
    m_tableRows.clear();
    for (size_t i = 0; i < map.ids.size(); ++i) {
        const auto found = byId.find(map.ids[i]);
        if (found == byId.end())
            continue;
        RowMapView::Dot dot{.place = QPointF(map.places[i][0], 1 - map.places[i][1])};
        const core::Example &row = *found->second;
        const core::LabelSet own = core::labelsOf(row);
        const core::Suggestion *suggestion = own.isAnswered ? nullptr : m_session.suggestionOrNull(row.id);
        const auto labels = m_session.labelsOf(suggestion ? suggestion->labels : own);
        if (!labels.empty()) {  // of several the first one gives the colour
            dot.colour = labels.front().colour;
            dot.isHollow = !own.isAnswered;
        }
        for (const core::Label &label : labels)
            places[label.id].push_back(dot.place);
        const auto shown = shownAt.find(row.id);
        dot.isShown = shown != shownAt.end();
        m_ids.push_back(row.id);
        m_tableRows.push_back(dot.isShown ? shown->second : -1);
        dots.push_back(dot);
    }
    std::vector<std::pair<size_t, RowMapView::Name>> names;
    for (const auto &[id, where] : places) {
        const core::Label &label = *m_session.labelOrNull(id);
        names.push_back({where.size(), {className(label.name), heartOf(where), label.colour}});
    }
    std::stable_sort(names.begin(), names.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    std::vector<RowMapView::Name> ordered;
    for (auto &name : names)
        ordered.push_back(std::move(name.second));
    core::SplitCounts counts = m_session.counts();
    const auto drawn = static_cast<qint64>(dots.size());
    const qint64 all = counts[m_split()];
    m_status->setText((drawn < all ? tr("%1 of %2").arg(countText(drawn), rowsText(all)) : rowsText(all)) +
                      tr(". Draw a line around some to choose them; a number key labels them."));
    m_view->setDots(std::move(dots), std::move(ordered));
    showChosen();
}

void RowMapPane::chooseInTable(const std::vector<size_t> &dots)
{
    std::vector<int> rows;
    for (const size_t dot : dots) {
        if (m_tableRows[dot] >= 0)
            rows.push_back(m_tableRows[dot]);
    }
    std::sort(rows.begin(), rows.end());
    QItemSelection selection;
    for (size_t i = 0; i < rows.size();) {
        size_t end = i + 1;
        while (end < rows.size() && rows[end] == rows[end - 1] + 1)
            ++end;
        selection.append(
            QItemSelectionRange(m_model.index(rows[i], 0), m_model.index(rows[end - 1], m_model.columnCount() - 1)));
        i = end;
    }
    m_isChoosing = true;
    if (!rows.empty())
        m_table.selectionModel()->setCurrentIndex(m_model.index(rows.front(), ExampleTableModel::Text),
                                                  QItemSelectionModel::NoUpdate);
    m_table.selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    m_isChoosing = false;
}

void RowMapPane::showChosen()
{
    if (m_isChoosing || !isVisible())
        return;
    std::vector<bool> chosen(m_ids.size());
    const auto rows = m_table.selectedRows();
    for (size_t i = 0; i < m_ids.size(); ++i)
        chosen[i] = std::binary_search(rows.begin(), rows.end(), m_tableRows[i]);
    m_view->setChosen(std::move(chosen));
}

/// What the table does with chosen rows; cells cannot be edited here.
void RowMapPane::forwardKey(QKeyEvent *event)
{
    const bool plainEnter = (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) &&
                            (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (plainEnter)
        Q_EMIT m_table.showRowPressed();
    else if (event->key() != Qt::Key_Backspace && event->key() != Qt::Key_Insert)
        QCoreApplication::sendEvent(&m_table, event);
}

QString RowMapPane::textOf(size_t dot) const
{
    const auto rows = m_session.service().examples().read(std::span(&m_ids[dot], 1));
    if (!rows || rows->empty())
        return {};
    const core::Example &row = rows->front();
    const core::LabelSet labels = core::labelsOf(row);
    const core::Suggestion *suggestion = labels.isAnswered ? nullptr : m_session.suggestionOrNull(row.id);
    const QString head = labels.isAnswered ? m_session.labelWords(labels)
                         : suggestion      ? tr("No label; perhaps %1").arg(m_session.labelWords(suggestion->labels))
                                           : tr("No label");
    QString text = QString::fromStdString(row.text);
    if (text.size() > TooltipCharacters)
        text = text.left(TooltipCharacters) + QStringLiteral("...");
    // As rich text, so that it wraps; what the row says is no markup.
    return QStringLiteral("<p><b>%1</b></p><p>%2</p>").arg(head.toHtmlEscaped(), text.toHtmlEscaped());
}

}  // namespace ui
