"""QTI 1.2 from Canvas's New Quizzes: how blanks are answered and compared, and where the key stands."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.formats import qti12
from quizapp.formats.accounting import unread_texts
from quizapp.kinds import KINDS
from tests.formats.test_qti12 import document, eq, item, mat, only, when

TYPE = "fill_in_multiple_blanks_question"


def entry(ident: str, text: str, algorithm: str, kind: str = "openEntry", more: str = "") -> str:
    said = f' scoring_algorithm="{algorithm}"' if algorithm else ""
    return f'<response_label ident="{ident}"{said} answer_type="{kind}"{more}>{mat(text)}</response_label>'


def blank(name: str, *entries: str) -> str:
    shown = "".join(entries)
    return f'<response_lid ident="response_{name}">{mat(name)}<render_choice>{shown}</render_choice></response_lid>'


def key(**right: str) -> str:
    share = f"{100 / len(right):.2f}"
    return "".join(when(eq(ident, f"response_{name}"), share, "Add", "Yes") for name, ident in right.items())


def gaps(*blanks: str, names: str = "x", right: str = "", **meta: str) -> list[dict[str, Any]]:
    stem = mat(" ".join(f"[{name}]" for name in names))
    return only(item(stem + "".join(blanks), right, TYPE, **meta)).response["gaps"]


def takes(gap: dict[str, Any], given: str) -> bool:
    body = {"answers": gap["answers"], "scoring": gap.get("scoring", {})}
    return KINDS["text"].score(body, {"text": given}).fraction == 1


@pytest.mark.parametrize(
    ("algorithm", "text", "more", "right", "wrong"),
    [
        ("TextContainsAnswer", "red", "", ["red", "a RED rose"], ["rose", "blue"]),
        ("TextContainsAnswer", "a*b", "", ["xa*bx"], ["a-b"]),
        ("TextEquivalence", "red", "", ["red", "Red"], ["redder", "a red"]),
        ("TextCloseEnough", "blue", ' levenshtein_distance="2" ignore_case="true"', ["blue", "Blue"], ["green"]),
        ("TextCloseEnough", "blue", ' levenshtein_distance="1" ignore_case="false"', ["blue"], ["Blue", "green"]),
        ("TextRegex", "^(red|dark\\.red)$", "", ["red", "dark.red"], ["Red", "dark-red", "^(red|dark\\.red)$"]),
        ("TextRegex", "(?i)^red$", "", ["red", "Red"], ["(?i)^red$"]),
    ],
)
def test_a_typed_blank_takes_what_it_takes_there(
    algorithm: str, text: str, more: str, right: list[str], wrong: list[str]
) -> None:
    (gap,) = gaps(blank("x", entry("1", text, algorithm, more=more)), right=key(x="1"))
    assert [takes(gap, one) for one in [*right, *wrong]] == [True] * len(right) + [False] * len(wrong)


def test_one_of_several_choices_is_enough_though_only_the_first_is_scored() -> None:
    both = blank("x", entry("1", "yellow", "TextInChoices"), entry("2", "teal", "TextInChoices"))
    (gap,) = gaps(both, right=key(x="1"))
    assert (takes(gap, "yellow"), takes(gap, "teal")) == (True, True)


def test_an_answer_that_is_not_scored_is_not_right() -> None:
    both = blank("x", entry("1", "yellow", "TextEquivalence"), entry("2", "teal", "TextEquivalence"))
    (gap,) = gaps(both, right=key(x="2"))
    assert (takes(gap, "yellow"), takes(gap, "teal")) == (False, True)
    reading = qti12.read(document(item(mat("[x] [y]") + both + blank("y", entry("3", "red", "")), key(y="3"), TYPE)))
    assert [problem.code for problem in reading.errors] == ["no-right"]


def test_capitals_matter_where_the_question_says_so() -> None:
    (gap,) = gaps(blank("x", entry("1", "Red", "TextEquivalence")), right=key(x="1"), case_sensitive="true")
    assert (takes(gap, "Red"), takes(gap, "red")) == (True, False)


def test_a_list_to_choose_from_has_the_scored_choice_as_its_key() -> None:
    (gap,) = gaps(
        blank("x", *(entry(one, word, "Equivalence", "dropdown") for one, word in [("1", "black"), ("2", "grey")])),
        right=key(x="2"),
    )
    assert [(one["text"]["en"], one["fraction"]) for one in gap["choices"]] == [("black", 0), ("grey", 1)]


def test_a_bank_of_words_is_offered_at_each_of_its_blanks() -> None:
    first = blank("x", entry("1", "brown", "TextEquivalence", "wordbank"), entry("3", "pink", "", "wordbank"))
    second = blank("y", entry("2", "white", "TextEquivalence", "wordbank"))
    source = document(item(mat("[x] [y]") + first + second, key(x="1", y="2"), TYPE))
    reading = qti12.read(source)
    found = [
        {one["text"]["en"]: one["fraction"] for one in gap["choices"]} for gap in reading.items[0].response["gaps"]
    ]
    assert found == [{"brown": 1, "pink": 0, "white": 0}, {"brown": 0, "pink": 0, "white": 1}]
    assert [problem.code for problem in reading.problems] == ["word-bank"]
    freely = source.replace(b'answer_type="wordbank"', b'answer_type="wordbank" allow_reuse="true"')
    assert qti12.read(freely).problems == []


@pytest.mark.parametrize(
    ("algorithm", "text", "said"),
    [("TextRegex", "^colou?r$", "^colou?r$"), ("TextRegex", "red", "red"), ("TextSounds", "red", "TextSounds")],
)
def test_a_pattern_that_is_no_list_is_kept_and_named(algorithm: str, text: str, said: str) -> None:
    reading = qti12.read(document(item(mat("[x]") + blank("x", entry("1", text, algorithm)), key(x="1"), TYPE)))
    assert [one.kind for one in reading.items] == ["opaque"]
    assert said in reading.problems[0].message


def test_what_close_enough_loses_is_named() -> None:
    near = entry("1", "blue", "TextCloseEnough", more=' levenshtein_distance="2" ignore_case="true"')
    reading = qti12.read(document(item(mat("[x]") + blank("x", near), key(x="1"), TYPE)))
    assert [(problem.code, problem.severity) for problem in reading.problems] == [("close-enough", "loss")]
    assert "up to 2" in reading.problems[0].message


def test_a_single_typed_answer_has_its_algorithm_at_the_comparison() -> None:
    typed = '<response_str ident="r" rcardinality="Single"><render_fib/></response_str>'
    contains = eq("red", more=' scoring_algorithm="TextContainsAnswer" answer_type="openEntry"')
    found = only(item(mat("Which?") + typed, when(contains), "short_answer_question"))
    assert found.response["answers"] == [{"text": "*red*", "fraction": 1}]


@pytest.mark.parametrize(
    ("algorithm", "told"), [("Equivalence", []), ("", []), ("TextContainsAnswer", ["list-algorithm"])]
)
def test_a_list_that_is_compared_as_typed_words_are_is_told(algorithm: str, told: list[str]) -> None:
    listed = blank("x", entry("1", "red", algorithm, "dropdown"), entry("2", "dark red", algorithm, "dropdown"))
    reading = qti12.read(document(item(mat("[x]") + listed, key(x="1"), TYPE)))
    assert [one["fraction"] for one in reading.items[0].response["gaps"][0]["choices"]] == [1, 0]
    assert [problem.code for problem in reading.problems] == told


def test_the_idents_of_answers_are_no_words_that_are_missing() -> None:
    data = document(item(mat("[x]") + blank("x", entry("only-a-name", "red", "")), key(x="only-a-name"), TYPE))
    assert unread_texts(data, "qti12", qti12.read(data)) == []
