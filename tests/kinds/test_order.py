"""Ordering by each of its methods."""

from __future__ import annotations

import time
from itertools import permutations
from typing import Any

import pytest

from quizapp.errors import ResponseError
from quizapp.kinds import order
from quizapp.kinds.base import Score


def body(key: str, method: str | None = None) -> dict[str, Any]:
    items = [{"id": name, "text": {"en": name}} for name in key]
    return {"items": items} | ({"scoring": {"method": method}} if method else {})


@pytest.mark.parametrize(
    ("method", "given", "fraction"),
    [
        ("all-or-nothing", "ACBDE", 0),
        ("absolute", "ACBDE", 3 / 5),
        ("next-exclude-last", "ACBDE", 1 / 4),
        ("next-include-last", "ACBDE", 2 / 5),
        ("previous-and-next", "ACBDE", 4 / 10),
        ("all-previous-and-next", "ACBDE", 18 / 20),
        ("longest-ordered", "ACBDE", 4 / 5),
        ("longest-contiguous", "ACBDE", 2 / 5),
        ("relative", "ACBDE", 18 / 20),
        (None, "ACBDE", 18 / 20),
        ("all-or-nothing", "EDCBA", 0),
        ("absolute", "EDCBA", 1 / 5),
        ("next-exclude-last", "EDCBA", 0),
        ("next-include-last", "EDCBA", 0),
        ("previous-and-next", "EDCBA", 0),
        ("all-previous-and-next", "EDCBA", 0),
        ("longest-ordered", "EDCBA", 0),
        ("longest-contiguous", "EDCBA", 0),
        ("relative", "EDCBA", 8 / 20),
        ("absolute", "BCDEA", 0),
        ("next-exclude-last", "BCDEA", 3 / 4),
        ("next-include-last", "BCDEA", 3 / 5),
        ("previous-and-next", "BCDEA", 6 / 10),
        ("all-previous-and-next", "BCDEA", 12 / 20),
        ("longest-ordered", "BCDEA", 4 / 5),
        ("longest-contiguous", "BCDEA", 4 / 5),
        ("relative", "BCDEA", 12 / 20),
    ],
)
def test_methods(method: str | None, given: str, fraction: float) -> None:
    asked = body("ABCDE", method)
    assert order.check(asked) == []
    assert order.score(asked, {"order": list(given)}).fraction == pytest.approx(fraction, abs=1e-12)


@pytest.mark.parametrize("method", order.METHODS)
def test_only_the_right_order_earns_everything(method: str) -> None:
    for given in permutations("ABCD"):
        fraction = order.score(body("ABCD", method), {"order": list(given)}).fraction
        assert fraction is not None
        assert (fraction == 1) == (given == tuple("ABCD"))
        assert 0 <= fraction <= 1


def test_parts_say_which_items_are_in_their_place() -> None:
    score = order.score(body("ABCDE"), {"order": list("ACBDE")})
    assert score.parts == {"A": 1, "C": 0, "B": 0, "D": 1, "E": 1}


@pytest.mark.parametrize("given", [["A"], list("ABCDD"), list("ABCDX"), list("ABCDEA"), "ABCDE", [None]])
def test_anything_but_every_item_once_is_refused(given: Any) -> None:
    with pytest.raises(ResponseError) as refused:
        order.score(body("ABCDE"), {"order": given})
    assert refused.value.field == "order"


def test_blank_in_words_and_public() -> None:
    asked = body("BCA")
    assert order.score(asked, {"order": []}) == Score(0.0)
    assert order.text(asked, {"order": ["C", "B", "A"]}, "en") == "C → B → A"
    assert [item["id"] for item in order.public(asked)["items"]] == ["A", "B", "C"]


@pytest.mark.parametrize("method", order.METHODS)
def test_many_items_take_no_time(method: str) -> None:
    items = [{"id": str(number), "text": {"en": "x"}} for number in range(5_000)]
    started = time.process_time()
    order.score({"items": items, "scoring": {"method": method}}, {"order": [item["id"] for item in items[::-1]]})
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("asked", "code", "path"),
    [
        (body("A"), "too-few", ("items",)),
        (body("AA"), "same-id", ("items", 1, "id")),
        (body("AB", "luck"), "unknown-value", ("scoring", "method")),
        ({"items": [{"id": "a", "text": {"en": "A"}}, {"id": "b"}]}, "no-text", ("items", 1, "text")),
    ],
)
def test_check(asked: Any, code: str, path: tuple[str | int, ...]) -> None:
    assert [(problem.code, problem.path) for problem in order.check(asked)] == [(code, path)]


def test_the_places_that_items_are_off_by_are_no_count() -> None:
    """“2 of 6” says nothing of three items; pairs in the right order do."""
    given = {"order": [item["id"] for item in order.EXAMPLE["items"][::-1]]}
    assert order.score(order.EXAMPLE, given).tally is None
    pairs = order.EXAMPLE | {"scoring": {"method": "all-previous-and-next"}}
    assert order.score(pairs, given).tally == (0, 6)
