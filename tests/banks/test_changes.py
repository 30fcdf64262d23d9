"""The difference of two wordings, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.banks.changes import changes
from quizapp.kinds import KINDS
from quizapp.kinds.fields import Rows, every

CHOICE: dict[str, Any] = {
    "kind": "choice",
    "stem": {"ko": "수도는?"},
    "response": {
        "choices": [
            {"id": "a", "text": {"ko": "서울"}, "fraction": 1},
            {"id": "b", "text": {"ko": "부산"}, "fraction": 0},
        ]
    },
    "tags": ["지리", "수도"],
    "shuffle": False,
}


def said(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(" > ".join(one.path), one.old, one.new) for one in changes(old, new)]


def with_choices(*choices: dict[str, Any]) -> dict[str, Any]:
    return CHOICE | {"response": {"choices": list(choices)}}


A, B = CHOICE["response"]["choices"]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (CHOICE, []),
        (CHOICE | {"stem": {"ko": "수도는 어디?"}}, [("stem > ko", "수도는?", "수도는 어디?")]),
        (CHOICE | {"stem": {"ko": "수도는?", "en": "Capital?"}}, [("stem > en", "", "Capital?")]),
        (CHOICE | {"tags": ["지리"]}, [("tags", "지리, 수도", "지리")]),
        (CHOICE | {"shuffle": True}, [("shuffle", "✗", "✓")]),
        ({key: value for key, value in CHOICE.items() if key != "tags"}, [("tags", "지리, 수도", "")]),
        (with_choices(A, B | {"fraction": 0.5}), [("response > choices > b > fraction", "0", "0.5")]),
        (
            with_choices(A | {"fraction": 0}, B | {"fraction": 1}),
            [("key > ko", "서울", "부산")],
        ),
        (with_choices(B, A), [("response > choices > order", "a → b", "b → a")]),
        (
            with_choices(A),
            [
                ("response > choices > order", "a → b", "a"),
                ("response > choices > b > text > ko", "부산", ""),
                ("response > choices > b > fraction", "0", ""),
            ],
        ),
    ],
)
def test_each_field_is_said_once(new: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert said(CHOICE, new) == expected


def test_words_and_names() -> None:
    change = changes(CHOICE, with_choices(A, B | {"fraction": 0.5}))[0]
    assert [step.word or step.name for step in change.label] == ["Choice", "b", "Share of the points"]


def test_names_that_an_author_gave_are_not_translated() -> None:
    """A choice that is called “text” isn't the field of that name."""
    named = with_choices({**A, "id": "text"}, {**B, "id": "order"})
    other = with_choices({**A, "id": "text"}, {**B, "id": "order", "text": {"ko": "대구"}})
    (change,) = changes(named, other)
    assert [(step.name, step.word) for step in change.label] == [
        ("choices", "Choice"), ("order", ""), ("text", "Text"), ("ko", "Korean"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_kind_has_a_word(kind: str) -> None:
    """Below the body and the rule of scoring nothing is called by its key."""
    old, new = ({"kind": kind, "response": body, "scoring": body.get("scoring", {})}
                for body in (KINDS[kind].EXAMPLE, {}))  # fmt: skip
    old["response"] = {key: part for key, part in old["response"].items() if key != "scoring"}
    for change in changes(old, new):
        places = [step.name for step in change.label if not step.word]
        assert all(change.path[change.path.index(place) - 1] in LISTS for place in places), change.path


LISTS = {one.name for kind in KINDS.values() for one in every(kind.FORM) if isinstance(one, Rows)}
