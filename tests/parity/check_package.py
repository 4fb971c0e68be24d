#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares an exported package in transformers with what stillroom-cli predicts from the service.

    pip install torch==2.11.0 transformers==5.23.0
    stillroom-cli rows SERVICE --split test > rows.jsonl
    stillroom-cli predict SERVICE rows.jsonl > predictions.jsonl
    python check_package.py PACKAGE rows.jsonl predictions.jsonl

Prints one JSON object; exit code 1 when a label differs or a probability is off by more than 1e-4.
"""
import json
import pathlib
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

package, rows_file, predictions_file = sys.argv[1:4]
prefix = json.loads((pathlib.Path(package) / "config.json").read_text())["stillroom"].get("text_prefix", "")
texts = [prefix + json.loads(line)["text"] for line in open(rows_file, encoding="utf-8")]
predictions = [json.loads(line) for line in open(predictions_file, encoding="utf-8")]
tokenizer = AutoTokenizer.from_pretrained(package, trust_remote_code=False)
classifier, loading = AutoModelForSequenceClassification.from_pretrained(package, trust_remote_code=False, output_loading_info=True)
names = classifier.config.id2label
same, largest = 0, 0.0
with torch.no_grad():
    for start in range(0, len(texts), 64):
        batch = tokenizer(texts[start:start + 64], truncation=True, padding=True, return_tensors="pt")
        for probabilities, ours in zip(classifier.eval()(**batch).logits.softmax(-1), predictions[start:start + 64]):
            same += names[int(probabilities.argmax())] == ours["label"]
            largest = max(largest, max(abs(float(p) - ours["probs"][names[i]]) for i, p in enumerate(probabilities)))
keys = {key: sorted(value) for key, value in loading.items() if value}
print(json.dumps({"rows": len(texts), "same_label": same, "largest_probability_difference": largest, "loading": keys}))
sys.exit(0 if same == len(texts) == len(predictions) and largest < 1e-4 else 1)
