"""Rosters as rough as people have them, the presets, and who may look after a quiz."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.xml.constants import SHEET_MAIN_NS
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.quizzes import people_actions, people_queries
from quizapp.quizzes.models import Quiz, Sitter
from quizapp.quizzes.people_actions import RosterChange
from quizapp.quizzes.roster import MOST_PEOPLE, TWICE, Roster, RosterEntry, roster_in_file, roster_in_text, text_of
from quizapp.rules.presets import PRESETS
from quizapp.rules.settings import QuizSettings
from tests.conftest import user_of
from tests.person import Person
from tests.quizzes.test_quizzes import items, newest, quiz_of

__all__ = ["items"]


def people(roster: Roster) -> list[tuple[str, str, str]]:
    return [(one.name, one.number, one.email) for one in roster.entries]


MINSU = ("김민수", "20260001", "minsu@example.com")
JIU = ("이지우", "20260002", "")


@pytest.mark.parametrize(
    "text",
    [
        "이름\t학번\t이메일\n김민수\t20260001\tminsu@example.com\n이지우\t20260002\t",
        "학번,성명,전자 우편\n20260001,김민수,Minsu@Example.com\n20260002,이지우,",
        "Name;Student ID;E-mail\n김민수;20260001;minsu@example.com\n이지우;20260002;",
        "20260001 김민수 minsu@example.com\n\n 이지우   20260002 ",
        "김민수, 20260001, minsu@example.com\r\n이지우, 20260002",
        "minsu@example.com\t김민수\t20260001\n\t이지우\t20260002",
    ],
)
def test_a_roster_is_read_however_it_is_written(text: str) -> None:
    found = roster_in_text(text)
    assert found.problems == []
    assert people(found) == [MINSU, JIU]
    assert people(roster_in_file(text.encode("utf-8-sig"))) == [MINSU, JIU]
    assert people(roster_in_file(text.encode("cp949"))) == [MINSU, JIU]


def packed(text: str, columns: int, rows: int) -> bytes:
    """A workbook that says one thing over and over, and packs to little."""
    file, book = io.BytesIO(), Workbook()
    book.save(file)
    cell = '<c t="inlineStr"><is><t>%s%s</t></is></c>'
    full = "".join(
        f"<row>{''.join(cell % (text, row * column) for column in range(columns))}</row>" for row in range(rows)
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            sheet = f'<worksheet xmlns="{SHEET_MAIN_NS}"><sheetData>{full}</sheetData></worksheet>'
            after.writestr(name, sheet if name.startswith("xl/worksheets/") else before.read(name))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("번호\t학번\t성명\t학과\n1\t2024101\t김하나\t생물", ("김하나", "2024101", {"번호": "1", "학과": "생물"})),
        ("No,Student ID,Name\n1,2024101,Kim Hana", ("Kim Hana", "2024101", {"No": "1"})),
        ("반,번호,이름\n3-1,7,김하나", ("김하나", "7", {"반": "3-1"})),
        ("1\t2024101\t김하나", ("김하나", "2024101", {})),
        ("박영희(2024008)", ("박영희", "2024008", {})),
        ("Kim (Hana)", ("Kim (Hana)", "", {})),
    ],
)
def test_whose_number_it_is_and_what_only_counts_the_lines(
    text: str, expected: tuple[str, str, dict[str, str]]
) -> None:
    found = roster_in_text(text)
    assert [(one.name, one.number, dict(one.given)) for one in found.entries] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("김민수, 이영희, 박철수", ["김민수", "이영희", "박철수"]),
        ("김민수\t이영희\t박철수", ["김민수", "이영희", "박철수"]),
        ("김민수 / 이영희 / 박철수\n", ["김민수", "이영희", "박철수"]),
        ("2학년 3반 명단\n김민수(1), 이영희(2)", ["김민수 1", "이영희 2"]),
        ("김민수, 생물학과", ["김민수"]),
        ("김민수, 20260001, minsu@example.com", ["김민수 20260001 minsu@example.com"]),
        ("김민수, 이영희\n박철수, 최지우", ["김민수", "박철수"]),
    ],
)
def test_a_single_line_of_names_is_as_many_people(text: str, expected: list[str]) -> None:
    assert [" ".join(filter(None, one)) for one in people(roster_in_text(text))] == expected


@pytest.mark.parametrize(
    ("text", "number", "left"),
    [
        ("김민수\t2010.5.3\t010-1234-5678\t20260001", "20260001", "2010.5.3, 010-1234-5678"),
        ("1\t김민수\t2024-03-01", "1", "2024-03-01"),
        ("김민수 010 1234 5678 3", "3", "010-1234-5678"),
        ("김민수\t01012345678", "", "01012345678"),
        ("김민수\t02-345-6789\t생물학과", "", "02-345-6789, 생물학과"),
    ],
)
def test_a_date_or_a_telephone_is_nobodys_number(text: str, number: str, left: str) -> None:
    found = roster_in_text(text)
    assert people(found) == [("김민수", number, "")]
    assert [(one.severity, one.values["text"]) for one in found.problems] == [("loss", left)]


@pytest.mark.parametrize("cell", ["2024-03-01", "=A1&B1", "#N/A"])
def test_what_nobody_typed_is_no_number(cell: str) -> None:
    found = roster_in_text(f"이름,학번\n김민수,{cell}\n이지우,20260002")
    assert (people(found), [one.number for one in found.refused]) == ([JIU], [cell])


def test_a_date_that_a_workbook_made_of_a_number_is_told() -> None:
    book = Workbook()
    for row in (["이름", "번호", "생일"], ["김민수", date(2026, 3, 15), date(2010, 5, 3)]):
        book.worksheets[0].append(row)
    file = io.BytesIO()
    book.save(file)
    (refused,) = roster_in_file(file.getvalue()).refused
    assert (refused.number, dict(refused.given)) == ("2026-03-15", {"생일": "2010-05-03"})


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("2학년 3반 명렬표\n1 김민수\n2 이지우\n3\n합계 30명", [1, 4, 5]),
        ("2학년 3반\n이름\n김민수 1\n이름\n이지우 2\n총원: 2명", [1, 2, 4, 6]),
        ("이름,번호\n김민수,1\n이지우,2\n,3\n합계,2\n,계\n이름,번호", [4, 5, 6, 7]),
        ("번호,이름\n1,김민수\n2,이지우\n총원,30명\n담임:,김교수", [4, 5]),
        ("한국고등학교 출석부\n김민수 1\n이지우 2\n2026년 3월 2일", [1, 4]),
    ],
)
def test_titles_sums_and_blank_lines_are_nobody(text: str, lines: list[int]) -> None:
    found = roster_in_text(text)
    assert people(found) == [("김민수", "1", ""), ("이지우", "2", "")]
    assert [(one.line, one.severity) for one in found.problems] == [(line, "loss") for line in lines]


def test_the_number_within_a_class_is_made_of_three_columns() -> None:
    found = roster_in_text("학년,반,번호,이름\n2,3,15,김민수\n2학년,4반,01번,이지우\n2,,16,박서준")
    assert [one.number for one in found.entries] == ["2-3-15", "2-4-1", "16"]
    assert [(one.severity, *one.values.values()) for one in found.problems] == [
        ("warning", "2-3-15"),
        ("warning", "16"),
    ]
    again = roster_in_text(text_of(found.entries, HEADINGS[1]))
    assert [(one.number, one.given) for one in again.entries] == [(one.number, one.given) for one in found.entries]


PARTS = st.sampled_from(
    ["김민수", "이지우", "Kim Hana", "20260001", "2-3-15", "2010.5.3", "010-1234-5678", "a@b.kr", "none@", "2학년 3반",
     "합계", "30명", "생물학과", "이름", "7", "담임: 김교수", ""]
)  # fmt: skip


@given(st.lists(st.lists(PARTS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_nothing_on_a_roster_goes_untold(rows: list[list[str]]) -> None:
    text = "\n".join("\t".join(row) for row in rows)
    found = roster_in_text(text)
    told = [one.message for one in found.problems]
    kept = [f"{one.name} {one.number} {one.email} {dict(one.given)}" for one in (*found.entries, *found.refused)]
    twice = {one.line for one in found.problems if one.code == TWICE}
    for cell in {cell for line, row in enumerate(rows, 1) if line not in twice for cell in row} - {"7", "이름"}:
        assert cell in "\n".join([*told, *kept]), "but a number that only counts the lines"


def test_a_line_to_mend_stays_in_the_box(instructor: Person) -> None:
    """Looked at or added: the others are on the roster, and it waits to be corrected."""
    quiz = quiz_of({"bank": "structure"})
    address, lines = f"/quizzes/{quiz.public_id}/people", "김하나\t1\n박지훈\t3\tjihoon@\n이두리\t2\n이두리\t2"
    page = instructor.get(address).send("/roster", ("do", "look"), people=lines)
    assert "jihoon@" in page.tree.xpath("string(//textarea[@id='people'])")
    page = page.send("/roster", ("do", "add"))
    assert "2 people were added" in page.text
    left = roster_in_text(page.tree.xpath("string(//textarea[@id='people'])"))
    assert [(one.name, one.email) for one in (*left.entries, *left.refused)] == [("박지훈", "jihoon@")]
    page.send("/roster", ("do", "add"), people="박지훈\t3\tjihoon@example.com")
    assert [one.number for one in people_queries.roster(quiz.id)] == ["1", "2", "3"]


def test_a_line_twice_as_long_takes_twice_as_long() -> None:
    def seconds(words: int) -> float:
        text = " ".join(str(100_000 + number) for number in range(words))
        began = time.process_time()
        roster_in_text(text)
        return time.process_time() - began

    seconds(1_000)
    assert seconds(40_000) < 40 * max(seconds(4_000), 0.005)


@pytest.mark.parametrize(("text", "columns", "rows"), [("", 50, 3_000), ("", 500, 400), ("x y" * 10_000, 2, 300)])
def test_a_workbook_that_unpacks_to_much_is_refused_at_once(text: str, columns: int, rows: int) -> None:
    data = packed(text, columns, rows)
    assert len(data) < 2 * 1024 * 1024
    began = time.process_time()
    found = roster_in_file(data)
    assert time.process_time() - began < 1
    assert not found.entries
    assert found.problems


def test_the_largest_roster_fits_with_all_that_a_school_writes_beside_it() -> None:
    book = Workbook()
    sheet = book.create_sheet(index=0)
    sheet.append(["이름", "학번", *(f"열 {place}" for place in range(20))])
    for place in range(MOST_PEOPLE):
        sheet.append([f"학생 {place}", str(20260000 + place), *["가나다"] * 20])
    file = io.BytesIO()
    book.save(file)
    found = roster_in_file(file.getvalue())
    assert (len(found.entries), found.problems) == (MOST_PEOPLE, [])


def test_a_workbook_with_its_own_columns() -> None:
    book = Workbook()
    sheet = book.create_sheet(index=0)
    for row in (["반", "번호", "이름"], ["3-1", 7, "김민수"], [None, None, None], ["3-2", 12, "이지우"]):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    found = roster_in_file(file.getvalue())
    assert [(one.name, one.number, dict(one.given)) for one in found.entries] == [
        ("김민수", "7", {"반": "3-1"}), ("이지우", "12", {"반": "3-2"}),
    ]  # fmt: skip


def test_a_grade_in_a_merged_cell_is_that_of_all_its_rows() -> None:
    book = Workbook()
    for row in (["학년", "반", "번호", "이름"], [2, 3, 1, "김민수"], [None, None, 2, "이지우"]):
        book.worksheets[0].append(row)
    for cells in ("A2:A3", "B2:B3"):
        book.worksheets[0].merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    assert [one.number for one in roster_in_file(file.getvalue()).entries] == ["2-3-1", "2-3-2"]


def test_sheets_beyond_the_first_are_told() -> None:
    book = Workbook()
    for sheet in (book.worksheets[0], book.create_sheet("3반")):
        sheet.append(["김민수", "20260001"])
    file = io.BytesIO()
    book.save(file)
    found = roster_in_file(file.getvalue())
    assert (len(found.entries), [(one.severity, one.values) for one in found.problems]) == (
        1,
        [("loss", {"name": "3반"})],
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("이름,학번\n김민수,1\n이지우,1", 3, "is already on line 2"),
        ("이름,학번,이메일\n김민수,1,a@b.kr\n이지우,2,a@b.kr", 3, "is already on line 2"),
        ("이름,학번,이메일\n김민수,1,not an address", 2, "is not an email address"),
        ("이름,학번,이메일\n,,minsu@example.com", 2, "neither a name nor a number"),
        ("이름,학번\n" + "가" * 81 + ",1", 2, "more than 80 characters"),
        ("", None, "There is nobody here"),
    ],
)
def test_what_is_wrong_is_said_by_line(text: str, line: int | None, words: str) -> None:
    found = roster_in_text(text)
    assert [one.line for one in found.problems] == [line]
    assert words in found.problems[0].message


@pytest.mark.parametrize("title", ["2학년 1반 명단", "2학년 1반 명단,,", "2학년 1반,이름 확인\n담임: 김교수"])
def test_a_title_above_the_headings_is_nobody(title: str) -> None:
    found = roster_in_text(f"{title}\n학번,성명,이메일\n20260001,김민수,minsu@example.com\n20260002,이지우,")
    assert people(found) == [MINSU, JIU]
    assert [one.line for one in found.problems] == list(range(1, title.count("\n") + 2))
    assert all("above the headings" in one.message and not one.is_error for one in found.problems)


def test_a_line_that_is_written_otherwise_than_the_others() -> None:
    found = roster_in_text("이름\t학번\n김민수,20260001,minsu@example.com\n이지우\t20260002\n박서준\t3\n성춘향")
    assert people(found) == [MINSU, JIU, ("박서준", "3", ""), ("성춘향", "", "")]
    assert people(roster_in_text('"Kim, Minsu"\n"Lee, Jiu",2')) == [("Kim, Minsu", "", ""), ("Lee, Jiu", "2", "")]


HEADINGS = [["Name", "Student number", "Email"], ["이름", "학번", "이메일"]]
CELLS = st.text("가Aa1@.,;\"' \t-", max_size=8) | st.sampled_from(["20260001", "a@b.kr", 'Kim, "Min" su'])
KNOWN = st.sampled_from(["Name", "학번", "number", "이메일", "Class"])


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file with headings or without, any of its cells quoted, delimited by any of what delimits."""
    width, delimiter = draw(st.integers(1, 5)), draw(st.sampled_from("\t,;"))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=4))
    above = draw(st.lists(KNOWN | CELLS, min_size=width, max_size=width))
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=draw(st.sampled_from([0, 1]))).writerows([above, *rows])
    return text.getvalue()


