"""Kahoot's template: where its headings stand, its answers, its limits, and that it is read only."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from quizapp.formats import kahoot, xlsx_sheet
from quizapp.formats.base import CannotCarry
from tests.formats.strategies import damaged


def book(*questions: list[object], top: int = 8, left: int = 2) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for offset, heading in enumerate(kahoot.HEADINGS[1:]):
        sheet.cell(top, left + offset, heading)
    for row, question in enumerate(questions, top + 1):
        for offset, value in enumerate(question):
            sheet.cell(row, left + offset, value)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("answers", "cell", "kind", "right"),
    [
        (["a", "b", "c", "d"], 2, "choice", "b"),
        (["a", "b", "c", "d"], 2.0, "choice", "b"),
        (["a", "b", "c", "d"], "4", "choice", "d"),
        (["a", "b", "c", "d"], "1,3", "multiple", "ac"),
        (["a", "b", "c", "d"], "1, 2,4", "multiple", "abd"),
        (["a", "b", "c", "d"], 1.3, "multiple", "ac"),
        (["a", "b", None, None], "1", "choice", "a"),
        (["a", None, None, "d"], "4", "choice", "b"),
        ([1, 2.5, True, "d"], "1", "choice", "a"),
    ],
)
def test_right_answers(answers, cell, kind, right):
    reading = kahoot.read(book(["Q?", *answers, 20, cell]))
    assert reading.errors == []
    (item,) = reading.items
    assert item.kind == kind
    assert "".join(choice["id"] for choice in item.response["choices"] if choice["fraction"]) == right
    assert len(item.response["choices"]) == sum(answer is not None for answer in answers)


@pytest.mark.parametrize("cell", [None, "5", "0", "1,5", "x", 13, "1,3", "=1+1"])
def test_a_wrong_answer_is_told_with_its_cell(cell):
    reading = kahoot.read(book(["Q?", "a", "b", None, None, 20, cell], ["R?", "a", "b", None, None, 20, 1]))
    assert [problem.place for problem in reading.errors] == ["Sheet!H9"]
    assert (reading.found, len(reading.items), reading.failed) == (2, 1, 1)


def test_a_row_without_a_question_is_told_and_blank_rows_are_not():
    reading = kahoot.read(
        book(
            [None, "a", "b", None, None, 20, 1],
            [],
            [None, None, None, None, None, 20],
            ["Q?", "a", "b", None, None, 5, 1],
        )
    )
    assert [(problem.code, problem.place) for problem in reading.errors] == [("no-text", "Sheet!B9")]
    assert (reading.found, len(reading.items)) == (2, 1)


def test_questions_are_read_to_the_real_end():
    reading = kahoot.read(book(*(["Q?", f"a{n}", "b", None, None, 20, 1] for n in range(300))))
    assert len(reading.items) == 300


def test_long_texts_are_kept_whole_and_told():
    reading = kahoot.read(book(["Q" * 121, "a" * 76, "b", None, None, 20, 1]))
    assert [(problem.code, problem.place) for problem in reading.problems if problem.severity == "warning"] == [
        ("long", "Sheet!B9"),
        ("long", "Sheet!C9"),
    ]
    assert len(reading.items[0].stem["en"]) == 121


def test_the_lost_time_limits_are_told_once():
    reading = kahoot.read(kahoot.SAMPLE)
    assert [problem.code for problem in reading.problems] == ["lost-time-limits"]


def test_cells_beside_the_template_are_named():
    reading = kahoot.read(book(["Q?", "a", "b", None, None, 20, 1, "look here"]))
    assert [(problem.code, problem.place) for problem in reading.problems][1:] == [("no-heading", "Sheet!I9")]
    assert "look here" in reading.problems[-1].message


def test_headings_may_stand_elsewhere():
    assert len(kahoot.read(book(["Q?", "a", "b", None, None, 20, 1], top=1, left=1)).items) == 1


def test_other_workbooks_are_refused():
    assert [problem.code for problem in kahoot.read(xlsx_sheet.SAMPLE).problems] == ["no-headings"]


def test_the_template_without_questions_is_told():
    assert [problem.code for problem in kahoot.read(kahoot.write([])).problems] == ["lost-time-limits", "empty"]


def test_it_is_read_only():
    (item, *_) = kahoot.read(kahoot.SAMPLE).items
    assert [problem.severity for problem in kahoot.carries(item)] == ["error"]
    with pytest.raises(CannotCarry):
        kahoot.write([item])
    assert kahoot.read(kahoot.write([])).found == 0


@settings(max_examples=60)
@given(data=damaged(kahoot.SAMPLE) | st.binary(max_size=100))
def test_a_damaged_file_never_raises(data):
    reading = kahoot.read(data)
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
