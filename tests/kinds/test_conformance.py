"""What every question type must do, whatever it asks."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from quizapp.banks.changes import leaves
from quizapp.banks.question_forms import form_of
from quizapp.errors import ResponseError
from quizapp.formats.items import Item
from quizapp.kinds import ALL, KINDS
from quizapp.kinds.base import Body, Kind, Score, is_blank
from quizapp.web import controls
from quizapp.web.fields import form_value
from tests.draws import exploring
from tests.kinds.shapes import KEYS, anything, bodies, names_in, responses

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


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


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len(KINDS) == len(ALL)
    assert next(iter(KINDS)) == "choice", "the first on the page that begins a question"


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


def with_telling_ids(kind: Kind, body: Body) -> tuple[Body, set[str]]:
    """The body with other ids for what can be chosen, wherever it speaks of them; and those ids."""
    found = {name for key in kind.LISTS if kind.LISTS[key].choosable for name in ids_of(body, key)}
    other = {name: f"the id {name} of an author" for name in found}

    def told(part: Any) -> Any:
        if isinstance(part, dict):
            return {other.get(key, key): told(value) for key, value in part.items()}
        if isinstance(part, list):
            return [told(one) for one in part]
        return other.get(part, part) if isinstance(part, str) else part

    return told(body), set(other.values())


def ids_of(part: Any, key: str) -> set[str]:
    """The ids in the lists of this name, however deep they stand."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    own = part.get(key) if isinstance(part, dict) else None
    return {one["id"] for one in own or ()}.union(*(ids_of(one, key) for one in inner))


def listed(part: Any) -> set[str]:
    """The names of the lists of things with ids."""
    if not isinstance(part, dict):
        return set().union(*map(listed, part)) if isinstance(part, list) else set()
    own = {key for key, value in part.items() if isinstance(value, list) and any("id" in one for one in value)}
    return own.union(*map(listed, part.values()))


@every_kind
def test_no_id_of_what_can_be_chosen_leaves(kind: Kind) -> None:
    """Neither in what a page shows, nor in how it writes an answer down, nor in the words for it."""
    for example in bodies_of(kind):
        body, ids = with_telling_ids(kind, example)
        assert kind.check(body) == []
        item = Item(kind=kind.NAME, scoring=body.get("scoring", {}),
                    response={key: part for key, part in body.items() if key != "scoring"})  # fmt: skip
        for shuffle in (False, True):
            shown = controls.arrange(item, "seed", shuffle)
            solution = kind.solution(body)
            sent = [shown.parts, shown.fields(solution), shown.words(solution, "en")]
            assert not [name for name in ids if name in json.dumps(sent)]
            assert not names_in(shown.parts) - names_of_open_lists(kind, body)
        assert listed(example) | listed(kind.public(example)) <= set(kind.LISTS), "a list with ids that isn't named"
    assert {key for key, listing in kind.LISTS.items() if not listing.choosable} <= {"gaps"}, "a text names its gaps"


def names_of_open_lists(kind: Kind, body: Body) -> set[str]:
    return {name for key, listing in kind.LISTS.items() if not listing.choosable for name in ids_of(body, key)}


@every_kind
def test_its_control_reads_what_it_shows(kind: Kind) -> None:
    """A solution filled into the form and read back is the solution; an empty form is a blank response."""
    for body in bodies_of(kind):
        item = Item(kind=kind.NAME, response={key: part for key, part in body.items() if key != "scoring"})
        shown = controls.arrange(item, "seed", True)
        right = kind.solution(body) or {"text": "a word"}
        assert canonical(shown.read(MultiDict(shown.fields(right)))) == canonical(right)
        assert is_blank(shown.read(MultiDict()))
        assert is_blank(shown.read(MultiDict(shown.fields(kind.BLANK))))
        state = controls.revealed(item, shown, right)
        assert all(mark in (*shown.ids, *names_of_open_lists(kind, body)) for mark in state.marks)


def canonical(response: Any) -> Any:
    """A response in which the order of choices says nothing."""
    return {key: sorted(part) if key == "choices" else part for key, part in response.items()}


@every_kind
def test_the_parts_of_a_score_are_of_the_marked_list(kind: Kind) -> None:
    for body in bodies_of(kind):
        parts = kind.score(body, kind.solution(body) or {"text": "a word"}).parts
        assert set(parts) <= ids_of([body, kind.public(body)], kind.MARKED)
        assert not kind.MARKED or (kind.MARKED in kind.LISTS and parts)


@every_kind
def test_its_form_holds_all_of_its_body(kind: Kind) -> None:
    """Filled in and read back, the editor's form says what it was given; a new one says nothing yet."""
    for body in bodies_of(kind):
        given = {"response": {key: part for key, part in body.items() if key != "scoring"},
                 "scoring": body.get("scoring", {})}  # fmt: skip
        kept = set(leaves(form_value(form_of(kind.NAME)(data=given))))
        assert not [one for one in leaves(given) if one not in kept and one[1] not in ("", "✗")]
    assert kind.LABEL
    assert kind.ASKS
    new = form_of(kind.NAME)(data={"response": kind.NEW})
    assert not any(text for text in texts_of(form_value(new).get("response", {})))


def texts_of(part: Any) -> list[str]:
    """What was typed into texts: those by language."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    own = [part[key] for key in ("ko", "en") if isinstance(part, dict) and key in part]
    return [*own, *(text for one in inner for text in texts_of(one))]


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
        for response in (None, {}, kind.BLANK):
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
    part = next(iter(kind.BLANK))
    result = scored(kind, kind.EXAMPLE, {part: value})
    if isinstance(result, Score):
        assert result.fraction in (0, None)
    else:
        assert result.field == part
        assert result.message


@every_kind
@settings(max_examples=150 if exploring() else 80)
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
@settings(max_examples=150 if exploring() else 80)
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
            kind.score(kind.EXAMPLE, {next(iter(kind.BLANK)): deep})


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
