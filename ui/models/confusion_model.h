// SPDX-License-Identifier: Apache-2.0
// Counts of expected against answered class.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <vector>

namespace ui {

class ConfusionModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { StepRole = Qt::UserRole, RightRole };  ///< StepRole: strength 0..5 by share of the row

    using QAbstractTableModel::QAbstractTableModel;

    /// `order`: which class stands where; empty: as they come.
    void setCounts(std::vector<std::vector<int64_t>> counts, QStringList names, std::vector<size_t> order = {});
    /// Columns by the number that stands before the name of their row: where names have no room.
    void setNumbered(bool numbered) { m_numbered = numbered; }
    /// Shares of the row instead of counts.
    void setShares(bool shares);
    /// The class in a row or column.
    [[nodiscard]] int classAt(int section) const { return static_cast<int>(m_order[static_cast<size_t>(section)]); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<std::vector<int64_t>> m_counts;
    QStringList m_names;
    std::vector<size_t> m_order;
    bool m_shares = false;
    bool m_numbered = false;
};

}  // namespace ui
