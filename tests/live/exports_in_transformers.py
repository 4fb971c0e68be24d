#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether exports answer in transformers as they do here: bases with every setting of a tokenizer that one of its classes
would put its own default over, of every family, trained on the sample that comes along.

    exports_in_transformers.py BIN PYTHON FOLDER...    each FOLDER has one version of transformers (pip --target)

PYTHON has torch. Compares ids of all texts, and labels in fp32, fp16 and bf16. Ends with 1 where ids differ, a
probability in fp32 by more than 1e-4, or a label; in fp16 and bf16 two classes may change places that are within .02.
Where long texts are read in windows, the code on the package's page has to give the same probabilities.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve()
ROOT = HERE.parents[2]
SAMPLE = ROOT / "resources/samples/shop-mails"
DTYPES = ("float32", "float16", "bfloat16")


def texts_to_try():
    sys.path.insert(0, str(ROOT / "tests/parity"))
    from texts import TEXTS
    own = ["[NEW] order", "a [new] one", "<Order> x<order>y", "the brand word RÉSUMÉ résumé", "東京 the 日本語テスト", "  two leading spaces",
           "Straße STRASSE naïve", "x\u00a0y", "ǅ ﬁ", "[MASK] and <mask> and <s>"]
    return [text for text in TEXTS + own if text.strip() and "\0" not in text]  # files lose their NULs when they are read


# --- With transformers of today: bases -------------------------------------------------------------------------------

def make_bases(folder):
    import torch
    from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import (BertConfig, BertModel, DistilBertConfig, DistilBertModel, ModernBertConfig, ModernBertModel,
                              RobertaConfig, RobertaModel, XLMRobertaConfig, XLMRobertaModel)
    corpus = (SAMPLE / "train.csv").read_text().splitlines() + texts_to_try()

    def word_piece(added=(), **normalizer):
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(**normalizer)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.train_from_iterator(corpus, trainers.WordPieceTrainer(
            vocab_size=900, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
        tokenizer.add_tokens(list(added))
        tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
        return tokenizer

    def byte_pair(prefix_space, sequence=False):
        tokenizer = Tokenizer(models.BPE())
        bytes_step = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space)
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(), bytes_step]) if sequence else bytes_step
        tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(
            vocab_size=900, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
        tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True)])
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=prefix_space)
        return tokenizer

    def unigram():
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.normalizer = normalizers.NFKC()
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        tokenizer.train_from_iterator(corpus, trainers.UnigramTrainer(
            vocab_size=700, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
        tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)])
        tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
        return tokenizer

    sizes = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128, "initializer_range": 0.1}
    distilled = {"dim": 64, "n_layers": 2, "n_heads": 4, "hidden_dim": 128, "initializer_range": 0.1}
    fairseq = {"pad_token_id": 1, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "max_position_embeddings": 130}
    modern = {**sizes, "pad_token_id": 0, "local_attention": 16, "max_position_embeddings": 128}
    tokens = [AddedToken("[NEW]", normalized=True), AddedToken("Résumé", normalized=True, single_word=True), AddedToken("<Order>", normalized=False)]
    bert = (BertConfig, BertModel, sizes)
    roberta = (RobertaConfig, RobertaModel, {**sizes, **fairseq})
    bases = {
        "bert-uncased": (*bert, word_piece(), "mean"),
        "bert-cased": (*bert, word_piece(lowercase=False, strip_accents=False), "mean"),
        "bert-cased-first-token": (*bert, word_piece(lowercase=False), "cls"),
        "bert-accents-kept": (*bert, word_piece(strip_accents=False), "mean"),
        "bert-cjk-whole": (*bert, word_piece(handle_chinese_chars=False), "mean"),
        "bert-added-tokens": (*bert, word_piece(tokens), "mean"),
        "bert-cased-added-tokens": (*bert, word_piece(tokens, lowercase=False), "mean"),
        "distilbert-cased": (DistilBertConfig, DistilBertModel, distilled, word_piece(lowercase=False), "mean"),
        "modernbert-wordpiece-cased": (ModernBertConfig, ModernBertModel, modern, word_piece(lowercase=False), "mean"),
        "roberta": (*roberta, byte_pair(False), "mean"),
        "roberta-prefix-space": (*roberta, byte_pair(True), "mean"),
        "roberta-prefix-space-in-sequence": (*roberta, byte_pair(True, sequence=True), "cls"),
        "xlm-roberta": (XLMRobertaConfig, XLMRobertaModel, {**sizes, **fairseq}, unigram(), "mean"),
    }
    torch.manual_seed(3)
    for name, (config, model, settings, tokenizer, pooling) in bases.items():
        place = folder / name
        model(config(vocab_size=tokenizer.get_vocab_size(), **settings)).save_pretrained(place)
        tokenizer.save(str(place / "tokenizer.json"))
        (place / "1_Pooling").mkdir()
        (place / "1_Pooling/config.json").write_text(json.dumps(
            {"pooling_mode_cls_token": pooling == "cls", "pooling_mode_mean_tokens": pooling == "mean"}))
    print(json.dumps(list(bases)))


