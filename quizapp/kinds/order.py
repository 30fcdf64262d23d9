"""Ordering: items to put into the right order, the one in which the body lists them.

METHODS holds the ways of scoring; each takes, for the items as they were ordered, their right places (from 0),
and gives how many of how many it counts, which is the fraction. Of n items in the order 0 2 1 3 4:

- `all-or-nothing`: 0
- `absolute`: items in their right place, 3/5
- `next-exclude-last`: items followed by the right one, the last left out, 1/4
- `next-include-last`: the same, where the last must be followed by none, 2/5
- `previous-and-next`: neighbours before and after that are right, 4/10
- `all-previous-and-next`: for each item, all those rightly before and after it, 18/20
- `longest-ordered`: the longest run in the right order, with gaps, 4/5
- `longest-contiguous`: the longest run without gaps, 2/5; of both, a run of one is none
- `relative`, the default: n - 1 less the distance from its place, for each item, of n (n - 1); 18/20

Source of the rules: Moodle, question type "ordering".
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from quizapp.errors import N_, Problem, ResponseError
from quizapp.kinds.base import Body, Listing, Response, Score, say, want_ids, want_response
from quizapp.kinds.checks import check_entries, check_keys, check_one_of, check_scoring, check_text, entries, mapping
from quizapp.kinds.fields import TEXT, OneOf, Rows

NAME = "order"
LABEL = N_("Putting in order")
ASKS = N_("Items to put into the right order.")
CONTROL = "order"
MANUAL = False
LISTS = {"items": Listing("always")}
MARKED = "items"
NEW: Body = {"items": [{}, {}, {}]}
BLANK: Response = {"order": []}
FORM = (
    Rows(
        name="items", label=N_("Items in the right order"), one=N_("Item"), add=N_("Add an item"), ids="i", least=2,
        movable=True, fields=(TEXT,),
    ),
)  # fmt: skip
RULES = (
    OneOf(
        name="method",
        label=N_("How it is scored"),
        values=(
            ("", N_("By the distance from the right place")),
            ("absolute", N_("Items in their right place")),
            ("longest-ordered", N_("The longest run in the right order")),
            ("longest-contiguous", N_("The longest run without gaps")),
            ("next-exclude-last", N_("Items followed by the right one")),
            ("next-include-last", N_("Items followed by the right one, the end too")),
            ("previous-and-next", N_("Right neighbours")),
            ("all-previous-and-next", N_("Items with all the right ones before and after")),
            ("all-or-nothing", N_("All or nothing")),
        ),
    ),
)

DEFAULT = "relative"

ITEMS = {
    "i1": {"id": "i1", "text": {"ko": "고조선", "en": "Gojoseon"}},
    "i2": {"id": "i2", "text": {"ko": "조선", "en": "Joseon"}},
    "i3": {"id": "i3", "text": {"ko": "고려", "en": "Goryeo"}},
    "i4": {"id": "i4", "text": {"ko": "신라", "en": "Silla"}},
}
EXAMPLE: Body = {"items": [ITEMS["i1"], ITEMS["i4"], ITEMS["i3"], ITEMS["i2"]]}
OTHER: Body = {"items": [ITEMS["i2"], ITEMS["i3"], ITEMS["i1"], ITEMS["i4"]], "scoring": {"method": "absolute"}}


def check(body: Any) -> list[Problem]:
    """Two items or more, each with an id and a text."""
    problems = check_keys(body, ("items", "scoring"))
    body = mapping(body)
    problems += check_scoring(body, "method")
    problems += check_one_of(mapping(body.get("scoring")).get("method", DEFAULT), METHODS, "scoring", "method")
    problems += check_entries(body.get("items"), 2, ("id", "text"), "items")
    for index, item in entries(body.get("items")):
        problems += check_text(item.get("text"), "items", index, "text")
    return problems


def public(body: Body) -> dict[str, Any]:
    """The items by id; the page shuffles them."""
    items = sorted(body["items"], key=lambda item: item["id"])
    return {"items": [{"id": item["id"], "text": item["text"]} for item in items]}


def score(body: Body, response: Response | None) -> Score:
    right = {item["id"]: place for place, item in enumerate(body["items"])}
    given = want_ids(want_response(response, "order"), "order", right)
    if not given:
        return Score(0.0)
    if len(given) != len(right):
        raise ResponseError("order", N_("“%(field)s” must name every item, from first to last."), field="order")
    places = [right[name] for name in given]
    method = body.get("scoring", {}).get("method", DEFAULT)
    count, of = METHODS[method](places)
    parts = {name: float(place == right[name]) for place, name in enumerate(given)}
    # The places that items are off by are nothing that one counts.
    return Score(count / of, parts, tally=None if method == "relative" else (count, of))


Tally = tuple[int, int]


def all_or_nothing(places: Sequence[int]) -> Tally:
    return int(list(places) == sorted(places)), 1


def absolute(places: Sequence[int]) -> Tally:
    return sum(place == right for place, right in enumerate(places)), len(places)


def right_neighbours(places: Sequence[int]) -> int:
    """How many items are followed by the one that rightly follows them."""
    return sum(after == before + 1 for before, after in pairwise(places))


def next_exclude_last(places: Sequence[int]) -> Tally:
    return right_neighbours(places), len(places) - 1


def next_include_last(places: Sequence[int]) -> Tally:
    last = len(places) - 1
    return right_neighbours(places) + (places[-1] == last), len(places)


def previous_and_next(places: Sequence[int]) -> Tally:
    ends = (places[0] == 0) + (places[-1] == len(places) - 1)
    return 2 * right_neighbours(places) + ends, 2 * len(places)


def all_previous_and_next(places: Sequence[int]) -> Tally:
    """The pairs that stand in the right order."""
    pairs = 0
    before: list[int] = []
    for place in places:
        pairs += bisect_left(before, place)
        insort(before, place)
    return pairs, len(places) * (len(places) - 1) // 2


def longest_ordered(places: Sequence[int]) -> Tally:
    """By the longest increasing subsequence: `ends[k]` is the lowest place that ends one of k + 1 items."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return run_of(len(ends), places)


def longest_contiguous(places: Sequence[int]) -> Tally:
    longest = run = 1
    for before, after in pairwise(places):
        run = run + 1 if after == before + 1 else 1
        longest = max(longest, run)
    return run_of(longest, places)


def run_of(run: int, places: Sequence[int]) -> Tally:
    return (run if run > 1 else 0), len(places)


def relative(places: Sequence[int]) -> Tally:
    farthest = len(places) - 1
    return sum(farthest - abs(place - right) for place, right in enumerate(places)), len(places) * farthest


METHODS: dict[str, Callable[[Sequence[int]], Tally]] = {
    "relative": relative,
    "all-or-nothing": all_or_nothing,
    "absolute": absolute,
    "next-exclude-last": next_exclude_last,
    "next-include-last": next_include_last,
    "previous-and-next": previous_and_next,
    "all-previous-and-next": all_previous_and_next,
    "longest-ordered": longest_ordered,
    "longest-contiguous": longest_contiguous,
}


def solution(body: Body, language: str = "") -> Response:
    return {"order": [item["id"] for item in body["items"]]}


def text(body: Body, response: Response | None, language: str) -> str:
    """The items as they were ordered: `A → B → C`."""
    items = {item["id"]: say(item["text"], language) for item in body["items"]}
    return " → ".join(items[name] for name in (response or {}).get("order") or () if name in items)
