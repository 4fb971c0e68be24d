-- Version 6. A change here raises the version in core/store/database.cpp and adds the step from the version before.
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- A label that rows use but nobody declared as a class has declared = 0: `check` reports it. colour is an index into
-- the window's palette, given in the order of creation. A removed label stays for undo, and for who adds it again; its
-- name may be another one's meanwhile. belongs, resembles: JSON lists of texts that do, or only seem to, belong here.
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

-- state: see EditState in edit_journal.h
CREATE TABLE edit (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    created_at TEXT NOT NULL,
    state INTEGER NOT NULL,
    pid INTEGER NOT NULL
);
-- What is undone is asked for at every edit.
CREATE INDEX edit_by_state ON edit (state);

-- split: 0 train, 1 test, 2 unlabelled; files of older programs do not check that. state: 0 shown, 1 removed, 2 not yet shown (its edit is open). place: within a
-- document, e.g. "page 3, paragraph 2". also: further labels of the row, see label_set.h.
-- parent: the first of the rows that this one was made from; that may be gone
-- extra: the columns of the row's file that are not ours, as a JSON object in their order, or empty. origin: a hash of
-- the canonical path of that file; the path itself is nowhere. content: a hash of its bytes. 0: not known
CREATE TABLE example (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    label INTEGER REFERENCES label (id),
    split INTEGER NOT NULL CHECK (split IN (0, 1, 2)),
    provenance TEXT NOT NULL,
    source TEXT NOT NULL DEFAULT '',
    source_row INTEGER NOT NULL DEFAULT 0,
    confidence REAL,
    added_by INTEGER NOT NULL REFERENCES edit (id),
    state INTEGER NOT NULL DEFAULT 0,
    comment TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL DEFAULT '',
    also TEXT NOT NULL DEFAULT '',
    parent INTEGER,
    extra TEXT NOT NULL DEFAULT '',
    origin INTEGER NOT NULL DEFAULT 0,
    content INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX example_by_split ON example (state, split, label);
-- Gives the ids of a split in their order without sorting: what a table of rows asks for first.
CREATE INDEX example_in_order ON example (state, split);
CREATE INDEX example_by_edit ON example (added_by);
-- Empty where a row has one label.
CREATE INDEX example_with_several ON example (state, split) WHERE also <> '';
-- Empty where no row's file has columns of its own.
CREATE INDEX example_with_extra ON example (state, split) WHERE extra <> '';

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

-- state: running, succeeded, stopped, interrupted, failed
-- examined: of the exam of a teacher, which is kept like a run with the one epoch 0: who it is. facts: JSON about it
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

-- What a run saw. part: train, validation, test, unlabelled
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

-- validation and test: report as JSON, or empty
CREATE TABLE checkpoint (
    run TEXT NOT NULL REFERENCES run (id),
    epoch INTEGER NOT NULL,
    train_loss REAL NOT NULL,
    temperature REAL NOT NULL,
    validation TEXT NOT NULL DEFAULT '',
    test TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run, epoch)
) WITHOUT ROWID;

-- probabilities: float32, one a class in the run's label order
CREATE TABLE prediction (
    run TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    example INTEGER NOT NULL,
    probabilities BLOB NOT NULL,
    PRIMARY KEY (run, epoch, example)
) WITHOUT ROWID;
