# SPDX-License-Identifier: Apache-2.0
"""How well cleanlab ranks wrong labels, given the probabilities that `stillroom-bench labels --out FILE` wrote.

    label_errors_cleanlab.py FILE
"""
import json
import sys

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.multilabel_classification import get_label_quality_scores as multilabel_scores
from cleanlab.rank import get_label_quality_scores
from sklearn.metrics import average_precision_score

rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
flipped = np.array([row["flipped"] for row in rows])
probabilities = np.array([row["probabilities"] for row in rows])
several = "labels" in rows[0]
labels = [row["labels"] for row in rows] if several else np.array([row["label"] for row in rows])
result = {}
for method in ("self_confidence", "normalized_margin", "confidence_weighted_entropy"):
    if several:
        for how in ({"method": "exponential_moving_average", "alpha": 0.8}, {"method": "softmin", "temperature": 0.1}):
            scores = multilabel_scores(labels, probabilities, method=method, aggregator_kwargs=how)
            result[method + "_" + how["method"]] = round(average_precision_score(flipped, -scores), 4)
        continue
    for adjust in (False, True):
        if adjust and method == "confidence_weighted_entropy":
            continue
        scores = get_label_quality_scores(labels, probabilities, method=method, adjust_pred_probs=adjust)
        result[method + ("_adjusted" if adjust else "")] = round(average_precision_score(flipped, -scores), 4)
issues = find_label_issues(labels, probabilities, multi_label=several)
print(json.dumps({"average_precision": result, "named": int(issues.sum()), "named_flipped": int((issues & flipped).sum())}))
