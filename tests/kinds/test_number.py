"""Numerical: how a number is read, which answer takes it, and what a wrong unit costs."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import pytest

from quizapp.kinds import number
from quizapp.kinds.base import Score
from quizapp.kinds.readings import read


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("3.14", "3.14"),
        ("3,14", "3.14"),
        (" 42 ", "42"),
        ("007", "7"),
        ("+5", "5"),
        ("-5", "-5"),
        ("− 5", "-5"),
        ("5.", "5"),
        (".5", "0.5"),
        (",5", "0.5"),
        ("1,234", "1234"),
        ("1.234", "1.234"),
        ("0,123", "0.123"),
        ("1234,567", "1234.567"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1.234.567,8", "1234567.8"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234\u202f567", "1234567"),
        ("1\u2009234,567", "1234.567"),
        ("1'234.5", "1234.5"),
        ("1’234", "1234"),
        ("１，２３４．５", "1234.5"),
        ("٣", "3"),
        ("1.2e3", "1200"),
        ("1,2E+3", "1200"),
        ("5 e-3", "0.005"),
        ("1.2×10^3", "1200"),
        ("1.2 x 10³", "1200"),
        ("1.2 * 10⁻³", "0.0012"),
        ("6.02e23", "6.02E+23"),
        ("10^5", "100000"),
        ("-10⁵", "-100000"),
        ("3/4", "3/4"),
        ("-1 / 3", "-1/3"),
        ("½", "1/2"),
        ("3½", "7/2"),
        ("-1 ¾", "-7/4"),
        ("12 cm", "12 cm"),
        ("12cm", "12 cm"),
        ("5 m/s2", "5 m/s2"),
        ("3.0 m²", "3.0 m²"),
        ("5 e", "5 e"),
        ("₩1,000", "1000 ₩"),
        ("770명", "770 명"),
        ("99.9 %", "99.9 %"),
    ],
)
def test_reading(typed: str, reading: str) -> None:
    assert str(read(typed)) == reading


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "abc", "-", ".", ",", "--5", "∞", "NaN"),
        *("1,2,3", "1.2.3", "12 5", "1,23,456", "1,234.567,8"),
        *("2^3", "3²", "3π", "5!", "2*3", "2·3", "2√3", "3 ÷ 4", "3½²"),
        *("3 or 4", "12~15", "12x15", "1/0", "110^5"),
        *("1e999999999", "1e301", "1e-301", "9" * 201),
    ],
)
def test_what_cannot_be_read_for_sure_earns_nothing(typed: str) -> None:
    assert read(typed) is None
    assert number.score({"answers": [{"value": "*", "fraction": 1}]}, {"text": typed}) == Score(0.0)


def test_numbers_of_many_digits_are_exact() -> None:
    many = "0." + "1234567890" * 9
    assert number.score(body(many), {"text": many}).fraction == 1
    assert number.score(body(many), {"text": f"{many}1"}).fraction == 0


def test_fractions_are_exact() -> None:
    third = read("1/3")
    assert third is not None
    assert third.value == Fraction(1, 3)


def body(value: str, tolerance: str = "0", kind: str = "nominal", **more: Any) -> dict[str, Any]:
    return {"answers": [{"value": value, "tolerance": tolerance, "type": kind, "fraction": 1}], **more}


@pytest.mark.parametrize(
    ("answer", "right", "wrong"),
    [
        (("3.14",), ["3.14", "3.140", "314e-2"], ["3.1400000001", "3.13"]),
        (("0.3", "0.1"), ["0.2", "0.4", "0.3"], ["0.19999", "0.40001"]),
        (("-10", "2"), ["-12", "-8"], ["-12.01", "-7.99", "10"]),
        (("200", "0.05", "relative"), ["190", "210"], ["189.99", "210.01"]),
        (("-200", "0.05", "relative"), ["-190", "-210"], ["-189.99", "-210.01", "200"]),
        (("10", "1", "geometric"), ["5", "20"], ["4.99", "20.01", "-10"]),
        (("-10", "1", "geometric"), ["-5", "-20"], ["-4.99", "-20.01", "10"]),
        (("1", "2", "geometric"), ["1/3", "3"], ["0.3333333333", "3.01"]),
        (("0", "0.5", "relative"), ["0", "-0"], ["0.0001"]),
        (("0", "0.5", "geometric"), ["0"], ["0.0001"]),
        (("1e-30",), ["1e-30", "0.001e-27"], ["1.1e-30", "0"]),
        (("*",), ["0", "-1e300"], []),
    ],
)
def test_tolerance(answer: tuple[str, ...], right: list[str], wrong: list[str]) -> None:
    asked = body(*answer)
    assert number.check(asked) == []
    assert [number.score(asked, {"text": typed}).fraction for typed in right] == [1] * len(right)
    assert [number.score(asked, {"text": typed}).fraction for typed in wrong] == [0] * len(wrong)


def test_the_first_that_matches_gives_its_fraction_and_feedback() -> None:
    near = {"en": "Nearly."}
    asked = {
        "answers": [
            {"value": "100", "fraction": 1},
            {"value": "100", "tolerance": "5", "fraction": 0.5, "feedback": near},
            {"value": "*", "fraction": 0.1},
        ]
    }
    assert number.check(asked) == []
    assert number.score(asked, {"text": "100.0"}) == Score(1.0, reading="100.0")
    assert number.score(asked, {"text": "104"}) == Score(0.5, feedback=(near,), reading="104")
    assert number.score(asked, {"text": "1,000"}) == Score(0.1, reading="1000")
    assert number.score(asked, {"text": "many"}) == Score(0.0)


UNITS = [{"name": "m", "factor": "1"}, {"name": "cm", "factor": "0.01"}]


@pytest.mark.parametrize(
    ("scoring", "response", "fraction"),
    [
        ({}, {"text": "2"}, 1),
        ({}, {"text": "2 m"}, 1),
        ({}, {"text": "200cm"}, 1),
        ({}, {"text": "200", "unit": "cm"}, 1),
        ({}, {"text": "2 cm"}, 0),
        ({}, {"text": "2 parsecs"}, 1),
        ({"unit_penalty": 0.25}, {"text": "2 m"}, 1),
        ({"unit_penalty": 0.25}, {"text": "200", "unit": "cm"}, 1),
        ({"unit_penalty": 0.25}, {"text": "2"}, 0.75),
        ({"unit_penalty": 0.25}, {"text": "2 cm"}, 0.75),
        ({"unit_penalty": 0.25}, {"text": "2 M"}, 0.75),
        ({"unit_penalty": 0.25}, {"text": "2", "unit": "parsecs"}, 0.75),
        ({"unit_penalty": 0.25}, {"text": "3"}, 0),
        ({"unit_penalty": 0.25}, {"text": "2.4 m"}, 0.5),
        ({"unit_penalty": 0.25}, {"text": "2.4"}, 0.375),
        ({"unit_penalty": 0.25, "unit_penalty_of": "question"}, {"text": "2.4"}, 0.25),
        ({"unit_penalty": 0.75, "unit_penalty_of": "question"}, {"text": "2.4"}, 0),
        ({"unit_penalty": 1}, {"text": "2"}, 0),
    ],
)
def test_units(scoring: dict[str, Any], response: dict[str, str], fraction: float) -> None:
    answers = [{"value": "2", "fraction": 1}, {"value": "2", "tolerance": "0.5", "fraction": 0.5}]
    asked = {"answers": answers, "units": UNITS, "scoring": scoring}
    assert number.check(asked) == []
    assert number.score(asked, response).fraction == fraction


def test_a_converted_value_may_be_off_by_the_rounding_of_its_factor() -> None:
    asked = body("1", units=[{"name": "h", "factor": "1"}, {"name": "s", "factor": "0.000277777777777778"}])
    assert number.score(asked, {"text": "3600 s"}).fraction == 1
    assert number.score(asked, {"text": "3601 s"}).fraction == 0


@pytest.mark.parametrize("unit", ["π", "π rad", "√m"])
def test_a_unit_that_is_declared_may_begin_with_any_sign(unit: str) -> None:
    asked = body("3", units=[{"name": unit, "factor": "1"}])
    assert number.check(asked) == []
    assert number.score(asked, {"text": f"3 {unit}"}).fraction == 1
    assert number.score(asked, {"text": "3²"}).fraction == 0
    assert number.score(body("3"), {"text": f"3 {unit}"}).fraction == 0


def test_units_are_offered_unless_they_are_asked_for() -> None:
    assert number.public(body("1", units=UNITS)) == {"units": [{"name": "cm"}, {"name": "m"}]}
    assert number.public(body("1", units=UNITS, scoring={"unit_penalty": 0.1})) == {"units": []}


def test_the_reading_shows_the_unit_that_was_chosen() -> None:
    assert number.score(body("2", units=UNITS), {"text": "1,234", "unit": "cm"}).reading == "1234 cm"


def test_huge_numbers_take_no_time() -> None:
    started = time.process_time()
    asked = body("1e299", "1e-299")
    assert number.check(asked) == []
    for typed in ("1e999999999", "9" * 50_000, "1e" + "9" * 40_000, "1 " * 20_000, "1e-300"):
        assert number.score(asked, {"text": typed}).fraction == 0
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"answers": [{"value": 3.14, "fraction": 1}]}, "number", ("answers", 0, "value")),
        ({"answers": [{"value": "3,14", "fraction": 1}]}, "number", ("answers", 0, "value")),
        ({"answers": [{"value": "1e999999999", "fraction": 1}]}, "number", ("answers", 0, "value")),
        ({"answers": [{"value": "1", "tolerance": "-1", "fraction": 1}]}, "number", ("answers", 0, "tolerance")),
        ({"answers": [{"value": "1", "type": "near", "fraction": 1}]}, "unknown-value", ("answers", 0, "type")),
        ({"answers": [{"value": "1", "fraction": 0.5}]}, "no-right", ("answers",)),
        ({"answers": [{"value": "*", "fraction": 0}, {"value": "1", "fraction": 1}]}, "no-right", ("answers",)),
        ({"units": [{"name": "m", "factor": "0"}]}, "number", ("units", 0, "factor")),
        ({"units": [{"name": " ", "factor": "1"}]}, "no-text", ("units", 0, "name")),
        ({"scoring": {"unit_penalty": 2}, "units": UNITS}, "share", ("scoring", "unit_penalty")),
        ({"scoring": {"unit_penalty": 0.1}}, "no-units", ("units",)),
        ({"scoring": {"unit_penalty": 0.1}, "units": UNITS[1:]}, "no-units", ("units",)),
        ({"scoring": {"unit_penalty_of": "all"}}, "unknown-value", ("scoring", "unit_penalty_of")),
    ],
)
def test_check(changed: dict[str, Any], code: str, path: tuple[str | int, ...]) -> None:
    assert [(problem.code, problem.path) for problem in number.check(body("1") | changed)] == [(code, path)]