def write_ids(folder):
    """Ids of every text by the bases' own tokenizer.json, which old versions of the library may not read."""
    from tokenizers import Tokenizer
    for answers in (folder / "answers").iterdir():
        tokenizer = Tokenizer.from_file(str(folder / "bases" / answers.stem / "tokenizer.json"))
        texts = [json.loads(line)["text"] for line in answers.read_text().splitlines()]
        (folder / "ids" / (answers.stem + ".json")).write_text(json.dumps([tokenizer.encode(text).ids for text in texts]))
    print("{}")


# --- With each version of transformers: one package ------------------------------------------------------------------

def compare(folder):
    import torch
    import transformers
    transformers.logging.set_verbosity_error()
    result = {}
    for place in sorted((folder / "packages").iterdir()):
        if json.loads((place / "config.json").read_text())["model_type"] not in transformers.CONFIG_MAPPING:
            continue  # a family that this version does not know
        rows = [json.loads(line) for line in (folder / "answers" / (place.name + ".jsonl")).read_text().splitlines()]
        texts = [row["text"] for row in rows]
        ids = json.loads((folder / "ids" / (place.name + ".json")).read_text())
        tokenizer = transformers.AutoTokenizer.from_pretrained(place)
        facts = {"ids": sum(tokenizer(text)["input_ids"] == own for text, own in zip(texts, ids, strict=True)), "rows": len(texts)}
        for dtype in DTYPES:
            model = transformers.AutoModelForSequenceClassification.from_pretrained(place, torch_dtype=getattr(torch, dtype)).eval()
            same, largest = 0, 0.0
            with torch.no_grad():
                for start in range(0, len(texts), 32):
                    batch = tokenizer(texts[start:start + 32], truncation=True, padding=True, return_tensors="pt")
                    scores = model(**batch).logits.float().softmax(-1)
                    for row, theirs in zip(rows[start:start + 32], scores):
                        label = model.config.id2label[int(theirs.argmax())]
                        nearly = dtype != "float32" and row["probs"][row["label"]] - row["probs"][label] < 0.02
                        same += label == row["label"] or nearly
                        largest = max([largest] + [abs(float(p) - row["probs"][model.config.id2label[i]])
                                                   if not p.isnan() else 1.0 for i, p in enumerate(theirs)])
            facts[dtype] = {"same": same, "largest": largest}
        result[place.name] = facts
    print(json.dumps({"version": transformers.__version__, "packages": result}))


def classify_in_windows(folder):
    """The code on each package's page, run as it stands there, for texts of many windows."""
    import contextlib
    import io
    import transformers
    transformers.logging.set_verbosity_error()
    result = {}
    for place in sorted((folder / "windows").iterdir()):
        if json.loads((place / "config.json").read_text())["model_type"] not in transformers.CONFIG_MAPPING:
            continue
        code = (place / "README.md").read_text().split("```python\n")[1].split("```")[0]
        prefix = json.loads((place / "config.json").read_text())["stillroom"].get("text_prefix", "")
        os.chdir(place)
        scope = {}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, "README.md", "exec"), scope)
        facts = {"texts": 0, "windows": 0, "largest": 0.0}
        for line in (folder / "windowed" / (place.name + ".jsonl")).read_text().splitlines():
            row = json.loads(line)
            facts["texts"] += 1
            facts["windows"] += len(scope["windows"](prefix + row["text"]))
            facts["largest"] = max([facts["largest"]] + [abs(answer["score"] - row["probs"][answer["label"]])
                                                         for answer in scope["classify"](prefix + row["text"])])
        result[place.name] = facts
    print(json.dumps(result))


# --- The whole ---------------------------------------------------------------------------------------------------