@given(files(), st.sampled_from(HEADINGS))
@example("Name,Number,Class\nStudent1,20260001,3-1\nStudent2,20260002,", HEADINGS[0])
@example("학번\t반\t성명\t이메일\n1\t3-1\t김민수\tMinsu@example.com\n\t\t007\t", HEADINGS[1])
@example('Name,Note\n"Kim, A, B, C, D","; ""x"", y\tz"\n"""Lee""",', HEADINGS[0])
@example(f"Note;Name;Email\n;20260001;a@b.kr\n{'x' * 199} y;Kim;\n", HEADINGS[0])
@example(f"name;{'x' * 39} y;Class\nKim;1;2", HEADINGS[1])
@example("김민수 1 a@b.kr\nKim Min su\n홍길동 2", HEADINGS[1])
@example('"Kim, Minsu"', HEADINGS[0])
def test_what_is_written_back_reads_as_the_same_entries(text: str, headings: list[str]) -> None:
    entries = [replace(one, line=0) for one in roster_in_text(text).entries]
    again = roster_in_text(text_of(entries, headings)) if entries else Roster([], [])
    assert [replace(one, line=0) for one in again.entries] == entries
    assert again.problems == []


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\xd8", b"PK\x03\x04broken", "이름\0".encode(), b"\x80\x81\xff" * 30])
def test_a_file_that_is_none_is_told(data: bytes) -> None:
    found = roster_in_file(data)
    assert found.entries == []
    assert found.problems


