"""Lists of answers in every layout: what is read of them is right, or said to be doubtful."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.formats import exam_text
from quizapp.formats.base import Reading
from quizapp.formats.items import Item

ASKED = "1. 물음은?\n① 가가 ② 나나 ③ 다다 ④ 라라 ⑤ 마마\n2. 피가 굳는 현상은?\n3. 물의 화학식은?\n\n"
RIGHT = ["5", "응고", "H2O"]


def read(text: str) -> Reading:
    reading = exam_text.read(text.encode())
    assert reading.found == len(reading.items) + reading.failed
    return reading


def right(item: Item) -> str:
    """The numbers of the right choices, or what has to be typed."""
    body: dict[str, Any] = item.response
    if item.kind == "truefalse":
        return "O" if body["answer"] else "X"
    typed = [str(one.get("text", one.get("value"))) for one in body.get("answers", ())]
    return " ".join(typed or [str(at) for at, one in enumerate(body.get("choices", ()), 1) if one["fraction"]])


def rights(reading: Reading) -> list[str]:
    return [right(item) for item in reading.items]


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


SIGNS_AND_WORDS = [
    "정답\n1⑤ 2 응고  3 H2O",
    "정답: 1⑤ / 2 응고 / 3 H2O",
    "객관식: 1 ⑤\n주관식: 2 응고  3 H2O",
    "정답\n객관식: 1 ⑤\n주관식: 2 응고  3 H2O",
    "1번: ⑤ / 2번: 응고 / 3번: H2O",
    "정답: 1번: ⑤ / 2번: 응고 / 3번: H2O",
    "정답\n1번: ⑤ / 2번: 응고 / 3번: H2O",
    "정답\n1. 답 ⑤\n2. 답 응고\n3. 정답 H2O",
    "정답\n[1] ⑤ [2] 응고 [3] H2O",
]
EACH_LINE_A_CELL = [
    "정답\n1\n⑤\n2\n응고\n3\nH2O",
    "정답\n\n1\n\n⑤\n\n2\n\n응고\n\n3\n\nH2O",
    "정답\n1\n2\n3\n⑤\n응고\nH2O",
    "번호\n정답\n1\n⑤\n2\n응고\n3\nH2O",
    "번호\n1\n2\n정답\n⑤\n응고\n번호\n3\n정답\nH2O",
    "문항 번호 1 2 3\n정답 ⑤ 응고 H2O",
]


@pytest.mark.parametrize("listed", [*SIGNS_AND_WORDS, *EACH_LINE_A_CELL])
def test_signs_and_words_on_one_line_or_each_cell_on_its_own(listed: str) -> None:
    reading = read(ASKED + listed)
    assert (rights(reading), codes(reading)) == (RIGHT, [])


def written(rows: list[list[str]], between: str) -> str:
    return "\n".join(between.join(row) for row in rows)


ROWS = [["번호", "정답", "배점"], ["1", "⑤", "3"], ["2", "응고", "4"], ["3", "H2O", "5점"]]
COLUMNS = [list(column) for column in zip(*ROWS, strict=True)]
WIDE = [[*ROWS[0], *ROWS[0]], [*ROWS[1], *ROWS[2]], [*ROWS[3], "", "", ""]]
MARKDOWN = "| 번호 | 정답 | 배점 |\n|---|:-:|---|\n| 1 | ⑤ | 3 |\n| 2 | 응고 | 4 |\n| 3 | H2O | 5점 |"
TURNED = "| 번호 | 1 | 2 | 3 |\n|---|---|---|---|\n| 정답 | ⑤ | 응고 | H2O |\n| 배점 | 3 | 4 | 5 |"
TABLES = [
    *(written(rows, between) for rows in (ROWS, COLUMNS) for between in (" | ", "\t", "  ", " ", "\n")),
    *(written(WIDE, between) for between in ("|", " | ")),
    MARKDOWN,
    TURNED,
    written(ROWS[:1] + [[row[0] + "번", *row[1:]] for row in ROWS[1:]], "\t"),
]


@pytest.mark.parametrize("head", ["", "정답\n", "정답표\n\n", "[빠른 정답]\n"])
@pytest.mark.parametrize("table", TABLES, ids=range(len(TABLES)))
def test_tables_of_answers_with_points(head: str, table: str) -> None:
    reading = read(ASKED + head + table)
    assert (rights(reading), codes(reading)) == (RIGHT, [])
    assert [item.points for item in reading.items] == [3, 4, 5]


@pytest.mark.parametrize(
    "listed",
    [
        "정답\n1\n⑤\n2\n3\nH2O",
        "번호\n1\n2\n3\n정답\n⑤\nH2O",
        "번호\n정답\n배점\n1\n⑤\n3\n2\n4\n3\nH2O\n5",
        "번호 정답 배점\n1 ⑤ 3\n2 4\n3 H2O 5",
        "번호\t정답\t배점\n1\t⑤\t3\n2\t\t4\n3\tH2O\t5",
        "번호 | 정답 | 배점\n1 | ⑤ | 3\n2 | | 4\n3 | H2O | 5",
        "번호\t1\t2\t3\n정답\t⑤\tH2O",
        "정답\n1\t⑤\t3\n2\t응고\t4\n3\tH2O\t5",
        "번호 | 정답 | 비고\n1 | ⑤ | 3\n2 | 응고 | 4\n3 | H2O | 5",
    ],
)
def test_a_cell_that_is_missing_or_unknown_moves_no_other(listed: str) -> None:
    reading = read(ASKED + listed)
    assert {*rights(reading)} <= {*RIGHT}
    assert "2" in [str(problem.values.get("number")) for problem in reading.errors]


def test_explanations_behind_a_table() -> None:
    reading = read(f"{ASKED}{written(ROWS, ' | ')}\n\n해설\n1. 마마다.\n2. 혈소판이 모인다.")
    assert (rights(reading), codes(reading)) == (RIGHT, [])
    assert [item.feedback.get("solution", {}).get("ko", "") for item in reading.items] == [
        "마마다.",
        "혈소판이 모인다.",
        "",
    ]


def test_points_that_a_question_gives_itself_stay() -> None:
    reading = read(f"{ASKED.replace('물음은?', '물음은? [2점]')}{MARKDOWN}")
    assert ([item.points for item in reading.items], codes(reading)) == ([2, 4, 5], ["two-points"])


SORTED = "1. 물음은?\n① 가가 ② 나나\n2. 물음은?\n① 가가 ② 나나\n서답형 1 이름을 쓰시오.\n서답형 2. 식을 쓰시오.\n\n"


@pytest.mark.parametrize(
    "listed",
    [
        "정답\n1 ① 2 ②\n서답형 1 응고\n서답형 2. H2O",
        "정답\n1 ① 2 ② 서답형 1 응고 서답형 2 H2O",
        "정답\n1. ①\n2. ②\n[서답형 1] 응고\n[서답형 2] H2O",
        "정답\n1. ①\n2. ②\n3. 응고\n4. H2O",
    ],
)
def test_questions_that_are_called_by_their_sort(listed: str) -> None:
    reading = read(SORTED + listed)
    assert (rights(reading), codes(reading)) == (["1", "2", "응고", "H2O"], [])


@pytest.mark.parametrize("listed", ["서답형 3 응고", "서술형 1. 응고", "서답형\n1 응고"])
def test_a_sort_that_no_question_has_is_told(listed: str) -> None:
    reading = read(f"{SORTED}정답\n1 ① 2 ②\n{listed}")
    assert {*rights(reading)} <= {"1", "2"}
    assert {"key-line", "two-keys"} & {*codes(reading)}


def test_points_behind_the_answers_of_a_list() -> None:
    reading = read(f"{ASKED}정답\n1 ⑤ [3점]\n2 응고 (4점)\n3 H2O 5점")
    assert (rights(reading), [item.points for item in reading.items]) == (["5", "응고", "H2O 5점"], [3, 4, 1])
    assert codes(reading) == ["points"]


@pytest.mark.parametrize("listed", ["정답: 1⑤ 2 응고 3 H2O", "정답\n1⑤ 2 응고 3 H2O", "정답\n1 ⑤ 2-응고 3-H2O"])
def test_answers_that_only_a_space_parts_are_told(listed: str) -> None:
    reading = read(ASKED + listed)
    assert (rights(reading), codes(reading)) == (RIGHT, ["key-guess"])
    assert "2 “응고”, 3 “H2O”" in reading.problems[0].message


@pytest.mark.parametrize("listed", ["정답\n1⑤\n2 섭씨 3 도\n3 H2O", "정답\n1⑤\n2 농도 3) 이상\n3 H2O"])
def test_a_number_in_an_answer_that_has_its_own_is_held_with_it(listed: str) -> None:
    reading = read(ASKED + listed)
    assert (rights(reading), [problem.line for problem in reading.errors]) == (["5"], [8, 8])


def test_an_answer_of_its_own_may_begin_with_its_number() -> None:
    assert rights(read(f"{ASKED}정답\n3 m")) == ["3"]
    assert codes(read(f"{ASKED}정답\n3. H2O")) == ["no-key", "no-key"]
    assert codes(read(f"{ASKED}정답: 2 응고 3 H2O")) == ["no-key", "key-guess"]


def test_an_answer_that_looks_like_a_list_is_told() -> None:
    reading = read("1. 하나?\n정답: 가나\n2. 둘?\n3. 셋?\n정답: 1 다라 2 마바 3 사아")
    assert (rights(reading), codes(reading)) == (["가나", "1 다라 2 마바 3 사아"], ["no-key", "key-list"])
    assert codes(read("1. 하나?\n정답: 가나\n2. 둘?\n정답: 1. 다라")) == ["key-list"]


@pytest.mark.parametrize("listed", ["1) ③ 2) ①③", "정답: 1) ③ 2) ①③", "정답\n1) ③ 2) ①③", "정답: [1] ③ [2] ①③"])
def test_a_line_of_signs_needs_no_label(listed: str) -> None:
    choices = "① 가가 ② 나나 ③ 다다"
    reading = read(f"1. 물음은?\n{choices}\n2. 모두 고르시오.\n{choices}\n\n{listed}")
    assert (rights(reading), codes(reading)) == (["3", "1 3"], [])


@pytest.mark.parametrize("explained", ["2개의 수소와 산소다.", "   2 개의 수소와 산소다.", "1 은 수소다."])
def test_an_explanation_that_begins_with_a_digit_is_no_answer(explained: str) -> None:
    reading = read(f"{ASKED}정답 및 해설\n1 ⑤\n2 응고\n3 H2O\n{explained}")
    assert (rights(reading), codes(reading)) == (RIGHT, [])
    assert reading.items[2].feedback["solution"]["ko"] == explained.strip()
    listed = read(f"{ASKED}정답\n1 ⑤\n2 응고\n3 H2O\n{explained}")
    assert (rights(listed), codes(listed)) == (RIGHT, ["key-line"])


@pytest.mark.parametrize("again", ["빠른 정답\n1 ④\n2 응고", "1 ④", "정답\n1. ④\n2. 응고"])
def test_two_lists_with_opposite_answers_hold_the_question(again: str) -> None:
    reading = read(f"{ASKED}정답\n1. ⑤\n2. 응고\n3. H2O\n\n{again}")
    assert (rights(reading), codes(reading)) == (["응고", "H2O"], ["two-keys"])


# --- any list in any layout ---

WORDS = [
    "응고",
    "H2O",
    "탄소 동화 작용",
    "3·1 운동",
    "2개의 수소",
    "섭씨 3 도",
    "pH 7",
    "12 N",
    "서울",
    "오후 3:30",
    "ㄱ, ㄴ",
    "3.14",
]
SIGNS = [*"①②③④⑤", "①③", "② ④"]
Keys = list[str]


def apart(head: str, numbered: str, between: str) -> Callable[[Keys], str]:
    return lambda keys: head + between.join(numbered.format(number, key) for number, key in enumerate(keys, 1))


def in_table(head: str, between: str, turned: bool) -> Callable[[Keys], str]:
    def table(keys: Keys) -> str:
        rows = [["번호", "정답"], *([str(number), key] for number, key in enumerate(keys, 1))]
        return head + written([list(one) for one in zip(*rows, strict=True)] if turned else rows, between)

    return table


NUMBERED = (
    "{} {}",
    "{}. {}",
    "{}) {}",
    "{}번: {}",
    "{}-{}",
    "[{}] {}",
    "문{}. {}",
    "({}) {}",
    "{}. 답 {}",
    "{}번 {}",
)
BETWEEN = ("\n", " ", "  ", ", ", " / ", "\t")
HEADS = ("정답\n", "정답: ", "<정답> ", "")
LAYOUTS = [
    *(apart(head, one, between) for head in HEADS for one in NUMBERED for between in BETWEEN),
    *(apart(head, "{}.{}", between) for head in HEADS[::3] for between in BETWEEN),  # else `1.12` is a decimal number
    *(in_table(head, between, turned) for head in HEADS[::3] for between in BETWEEN for turned in (False, True)),
]


def asked(key: str, number: int) -> str:
    choices = "\n① 가가 ② 나나 ③ 다다 ④ 라라 ⑤ 마마" if key in SIGNS else ""
    return f"{number}. 물음 {number}은?{choices}"


def told(key: str) -> str:
    """The answer as `right` says it."""
    key = key.removesuffix(" N")
    return " ".join(str("①②③④⑤".index(sign) + 1) for sign in key if sign != " ") if key in SIGNS else key


@settings(max_examples=150)
@given(keys=st.lists(st.sampled_from(SIGNS + WORDS), min_size=2, max_size=6), layout=st.sampled_from(LAYOUTS))
def test_the_answers_of_any_list_are_right_or_held_or_told(keys: Keys, layout: Callable[[Keys], str]) -> None:
    paper = "\n".join(asked(key, number) for number, key in enumerate(keys, 1))
    reading = read(f"{paper}\n\n{layout(keys)}")
    doubtful = {str(problem.values.get("number")) for problem in reading.problems}
    doubtful |= {
        number for one in reading.problems for number in re.findall(r"(\d+) “", str(one.values.get("answers")))
    }
    for item in reading.items:
        number = item.provenance["number"]
        assert right(item) == told(keys[int(number) - 1]) or number in doubtful
