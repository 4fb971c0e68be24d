// SPDX-License-Identifier: Apache-2.0
// Rows of a service as a table: ids in memory, cells read from the store a page at a time, edits journaled.
#pragma once

#include "ui/session/session.h"
#include "ui/theme/theme.h"

#include <QAbstractTableModel>
#include <QCache>
#include <set>

namespace ui {

class ExampleTableModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Number, Problem, Text, Label, Source, Confidence, Comment, ColumnCount };
    /// SuggestedRole: labels that the row lacks, or one that seems to fit it better, in words; empty mostly.
    enum Role { ChipsRole = Qt::UserRole, ProvenanceRole, MarkRole, SuggestedRole, SuggestedChipsRole };

    explicit ExampleTableModel(Session &session, QObject *parent = nullptr);

    /// Shows other rows, sorted as before; a large service is ordered in the background.
    void setQuery(const core::ExampleQuery &query);
    [[nodiscard]] const core::ExampleQuery &query() const { return m_query; }

    [[nodiscard]] int64_t idAt(int row) const { return m_order[static_cast<size_t>(row)]; }
    [[nodiscard]] int rowOf(int64_t id) const;  ///< -1: not shown
    [[nodiscard]] core::Example exampleAt(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Text, comment, or labels as labelDraft() reads them.
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    /// With Shift held down, rows that are equal in what sorts them now are sorted by this column.
    void sort(int column, Qt::SortOrder order) override;
    [[nodiscard]] const std::vector<core::ExampleQuery::SortKey> &sortKeys() const { return m_query.sort; }
    /// The section of the header that sorts by it.
    [[nodiscard]] static int sectionOf(core::ExampleQuery::Column column);
    void setSortKeys(std::vector<core::ExampleQuery::SortKey> keys);
    /// While a cell is edited no row is moved, added or taken away; what changed meanwhile is shown afterwards.
    void setEditing(bool isEditing);

Q_SIGNALS:
    void orderChanged();

private:
    using Page = std::vector<core::Example>;

    void reload();
    void setOrder(std::vector<int64_t> order);
    [[nodiscard]] const core::Example &cell(int row) const;
    [[nodiscard]] core::LabelSet suggestedFor(const core::Example &example) const;

    Session &m_session;
    core::ExampleQuery m_query;
    std::vector<int64_t> m_order;
    mutable QCache<int, Page> m_pages;
    core::Job *m_ordering = nullptr;
    bool m_ownCellEdit = false;
    bool m_isEditing = false;
    bool m_reloadsLater = false;  ///< when the editor has closed
};

}  // namespace ui
