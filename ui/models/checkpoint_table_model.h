// SPDX-License-Identifier: Apache-2.0
// Every pass of every run with its scores.
#pragma once

#include "ui/session/session.h"

#include <QAbstractTableModel>
#include <map>

namespace ui {

class CheckpointTableModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Star, Name, HeldOut, Exam, Between, MacroF1, Against, ColumnCount };
    enum Role { IsPickRole = Qt::UserRole, LowRole, HighRole, MiddleRole };

    /// Empty until the first reload, which reads all answers.
    explicit CheckpointTableModel(const Session &session, QObject *parent = nullptr);

    void reload();
    /// Comparisons are made anew at the next reload: labels of exam rows may have changed.
    void forget();
    [[nodiscard]] core::CheckpointName nameAt(int row) const { return m_names[static_cast<size_t>(row)]; }
    [[nodiscard]] int rowOf(const core::CheckpointName &name) const;
    /// Whether a score was cross-validated: its figure carries an asterisk.
    [[nodiscard]] bool hasCrossValidated() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString against(const core::CheckpointName &name) const;

    const Session &m_session;
    std::vector<core::CheckpointName> m_names;
    std::map<std::string, QString> m_against;
    std::string m_pick;  ///< that they were made against
};

}  // namespace ui