def main(binaries, python, versions):
    cli = pathlib.Path(binaries) / "stillroom-cli"

    def run(*arguments, **more):
        done = subprocess.run([cli, "--json", *map(str, arguments)], capture_output=True, text=True, timeout=600, **more)
        if done.returncode != 0:
            sys.exit(f"{arguments}: {done.stderr}")
        return done.stdout

    def ask(step, version, folder):
        done = subprocess.run([python, HERE, step, folder], capture_output=True, text=True,
                              env={**os.environ, "PYTHONPATH": str(version), "HF_HUB_OFFLINE": "1"})
        if done.returncode != 0:
            sys.exit(f"{step} with {version}: {done.stderr}")
        return json.loads(done.stdout)

    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        os.environ["XDG_CONFIG_HOME"] = str(scratch)
        for name in ("bases", "packages", "answers", "ids", "windows", "windowed"):
            (scratch / name).mkdir()
        names = ask("bases", versions[-1], scratch / "bases")
        inputs = scratch / "texts.jsonl"
        inputs.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts_to_try()))
        for name in names:
            service = scratch / ("service-" + name)
            run("init", service, "--from", SAMPLE)
            run("train", service, "--base", scratch / "bases" / name, "--recipe", "finetune", "--epochs", 1, "--max-length", 96)
            run("export", service, "best", "--format", "hf", "--to", scratch / "packages" / name)
            rows = run("rows", service, "--split", "test")
            (scratch / "both.jsonl").write_text(rows + inputs.read_text())
            texts = [json.loads(line)["text"] for line in (scratch / "both.jsonl").read_text().splitlines() if '"text"' in line]
            answers = [json.loads(line) for line in run("predict", service, scratch / "both.jsonl").splitlines()]
            (scratch / "answers" / (name + ".jsonl")).write_text(
                "".join(json.dumps({"text": text, "label": answer["label"], "probs": answer["probs"]}) + "\n"
                        for text, answer in zip(texts, answers, strict=True)))
        lines = [text for text in texts_to_try() if "\n" not in text] + (SAMPLE / "train.csv").read_text().splitlines()[1:]
        longs = [" ".join(lines[start:start + 1 + start % 23]) for start in range(0, len(lines), 5)]
        (scratch / "longs.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in longs))
        for name in ("bert-uncased", "roberta", "roberta-prefix-space", "modernbert-wordpiece-cased"):
            service, base = scratch / ("service-" + name), scratch / "bases" / name
            if name == "roberta-prefix-space":  # with something before each text, too
                (base / "config_sentence_transformers.json").write_text(
                    json.dumps({"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": None}))
            run("train", service, "--base", base, "--recipe", "finetune", "--epochs", 1, "--max-length", 32,
                "--long-texts", "windows", "--name", "windows")
            run("export", service, "windows/1", "--format", "hf", "--to", scratch / "windows" / name)
            answers = [json.loads(line) for line in run("predict", scratch / "windows" / name, scratch / "longs.jsonl").splitlines()]
            (scratch / "windowed" / (name + ".jsonl")).write_text(
                "".join(json.dumps({"text": text, "probs": answer["probs"]}) + "\n"
                        for text, answer in zip(longs, answers, strict=True)))
        ask("ids", versions[-1], scratch)
        for version in versions:
            found = ask("compare", version, scratch)
            print("transformers", found["version"])
            for name, facts in found["packages"].items():
                rows = facts["rows"]
                cells = [f"{d} {facts[d]['same']} ({facts[d]['largest']:.1e})" for d in DTYPES]
                print(f"  {name:34} {rows} texts, equal ids {facts['ids']}, equal labels {', '.join(cells)}")
                if facts["ids"] < rows or facts["float32"]["largest"] > 1e-4 or min(facts[d]["same"] for d in DTYPES) < rows:
                    wrong.append(f"{name} in {found['version']}")
            for name, facts in ask("windows", version, scratch).items():
                print(f"  {name:34} {facts['texts']} texts in {facts['windows']} windows, by the code on its page, "
                      f"largest difference {facts['largest']:.1e}")
                if facts["largest"] > 1e-4 or facts["windows"] <= facts["texts"]:
                    wrong.append(f"{name} in windows in {found['version']}")
    if wrong:
        sys.exit("wrong: " + ", ".join(wrong))


if sys.argv[1] == "bases":
    make_bases(pathlib.Path(sys.argv[2]))
elif sys.argv[1] == "ids":
    write_ids(pathlib.Path(sys.argv[2]))
elif sys.argv[1] == "windows":
    classify_in_windows(pathlib.Path(sys.argv[2]))
elif sys.argv[1] == "compare":
    compare(pathlib.Path(sys.argv[2]))
else:
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
