#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes tables of hard texts with Python's csv and, where it is installed, pandas (3.1.1 was used), for read_tables.

    make_tables.py FOLDER [TABLES]

Beside each NAME.csv stands NAME.json with the right values: {"columns": [...], "rows": [[...], ...]}.
"""
import csv
import io
import itertools
import json
import pathlib
import random
import sys

try:
    import pandas
except ImportError:
    pandas = None

folder = pathlib.Path(sys.argv[1])
tables = int(sys.argv[2]) if len(sys.argv) > 2 else 150
folder.mkdir(parents=True, exist_ok=True)
for old in folder.glob("*.*"):
    old.unlink()
rng = random.Random(30)
HARD = ['"', ",", ";", "\t", "\n", "\r\n", "\r", " ", "'", "|", '""', "\n\n", ", ", "a", "\\", "=", "é", "\u2028", "東", "😀", "0"]
SOFT = ["please", "my order", " is late", ", and", " I want", " it back.", "\n", "\nDear team, ", 'said "no"', ' 5" pipe', "; thanks", "12", "."]
LABELS = ["refund", "delivery", "quality, bad"]


def text(pieces, returns):
    pool = rng.choice([HARD, SOFT])
    made = "".join(rng.choice(pool) for _ in range(pieces))
    return made if returns else made.replace("\r\n", "\n").replace("\r", "")


def mail(returns):
    """15 to 60 lines, as support gets them."""
    return "\n".join(text(6, returns).replace("\n", " ") for _ in range(rng.randint(15, 60)))


def table(largest, returns):
    columns = ["text", "label", "source", "comment", "id"][: rng.randint(2, 5)]
    rows = []
    for _ in range(rng.randint(1, 30)):
        first = mail(returns) if rng.random() < 0.2 else text(rng.randrange(largest if rng.random() < 0.1 else 12), returns)
        row = [first if first.strip(" \t\r\n\v\f") else "x", rng.choice(LABELS) if rng.random() < 0.7 else text(3, returns)]
        while len(row) < len(columns):
            row.append("" if rng.random() < 0.5 else text(rng.randrange(6), returns))
        rows.append(row)
    return columns, rows


def keep(name, made, columns, rows):
    (folder / f"{name}.csv").write_bytes(made if isinstance(made, bytes) else made.encode("utf-8"))
    (folder / f"{name}.json").write_text(json.dumps({"columns": columns, "rows": rows}), encoding="utf-8")


number = itertools.count()
STYLES = {"minimal": csv.QUOTE_MINIMAL, "all": csv.QUOTE_ALL, "nonnumeric": csv.QUOTE_NONNUMERIC}
for separator, end, (style, quoting) in itertools.product(",;\t|", ("\n", "\r\n"), STYLES.items()):
    for i in range(max(1, tables // 24)):
        # Python before 3.13 leaves a lone carriage return without quotes where rows end with a line feed.
        columns, rows = table(3000 if i else 200_000, returns=end == "\r\n" or quoting != csv.QUOTE_MINIMAL)
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting).writerows([columns, *rows])
        keep(f"python-{style}-{next(number):04}", out.getvalue(), columns, rows)
for separator, quoting in itertools.product(",;\t", (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)):
    for _ in range(max(1, tables // 30)):
        columns, rows = table(300, returns=False)
        rows[0][0] += ' say "no"'  # without a quote nothing tells how backslashes are meant
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=separator, quoting=quoting, doublequote=False, escapechar="\\").writerows([columns, *rows])
        keep(f"python-escaped-{next(number):04}", out.getvalue(), columns, rows)
for separator in ",;\t":
    for _ in range(max(1, tables // 30)):
        columns, rows = table(300, returns=False)
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
        for row in rows:
            row[0] += f" {separator} "
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=separator, quoting=csv.QUOTE_NONE, escapechar="\\").writerows([columns, *rows])
        keep(f"python-unquoted-{next(number):04}", out.getvalue(), columns, rows)
if pandas:
    for separator, quoting, index, encoding in itertools.product(",;\t", STYLES.values(), (False, True), ("utf-8", "utf-8-sig")):
        for _ in range(max(1, tables // 36)):
            columns, rows = table(3000, returns=False)
            frame = pandas.DataFrame(rows, columns=columns)
            made = frame.to_csv(sep=separator, quoting=quoting, index=index).encode(encoding)
            if index:
                columns, rows = ["column 1", *columns], [[str(i), *row] for i, row in enumerate(rows)]
            keep(f"pandas-{next(number):04}", made, columns, rows)
print(f"{next(number)} tables, pandas {pandas.__version__ if pandas else 'not installed'}")
