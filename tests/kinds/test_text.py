"""Short answer: what counts as the same text."""

from __future__ import annotations

import time
import unicodedata
from typing import Any

import pytest

from quizapp.errors import ResponseError
from quizapp.kinds import text
from quizapp.kinds.base import MAX_RESPONSE_CHARACTERS, Score


def fraction(accepted: str, given: str, **scoring: bool) -> float | None:
    body = {"answers": [{"text": accepted, "fraction": 1}], "scoring": scoring}
    return text.score(body, {"text": given}).fraction


@pytest.mark.parametrize(
    ("accepted", "given", "right"),
    [
        ("Seoul", "Seoul", True),
        ("Seoul", "  seoul \n", True),
        ("Seoul", "Seoul!", False),
        ("Seoul", "in Seoul", False),
        ("Sam Altman", "sam\u3000 \talTMAN", True),
        ("Sam Altman", "SamAltman", False),
        ("Straße", "STRASSE", True),
        ("서울", unicodedata.normalize("NFD", "서울"), True),
        (unicodedata.normalize("NFD", "café"), "Café", True),
        ("샘 올트먼", "샘올트먼", True),
        ("샘올트먼", "샘 올 트먼", True),
        ("인공 일반 지능 AGI", "인공일반지능AGI", True),
        ("샘 올트먼", "샘 알트만", False),
        ("*", "anything", True),
        ("*먼", "샘 올트먼", True),
        ("s*l", "Seoul", True),
        ("s*l", "Seoul city", False),
        ("*eo*l", "Seoul", True),
        ("se*ou*l", "seoul", True),
        ("ab*ba", "aba", False),
        ("ab*ba", "abba", True),
        ("a*b*c", "acb", False),
        (r"5\*3", "5*3", True),
        (r"5\*3", "5x3", False),
        (r"\**", "*bold", True),
        (r"\**", "bold", False),
        (r"C:\dir", r"c:\DIR", True),
        ("1.5", "1x5", False),
        ("(a|b)+", "ab", False),
        ("it's", "It’s", True),
        ("‘자유’", "'자유'", True),
        ("3·1 운동", "3ㆍ1운동", True),
        ("3・1 운동", "3•1 운동", True),
        ("1945–1950", "1945-1950", True),
        ("H2O", "Ｈ２Ｏ", True),
        ("응고", "응\u200b고 \ufeff", True),
        ("x=`a`", "x='a'", False),
        (r"5\*3", "5＊3", True),
        ("a＊", "ab", False),
        ("가～나", "가~나", True),
        ("3.1 운동", "3·1 운동", False),
        ("응고", "응고.", True),
        ("응고", "응고 。", True),
        ("I am.", "I am.", True),
        ("I am.", "I am", False),
        ("응고", "응고..", False),
        ("*.", "a.", True),
        ("*.", "a", False),
    ],
)
def test_comparing(accepted: str, given: str, right: bool) -> None:
    assert fraction(accepted, given) == right


@pytest.mark.parametrize(
    ("accepted", "given", "scoring", "right"),
    [
        ("pH", "PH", {"case": True}, False),
        ("pH", "pH", {"case": True}, True),
        ("샘 올트먼", "샘올트먼", {"spacing": True}, False),
        ("샘 올트먼", "샘   올트먼", {"spacing": True}, True),
        ("Sam Altman", "SamAltman", {"spacing": True}, False),
    ],
)
def test_options_of_scoring(accepted: str, given: str, scoring: dict[str, bool], right: bool) -> None:
    assert fraction(accepted, given, **scoring) == right


