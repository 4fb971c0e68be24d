# SPDX-License-Identifier: Apache-2.0
"""What stands in a Markdown document: links, headings, code spans, code blocks. As much of Markdown as is used here."""
import dataclasses
import pathlib
import re

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([^`]*)$")
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
# The target of a link or picture, and of a reference.
LINK = re.compile(r"\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\))?)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?\s*$", re.MULTILINE)
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclasses.dataclass
class Block:
    line: int
    info: list  # the words behind the fence: the language first
    text: str


@dataclasses.dataclass
class Document:
    path: pathlib.Path
    links: list    # (line, target)
    anchors: set
    spans: list    # (line, code)
    blocks: list


def markdown_files(root):
    """All of the repository, but for what is built and what is hidden; .github counts."""
    def is_ours(path):
        parts = path.relative_to(root).parts
        return parts[0] != "build" and not any(part.startswith(".") and part != ".github" for part in parts)
    return sorted(path for path in root.rglob("*.md") if is_ours(path))


def anchor_of(heading):
    """As GitHub makes it: no marks, small letters, dashes for spaces."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    text = text.replace("`", "").replace("*", "").lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def read(path):
    return parse(path, path.read_text(encoding="utf-8"))


def parse(path, source):
    document = Document(path, [], set(), [], [])
    source = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source)
    prose, fence, block = [], None, None
    for number, line in enumerate(source.split("\n"), 1):
        found = FENCE.match(line)
        if fence and found and found[1].startswith(fence) and not found[2].strip():
            document.blocks.append(block)
            fence = None
        elif fence:
            block.text += line + "\n"
        elif found:
            fence, block = found[1], Block(number, found[2].split(), "")
        prose.append("" if fence or found else line)
    if fence:
        document.blocks.append(block)
    seen = {}
    for line in prose:
        if heading := HEADING.match(line):
            anchor = anchor_of(heading[1])
            count = seen.get(anchor, 0)
            seen[anchor] = count + 1
            document.anchors.add(anchor if count == 0 else f"{anchor}-{count}")
        document.anchors |= set(re.findall(r"<a\s+(?:id|name)=\"([^\"]+)\"", line))
    text = "\n".join(prose)

    def line_at(place):
        return text.count("\n", 0, place) + 1
    for span in SPAN.finditer(text):
        document.spans.append((line_at(span.start()), " ".join(span[2].split())))
    plain = SPAN.sub(lambda span: re.sub(r"[^\n]", " ", span[0]), text)
    for pattern in (LINK, REFERENCE):
        document.links += [(line_at(link.start(1)), link[1]) for link in pattern.finditer(plain)]
    return document
