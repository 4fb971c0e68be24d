// SPDX-License-Identifier: Apache-2.0
#include "ui/models/label_list_model.h"

#include "ui/session/class_edits.h"
#include "ui/words.h"

#include <algorithm>

namespace ui {

LabelListModel::LabelListModel(Session &session, QObject *parent) : QAbstractTableModel(parent), m_session(session)
{
    connect(&session, &Session::dataChanged, this, &LabelListModel::reload);
    connect(&session, &Session::rowsCounted, this, &LabelListModel::reload);
    reload();
}

void LabelListModel::reload()
{
    std::vector<core::Label> labels;
    std::copy_if(m_session.labels().begin(), m_session.labels().end(), std::back_inserter(labels),
                 [](const auto &label) { return label.declared; });
    m_largest = 1;
    for (const auto &label : labels) {
        const auto counts = m_session.countsOf(label.id);
        m_largest = std::max({m_largest, counts.train, counts.test});
    }
    const bool sameRows = std::equal(labels.begin(), labels.end(), m_labels.begin(), m_labels.end(),
                                     [](const auto &a, const auto &b) { return a.id == b.id; });
    if (!sameRows) {
        beginResetModel();
        m_labels = std::move(labels);
        endResetModel();
        return;
    }
    m_labels = std::move(labels);
    if (!m_labels.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

const core::Label *LabelListModel::labelOrNull(int row) const
{
    return row >= 0 && row < rowCount() ? &m_labels[static_cast<size_t>(row)] : nullptr;
}

int LabelListModel::rowOf(int64_t id) const
{
    const auto found = std::find_if(m_labels.begin(), m_labels.end(), [&](const auto &l) { return l.id == id; });
    return found == m_labels.end() ? -1 : static_cast<int>(found - m_labels.begin());
}

int LabelListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_labels.size());
}

int LabelListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LabelListModel::data(const QModelIndex &index, int role) const
{
    const core::Label *label = index.isValid() ? labelOrNull(index.row()) : nullptr;
    if (!label)
        return {};
    auto counts = m_session.countsOf(label->id);
    const auto count = counts[index.column() == Exam ? core::Split::Test : core::Split::Train];
    switch (role) {
    case ColourRole: return QVariant::fromValue(qint64{label->colour});
    case ShareRole: return static_cast<double>(count) / static_cast<double>(m_largest);
    case Qt::ToolTipRole:
        return index.column() <= Description ? tipText(data(index, Qt::DisplayRole).toString()) : QVariant();
    case Qt::EditRole:
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name: return role == Qt::EditRole ? QString::fromStdString(label->name) : className(label->name);
        case Description: return QString::fromStdString(label->description);
        default: return role == Qt::DisplayRole ? QVariant(countText(count)) : QVariant();
        }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (index.column() < Train ? Qt::AlignLeft : Qt::AlignRight));
    default: return {};
    }
}

QVariant LabelListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | Qt::AlignLeft);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Class"), tr("Description"), tr("Train"), tr("Exam")};
    return names[section];
}

Qt::ItemFlags LabelListModel::flags(const QModelIndex &index) const
{
    auto flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() <= Description && !m_session.isReadOnly())
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool LabelListModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const core::Label *label = index.isValid() ? labelOrNull(index.row()) : nullptr;
    const QString text = value.toString().trimmed();
    if (!label || role != Qt::EditRole || text == data(index, Qt::EditRole).toString())
        return false;
    if (index.column() == Name)
        return !text.isEmpty() && m_session.apply(renameDraft(*label, text)).has_value();
    return m_session.apply(describeDraft(*label, text)).has_value();
}

}  // namespace ui