def test_a_roster_is_put_in_place_once(app: Flask, items: list[Item]) -> None:
    quiz, now = quiz_of({"bank": "made"}), clock.now()
    by = user_of("instructor")
    entries = roster_in_text("김민수 1\n이지우 2").entries
    assert people_actions.add_to_roster(quiz, entries, by, now).added == 2
    codes = {one.number: one.code for one in people_queries.roster(quiz.id)}
    again = [RosterEntry(1, "김민수 (전학)", "1"), RosterEntry(2, "박서준", "3")]
    assert people_actions.add_to_roster(quiz, again, by, now) == RosterChange(1, [("1", "김민수", "김민수 (전학)")])
    after = {one.number: (one.name, one.code) for one in people_queries.roster(quiz.id)}
    assert after["1"] == ("김민수 (전학)", codes["1"])
    assert len(after) == 3
    assert len({code for _name, code in after.values()}) == 3


@pytest.mark.parametrize(
    ("number", "entry", "people"),
    [
        ("", RosterEntry(1, "Kim", "88001", "kim@x.kr"), ["88001"]),
        ("", RosterEntry(1, "Kim", "", "kim@x.kr"), [""]),
        ("88001", RosterEntry(1, "Kim", "", "kim@x.kr"), ["88001"]),
        ("88001", RosterEntry(1, "Kim", "88002", "kim@x.kr"), ["88001", "88002"]),
        ("", RosterEntry(1, "Kim", "88001", "other@x.kr"), ["", "88001"]),
    ],
)
def test_who_has_no_number_yet_is_known_by_the_address(
    app: Flask, number: str, entry: RosterEntry, people: list[str]
) -> None:
    quiz, by, now = quiz_of({"bank": "made"}), user_of("instructor"), clock.now()
    people_actions.add_to_roster(quiz, [RosterEntry(1, "Kim", number, "kim@x.kr")], by, now)
    assert people_actions.add_to_roster(quiz, [entry], by, now).added == len(people) - 1
    assert [one.number for one in people_queries.roster(quiz.id)] == people


