"""No file takes a reader more memory or time than there is for one. The largest are for `make explore`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from quizapp.formats import collector, csv_sheet, docx, exam_text, gift
from quizapp.formats.base import Reading
from quizapp.formats.documents.samples import docx_of
from quizapp.formats.exam_text import line
from tests.formats.largest import FILES, MEGABYTE, MOST_MEMORY, MOST_TIME, PAD, SIZE, cases, cost

Made = Callable[[int], bytes]


@pytest.mark.explore
@pytest.mark.parametrize(("form", "name", "made"), list(cases()))
def test_the_largest_files(form: str, name: str, made: Made) -> None:
    memory, seconds, _, problems, _ = cost(form, made(SIZE))
    assert (memory <= MOST_MEMORY, seconds <= MOST_TIME, problems <= collector.MAX_PROBLEMS + 2) == (True, True, True)


@pytest.mark.parametrize(
    ("form", "name"),
    [("csv", "short"), ("anki-text", "short"), ("json", "short"), ("moodle-xml", "short"), ("aiken", "no answers")],
)
def test_large_files(form: str, name: str) -> None:
    memory, seconds, _, _, _ = cost(form, FILES[form][name](6 * MEGABYTE))
    assert memory <= MOST_MEMORY // 2
    assert seconds <= MOST_TIME // 2


def test_an_exam_fits_into_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """An object makes each letter of its line four times as large, wherever the lines come from."""
    monkeypatch.setattr(line, "MOST_MEMORY", 4_000)
    text = f"1. 물의 화학식은? $a$ {'a' * 500}\n① 가\n② 나\n정답: ②\n"
    for read, one, many in (
        (exam_text.read, text.encode(), (text * 2).encode()),
        (docx.read, docx_of(text.split("\n")), docx_of([f"{PAD * 30}"] * 3)),
    ):
        assert read(one).found == 1
        assert [problem.message for problem in read(many).problems] == [
            "This exam doesn't fit into 0 MB of memory. Split it."
        ]


def test_an_exam_has_a_number_of_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "MOST_LINES", 3)
    assert "at most 3 lines" in exam_text.read(b"1. Q\na\nb\nc\nd\n").problems[0].message


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def test_of_many_problems_only_the_number_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "MAX_PROBLEMS", 3)
    reading = csv_sheet.read(b"question,answer\n" + b"a\n" * 10)
    assert (reading.failed, len(reading.problems), codes(reading)[-1]) == (10, 4, "more")
    assert reading.problems[-1].message == "And so on: there are 7 more remarks like these."
    assert reading.problems[-1].is_error


def test_what_is_untold_is_an_error_where_one_of_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "MAX_PROBLEMS", 1)
    warned = b"Q {=%33.3%a =b}\n\n"
    assert not gift.read(warned * 3).problems[-1].is_error
    assert gift.read(warned * 3 + b"Q {=a\n").problems[-1].is_error


@pytest.mark.parametrize(
    "data", [b"Q {=a" + b" ~b" * 40_000 + b"}", b"Q {=a ~b}\n" + b"x" * 1_100_000, b"Q {=a ~" + b"b" * 1_100_000 + b"}"]
)
def test_a_question_that_no_page_could_show_is_said(data: bytes) -> None:
    reading = gift.read(data + b"\n\nR {T}\n")
    assert (len(reading.items), reading.failed, codes(reading)) == (1, 1, ["large"])
