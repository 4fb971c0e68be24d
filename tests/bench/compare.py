#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures Stillroom beside its peers, alternating, and keeps the figures; packaging/bench calls it.

    compare.py run BUILD DATA OUT.json [--peers PYTHON] [--rounds N] [--only NAME,...] [--anyway]
    compare.py table OUT.json docs/benchmarks.md

DATA holds banking77 (train.csv, test.csv: text,category) and distil-labs-examples/banking-routing (train.csv,
test.csv: question,answer). Without --peers only our own side is measured. Between two measurements the machine must be
quiet: it waits for that, and refuses when it does not come, unless --anyway, which marks the figures.
"""
import argparse
import csv
import json
import os
import pathlib
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
WEIGHTS = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "stillroom/weights/all-MiniLM-L6-v2"
TRAIN_ROWS, CLASSIFY_ROWS = 640, 1540
BEGIN, END = "<!-- figures: made by packaging/bench --table -->", "<!-- /figures -->"


def quiet(anyway):
    """Whether less than half a core is busy; waits a minute for it. The load average remembers our own last run."""
    def busy():
        before = open("/proc/stat").readline().split()[1:9]
        time.sleep(1)
        after = open("/proc/stat").readline().split()[1:9]
        spent = [int(b) - int(a) for a, b in zip(before, after)]
        return (sum(spent) - spent[3] - spent[4]) / max(1, sum(spent)) * os.cpu_count()
    for _ in range(60):
        if busy() < 0.5:
            return True
    if not anyway:
        sys.exit("bench: other programs keep this machine busy, so its figures would say nothing. Stop them, or use --anyway.")
    return False


def measure(command, environment):
    """The last JSON object that it prints, with its peak memory in MB and its wall seconds."""
    start = time.perf_counter()
    child = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)
    out, errors = child.stdout.read(), child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    lines = [line for line in out.splitlines() if line.startswith('{"')]
    if status != 0 or not lines:
        sys.exit(f"bench: {command[0]} failed:\n{errors[-2000:]}")
    merged = {}
    for line in lines:
        figures = json.loads(line)
        during = figures.pop("during", "")
        merged.update({f"{during} {name}".strip(): value for name, value in figures.items()})
    return {**merged, "peak_mb": usage.ru_maxrss / 1024, "wall_seconds": seconds}


def rows_of(path, text, label):
    with open(path, encoding="utf-8", newline="") as file:
        return [{"text": row[text], "label": row[label]} for row in csv.DictReader(file)]


def write_rows(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


class Bench:
    def __init__(self, options):
        self.options = options
        self.build, self.data = pathlib.Path(options.build), pathlib.Path(options.data)
        self.bench, self.cli = self.build / "bin/stillroom-bench", self.build / "bin/stillroom-cli"
        self.threads = os.cpu_count()
        self.environment = {**os.environ, "STILLROOM_NETS": str(self.build / "lib/libstillroom_nets.so"),
                            "QT_QPA_PLATFORM": "offscreen", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false",
                            "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": str(self.threads)}
        self.results = {}
        self.loaded = False

    def alternate(self, name, contenders):
        """Each contender once a round, beginning with another one each time."""
        runs = {who: [] for who in contenders}
        names = list(contenders)
        for i in range(self.options.rounds):
            for who in names[i % len(names):] + names[:i % len(names)]:
                self.loaded = not quiet(self.options.anyway) or self.loaded
                runs[who].append(measure(contenders[who], self.environment))
                print(f"{name} {i + 1}/{self.options.rounds} {who}: " +
                      json.dumps({k: v for k, v in runs[who][-1].items() if isinstance(v, float)}), file=sys.stderr)
        self.results[name] = runs

    def peer(self, script, *arguments):
        return [self.options.peers, HERE / "peers" / script, *arguments]

    def training(self, folder):
        rows = rows_of(self.data / "banking77/train.csv", "text", "category")
        random.Random(1).shuffle(rows)
        train = write_rows(folder / "train.jsonl", rows[:TRAIN_ROWS])
        test = write_rows(folder / "few.jsonl", rows[TRAIN_ROWS:TRAIN_ROWS + 8])
        contenders = {"stillroom": [self.bench, "train", WEIGHTS, train, test, "--epochs", 1, "--threads", self.threads]}
        if self.options.peers:
            contenders["trainer"] = self.peer("train_trainer.py", WEIGHTS, train, self.threads)
            contenders["trainer_grouped"] = contenders["trainer"] + ["--group-by-length"]
        self.alternate("train", contenders)

    def classifying(self, folder):
        rows = rows_of(self.data / "banking77/test.csv", "text", "category")
        random.Random(1).shuffle(rows)
        texts = write_rows(folder / "texts.jsonl", rows[:CLASSIFY_ROWS])
        # Speed does not depend on what was learnt: trained in seconds.
        train = write_rows(folder / "some.jsonl", rows_of(self.data / "banking77/train.csv", "text", "category"))
        classifier = folder / "classifier"
        for command in (["init", folder / "s", "--task", "bench"], ["import", folder / "s", train, "--split", "train"],
                        ["train", folder / "s", "--recipe", "seconds"], ["export", folder / "s", "best", "--to", classifier]):
            subprocess.run([str(c) for c in [self.cli, *command]], env=self.environment, check=True, capture_output=True)
        contenders = {"stillroom": [self.bench, "classify", folder / "s/runs/seconds/checkpoints/1", texts, "--threads", self.threads]}
        if self.options.peers:
            contenders["transformers"] = self.peer("classify_transformers.py", classifier, texts, self.threads)
            contenders["onnx"] = self.peer("classify_onnx.py", classifier, texts, self.threads)
        self.alternate("classify", contenders)

    def first(self, folder):
        source = self.data / "distil-labs-examples/banking-routing"
        train = write_rows(folder / "first.jsonl", rows_of(source / "train.csv", "question", "answer"))
        test = write_rows(folder / "exam.jsonl", rows_of(source / "test.csv", "question", "answer"))
        contenders = {"stillroom": [self.bench, "train", WEIGHTS, train, test, "--recipe", "seconds", "--threads", self.threads]}
        if self.options.peers:
            contenders["setfit"] = self.peer("first_setfit.py", WEIGHTS, train, test, self.threads)
        self.alternate("first", contenders)

    def calls(self, _):
        server = subprocess.Popen([sys.executable, HERE / "peers/calls_server.py"], stdout=subprocess.PIPE, text=True)
        try:
            address = server.stdout.readline().strip()
            contenders = {"stillroom": [self.bench, "calls", address]}
            if self.options.peers:
                contenders["openai"] = self.peer("calls_openai.py", address)
            self.alternate("calls", contenders)
        finally:
            server.kill()

    def window(self, _):
        for rows in (10_000, 100_000, 1_000_000):
            self.alternate(f"table_{rows}", {"stillroom": [self.bench, "table", "--rows", rows]})
        self.alternate("window", {"stillroom": [self.bench, "window", "--rows", 100_000]})

    def start(self, _):
        quiet(self.options.anyway)
        times = []
        for _ in range(20):
            begin = time.perf_counter()
            subprocess.run([str(self.cli), "--version"], capture_output=True, check=True, env=self.environment)
            times.append(time.perf_counter() - begin)
        self.results["start"] = {"stillroom": [{"version_ms": 1000 * statistics.median(times)}]}

    def run(self):
        parts = {"train": self.training, "classify": self.classifying, "first": self.first, "calls": self.calls, "window": self.window, "start": self.start}
        out = pathlib.Path(self.options.out)
        if out.exists():
            self.results = json.loads(out.read_text())["runs"]
        for name, part in parts.items():
            if self.options.only and name not in self.options.only.split(","):
                continue
            with tempfile.TemporaryDirectory() as folder:
                part(pathlib.Path(folder))
            model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
            out.write_text(json.dumps({"machine": model, "cores": os.cpu_count(), "system": platform.platform(),
                                       "loaded": self.loaded, "runs": self.results}, indent=1) + "\n")


def median(runs, field):
    return statistics.median(run[field] for run in runs)


def ratio(runs, field, ours, theirs):
    """Median of the rounds' own ratios: both sides of a round met the same machine."""
    return statistics.median(a[field] / b[field] for a, b in zip(runs[ours], runs[theirs]))


