"""Ordering: all items, first to last. `items` stand in the right order; nine ways to score, by `scoring.method`.

Source of the rules and their names: Moodle, question type "ordering". For the key ABCDE and the answer ACBDE:
all-or-nothing 0, absolute 3/5, next-exclude-last 1/4, next-include-last 2/5, previous-and-next 4/10,
all-previous-and-next 18/20, longest-ordered 4/5, longest-contiguous 2/5, relative (the default) 18/20.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

from quizapp.errors import N_, Problem, ResponseError
from quizapp.kinds._old import (
    Body,
    Response,
    Score,
    by_id,
    check_entries,
    check_keys,
    check_one_of,
    check_scoring,
    check_text,
    say,
    want_ids,
)

NAME = "order"
CONTROL = "order"
MANUAL = False
DEFAULT = "relative"

EXAMPLE: Body = {
    "items": [
        {"id": "a", "text": {"ko": "고조선", "en": "Gojoseon"}},
        {"id": "b", "text": {"ko": "고려", "en": "Goryeo"}},
        {"id": "c", "text": {"ko": "조선", "en": "Joseon"}},
    ],
}
OTHER: Body = {"items": [EXAMPLE["items"][2], EXAMPLE["items"][0], EXAMPLE["items"][1]]}

Places = Sequence[int]
"""The answer as places in the key: [0, 2, 1] says first, third, second."""


def all_or_nothing(places: Places) -> float:
    return float(list(places) == sorted(places))


def absolute(places: Places) -> float:
    """Items at their own place."""
    return sum(place == n for n, place in enumerate(places)) / len(places)


def followers(places: Places) -> list[int]:
    """What follows each item in the answer, by the item's place in the key; the last one is followed by nothing (n)."""
    after = [0] * len(places)
    for here, there in zip(places, [*places[1:], len(places)], strict=True):
        after[here] = there
    return after


def next_exclude_last(places: Places) -> float:
    """Items followed by the right one; the last item isn't asked."""
    return sum(after == n + 1 for n, after in enumerate(followers(places)[:-1])) / (len(places) - 1)


def next_include_last(places: Places) -> float:
    """Items followed by the right one; the last item is right if nothing follows it."""
    return sum(after == n + 1 for n, after in enumerate(followers(places))) / len(places)


def previous_and_next(places: Places) -> float:
    """Neighbours on both sides, the ends counting as neighbours."""
    before = followers([len(places) - 1 - place for place in reversed(places)])
    right = sum(after == n + 1 for n, after in enumerate(followers(places)))
    right += sum(after == n + 1 for n, after in enumerate(before))
    return right / (2 * len(places))


def all_previous_and_next(places: Places) -> float:
    """For each item, how many of those that should come before it, or after it, do."""
    n = len(places)
    pairs = sum(places[i] < places[j] for i in range(n) for j in range(i + 1, n))
    return 2 * pairs / (n * (n - 1))


def longest_ordered(places: Places) -> float:
    """The longest increasing subsequence, in n log n; one item alone is none."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return share_of_run(len(ends), len(places))


def longest_contiguous(places: Places) -> float:
    """The longest run of items that follow each other as in the key; one item alone is none."""
    longest = run = 1
    for here, there in zip(places, places[1:], strict=False):
        run = run + 1 if there == here + 1 else 1
        longest = max(longest, run)
    return share_of_run(longest, len(places))


def share_of_run(length: int, n: int) -> float:
    return length / n if length > 1 else 0.0


def relative(places: Places) -> float:
    """How near each item is to its place: the sum of n - 1 - distance, of n (n - 1)."""
    n = len(places)
    return sum(n - 1 - abs(place - at) for at, place in enumerate(places)) / (n * (n - 1))


METHODS: dict[str, Callable[[Places], float]] = {
    "all-or-nothing": all_or_nothing,
    "absolute": absolute,
    "next-exclude-last": next_exclude_last,
    "next-include-last": next_include_last,
    "previous-and-next": previous_and_next,
    "all-previous-and-next": all_previous_and_next,
    "longest-ordered": longest_ordered,
    "longest-contiguous": longest_contiguous,
    "relative": relative,
}


def check(body: Body) -> list[Problem]:
    """Two items or more, and a known method."""
    problems = check_keys(body, ("items",)) + check_scoring(body, ("method",))
    problems += check_entries(body.get("items"), 2, ("id", "text"), "items")
    if not problems:
        for index, item in enumerate(body["items"]):
            problems += check_text(item.get("text"), "items", index, "text")
        problems += check_one_of(method_of(body), METHODS, "scoring", "method")
    return problems


def method_of(body: Body) -> str:
    return body.get("scoring", {}).get("method", DEFAULT)


def public(body: Body) -> dict[str, Any]:
    return {
        "items": sorted(
            ({"id": item["id"], "text": item["text"]} for item in body["items"]), key=lambda item: item["id"]
        )
    }


def score(body: Body, response: Response | None) -> Score:
    key = [item["id"] for item in body["items"]]
    given = want_ids(response or {}, "order", key)
    if not given:
        return Score(0.0)
    if len(given) != len(key):
        raise ResponseError("order", N_("“order” must name every item once."))
    place_of = {name: place for place, name in enumerate(key)}
    places = [place_of[name] for name in given]
    parts = {name: float(place == at) for at, (name, place) in enumerate(zip(given, places, strict=True))}
    return Score(METHODS[method_of(body)](places), parts)


def solution(body: Body) -> Response:
    return {"order": [item["id"] for item in body["items"]]}


def text(body: Body, response: Response | None, language: str) -> str:
    items = by_id(body["items"])
    return " → ".join(say(items[name]["text"], language) for name in (response or {}).get("order", []) if name in items)
