#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the seeds of the fuzzers that are no text: data files of services and files of weights.

    make_seeds.py REPOSITORY FOLDER
"""
import json
import pathlib
import re
import sqlite3
import struct
import sys

root, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
schema = (root / "core/store/schema.sql").read_text()
version = int(re.match(r"-- Version (\d+)", schema)[1])


def service(name, rows, fill):
    path = out / "service" / name
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    db.execute("PRAGMA page_size = 512")  # small pages: a small file with a whole tree
    db.executescript(schema)
    db.execute(f"PRAGMA user_version = {version}")
    db.execute("PRAGMA ignore_check_constraints = ON")
    db.executemany("INSERT INTO setting VALUES (?, ?)", [("name", "Mails"), ("task_description", "Sort mails"), ("other_fields", "")])
    db.executemany("INSERT INTO label (name, description, position) VALUES (?, ?, ?)", [("refund", "money back", 0), ("delivery", "", 1)])
    db.execute("INSERT INTO edit VALUES (1, 'Import a.csv into train', '2026-01-01', 1, 4000000)")
    for i in range(rows):
        db.execute("INSERT INTO example (text, label, split, provenance, source, source_row, added_by) VALUES (?, ?, ?, 'imported', 'a.csv', ?, 1)",
                   (f"where is my parcel {i} " * (1 + i % 5), 1 + i % 2, i % 3, i))
    fill(db)
    db.commit()
    db.close()


def nothing(db):
    pass


def edits(db):
    for state, edit in enumerate((0, 1, 2, 3, 4, 5), 2):
        db.execute("INSERT INTO edit VALUES (?, 'Edit', '2026-01-02', ?, 4000000)", (state, edit))
        db.execute("INSERT INTO edit_change VALUES (?, ?, 'label', 1, 2)", (state, state))
        db.execute("INSERT INTO label_change VALUES (?, 1, 'name', 'x', 'refund')", (state,))
        db.execute("INSERT INTO setting_change VALUES (?, 'task_description', 'a', 'b')", (state,))
        db.execute("INSERT INTO example (text, split, provenance, added_by, state) VALUES ('pending', 0, 'typed', ?, 2)", (state,))


def runs(db):
    config = {"recipe": "finetune", "num_train_epochs": 2, "learning_rate": 5e-5, "head_learning_rate": 1e-3, "batch_size": 8,
              "micro_batch": 8, "random_seed": 1, "learning_rate_scheduler": "linear", "warmup_ratio": 0.1, "weight_decay": 0.0,
              "max_grad_norm": 1.0, "dropout": 0.1, "max_length": 64, "train_eval_split": 0.2, "threads": 2}
    for state in ("running", "succeeded"):
        db.execute("INSERT INTO run (id, created_at, state, recipe, base, config, labels, pid, best_epoch) VALUES (?, '2026', ?, 'finetune', 'tiny', ?, ?, 4000000, 1)",
                   (state, state, json.dumps(config), json.dumps(["refund", "delivery"])))
        db.execute("INSERT INTO checkpoint VALUES (?, 1, 0.5, 1.0, '{}', '')", (state,))
        for row in range(1, 9):
            db.execute("INSERT INTO run_row VALUES (?, ?, 'train', 7)", (state, row))
            db.execute("INSERT INTO metric_point VALUES (?, ?, 'loss', 0.5)", (state, row))
            db.execute("INSERT INTO prediction VALUES (?, 1, ?, ?)", (state, row, struct.pack("<2f", 0.25, 0.75)))


def escaping(db):
    runs(db)
    for table in ("run_row", "metric_point", "checkpoint", "prediction"):
        db.execute(f"DELETE FROM {table}")
    db.execute("UPDATE run SET id = '../../' || id")


def strange(db):
    db.execute("UPDATE example SET split = id - 2 WHERE id IN (1, 5)")
    db.execute("UPDATE example SET label = 77, also = ',1,-3,99,'")


def weights(name, header, body):
    text = json.dumps(header).encode()
    (out / "safetensors" / name).write_bytes(struct.pack("<Q", len(text)) + text + body)


for folder in ("service", "safetensors", "tokenizer", "config"):
    (out / folder).mkdir(parents=True, exist_ok=True)
service("empty", 0, nothing)
service("rows", 60, nothing)
service("edits", 20, edits)
service("runs", 12, runs)
service("escaping", 12, escaping)
service("strange", 12, strange)
weights("one", {"a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}, bytes(16))
weights("types", {"__metadata__": {"format": "pt"}, "a": {"dtype": "BF16", "shape": [3], "data_offsets": [0, 6]},
                  "b": {"dtype": "I64", "shape": [], "data_offsets": [6, 14]}, "c": {"dtype": "F16", "shape": [0, 4], "data_offsets": [14, 14]}}, bytes(14))
weights("empty", {}, b"")
golden = root / "tests/parity/golden"
texts = "CAFÉ naïve Ångström 東京 2024 don't stop—never! [CLS]".encode()
for path in (golden / "cased_tokenizer.json", golden / "tiny_base/tokenizer.json"):
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    (out / "tokenizer" / (path.parent.name + path.stem)).write_bytes(path.read_bytes() + b"\0" + texts)
    vocabulary = tokenizer["model"]["vocab"]  # a small one is mutated faster
    tokenizer["model"]["vocab"] = {piece: i for i, piece in enumerate(list(vocabulary)[:40])}
    (out / "tokenizer" / (path.parent.name + path.stem + "-small")).write_bytes(json.dumps(tokenizer).encode() + b"\0" + texts)
for path in (golden / "tokenizers").glob("*.json"):
    if path.stem != "encodings":
        (out / "tokenizer" / path.stem).write_bytes(path.read_bytes() + b"\0" + texts)
for path in (golden / "families").glob("*-1/*/config.json"):
    (out / "config" / f"{path.parts[-3]}-{path.parts[-2]}").write_bytes(path.read_bytes())
(out / "config/tiny_base").write_bytes((golden / "tiny_base/config.json").read_bytes())
(out / "config/tiny_classifier").write_bytes((golden / "tiny_classifier/config.json").read_bytes())