def test_the_roster_page(items: list[Item], instructor: Person) -> None:
    quiz = quiz_of({"bank": "made"})
    page = instructor.get(f"/quizzes/{quiz.public_id}/people")
    looked = page.send("people", ("do", "look"), people="이름\t학번\n김민수\t1\n이지우\t1")
    assert "is already on line 2" in looked.text
    assert db.session.scalars(select(Sitter)).all() == []
    assert [cell.text_content() for cell in looked.tree.xpath("//main//tbody/tr/*")] == ["김민수", "1", "–", "New"]
    done = looked.send("people", ("do", "add"))
    assert "1 person was added to the roster" in done.text
    again = "김민서\t1\n성춘향\t2\n이몽룡\t2"
    assert "“김민수” so far" in done.send("people", ("do", "look"), people=again).text
    told = done.send("people", ("do", "add"), people=again)
    assert "1 was “김민수” so far, and is “김민서” now." in told.text
    assert "Line 3: “2” is already on line 2. This line is left out." in told.text
    broken = told.send("people", ("do", "add"), people=" ")
    assert broken.status == 422
    assert "There is nobody here" in broken.text
    done = told.send("removal")
    assert "What was answered" not in done.text
    sitter = db.session.scalars(select(Sitter)).one()
    assert sitter.code in done.text
    sheet = instructor.send("GET", f"/quizzes/{quiz.public_id}/roster.csv").data.decode("utf-8-sig")
    assert f"/quizzes/{quiz.public_id}?code={sitter.code}" in sheet
    assert sitter.code in instructor.get(f"/quizzes/{quiz.public_id}/cards").text
    done.send("removal")
    assert db.session.scalars(select(Sitter)).all() == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_file_that_was_only_looked_at_is_added_as_it_is(app: Flask, items: list[Item], language: str) -> None:
    quiz = quiz_of({"bank": "made"})
    page = Person(app, user_of("instructor"), language).get(f"/quizzes/{quiz.public_id}/people")
    looked = page.send("people", ("do", "look"), people="Number,Class,Name\n20260001,3-1,Student1\n20260002,,7")
    looked.send("people", ("do", "add"))
    assert [(one.name, one.number, one.given) for one in people_queries.roster(quiz.id)] == [
        ("Student1", "20260001", {"Class": "3-1"}), ("7", "20260002", {}),
    ]  # fmt: skip
    refused = page.send("people", ("do", "look"), people="Name,Email\nKim,none")
    assert refused.form("people").fields["people"].strip() == "Name,Email\nKim,none"


