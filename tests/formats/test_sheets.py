"""Our sheet as CSV and as XLSX: what instructors type and what Excel makes of it, and the way back."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date

import pytest
from babel.support import Translations
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from quizapp import kinds
from quizapp.config import PACKAGE
from quizapp.formats import csv_sheet, xlsx_sheet
from quizapp.formats.base import CannotCarry
from quizapp.formats.items import Item
from quizapp.formats.sheets.bodies import BODIES, id_of
from quizapp.formats.sheets.columns import KIND_OF_WORD, folded
from quizapp.formats.sheets.columns import WORDS_OF_KIND as SHEET_KINDS
from quizapp.formats.sheets.losses import CARRIED
from quizapp.formats.workbook import number_text
from quizapp.kinds import number
from tests.formats.strategies import FIELDS, damaged, items

BOTH = pytest.mark.parametrize("form", [csv_sheet, xlsx_sheet], ids=lambda form: form.NAME)
KINDS = [kind for kind in BODIES if kind]


def sheet(*rows: list[str], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def book(*rows: Sequence[object], title: str = "Sheet1") -> bytes:
    workbook = Workbook()
    active = workbook.worksheets[0]
    active.title = title
    for row in rows:
        active.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


HEAD = ["kind", "question", "choice 1", "choice 2", "choice 3", "answer", "tolerance"]


def one(*cells: str) -> Item:
    reading = csv_sheet.read(sheet(HEAD, list(cells)))
    assert [problem.message for problem in reading.problems if problem.is_error] == []
    return reading.items[0]


@pytest.mark.parametrize(
    ("kind", "answer", "right", "expected"),
    [
        ("single choice", "2", "b", "choice"),
        ("단일 선택", "2번", "b", "choice"),
        ("객관식", "②", "b", "choice"),
        ("multiple choice", "B", "b", "choice"),
        ("multiple choice", "1, 3", "ac", "multiple"),
        ("", "c", "c", "choice"),
        ("", "1;2", "ab", "multiple"),
        ("복수 선택", "1 3", "ac", "multiple"),
        ("Multiple Response", "2", "b", "multiple"),
        ("single", "Busan", "a", "choice"),
        ("single", "３", "c", "choice"),
        ("single", "2.0", "b", "choice"),
        ("", "1.0, 3.0", "ac", "multiple"),
        ("single", "⒉", "b", "choice"),
    ],
)
def test_right_choices(kind, answer, right, expected):
    item = one(kind, "Where?", "Busan", "Seoul", "Daegu", answer)
    assert item.kind == expected
    assert "".join(choice["id"] for choice in item.response["choices"] if choice["fraction"]) == right


@pytest.mark.parametrize(("answer", "right"), [("20", "b"), ("3", "c"), ("#1", "a")])
def test_choices_that_are_numbers(answer, right):
    choices = one("single", "How many?", "10", "20", "30", answer).response["choices"]
    assert [choice["id"] for choice in choices if choice["fraction"]] == [right]


def test_an_answer_that_is_number_and_text_is_told():
    reading = csv_sheet.read(sheet(HEAD, ["single", "How many?", "3", "2", "1", "3"]))
    assert [(problem.code, problem.severity) for problem in reading.problems] == [("number-or-text", "warning")]
    assert [choice["fraction"] for choice in reading.items[0].response["choices"]] == [0, 0, 1]


def test_a_choice_that_is_written_like_the_answer_is_meant_and_told():
    """`2.0` is a number as spreadsheets write it, but not where the choices are numbers of that kind."""
    reading = csv_sheet.read(sheet(HEAD, ["single", "How many?", "2.0", "1.0", "1.5", "2.0"]))
    assert [(problem.code, problem.severity) for problem in reading.problems] == [("number-or-text", "warning")]
    assert [choice["fraction"] for choice in reading.items[0].response["choices"]] == [1, 0, 0]


def test_whole_numbers_of_a_column_with_decimals():
    cells = ["single", "Where?", "Busan", "Seoul", "2.0", "2.0", "3.0"]
    (item,) = csv_sheet.read(sheet([*HEAD[:4], "answer", "points", "difficulty"], cells)).items
    assert (item.points, item.difficulty) == (2, 3)


@pytest.mark.parametrize("typed", ["5%", "5 %", "5％", "5.0%"])
def test_an_answer_in_percent_is_right_with_and_without_the_sign(typed):
    reading = csv_sheet.read(sheet(HEAD, ["number", "How much?", "", "", "", typed, "0.5"]))
    assert [(problem.severity, problem.code) for problem in reading.problems] == [("warning", "number-reading")]
    assert "5 | 0.05" in reading.problems[0].mend
    body = reading.items[0].body
    fractions = {text: number.score(body, {"text": text}).fraction for text in ("5", "5%", "5.5 %", "0.05", "6")}
    assert fractions == {"5": 1, "5%": 1, "5.5 %": 1, "0.05": 0, "6": 0}


@pytest.mark.parametrize(
    ("cells", "response"),
    [
        (("OX", "Wet?", "", "", "", "O"), {"answer": True}),
        (("참/거짓", "Wet?", "", "", "", "거짓"), {"answer": False}),
        (("true/false", "Wet?", "", "", "", "FALSE"), {"answer": False}),
        (("short answer", "Capital?", "", "", "", "Seoul | Soul"), ["Seoul", "Soul"]),
        (("단답형", "수도?", "", "", "", r"a\|b"), ["a|b"]),
        (("number", "Pi?", "", "", "", "3.14", "0.01"), [("3.14", "0.01", None)]),
        (("number", "Pi?", "", "", "", "100 | 200", "5%"), [("100", "0.05", "relative"), ("200", "0.05", "relative")]),
        (("number", "Pi?", "", "", "", "1 | 2", "0 | 1"), [("1", "0", None), ("2", "1", None)]),
        (("essay", "Why?"), {}),
    ],
)
def test_bodies(cells, response):
    body = one(*cells).response
    if isinstance(response, list):
        values = [
            answer["text"] if "text" in answer else (answer["value"], answer.get("tolerance"), answer.get("type"))
            for answer in body["answers"]
        ]
        assert values == response
    else:
        assert body == response


def test_a_single_choice_with_two_right_answers_takes_either():
    assert [
        choice["fraction"] for choice in one("single", "Where?", "Busan", "Seoul", "Suwon", "1,2").response["choices"]
    ] == [1, 1, 0]


@pytest.mark.parametrize("rows", [[], ["", "", ""], ["# a remark"]])
def test_headings_without_questions_are_told(rows):
    source = "\n".join(["kind,question,answer", *rows]).encode()
    assert [problem.code for problem in csv_sheet.read(source).problems] == ["empty"]


def test_pairs():
    body = one("짝짓기", "Match.", "a = 1", r"b\=c = 2", "(none) = 3").response
    assert [(row["text"], row["option"]) for row in body["rows"]] == [({"en": "a"}, "o1"), ({"en": "b=c"}, "o2")]
    assert [option["text"]["en"] for option in body["options"]] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("single", "Where?", "Busan", "Seoul", "", ""), "no-right"),
        (("single", "Where?", "Busan", "Seoul", "", "4"), "no-right"),
        (("single", "Where?", "Busan", "Seoul", "", "1.2"), "no-right"),
        (("single", "Where?", "Busan", "Seoul", "", "3.0"), "no-right"),
        (("single", "Where?", "Busan", "Seoul", "", "Incheon"), "no-right"),
        (("single", "Where?", "Busan", "", "Seoul", "1"), "gap"),
        (("single", "", "Busan", "Seoul", "", "1"), "no-text"),
        (("quiz", "Where?", "Busan", "Seoul", "", "1"), "unknown-value"),
        (("", "Where?", "", "", "", ""), "no-kind"),
        (("true/false", "Wet?", "", "", "", "maybe"), "no-right"),
        (("short answer", "Capital?"), "no-right"),
        (("number", "Pi?", "", "", "", "about 3"), "number"),
        (("number", "Pi?", "", "", "", "3", "-1"), "number"),
        (("number", "Pi?", "", "", "", "3 kg"), "number"),
        (("number", "Pi?", "", "", "", "1|2", "1|2|3"), "tolerance"),
        (("matching", "Match.", "a = 1", "b"), "pair"),
    ],
)
def test_a_row_that_is_no_question_is_told_and_left_out(cells, code):
    good = ["OX", "Wet?", "", "", "", "O"]
    reading = csv_sheet.read(sheet(HEAD, good, list(cells), good))
    assert {problem.code for problem in reading.errors} == {code}
    assert {problem.line for problem in reading.errors} == {3}
    assert (reading.found, len(reading.items), reading.failed) == (3, 2, 1)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("number", "Pi?", "", "", "", "3,14"), "number-reading"),
        (("number", "Pi?", "", "", "", "3.14", "0,01"), "number-reading"),
        (("OX", "Wet?", "x", "", "", "O"), "unused-cell"),
        (("description", "Why?", "", "", "", "because"), "unused-cell"),
        (("", "힘이란 무엇인지 설명하시오."), "kind-by-answer"),
        (("", "Explain why the sky is blue."), "kind-by-answer"),
        (("", "왜 그런지 쓰시오.", "", "", "", "서술형"), "kind-by-answer"),
    ],
)
def test_what_looks_odd_is_read_and_told(cells, code):
    reading = csv_sheet.read(sheet(HEAD, list(cells)))
    assert [(problem.severity, problem.code, problem.line) for problem in reading.problems] == [("warning", code, 2)]
    assert len(reading.items) == 1


@pytest.mark.parametrize(
    ("stem", "points", "answer", "kind"),
    [
        ("뉴턴 제2법칙의 의미는?", "20", "", "essay"),
        ("뉴턴 제2법칙의 의미를 서술하시오.", "", "", "essay"),
        ("뉴턴 제2법칙의 의미는?", "", "[서술형]", "essay"),
        ("뉴턴 제2법칙의 의미는?", "", "채점 기준 참조", "essay"),
        ("뉴턴 제2법칙의 의미는?", "", "F=ma", "text"),
        ("뉴턴 제2법칙의 의미는?", "", "", None),
        ("합계", "100", "", None),
    ],
)
def test_a_row_without_options_and_key_is_an_essay(stem, points, answer, kind):
    reading = csv_sheet.read(sheet(["문제", "보기 1", "보기 2", "정답", "배점"], [stem, "", "", answer, points]))
    assert [item.kind for item in reading.items] == ([kind] if kind else [])
    assert all(problem.mend for problem in reading.problems), "what is guessed says how to correct it"
    if kind == "essay":
        assert reading.items[0].response == {}, "what only says that it is graded is no note for the grader"


def test_the_column_of_answers_is_for_the_grader_of_an_essay():
    reading = csv_sheet.read(sheet(HEAD, ["서술형", "왜?", "", "", "", "빛의 산란을 언급하면 정답"]))
    assert reading.items[0].response == {"grader_notes": {"ko": "빛의 산란을 언급하면 정답"}}
    assert not reading.problems


def test_the_words_for_kinds_are_those_that_the_column_reads():
    """What the interface calls a kind can be written into a sheet, and what is said of a missing one names all."""
    korean = Translations.load(str(PACKAGE / "translations"), ["ko"])
    for name, one in kinds.KINDS.items():
        if name in SHEET_KINDS:
            assert KIND_OF_WORD[folded(korean.gettext(one.LABEL))] == name, name
            assert KIND_OF_WORD[folded(one.LABEL)] == name, name
    (problem,) = csv_sheet.read(sheet(HEAD, ["", "어디?"])).errors
    assert problem.values["kinds"].split(", ") == [words["ko"][0] for words in SHEET_KINDS.values()]


def test_other_columns():
    head = [
        "no",
        "ID",
        "유형",
        "문제 (ko)",
        "문제(en)",
        "Answer",
        "배점",
        "난이도",
        "태그",
        "분류",
        "학습목표",
        "출처",
        "함께 내지 않을 문제",
        "쓰임",
        "해설(한국어)",
    ]
    row = [
        "1",
        "q-1",
        "OX",
        "젖나?",
        "Wet?",
        "O",
        "2.5점",
        "어려움",
        "a, b",
        "x > y",
        "o1",
        "intro#p1",
        "q-2, q-3",
        "레슨",
        "네.",
    ]
    (item,) = csv_sheet.read(sheet(head, row)).items
    assert item.content() | {"kind": ""} == {
        "kind": "",
        "stem": {"ko": "젖나?", "en": "Wet?"},
        "response": {"answer": True},
        "category": ["x", "y"],
        "tags": ["a", "b"],
        "objectives": ["o1"],
        "difficulty": 3,
        "citations": [{"lesson": "intro", "anchor": "p1"}],
        "enemies": ["q-2", "q-3"],
        "use": "check",
        "points": 2.5,
        "feedback": {"general": {"ko": "네."}},
    }
    assert item.id == "q-1"


def test_unknown_columns_are_told_and_the_rest_is_read():
    reading = csv_sheet.read(sheet(["kind", "question", "answer", "colour"], ["OX", "Wet?", "O", "blue"]))
    assert [(problem.code, problem.line) for problem in reading.problems] == [("unknown-column", 1)]
    assert len(reading.items) == 1


def test_rows_above_the_headings_and_comments_are_passed_over():
    rows = [["sep=,"], ["My questions"], [], HEAD, ["# a comment"], ["OX", "Wet?", "", "", "", "O"], ["", ""]]
    reading = csv_sheet.read(sheet(*rows))
    assert [(problem.code, problem.severity, problem.line) for problem in reading.problems] == [
        ("above-headings", "loss", 2)
    ]
    assert (reading.found, reading.items[0].provenance["line"]) == (1, 6)


@pytest.mark.parametrize(
    ("answer", "kind"), [("O", "truefalse"), ("거짓", "truefalse"), ("3.14 | 3", "number"), ("Seoul", "text")]
)
def test_without_a_kind_the_answer_decides(answer: str, kind: str) -> None:
    reading = csv_sheet.read(sheet(HEAD, ["", "Which?", "", "", "", answer]))
    assert [item.kind for item in reading.items] == [kind]
    assert [(problem.code, problem.severity) for problem in reading.problems] == [("kind-by-answer", "warning")]


def test_a_question_that_begins_with_a_hash_is_read_and_a_comment_is_named() -> None:
    rows = [["", "#include needs what?", "a file", "a king", "", "1"], ["# later", "Who?", "", "", "", "me"], ["# no"]]
    reading = csv_sheet.read(sheet(HEAD, *rows))
    assert [item.stem["en"] for item in reading.items] == ["#include needs what?"]
    assert [(problem.code, problem.line) for problem in reading.problems] == [("comment-row", 3)]
    assert "Who?" in reading.problems[0].message


def test_cells_without_a_heading_are_named() -> None:
    reading = csv_sheet.read(
        sheet([*HEAD, ""], ["OX", "Wet?", "", "", "", "O", *[""] * (len(HEAD) - 6), "look", "here"])
    )
    assert [(problem.code, problem.severity, problem.line) for problem in reading.problems] == [
        ("no-heading", "loss", 2)
    ]
    assert "look, here" in reading.problems[0].message


def test_merged_cells_are_filled_down_and_said() -> None:
    workbook = Workbook()
    active = workbook.worksheets[0]
    for row in (["kind", "question", "answer", "category"], ["OX", "Wet?", "O", "Water"], ["", "Dry?", "X", ""],
                ["text", "Who?", "Sejong", ""]):  # fmt: skip
        active.append([value or None for value in row])
    active.merge_cells("A2:A3")
    active.merge_cells("D2:D4")
    out = io.BytesIO()
    workbook.save(out)
    reading = xlsx_sheet.read(out.getvalue())
    assert [(item.kind, item.category) for item in reading.items] == [
        ("truefalse", ["Water"]), ("truefalse", ["Water"]), ("text", ["Water"])
    ]  # fmt: skip
    assert [(problem.code, problem.place) for problem in reading.problems] == [("merged", "Sheet")]
    assert "A2:A3, D2:D4" in reading.problems[0].message


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_delimiters_and_encodings(delimiter, encoding):
    rows = [["유형", "문제", "보기 1", "보기 2", "정답"], ["객관식", "수도, 또는; 서울?", "부산\n항", "서울", "2"]]
    reading = csv_sheet.read(sheet(*rows, delimiter=delimiter).decode().encode(encoding))
    assert reading.problems == []
    assert reading.items[0].stem == {"ko": "수도, 또는; 서울?"}
    assert reading.items[0].response["choices"][0]["text"] == {"ko": "부산\n항", "format": "plain"}


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"question\nWhat?\n", b"\0\0", b"PK\3\4"])
def test_a_file_that_is_no_sheet_is_told(data):
    for form in (csv_sheet, xlsx_sheet):
        reading = form.read(data)
        assert len(reading.errors) == 1
        assert reading.found == 0


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (['"Cold?,O', "OX,Hot?,O"], 2),
        (["Wet?,O", 'OX,"Cold?,O', 'OX,"Hot?",O'], 3),
        (['"a\nb",O', 'OX,"Cold?,O', "OX,Hot?,O"], 4),
        (['"a\nb","c\nd,O'], 3),
        (["Wet?,maybe", 'OX,"Cold" as ice?,O'], 3),
        (['5" wide?,O', 'OX,"Cold""?,O'], 3),
    ],
)
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_quotes_that_do_not_match_are_told_where_they_open(rows, line, delimiter):
    text = "\n".join(["kind,question,answer", f"OX,{rows[0]}", *rows[1:]]).replace(",", delimiter)
    (said,) = [one for one in csv_sheet.read(text.encode()).problems if one.code == "quotes"]
    assert (said.line, said.text) == (line, text.split("\n")[line - 1])


def test_quotes_that_do_not_match_end_the_reading():
    reading = csv_sheet.read(b'kind,question,answer\nOX,Wet?,O\nOX,"Cold?,O\nOX,Hot?,O\n')
    assert [(problem.code, problem.line) for problem in reading.problems] == [("quotes", 3)]
    assert len(reading.items) == 1


@pytest.mark.parametrize(
    "text", ["=1+1", "+x", "-x", "@x", "\t=x", "'=x", "''=x", " =x", "'x", "-5", "=cmd|' /C calc'!A0"]
)
def test_formulas_are_guarded_in_csv_and_come_back(text):
    written = csv_sheet.encoded([["kind", "question", "answer"], ["essay", f"{text}", ""]])
    cell = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))[1][1]
    assert cell.strip()[0] not in "=+-@" or cell == "-5"
    assert csv_sheet.read(written).items[0].stem["en"] == text.strip()


# --- Excel ---

EXCEL_HEAD = ["kind", "question", "choice 1", "choice 2", "answer", "tolerance"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["number", "Pi?", None, None, 3.14, 0.5], {"value": "3.14", "tolerance": "0.5", "fraction": 1}),
        (["number", "Two?", None, None, 2.0, None], {"value": "2", "fraction": 1}),
        (["number", "Two?", None, None, 1e-7, None], {"value": "1e-07", "fraction": 1}),
        (["short answer", "Year?", None, None, 1443, None], {"text": "1443", "fraction": 1}),
    ],
)
def test_numbers_of_excel(row, expected):
    reading = xlsx_sheet.read(book(EXCEL_HEAD, row))
    assert reading.problems == []
    assert reading.items[0].response["answers"] == [expected]


def test_choices_and_booleans_of_excel():
    reading = xlsx_sheet.read(
        book(EXCEL_HEAD, ["single", "How many?", 10, 20.0, 2, None], ["OX", "Wet?", None, None, True, None])
    )
    assert reading.problems == []
    assert [choice["text"] for choice in reading.items[0].response["choices"]] == [{"en": "10"}, {"en": "20"}]
    assert reading.items[1].response == {"answer": True}


@pytest.mark.parametrize(
    ("value", "number_format", "cell"),
    [
        (0.05, "0%", "5%"),
        (0.07, "0.00%", "7%"),
        (-0.125, "0.0%;[Red]-0.0%", "-12.5%"),
        (5, '0"%"', "5%"),
        (5, r"0\%", "5%"),
        (5, "0_%", "5"),
        (2, "0.00", "2"),
        (0.1 + 0.2, "General", "0.3"),
        (12345678901234567890, "General", "12345678901234567890"),
    ],
)
def test_a_number_of_excel_is_read_as_it_is_shown(value, number_format, cell):
    assert number_text(value, number_format) == cell


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["number", "Speed?", None, None, 1480, 0.05], {"value": "1480", "tolerance": "0.05", "type": "relative"}),
        (["number", "How much?", None, None, 0.05, None], {"value": "5"}),
        (["short answer", "How much?", None, None, 0.05, None], {"text": "5%"}),
    ],
)
def test_percents_of_excel(row, expected):
    workbook = load_workbook(io.BytesIO(book(EXCEL_HEAD, row)))
    for cell in ("E2", "F2"):
        value = workbook.worksheets[0][cell].value
        workbook.worksheets[0][cell].number_format = "0%" if isinstance(value, float) else "General"
    out = io.BytesIO()
    workbook.save(out)
    reading = xlsx_sheet.read(out.getvalue())
    assert reading.errors == []
    assert reading.items[0].response["answers"] == [{**expected, "fraction": 1}]


def test_percents_of_excel_as_choices():
    workbook = load_workbook(io.BytesIO(book(EXCEL_HEAD, ["single", "How much?", 0.05, 0.1, 0.1])))
    for cell in ("C2", "D2", "E2"):
        workbook.worksheets[0][cell].number_format = "0%"
    out = io.BytesIO()
    workbook.save(out)
    reading = xlsx_sheet.read(out.getvalue())
    assert reading.problems == []
    assert [(one["text"]["en"], one["fraction"]) for one in reading.items[0].response["choices"]] == [
        ("5%", 0),
        ("10%", 1),
    ]


@pytest.mark.parametrize(("value", "code"), [(date(2025, 1, 2), "date"), ("=1+1", "formula"), ("#N/A", "cell-error")])
def test_what_excel_made_of_an_answer_is_told_with_its_cell(value, code):
    rows = [EXCEL_HEAD, ["short answer", "Half?", None, None, value], ["OX", "Wet?", None, None, "O"]]
    reading = xlsx_sheet.read(book(*rows, title="퀴즈"))
    assert [(problem.code, problem.place, problem.line) for problem in reading.problems] == [(code, "퀴즈!E2", 2)]
    assert (reading.found, len(reading.items), reading.failed) == (2, 1, 1)
    if code == "date":
        assert "1/2" in reading.problems[0].message


def test_every_sheet_with_headings_is_read_and_others_are_not():
    workbook = Workbook()
    workbook.worksheets[0].append(["notes", "to myself"])
    for name in ("One", "Two"):
        added = workbook.create_sheet(name)
        added.append(["유형", "문제", "정답"])
        added.append(["OX", f"{name}?", "O"])
    out = io.BytesIO()
    workbook.save(out)
    reading = xlsx_sheet.read(out.getvalue())
    assert [(problem.code, problem.place) for problem in reading.problems] == [("sheet", "Sheet")]
    assert [item.stem["en"] for item in reading.items] == ["One?", "Two?"]


def test_written_cells_are_text_even_if_they_look_like_formulas():
    item = Item(kind="essay", stem={"en": "=1+1"})
    sheet = load_workbook(io.BytesIO(xlsx_sheet.write([item]))).worksheets[0]
    cell = next(cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value == "=1+1")
    assert (cell.data_type, cell.number_format) == ("s", "@")
    assert xlsx_sheet.read(xlsx_sheet.write([item])).items[0].stem == {"en": "=1+1"}


def test_bombs_and_doctypes_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"<x>" + b" " * 120_000_000)
    assert [problem.code for problem in xlsx_sheet.read(out.getvalue()).problems] == ["unreadable"]
    evil = b'<!DOCTYPE w [<!ENTITY a "b">]><worksheet><sheetData><row><c><v>&a;</v></c></row></sheetData></worksheet>'
    source, out = zipfile.ZipFile(io.BytesIO(xlsx_sheet.SAMPLE)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in source.namelist():
            package.writestr(name, evil if name.endswith("sheet1.xml") else source.read(name))
    assert [problem.code for problem in xlsx_sheet.read(out.getvalue()).problems] == ["unreadable"]


@BOTH
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_template_reads_as_it_is(form, language):
    reading = form.read(form.template(language))
    assert reading.problems == []
    assert {item.kind for item in reading.items} == {"choice", "multiple", "truefalse", "text", "number", "match"}
    assert {tuple(item.languages) for item in reading.items} == {(language,)}


# --- the way back ---


@BOTH
@settings(max_examples=80)
@given(data=st.data())
def test_what_a_sheet_carries_comes_back(form, data):
    made = data.draw(items(KINDS, texts="plain", simple=True, fields=CARRIED))
    made.feedback = {key: text for key, text in made.feedback.items() if key == "general"}
    if made.kind == "categorise":  # a sheet lists the categories in the order in which they first stand
        for index, row in enumerate(made.response["rows"]):
            row["option"] = "o1" if index == 0 else "o2"
    assert form.carries(made) == []
    (back,) = form.read(form.write([made])).items
    assert (back.id, back.content()) == (made.id, made.content())


@BOTH
@settings(max_examples=120)
@given(item=items(KINDS, fields=FIELDS))
def test_whatever_is_lost_is_told(form, item):
    problems = form.carries(item)
    if any(problem.is_error for problem in problems):
        with pytest.raises(CannotCarry):
            form.write([item])
        return
    (back,) = form.read(form.write([item])).items
    if not problems:
        assert back.content() == item.content()
    again = form.read(form.write([back])).items[0]
    assert again.content() == back.content()


def choices(count: int) -> Item:
    entries = [
        {"id": id_of(n), "text": {"ko": f"가{n}", "en": f"a{n}"}, "fraction": int(n == 1), "feedback": {"en": f"b{n}"}}
        for n in range(1, count + 1)
    ]
    return Item(kind="choice", stem={"en": "Which?"}, response={"choices": entries})


@BOTH
@pytest.mark.parametrize(
    "made",
    [
        Item(id="#1", kind="essay", stem={"en": "Why?"}),
        Item(kind="essay", stem={"en": "# Why?", "format": "plain"}),
        choices(99),
        *(
            Item(kind="essay", stem={"en": text, "format": "plain"})
            for text in ("a_x000D_b", "a_x005F_b", "a_x0041_b", "_x005F_x000d_", "_x000D_x000D_")
        ),
    ],
    ids=lambda made: made.id or made.stem["en"],
)
def test_what_looks_like_something_else_to_a_sheet_comes_back(form, made):
    """An id like a comment, more columns than anyone types, and texts like the escapes of a workbook."""
    assert form.carries(made) == []
    (back,) = form.read(form.write([made])).items
    assert (back.id, back.content()) == (made.id, made.content())


@BOTH
@pytest.mark.parametrize(
    ("made", "told"),
    [
        (choices(100), {"lost-column", "lost-details"}),
        (Item(kind="essay", stem={"en": "Why?", "pt-BR": "Por quê?"}), {"lost-column", "changed"}),
        (Item(kind="essay", stem={"pt-BR": "Por quê?"}), {"unwritable"}),
        (Item(kind="essay", stem={"en": "a\rb"}), {"changed"}),
        (Item(kind="essay", stem={"en": "e\u0301"}), {"changed"}),
        (Item(id=" a", kind="essay", stem={"en": "Why?"}), {"changed"}),
        (Item(kind="essay", stem={"en": "Why?"}, points=0.1234567890123), {"changed"}),
    ],
)
def test_what_only_the_whole_way_loses_is_told(form, made, told):
    """Losses of the headings, of the characters and of the cells around the answers."""
    problems = form.carries(made)
    assert {problem.code for problem in problems} == told
    assert all(problem.severity == ("error" if problem.code == "unwritable" else "loss") for problem in problems)


@BOTH
def test_what_comes_back_is_stable(form):
    once = form.read(form.SAMPLE).items
    assert [item.content() for item in form.read(form.write(once)).items] == [item.content() for item in once]


@settings(max_examples=150)
@given(data=damaged(csv_sheet.SAMPLE) | st.binary(max_size=200))
def test_a_damaged_csv_never_raises(data):
    reading = csv_sheet.read(data)
    assert reading.found == len(reading.items) + reading.skipped + reading.failed


@settings(max_examples=60)
@given(data=damaged(xlsx_sheet.SAMPLE))
def test_a_damaged_xlsx_never_raises(data):
    reading = xlsx_sheet.read(data)
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
