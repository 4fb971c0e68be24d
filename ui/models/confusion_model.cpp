// SPDX-License-Identifier: Apache-2.0
#include "ui/models/confusion_model.h"

#include "ui/words.h"

#include <numeric>

namespace ui {

namespace {

/// Of a name beside its row or above its column; the tooltip has all of it.
constexpr qsizetype ShownBeside = 28;
constexpr qsizetype ShownAbove = 13;
constexpr double RightSteps[] = {0, 0.25, 0.5, 0.75, 0.85};
constexpr double WrongSteps[] = {0, 0.05, 0.15, 0.3, 0.5};

}  // namespace

void ConfusionModel::setCounts(std::vector<std::vector<int64_t>> counts, QStringList names, std::vector<size_t> order)
{
    beginResetModel();
    m_counts = std::move(counts);
    m_names = std::move(names);
    m_order = std::move(order);
    if (m_order.size() != m_counts.size()) {
        m_order.resize(m_counts.size());
        std::iota(m_order.begin(), m_order.end(), size_t{0});
    }
    endResetModel();
}

void ConfusionModel::setShares(bool shares)
{
    m_shares = shares;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, rowCount() - 1));
}

int ConfusionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_counts.size());
}

int ConfusionModel::columnCount(const QModelIndex &parent) const
{
    return rowCount(parent);
}

QVariant ConfusionModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto &row = m_counts[static_cast<size_t>(classAt(index.row()))];
    const int64_t count = row[static_cast<size_t>(classAt(index.column()))];
    const bool right = index.row() == index.column();
    const auto total = std::accumulate(row.begin(), row.end(), int64_t{0});
    const double share = total > 0 ? static_cast<double>(count) / static_cast<double>(total) : 0;
    switch (role) {
    case Qt::DisplayRole:
        return count == 0 ? QStringLiteral("\u00B7") : m_shares ? percentText(share) : countText(count);
    case Qt::TextAlignmentRole: return QVariant::fromValue(Qt::Alignment(Qt::AlignCenter));
    case RightRole: return right;
    case StepRole: {
        int step = 0;
        if (count > 0) {
            for (const double begin : right ? RightSteps : WrongSteps)
                step += share >= begin ? 1 : 0;
        }
        return step;
    }
    case Qt::ToolTipRole: {
        const QString rows = tr("%1 of %2 rows").arg(countText(count), countText(total));
        const QString expected = m_names[classAt(index.row())];
        return tipText(right ? tr("%1: %2 answered right").arg(expected, rows)
                             : tr("%1: %2 answered as %3").arg(expected, rows, m_names[classAt(index.column())]));
    }
    default: return {};
    }
}

QVariant ConfusionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (section >= m_names.size() || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const QString &name = m_names[classAt(section)];
    if (m_numbered && role == Qt::DisplayRole)
        return orientation == Qt::Horizontal
                   ? QString::number(section + 1)
                   : QStringLiteral("%1  %2").arg(QString::number(section + 1), name.left(ShownBeside - 4));
    const qsizetype shown = orientation == Qt::Horizontal ? ShownAbove : ShownBeside;
    if (role == Qt::DisplayRole && name.size() > shown)
        return QString(name.left(shown - 1).trimmed() + u'…');
    return role == Qt::ToolTipRole ? tipText(name) : name;
}

}  // namespace ui
