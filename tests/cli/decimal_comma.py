#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs test programs where numbers have a decimal comma: what they read and write must not care.

    decimal_comma.py PROGRAM...
Ends with 77 where no such locale can be made.
"""
import os
import shutil
import subprocess
import sys
import tempfile

LOCALE = "de_DE.UTF-8"

with tempfile.TemporaryDirectory() as folder:
    if not shutil.which("localedef"):
        print("decimal_comma: localedef is missing, so nothing was run")
        sys.exit(77)
    made = subprocess.run(["localedef", "--no-archive", "-i", "de_DE", "-f", "UTF-8", f"{folder}/{LOCALE}"],
                          capture_output=True, text=True)
    if not os.path.exists(f"{folder}/{LOCALE}/LC_NUMERIC"):
        print(f"decimal_comma: {LOCALE} cannot be made, so nothing was run: {made.stderr.strip()}")
        sys.exit(77)
    environment = dict(os.environ, LOCPATH=folder, LC_ALL=LOCALE, LANG=LOCALE)
    comma = subprocess.run(["locale", "decimal_point"], env=environment, capture_output=True, text=True).stdout.strip()
    if comma != ",":
        print(f"decimal_comma: the locale that was made has the decimal sign {comma!r}")
        sys.exit(1)
    failed = [program for program in sys.argv[1:] if subprocess.run([program], env=environment).returncode != 0]
    print("\n".join(f"decimal_comma: {program} fails" for program in failed) or "decimal_comma: all pass")
    sys.exit(1 if failed else 0)
