// SPDX-License-Identifier: Apache-2.0
#include "ui/models/example_table_model.h"

#include "ui/session/row_edits.h"
#include "ui/session/start_work.h"
#include "ui/words.h"

#include <QGuiApplication>
#include <algorithm>

using base::Result;

namespace ui {

namespace {

constexpr int PageRows = 128;
constexpr int CachedPages = 256;
/// Characters shown of a long text: the cell has one line, the Row tab shows all.
constexpr size_t ShownCharacters = 400;

QString oneLine(const std::string &text)
{
    QString line =
        QString::fromStdString(text.size() > 4 * ShownCharacters ? text.substr(0, 4 * ShownCharacters) : text)
            .left(static_cast<qsizetype>(ShownCharacters));
    for (QChar &c : line) {
        if (c == u'\n' || c == u'\r' || c == u'\t')
            c = u' ';
    }
    return line;
}

constexpr size_t MostSortKeys = 3;

core::ExampleQuery::Column queryColumn(int column)
{
    switch (column) {
    case ExampleTableModel::Text: return core::ExampleQuery::Column::Text;
    case ExampleTableModel::Label: return core::ExampleQuery::Column::Label;
    case ExampleTableModel::Source: return core::ExampleQuery::Column::Source;
    case ExampleTableModel::Confidence: return core::ExampleQuery::Column::Confidence;
    case ExampleTableModel::Comment: return core::ExampleQuery::Column::Comment;
    default: return core::ExampleQuery::Column::Id;
    }
}

}  // namespace

ExampleTableModel::ExampleTableModel(Session &session, QObject *parent)
    : QAbstractTableModel(parent), m_session(session), m_pages(CachedPages)
{
    connect(&session, &Session::findingsChanged, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, Problem), index(rowCount() - 1, Problem));
    });
    connect(&session, &Session::suggestionsChanged, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, Label), index(rowCount() - 1, Confidence));
    });
    connect(&session, &Session::dataChanged, this, [this] {
        m_pages.clear();
        if (m_ownCellEdit) {  // the row stays where it is even if the filter or order now says otherwise
            if (rowCount() > 0)
                Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        } else {
            reload();
        }
    });
}

void ExampleTableModel::setQuery(const core::ExampleQuery &query)
{
    const core::ExampleQuery before = std::exchange(m_query, query);
    m_query.sort = before.sort;  // the header says how the rows are sorted
    m_pages.clear();
    reload();
}

void ExampleTableModel::reload()
{
    if (m_isEditing) {
        m_reloadsLater = true;
        return;
    }
    if (m_ordering)
        m_ordering->disconnect(this);
    m_ordering = nullptr;
    if (!m_session.isLarge()) {  // a few milliseconds
        auto order = m_session.service().examples().order(m_query);
        if (order)
            setOrder(std::move(*order));
        return;
    }
    using Order = std::vector<int64_t>;
    m_ordering = startWork<Order>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [folder = m_session.folder(), query = m_query](const base::WorkContext &) -> Result<Order> {
            auto database = TRY(core::Database::open(folder / core::Service::DatabaseName, core::OpenMode::ReadOnly));
            return core::ExampleStore(database).order(query);
        },
        [this](Result<Order> order) {
            m_ordering = nullptr;
            if (order)
                setOrder(std::move(*order));
        });
}

void ExampleTableModel::setEditing(bool isEditing)
{
    m_isEditing = isEditing;
    if (!isEditing && std::exchange(m_reloadsLater, false))
        reload();
}

