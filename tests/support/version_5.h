// SPDX-License-Identifier: Apache-2.0
// A data file as version 5 of the schema made it, with rows, an edit that is in effect and one that is undone.
#pragma once

namespace support {

inline constexpr const char *Version5 = R"(
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE label (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL,
    declared INTEGER NOT NULL DEFAULT 1,
    colour INTEGER NOT NULL DEFAULT 0,
    removed INTEGER NOT NULL DEFAULT 0,
    belongs TEXT NOT NULL DEFAULT '[]',
    resembles TEXT NOT NULL DEFAULT '[]'
);
CREATE UNIQUE INDEX label_name ON label (name) WHERE removed = 0;
CREATE TABLE edit (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    created_at TEXT NOT NULL,
    state INTEGER NOT NULL,
    pid INTEGER NOT NULL
);
CREATE INDEX edit_by_state ON edit (state);
CREATE TABLE example (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    label INTEGER REFERENCES label (id),
    split INTEGER NOT NULL,
    provenance TEXT NOT NULL,
    source TEXT NOT NULL DEFAULT '',
    source_row INTEGER NOT NULL DEFAULT 0,
    confidence REAL,
    added_by INTEGER NOT NULL REFERENCES edit (id),
    state INTEGER NOT NULL DEFAULT 0,
    comment TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL DEFAULT '',
    also TEXT NOT NULL DEFAULT '',
    parent INTEGER
);
CREATE INDEX example_by_split ON example (state, split, label);
CREATE INDEX example_in_order ON example (state, split);
CREATE INDEX example_by_edit ON example (added_by);
CREATE INDEX example_with_several ON example (state, split) WHERE also <> '';
CREATE TABLE edit_change (
    edit INTEGER NOT NULL REFERENCES edit (id),
    example INTEGER NOT NULL REFERENCES example (id),
    field TEXT NOT NULL,
    old,
    new,
    PRIMARY KEY (edit, example, field)
) WITHOUT ROWID;
CREATE TABLE label_change (
    edit INTEGER NOT NULL REFERENCES edit (id),
    label INTEGER NOT NULL REFERENCES label (id),
    field TEXT NOT NULL,
    old,
    new,
    PRIMARY KEY (edit, label, field)
) WITHOUT ROWID;
CREATE TABLE setting_change (
    edit INTEGER NOT NULL REFERENCES edit (id),
    key TEXT NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL,
    PRIMARY KEY (edit, key)
) WITHOUT ROWID;
CREATE TABLE run (
    id TEXT PRIMARY KEY,
    created_at TEXT NOT NULL,
    state TEXT NOT NULL,
    recipe TEXT NOT NULL,
    base TEXT NOT NULL,
    config TEXT NOT NULL,
    labels TEXT NOT NULL,
    device TEXT NOT NULL DEFAULT '',
    pid INTEGER NOT NULL,
    seconds REAL NOT NULL DEFAULT 0,
    rows_per_second REAL NOT NULL DEFAULT 0,
    best_epoch INTEGER NOT NULL DEFAULT 0,
    cross_validation TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    examined TEXT NOT NULL DEFAULT '',
    facts TEXT NOT NULL DEFAULT ''
);
CREATE TABLE run_row (
    run TEXT NOT NULL REFERENCES run (id),
    example INTEGER NOT NULL,
    part TEXT NOT NULL,
    content_hash INTEGER NOT NULL,
    PRIMARY KEY (run, example)
) WITHOUT ROWID;
CREATE TABLE metric_point (
    run TEXT NOT NULL REFERENCES run (id),
    step INTEGER NOT NULL,
    name TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (run, name, step)
) WITHOUT ROWID;
CREATE TABLE checkpoint (
    run TEXT NOT NULL REFERENCES run (id),
    epoch INTEGER NOT NULL,
    train_loss REAL NOT NULL,
    temperature REAL NOT NULL,
    validation TEXT NOT NULL DEFAULT '',
    test TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run, epoch)
) WITHOUT ROWID;
CREATE TABLE prediction (
    run TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    example INTEGER NOT NULL,
    probabilities BLOB NOT NULL,
    PRIMARY KEY (run, epoch, example)
) WITHOUT ROWID;
INSERT INTO setting VALUES ('name', 'old'), ('task_description', 'task'), ('other_fields', '');
INSERT INTO label (id, name, position, colour) VALUES (1, 'a', 0, 0), (2, 'b', 1, 1);
INSERT INTO edit VALUES (1, 'Import mails.csv into train', '2026-01-01T10:00:00Z', 1, 1),
    (2, 'Label', '2026-01-01T10:01:00Z', 1, 1), (3, 'Rewrite', '2026-01-01T10:02:00Z', 2, 1);
INSERT INTO example (id, text, label, split, provenance, source, source_row, confidence, added_by, comment, place, also,
    parent) VALUES (1, 'one', 2, 0, 'human', 'mails.csv', 2, 0.5, 1, 'note', 'page 1', '', NULL),
    (2, 'two', 1, 1, 'imported', 'mails.csv', 3, NULL, 1, '', '', ',2,', 1),
    (3, 'three', NULL, 2, 'imported', 'other.csv', 1, NULL, 1, '', '', '', NULL);
INSERT INTO edit_change VALUES (2, 1, 'label', 1, 2), (3, 3, 'text', 'three', 'drei');
PRAGMA user_version = 5;
)";

}  // namespace support
