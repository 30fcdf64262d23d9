"""`python -m tests.styles`: what our pages use of Bootstrap's style sheet, written to `quizapp/static/bootstrap.css`.

The whole sheet is 35 kB over the wire, of which a page uses a twentieth. Kept are the rules for elements, those for
classes that a template or a script names, and the variables that they or our own sheets read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import flask_bootstrap

from quizapp.web.styles import COMMENT
from tests.site import ROOT

WHOLE = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/css/bootstrap.min.css"
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "quizapp/static"
KEPT = STATIC / "bootstrap.css"
HEAD = """/* What our pages use of Bootstrap 5, made by `python -m tests.styles`: don't edit.
 * Copyright 2011-2025 The Bootstrap Authors
 * Licensed under MIT (https://github.com/twbs/bootstrap/blob/main/LICENSE) */
"""
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
NOT = re.compile(r":not\([^)]*\)")
ATTRIBUTE = re.compile(r'class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\}|\{)*)"', re.S)
JINJA = re.compile(r"\{[{%]-?(.*?)-?[%}]\}", re.S)
PIECES = re.compile(r"\S*\{\{.*?\}\}\S*", re.S)
BEGUN = re.compile(r"([\w-]+-)\{\{")
BLOCK = re.compile(r"\{%.*?%\}", re.S)
QUOTED = re.compile(r"""(["'`])([^"'`\n]*)\1""")
DECLARED = re.compile(r"(?<=[{;])(--bs-[\w-]+):[^;{}]*(?:;|(?=\}))")


def quoted(text: str) -> str:
    return " ".join(words for _, words in QUOTED.findall(text))


def attributes() -> Iterator[str]:
    """What templates, and the code that writes HTML, say in `class`."""
    for file in (*TEMPLATES.rglob("*.html"), *(ROOT / "quizapp").rglob("*.py")):
        yield from ATTRIBUTE.findall(file.read_text())


def named() -> set[str]:
    """The classes that templates and scripts name, and perhaps some words more."""
    found = []
    for value in attributes():
        found += [JINJA.sub(" ", value), *(quoted(part) for part in JINJA.findall(value))]
    # A class may be handed to a macro.
    found += [
        quoted(part) for page in TEMPLATES.rglob("*.html") for part in JINJA.findall(page.read_text()) if "-" in part
    ]
    found += [quoted(script.read_text()) for script in STATIC.glob("*.js")]
    return {word for text in found for word in re.findall(r"[\w-]+", text)}


def begun() -> set[str]:
    """The beginnings of classes that templates put together."""
    return {start for value in attributes() for start in BEGUN.findall(value)}


def whole_names() -> set[str]:
    """The classes that templates name in full: none that is put together of pieces."""
    return {
        word
        for value in attributes()
        for word in PIECES.sub(" ", BLOCK.sub(" ", value)).split()
        if CLASS.fullmatch(f".{word}")
    }


def styled() -> set[str]:
    """The classes that a rule of any of our sheets has."""
    return {name for sheet in STATIC.glob("*.css") for name in CLASS.findall(COMMENT.sub("", sheet.read_text()))}


def held_by_scripts() -> set[str]:
    return {name for script in STATIC.glob("*.js") for name in CLASS.findall(script.read_text())}


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
