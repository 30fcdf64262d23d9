"""Whatever an item that is sound has in any of its places: a format says that it can't hold it, or brings it back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from quizapp.formats import FORMATS
from quizapp.formats.exam_text.line import OBJECT
from quizapp.formats.items import Item, Media, from_json
from quizapp.formats.schema import check_item
from tests.formats.test_round_trip import EVERY


def question(**parts: Any) -> Item:
    return from_json({"id": "q1", "kind": "essay", "stem": {"en": "Why is Seoul there?"}, **parts})


def called(*ids: str, kind: str = "choice") -> Item:
    """A question whose choices or steps are called so."""
    entries: list[dict[str, Any]] = [{"id": name, "text": {"en": f"The city {n}"}} for n, name in enumerate(ids)]
    if kind == "order":
        return question(kind="order", response={"items": entries})
    choices = [entry | {"fraction": int(place == 0)} for place, entry in enumerate(entries)]
    return question(kind=kind, response={"choices": choices})


def pictured(name: str) -> Item:
    item = question(stem={"en": f'See <img src="media:{name}" alt="A city">', "format": "html"})
    item.media = [Media(name, b"png", "image/png", "A city")]
    return item


def html(markup: str) -> dict[str, str]:
    return {"en": markup, "format": "html"}


GAP = {"id": "g1", "kind": "text", "answers": [{"text": "Seoul", "fraction": 1}]}
ITEMS = {
    "a character that XML can't hold, by its number": question(stem=html("Why &#xfffe;&#1;&#0;&#xd800; there?")),
    "HTML that shows nothing": question(stem=html("<!-- Why? -->")),
    "HTML after which no tag counts": question(stem=html("Why? <plaintext> There <b>")),
    "HTML that never ends": question(stem=html("Why? <textarea>There"), feedback={"solution": html("A <!-- b")}),
    "a choice that shows nothing": question(
        kind="choice",
        response={
            "choices": [
                {"id": "a", "text": html("<i></i>"), "fraction": 1},
                {"id": "b", "text": {"en": "B"}, "fraction": 0},
            ]
        },
    ),
    "ids alike but for their signs": called("'", "*", "c"),
    "steps alike but for their signs": called("a b", "a_b", kind="order"),
    "ids with space around them": called("a ", "b"),
    "steps with space around them": called("a ", " b", kind="order"),
    "a medium outside": pictured("../a.png"),
    "a medium in a folder": pictured("a/b.png"),
    "a medium outside, in Windows": pictured("..\\a.png"),
    "a medium that is a folder": pictured(".."),
    "a medium with the signs of addresses": pictured("a?b#c%20&d.png"),
    "a medium that a system leaves behind": pictured("._a.png"),
    "a marker above a cloze": question(
        kind="cloze", stem={"en": "Fill {{a}} in."}, response={"text": {"en": "It is {{g1}}."}, "gaps": [GAP]}
    ),
    "lines and braces in a category": question(category=["Cities\n{{big}", "{1:SA:=a"]),
    "lines in an answer": question(
        kind="text", response={"answers": [{"text": name, "fraction": 1} for name in ("Seoul", "a\n\n1. b")]}
    ),
    "blank lines before a text": question(kind="description", title={"en": "Seoul"}, stem=html("\n\n Read.")),
    "a lone carriage return at the end": question(stem={"en": "Why?\nNow.\r"}, licence="a\nb\u2029"),
    "lines and backslashes in what a comment holds": question(id="q\n1", tags=["a\n b", "b\\"], difficulty=2),
    "a formula in a category and in an answer": question(
        kind="text", category=["Sets $x$"], response={"answers": [{"text": "$x$ or y", "fraction": 1}]}, shuffle=False
    ),
    "a third of a point": question(points=1 / 3, tags=["a"]),
    "next to no points": question(kind="number", response={"answers": [{"value": "3", "fraction": 1}]}, points=1e-13),
}


def test_the_items_are_sound():
    assert {name: problems for name, item in ITEMS.items() if (problems := check_item(item.to_json()))} == {}


@EVERY
def test_what_stands_anywhere_comes_back_or_is_told(form):
    """Whatever is lost, no sign of a reader's own comes out, and nothing beside the question gets into its words."""
    for name, item in ITEMS.items():
        told = form.carries(item)
        if any(problem.is_error for problem in told):
            continue
        reading = form.read(form.write([item]), "en")
        assert ([problem.message for problem in reading.errors], len(reading.items)) == ([], 1), name
        read = reading.items[0]
        assert not OBJECT.search(json.dumps(read.to_json(), ensure_ascii=False)), name
        assert item.kind == "cloze" or not set("]}") & set(read.stem.get("en", "")), name
        if not told:
            assert (read.id, read.content()) == (item.id, item.content()), name
        assert "/body" not in json.dumps(read.to_json()), name


@pytest.mark.parametrize("form", [FORMATS[name] for name in ("qti12", "qti21", "qti30")])
@pytest.mark.parametrize("name", [name for name in ITEMS if name.startswith("a medium")])
def test_a_medium_of_any_name_goes_into_a_package(form, name):
    items = form.read(form.write([ITEMS[name]]), "en").items
    assert [[medium.data for medium in item.media] for item in items] == [[b"png"]]
