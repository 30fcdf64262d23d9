"""A comma before three digits: read the same way in every format, and never in silence."""

from __future__ import annotations

import pytest

from quizapp.formats import FORMATS
from quizapp.formats.numbers import number_in
from tests.formats import test_qti12
from tests.formats.test_moodle_xml import quiz

ONE = {
    "gift": lambda number: f"How many? {{#{number}}}".encode(),
    "moodle-xml": lambda number: quiz(f'<answer fraction="100"><text>{number}</text></answer>', "numerical"),
    "moodle-xml, cloze": lambda number: quiz("", "cloze", f"About {{1:NUMERICAL:={number}}} of them."),
    "qti12": lambda number: test_qti12.document(
        test_qti12.item(test_qti12.STEM + test_qti12.fib(kind="Decimal"), test_qti12.when(test_qti12.eq(number)))
    ),
    "csv": lambda number: f'kind,question,answer\nnumber,How many?,"{number}"\n'.encode(),
    "markdown": lambda number: f"1. How many?\n=   {number} +- 0\n".encode(),
}
"""A file whose only answer is a number, by its format."""


@pytest.mark.parametrize("source", ONE)
@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("1000", "1000", None),
        ("1,000", "1000", "thousands"),
        ("-12,345", "-12345", "thousands"),
        ("1,234,567", "1234567", "number-reading"),
        ("1,234.5", "1234.5", "number-reading"),
        ("0,125", "0.125", "number-reading"),
        ("3,14", "3.14", "number-reading"),
    ],
)
def test_a_comma_is_read_alike_everywhere(source: str, written: str, value: str, code: str | None) -> None:
    reading = FORMATS[source.partition(",")[0]].read(ONE[source](written), "en")
    (item,) = reading.items
    answers = item.response["gaps"][0]["answers"] if item.kind == "cloze" else item.response["answers"]
    assert [answer["value"] for answer in answers] == [value]
    assert [problem.code for problem in reading.problems] == ([code] if code else [])
    assert all(problem.severity == "warning" for problem in reading.problems)


def test_what_could_be_two_numbers_names_both() -> None:
    _, (problem,) = number_in("1,250")
    assert problem.message.startswith("“1,250” can be 1250 or 1.250; it was read as 1250.")
    _, (problem,) = number_in("１，２５０")
    assert problem.code == "thousands"


@pytest.mark.parametrize(("written", "value"), [("3/4", "0.75"), ("1/3", None), ("5 m", None), ("", None), ("x", None)])
def test_what_is_no_decimal(written: str, value: str | None) -> None:
    assert number_in(written)[0] == value


def test_points_of_a_sheet_with_a_comma_are_said() -> None:
    reading = FORMATS["csv"].read(b'kind,question,answer,points\nnumber,How many?,3,"1,000"\n', "en")
    assert reading.items[0].points == 1000
    assert [problem.code for problem in reading.problems] == ["thousands"]
