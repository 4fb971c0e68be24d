#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails on words of the command line in what the window may show.

    check_words.py REPOSITORY

core/ and ui/ write sentences that the window shows as they are: they name no option (--split), no program and no
command. The command line adds what to type in app/cli/hints.cpp. It finds the message by a part of it, so each of these
parts has to stand in core/.
"""
import pathlib
import re
import sys

# What looks like such words and is none: by file a pattern of the whole string, and the reason. What allows nothing any
# more fails, too.
ALLOWED = {
    "core/teacher/local_server.cpp": (r"--[a-z-]+", "arguments of the server of a local model"),
    "core/results/html_parts.cpp": (r"\n:root .*", "names in a style sheet"),
    "core/tasks/model_card.cpp": (r".*", "Markdown: the page about an exported classifier"),
    "core/quality/class_spelling.cpp": (r"--", "stands for no label"),
    "core/teacher/answer_text.cpp": (r"(?:[^A-Za-z]|\\[trn]|json)*", "marks around an answer"),
}

# A string, raw or not; and what has quotes in it and is no string.
STRING = re.compile(r'(?:u8|[uUL])?(?:R"(?P<mark>[^()\\\s]{0,16})\((?P<raw>.*?)\)(?P=mark)"|"(?P<plain>(?:[^"\\\n]|\\.)*)")',
                    re.DOTALL)
OTHER = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:[^'\\\n]|\\[^\n]{1,8}?)'|\b[0-9][0-9a-fA-FxX']*|#\s*include[^\n]*", re.DOTALL)


def strings(source):
    """(line, text) of each string of C++; strings that the compiler joins are one."""
    found, at, end = [], 0, None
    while at < len(source):
        if other := OTHER.match(source, at):
            if not other.group().startswith("/"):
                end = None
            at = other.end()
        elif string := STRING.match(source, at):
            text = string["plain"] if string["raw"] is None else string["raw"]
            if end is not None:
                found[-1] = (found[-1][0], found[-1][1] + text)
            else:
                found.append((source.count("\n", 0, at) + 1, text))
            at = end = string.end()
        else:
            if not source[at].isspace():
                end = None
            at += 1
    return found


def rules(root):
    commands = set()
    for path in (root / "app/cli").glob("*.cpp"):
        commands |= set(re.findall(r'addCommand\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    if not {"init", "import", "train"} <= commands:
        sys.exit("words: the commands of app/cli were not found")
    names = "|".join(sorted(commands))
    return [
        ("an option", re.compile(r"(?<![\w-])--(?:[A-Za-z]|$)")),
        ("a program", re.compile(r"stillroom-cli")),
        ("the command line", re.compile(r"\b[Cc]ommand line\b|\bthe command\b|\bstandard (input|output|error)\b")),
        ("a code span", re.compile("`")),
        ("a command", re.compile(rf"\b([Rr]un|[Uu]se|[Ss]ee|[Cc]all|[Tt]ry|[Tt]ype) (init\b|\\?[\"']({names})\\?[\"'])")),
    ]


def problems_in(name, source, wanted, used):
    pattern, _ = ALLOWED.get(name, (None, None))
    for line, text in strings(source):
        for what, rule in wanted:
            if not rule.search(text):
                continue
            if pattern and re.fullmatch(pattern, text, re.DOTALL):
                used.add(name)
            else:
                yield f"{name}:{line}: {what} in \"{text[:100]}\""


def check_the_check(wanted):
    """That the rules see what they are for."""
    def seen(source):
        return [problem.split(": ")[1].split(" in ")[0] for problem in problems_in("core/x.cpp", source, wanted, set())]
    assert strings(r'''f("a\"b" // "c"
        "d", '"', 1'000, R"(e"f)" /* "g" */ "h"); #include "i"''') == [(1, r'a\"bd'), (2, 'e"fh')], "strings"
    assert seen('say("Import rows with --sp" "lit test.");') == ["an option"]
    assert seen('say("See `check`.");') == ["a code span"]
    assert seen('say("Run stillroom-cli now.");') == ["a program"]
    assert seen('say("Use init first.");') == ["a command"]
    assert seen(r'say("Try \"check\" first.");') == ["a command"]
    assert seen('say("As the command says.");') == ["the command line"]
    assert not seen('// --split\nsay("Use rows -- or words - as well-known ones.");')


def main(root):
    wanted = rules(root)
    check_the_check(wanted)
    problems, used, core = [], set(), []
    for path in sorted([*root.glob("core/**/*"), *root.glob("ui/**/*")]):
        if path.suffix not in (".h", ".cpp"):
            continue
        name = path.relative_to(root).as_posix()
        source = path.read_text(encoding="utf-8")
        problems += problems_in(name, source, wanted, used)
        if name.startswith("core/"):
            core += [text for _, text in strings(source)]
    problems += [f"{name}: is allowed ({reason}), but has nothing to allow"
                 for name, (_, reason) in ALLOWED.items() if name not in used]
    hints = (root / "app/cli/hints.cpp").read_text(encoding="utf-8")
    parts = [found[1] for found in re.finditer(r'^    \{"((?:[^"\\]|\\.)+)",', hints, re.MULTILINE)]
    if not parts:
        sys.exit("words: the hints of app/cli were not found")
    problems += [f"app/cli/hints.cpp: no message of core/ says \"{part}\"" for part in parts
                 if not any(part in text for text in core)]
    print("\n".join(problems) or "words: none of the command line in the window")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