void ExampleTableModel::setOrder(std::vector<int64_t> order)
{
    if (m_isEditing) {  // it was ordered while the editor opened
        m_reloadsLater = true;
        return;
    }
    if (order == m_order) {
        if (!m_order.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    } else {
        beginResetModel();
        m_order = std::move(order);
        m_pages.clear();
        endResetModel();
    }
    Q_EMIT orderChanged();
}

int ExampleTableModel::rowOf(int64_t id) const
{
    const auto found = std::find(m_order.begin(), m_order.end(), id);
    return found == m_order.end() ? -1 : static_cast<int>(found - m_order.begin());
}

const core::Example &ExampleTableModel::cell(int row) const
{
    const int number = row / PageRows;
    Page *page = m_pages.object(number);
    if (!page) {
        const size_t first = static_cast<size_t>(number) * PageRows;
        const std::span<const int64_t> ids(m_order.data() + first, std::min<size_t>(PageRows, m_order.size() - first));
        page = new Page(ids.size());
        auto read = m_session.service().examples().read(ids);
        size_t place = 0;
        if (read) {
            for (core::Example &example : *read) {
                while (place < ids.size() && ids[place] != example.id)
                    ++place;  // gone meanwhile: stays blank until the new order arrives
                if (place < ids.size())
                    (*page)[place] = std::move(example);
            }
        }
        m_pages.insert(number, page);  // may drop another page, never this one
        page = m_pages.object(number);
    }
    return (*page)[static_cast<size_t>(row % PageRows)];
}

core::Example ExampleTableModel::exampleAt(int row) const
{
    return cell(row);
}

int ExampleTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int ExampleTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ExampleTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    if (role == Qt::DisplayRole && index.column() == Number)
        return countText(index.row() + 1);
    if (role == MarkRole || (role == Qt::ToolTipRole && index.column() == Problem)) {
        const auto problem = m_session.problemOf(idAt(index.row()));
        const Mark mark = problem ? markOf(*problem) : Mark::None;
        return role == MarkRole ? QVariant(static_cast<int>(mark)) : QVariant(markText(mark));
    }
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::AlignVCenter |
            (index.column() == Number || index.column() == Confidence ? Qt::AlignRight : Qt::AlignLeft));
    const core::Example &example = cell(index.row());
    const core::LabelSet labels = core::labelsOf(example);
    switch (role) {
    case SuggestedRole: return m_session.labelWords(suggestedFor(example));
    case SuggestedChipsRole: return QVariant::fromValue(m_session.chipsOf(suggestedFor(example)));
    case ChipsRole: return QVariant::fromValue(m_session.chipsOf(labels));
    case ProvenanceRole: return QString::fromStdString(example.provenance);
    case Qt::EditRole:
        if (index.column() == Text)
            return QString::fromStdString(example.text);
        if (index.column() == Label)
            return m_session.labelText(example);
        if (index.column() == Comment)
            return QString::fromStdString(example.comment);
        return {};
    case Qt::ToolTipRole:
        if (const core::LabelSet suggested = index.column() == Label ? suggestedFor(example) : core::LabelSet();
            suggested.isAnswered)
            return tipText(labels.isAnswered
                               ? tr("%1 seems to fit better: Ctrl+Return takes it, Ctrl+Shift+Return keeps %2.")
                                     .arg(m_session.labelWords(suggested), m_session.labelWords(labels))
                               : tr("%1 is suggested: Ctrl+Return takes it.").arg(m_session.labelWords(suggested)));
        return tipText(index.column() == Text ? QString::fromStdString(example.text).left(2000)
                                              : data(index, Qt::DisplayRole).toString());
    case Qt::DisplayRole:
        switch (index.column()) {
        case Text: return oneLine(example.text);
        case Label: return m_session.labelWords(labels);
        case Source: return example.source.empty() ? tr("typed here") : QString::fromStdString(example.source);
        case Confidence:
            if (example.confidence)
                return decimals(*example.confidence);
            if (const auto *suggestion = labels.isAnswered ? nullptr : m_session.suggestionOrNull(example.id))
                return decimals(suggestion->confidence);
            return QString();
        case Comment: return oneLine(example.comment);
        default: return {};
        }
    default: return {};
    }
}

QVariant ExampleTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter |
                                   (section == Number || section == Confidence ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {QStringLiteral("#"), {},           tr("Text"), tr("Label"), tr("Where it came from"),
                             tr("Confidence"),    tr("Comment")};
    return names[section];
}

Qt::ItemFlags ExampleTableModel::flags(const QModelIndex &index) const
{
    auto flags = QAbstractTableModel::flags(index);
    if ((index.column() == Text || index.column() == Label || index.column() == Comment) && !m_session.isReadOnly())
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool ExampleTableModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !index.isValid() || value == data(index, Qt::EditRole))
        return false;
    const int64_t id = idAt(index.row());
    core::EditDraft draft;
    if (index.column() == Text) {
        draft.title = tr("Edit the text of a row").toStdString();
        draft.changes = {{id, core::FieldChange::Field::Text, value.toString().toStdString()}};
    } else if (index.column() == Label) {
        draft = labelDraft(m_session, std::span(&id, 1), value.toString());
    } else if (index.column() == Comment) {
        draft = fillDraft(std::span(&id, 1), core::FieldChange::Field::Comment, value.toString());
    } else {
        return false;
    }
    m_ownCellEdit = true;
    const bool done = m_session.apply(draft).has_value();
    m_ownCellEdit = false;
    return done;
}

core::LabelSet ExampleTableModel::suggestedFor(const core::Example &example) const
{
    if (const auto better = m_session.betterLabelsOf(example.id); better && *better != core::labelsOf(example))
        return *better;
    const bool isAnswered = example.label || example.isNone;
    const auto *suggestion = isAnswered ? nullptr : m_session.suggestionOrNull(example.id);
    return suggestion ? suggestion->labels : core::LabelSet();
}

void ExampleTableModel::sort(int column, Qt::SortOrder order)
{
    const core::ExampleQuery::SortKey key{queryColumn(column), order == Qt::DescendingOrder};
    auto keys = m_query.sort;
    if (!QGuiApplication::keyboardModifiers().testFlag(Qt::ShiftModifier))
        keys.clear();
    const auto known = std::find_if(keys.begin(), keys.end(), [&](const auto &k) { return k.column == key.column; });
    if (known != keys.end())
        *known = key;
    else
        keys.push_back(key);
    if (keys.size() > MostSortKeys)
        keys.erase(keys.begin());
    setSortKeys(std::move(keys));
}

int ExampleTableModel::sectionOf(core::ExampleQuery::Column column)
{
    int section = Number;
    while (section + 1 < ColumnCount && queryColumn(section) != column)
        ++section;
    return section;
}

void ExampleTableModel::setSortKeys(std::vector<core::ExampleQuery::SortKey> keys)
{
    m_query.sort = std::move(keys);
    reload();
}

}  // namespace ui