def test_a_number_that_no_roster_has_is_told(items: list[Item], instructor: Person) -> None:
    quiz = quiz_of({"bank": "made"})
    people_actions.add_to_roster(quiz, [RosterEntry(1, "김민수", "1")], user_of("instructor"), clock.now())
    page = instructor.get("/quizzes/accommodations")
    assert "“9” is on none of your rosters" in page.send("accommodations", number="9").text
    known = page.send("accommodations", number="1")
    assert "none of your rosters" not in known.text
    assert "김민수 1" in known.text


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_a_quiz(instructor: Person, items: list[Item], name: str) -> None:
    fields = {"preset": name, "time_limit": "30", "count": "4"}
    shared = instructor.get("/quizzes/new?bank=made").send("preset", ("do", "share"), **fields)
    assert shared.url.endswith("/share")
    rules = newest().rules
    for setting, value in QuizSettings.model_validate(PRESETS[name].settings):
        if setting in PRESETS[name].settings:
            assert getattr(rules, setting) == value
    assert rules.time_limit == 30
    assert rules.closed_keys == (name == "exam")
    assert newest().sources == [{"bank": "made", "count": 4}]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"preset": "exam", "time_limit": ""}, "time_limit"),
        ({"preset": "exam", "time_limit": "-1"}, "time_limit"),
        ({"preset": "practice", "count": "13"}, "count"),
        ({"preset": "practice", "count": "two"}, "count"),
        ({"preset": "party"}, "preset"),
        ({"preset": "practice", "opens_at": "2026-12-02T09:00", "closes_at": "2026-12-01T09:00"}, "closes_at"),
    ],
)
def test_what_a_new_quiz_can_not_be(instructor: Person, items: list[Item], fields: dict[str, str], field: str) -> None:
    before = len(db.session.scalars(select(Quiz)).all())
    refused = instructor.get("/quizzes/new?bank=made").send("preset", ("do", "share"), **fields)
    assert refused.status == 422
    assert f"#{field}" in refused.tree.xpath("//div[@class='error-summary']//a/@href")
    assert len(db.session.scalars(select(Quiz)).all()) == before


