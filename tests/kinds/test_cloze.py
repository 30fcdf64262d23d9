"""Cloze: gaps of three kinds, weighted, and markers that agree with them."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.errors import ResponseError
from quizapp.kinds import cloze, essay
from quizapp.kinds.base import Score

ROUGHLY = {"en": "Roughly."}
CHOICES = [
    {"id": "a", "text": {"en": "Sejong"}, "fraction": 1},
    {"id": "b", "text": {"en": "Taejong"}, "fraction": -0.5},
]
GAPS: list[dict[str, Any]] = [
    {"id": "g1", "kind": "choice", "choices": CHOICES},
    {
        "id": "g2",
        "kind": "number",
        "weight": 2,
        "answers": [
            {"value": "1443", "fraction": 1},
            {"value": "1440", "tolerance": "10", "fraction": 0.5, "feedback": ROUGHLY},
        ],
    },
    {"id": "g3", "kind": "text", "answers": [{"text": "Hangul", "fraction": 1}], "scoring": {"case": True}},
]
BODY: dict[str, Any] = {
    "text": {"ko": "{{g1}}이 {{g2}}년에 {{g3}}을", "en": "In {{g2}}, {{g1}} made {{g3}}.", "format": "markdown"},
    "gaps": GAPS,
}


@pytest.mark.parametrize(
    ("gaps", "fraction", "parts"),
    [
        ({"g1": "a", "g2": "1,443", "g3": "Hangul"}, 1, (1, 1, 1)),
        ({"g1": "a"}, 1 / 4, (1, 0, 0)),
        ({"g2": "1443"}, 2 / 4, (0, 1, 0)),
        ({"g2": "1443", "g3": " "}, 2 / 4, (0, 1, 0)),
        ({"g2": "1435", "g3": "hangul"}, 1 / 4, (0, 0.5, 0)),
        ({"g1": "b", "g2": "1443"}, 1.5 / 4, (-0.5, 1, 0)),
        ({"g1": "b"}, -0.5 / 4, (-0.5, 0, 0)),
    ],
)
def test_the_weighted_mean_of_the_gaps(gaps: dict[str, str], fraction: float, parts: tuple[float, ...]) -> None:
    score = cloze.score(BODY, {"gaps": gaps})
    assert score.fraction == fraction
    assert score.parts == dict(zip(("g1", "g2", "g3"), parts, strict=True))


def test_feedback_and_reading_of_the_gaps() -> None:
    score = cloze.score(BODY, {"gaps": {"g2": "１，４３５"}})
    assert (score.feedback, score.reading) == ((ROUGHLY,), "1435")


@pytest.mark.parametrize("gaps", [{"g9": "a"}, {"g1": "z"}, {"g1": ["a"]}, {"g2": 5}, {"g3": {"text": "a"}}, ["a"]])
def test_what_the_gaps_do_not_take_is_refused(gaps: Any) -> None:
    with pytest.raises(ResponseError) as refused:
        cloze.score(BODY, {"gaps": gaps})
    assert refused.value.field == "gaps"


def test_the_page_gets_the_text_and_the_gaps_without_their_key() -> None:
    assert cloze.public(BODY) == {
        "text": BODY["text"],
        "gaps": [
            {"id": "g1", "kind": "choice", "choices": [{key: one[key] for key in ("id", "text")} for one in CHOICES]},
            {"id": "g2", "kind": "number", "units": []},
            {"id": "g3", "kind": "text"},
        ],
    }


def test_in_words() -> None:
    assert cloze.text(BODY, {"gaps": {"g1": "a", "g3": "Hangul"}}, "en") == "(1) —\n(2) Sejong\n(3) Hangul"


def test_gaps_are_numbered_as_the_text_of_the_language_comes_to_them() -> None:
    """A language may say it in another order, and the list of gaps may have a third."""
    turned = BODY | {"text": {"en": "{{g3}} by {{g1}} in {{g2}}", "ko": "{{g2}}, {{g1}}, {{g3}}"}}
    given = {"gaps": {"g1": "a", "g2": "1443", "g3": "Hangul"}}
    assert cloze.text(turned, given, "en") == "(1) Hangul\n(2) Sejong\n(3) 1443"
    assert [one["id"] for one in cloze.in_order(turned, "ko")] == ["g2", "g1", "g3"]


def gap(**changed: Any) -> dict[str, Any]:
    return {"gaps": [GAPS[0], GAPS[1] | changed, GAPS[2]]}


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"text": {"en": "{{g1}} {{g2}}"}}, "marker", ("text", "en")),
        ({"text": {"en": "{{g1}} {{g2}} {{g3}} {{g4}}"}}, "marker", ("text", "en")),
        ({"text": {"en": "{{g1}} {{g2}} {{g3}} {{g1}}"}}, "marker", ("text", "en")),
        ({"text": BODY["text"] | {"ko": "{{g1}} {{g2}}"}}, "marker", ("text", "ko")),
        ({"text": "{{g1}} {{g2}} {{g3}}"}, "no-text", ("text",)),
        (gap(weight=0), "weight", ("gaps", 1, "weight")),
        (gap(weight="2"), "weight", ("gaps", 1, "weight")),
        (gap(weight=float("inf")), "weight", ("gaps", 1, "weight")),
        (gap(kind="essay"), "unknown-value", ("gaps", 1, "kind")),
        (gap(kind=["text"]), "unknown-value", ("gaps", 1, "kind")),
        (gap(answers=[]), "too-few", ("gaps", 1, "answers")),
        (gap(scoring={"case": True}), "unknown-key", ("gaps", 1, "scoring", "case")),
        ({"scoring": {"method": "sum"}}, "unknown-key", ("scoring",)),
    ],
)
def test_check(changed: dict[str, Any], code: str, path: tuple[str | int, ...] | None) -> None:
    assert cloze.check(BODY) == []
    problems = cloze.check(BODY | changed)
    assert {problem.code for problem in problems} == {code}
    assert path is None or [problem.path for problem in problems] == [path]


def test_a_marker_is_named_as_it_is_written() -> None:
    problems = cloze.check(BODY | {"text": {"en": "{{g1}} {{g2}} {{g3}} {{g4}}"}})
    assert "{{g4}}" in problems[0].message


def test_an_essay_waits_for_a_person_unless_it_is_blank() -> None:
    assert essay.score({}, {"text": "나는"}) == Score(None)
    assert essay.score({}, {"text": " \n"}) == Score(0.0)
    assert "grader_notes" not in essay.public(essay.EXAMPLE)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, None),
        ({"min_words": 5, "max_words": 5}, None),
        ({"min_words": 6, "max_words": 5}, ("min_words",)),
        ({"min_words": 0}, ("min_words",)),
        ({"max_words": 10**9}, ("max_words",)),
        ({"max_words": True}, ("max_words",)),
        ({"max_words": "5"}, ("max_words",)),
        ({"min_words": 40, "max_characters": 20}, None),
        ({"min_characters": 6, "max_characters": 5}, ("min_characters",)),
        ({"min_characters": 0, "max_words": 3}, ("min_characters",)),
        ({"template": "Text"}, ("template",)),
        ({"grader_notes": {"en": 5}}, ("grader_notes",)),
    ],
)
def test_essay_check(body: Any, path: tuple[str, ...] | None) -> None:
    assert [problem.path for problem in essay.check(body)] == ([path] if path else [])
