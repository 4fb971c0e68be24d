# SPDX-License-Identifier: Apache-2.0
"""How well cleanlab ranks wrong labels, given the probabilities that `stillroom-bench labels --out FILE` wrote.

    label_errors_cleanlab.py FILE
"""
import json
import sys

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from sklearn.metrics import average_precision_score

rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
labels = np.array([row["label"] for row in rows])
flipped = np.array([row["flipped"] for row in rows])
probabilities = np.array([row["probabilities"] for row in rows])
result = {}
for method in ("self_confidence", "normalized_margin", "confidence_weighted_entropy"):
    for adjust in (False, True):
        if adjust and method == "confidence_weighted_entropy":
            continue
        scores = get_label_quality_scores(labels, probabilities, method=method, adjust_pred_probs=adjust)
        result[method + ("_adjusted" if adjust else "")] = round(average_precision_score(flipped, -scores), 4)
issues = find_label_issues(labels, probabilities)
print(json.dumps({"average_precision": result, "named": int(issues.sum()), "named_flipped": int((issues & flipped).sum())}))
