"""What means something in one format may stand in a text on its way to any other."""

from __future__ import annotations

import re

import pytest

from quizapp.formats import FORMATS
from quizapp.formats.items import Item
from quizapp.texts.markup import render
from tests.formats.repeated import OWN, XML
from tests.texts.marks import MARKUP, repeated

MARKS = tuple(dict.fromkeys((*MARKUP, *XML, *(mark for marks in OWN.values() for mark in marks))))
TIMES = 30
"""Bytes of repetitions."""


def items(text_format: str) -> list[Item]:
    """A question in this format of texts for each mark, which opens its stem and its choices, and comes again there."""
    marks = [f"{mark}a {repeated(mark, TIMES)} a" for mark in MARKS]
    return [
        Item(
            id=f"q{number}",
            kind="choice",
            stem={"en": text, "format": text_format},
            response={
                "choices": [
                    {"id": name, "text": {"en": f"{name} {text}", "format": text_format}, "fraction": fraction}
                    for name, fraction in (("a", 1), ("b", 0))
                ]
            },
        )
        for number, text in enumerate(marks)
    ]


def shows_words(item: Item) -> bool:
    """A comment shows nothing, nor does a tag that never ends: in HTML such a question has no text."""
    return bool(re.sub("<[^>]*>", "", render(item.stem["en"], item.stem["format"])).strip())


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS.keys())
@pytest.mark.parametrize("text_format", ["markdown", "html"])  # plain texts are drawn elsewhere
def test_any_mark_is_written_and_read(form, text_format):
    made = [
        item
        for item in items(text_format)
        if shows_words(item) and not any(problem.is_error for problem in form.carries(item))
    ]
    reading = form.read(form.write(made), "en")
    assert [problem.message for problem in reading.errors if made] == []
    assert len(reading.items) == len(made)


ESCAPED = (
    r"\\(x\\)",
    r"\\[x\\]",
    r"\$x\$",
    r"\$\$x\$\$",
    r"\\$x$",
    r"<b>\\(x</b> y\\) \(z\)",
    "$x$ \\$y\\$",
    "<div>\\(x\\)</div>",
)
"""Markdown whose signs are words, beside formulas and in HTML."""


def formulas(item: Item) -> int:
    """How many formulas a reader of the stem sees."""
    return render(item.stem["en"], item.stem.get("format", "markdown")).count("<math")


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS.keys())
def test_signs_that_are_words_become_no_formula(form):
    """Alone, beside raw HTML, and beside a formula."""
    for sign in ESCAPED:
        for text in (sign, f"{sign} <b>raw</b>", f"a {sign} b $y$ c"):
            item = Item(id="q1", kind="essay", stem={"en": text})
            told = form.carries(item)
            if not any(problem.is_error or problem.code == "lost-markup" for problem in told):
                (read,) = form.read(form.write([item]), "en").items
                assert formulas(read) == formulas(item), text
