# SPDX-License-Identifier: Apache-2.0
"""Fine-tunes all weights with Hugging Face's Trainer and says how fast.

    train_trainer.py WEIGHTS TRAIN.jsonl THREADS [--group-by-length]
"""
import json
import sys
import tempfile

import torch
from transformers import (AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer,
                          TrainingArguments)

weights, rows, threads = sys.argv[1:4]
torch.set_num_threads(int(threads))
rows = [json.loads(line) for line in open(rows, encoding="utf-8")]
labels = sorted({row["label"] for row in rows})
tokenizer = AutoTokenizer.from_pretrained(weights)


class Rows(torch.utils.data.Dataset):
    def __init__(self):
        self.items = [{**tokenizer(row["text"], truncation=True, max_length=256), "labels": labels.index(row["label"])}
                      for row in rows]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


with tempfile.TemporaryDirectory() as out:
    grouping = {"train_sampling_strategy": "group_by_length"} if "--group-by-length" in sys.argv else {}
    arguments = TrainingArguments(out, num_train_epochs=1, per_device_train_batch_size=32, report_to=[],
                                  save_strategy="no", logging_strategy="no", disable_tqdm=True, use_cpu=True, **grouping)
    trainer = Trainer(AutoModelForSequenceClassification.from_pretrained(weights, num_labels=len(labels)), arguments,
                      train_dataset=Rows(), data_collator=DataCollatorWithPadding(tokenizer))
    result = trainer.train()
print(json.dumps({"rows_per_second": len(rows) / result.metrics["train_runtime"]}))
