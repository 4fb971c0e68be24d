#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the committed files in tests/parity/golden from Hugging Face's libraries.

    pip install torch==2.11.0 transformers==5.23.0 tokenizers==0.23.3 scikit-learn
    python make_golden.py

Everything in it is our own: a vocabulary written here, random weights of fixed seed, texts written here.
"""
import json
import pathlib
import random

import numpy
import torch
from sklearn import metrics
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, BertModel

from texts import TEXTS

HERE = pathlib.Path(__file__).parent / "golden"
WORDS = """the a is my your where order parcel refund money back please card charged twice when will it come candle
 teapot blue broken arrived late cancel change address invoice payment failed return how do i get strasse cafe naive
 angstrom tokyo don t stop never price ok yes no""".split()
PIECES = ["s", "ed", "ing", "er", "ly", "able", "un", "re", "est", "tion"]


def make_tokenizer():
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [chr(c) for c in range(33, 127)] + list("éüß東京日本語한국어€—。")
    for piece in letters + WORDS + PIECES:
        if piece.lower() == piece:
            vocabulary += [piece, "##" + piece]
    vocabulary = list(dict.fromkeys(vocabulary))
    tokenizer = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(vocabulary)}, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
                                                             special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return tokenizer, len(vocabulary)


def encodings(tokenizer, texts):
    rows = []
    for text in texts:
        with_special, plain = tokenizer.encode(text), tokenizer.encode(text, add_special_tokens=False)
        rows.append({"text": text, "ids": with_special.ids, "ids_plain": plain.ids, "offsets": [list(o) for o in with_special.offsets]})
    return rows


def cased(tokenizer):
    other = Tokenizer.from_str(tokenizer.to_str())
    other.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return other


def make_weights(size):
    torch.manual_seed(5)
    config = BertConfig(vocab_size=size, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, max_position_embeddings=64,
                        initializer_range=0.2, id2label={0: "delivery", 1: "refund", 2: "invoice"}, label2id={"delivery": 0, "refund": 1, "invoice": 2})
    classifier = BertForSequenceClassification(config).eval()
    base = BertModel(config, add_pooling_layer=True).eval()
    classifier.save_pretrained(HERE / "tiny_classifier")
    base.save_pretrained(HERE / "tiny_base")
    return classifier, base


def main():
    HERE.mkdir(exist_ok=True)
    tokenizer, size = make_tokenizer()
    classifier, base = make_weights(size)
    for folder in ("tiny_base", "tiny_classifier"):
        tokenizer.save(str(HERE / folder / "tokenizer.json"), pretty=False)
    cased(tokenizer).save(str(HERE / "cased_tokenizer.json"), pretty=False)
    (HERE / "encodings.json").write_text(json.dumps({"uncased": encodings(tokenizer, TEXTS), "cased": encodings(cased(tokenizer), TEXTS)}, indent=0) + "\n")

    texts = [t for t in TEXTS if t.strip()][:12]
    rows = []
    with torch.no_grad():
        for text in texts:
            ids = torch.tensor([tokenizer.encode(text).ids[:64]])
            mean = base(ids).last_hidden_state.mean(1)
            pooled = torch.nn.functional.layer_norm(mean, [32], eps=1e-12)
            rows.append({"ids": ids[0].tolist(), "logits": classifier(ids).logits[0].tolist(), "pooled": pooled[0].tolist()})
    (HERE / "outputs.json").write_text(json.dumps(rows, indent=0) + "\n")

    rng = numpy.random.default_rng(3)
    labels = rng.integers(0, 4, 60)
    logits = rng.normal(size=(60, 5)) + 2 * numpy.eye(5)[labels]
    probabilities = numpy.exp(logits) / numpy.exp(logits).sum(1, keepdims=True)
    predicted = probabilities.argmax(1)
    report = metrics.precision_recall_fscore_support(labels, predicted, labels=range(5), zero_division=0)
    (HERE / "metrics.json").write_text(json.dumps({
        "labels": labels.tolist(), "logits": logits.tolist(), "accuracy": metrics.accuracy_score(labels, predicted),
        "macro_f1": metrics.f1_score(labels, predicted, average="macro", zero_division=0), "weighted_f1": metrics.f1_score(labels, predicted, average="weighted", zero_division=0),
        "log_loss": metrics.log_loss(labels, probabilities, labels=range(5)), "precision": report[0].tolist(), "recall": report[1].tolist(),
        "support": report[3].tolist(), "confusion": metrics.confusion_matrix(labels, predicted, labels=range(5)).tolist()}, indent=0) + "\n")


main()
