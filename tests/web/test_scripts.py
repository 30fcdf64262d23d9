"""The scripts are written in one style: a statement ends with its semicolon."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parents[2] / "quizapp/static").glob("*.js"))
COMMENT = re.compile(r"(^|\s)//.*$", re.M)
NEXT = r"\}|const\b|let\b|return\b|if\b|for\b|await\b|function\b|async\b|class\b|throw\b"
UNENDED = re.compile(rf"""^[^\n]*[\w)\]"'`]\s*\n(?=\s*(?:{NEXT}))""", re.M)
"""A line that ends like a statement, before one that begins the next statement or closes the block."""


def unended(script: str) -> list[str]:
    return [found[0].strip() for found in UNENDED.finditer(COMMENT.sub("", script))]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_statements_end_with_semicolons(path: Path) -> None:
    assert unended(path.read_text("utf-8")) == []


def test_one_without_is_found() -> None:
    script = "const one = 1\nlet two = f(\n  one,\n);\nif (two) {\n  f(one) // twice\n}\n"
    assert unended(script) == ["const one = 1", "f(one)"]