def table(results, document):
    runs = results["runs"]
    lines = [f"Measured on {results['machine']}, {results['cores']} cores"
             f"{', while other programs ran' if results['loaded'] else ''}; medians of alternating rounds.", "",
             "| what | Stillroom | beside | ratio |", "|---|---|---|---|"]

    def compare(name, peer, words, beside, field, unit, more=True):
        if name not in runs or peer not in runs[name]:
            return
        factor = ratio(runs[name], field, "stillroom", peer) if more else ratio(runs[name], field, peer, "stillroom")
        lines.append(f"| {words} | {median(runs[name]['stillroom'], field):.{1 if field == 'seconds' else 0}f} {unit} | "
                     f"{beside}: {median(runs[name][peer], field):.{1 if field == 'seconds' else 0}f} {unit} | {factor:.1f}x |")

    fine = "fine-tuning MiniLM, BANKING77, batch 32"
    compare("train", "trainer", fine, "transformers' Trainer", "rows_per_second", "rows/s")
    compare("train", "trainer_grouped", fine, "the same, grouped by length", "rows_per_second", "rows/s")
    compare("train", "trainer", "its peak memory", "transformers' Trainer", "peak_mb", "MB", more=False)
    compare("classify", "transformers", "classifying BANKING77", "transformers, batch 64", "rows_per_second", "rows/s")
    compare("classify", "onnx", "classifying BANKING77", "ONNX Runtime, sorted by length", "rows_per_second", "rows/s")
    compare("first", "setfit", "first classifier from 48 rows", "SetFit", "seconds", "s", more=False)
    if "setfit" in runs.get("first", {}):
        lines.append(f"| its accuracy on 96 rows | {100 * median(runs['first']['stillroom'], 'test_accuracy'):.1f} % | "
                     f"SetFit: {100 * median(runs['first']['setfit'], 'accuracy'):.1f} % | |")
    compare("calls", "openai", "questions to a teacher that answers at once", "OpenAI's Python client", "per_second", "per second")
    for rows in (10_000, 100_000, 1_000_000):
        if f"table_{rows}" in runs:
            t = runs[f"table_{rows}"]["stillroom"]
            lines.append(f"| table of {rows:,} rows | first paint {median(t, 'first_paint_ms'):.0f} ms, "
                         f"jump p99 {median(t, 'jump_p99_ms'):.1f} ms, scroll p99 {median(t, 'scroll_p99_ms'):.1f} ms | | |")
    if "start" in runs:
        lines.append(f"| `stillroom-cli --version` | {runs['start']['stillroom'][0]['version_ms']:.0f} ms | | |")
    if "window" in runs:
        w = runs["window"]["stillroom"]
        lines.append(f"| window visible | {median(w, 'visible_ms'):.0f} ms | | |")
        for during in sorted(name.removesuffix(" max_ms") for name in w[0] if name.endswith(" max_ms")):
            lines.append(f"| window during {during} | frames p99 {median(w, during + ' p99_ms'):.1f} ms, "
                         f"longest {median(w, during + ' max_ms'):.0f} ms | | |")
    text = document.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        sys.exit(f"bench: {document} has no place for the table: {BEGIN} ... {END}")
    before, rest = text.split(BEGIN, 1)
    document.write_text(before + BEGIN + "\n" + "\n".join(lines) + "\n" + END + rest.split(END, 1)[1], encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run")
    run.add_argument("build"), run.add_argument("data"), run.add_argument("out")
    run.add_argument("--peers"), run.add_argument("--only"), run.add_argument("--anyway", action="store_true")
    run.add_argument("--rounds", type=int, default=5)
    make = commands.add_parser("table")
    make.add_argument("out"), make.add_argument("document", type=pathlib.Path)
    options = parser.parse_args()
    if options.command == "run":
        Bench(options).run()
    else:
        table(json.loads(pathlib.Path(options.out).read_text()), options.document)


if __name__ == "__main__":
    main()
