"""What every question type must do, whatever it asks."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.errors import ResponseError
from quizapp.kinds import KINDS
from quizapp.kinds.base import Body, Kind, Score, is_blank
from tests.kinds.shapes import KEYS, anything, bodies, responses

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
BLANK: dict[str, Any] = {
    "choice": {"choice": ""},
    "multiple": {"choices": []},
    "truefalse": {"choice": ""},
    "text": {"text": " \n"},
    "number": {"text": "", "unit": "m"},
    "match": {"pairs": {"r1": ""}},
    "categorise": {"pairs": {}},
    "order": {"order": []},
    "cloze": {"gaps": {"g1": "", "g2": "  "}},
    "essay": {"text": "\u3000"},
}


def stored(value: Any) -> Any:
    """What comes back from a database or a file."""
    return json.loads(json.dumps(value, allow_nan=False))


def scored(kind: Kind, body: Body, response: Any) -> Score | ResponseError:
    """The score, or the refusal; anything else that is raised fails the test."""
    try:
        return kind.score(body, response)
    except ResponseError as refused:
        return refused


def bodies_of(kind: Kind) -> list[Body]:
    return [kind.EXAMPLE, kind.OTHER]


def test_the_kinds_and_their_order() -> None:
    names = "choice multiple truefalse text number match categorise order cloze essay"
    assert list(KINDS) == names.split()


@every_kind
def test_the_examples_are_clean_json_and_stay_as_they_are(kind: Kind) -> None:
    for body in bodies_of(kind):
        before = copy.deepcopy(body)
        assert stored(body) == body
        assert kind.check(body) == []
        kind.public(body)
        kind.score(body, kind.solution(body))
        assert body == before


@every_kind
def test_a_page_learns_nothing_of_the_key(kind: Kind) -> None:
    assert kind.EXAMPLE != kind.OTHER
    public = kind.public(kind.EXAMPLE)
    assert stored(public) == public
    assert json.dumps(public) == json.dumps(kind.public(kind.OTHER))
    for secret in ("fraction", "answer", "feedback", "option", "tolerance", "factor", "grader_notes", "weight"):
        assert f'"{secret}"' not in json.dumps(public)


@every_kind
def test_the_solution_earns_everything_and_that_of_another_key_less(kind: Kind) -> None:
    for body, other in (bodies_of(kind), bodies_of(kind)[::-1]):
        solution = kind.solution(body)
        if kind.MANUAL:
            assert solution is None
            continue
        assert stored(solution) == solution
        score = kind.score(body, solution)
        assert score.fraction == 1
        assert all(part == 1 for part in score.parts.values())
        earned = kind.score(body, kind.solution(other)).fraction
        assert earned is not None
        assert earned < 1


@every_kind
def test_nothing_earns_nothing(kind: Kind) -> None:
    for body in bodies_of(kind):
        for response in (None, {}, BLANK[kind.NAME]):
            assert is_blank(response)
            assert kind.score(body, response) == Score(0.0)
            assert kind.text(body, response, "ko").strip() == ""


@every_kind
def test_a_response_is_said_in_both_languages(kind: Kind) -> None:
    response = kind.solution(kind.EXAMPLE) or {"text": "나는 그렇게 생각한다."}
    assert not is_blank(response)
    assert kind.text(kind.EXAMPLE, response, "ko").strip()
    assert kind.text(kind.EXAMPLE, response, "en").strip()


@every_kind
@pytest.mark.parametrize("response", [[], "a", 5, True, {"else": 1}], ids=repr)
def test_a_response_of_a_wrong_shape_is_refused(kind: Kind, response: Any) -> None:
    with pytest.raises(ResponseError) as refused:
        kind.score(kind.EXAMPLE, response)
    assert refused.value.message
    assert refused.value.field == "response"


@every_kind
@pytest.mark.parametrize("value", [5, True, [["a"]], {"a": {}}, {"r1": []}, "\0", "\ud800", ["a", "a"], "?x"], ids=repr)
def test_a_part_of_a_wrong_shape_is_refused_by_its_name_or_scored(kind: Kind, value: Any) -> None:
    part = next(iter(BLANK[kind.NAME]))
    result = scored(kind, kind.EXAMPLE, {part: value})
    if isinstance(result, Score):
        assert result.fraction in (0, None)
    else:
        assert result.field == part
        assert result.message


@every_kind
@settings(max_examples=150)
@given(data=st.data())
def test_any_response_is_scored_or_refused(kind: Kind, data: st.DataObject) -> None:
    for body in bodies_of(kind):
        response = data.draw(responses(kind.solution(body) or {"text": ""}))
        score = scored(kind, body, response)
        if isinstance(score, ResponseError):
            assert score.message
            continue
        assert kind.text(body, response, "ko") == stored(kind.text(body, response, "ko"))
        assert stored([score.fraction, dict(score.parts), score.feedback, score.reading])
        assert kind.MANUAL or score.fraction is not None
        assert score.fraction is None or -1 <= score.fraction <= 1
        assert score == kind.score(body, response)


@every_kind
@settings(max_examples=150)
@given(data=st.data())
def test_any_body_is_checked(kind: Kind, data: st.DataObject) -> None:
    body: Any = data.draw(st.one_of(anything, bodies(kind.EXAMPLE)))
    problems = kind.check(body)
    for problem in problems:
        assert problem.message
        assert problem.code
        assert problem.is_error
    if not problems and not kind.MANUAL:
        assert kind.score(body, kind.solution(body)).fraction == 1
        assert kind.score(body, None) == Score(0.0)
        assert stored(kind.public(body)) == kind.public(body)


@every_kind
def test_unknown_keys_are_problems_with_their_path(kind: Kind) -> None:
    for extra, path in (({"colour": 1}, ("colour",)), ({"scoring": {"colour": 1}}, ("scoring", "colour"))):
        problems = kind.check(kind.EXAMPLE | extra)
        assert [problem.code for problem in problems] == ["unknown-key"]
        assert problems[0].path in (path, ("scoring",))


@every_kind
@pytest.mark.parametrize("body", [None, [], "x", 7, {}], ids=repr)
def test_what_is_no_body_is_a_problem(kind: Kind, body: Any) -> None:
    if kind.MANUAL and body == {}:
        return
    assert kind.check(body)


@every_kind
def test_deep_nesting_is_no_danger(kind: Kind) -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    for key in KEYS:
        problems = kind.check(kind.EXAMPLE | {key: deep})
        assert all(problem.message for problem in problems)
        with pytest.raises(ResponseError):
            kind.score(kind.EXAMPLE, {next(iter(BLANK[kind.NAME])): deep})


@pytest.mark.parametrize(
    ("response", "blank"),
    [
        (None, True),
        ({"unit": "cm"}, True),
        ({"gaps": {"unit": "x"}}, False),
        ({"gaps": {"unit": " "}}, True),
        ({"choices": ["a"]}, False),
        ({"text": "0"}, False),
    ],
)
def test_blank(response: Any, blank: bool) -> None:
    assert is_blank(response) is blank
