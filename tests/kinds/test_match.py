"""Matching and categorising."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.errors import ResponseError
from quizapp.kinds import categorise, match
from quizapp.kinds.base import Score

SAID = {"en": "Since 1868."}
BODY: dict[str, Any] = {
    "rows": [
        {"id": "r2", "text": {"en": "Japan"}, "option": "o2", "feedback": SAID},
        {"id": "r1", "text": {"en": "Korea"}, "option": "o1"},
        {"id": "r3", "text": {"en": "Joseon"}, "option": "o1"},
    ],
    "options": [
        {"id": "o2", "text": {"en": "Tokyo"}},
        {"id": "o1", "text": {"en": "Seoul"}},
        {"id": "o3", "text": {"en": "Beijing"}},
        {"id": "o4", "text": {"en": "Tokyo"}},
    ],
}


@pytest.mark.parametrize("kind", [match, categorise])
@pytest.mark.parametrize(
    ("pairs", "right"),
    [
        ({"r1": "o1", "r2": "o2", "r3": "o1"}, ["r1", "r2", "r3"]),
        ({"r1": "o1", "r2": "o4", "r3": "o3"}, ["r1", "r2"]),
        ({"r1": "o1"}, ["r1"]),
        ({"r1": "o1", "r2": "", "r3": None}, ["r1"]),
        ({"r1": "o2", "r2": "o1"}, []),
    ],
)
def test_the_share_of_right_rows(kind: Any, pairs: dict[str, str], right: list[str]) -> None:
    score = kind.score(BODY, {"pairs": pairs})
    assert score.fraction == len(right) / 3
    assert score.parts == {name: float(name in right) for name in ("r1", "r2", "r3")}
    assert score.feedback == ((SAID,) if pairs.get("r2") else ())


def test_nothing_matched_earns_nothing() -> None:
    assert match.score(BODY, {"pairs": {"r1": ""}}) == Score(0.0)


@pytest.mark.parametrize("pairs", [{"r9": "o1"}, {"r1": "o9"}, {"r1": ["o1"]}, {"r1": "r1"}, [["r1", "o1"]]])
def test_what_the_question_does_not_have_is_refused(pairs: Any) -> None:
    with pytest.raises(ResponseError) as refused:
        match.score(BODY, {"pairs": pairs})
    assert refused.value.field == "pairs"


def test_the_page_gets_rows_and_options_by_id_and_nothing_else() -> None:
    public = match.public(BODY)
    assert [row["id"] for row in public["rows"]] == ["r1", "r2", "r3"]
    assert [option["id"] for option in public["options"]] == ["o1", "o2", "o3", "o4"]
    assert {key for part in public.values() for entry in part for key in entry} == {"id", "text"}


def test_in_words() -> None:
    assert match.text(BODY, {"pairs": {"r1": "o1", "r2": "o3", "r3": "gone"}}, "en") == "Japan → Beijing\nKorea → Seoul"


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"rows": []}, "too-few", ("rows",)),
        ({"rows": [{"id": "r1", "text": {"en": "A"}}]}, "no-right", ("rows", 0, "option")),
        ({"rows": [{"id": "r1", "text": {"en": "A"}, "option": "o9"}]}, "no-right", ("rows", 0, "option")),
        ({"rows": [{"id": "r1", "text": {"en": "A"}, "option": ["o1"]}]}, "no-right", ("rows", 0, "option")),
        ({"options": [*BODY["options"], BODY["options"][0]]}, "same-id", ("options", 4, "id")),
        ({"options": [*BODY["options"], {"id": "o5"}]}, "no-text", ("options", 4, "text")),
    ],
)
def test_check(changed: dict[str, Any], code: str, path: tuple[str | int, ...]) -> None:
    assert match.check(BODY) == []
    assert [(problem.code, problem.path) for problem in match.check(BODY | changed)] == [(code, path)]
