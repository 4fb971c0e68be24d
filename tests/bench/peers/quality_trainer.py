# SPDX-License-Identifier: Apache-2.0
"""What a fixed fine-tuning with Hugging Face's Trainer reaches: four epochs at each of three learning rates, and the one
that a tenth of the train rows prefers, scored on the test rows. Prints JSON; --to gets the answers, a line a test row.

    quality_trainer.py WEIGHTS TRAIN.jsonl TEST.jsonl [--seed N] [--gpu] [--threads N] [--to FILE]
"""
import argparse
import json
import random
import tempfile

import torch
from transformers import (AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer,
                          TrainingArguments)

parser = argparse.ArgumentParser()
parser.add_argument("weights")
parser.add_argument("train")
parser.add_argument("test")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--gpu", action="store_true")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--to")
options = parser.parse_args()
torch.set_num_threads(options.threads)


def read(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")]


rows = read(options.train)
test = read(options.test)
labels = sorted({row["label"] for row in rows})
random.Random(options.seed).shuffle(rows)
held = max(1, len(rows) // 10)
tokenizer = AutoTokenizer.from_pretrained(options.weights)


class Rows(torch.utils.data.Dataset):
    def __init__(self, rows):
        self.items = [{**tokenizer(row["text"], truncation=True, max_length=256),
                       "labels": labels.index(row["label"]) if row["label"] in labels else -1} for row in rows]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


validation, train, exam = Rows(rows[:held]), Rows(rows[held:]), Rows(test)
best = None
for rate in (2e-5, 5e-5, 1e-4):
    with tempfile.TemporaryDirectory() as out:
        arguments = TrainingArguments(out, num_train_epochs=4, per_device_train_batch_size=32,
                                      per_device_eval_batch_size=64, report_to=[], save_strategy="no",
                                      logging_strategy="no", disable_tqdm=True, use_cpu=not options.gpu,
                                      learning_rate=rate, seed=options.seed)
        torch.manual_seed(options.seed)
        model = AutoModelForSequenceClassification.from_pretrained(options.weights, num_labels=len(labels))
        trainer = Trainer(model, arguments, train_dataset=train, data_collator=DataCollatorWithPadding(tokenizer))
        trainer.train()

        def answers(part):
            return trainer.predict(part).predictions.argmax(-1)

        score = float((answers(validation) == [item["labels"] for item in validation.items]).mean())
        if best is None or score > best[0]:
            best = (score, rate, answers(exam))
accuracy = float((best[2] == [item["labels"] for item in exam.items]).mean())
print(json.dumps({"learning_rate": best[1], "validation_accuracy": best[0], "test_accuracy": accuracy}))
if options.to:
    with open(options.to, "w", encoding="utf-8") as file:
        file.writelines(labels[i] + "\n" for i in best[2])
