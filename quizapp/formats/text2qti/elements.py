"""The lines of a Markdown quiz -> its elements: a mark at the start of a line, and the text that belongs to it.

Outside of the elements' texts everything is one line; a text goes on over the lines that are indented as far as it
began (after a word with a colon: by two columns or more). Comments are left out here. Nothing is ever executed.
Source of the grammar: the README of text2qti 0.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NOTHING, LINE, PARAGRAPH, BLOCK = "nothing", "line", "paragraph", "block"

MARKS = (
    ("question", r"\d+\.", BLOCK),
    ("right", r"\*[a-zA-Z]\)", BLOCK),
    ("wrong", r"[a-zA-Z]\)", BLOCK),
    ("ticked", r"\[\*\]", BLOCK),
    ("unticked", r"\[ ?\]", BLOCK),
    ("answer", r"\*", LINE),
    ("general", r"\.\.\.", BLOCK),
    ("praise", r"\+", BLOCK),
    ("correction", r"-", BLOCK),
    ("solution", r"!", BLOCK),
    ("number", r"=", LINE),
    ("essay", r"___+", NOTHING),
    ("upload", r"\^\^\^+", NOTHING),
    ("title", r"(?i:title:)", PARAGRAPH),
    ("points", r"(?i:points:)", LINE),
    ("text_title", r"(?i:text title:)", PARAGRAPH),
    ("text", r"(?i:text:)", BLOCK),
    ("quiz_title", r"(?i:quiz title:)", PARAGRAPH),
    ("quiz_description", r"(?i:quiz description:)", BLOCK),
    ("group", r"GROUP", NOTHING),
    ("group_end", r"END_GROUP", NOTHING),
    ("pick", r"(?i:pick:)", LINE),
    ("solutions_pick", r"(?i:solutions pick:)", LINE),
    ("points_per_question", r"(?i:points per question:)", LINE),
    ("shuffle", r"(?i:shuffle answers:)", LINE),
    ("feedback_is_solution", r"(?i:feedback is solution:)", LINE),
    ("option", r"(?i:show correct answers:|one question at a time:|can't go back:"
               r"|solutions sample groups:|solutions randomize groups:)", LINE),
)  # fmt: skip
"""Name, how it is written at the start of a line, and the text that it takes."""

SHAPES = {name: shape for name, _, shape in MARKS}
MARK = re.compile(
    "|".join(
        rf"(?P<{name}>{written})" + (r"\s*$" if shape == NOTHING else r"[ \t]+(?=\S)") for name, written, shape in MARKS
    )
)
CRAMPED = re.compile("|".join(rf"(?P<{name}>{written})" for name, written, shape in MARKS if shape != NOTHING))
"""A mark without its space or without its text: no element, but a better message than “unknown line”."""

FENCE = re.compile(r"(`{3,})\s*(.*)")
RUN = re.compile(r"\{.*\.run\b.*\}")
TAB = 4
LEAST_INDENT = 2


@dataclass(frozen=True)
class QuizElement:
    """One mark with its text. `line` counts from 1; `lines` are the index of its first line and of the next element.

    Names beside those of MARKS: "unknown" (a line that is none), "code" and "run" (a fenced block at the top level,
    the second one to be executed), "comment_open" (a comment that never ends).
    """

    name: str
    mark: str
    text: str
    line: int
    lines: tuple[int, int]


def elements_of(lines: list[str]) -> Iterator[QuizElement]:
    """The elements of a file in order, without comments and blank lines."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip() or line.startswith("%"):
            at += 1
        elif line.strip() == "COMMENT":
            end = next((n for n in range(at + 1, len(lines)) if lines[n].strip() == "END_COMMENT"), None)
            if end is None:
                yield QuizElement("comment_open", "COMMENT", line.strip(), at + 1, (at, len(lines)))
            at = len(lines) if end is None else end + 1
        else:
            element = fenced(lines, at) or marked(lines, at)
            yield element
            at = element.lines[1]


def fenced(lines: list[str], at: int) -> QuizElement | None:
    """A code block at the top level, up to its closing fence or the end of the file."""
    fence = FENCE.fullmatch(lines[at])
    if fence is None:
        return None
    end = next((n for n in range(at + 1, len(lines)) if lines[n].rstrip() == fence[1]), len(lines) - 1)
    name = "run" if RUN.fullmatch(fence[2].strip()) else "code"
    return QuizElement(name, fence[1], fence[2].strip(), at + 1, (at, end + 1))


def marked(lines: list[str], at: int) -> QuizElement:
    line = lines[at]
    match = MARK.match(line)
    if match is None or match.lastgroup is None:
        cramped = CRAMPED.match(line)
        return QuizElement("unknown", cramped[0] if cramped else "", line.rstrip(), at + 1, (at, at + 1))
    name, text, end = match.lastgroup, line[match.end() :].strip(), at + 1
    if SHAPES[name] in (PARAGRAPH, BLOCK):
        indent = None if match[0].rstrip().endswith(":") else len(match[0].expandtabs(TAB))
        more, end = continued(lines, end, indent, SHAPES[name] == PARAGRAPH)
        text = "\n".join([text, *more])
    return QuizElement(name, match[0].strip(), text, at + 1, (at, end))


def continued(lines: list[str], at: int, indent: int | None, one_paragraph: bool) -> tuple[list[str], int]:
    """The further lines of a text, and the index of the line behind it. None: the first of them sets the indent."""
    found: list[str] = []
    end = at
    for n in range(at, len(lines)):
        if not lines[n].strip():
            if one_paragraph:
                break
            found.append("")
            continue
        line = lines[n].expandtabs(TAB)
        width = len(line) - len(line.lstrip(" "))
        if width < (LEAST_INDENT if indent is None else indent):
            break
        indent = width if indent is None else indent
        found.append(line[indent:].rstrip())
        end = n + 1
    return found[: end - at], end
