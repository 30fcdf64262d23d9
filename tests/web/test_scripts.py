"""The scripts are written in one style: a statement ends with its semicolon."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest

from tests.person import Person

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


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_text_goes_over_several_lines(path: Path) -> None:
    """Else what is sent would be without the text's indentation."""
    assert [line for line in path.read_text("utf-8").splitlines() if line.count("`") % 2] == []


def test_a_script_is_sent_without_what_is_for_its_readers(visitor: Person) -> None:
    path = next(one for one in SCRIPTS if one.name == "player.js")
    plain = visitor.client.get("/static/player.js?v=1").data.decode()
    meant = [line.strip() for line in path.read_text("utf-8").splitlines() if not line.strip().startswith("//")]
    assert [line for line in plain.splitlines() if line] == [line for line in meant if line]
    packed = visitor.client.get("/static/player.js", headers={"Accept-Encoding": "br"})
    assert brotli.decompress(packed.data).decode() == plain
    assert "immutable" in packed.headers["Cache-Control"]
    assert visitor.client.get("/static/nothing.js").status_code == 404
    assert visitor.client.get(f"/static/{'x' * 300}.js").status_code == 404
