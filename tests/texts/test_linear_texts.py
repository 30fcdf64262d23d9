"""Showing a text takes linear time, whatever an author repeats in it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from quizapp.formats import markup as imported
from quizapp.kinds.base import MOST_MARKS, nfc
from quizapp.texts import lessons, markup
from tests.draws import exploring
from tests.texts.marks import MARKUP, repeated

WAYS: dict[str, Callable[[str], object]] = {
    "markdown": lambda text: markup.render.__wrapped__(text),
    "inline": lambda text: markup.render.__wrapped__(text, inline=True),
    "html": lambda text: markup.render.__wrapped__(text, "html"),
    "words": lambda text: markup.render.__wrapped__(text, "words"),
    "portable": lambda text: markup.portable.__wrapped__(text),
    "lesson": lambda text: lessons.lesson_page.__wrapped__(text),
    "formulas": lambda text: markup.broken_formulas(text, "html"),
    "imported": lambda text: imported.text_from_html(text, "en"),
    "alts": imported.alts,
    "rewritten": lambda text: imported.rewrite(text, lambda address: None),
}
SECONDS = 60 / 1_000_000
"""Of the processor, for a character: several times of what the slowest text takes on a quiet machine."""


def seconds(way: str, text: str) -> float:
    """Of the processor, to show the text in this way."""
    began = time.process_time()
    WAYS[way](text)
    return time.process_time() - began


@pytest.mark.explore(gate=True)
@pytest.mark.parametrize("way", WAYS)
def test_a_text_is_shown_in_linear_time(way: str) -> None:
    size = 200_000 if exploring() else 6_000
    most = SECONDS * size if exploring() else 1  # the gate is no quiet machine, and finds what grows fastest
    for mark in dict.fromkeys(MARKUP):
        text = repeated(mark, size)
        assert seconds(way, text) < most or seconds(way, text) < most, mark  # once may be a neighbour's doing


@pytest.mark.parametrize(
    ("mark", "way"),
    [
        *((mark, "html") for mark in ("<div>", "<b>", "<x№></x№><div>", "<svg><td>", "<b class='№'><p></b>", "\\(a\\")),
        ("<div>", "markdown"),
        ("# a\n", "lesson"),
    ],
)
def test_what_took_long_is_shown_at_once(mark: str, way: str) -> None:
    text = repeated(mark, 300_000 if mark != "# a\n" else 60_000)
    began = time.process_time()
    WAYS[way](text)
    assert time.process_time() - began < 2


def test_what_is_nested_too_deeply_is_shown_as_it_is_written() -> None:
    deep = "<div>" * (markup.MOST_OPEN + 1)
    assert markup.render(deep, "html").startswith("&lt;div&gt;&lt;div&gt;")
    assert markup.render("<div>" * markup.MOST_OPEN, "html").startswith("<div><div>")
    assert markup.render("<p>a" * 2000 + "<div>b</div>" * 2000, "html").endswith("<div>b</div>")


@pytest.mark.parametrize("pair", ["\u0301\u0316", "\u0301\U0001d165"])
def test_a_letter_has_no_end_of_accents(pair: str) -> None:
    accents = pair * 200_000
    began = time.process_time()
    assert nfc("a" + accents) == nfc("a" + accents[:MOST_MARKS])
    assert nfc("각") == "각"
    assert time.process_time() - began < 1


@pytest.mark.parametrize("lines", [600, 15])
def test_a_table_is_filled_in_to_an_extent(lines: int) -> None:
    """A wide heading above short rows was seventeen times as long as it is written."""
    wide = "|a" * 100 + "|\n" + "|-" * 100 + "|\n" + "x\n" * lines + "\n"
    assert len(markup.render(wide * (60_000 // len(wide)))) < 10 * 60_000
    assert markup.render(wide).count("<td") == (0 if lines == 600 else 1500)
    assert markup.render("a | b | c\n-|-|-\n1\n2 | 3\n").count("<td") == 6
