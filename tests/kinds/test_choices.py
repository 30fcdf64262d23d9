"""Single choice, multiple response, true or false."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.errors import ResponseError
from quizapp.kinds import choice, multiple, truefalse
from quizapp.kinds.base import Score

FEEDBACK = {"en": "No."}


def choices(*fractions: float, **more: Any) -> dict[str, Any]:
    """A body with the choices a, b, c … of these fractions."""
    named = zip("abcdefgh", fractions, strict=False)
    return {"choices": [{"id": name, "text": {"en": name.upper()}, "fraction": part} for name, part in named], **more}


def codes(problems: list[Any]) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(problem.code, problem.path) for problem in problems]


@pytest.mark.parametrize(("chosen", "fraction"), [("a", 1), ("b", 0.25), ("c", -0.5)])
def test_single_choice_earns_the_fraction_of_the_chosen(chosen: str, fraction: float) -> None:
    assert choice.score(choices(1, 0.25, -0.5), {"choice": chosen}) == Score(fraction, {chosen: fraction})


@pytest.mark.parametrize(("chosen", "fraction"), [("a", 1), ("b", 0), ("c", 1)])
def test_of_two_right_choices_either_earns_all(chosen: str, fraction: float) -> None:
    body = choices(1, 0, 1)
    assert choice.score(body, {"choice": chosen}).fraction == fraction
    assert choice.score(body, choice.solution(body)).fraction == 1


def test_single_choice_gives_the_feedback_of_the_chosen_only() -> None:
    assert choice.score(choice.EXAMPLE, {"choice": "b"}).feedback == (choice.EXAMPLE["choices"][1]["feedback"],)
    assert choice.score(choice.EXAMPLE, {"choice": "a"}).feedback == ()


@pytest.mark.parametrize("given", ["z", "A", ["a"], 0, False])
def test_single_choice_refuses_what_is_no_option(given: Any) -> None:
    with pytest.raises(ResponseError) as refused:
        choice.score(choices(1, 0), {"choice": given})
    assert refused.value.field == "choice"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (choices(1, 0), []),
        (choices(1), [("too-few", ("choices",))]),
        (choices(0.5, 0), [("no-right", ("choices",))]),
        (choices(1, 0, 1), []),
        (choices(1, 1.5), [("fraction", ("choices", 1, "fraction"))]),
        (choices(1, float("nan")), [("fraction", ("choices", 1, "fraction"))]),
        ({"choices": [*choices(1)["choices"] * 2]}, [("same-id", ("choices", 1, "id"))]),
        ({"choices": None}, [("no-list", ("choices",)), ("no-right", ("choices",))]),
        (choices(1, 0, scoring={"method": "sum"}), [("unknown-key", ("scoring",))]),
        (
            {
                "choices": [
                    {"id": "a", "text": {"en": "A"}, "fraction": 1},
                    {"id": "b", "text": {"en": " "}, "fracton": 0},
                ]
            },
            [("unknown-key", ("choices", 1, "fracton")), ("no-text", ("choices", 1, "text"))],
        ),
        (
            {
                "choices": [
                    {"id": "a", "text": {"en": "A", "format": "rtf"}, "fraction": 1},
                    {"id": "b", "text": {"en": "B"}},
                ]
            },
            [("unknown-value", ("choices", 0, "text", "format"))],
        ),
    ],
)
def test_single_choice_check(body: Any, found: list[Any]) -> None:
    assert codes(choice.check(body)) == found


def test_a_pinned_choice_says_so() -> None:
    body = choices(1, 0)
    body["choices"][1]["pinned"] = True
    assert [shown.get("pinned") for shown in choice.public(body)["choices"]] == [None, True]


# a, b, c right; d, e wrong: c = 3, five options
RIGHT = (1, 1, 1, 0, 0)


@pytest.mark.parametrize(
    ("method", "chosen", "fraction"),
    [
        (None, "abc", 1),
        (None, "ab", 2 / 3),
        (None, "abd", 1 / 3),
        (None, "ade", 0),
        (None, "de", 0),
        ("net-correct", "abcd", 2 / 3),
        ("coverage", "abc", 1),
        ("coverage", "ab", 2 / 3),
        ("coverage", "abd", 4 / 9),
        ("coverage", "abcde", 3 / 5),
        ("coverage", "de", 0),
        ("each-answer", "abc", 1),
        ("each-answer", "abd", 3 / 5),
        ("each-answer", "abcde", 3 / 5),
        ("each-answer", "de", 0),
        ("each-answer", "d", 1 / 5),
        ("all-or-nothing", "cab", 1),
        ("all-or-nothing", "ab", 0),
        ("all-or-nothing", "abcd", 0),
    ],
)
def test_multiple_response_by_its_method(method: str | None, chosen: str, fraction: float) -> None:
    body = choices(*RIGHT, **({"scoring": {"method": method}} if method else {}))
    assert multiple.check(body) == []
    score = multiple.score(body, {"choices": list(chosen)})
    assert score.fraction == pytest.approx(fraction, abs=1e-9)
    assert score.parts == {name: float(name in "abc") for name in chosen}


@pytest.mark.parametrize(
    ("fractions", "chosen", "fraction"),
    [
        ((0.5, 0.5, -0.5), "ab", 1),
        ((0.5, 0.5, -0.5), "a", 0.5),
        ((0.5, 0.5, -0.5), "abc", 0.5),
        ((0.5, 0.5, -1), "ac", 0),
        ((0.75, 0.75, -0.5), "ab", 1),
        ((0.75, 0.75, -0.5), "abc", 1),
        ((0.33333, 0.33333, 0.33333, 0), "abc", 1),
        ((0.33333, 0.33333, 0.33333, 0), "abcd", 1),
        ((0.33333, 0.33333, 0.33333, -0.33333), "abcd", 0.66666),
        ((0.33, 0.33, 0.33, -1), "abc", 1),
        ((0.33333, 0.33333, 0.33333, 0), "ab", 0.66666),
        ((0.1, 0.2, 0.7, 0), "ab", 0.3),
    ],
)
def test_multiple_response_by_the_sum(fractions: tuple[float, ...], chosen: str, fraction: float) -> None:
    body = choices(*fractions, scoring={"method": "sum"})
    assert multiple.check(body) == []
    score = multiple.score(body, {"choices": list(chosen)})
    assert score.fraction == fraction
    assert score.parts == {name: fractions["abcd".index(name)] for name in chosen}


@pytest.mark.parametrize("method", multiple.METHODS)
def test_a_response_without_a_choice_earns_nothing(method: str) -> None:
    body = choices(1, 0, 0, 0, scoring={"method": method})
    assert multiple.score(body, {"choices": []}) == Score(0.0)
    assert multiple.score(body, None) == Score(0.0)


@pytest.mark.parametrize("given", [["a", "a"], ["z"], "ab", {"a": 1}, [["a"]], [None]])
def test_multiple_response_refuses(given: Any) -> None:
    with pytest.raises(ResponseError) as refused:
        multiple.score(choices(1, 0), {"choices": given})
    assert refused.value.field == "choices"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (choices(1, 1, 0), []),
        (choices(0.5, 0), []),
        (choices(0, 0), [("no-right", ("choices",))]),
        (choices(0.5, 0.3, scoring={"method": "sum"}), [("no-full-mark", ("choices",))]),
        (choices(0.5, 0.49, scoring={"method": "sum"}), []),
        (choices(1, 1, scoring={"method": "sum"}), []),
        (choices(1, 0, scoring={"method": "guess"}), [("unknown-value", ("scoring", "method"))]),
        (choices(1, 0, scoring={"method": ["sum"]}), [("unknown-value", ("scoring", "method"))]),
        (choices(1, 0, scoring=["sum"]), [("no-mapping", ("scoring",))]),
    ],
)
def test_multiple_response_check(body: Any, found: list[Any]) -> None:
    assert codes(multiple.check(body)) == found


@pytest.mark.parametrize(
    ("answer", "chosen", "fraction"), [(True, "true", 1), (True, "false", 0), (False, "false", 1), (False, "true", 0)]
)
def test_true_or_false(answer: bool, chosen: str, fraction: float) -> None:
    body = {"answer": answer, "feedback": {"false": FEEDBACK}}
    notes = {chosen: FEEDBACK} if chosen == "false" else {}
    assert truefalse.score(body, {"choice": chosen}) == Score(
        fraction, {chosen: fraction}, tuple(notes.values()), notes=notes
    )


def test_what_counts_says_how_many_of_how_many() -> None:
    body = {"choices": [{"id": name, "text": {"en": name}, "fraction": float(name in "abc")} for name in "abcde"]}

    def tally(method: str) -> tuple[int, int] | None:
        return multiple.score(body | {"scoring": {"method": method}}, {"choices": ["a", "b", "d"]}).tally

    assert tally("net-correct") == (1, 3)
    assert tally("each-answer") == (3, 5)
    assert tally("coverage") is tally("all-or-nothing") is tally("sum") is None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"answer": False}, []),
        ({"answer": "false"}, [("flag", ("answer",))]),
        ({"answer": 1}, [("flag", ("answer",))]),
        ({}, [("flag", ("answer",))]),
        ({"answer": True, "feedback": {"yes": FEEDBACK}}, [("unknown-key", ("feedback", "yes"))]),
        ({"answer": True, "feedback": {"true": "Yes."}}, [("no-text", ("feedback", "true"))]),
    ],
)
def test_true_or_false_check(body: Any, found: list[Any]) -> None:
    assert codes(truefalse.check(body)) == found
