// SPDX-License-Identifier: Apache-2.0
#include "core/store/draft_writer.h"

#include "core/store/edit_fields.h"
#include "core/store/label_set.h"

#include <unordered_map>

using base::ErrorCode;

namespace core {

namespace {

[[noreturn]] void refuseName(const std::string &name)
{
    throw StoreError{{ErrorCode::AlreadyExists, "There is a class of this name already.", name}};
}

}  // namespace

DraftWriter::DraftWriter(const Database &database, int64_t edit, Meanwhile meanwhile)
    : m_database(database), m_edit(edit), m_meanwhile(meanwhile),
      m_severalLabels(database.prepare("SELECT 1 FROM example WHERE also <> '' LIMIT 1").step())
{
}

void DraftWriter::writeLabels(const EditDraft &draft)
{
    for (const Label &label : draft.newLabels) {
        const auto known = labelNamed(label.name);
        if (known && !known->second)
            refuseName(label.name);
        m_added.push_back(addLabel(label, known ? std::optional(known->first) : std::nullopt, nextPosition()));
    }
    for (const LabelChange &change : draft.labels)
        changeLabel(change);
    for (const SettingChange &change : draft.settings)
        changeSetting(change);
}

std::vector<int64_t> DraftWriter::labelsFor(std::span<const std::string> names, bool declared)
{
    // The same choice as labelNamed(), for all at once: there is no index of names that have gone.
    struct Known {
        int64_t id = 0;
        bool isRemoved = false, isDeclared = false;
    };
    std::unordered_map<std::string, Known> known;
    auto all = m_database.prepare("SELECT name, id, removed, declared FROM label ORDER BY removed DESC, id");
    while (all.step())
        known[all.text(0)] = {all.integer(1), all.integer(2) != 0, all.integer(3) != 0};
    int64_t position = nextPosition();
    std::vector<int64_t> ids;
    for (const std::string &name : names) {
        const auto found = known.find(name);
        if (found != known.end() && !found->second.isRemoved) {
            ids.push_back(found->second.id);
            if (declared && !found->second.isDeclared)
                changeLabel({found->second.id, LabelChange::Field::Declared, {}, 1});
            continue;
        }
        const auto removed = found == known.end() ? std::nullopt : std::optional(found->second.id);
        ids.push_back(addLabel({.name = name, .declared = declared}, removed, position++));
        known[name] = {ids.back(), false, declared};
    }
    return ids;
}

void DraftWriter::changeRows(std::span<const FieldChange> changes)
{
    for (const FieldChange &change : changes)
        changeRow(change);
}

void DraftWriter::addRows(std::span<const Example> rows, int64_t state)
{
    auto insert = m_database.prepare(
        "INSERT INTO example (text, label, split, provenance, source, source_row, confidence, added_by, state, "
        "comment, place, also, parent, extra, origin, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?)");
    for (const Example &row : rows) {
        insert.bind(row.text).bind(resolved(row.label)).bind(static_cast<int64_t>(row.split)).bind(row.provenance);
        insert.bind(row.source).bind(row.sourceRow).bind(row.confidence).bind(m_edit).bind(state);
        insert.bind(row.comment).bind(row.place).bind(resolved(alsoText(row))).bind(row.parent);
        insert.bind(row.extra).bind(row.origin).bind(row.content).run();
    }
}

std::optional<int64_t> DraftWriter::resolved(std::optional<int64_t> label) const
{
    return label && *label < 0 ? m_added.at(static_cast<size_t>(-1 - *label)) : label;
}

/// The same for the column `also`.
std::string DraftWriter::resolved(const std::string &also) const
{
    if (also.find('-') == std::string::npos)
        return also;
    Example row;
    readAlso(also, row);
    for (int64_t &id : row.also)
        id = *resolved(std::optional(id));
    return alsoText(row);
}

/// The label of this name, its id and whether it is removed: the one that is there, else the newest that was.
std::optional<std::pair<int64_t, bool>> DraftWriter::labelNamed(const std::string &name) const
{
    auto found = m_database.prepare("SELECT id, removed FROM label WHERE name = ? ORDER BY removed, id DESC");
    if (!found.bind(name).step())
        return std::nullopt;
    return std::pair(found.integer(0), found.integer(1) != 0);
}

int64_t DraftWriter::nextPosition() const
{
    auto last = m_database.prepare("SELECT 1 + coalesce(max(position), -1) FROM label WHERE removed = 0");
    last.step();
    return last.integer(0);
}

int64_t DraftWriter::addLabel(const Label &label, std::optional<int64_t> removed, int64_t position)
{
    if (!removed) {
        m_database
            .prepare("INSERT INTO label (name, position, colour, removed) VALUES (?, 0, (SELECT count(*) FROM "
                     "label), 1)")
            .bind(label.name)
            .run();
        removed = m_database.lastInsertId();
    }
    journalLabel(*removed, "description", [&](Statement &s) { s.bind(label.description); });
    journalLabel(*removed, "position", [&](Statement &s) { s.bind(position); });
    journalLabel(*removed, "declared", [&](Statement &s) { s.bind(int64_t{label.declared}); });
    journalLabel(*removed, "removed", [&](Statement &s) { s.bind(int64_t{0}); });
    return *removed;
}

void DraftWriter::changeLabel(const LabelChange &change)
{
    if (change.field == LabelChange::Field::Name) {
        const auto known = labelNamed(change.text);
        if (known && !known->second && known->first != change.label)
            refuseName(change.text);
    } else if (change.field == LabelChange::Field::Removed && change.number == 0) {
        auto taken =
            m_database.prepare("SELECT o.name FROM label o JOIN label l USING (name) WHERE l.id = ?1 AND o.id <> ?1 "
                               "AND o.removed = 0");
        if (taken.bind(change.label).step())
            refuseName(taken.text(0));
    }
    const bool isText = of(change.field).value == FieldValue::Text;
    journalLabel(change.label, of(change.field).column, [&](Statement &s) {
        if (isText)
            s.bind(change.text);
        else
            s.bind(change.number);
    });
}

/// A field changed twice in one edit keeps the first old value.
template <class Bind>
void DraftWriter::journalLabel(int64_t label, const std::string &column, const Bind &bindValue)
{
    ColumnWriter &writer = labelWriterOf(column);
    writer.journal.bind(m_edit).bind(column);
    bindValue(writer.journal);
    writer.journal.bind(label).run();
    bindValue(writer.update);
    writer.update.bind(label).run();
    if (m_database.changes() == 0)
        throw StoreError{
            {ErrorCode::NotFound, "The class is not there any more; nothing was changed.", std::to_string(label)}};
}

DraftWriter::ColumnWriter &DraftWriter::labelWriterOf(const std::string &column)
{
    const auto found = m_labelWriters.find(column);
    if (found != m_labelWriters.end())
        return found->second;
    ColumnWriter writer{m_database.prepare("INSERT INTO label_change (edit, label, field, old, new) SELECT ?, id, ?, " +
                                           column +
                                           ", ? FROM label WHERE id = ? ON CONFLICT DO UPDATE SET new = excluded.new"),
                        m_database.prepare("UPDATE label SET " + column + " = ? WHERE id = ?")};
    return m_labelWriters.emplace(column, std::move(writer)).first->second;
}

void DraftWriter::changeSetting(const SettingChange &change)
{
    m_database
        .prepare("INSERT INTO setting_change (edit, key, old, new) VALUES (?1, ?2, coalesce((SELECT value FROM "
                 "setting WHERE key = ?2), ''), ?3) ON CONFLICT DO UPDATE SET new = excluded.new")
        .bind(m_edit)
        .bind(change.key)
        .bind(change.value)
        .run();
    m_database.prepare("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)")
        .bind(change.key)
        .bind(change.value)
        .run();
}

DraftWriter::ColumnWriter &DraftWriter::writerOf(FieldChange::Field field)
{
    const auto found = m_writers.find(field);
    if (found != m_writers.end())
        return found->second;
    const std::string column = of(field).column;
    // Edits are numbered as they begin, so whoever changed the cell with a higher number did so meanwhile.
    const std::string untouched =
        m_meanwhile == Meanwhile::Refuse
            ? ""
            : " AND state = 0 AND NOT EXISTS (SELECT 1 FROM edit WHERE edit.id > ?1 AND EXISTS (SELECT 1 FROM "
              "edit_change c WHERE c.edit = edit.id AND c.example = example.id AND c.field = ?2))";
    return m_writers
        .emplace(field,
                 ColumnWriter{m_database.prepare("INSERT INTO edit_change (edit, example, field, old, new) SELECT ?1, "
                                                 "id, ?2, " +
                                                 column + ", ?3 FROM example WHERE id = ?4" + untouched +
                                                 " ON CONFLICT DO UPDATE SET new = excluded.new"),
                              m_database.prepare("UPDATE example SET " + column + " = ? WHERE id = ?")})
        .first->second;
}

void DraftWriter::changeRow(const FieldChange &change)
{
    const auto number = change.field == FieldChange::Field::Label ? resolved(change.number) : change.number;
    const auto text = change.field == FieldChange::Field::Also ? resolved(change.text) : change.text;
    const auto bindValue = [&](Statement &statement) {
        switch (of(change.field).value) {
        case FieldValue::Text: statement.bind(text); break;
        case FieldValue::Number: statement.bind(number); break;
        case FieldValue::Real: statement.bind(change.real); break;
        }
    };
    ColumnWriter &writer = writerOf(change.field);
    writer.journal.bind(m_edit).bind(of(change.field).column);
    bindValue(writer.journal);
    writer.journal.bind(change.example).run();
    if (m_database.changes() == 0) {
        if (m_meanwhile == Meanwhile::LetItWin)
            return;
        throw StoreError{{ErrorCode::NotFound, "The row is not there any more; nothing was changed.",
                          std::to_string(change.example)}};
    }
    bindValue(writer.update);
    writer.update.bind(change.example).run();
    if (change.field == FieldChange::Field::Label && m_severalLabels)
        changeRow({change.example, FieldChange::Field::Also, {}, {}});
}

}  // namespace core
