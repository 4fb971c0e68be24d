#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether labels of a teacher help: `train` (automatic) on people's rows alone, and with what teachers say of the rest.

    teacher_labels.py BIN FOLDER [--teacher built-in] [--teacher FILE.gguf] [--seeds 5] [--label-rows N]

FOLDER as distil labs' examples: job_description.json, train.csv, test.csv, unstructured.csv. For each teacher the
unlabelled rows are labelled once, then trained on with each seed: left to the program, and used whatever it thinks.
Prints a JSON line a training, and a table.
"""
import argparse
import collections
import json
import pathlib
import shutil
import statistics
import subprocess
import tempfile


def run(cli, *arguments):
    done = subprocess.run([cli, "--json", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, arguments))}: {done.stderr[-2000:]}")
    return json.loads(done.stdout), done.stderr


parser = argparse.ArgumentParser()
parser.add_argument("bin")
parser.add_argument("folder")
parser.add_argument("--teacher", action="append", default=[])
parser.add_argument("--seeds", type=int, default=5)
parser.add_argument("--label-rows", type=int, default=0)
parser.add_argument("--threads", type=int, default=0)
parser.add_argument("--ways", default="automatic,use", help="what --teacher-labels of the trainings are")
options = parser.parse_args()
cli = str(pathlib.Path(options.bin) / "stillroom-cli")

scores = collections.defaultdict(list)
with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    run(cli, "init", scratch / "people", "--from", options.folder)
    services = {"people's rows alone": (scratch / "people", ["automatic"])}
    for teacher in options.teacher:
        name = pathlib.Path(teacher).stem
        service = scratch / name
        shutil.copytree(scratch / "people", service)
        exam, _ = run(cli, "exam", service, "--teacher", teacher)
        labelled, _ = run(cli, "label", service, "--teacher", teacher, "--to-train", "--rows", options.label_rows)
        print(json.dumps({"teacher": name, "exam": exam["accuracy"], "labelled": labelled["labelled"]}), flush=True)
        services[name] = (service, options.ways.split(","))
    for seed in range(1, options.seeds + 1):
        for name, (service, ways) in services.items():
            for way in ways:
                result, said = run(cli, "train", service, "--seed", seed, "--teacher-labels", way, "--name", "run",
                                   "--threads", options.threads)
                best = [c for c in result["checkpoints"] if c["id"] == result["best"]][0]
                used = way == "use" or "It learns from" in said  # only automatic has to say so
                accuracy = best["test"]["accuracy"]
                scores[name, way].append((accuracy, used))
                print(json.dumps({"seed": seed, "rows": name, "teacher_labels": way, "used": used,
                                  "accuracy": accuracy, "run": result["run"]}), flush=True)
for (name, way), results in scores.items():
    values = [accuracy for accuracy, _ in results]
    error = statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0
    print(f"{name:24} {way:10} {statistics.mean(values):.3f} +- {error:.3f}  used in {sum(u for _, u in results)} of {len(results)}")
