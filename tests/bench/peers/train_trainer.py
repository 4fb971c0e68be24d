# SPDX-License-Identifier: Apache-2.0
"""Fine-tunes all weights with Hugging Face's Trainer and says how fast, and how well where there are test rows.

    train_trainer.py WEIGHTS TRAIN.jsonl THREADS [--group-by-length] [--gpu [--bf16]] [--test FILE.jsonl]
                     [--epochs N] [--lr X] [--seed N]
"""
import argparse
import json
import tempfile

import torch
from transformers import (AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer,
                          TrainingArguments)

parser = argparse.ArgumentParser()
parser.add_argument("weights")
parser.add_argument("train")
parser.add_argument("threads", type=int)
parser.add_argument("--group-by-length", action="store_true")
parser.add_argument("--gpu", action="store_true")
parser.add_argument("--bf16", action="store_true")
parser.add_argument("--test")
parser.add_argument("--epochs", type=int, default=1)
parser.add_argument("--lr", type=float, default=5e-5)
parser.add_argument("--seed", type=int, default=42)
options = parser.parse_args()

torch.set_num_threads(options.threads)


def read(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")]


rows = read(options.train)
labels = sorted({row["label"] for row in rows})
tokenizer = AutoTokenizer.from_pretrained(options.weights)


class Rows(torch.utils.data.Dataset):
    def __init__(self, rows):
        self.items = [{**tokenizer(row["text"], truncation=True, max_length=256), "labels": labels.index(row["label"])}
                      for row in rows]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


with tempfile.TemporaryDirectory() as out:
    grouping = {"train_sampling_strategy": "group_by_length"} if options.group_by_length else {}
    arguments = TrainingArguments(out, num_train_epochs=options.epochs, per_device_train_batch_size=32, report_to=[],
                                  save_strategy="no", logging_strategy="no", disable_tqdm=True, use_cpu=not options.gpu,
                                  bf16=options.bf16, learning_rate=options.lr, seed=options.seed, **grouping)
    trainer = Trainer(AutoModelForSequenceClassification.from_pretrained(options.weights, num_labels=len(labels)),
                      arguments, train_dataset=Rows(rows), data_collator=DataCollatorWithPadding(tokenizer))
    result = trainer.train()
    found = {"rows_per_second": options.epochs * len(rows) / result.metrics["train_runtime"]}
    if options.test:
        answers = trainer.predict(Rows(read(options.test)))
        found["test_accuracy"] = float((answers.predictions.argmax(-1) == answers.label_ids).mean())
print(json.dumps(found))
