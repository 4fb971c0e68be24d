// SPDX-License-Identifier: Apache-2.0
// Writes a draft and its journal. The caller holds the transactions, which may be several: an edit of many rows is
// written in slices. Throws StoreError.
#pragma once

#include "core/store/database.h"
#include "core/store/edit_draft.h"

#include <map>
#include <optional>
#include <span>

namespace core {

class DraftWriter {
public:
    /// What becomes of a cell that a later edit has changed already, or of a row that is gone.
    enum class Meanwhile { Refuse, LetItWin };

    DraftWriter(const Database &database, int64_t edit, Meanwhile meanwhile);

    /// Classes and settings; new labels get their ids here.
    void writeLabels(const EditDraft &draft);
    /// The ids of labels, in the order of their names; a name that is new, or was removed, becomes one within this
    /// edit.
    std::vector<int64_t> labelsFor(std::span<const std::string> names, bool declared);
    void changeRows(std::span<const FieldChange> changes);
    /// The rows' labels may be newLabel(i). `state` as in the table `example`.
    void addRows(std::span<const Example> rows, int64_t state);

private:
    /// The two statements that journal and change one column, prepared once however many rows or labels change.
    struct ColumnWriter {
        Statement journal;
        Statement update;
    };

    /// Behind all others; `removed`: one of this name that may come back, if it was there once.
    int64_t addLabel(const Label &label, std::optional<int64_t> removed, int64_t position);
    [[nodiscard]] int64_t nextPosition() const;
    void changeLabel(const LabelChange &change);
    void changeSetting(const SettingChange &change);
    void changeRow(const FieldChange &change);
    template <class Bind>
    void journalLabel(int64_t label, const std::string &column, const Bind &bindValue);
    [[nodiscard]] ColumnWriter &writerOf(FieldChange::Field field);
    [[nodiscard]] ColumnWriter &labelWriterOf(const std::string &column);
    [[nodiscard]] std::optional<int64_t> resolved(std::optional<int64_t> label) const;
    [[nodiscard]] std::string resolved(const std::string &also) const;
    [[nodiscard]] std::optional<std::pair<int64_t, bool>> labelNamed(const std::string &name) const;

    const Database &m_database;
    int64_t m_edit;
    Meanwhile m_meanwhile;
    bool m_severalLabels;          ///< some row may have them
    std::vector<int64_t> m_added;  ///< ids of EditDraft::newLabels
    std::map<FieldChange::Field, ColumnWriter> m_writers;
    std::map<std::string, ColumnWriter> m_labelWriters;
};

}  // namespace core
