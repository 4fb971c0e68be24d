# SPDX-License-Identifier: Apache-2.0
"""Classifies texts with transformers, 64 at a time in their order, padded; tokenizing included.

    classify_transformers.py CLASSIFIER TEXTS.jsonl THREADS
"""
import json
import sys
import time

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder, rows, threads = sys.argv[1:4]
torch.set_num_threads(int(threads))
texts = [json.loads(line)["text"] for line in open(rows, encoding="utf-8")]
tokenizer = AutoTokenizer.from_pretrained(folder)
classifier = AutoModelForSequenceClassification.from_pretrained(folder).eval()


def answer(some):
    with torch.inference_mode():
        for i in range(0, len(some), 64):
            classifier(**tokenizer(some[i:i + 64], padding=True, truncation=True, max_length=256, return_tensors="pt"))


answer(texts[:64])
start = time.perf_counter()
answer(texts)
print(json.dumps({"rows_per_second": len(texts) / (time.perf_counter() - start)}))
