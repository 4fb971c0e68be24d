#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes tests/parity/golden/{tokenizers,families} from Hugging Face's libraries: tokenizers of every kind that is read,
trained on texts written here, and tiny random checkpoints of every family of encoders.

    pip install torch==2.11.0 transformers==5.23.0 tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
    python make_family_golden.py
"""
import io
import json
import pathlib
import shutil
import tempfile

import sentencepiece
import torch
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (DistilBertConfig, DistilBertForSequenceClassification, DistilBertModel, ModernBertConfig,
                          ModernBertForSequenceClassification, ModernBertModel, RobertaConfig,
                          RobertaForSequenceClassification, RobertaModel, XLMRobertaConfig,
                          XLMRobertaForSequenceClassification, XLMRobertaModel)

from texts import TEXTS

HERE = pathlib.Path(__file__).parent / "golden"
CORPUS = TEXTS + """the parcel has not been delivered and I want my money back
where is the refund for the order that you cancelled, please?
the teapot arrived broken, the candle arrived late, the invoice is wrong
I've been charged twice; they're returning it, we'll see, don't worry
Die Lieferung kam zu spät, bitte erstatten Sie den Betrag.
返品したいのですが、返金はいつですか。 荷物はまだ届いていません。
чашка пришла разбитой, верните деньги""".splitlines() * 3
SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
         r"|\s+(?!\S)|\s+")


def trained(tokenizer, trainer):
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def bytes_trainer(**more):
    return trainers.BpeTrainer(initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False, **more)


def roberta():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trained(tokenizer, bytes_trainer(vocab_size=420, special_tokens=["<s>", "<pad>", "</s>", "<unk>"]))
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=True)])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return tokenizer


def clip():
    tokenizer = Tokenizer(models.BPE(unk_token="<|end|>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    trained(tokenizer, bytes_trainer(vocab_size=700, end_of_word_suffix="</w>", special_tokens=["<|begin|>", "<|end|>"]))
    tokenizer.post_processor = processors.RobertaProcessing(("<|end|>", 1), ("<|begin|>", 0), trim_offsets=False)
    return tokenizer


def pattern():
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(SPLIT), "isolated"),
                                                       pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    return trained(tokenizer, bytes_trainer(vocab_size=450, special_tokens=["<|text|>"]))


def fallback():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    specials = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    alphabet = list("abcdefghijklmnopqrstuvwxyz\u2581.,?!'")
    return trained(tokenizer, trainers.BpeTrainer(vocab_size=420, special_tokens=specials, initial_alphabet=alphabet,
                                                  limit_alphabet=len(alphabet), show_progress=False))


def words():
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]", continuing_subword_prefix="##", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Strip(), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(individual_digits=True),
                                                       pre_tokenizers.Punctuation("isolated")])
    return trained(tokenizer, trainers.BpeTrainer(vocab_size=400, special_tokens=["[UNK]", "[PAD]"], limit_alphabet=50,
                                                  continuing_subword_prefix="##", show_progress=False))


def charsmap():
    """A small table of our own, compiled by SentencePiece: what is wide becomes narrow, ligatures come apart."""
    rules = {"\t": " ", "\n": " ", "\u00a0": " ", "\u3000": " ", "\ufb01": "fi", "\ufb02": "fl", "\u2026": "...", "\u200b": "",
             "e\u0301": "\u00e9", "\u212b": "\u00c5", "\u2126": "\u03a9"}
    rules |= {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)}
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "rules.tsv"
        table.write_text("".join(" ".join(f"{ord(c):X}" for c in a) + "\t" + " ".join(f"{ord(c):X}" for c in b) + "\n"
                                 for a, b in rules.items()))
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(CORPUS), model_writer=model, vocab_size=400, minloglevel=2,
                                                 normalization_rule_tsv=str(table), hard_vocab_limit=False)
        proto = sentencepiece_model_pb2.ModelProto()
        proto.ParseFromString(model.getvalue())
        return proto.normalizer_spec.precompiled_charsmap


def unigram():
    pieces = trained_pieces(["<s>", "<pad>", "</s>", "<unk>"], 260)
    tokenizer = Tokenizer(models.Unigram(pieces + [("<mask>", 0.0)], unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Precompiled(charsmap())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")])
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>",
                                                             special_tokens=[("<s>", 0), ("</s>", 2)])
    return tokenizer


def trained_pieces(specials, size):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trained(tokenizer, trainers.UnigramTrainer(vocab_size=size, special_tokens=specials, unk_token="<unk>", show_progress=False))
    return [tuple(piece) for piece in json.loads(tokenizer.to_str())["model"]["vocab"]]


def unigram_bytes():
    specials = ["<pad>", "<unk>"] + [f"<0x{b:02X}>" for b in range(256)]
    tokenizer = Tokenizer(models.Unigram(trained_pieces(specials, 420), unk_id=1, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    return tokenizer


def write_tokenizers():
    folder = HERE / "tokenizers"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    encodings = {}
    for make in (roberta, clip, pattern, fallback, words, unigram, unigram_bytes):
        tokenizer = make()
        tokenizer.save(str(folder / f"{make.__name__}.json"), pretty=False)
        encodings[make.__name__] = [{"ids": tokenizer.encode(text).ids, "ids_plain": tokenizer.encode(text, add_special_tokens=False).ids}
                                    for text in TEXTS]
    (folder / "encodings.json").write_text(json.dumps({"texts": TEXTS, "encodings": encodings}, separators=(",", ":")) + "\n")


ROBERTA = {"vocab_size": 421, "max_position_embeddings": 42, "type_vocab_size": 1, "pad_token_id": 1, "layer_norm_eps": 1e-5}
SHAPES = [{"hidden": 16, "layers": 2, "heads": 2, "inner": 24}, {"hidden": 24, "layers": 1, "heads": 3, "inner": 40}]


def sized(shape, **more):
    return {"hidden_size": shape["hidden"], "num_hidden_layers": shape["layers"], "num_attention_heads": shape["heads"],
            "intermediate_size": shape["inner"], "initializer_range": 0.3, **more}


def distilled(shape):
    return {"dim": shape["hidden"], "n_layers": shape["layers"], "n_heads": shape["heads"], "hidden_dim": shape["inner"],
            "initializer_range": 0.3, "vocab_size": 421, "max_position_embeddings": 40, "seq_classif_dropout": 0.0}


def modern(shape):
    # Windows of a few tokens, and of the second shape another head and another order of layers.
    more = {"classifier_pooling": "mean", "layer_types": ["sliding_attention", "full_attention", "full_attention"]}
    return sized({**shape, "layers": 4 if shape is SHAPES[0] else 3}, vocab_size=421, max_position_embeddings=40,
                 local_attention=8, pad_token_id=1, bos_token_id=0, eos_token_id=2, cls_token_id=0, sep_token_id=2,
                 global_rope_theta=900.0, local_rope_theta=50.0, **(more if shape is SHAPES[1] else {}))


FAMILIES = {
    "distilbert": (DistilBertConfig, DistilBertModel, DistilBertForSequenceClassification, distilled),
    "roberta": (RobertaConfig, RobertaModel, RobertaForSequenceClassification, lambda shape: sized(shape, **ROBERTA)),
    "xlm-roberta": (XLMRobertaConfig, XLMRobertaModel, XLMRobertaForSequenceClassification, lambda shape: sized(shape, **ROBERTA)),
    "modernbert": (ModernBertConfig, ModernBertModel, ModernBertForSequenceClassification, modern),
}


def write_families():
    folder = HERE / "families"
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(11)
    ids = [[0, 5, 9, 2], [0] + list(range(20, 56)) + [2], [0, 2], [0, 400, 401, 7, 7, 7, 2]]
    outputs = {}
    for name, (config, base, classifier, sizes) in FAMILIES.items():
        for number, shape in enumerate(SHAPES):
            place = f"{name}-{number}"
            labels = {0: "delivery", 1: "refund", 2: "invoice"}
            settings = config(**sizes(shape), id2label=labels, label2id={v: k for k, v in labels.items()})
            model = classifier(settings).eval()
            with torch.no_grad():  # fresh weights have no biases: these would go unseen
                for parameter in model.parameters():
                    parameter.add_(torch.randn_like(parameter) * 0.05)
            model.save_pretrained(folder / place / "classifier")
            encoder = model.base_model
            encoder.save_pretrained(folder / place / "base")
            with torch.no_grad():
                outputs[place] = [{"ids": row, "logits": model(torch.tensor([row])).logits[0].tolist(),
                                   "mean": encoder(torch.tensor([row])).last_hidden_state.mean(1)[0].tolist()} for row in ids]
    (folder / "outputs.json").write_text(json.dumps(outputs, indent=0) + "\n")


write_tokenizers()
write_families()
