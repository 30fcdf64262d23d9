"""Tokens for ids, and the order in which an attempt shows things."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest

from quizapp.kinds import KINDS
from quizapp.rules.shuffle import Arrangement, token

SEEDS = [f"seed {number}" for number in range(60)]
ABC = [{"id": name, "text": {"en": name}} for name in "abcd"]


def told(shown: Arrangement) -> tuple[Any, ...]:
    return shown.parts, shown.ids, shown.order


def order_of(listed: list[dict[str, Any]]) -> str:
    return "".join(entry["text"]["en"] for entry in listed)


def shown_to(kind: str, public: dict[str, Any], seed: str, shuffle: bool = True) -> Arrangement:
    return Arrangement(public, KINDS[kind].LISTS, seed, shuffle)


def orders(kind: str, public: dict[str, Any], key: str, shuffle: bool) -> set[str]:
    """Every order in which the list is shown, over many seeds."""
    return {order_of(shown_to(kind, public, seed, shuffle).parts[key]) for seed in SEEDS}


def test_a_token_is_the_same_for_a_seed_and_says_nothing() -> None:
    assert token("s", "rows", "a") == token("s", "rows", "a") != token("s", "options", "a")
    assert re.fullmatch("[0-9a-f]{12}", token("s", "rows", "a"))
    assert len({token(seed, "rows", name) for seed in SEEDS for name in "abcd"}) == len(SEEDS) * 4


@pytest.mark.parametrize("kind", KINDS)
def test_every_token_leads_back_and_the_public_view_stays_as_it_is(kind: str) -> None:
    public = KINDS[kind].public(KINDS[kind].EXAMPLE)
    before = copy.deepcopy(public)
    for seed in SEEDS[:3]:
        shown = shown_to(kind, public, seed)
        assert public == before
        assert len(shown.ids) == json.dumps(shown.parts).count('"token"')
        assert {(token(seed, scope, name), name) for scope, names in shown.order.items() for name in names} >= set(
            shown.ids.items()
        )
        assert told(shown_to(kind, public, seed)) == told(shown)


def test_a_list_that_no_kind_names_is_arranged_wherever_it_stands() -> None:
    """What a new kind forgets to say costs no secret."""
    panels = [{"id": "left", "things": ABC}, {"id": "right", "things": ABC}]
    view = {"cards": ABC, "board": {"cards": ABC}, "panels": panels, "rest": [{"cards": ABC}], "words": ["id"]}
    found = [Arrangement(view, {}, seed, True) for seed in SEEDS]
    assert not [one for one in found if '"id":' in json.dumps(one.parts)]
    assert len({order_of(one.parts["cards"]) for one in found}) > 15
    assert len({order_of(one.parts["board"]["cards"]) for one in found}) > 15
    first = found[0]
    assert set(first.order) == {"cards", "cards of board", "panels", "things of left", "things of right",
                                "cards of rest"}  # fmt: skip
    assert len(first.ids) == 5 * len(ABC) + len(panels)


def test_words_follow_the_page() -> None:
    """A body that is put in the order of the page says nothing of the author's own."""
    body = {"choices": [{**one, "fraction": place} for place, one in enumerate(ABC)]}
    inner = {"gaps": [{"id": "g1", **body}], "text": {"en": "{{g1}}"}}
    for seed in SEEDS:
        shown = shown_to("choice", {"choices": ABC}, seed)
        assert [shown.ids[one["token"]] for one in shown.parts["choices"]] == shown.order["choices"]
        for author in (body["choices"], body["choices"][::-1]):
            assert [one["id"] for one in shown.follow({"choices": author})["choices"]] == shown.order["choices"]
        cloze = shown_to("cloze", inner, seed)
        assert [one["id"] for one in cloze.follow(inner)["gaps"][0]["choices"]] == cloze.order["choices of g1"]
    assert body["choices"][0]["fraction"] == 0


@pytest.mark.parametrize(
    ("kind", "key", "shuffle", "mixed"),
    [
        ("choice", "choices", True, True),
        ("choice", "choices", False, False),
        ("multiple", "choices", True, True),
        ("match", "rows", True, True),
        ("match", "rows", False, False),
        ("match", "options", True, True),
        ("match", "options", False, True),
        ("categorise", "rows", True, True),
        ("categorise", "options", True, True),
        ("categorise", "options", False, False),
        ("order", "items", True, True),
        ("order", "items", False, True),
    ],
)
def test_what_is_shuffled(kind: str, key: str, shuffle: bool, mixed: bool) -> None:
    found = orders(kind, {key: ABC}, key, shuffle)
    assert len(found) > 15 if mixed else found == {"abcd"}


def test_pinned_choices_keep_their_place() -> None:
    public = {"choices": [*ABC[:3], ABC[3] | {"pinned": True}]}
    found = orders("choice", public, "choices", True)
    assert {order[3] for order in found} == {"d"}
    assert len(found) == 6


def test_true_and_false_stay() -> None:
    public = KINDS["truefalse"].public(KINDS["truefalse"].EXAMPLE)
    assert orders("truefalse", public, "choices", True) == {"TrueFalse"}


def test_a_place_in_one_list_tells_nothing_of_another() -> None:
    """Rows and options, or the choices of two gaps, that an author wrote in step aren't shown in step."""
    rows = [{"id": f"r{name}", "text": {"en": name}} for name in "abcd"]
    match = {"rows": rows, "options": ABC}
    gaps = {"gaps": [{"id": "g1", "choices": ABC}, {"id": "g2", "choices": rows}]}
    in_step = [0, 0]
    for seed in SEEDS:
        shown = shown_to("match", match, seed).parts
        in_step[0] += order_of(shown["rows"]) == order_of(shown["options"])
        first, second = shown_to("cloze", gaps, seed).parts["gaps"]
        in_step[1] += order_of(first["choices"]) == order_of(second["choices"])
    assert max(in_step) < len(SEEDS) / 4
