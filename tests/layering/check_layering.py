#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails on an include that goes against the arrows of the architecture, and on other rules of the house.

    check_layering.py REPOSITORY
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
ARCHITECTURE = "docs/internals/architecture.md"
# Which of our folders each may include, most specific first. Inside core and ui the architecture's table says more.
ALLOWED = [
    ("core/", ["core/"]),
    ("app/", ["app/", "core/", "ui/"]),
    ("ui/", ["ui/", "core/"]),
    ("tests/bench/window/", ["tests/bench/", "core/", "ui/"]),
    ("tests/bench/", ["tests/bench/", "core/"]),
    ("tests/", ["tests/", "core/", "app/", "ui/"]),
]
TORCH = re.compile(r"^(ATen|c10|torch|caffe2)/")
QT = re.compile(r"^(Q[A-Z]|Qt)")
QT_GUI = re.compile(r"^(QtGui|QtWidgets|QtCharts|QWidget|QApplication|QGuiApplication|QPainter|QIcon|QColor|QFont|QImage|QPixmap)")
RESULT = re.compile(r"^\s*(static |virtual )?(base::)?Result<.*>\s+\w+\(")
# The temporary dies before the loop begins (mended in C++23): for (x : f().member) and for (x : *f()).
# Calls through -> mostly hand out references and are let be.
DANGLING = re.compile(r"\bfor \([^;]*? : (\*[\w.:]+\(|[\w.:]+(?<!\.at)\([^()]*\)(\[|\.))")
# A TRY that leaves the middle of an expression: GCC 12 may forget what was built before it.
TRY_INSIDE = re.compile(r"^(?!\s*(\S.*(=|return)|case .*:)?\s*TRY\()(?!#).*\bTRY\(")
# Qt brings the desktop's decimal comma into the C library: see app/plain_numbers.h.
COMMA = re.compile(r"\bQ(Core|Gui)?Application(>\(| \w+\()")
LONGEST = 500


def room_of(name):
    """The folder of core or ui that a file is in. A file of ui that is in none is a room of its own."""
    parts = name.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else name.rsplit(".", 1)[0]


def arrows(problems):
    """The table of the architecture: which rooms each room may include."""
    table = {}
    for line in (root / ARCHITECTURE).read_text(encoding="utf-8").splitlines():
        row = re.fullmatch(r"\| `((core|ui)/\w+)(?:\.h)?` \| (nothing|(?:`\w+` ?)+) \|", line)
        if not row:
            continue
        room, house, names = row[1], row[2], re.findall(r"`(\w+)`", row[3])
        table[room] = [f"{house}/{name}" for name in names]
        problems += [f"{ARCHITECTURE}: {room} may include {other}, which does not stand above it"
                     for other in table[room] if other not in table or other == room]
    return table


def linked(problems, table):
    """Libraries are linked as the table has it."""
    for path in sorted(root.glob("core/*/CMakeLists.txt")):
        part = re.search(r"core_part\((\w+)[^)]*?USES ([\w\s]+?)\s+SOURCES", path.read_text(encoding="utf-8"))
        if part and sorted(part[2].split()) != sorted(name.split("/")[1] for name in table.get(f"core/{part[1]}", [])):
            problems.append(f"{path.relative_to(root)}: USES is not what {ARCHITECTURE} has")


problems = []
TABLE = arrows(problems)
linked(problems, TABLE)
unused = {(room, other) for room, others in TABLE.items() for other in others}
for path in sorted([*root.glob("core/**/*"), *root.glob("app/**/*"), *root.glob("ui/**/*"), *root.glob("tests/**/*")]):
    if path.suffix not in (".h", ".cpp"):
        continue
    name = path.relative_to(root).as_posix()
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    allowed = next(rooms for prefix, rooms in ALLOWED if name.startswith(prefix))
    torch_free = not name.startswith(("core/nets/", "tests/nets/"))
    qt_free = name.startswith(("core/base/", "core/engine/", "core/nets/"))
    for number, line in enumerate(lines, 1):
        found = re.match(r'\s*#include\s+["<]([^">]+)[">]', line)
        if not found and DANGLING.search(line):
            problems.append(f"{name}:{number}: a range-for over a part of a temporary")
        if name.startswith(("core/", "app/", "ui/")) and not found and TRY_INSIDE.search(line.split("//")[0]):
            problems.append(f"{name}:{number}: TRY stands in the middle of an expression")
        if name.startswith("app/") and COMMA.search(line) and "WithPlainNumbers" not in line:
            problems.append(f"{name}:{number}: an application that is not made by WithPlainNumbers")
        if not found:
            if path.suffix == ".h" and name.startswith("core/") and RESULT.match(line) and "override" not in line:
                problems.append(f"{name}:{number}: a function that returns a Result is not [[nodiscard]]")
            continue
        header = found.group(1)
        where = f"{name}:{number}: "
        if header.startswith(("core/", "app/", "ui/", "tests/")) and not header.startswith(tuple(allowed)):
            problems.append(where + f"{header} is not a room that may be entered from here")
        room, other = room_of(name), room_of(header)
        if room != other and room.split("/")[0] == other.split("/")[0] and room.startswith(("core/", "ui/")):
            unused.discard((room, other))
            if other not in TABLE.get(room, []):
                problems.append(where + f"{room} may not include {other}; {ARCHITECTURE} has who may")
        if not name.startswith(("core/nets/", "tests/nets/")) and header.startswith("core/nets/"):
            problems.append(where + "core/nets is opened at run time, never included")
        if torch_free and TORCH.match(header):
            problems.append(where + f"{header}: tensors live in core/nets only")
        if header in ("torch/torch.h", "torch/extension.h", "ATen/ATen.h"):
            problems.append(where + f"{header} costs half a minute; include the operator's own header")
        if qt_free and QT.match(header):
            problems.append(where + f"{header}: no Qt here")
        if name.startswith("core/") and QT_GUI.match(header):
            problems.append(where + f"{header}: the core has no window")
    if path.suffix == ".h" and "#pragma once" not in text:
        problems.append(f"{name}: no #pragma once")
    if not text.startswith("// SPDX-License-Identifier: Apache-2.0"):
        problems.append(f"{name}: no licence line")
    if len(lines) > LONGEST:
        problems.append(f"{name}: {len(lines)} lines; a file has one purpose and at most {LONGEST}")

problems += [f"{ARCHITECTURE}: {room} may include {other}, but does not" for room, other in sorted(unused)]
print("\n".join(problems) or "layering: every include follows the arrows")
sys.exit(1 if problems else 0)
