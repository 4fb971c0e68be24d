#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails where a document says what is not there.

    check_documents.py REPOSITORY PROGRAM
    check_documents.py --self-test

In all Markdown files: links and their anchors lead somewhere; commands and options of stillroom-cli in code exist, as
PROGRAM itself says with --help; options of our other programs and scripts stand in their sources; what looks like a path
of the repository in code is there. The self-test plants a fault of each kind and expects that it is found.
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import urllib.parse

import documents

CLI = "stillroom-cli"
SHELL = {"sh", "bash", "shell", "console", "text", ""}
# Programs of others: what they take is not ours to know.
STRANGERS = {"apt-get", "bash", "cmake", "ctest", "curl", "docker", "gcc", "git", "llama-server", "man", "pip", "python",
             "python3", "sudo", "vllm"}
OPTION = re.compile(r"^--[a-z][a-z0-9-]*$")
# Where options of our programs and scripts are read.
SOURCES = ("packaging/*", "tests/**/*.py", "tests/**/*.cpp", "app/*.cpp", "core/**/*.cpp")
PLACEHOLDER = re.compile(r"[A-Z]{2,}|[<>{}$*…]|\.\.\.")


class Program:
    """Its commands and their options, asked once."""

    def __init__(self, ask):
        self.options = {}  # by command, "" for none: "models fetch"
        self._learn(ask, "")

    def _learn(self, ask, command):
        text = ask([*command.split(), "--help"])
        self.options[command] = {"--help", "--json"}
        for names in re.findall(r"^ {2}((?:-\w,)?--[a-z][\w-]*(?:,\s?--?[a-z][\w-]*)*)", text, re.MULTILINE):
            self.options[command] |= {name.strip() for name in names.split(",")}
        for name in re.findall(r"^ {2}([a-z][a-z-]*)(?: {2,}.*)?$", text, re.MULTILINE):
            self._learn(ask, f"{command} {name}".strip())

    def commands(self, of=""):
        above = of.split()
        return {c.split()[-1] for c in self.options if c and c.split()[:-1] == above}

    def known_options(self):
        return set().union(*self.options.values())


def words_of(line):
    try:
        return shlex.split(line, comments=True)
    except ValueError:  # a quotation mark that is no end of the line's
        return line.split(" #")[0].split()


def commands_in(text):
    """The commands of a shell text, each as its words: parts of pipes and lists on their own."""
    for line in re.sub(r"\\\n\s*", " ", text).split("\n"):
        lexer = shlex.shlex(line, posix=True, punctuation_chars=";|&")
        lexer.whitespace_split = True
        lexer.commenters = ""
        try:
            tokens = list(lexer)
        except ValueError:
            tokens = line.split()
        part = []
        for token in [*tokens, ";"]:
            if token.startswith("#"):
                break
            if set(token) <= set(";|&"):
                if part:
                    yield part
                part = []
            else:
                part.append(token)
        if part:
            yield part


