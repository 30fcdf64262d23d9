"""What the column of answers says is right: places, letters, circled numbers and texts; several may be meant."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.errors import Problem
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item
from quizapp.formats.sheets.columns import Column
from quizapp.formats.sheets.reader import item_of, take_row
from quizapp.formats.sheets.row import QuestionRow

SIGNS = {"place": "12345", "letter": "ABCDE", "small": "abcde", "circled": "①②③④⑤", "syllable": "가나다라마"}
TEXTS = ("1", "2", "3", "4", "5", "10", "2.0", "2, 3", "A", "b", "C", "③", "나", "가, 다", "서울", "부산", "x-ray")
SEPARATORS = {"choice": (",", ", ", " ", "\n", "、", " · ", "/"), "order": ("-", " → ", ", ", "→", " > ")}
BETWEEN = ",、/-> "


def read(kind: str, choices: Sequence[str], answer: str) -> tuple[list[str] | None, list[Problem]]:
    """The right choices as they are read, in their order, and what is said of them."""
    cells = {Column("kind"): kind, Column("question"): "무엇?", Column("answer"): answer}
    cells |= {Column("choice", number): text for number, text in enumerate(choices, 1)}
    collector = Collector("")
    take_row(QuestionRow(cells, 2), "ko", collector)
    problems = [problem for problem in collector.reading.problems if problem.code != "several-right"]
    return (right(*collector.reading.items) if collector.reading.items else None), problems


def right(item: Item) -> list[str]:
    entries = item.response.get("items") or [one for one in item.response["choices"] if one["fraction"]]
    return [one["text"]["ko"] for one in entries]


@st.composite
def spelled(draw: st.DrawFn, kind: str) -> tuple[list[str], list[str], str]:
    """Texts of choices, the right ones in their order, and an answer that says them in any spelling."""
    choices = draw(st.lists(st.sampled_from(TEXTS), min_size=2, max_size=5, unique=True))
    chosen = draw(st.permutations(range(len(choices))))
    if kind == "choice":
        chosen = sorted(chosen[: draw(st.integers(1, len(choices)))])
    signs = draw(st.sampled_from([choices, *SIGNS.values()]))
    parts = [signs[place] for place in chosen]
    is_parted = len(parts) > 1 and any(sign in part for sign in BETWEEN for part in parts)
    separator = ";" if is_parted else draw(st.sampled_from(SEPARATORS[kind]))
    if signs == SIGNS["circled"] and draw(st.booleans()):
        separator = ""
    return choices, [choices[place] for place in chosen], separator.join(parts)


@settings(max_examples=250)
@given(spelled("choice"))
def test_right_choices_are_read_in_every_spelling_or_it_is_said(drawn: tuple[list[str], list[str], str]) -> None:
    choices, expected, answer = drawn
    found, said = read("객관식", choices, answer)
    assert said or found == expected


@settings(max_examples=250)
@given(spelled("order"))
def test_orders_are_read_in_every_spelling_or_it_is_said(drawn: tuple[list[str], list[str], str]) -> None:
    choices, expected, answer = drawn
    found, said = read("순서", choices, answer)
    assert said or found == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("①③", "서울 대구"),
        ("⑴⑶", "서울 대구"),
        ("(1)(3)", "서울 대구"),
        ("1번, 3번", "서울 대구"),
        ("가,다", "서울 대구"),
        ("(가), (다)", "서울 대구"),
        ("가와 다", "서울 대구"),
        ("1·3", "서울 대구"),
        ("1.0", "서울"),
        ("서울\n대구", "서울 대구"),
    ],
)
def test_what_can_mean_one_thing_only_is_read_without_a_word(answer: str, expected: str) -> None:
    assert read("", ["서울", "부산", "대구"], answer) == (expected.split(), [])


@pytest.mark.parametrize(
    ("choices", "answer", "expected"),
    [
        (["2", "3", "5"], "2,3", ["3", "5"]),
        (["2", "3", "5"], "2", ["3"]),
        (["나", "가", "다"], "가, 다", ["가", "다"]),
        (["2", "3", "2, 3"], "2, 3", ["3", "2, 3"]),
        (["가", "나", "다", "가, 다"], "가, 다", ["가, 다"]),
    ],
)
def test_an_answer_that_is_places_and_texts_is_told(choices: list[str], answer: str, expected: list[str]) -> None:
    found, said = read("", choices, answer)
    assert (found, [(one.code, one.severity) for one in said]) == (expected, [("number-or-text", "warning")])


@pytest.mark.parametrize(
    ("choices", "answer", "expected"),
    [
        (["② 서울", "① 부산", "③ 대구"], "①", ["① 부산"]),
        (["② 서울", "① 부산", "③ 대구"], "①③", ["① 부산", "③ 대구"]),
        (["② 서울", "① 부산", "③ 대구"], "1", ["② 서울"]),
        (["나. 서울", "가. 부산"], "(가)", ["가. 부산"]),
        (["③", "①", "②"], "①", ["①"]),
    ],
)
def test_choices_that_say_labels_of_their_own_are_told(choices: list[str], answer: str, expected: list[str]) -> None:
    found, said = read("", choices, answer)
    assert (found, [one.code for one in said]) == (expected, ["number-or-text"])


def test_items_that_say_labels_of_their_own_are_ordered_by_them() -> None:
    found, said = read("순서", ["(나) 꽃", "(가) 씨", "(다) 열매"], "(가)-(나)-(다)")
    assert (found, [one.code for one in said]) == (["(가) 씨", "(나) 꽃", "(다) 열매"], ["order-reading"])


@pytest.mark.parametrize("answer", ["2024-03-01", "1-3", "1~3", "1,9", "없음", "13", "plain"])
def test_an_answer_that_names_no_choice_is_no_key(answer: str) -> None:
    found, said = read("", ["*서울*", "부산", "대구"], answer)
    assert (found, [one.code for one in said]) == (None, ["no-right"])


@pytest.mark.parametrize("answer", ["2024-03-01", "2024. 3. 1", "03월 01일", "1-Mar", "Mar-01", "3/1 | 2024/03/01"])
def test_a_text_that_a_spreadsheet_may_have_made_a_date_is_told(answer: str) -> None:
    row = QuestionRow({Column("kind"): "단답형", Column("question"): "무엇?", Column("answer"): answer}, 2)
    collector = Collector("")
    take_row(row, "ko", collector)
    assert len(collector.reading.items) == 1
    assert [(one.code, one.severity) for one in collector.reading.problems] == [("date-as-text", "warning")]


@pytest.mark.parametrize(("cell", "points"), [("3점", 3), ("３ 점", 3), ("[2.5점]", 2.5), ("(3)", 3)])
def test_points_as_papers_write_them(cell: str, points: float) -> None:
    row = QuestionRow({Column("question"): "참?", Column("answer"): "O", Column("points"): cell})
    assert item_of(row, "ko").points == points


@pytest.mark.parametrize(
    ("answer", "truth"), [("O", True), ("X", False), ("T", True), ("F", False), ("○", True), ("×", False), ("참", True)]
)
def test_true_and_false_as_people_write_them(answer: str, truth: bool) -> None:
    row = QuestionRow({Column("kind"): "OX", Column("question"): "참?", Column("answer"): answer})
    assert item_of(row, "ko").response == {"answer": truth}


@pytest.mark.parametrize(
    ("answer", "doubt"),
    [
        ("3,1,2", ["order-reading"]),
        ("③①②", ["order-reading"]),
        ("C-A-B", []),
        ("c → a → b", []),
        ("(다)-(가)-(나)", []),
        ("다 > 가 > 나", []),
        ("조선, 고조선, 고려", []),
        ("조선→고조선→고려", []),
    ],
)
def test_an_order_may_be_said_by_the_answer(answer: str, doubt: list[str]) -> None:
    found, said = read("순서", ["고조선", "고려", "조선"], answer)
    assert found == ["조선", "고조선", "고려"]
    assert [one.code for one in said] == doubt, "numbers may also be the place that each item takes"


def test_a_number_that_means_the_same_order_either_way_is_told_by_nobody() -> None:
    assert read("순서", ["고조선", "고려", "조선"], "2, 1, 3") == (["고려", "고조선", "조선"], [])
    assert read("순서", ["고조선", "고려", "조선"], "") == (["고조선", "고려", "조선"], [])


@pytest.mark.parametrize("sign", [" ", "1,", "- ", "①", "(", "가, "])
def test_an_answer_of_any_length_is_read_at_once(sign: str) -> None:
    began = time.process_time()
    for kind in ("객관식", "순서"):
        assert read(kind, ["① 꽃", "② 씨"], f"x{sign * 20_000}x")[0] is None
    assert time.process_time() - began < 2


@pytest.mark.parametrize("answer", ["3,1", "1,1,2", "3,1,2,4", "위와 같음"])
def test_an_answer_that_says_no_order_is_no_key(answer: str) -> None:
    found, said = read("순서", ["고조선", "고려", "조선"], answer)
    assert (found, [one.code for one in said]) == (None, ["no-right"])
