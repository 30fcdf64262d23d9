"""`python -m tests.styles`: what our pages use of Bootstrap's style sheet, written to `quizapp/static/bootstrap.css`.

The whole sheet is 35 kB over the wire, of which a page uses a twentieth. Kept are the rules for elements, those for
classes that a template or a script names, and the variables that they or our own sheets read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import flask_bootstrap

from tests.site import ROOT

WHOLE = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/css/bootstrap.min.css"
STATIC = ROOT / "quizapp/static"
KEPT = STATIC / "bootstrap.css"
HEAD = """/* What our pages use of Bootstrap 5, made by `python -m tests.styles`: don't edit.
 * Copyright 2011-2025 The Bootstrap Authors
 * Licensed under MIT (https://github.com/twbs/bootstrap/blob/main/LICENSE) */
"""
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
NOT = re.compile(r":not\([^)]*\)")
ATTRIBUTE = re.compile(r'class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\}|\{)*)"', re.S)
JINJA = re.compile(r"\{[{%](.*?)[%}]\}", re.S)
QUOTED = re.compile(r"""(["'`])([^"'`\n]*)\1""")
DECLARED = re.compile(r"(?<=[{;])(--bs-[\w-]+):[^;{}]*(?:;|(?=\}))")


def quoted(text: str) -> str:
    return " ".join(words for _, words in QUOTED.findall(text))


def named() -> set[str]:
    """The classes that templates and scripts name, and perhaps some words more."""
    found = []
    for template in (ROOT / "templates").rglob("*.html"):
        for value in ATTRIBUTE.findall(template.read_text()):
            found += [JINJA.sub(" ", value), *(quoted(part) for part in JINJA.findall(value))]
    found += [quoted(script.read_text()) for script in STATIC.glob("*.js")]
    return {word for text in found for word in re.findall(r"[\w-]+", text)}


def blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """The rules of a sheet or of a media query: what stands before the braces, and within."""
    begin = depth = 0
    head = ""
    for place, sign in enumerate(sheet):
        if sign == "{":
            depth += 1
            if depth == 1:
                head, begin = sheet[begin:place], place + 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield head.strip(), sheet[begin:place]
                begin = place + 1


def subset(sheet: str, classes: set[str]) -> str:
    """The rules of which a page with these classes can need one."""
    kept = []
    for head, body in blocks(sheet):
        if head.startswith("@media"):
            inner = subset(body, classes)
            kept += [f"{head}{{{inner}}}"] if inner else []
        elif not head.startswith("@"):
            selectors = [one for one in split(head) if set(CLASS.findall(NOT.sub("", one))) <= classes]
            kept += [f"{','.join(selectors)}{{{body}}}"] if selectors else []
    return "\n".join(kept)


def split(head: str) -> list[str]:
    """The selectors of a rule: commas within brackets part nothing."""
    return re.split(r",(?![^(]*\))", head)


def used(sheet: str, others: str) -> str:
    """The sheet without the variables that nothing reads."""
    less = without(sheet, set(re.findall(r"var\((--bs-[\w-]+)", sheet + others)))
    return used(less, others) if less != sheet else re.sub(r"[^{}\n]*\{\}\n?", "", sheet)


def without(sheet: str, read: set[str]) -> str:
    return DECLARED.sub(lambda found: found[0] if found[1] in read else "", sheet)


def made() -> str:
    sheet = re.sub(r"/\*.*?\*/", "", WHOLE.read_text().removeprefix('@charset "UTF-8";'), flags=re.S)
    ours = "".join(one.read_text() for one in sorted(STATIC.glob("*.css")) if one != KEPT)
    return HEAD + used(subset(sheet, named()), ours) + "\n"


if __name__ == "__main__":
    KEPT.write_text(made())