class Checker:
    def __init__(self, root, program):
        self.root = root
        self.program = program
        self.folders = {path.name for path in root.iterdir() if path.is_dir() and path.name not in ("build", ".git")}
        self.sources = ""
        self.names = set()
        self.problems = []

    def check(self):
        paths = documents.markdown_files(self.root)
        self._read_sources()
        self.documents = {path: documents.read(path) for path in paths}
        for document in self.documents.values():
            for line, target in document.links:
                self._check_link(document, line, target)
            for line, code in document.spans:
                self._check_span(document, line, code)
            for block in document.blocks:
                if (block.info[0] if block.info else "") in SHELL:
                    for words in commands_in(block.text):
                        self._check_command(document, block.line, words)
        return self.problems

    def _read_sources(self):
        texts = []
        for pattern in SOURCES:
            texts += [path.read_text(encoding="utf-8", errors="replace")
                      for path in self.root.glob(pattern) if path.is_file()]
        self.sources = "\n".join(texts)
        self.targets = "\n".join(path.read_text(encoding="utf-8") for path in self.root.glob("**/CMakeLists.txt")
                                 if "build" not in path.relative_to(self.root).parts)
        for folder in self.folders:
            self.names |= {path.name for path in (self.root / folder).rglob("*")}
        self.names |= {path.name for path in self.root.iterdir()}

    def _say(self, document, line, what):
        self.problems.append(f"{document.path.relative_to(self.root).as_posix()}:{line}: {what}")

    def _check_link(self, document, line, target):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            return
        place, _, anchor = urllib.parse.unquote(target).partition("#")
        path = (document.path.parent / place) if place else document.path
        if place.startswith("/"):
            return self._say(document, line, f"the link {target} is not relative")
        if not path.exists():
            return self._say(document, line, f"the link {target} leads nowhere")
        path = path.resolve()
        if self.root.resolve() not in [path, *path.parents]:
            return self._say(document, line, f"the link {target} leads out of the repository")
        if not anchor:
            return
        there = next((d for p, d in self.documents.items() if p.resolve() == path), None)
        if there is None or anchor not in there.anchors:
            self._say(document, line, f"the link {target} has no such heading")

    def _check_span(self, document, line, code):
        words = words_of(code)
        if not words:
            return
        if len(words) == 1 and not words[0].startswith("-"):
            return self._check_path(document, line, words[0])
        for command in commands_in(code):
            self._check_command(document, line, command, isSpan=True)

    def _check_command(self, document, line, words, isSpan=False):
        while words and re.match(r"^[A-Za-z_]\w*=", words[0]) and not words[0].startswith("--"):
            words = words[1:]  # variables before the command
        if not words:
            return
        name = pathlib.PurePosixPath(words[0]).name
        if words[0] in ("$cli", "$") or name == CLI:
            words = words[1:] if words[0] != "$" else words[2:]
            return self._check_ours(document, line, words)
        isCommand = name in self.program.commands() and any(word.startswith("--") for word in words[1:])
        if isSpan and isCommand:
            return self._check_ours(document, line, words)
        for word in words:
            self._check_path(document, line, word)
        if name in STRANGERS:
            return
        for word in words:
            option = word.split("=")[0].rstrip(",.")
            if OPTION.match(option) and option not in self.program.known_options() and not self._is_in_sources(option):
                self._say(document, line, f"nothing here takes the option {option}")

    def _is_in_sources(self, option):
        return re.search(rf"{re.escape(option)}(?![\w-])", self.sources) is not None

    def _check_ours(self, document, line, words):
        command = ""
        while words and words[0] in self.program.commands(command):
            command = f"{command} {words[0]}".strip()
            words = words[1:]
        isWord = bool(words) and not words[0].startswith("-") and not PLACEHOLDER.search(words[0])
        if isWord and self.program.commands(command):
            return self._say(document, line, f"{CLI} has no command {f'{command} {words[0]}'.strip()}")
        isAny = not command and words and not words[0].startswith("-")  # COMMAND stands for each
        known = self.program.known_options() if isAny else self.program.options[command]
        for word in words:
            option = word.split("=")[0].rstrip(",.")
            if OPTION.match(option) and option not in known:
                self._say(document, line, f"{CLI} {command or 'itself'} has no option {option}")
            elif not word.startswith("-"):
                self._check_path(document, line, word)

    def _check_path(self, document, line, word):
        word = re.sub(r"(?::\d+)?[,.;:)]*$", "", word.removeprefix("./"))
        parts = word.rstrip("/").split("/")
        if any(mark in word for mark in "\"'`()=|$~ ") or "://" in word or not word:
            return
        if parts[0] == "build" and parts[2:3] == ["bin"] and len(parts) == 4 and not PLACEHOLDER.search(parts[3]):
            if not re.search(rf"add_(?:executable|unit_test)\({re.escape(parts[3])}\b", self.targets):
                self._say(document, line, f"nothing builds {word}")
        elif parts[0] in self.folders and (len(parts) > 1 or word.endswith("/")):
            known = parts
            for i, part in enumerate(parts):
                if PLACEHOLDER.search(part) and not (self.root.joinpath(*parts[:i + 1])).exists():
                    known = parts[:i]
                    break
            if not self.root.joinpath(*known).exists():
                self._say(document, line, f"there is no {word}")
        elif len(parts) == 1 and re.match(r"^(?:[\w-]+\.(?:cpp|h|py|cmake)|[A-Z_]{3,}\.md|CMake\w+\.\w+)$", word):
            if word not in self.names:
                self._say(document, line, f"there is no file called {word}")


