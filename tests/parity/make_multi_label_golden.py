#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes golden/multi_label.json: what scikit-learn says of answers with several labels, and its regressions.

    pip install scikit-learn==1.9.1 numpy==2.4.6
    python make_multi_label_golden.py
"""
import json
import pathlib

import numpy
from sklearn import metrics
from sklearn.linear_model import LogisticRegression

PENALTIES = [256, 64, 16, 4, 1, 0.25]

rng = numpy.random.default_rng(5)
truth = (rng.random((80, 6)) < [0.5, 0.3, 0.2, 0.1, 0.05, 0.0]).astype(int)
logits = rng.normal(size=(80, 6)) + 2.5 * truth - 1.5
probabilities = 1 / (1 + numpy.exp(-logits))
answers = (probabilities >= 0.5).astype(int)
scores = metrics.precision_recall_fscore_support(truth, answers, zero_division=0)

features = rng.normal(size=(60, 4))
targets = numpy.stack([features[:, 0] + 0.5 * rng.normal(size=60) > 0.3,
                       features[:, 1] - features[:, 2] + 0.5 * rng.normal(size=60) > 1,
                       rng.random(60) < 0.2], 1).astype(int)
regressions = {}
for penalty in PENALTIES:
    fits = [LogisticRegression(C=1 / penalty, tol=1e-8, max_iter=10000).fit(features, targets[:, c]) for c in range(3)]
    regressions[str(penalty)] = {"weight": [fit.coef_[0].tolist() for fit in fits],
                                 "bias": [float(fit.intercept_[0]) for fit in fits]}

(pathlib.Path(__file__).parent / "golden/multi_label.json").write_text(json.dumps({
    "truth": truth.tolist(), "logits": logits.tolist(),
    "exact_match": metrics.accuracy_score(truth, answers), "hamming": metrics.hamming_loss(truth, answers),
    "micro_f1": metrics.f1_score(truth, answers, average="micro", zero_division=0),
    "macro_f1": metrics.f1_score(truth, answers, average="macro", zero_division=0),
    "weighted_f1": metrics.f1_score(truth, answers, average="weighted", zero_division=0),
    "log_loss": float(numpy.mean(numpy.where(truth, -numpy.log(probabilities), -numpy.log(1 - probabilities)))),
    "precision": scores[0].tolist(), "recall": scores[1].tolist(), "f1": scores[2].tolist(),
    "support": scores[3].tolist(),
    "features": features.tolist(), "targets": targets.tolist(), "regressions": regressions}, indent=0) + "\n")
