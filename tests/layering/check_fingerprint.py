#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails unless the fingerprint of the module of tensors changes with every header that the compiler reads for its
interface.

    check_fingerprint.py REPOSITORY CMAKE COMPILER
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

root, cmake, compiler = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
interface = "core/engine/nets_interface.h"


def fingerprint(of):
    script = root / "core/engine/nets_fingerprint.cmake"
    done = subprocess.run([cmake, f"-DROOT={of}", "-P", script], capture_output=True, text=True, check=True)
    return done.stderr.splitlines()[0]


# What the compiler itself reads, without the system's headers.
listed = subprocess.run([compiler, "-std=c++20", "-x", "c++", "-MM", "-I", ".", interface], cwd=root,
                        capture_output=True, text=True, check=True).stdout
headers = [word for word in listed.replace("\\\n", " ").split() if word.endswith((".h", ".inc"))]
problems = []
with tempfile.TemporaryDirectory() as folder:
    copy = pathlib.Path(folder)
    for header in headers:
        (copy / header).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / header, copy / header)
    before = fingerprint(copy)
    for header in headers:
        text = (copy / header).read_text(encoding="utf-8")
        (copy / header).write_text(text + "// changed\n", encoding="utf-8")
        if fingerprint(copy) == before:
            problems.append(f"{header}: a change of it leaves the fingerprint as it is")
        (copy / header).write_text(text, encoding="utf-8")
    if fingerprint(copy) != before or len(headers) < 8:
        problems.append("the comparison itself does not work")
print("\n".join(problems) or f"fingerprint: {len(headers)} headers count")
sys.exit(1 if problems else 0)
