# SPDX-License-Identifier: Apache-2.0
"""Classifies texts with ONNX Runtime, 64 at a time sorted by length, so that little is padded; tokenizing included.
The classifier is converted once, into CLASSIFIER/peer.onnx.

    classify_onnx.py CLASSIFIER TEXTS.jsonl THREADS
"""
import json
import pathlib
import sys
import time

import onnxruntime
from tokenizers import Tokenizer

folder, rows, threads = sys.argv[1:4]
converted = pathlib.Path(folder) / "peer.onnx"
if not converted.exists():
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    example = AutoTokenizer.from_pretrained(folder)(["one text", "and a longer one"], padding=True, return_tensors="pt")
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "rows", 1: "tokens"} for name in names}
    classifier = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval()
    torch.onnx.export(classifier, tuple(example[name] for name in names), str(converted), input_names=names,
                      output_names=["logits"], dynamic_axes={**axes, "logits": {0: "rows"}}, opset_version=17,
                      dynamo=False)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(threads)
session = onnxruntime.InferenceSession(str(converted), options, providers=["CPUExecutionProvider"])
tokenizer = Tokenizer.from_file(str(pathlib.Path(folder) / "tokenizer.json"))
tokenizer.enable_truncation(256)
tokenizer.enable_padding()
texts = [json.loads(line)["text"] for line in open(rows, encoding="utf-8")]


def answer(some):
    import numpy
    some = sorted(some, key=len)
    for i in range(0, len(some), 64):
        batch = tokenizer.encode_batch(some[i:i + 64])
        session.run(None, {"input_ids": numpy.array([e.ids for e in batch], dtype=numpy.int64),
                           "attention_mask": numpy.array([e.attention_mask for e in batch], dtype=numpy.int64),
                           "token_type_ids": numpy.array([e.type_ids for e in batch], dtype=numpy.int64)})


answer(texts[:64])
start = time.perf_counter()
answer(texts)
print(json.dumps({"rows_per_second": len(texts) / (time.perf_counter() - start)}))
