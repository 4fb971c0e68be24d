#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds a target of a Ninja build folder and says how far it is: steps done of all, and the minutes that are left.

    build_progress.py FOLDER TARGET

On a terminal one line is renewed; elsewhere a line comes every half minute. What compilers say is shown at once.
"""
import os
import re
import subprocess
import sys
import time

STATUS = re.compile(r"^\[(\d+)/(\d+)\] ")
# The first steps say nothing of the others.
FEWEST_STEPS = 20
FEWEST_SECONDS = 20
EVERY_SECONDS = 30


def sentence(done, total, seconds):
    text = f"Building: {done} of {total} steps"
    if done < total and done >= FEWEST_STEPS and seconds >= FEWEST_SECONDS:
        minutes = round(seconds / done * (total - done) / 60)
        text += ", less than a minute left" if minutes < 1 else f", about {minutes} min left"
    return text


def main():
    folder, target = sys.argv[1], sys.argv[2]
    is_terminal = sys.stdout.isatty()
    start = said = time.monotonic()
    done = total = 0
    environment = dict(os.environ, NINJA_STATUS="[%f/%t] ")
    build = subprocess.Popen(["cmake", "--build", folder, "--target", target], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, errors="replace", env=environment)
    for line in build.stdout:
        found = STATUS.match(line)
        if not found:
            if line.strip() and not line.startswith("ninja: no work to do"):
                print(("\r\033[K" if is_terminal else "") + line, end="", flush=True)
            continue
        done, total = int(found[1]), int(found[2])
        now = time.monotonic()
        if is_terminal:
            print("\r\033[K" + sentence(done, total, now - start), end="", flush=True)
        elif now - said >= EVERY_SECONDS:
            print(sentence(done, total, now - start), flush=True)
            said = now
    if is_terminal and total:
        print()
    code = build.wait()
    if code == 0 and total and not is_terminal:
        print(f"Built in {round((time.monotonic() - start) / 60, 1)} min.", flush=True)
    sys.exit(code)


main()
