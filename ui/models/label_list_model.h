// SPDX-License-Identifier: Apache-2.0
// The classes of a service with their row counts.
#pragma once

#include "ui/session/session.h"

#include <QAbstractTableModel>

namespace ui {

class LabelListModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Description, Train, Exam, ColumnCount };
    enum Role { ColourRole = Qt::UserRole, ShareRole };  ///< share of the largest count, 0..1

    explicit LabelListModel(Session &session, QObject *parent = nullptr);

    [[nodiscard]] const core::Label *labelOrNull(int row) const;
    [[nodiscard]] int rowOf(int64_t id) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Renames, or changes the description; a name that is taken is refused with a message.
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

private:
    void reload();

    Session &m_session;
    std::vector<core::Label> m_labels;
    int64_t m_largest = 1;
};

}  // namespace ui
