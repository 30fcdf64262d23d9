"""Tokens for ids, and the order in which an attempt shows things."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest

from quizapp.kinds import KINDS
from quizapp.kinds.base import Kind
from quizapp.rules.shuffle import arrange, token, untoken

SEEDS = [f"seed {number}" for number in range(60)]
ABC = [{"id": name, "text": {"en": name}} for name in "abcd"]


def order_of(listed: list[dict[str, Any]]) -> str:
    return "".join(entry["text"]["en"] for entry in listed)


def orders(public: dict[str, Any], control: str, key: str, shuffle: bool) -> set[str]:
    """Every order in which the list is shown, over many seeds."""
    return {order_of(arrange(public, control, seed, shuffle)[key]) for seed in SEEDS}


def test_a_token_is_the_same_for_a_seed_and_says_nothing() -> None:
    assert token("s", "rows", "a") == token("s", "rows", "a") != token("s", "options", "a")
    assert re.fullmatch("[0-9a-f]{12}", token("s", "rows", "a"))
    assert len({token(seed, "rows", name) for seed in SEEDS for name in "abcd"}) == len(SEEDS) * 4


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_id_of_a_choice_reaches_the_page_and_every_token_leads_back(kind: Kind) -> None:
    public = kind.public(kind.EXAMPLE)
    before = copy.deepcopy(public)
    shown = arrange(public, kind.CONTROL, "seed", True)
    assert public == before
    ids = untoken(public, "seed")
    for part in (shown, *shown.get("gaps", ())):
        for key in {"choices", "rows", "options", "items"} & set(part):
            assert all("id" not in entry for entry in part[key])
            whole = public if part is shown else next(gap for gap in public["gaps"] if gap["id"] == part["id"])
            assert sorted(ids[entry["token"]] for entry in part[key]) == sorted(entry["id"] for entry in whole[key])
    assert len(ids) == json.dumps(shown).count('"token"')
    assert arrange(public, kind.CONTROL, "seed", True) == shown


def test_arranging_leaves_the_public_view_as_it_is() -> None:
    public = {"choices": copy.deepcopy(ABC), "gaps": [{"id": "g1", "choices": copy.deepcopy(ABC)}]}
    before = copy.deepcopy(public)
    for seed in ("one", "two", "three"):
        shown = arrange(public, "choice", seed, True)
        assert public == before
        assert all("id" not in entry for entry in [*shown["choices"], *shown["gaps"][0]["choices"]])


@pytest.mark.parametrize(
    ("control", "key", "shuffle", "mixed"),
    [
        ("choice", "choices", True, True),
        ("choice", "choices", False, False),
        ("multiple", "choices", True, True),
        ("match", "rows", True, True),
        ("match", "rows", False, False),
        ("match", "options", True, True),
        ("match", "options", False, True),
        ("categorise", "rows", True, True),
        ("categorise", "options", True, False),
        ("categorise", "options", False, False),
        ("order", "items", True, True),
        ("order", "items", False, True),
    ],
)
def test_what_is_shuffled(control: str, key: str, shuffle: bool, mixed: bool) -> None:
    found = orders({key: ABC}, control, key, shuffle)
    assert len(found) > 15 if mixed else found == {"abcd"}


def test_pinned_choices_keep_their_place() -> None:
    public = {"choices": [*ABC[:3], ABC[3] | {"pinned": True}]}
    found = orders(public, "choice", "choices", True)
    assert {order[3] for order in found} == {"d"}
    assert len(found) == 6


def test_true_and_false_are_labelled_and_stay() -> None:
    public = KINDS["truefalse"].public(KINDS["truefalse"].EXAMPLE)
    for seed in SEEDS:
        choices = arrange(public, "choice", seed, True)["choices"]
        assert [choice["label"] for choice in choices] == ["true", "false"]
        assert [choice["token"] for choice in choices] == [
            token(seed, "choices", "true"),
            token(seed, "choices", "false"),
        ]


def test_a_place_in_one_list_tells_nothing_of_another() -> None:
    """Rows and options, or the choices of two gaps, that an author wrote in step aren't shown in step."""
    rows = [{"id": f"r{name}", "text": {"en": name}} for name in "abcd"]
    match = {"rows": rows, "options": ABC}
    gaps = {"gaps": [{"id": "g1", "choices": ABC}, {"id": "g2", "choices": rows}]}
    in_step = [0, 0]
    for seed in SEEDS:
        shown = arrange(match, "match", seed, True)
        in_step[0] += order_of(shown["rows"]) == order_of(shown["options"])
        first, second = arrange(gaps, "gaps", seed, True)["gaps"]
        in_step[1] += order_of(first["choices"]) == order_of(second["choices"])
    assert max(in_step) < len(SEEDS) / 4
