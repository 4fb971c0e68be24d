// SPDX-License-Identifier: Apache-2.0
#include "core/store/inverse_edit.h"

#include "core/store/edit_fields.h"
#include "core/store/edit_journal.h"
#include "core/store/stored_confidence.h"

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// The title of a later edit that built on what this one did, or empty.
std::string builtUpon(const Database &database, int64_t edit)
{
    static constexpr const char *Later[] = {
        "SELECT e.title FROM edit_change c JOIN edit_change l USING (example, field) JOIN edit e ON e.id = l.edit "
        "WHERE c.edit = ?1 AND l.edit > ?1 AND e.state = 1 LIMIT 1",
        "SELECT e.title FROM example x JOIN edit_change l ON l.example = x.id JOIN edit e ON e.id = l.edit "
        "WHERE x.added_by = ?1 AND l.edit > ?1 AND e.state = 1 LIMIT 1",
        "SELECT e.title FROM label_change c JOIN label_change l USING (label, field) JOIN edit e ON e.id = l.edit "
        "WHERE c.edit = ?1 AND l.edit > ?1 AND e.state = 1 LIMIT 1",
        "SELECT e.title FROM setting_change c JOIN setting_change l USING (key) JOIN edit e ON e.id = l.edit "
        "WHERE c.edit = ?1 AND l.edit > ?1 AND e.state = 1 LIMIT 1",
        // A class that it made, and rows that others added to it or gave it.
        "SELECT e.title FROM label_change c JOIN example x ON x.label = c.label AND x.state = 0 JOIN edit e ON e.id = "
        "x.added_by WHERE c.edit = ?1 AND c.field = 'removed' AND c.new = 0 AND x.added_by > ?1 LIMIT 1",
        "SELECT e.title FROM label_change c JOIN example x ON x.also <> '' AND x.state = 0 AND instr(x.also, ',' || "
        "c.label || ',') > 0 JOIN edit e ON e.id = x.added_by WHERE c.edit = ?1 AND c.field = 'removed' AND c.new = 0 "
        "AND x.added_by > ?1 LIMIT 1",
        "SELECT e.title FROM label_change c JOIN edit_change l ON l.field = 'also' AND instr(l.new, ',' || c.label || "
        "',') > 0 AND l.edit > ?1 JOIN edit e ON e.id = l.edit WHERE c.edit = ?1 AND c.field = 'removed' AND c.new = 0 "
        "AND e.state = 1 LIMIT 1",
        "SELECT e.title FROM label_change c JOIN edit_change l ON l.field = 'label' AND l.new = c.label AND l.edit > "
        "?1 JOIN edit e ON e.id = l.edit WHERE c.edit = ?1 AND c.field = 'removed' AND c.new = 0 AND e.state = 1 LIMIT "
        "1"};
    for (const char *sql : Later) {
        auto found = database.prepare(sql);
        if (found.bind(edit).step())
            return found.text(0);
    }
    return {};
}

}  // namespace

Result<EditDraft> inverseOf(const Database &database, int64_t edit)
{
    EditDraft draft;
    {
        auto row = database.prepare("SELECT title, state FROM edit WHERE id = ?");
        if (!row.bind(edit).step() || row.integer(1) != Applied)
            return failure(ErrorCode::NotFound, "This step is not in effect, so there is nothing to take back.",
                           std::to_string(edit));
        draft.title = row.text(0);
    }
    if (const std::string later = builtUpon(database, edit); !later.empty())
        return failure(ErrorCode::Blocked,
                       "A later step changed the same rows or classes: \"" + later + "\". Take that back first.",
                       later);
    auto changes = database.prepare("SELECT example, field, old FROM edit_change WHERE edit = ?");
    changes.bind(edit);
    while (changes.step()) {
        const auto *field = fieldOf<FieldChange::Field>(RowFields, changes.textView(1));
        if (!field)
            continue;
        FieldChange change{.example = changes.integer(0), .field = field->field, .text = {}, .number = {}};
        if (field->value == FieldValue::Text)
            change.text = changes.text(2);
        else if (field->value == FieldValue::Real)
            change.real = confidenceIn(changes, 2);
        else if (!changes.isNull(2))
            change.number = changes.integer(2);
        draft.changes.push_back(std::move(change));
    }
    auto added = database.prepare("SELECT id FROM example WHERE added_by = ? AND state = 0 ORDER BY id");
    added.bind(edit);
    while (added.step())
        draft.changes.push_back({added.integer(0), FieldChange::Field::Removed, {}, int64_t{Removed}});
    auto labels = database.prepare("SELECT label, field, old FROM label_change WHERE edit = ?");
    labels.bind(edit);
    while (labels.step()) {
        const auto *field = fieldOf<LabelChange::Field>(LabelFields, labels.textView(1));
        if (!field)
            continue;
        const bool isText = field->value == FieldValue::Text;
        draft.labels.push_back(
            {labels.integer(0), field->field, isText ? labels.text(2) : std::string(), isText ? 0 : labels.integer(2)});
    }
    auto settings = database.prepare("SELECT key, old FROM setting_change WHERE edit = ?");
    settings.bind(edit);
    while (settings.step())
        draft.settings.push_back({settings.text(0), settings.text(1)});
    return draft;
}

}  // namespace core