def test_the_first_that_matches_gives_its_fraction_and_feedback() -> None:
    name = {"en": "Give the first name too."}
    body = {
        "answers": [
            {"text": "Sam Altman", "fraction": 1},
            {"text": "*Altman", "fraction": 0.5, "feedback": name},
            {"text": "*man", "fraction": 0.25},
            {"text": "*", "fraction": -0.25},
        ]
    }
    assert text.check(body) == []
    assert text.score(body, {"text": "sam altman"}) == Score(1.0)
    assert text.score(body, {"text": "Altman"}) == Score(0.5, feedback=(name,))
    assert text.score(body, {"text": "human"}) == Score(0.25)
    assert text.score(body, {"text": "Brockman "}) == Score(0.25)
    assert text.score(body, {"text": "Ilya"}) == Score(-0.25)
    assert text.score(body, {"text": "   "}) == Score(0.0)


@pytest.mark.parametrize("accepted", ["*", "a *", "* b", "*  *", r"\*", r"a\**", "가 * 나"])
def test_the_solution_of_a_wildcard_is_right(accepted: str) -> None:
    body = {"answers": [{"text": accepted, "fraction": 1}]}
    assert text.check(body) == []
    assert text.score(body, text.solution(body)).fraction == 1


def test_an_answer_with_a_full_stop_comes_before_one_without() -> None:
    body = {"answers": [{"text": "5", "fraction": 0.5}, {"text": "5.", "fraction": 1}]}
    assert text.check(body) == []
    assert text.score(body, {"text": "5."}).fraction == 1
    assert text.score(body, {"text": "5"}).fraction == 0.5
    anything = {"answers": [{"text": "응고", "fraction": 1}, {"text": "*", "fraction": -0.25}]}
    assert text.score(anything, {"text": "응고."}).fraction == 1


def test_many_wildcards_take_no_time() -> None:
    started = time.process_time()
    assert fraction("*a" * 500 + "*b", "a" * MAX_RESPONSE_CHARACTERS) == 0
    assert fraction("*a*" * 500, "a" * MAX_RESPONSE_CHARACTERS) == 1
    assert fraction("*" + "a" * 500 + "b*", "a" * MAX_RESPONSE_CHARACTERS) == 0
    assert time.process_time() - started < 1


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(ResponseError, match="50000"):
        fraction("a", "a" * (MAX_RESPONSE_CHARACTERS + 1))


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ({"answers": []}, "too-few", ("answers",)),
        ({"answers": [{"text": "", "fraction": 1}]}, "no-text", ("answers", 0, "text")),
        ({"answers": [{"text": {"en": "a"}, "fraction": 1}]}, "no-text", ("answers", 0, "text")),
        ({"answers": [{"text": "a" * 50_001, "fraction": 1}]}, "long", ("answers", 0, "text")),
        ({"answers": [{"text": "a\0", "fraction": 1}]}, "character", ("answers", 0, "text")),
        ({"answers": [{"text": "\ud800", "fraction": 1}]}, "character", ("answers", 0, "text")),
        ({"answers": [{"text": "a", "fraction": 0.5}]}, "no-right", ("answers",)),
        ({"answers": [{"text": "*", "fraction": 0.5}, {"text": "a", "fraction": 1}]}, "caught", ("answers",)),
        ({"answers": [{"text": "a", "fraction": 1}], "scoring": {"case": "no"}}, "flag", ("scoring", "case")),
    ],
)
def test_check(body: Any, code: str, path: tuple[str | int, ...]) -> None:
    assert [(problem.code, problem.path) for problem in text.check(body)] == [(code, path)]


def test_the_right_answer_is_told_in_the_page_s_language() -> None:
    answers = [
        {"text": "그렉 *", "fraction": 0.5},
        {"text": "이사회", "lang": "ko", "fraction": 1},
        {"text": "the board", "lang": "en", "fraction": 1},
        {"text": "any", "fraction": 1},
    ]
    body = {"answers": answers}
    assert text.check(body) == []
    assert [text.solution(body, language)["text"] for language in ("ko", "en", "fr", "")] == [
        "이사회", "the board", "any", "이사회",
    ]  # fmt: skip
    assert all(text.score(body, {"text": one}).fraction == 1 for one in ("이사회", "The board"))
    (problem,) = text.check({"answers": [{"text": "board", "lang": "klingon", "fraction": 1}]})
    assert problem.path == ("answers", 0, "lang")
