#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What "What next" promises beside what comes of it, on draws of public sets whose true labels are known.

    advice_gains.py BIN DATA [--sets NAMES] [--draws N] [--threads N]

BIN: the build's folder of programs. Of each draw's train rows one label in twenty is made wrong. Each piece of advice
on the quick classifier is followed, the exam is asked again, and one JSON line says what was promised and what came.
Needs STILLROOM_NETS where the programs are not installed.
"""
import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile

SETS = ("banking77", "trec", "emotion")
WRONG = 0.05


def read(data, name):
    if name == "banking77":
        with open(f"{data}/banking77/train.csv", newline="", encoding="utf-8") as file:
            return [(row["text"], row["category"]) for row in csv.DictReader(file)]
    if name == "trec":
        with open(f"{data}/trec-questions/TREC.train", encoding="latin-1") as file:
            lines = [line.rstrip("\r\n").split(" ", 1) for line in file if line.strip()]
        return [(text, label.split(":")[0]) for label, text in lines]
    with open(f"{data}/emotion/train.txt", encoding="utf-8") as file:
        rows = [tuple(line.rstrip("\n").rsplit(";", 1)) for line in file if line.strip()]
        return [row for row in rows if row[1] != "label_name"]  # a row that is none


def draw(rows, seed, per_class, classes, exam):
    """Train rows, more of the same for later, and exam rows; all texts different."""
    rand = random.Random(seed)
    rows = list({text.strip().casefold(): (text, label) for text, label in rows}.values())
    names = sorted({label for _, label in rows})
    if classes and classes < len(names):
        names = sorted(rand.sample(names, classes))
    rows = [row for row in rows if row[1] in names]
    rand.shuffle(rows)
    taken, train, rest = {}, [], []
    for text, label in rows:
        if taken.get(label, 0) < per_class:
            taken[label] = taken.get(label, 0) + 1
            train.append((text, label))
        else:
            rest.append((text, label))
    # No class is left out of the exam.
    first = [row for name in names for row in [r for r in rest if r[1] == name][:5]]
    rest = first + [row for row in rest if row not in first]
    return names, train, rest[exam:], rest[:exam]


class Service:
    """A new service with these rows, trained by the quick recipe."""

    def __init__(self, options, folder, train, exam):
        self.options, self.folder = options, folder
        self.call("init", "--task", "Which of these is it?")
        for split, rows in (("train", train), ("test", exam)):
            path = f"{folder}.{split}.jsonl"
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(json.dumps({"text": text, "label": label}) + "\n" for text, label in rows)
            self.call("import", "--split", split, "--new-classes", "--keep-duplicates", path)
        self.call("train", "--recipe", "seconds", "--threads", str(options.threads))
        self.results = self.call("results", "seconds/1")

    def call(self, command, *arguments):
        place = [self.folder]
        done = subprocess.run([f"{self.options.bin}/stillroom-cli", "--json", command, *place, *arguments],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{command}: {done.stderr}")
        return json.loads(done.stdout)

    @property
    def accuracy(self):
        return self.results["accuracy"]


def follow(options, work, advice, service, train, truth, more, exam):
    """The exam's accuracy after the advice was followed, less the one before."""
    place = os.path.join(work, advice["kind"])
    if advice["kind"] == "look_at_rows":
        mended = list(train)
        for row in advice["rows"]:  # ids count from 1 in the order of the import
            mended[row - 1] = truth[row - 1]
        return Service(options, place, mended, exam).accuracy - service.accuracy
    if advice["kind"] == "more_rows":
        added = []
        for name in advice["labels"]:
            have = sum(1 for _, label in truth if label == name)
            added += [row for row in more if row[1] == name][:have]
        return Service(options, place, train + added, exam).accuracy - service.accuracy
    if advice["kind"] == "tell_apart":
        first, second = advice["labels"]

        def merge(rows):
            return [(text, first if label == second else label) for text, label in rows]

        return Service(options, place, merge(train), merge(exam)).accuracy - service.accuracy
    if advice["kind"] == "ask_below":
        limited = service.call("limit", "--right", str(advice["right_share"]))["exam"]
        return limited["right"] / max(limited["answered"], 1) - service.accuracy
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin")
    parser.add_argument("data")
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--draws", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    sizes = {"banking77": (20, 12, 1200), "trec": (60, 0, 1500), "emotion": (80, 0, 2000)}
    for name in options.sets.split(","):
        rows = read(options.data, name)
        per_class, classes, exam_rows = sizes[name]
        for seed in range(options.seed, options.seed + options.draws):
            names, truth, more, exam = draw(rows, seed, per_class, classes, exam_rows)
            rand = random.Random(seed)
            train = [(text, rand.choice([n for n in names if n != label]) if rand.random() < WRONG else label)
                     for text, label in truth]
            with tempfile.TemporaryDirectory() as work:
                service = Service(options, os.path.join(work, "service"), train, exam)
                for advice in service.results["advice"]:
                    came = follow(options, work, advice, service, train, truth, more, exam)
                    # What it promises is for telling two classes apart; making them one, as here, is twice that.
                    promised = advice["gain"] * (2 if advice["kind"] == "tell_apart" else 1)
                    if came is not None:
                        print(json.dumps({"set": name, "seed": seed, "kind": advice["kind"],
                                          "before": round(service.accuracy, 4), "promised": round(promised, 4),
                                          "came": round(came, 4), "rows": len(advice["rows"])}), flush=True)


if __name__ == "__main__":
    main()
