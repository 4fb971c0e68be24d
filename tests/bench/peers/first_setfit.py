# SPDX-License-Identifier: Apache-2.0
"""A first classifier from a few rows with SetFit: 5 iterations, 1 epoch, batch 16, 128 tokens.

    first_setfit.py WEIGHTS TRAIN.jsonl TEST.jsonl THREADS
"""
import json
import sys
import tempfile
import time

import torch
from datasets import Dataset
from setfit import SetFitModel, Trainer, TrainingArguments

weights, train, test, threads = sys.argv[1:5]
torch.set_num_threads(int(threads))
train, test = ([json.loads(line) for line in open(path, encoding="utf-8")] for path in (train, test))
classifier = SetFitModel.from_pretrained(weights, labels=sorted({row["label"] for row in train}))
classifier.model_body.max_seq_length = 128
start = time.perf_counter()
with tempfile.TemporaryDirectory() as out:
    trainer = Trainer(model=classifier,
                      args=TrainingArguments(out, num_iterations=5, num_epochs=1, batch_size=16, report_to="none",
                                             save_strategy="no", logging_strategy="no"),
                      train_dataset=Dataset.from_list(train))
    trainer.train()
seconds = time.perf_counter() - start
answers = classifier.predict([row["text"] for row in test])
right = sum(str(answer) == row["label"] for answer, row in zip(answers, test))
print(json.dumps({"seconds": seconds, "accuracy": right / len(test)}))