def ask(path):
    def with_arguments(arguments):
        done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            sys.exit(f"documents: {' '.join([path, *arguments])} ended with {done.returncode}: {done.stderr[:300]}")
        return done.stdout
    return with_arguments


def self_test():
    """A fault of each kind is found, and what is right is no fault."""
    helps = {"": "Usage\n  train       Train a classifier\n  models      Weights\n  --json  Print JSON\n",
             "train": "  SERVICE    Folder\nOptions\n  --epochs N  Passes\n  --cut,--truncate NAME  One\n"
                      "              --seed is not one of its own here\n",
             "models": "Commands\n  fetch       Download\n", "models fetch": "  --revision TEXT  Branch\n"}
    program = Program(lambda arguments: helps[" ".join(arguments[:-1])])
    assert program.commands() == {"train", "models"} and program.commands("models") == {"fetch"}, program.options
    right = """# A page: `one` (two)
[there](other.md#more-than-this), [here](#a-page-one-two), [twice](other.md#more-than-this-1), [web](https://x.y/z#q)
`stillroom-cli train mails --epochs 2`, `train --truncate head`, `models fetch NAME --revision x`, `--epochs`, `--json`,
`stillroom-cli COMMAND --help`, `packaging/run --fast`, `cmake --whatever`, `core/a.cpp`, `core/x/TARGET`, `a.cpp`,
`build/dev/bin/tool`, `text/plain`, `job.json`, `[not](a.link)`
```sh
$cli train mails \\
    --epochs 2 | head -n 3; stillroom-cli models fetch x --revision y   # --no-option
A=1 packaging/run --fast
```
```json
{"--nothing": "stillroom-cli nonsense"}
```
"""
    wrong = {"[x](missing.md)": "leads nowhere", "[x](other.md#absent)": "no such heading", "[x](#absent)": "no such heading",
             "[x](/other.md)": "not relative", "[x](../../etc)": "leads", "[x]: missing.md": "leads nowhere",
             "`stillroom-cli trian mails`": "no command trian", "`stillroom-cli train --epoch 2`": "no option --epoch",
             "`train --revision x`": "no option --revision", "`stillroom-cli train x --seed 1`": "no option --seed",
             "`--nonsense`": "the option --nonsense", "`packaging/run --slow`": "the option --slow",
             "`core/b.cpp`": "there is no core/b.cpp", "`b.cpp`": "no file called b.cpp",
             "`packaging/absent`": "there is no packaging/absent", "`build/dev/bin/absent`": "nothing builds",
             "```sh\nls | stillroom-cli models get\n```": "no command models get",
             "```sh\nx; stillroom-cli nothing here\n```": "no command nothing",
             "```\nstillroom-cli train mails \\\n  --wrong\n```": "no option --wrong"}
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in {"README.md": right, "other.md": "# More than this\n# More than *this*\n",
                           "core/a.cpp": "", "core/x/y": "", "packaging/run": "--fast)",
                           "CMakeLists.txt": "add_executable(tool x)"}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        found = Checker(root, program).check()
        assert not found, found
        for text, expected in wrong.items():
            (root / "page.md").write_text(text + "\n", encoding="utf-8")
            found = Checker(root, program).check()
            assert len(found) == 1 and found[0].startswith("page.md:") and expected in found[0], (text, found)
    print("documents: every planted fault was found")


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root, path = pathlib.Path(sys.argv[1]), sys.argv[2]
    problems = Checker(root, Program(ask(path))).check()
    print("\n".join(problems) or "documents: all that they name is there")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
