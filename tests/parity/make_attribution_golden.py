#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes tests/parity/golden/attributions.json: integrated gradients of the tiny classifier, by transformers and autograd
in double precision with 4,000 steps.

    pip install torch==2.11.0 transformers==5.23.0
    python make_attribution_golden.py
"""
import json
import pathlib

import torch
from transformers import BertForSequenceClassification

HERE = pathlib.Path(__file__).parent / "golden"
STEPS = 4000
PAD = 0


def attributions(model, ids, label):
    neutral = [ids[0]] + [PAD] * (len(ids) - 2) + [ids[-1]]
    embed = model.bert.embeddings
    with torch.no_grad():
        begin, end = (embed(torch.tensor([x])) for x in (neutral, ids))

    def log_odds(states):
        mask = torch.zeros(states.shape[0], 1, 1, states.shape[1], dtype=states.dtype)
        for layer in model.bert.encoder.layer:
            states = layer(states, mask)
            states = states[0] if isinstance(states, tuple) else states
        logits = model.classifier(model.bert.pooler(states))
        others = torch.cat([logits[:, :label], logits[:, label + 1:]], 1)
        return logits[:, label] - torch.logsumexp(others, 1)

    total = torch.zeros_like(begin[0])
    for first in range(0, STEPS, 500):
        shares = (torch.arange(first, first + 500, dtype=begin.dtype) + 0.5) / STEPS
        points = (begin + (end - begin) * shares[:, None, None]).requires_grad_(True)
        total += torch.autograd.grad(log_odds(points).sum(), points)[0].sum(0)
    tokens = ((end - begin)[0] * total / STEPS).sum(1)
    with torch.no_grad():
        return {"ids": ids, "label": label, "tokens": tokens.tolist(), "log_odds": log_odds(end).item(),
                "neutral": log_odds(begin).item()}


model = BertForSequenceClassification.from_pretrained(HERE / "tiny_classifier").double().eval()
rows = []
for i, row in enumerate(json.loads((HERE / "outputs.json").read_text())[:12]):
    if len(row["ids"]) > 2:
        rows.append(attributions(model, row["ids"], i % 3))
(HERE / "attributions.json").write_text(json.dumps(rows, indent=0))
print(len(rows), "texts")
