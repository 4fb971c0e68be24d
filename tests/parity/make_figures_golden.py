#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes golden/figures.json: what scikit-learn and SciPy say of random and degenerate answers.

    pip install scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6
    python make_figures_golden.py
"""
import json
import pathlib
import warnings

import numpy
from scipy.stats import binomtest, fisher_exact
from sklearn import metrics
from sklearn.calibration import calibration_curve

warnings.filterwarnings("ignore")  # undefined figures are what the degenerate cases are for
rng = numpy.random.default_rng(8)


def number(value):
    return None if value is None or not numpy.isfinite(value) else float(value)


def single(name, rows, classes, present, strength=1.5, ties=False, wrong=False):
    truth = rng.integers(0, present, rows)
    logits = rng.normal(size=(rows, classes))
    logits[numpy.arange(rows), truth] += strength
    if wrong:
        logits[numpy.arange(rows), truth] = -9
    if ties:
        logits = numpy.round(logits)
    p = numpy.exp(logits) / numpy.exp(logits).sum(1, keepdims=True)
    p = p.astype(numpy.float32).astype(float)
    answer = p.argmax(1)
    one = numpy.eye(classes)[truth]
    case = {"name": name, "task": "single", "probabilities": p.tolist(), "expected": [[int(t)] for t in truth]}
    labels = list(range(classes))
    case["kappa"] = number(metrics.cohen_kappa_score(truth, answer, labels=labels))
    case["macro_f1"] = metrics.f1_score(truth, answer, average="macro", zero_division=0)
    case["log_loss"] = float(-numpy.log(numpy.maximum(p[numpy.arange(rows), truth], 1e-12)).mean())
    return finish(case, p, one, p.max(1), answer == truth)


def several(name, rows, classes, share):
    truth = (rng.random((rows, classes)) < share).astype(int)
    p = 1 / (1 + numpy.exp(-(rng.normal(size=(rows, classes)) + 2 * truth - 1)))
    p = p.astype(numpy.float32).astype(float)
    case = {"name": name, "task": "several", "probabilities": p.tolist(),
            "expected": [[int(c) for c in numpy.flatnonzero(row)] for row in truth], "kappa": None,
            "macro_f1": metrics.f1_score(truth, (p >= 0.5).astype(int), average="macro", zero_division=0),
            "log_loss": float(numpy.where(truth, -numpy.log(p), -numpy.log(1 - p)).mean())}
    return finish(case, p, truth, p.ravel(), truth.ravel() == 1)


def finish(case, p, one, claimed, came):
    case["classes"] = []
    for c in range(p.shape[1]):
        case["classes"].append(curves(one[:, c], p[:, c]))
    case["micro"] = curves(one.ravel(), p.ravel())
    for area in ("roc_auc", "average_precision"):
        known = [c[area] for c in case["classes"] if c[area] is not None]
        case["macro_" + area] = float(numpy.mean(known)) if known else None
    # scikit-learn's bins hold their lower bound and ours the upper one; on continuous values both are equal.
    came_true, mean = calibration_curve(came, claimed, n_bins=10)
    case["calibration"] = {"came_true": came_true.tolist(), "mean": mean.tolist()}
    bins = numpy.clip(numpy.ceil(claimed * 15).astype(int) - 1, 0, 14)
    case["ece"] = float(sum(abs((claimed[bins == b] - came[bins == b]).sum()) for b in range(15)) / len(claimed))
    return case


def curves(truth, scores):
    result = {"roc_auc": None, "average_precision": None, "roc": None, "precision_recall": None}
    if truth.any() and not truth.all():
        x, y, thresholds = metrics.roc_curve(truth, scores, drop_intermediate=False)
        result["roc"] = {"x": x.tolist(), "y": y.tolist(), "threshold": [number(t) for t in thresholds]}
        result["roc_auc"] = float(metrics.roc_auc_score(truth, scores))
    if truth.any():
        precision, recall, thresholds = metrics.precision_recall_curve(truth, scores)
        # Ours goes by falling thresholds and has no point at recall 0.
        result["precision_recall"] = {"x": recall[:-1][::-1].tolist(), "y": precision[:-1][::-1].tolist(),
                                      "threshold": thresholds[::-1].tolist()}
        result["average_precision"] = float(metrics.average_precision_score(truth, scores))
    return result


cases = [single("random", 60, 4, 4), single("two classes", 40, 2, 2), single("a class absent", 40, 5, 3),
         single("ties", 50, 3, 3, ties=True), single("all wrong", 30, 3, 3, wrong=True),
         single("one class only", 20, 3, 1), several("several", 40, 5, 0.3), several("rows without labels", 40, 4, 0.05),
         several("no labels at all", 20, 3, 0.0)]
proportions = [{"successes": k, "trials": n, "low": i.low, "high": i.high}
               for k, n in [(0, 1), (1, 1), (0, 30), (30, 30), (88, 100), (1, 1000), (3079, 3080)]
               for i in [binomtest(k, n).proportion_ci(method="wilson")]]
flips = [{"fixed": a, "broke": b, "p": binomtest(a, a + b).pvalue if a + b else 1.0}
         for a, b in [(0, 0), (1, 0), (5, 5), (3, 9), (31, 6), (100, 130), (0, 20)]]
tables = [{"table": t, "p": float(fisher_exact([t[:2], t[2:]]).pvalue)}
          for t in [[0, 0, 0, 0], [5, 0, 0, 5], [8, 2, 1, 5], [30, 10, 300, 20], [0, 12, 40, 3], [900, 100, 88, 12]]]
(pathlib.Path(__file__).parent / "golden/figures.json").write_text(json.dumps(
    {"cases": cases, "proportions": proportions, "flips": flips, "tables": tables}) + "\n")