def test_an_examination_says_where_its_questions_are_open(instructor: Person, items: list[Item]) -> None:
    practice = quiz_of({"bank": "made", "tags": ["even"]})
    exam = quiz_of({"bank": "made"}, feedback="closed")
    page = instructor.get(f"/quizzes/{exam.public_id}/share")
    assert "also be met elsewhere" in page.text
    assert "Own (6 questions)" in page.text
    assert "met elsewhere" not in instructor.get(f"/quizzes/{practice.public_id}/share").text


@pytest.mark.parametrize("verb", ["see", "grade", "edit"])
def test_a_quiz_is_shared_by_verb(app: Flask, items: list[Item], instructor: Person, verb: str) -> None:
    quiz, now = quiz_of({"bank": "made"}), clock.now()
    helper = accounts.create("helper@example.com", "Helper", "a long password", "instructor", now)
    other = Person(app, helper)
    at = f"/quizzes/{quiz.public_id}"
    assert other.get(f"{at}/results", 404).status == 404
    instructor.get(f"{at}/people").send("verb", email="helper@example.com", verb=verb)
    assert other.get(f"{at}/results").status == 200
    assert other.get(f"{at}/live").status == 200
    assert quiz.public_id in " ".join(other.get("/quizzes").links())
    announced = other.send("POST", f"{at}/announcements", data={"text": "Hi", "csrf_token": other.token()})
    assert announced.status_code == (403 if verb == "see" else 303)
    assert other.get(f"{at}/edit", 200 if verb == "edit" else 403)
    refused = instructor.get(f"{at}/people").send("verb", email="learner@example.com", verb=verb)
    assert refused.status == 409
    instructor.get(f"{at}/people").send("removal")
    assert other.get(f"{at}/results", 404).status == 404


