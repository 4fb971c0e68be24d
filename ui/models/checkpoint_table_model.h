// SPDX-License-Identifier: Apache-2.0
// Every pass of every run with its scores.
#pragma once

#include "ui/session/results_reader.h"

#include <QAbstractTableModel>
#include <map>

namespace ui {

class CheckpointTableModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        Star,
        Name,
        HeldOut,
        Exam,
        Between,
        MacroF1,
        Against,
        LogLoss,
        Honesty,
        TrainLoss,
        Took,
        Size,
        ColumnCount
    };
    enum Role { IsPickRole = Qt::UserRole, LowRole, HighRole, MiddleRole };

    /// Empty until the first reload.
    explicit CheckpointTableModel(const Session &session, QObject *parent = nullptr);

    void reload();
    /// Only the checkpoints of this run; empty: of all.
    void setRun(const std::string &run);
    /// How each does against our pick.
    void setCompared(AgainstReader::Compared compared);
    [[nodiscard]] const std::vector<core::CheckpointName> &names() const { return m_names; }
    [[nodiscard]] core::CheckpointName nameAt(int row) const { return m_names[static_cast<size_t>(row)]; }
    [[nodiscard]] int rowOf(const core::CheckpointName &name) const;
    /// What the asterisks beside figures mean; empty where there are none.
    [[nodiscard]] QString marks() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// By a column's figures; -1: our pick first, then the newest.
    void sort(int column, Qt::SortOrder order) override;

private:
    [[nodiscard]] QString against(const core::CheckpointName &name) const;
    [[nodiscard]] std::optional<double> figure(const core::CheckpointName &name, int column) const;
    void putInOrder();

    const Session &m_session;
    std::string m_run;  ///< whose checkpoints are shown; empty: of all
    std::vector<core::CheckpointName> m_names;
    AgainstReader::Compared m_compared;
    std::map<std::string, int64_t> m_sizes;  ///< of the weights, bytes
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

}  // namespace ui
