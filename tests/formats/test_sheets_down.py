"""Sheets with a choice in each row, exams down a column, and choices that are right by their colour."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from quizapp.formats import csv_sheet, xlsx_sheet
from quizapp.formats.base import Reading
from quizapp.formats.text import guarded

Rows = Sequence[Sequence[object]]
ASKED = (
    ("수도는 어디인가?", ("서울", "부산", "대구"), 0),
    ("섬은 어디인가?", ("서울", "제주", "대구"), 1),
    ("항구는 어디인가?", ("청주", "대전", "부산"), 2),
)
RED, YELLOW, BOLD = Font(color="FFFF0000"), PatternFill("solid", fgColor="FFFFFF00"), Font(bold=True)


def book(rows: Rows, forms: Mapping[str, Font | PatternFill] | None = None, merged: Sequence[str] = ()) -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for cell, form in (forms or {}).items():
        if isinstance(form, Font):
            sheet[cell].font = form
        else:
            sheet[cell].fill = form
    for cells in merged:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(rows: Rows, forms: Mapping[str, Font | PatternFill] | None = None, merged: Sequence[str] = ()) -> Reading:
    return xlsx_sheet.read(book(rows, forms, merged))


def keys(reading: Reading) -> list[tuple[str, str]]:
    """The stem of each question, and its choices, the right ones with a star."""
    return [
        (
            item.stem["ko"],
            " ".join("*" * bool(choice["fraction"]) + choice["text"]["ko"] for choice in item.response["choices"]),
        )
        for item in reading.items
    ]


RIGHT = [
    ("수도는 어디인가?", "*서울 부산 대구"),
    ("섬은 어디인가?", "서울 *제주 대구"),
    ("항구는 어디인가?", "청주 대전 *부산"),
]


def down(mark: object = "O", other: object = None, repeat: bool = False) -> list[list[object]]:
    """A row for each choice, with a mark beside the right one."""
    return [
        [question if at == 0 or repeat else None, choice, mark if at == right else other]
        for question, choices, right in ASKED
        for at, choice in enumerate(choices)
    ]


@pytest.mark.parametrize(
    ("mark", "other"),
    [("O", None), ("O", "X"), ("✓", None), ("v", None), (1, 0), (True, False), ("정답", "오답"), ("Yes", "No"),
     ("100%", "0%"), ("x", None)],
)  # fmt: skip
@pytest.mark.parametrize("heading", ["정답", "정답 여부", "correct"])
def test_marks_beside_the_choices(mark: object, other: object, heading: str) -> None:
    for repeat in (False, True):
        reading = read([("문제", "보기", heading), *down(mark, other, repeat)])
        assert keys(reading) == RIGHT
        assert [problem.code for problem in reading.problems] == ["tall"]
        assert reading.tables[0].meanings == ("question", "choice 1", "answer")


def test_the_question_stands_in_a_row_of_its_own() -> None:
    rows = [
        row
        for question, choices, right in ASKED
        for row in [[question], *([None, choice, "O" if at == right else None] for at, choice in enumerate(choices))]
    ]
    assert keys(read([("문제", "보기", "정답"), *rows])) == RIGHT
    assert keys(read(rows)) == RIGHT  # without headings


def test_the_number_of_the_right_choice_stands_beside_the_question() -> None:
    rows = [
        [question if at == 0 else None, choice, right + 1 if at == 0 else None]
        for question, choices, right in ASKED
        for at, choice in enumerate(choices)
    ]
    assert keys(read([("문제", "보기", "정답"), *rows])) == RIGHT


def test_questions_that_are_merged_beside_their_choices() -> None:
    same = [[ASKED[0][0] if at % 3 == 0 else None, f"가{at}", "O" if at % 3 == 1 else None] for at in range(9)]
    reading = read([("문제", "보기", "정답"), *same], merged=["A2:A4", "A5:A7", "A8:A10"])
    assert [choices for _, choices in keys(reading)] == ["가0 *가1 가2", "가3 *가4 가5", "가6 *가7 가8"]


def test_answers_and_what_they_are_worth() -> None:
    reading = read([("Question", "Answer", "Correct"), *down(True, False)])
    assert keys(reading) == RIGHT
    assert reading.tables[0].meanings == ("question", "choice 1", "answer")


def test_the_same_in_a_csv() -> None:
    out = io.StringIO()
    csv.writer(out).writerows([guarded(str(cell or "")) for cell in row] for row in [("문제", "보기", "정답"), *down()])
    assert keys(csv_sheet.read(out.getvalue().encode())) == RIGHT


@pytest.mark.parametrize(
    ("rows", "failed"),
    [
        ([("문제", "보기", "정답"), *down(None)], 3),  # no mark
        ([("문제", "보기", "정답"), *down(None, "X")], 3),  # all but the right one are crossed out
        ([("문제", "보기", "정답"), *down(), ["끝은?", "가", "O"], [None, "나", "아마"]], 1),  # an unknown mark
        ([("문제", "보기", "정답"), *down(), ["끝은?", "가", 2], [None, "나", "O"]], 0),  # the same twice
    ],
)
def test_no_answer_is_guessed(rows: Rows, failed: int) -> None:
    reading = read(rows)
    assert reading.failed == failed
    assert len(reading.items) == reading.found - failed
    assert keys(reading)[:3] == (RIGHT if failed < 3 else [])


def test_what_stands_beside_choices_is_kept_or_named() -> None:
    rows = [
        [*row, f"까닭 {at}", 3 if at % 3 == 0 else None, "쉬움" if at % 3 == 0 else "어려움"]
        for at, row in enumerate(down())
    ]
    reading = read([("문제", "보기", "정답", "해설", "배점", "난이도"), *rows])
    assert keys(reading) == RIGHT
    first = reading.items[0]
    assert [choice["feedback"]["ko"] for choice in first.response["choices"]] == ["까닭 0", "까닭 1", "까닭 2"]
    assert (first.points, first.difficulty) == (3, 1)
    assert [problem.text for problem in reading.problems if problem.severity == "loss"] == ["어려움"] * 6


WIDE: Rows = (("문제", "①", "②", "③"), *((question, *choices) for question, choices, _ in ASKED))


@pytest.mark.parametrize("form", [RED, YELLOW, BOLD])
def test_choices_that_are_right_by_their_form(form: Font | PatternFill) -> None:
    reading = read(WIDE, {"B2": form, "C3": form, "D4": form})
    assert keys(reading) == RIGHT
    assert [problem.code for problem in reading.problems] == ["marked-key"] * 3
    reading = read([("문제", "보기"), *(row[:2] for row in down())], {"B2": form, "B6": form, "B10": form})
    assert keys(reading) == RIGHT


@pytest.mark.parametrize(
    "forms",
    [
        {"B2": RED, "B3": RED, "B4": RED},  # a column of that colour
        {"B2": RED, "C2": BOLD, "B3": RED, "C3": BOLD, "C4": RED, "B4": BOLD},  # which of the two?
        {f"{column}{row}": RED for column in "BCD" for row in (2, 3, 4)},  # all
    ],
)
def test_forms_that_say_nothing(forms: Mapping[str, Font | PatternFill]) -> None:
    reading = read(WIDE, forms)
    assert reading.items == []
    assert [problem.code for problem in reading.errors] == ["no-right"] * 3


def test_a_written_answer_goes_before_a_form() -> None:
    rows = [(*row, "정답" if not at else right) for at, (row, right) in enumerate(zip(WIDE, (0, 1, 2, 3), strict=True))]
    assert keys(read(rows, {"C2": RED, "D3": RED})) == RIGHT


def test_a_row_whose_question_has_the_form_too_says_nothing() -> None:
    rows = [("문제", "보기"), *(row[:2] for row in down())]
    reading = read(rows, dict.fromkeys(("A2", "B2", "A5", "B5", "A8", "B8"), BOLD))
    assert reading.items == []


def exam_rows(beside: bool) -> list[list[object]]:
    rows: list[list[object]] = []
    for number, (question, choices, right) in enumerate(ASKED, 1):
        rows.append([f"{number}. {question}", *(["①②③"[right]] if beside else [])])
        for at, choice in enumerate(choices):
            rows.append(["①②③"[at] + " " + choice])
        if not beside:
            rows.append(["정답: " + "①②③"[right]])
    return rows


def test_an_exam_down_a_column() -> None:
    assert keys(read(exam_rows(beside=False))) == RIGHT
    assert keys(read(exam_rows(beside=True))) == RIGHT
    assert keys(read([("문제", "정답"), *exam_rows(beside=True)])) == RIGHT
    marks = {1: "O", 6: "O", 11: "O"}
    marked = [[row[0], *([marks[at]] if at in marks else [])] for at, row in enumerate(exam_rows(beside=True))]
    assert keys(read(marked)) == RIGHT
    red = read([row[:1] for row in exam_rows(beside=True)], {"A2": RED, "A7": RED, "A12": RED})
    assert keys(red) == RIGHT


SAME = "알맞은 것은?"


def test_questions_in_the_same_words_are_not_one() -> None:
    rows = [(SAME, "① 가 ② 나 ③ 다", 2), (SAME, "① 라 ② 마 ③ 바", 1), (SAME, "① 사 ② 아 ③ 자", 3)]
    expected = ["가 *나 다", "*라 마 바", "사 아 *자"]
    assert [choices for _, choices in keys(read([("문제", "보기", "정답"), *rows]))] == expected
    merged = read([("문제", "보기", "정답"), rows[0], (None, *rows[1][1:]), (None, *rows[2][1:])], merged=["A2:A4"])
    assert [choices for _, choices in keys(merged)] == expected


def test_rows_with_different_answers_are_an_error() -> None:
    reading = read([("문제", "보기", "정답"), *down(), ["끝은?", "가", 1], [None, "나", "O"]])
    assert (len(reading.items), [problem.code for problem in reading.errors]) == (3, ["two-keys"])