def test_of_two_accommodations_the_better_one_counts(app: Flask) -> None:
    owner, learner, now = user_of("instructor"), user_of("learner"), clock.now()
    given = people_queries.Allowance(factor=1.5, extra_hours=2)
    people_actions.accommodate(owner, learner.email or "", "", given, now)
    people_actions.accommodate(owner, "", "7", people_queries.Allowance(factor=2, extra_tries=1, no_clock=True), now)
    found = people_queries.allowance_of(owner.id, learner.id, "7")
    assert (found.factor, found.extra_tries, found.later, found.no_clock) == (2, 1, timedelta(hours=2), True)
    assert people_queries.allowance_of(owner.id, None, None) == people_queries.NO_ALLOWANCE
    assert people_queries.allowance_of(owner.id, None, "") == people_queries.NO_ALLOWANCE


# --- the pages about one quiz ---


@pytest.mark.parametrize("verb", ["", *people_queries.VERBS])
def test_every_tab_of_a_quiz_leads_on(app: Flask, items: list[Item], verb: str) -> None:
    """From each page about a quiz to each other that its reader may see: as its owner, and as somebody it is shared
    with. A quiz of a course has no page of settings."""
    person, starts = Person(app, user_of("instructor")), ["live", "results", "results/questions"]
    made = quiz_of({"bank": "made"})
    of_course = db.session.scalars(select(Quiz).where(Quiz.course_id.is_not(None))).first()
    assert of_course is not None
    if verb:
        helper = accounts.create("helper@example.com", "Helper", "a long password", "instructor", clock.now())
        for quiz in (made, of_course):
            people_actions.share_with(quiz, "helper@example.com", verb, user_of("instructor"), clock.now())
        person = Person(app, helper)
    for quiz in (made, of_course):
        for start in starts:
            page = person.get(f"/quizzes/{quiz.public_id}/{start}")
            tabs = page.tree.xpath("(//nav[contains(@class, 'tabs')])[1]/a")
            (here,) = (tab for tab in tabs if tab.get("aria-current"))
            assert here.text == ("Live" if start == "live" else "Results")
            assert len(tabs) == 2 + (verb in ("", "edit")) * (1 if quiz.course_id else 3)
            for tab in tabs:
                person.get(tab.get("href"), 200)
