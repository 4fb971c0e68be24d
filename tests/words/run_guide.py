#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of a document as they stand.

    run_guide.py REPOSITORY DOCUMENT FOLDER

The blocks marked "sh run" run in their order, as one script, in an empty folder that has what stands in the repository
beside it. FOLDER, with the programs, is on the path. The first command that fails fails the test.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import documents


def main():
    root, document, programs = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    blocks = [block for block in documents.read(document).blocks if block.info == ["sh", "run"]]
    if not blocks:
        sys.exit(f"guide: {document} has no block marked \"sh run\"")
    script = "set -euo pipefail\nset -x\n" + "".join(block.text for block in blocks)
    with tempfile.TemporaryDirectory(prefix="guide-") as folder:
        place = pathlib.Path(folder)
        for path in root.iterdir():
            if path.name != "build" and not path.name.startswith("."):
                (place / path.name).symlink_to(path)
        environment = dict(os.environ, PATH=f"{programs}:{os.environ['PATH']}", XDG_CONFIG_HOME=str(place / ".config"))
        done = subprocess.run(["bash", "-c", script], cwd=place, env=environment)
    print(f"guide: {len(blocks)} blocks of {document.name}, exit code {done.returncode}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
