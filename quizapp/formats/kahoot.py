"""Kahoot's spreadsheet of quiz questions, read only.

The template has the headings in B8:H8 (question, answers 1 to 4, time limit, right answers) and the questions from
row 9 on. The right answers are numbers: `2`, or `1,3`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, Told, language_of, refuse_uncarried, unreadable
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item
from quizapp.formats.plain_text import as_plain
from quizapp.formats.sheets.columns import folded
from quizapp.formats.sheets.raw import RawRow
from quizapp.formats.sheets.table import cells_left_out, no_question, report_above, sheet_left_out
from quizapp.formats.workbook import Sheet, is_workbook, saved, sheets_in, workbook
from quizapp.kinds.base import Body

NAME = "kahoot"
LABEL = N_("Kahoot (Excel, read only)")
SUFFIXES = (".xlsx",)
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ANSWERS = 4
MAX_QUESTION = 120
MAX_ANSWER = 75
HEADINGS_WITHIN = 20
QUESTION = re.compile(r"question(-max.*)?|문제(-.*)?")
ANSWER = re.compile(r"(?:answer|답변?)1(-max.*)?")
PARTS = re.compile(r"\s*[,;./]\s*|\s+")

TITLES = ("quiztemplate", "퀴즈템플릿")
EXPLAINED = ("addquestions,", "remember:", "seeanexample", "andremember,", "anyquestions",
             "문제를추가", "기억하세요", "아래예시")  # fmt: skip
"""How the explanations of the template begin."""

NO_TIME_LIMITS = Problem(
    N_("The time limits of the questions are left out; here a quiz has one as a whole."),
    code="lost-time-limits",
    severity="loss",
)
NO_HEADINGS = Problem(
    N_("This is not Kahoot's template: it has no headings “Question” and “Answer 1” side by side."),
    code="no-headings",
    mend=N_("Copy the questions into Kahoot's template, or use our own sheet."),
)


def headings_at(sheet: Sheet) -> tuple[int, int] | None:
    """The row and the column of the heading “Question”, which “Answer 1” follows; B8 in the template."""
    for row in sheet.rows[:HEADINGS_WITHIN]:
        words = [folded(value) for value in row.values]
        for column, (word, following) in enumerate(pairwise(words)):
            if QUESTION.fullmatch(word) and ANSWER.fullmatch(following):
                return row.line or 0, column
    return None


def sniff(data: bytes) -> float:
    if not is_workbook(data):
        return 0.0
    try:
        return 0.95 if any(headings_at(sheet) for sheet in sheets_in(data, HEADINGS_WITHIN)) else 0.1
    except FormatError:
        return 0.1


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        found = sheets_in(data)
    except FormatError as error:
        return unreadable(error)
    collector = Collector(NAME)
    known = [(sheet, at) for sheet in found if (at := headings_at(sheet))]
    if not known:
        collector.report([NO_HEADINGS], place="B8")
        return collector.reading
    for sheet, (line, column) in known:
        if not read_below(sheet, line, column, language, collector):
            return collector.reading
    names = {sheet.name for sheet, _ in known}
    others = [sheet for sheet in found if sheet.name not in names and any(row.filled for row in sheet.rows)]
    collector.report(sheet_left_out(sheet.name) for sheet in others)
    if not collector.reading.found:
        collector.report([no_question()], place=known[0][0].name)
    return collector.reading


def read_below(sheet: Sheet, line: int, column: int, language: str | None, collector: Collector) -> bool:
    """Read the questions below the headings. False if there are more than a file may hold."""
    collector.report([NO_TIME_LIMITS], place=f"{sheet.name}!{line}")
    above = [row for row in sheet.rows if (row.line or 0) < line]
    report_above([row for row in above if not is_of_template(row)], collector)
    for row in sheet.rows:
        if (row.line or 0) <= line:
            continue
        if collector.is_full:
            collector.refuse_many(row.line, row.place)
            return False
        take(row, column, language, collector)
    return True


def is_of_template(row: RawRow) -> bool:
    """Whether it says nothing but what the template itself says above the headings."""
    words = map(folded, row.filled.values())
    return all(word in TITLES or word.startswith(EXPLAINED) for word in words)


def take(row: RawRow, first: int, language: str | None, collector: Collector) -> None:
    """One row: question, four answers, time limit, right answers."""
    last = first + ANSWERS + 2
    cells = [value.strip() for value in [*row.values, *[""] * (last + 1)][first : last + 1]]
    question, answers, right = cells[0], cells[1 : 1 + ANSWERS], cells[-1]
    broken = [
        problem.at(place=row.place_of(index)) for index, problem in row.problems.items() if first <= index <= last
    ]
    if broken:
        collector.fail(broken, row.line, row.place)
        return
    if others := beside_question(row, first, last):
        said = cells_left_out(N_("Text beside the question was left out: %(text)s."), others, "no-heading")
        collector.report([said], row.line, row.place_of(min(others)))
    if not question and not any(answers):
        return
    problems = long_texts(row, first, [question, *answers])
    numbers = right_numbers(right, answers)
    if not question or not numbers:
        column, problem = wrong_cell(question, right, first, last)
        collector.fail([*problems, problem.at(place=row.place_of(column))], row.line, row.place)
        return
    language = language or language_of(" ".join([question, *answers]))
    choices = choices_of(answers, numbers, language)
    kind = "choice" if len(numbers) == 1 else "multiple"
    item = Item(kind=kind, stem=as_plain({language: question}), response={"choices": choices})
    collector.take(item, problems, row.line, row.place)


def beside_question(row: RawRow, first: int, last: int) -> dict[int, str]:
    """The cells that belong to no column of the template. A number before the question and the time limit do."""
    return {
        index: value
        for index, value in row.filled.items()
        if (not value.isdecimal() if index in (first - 1, last - 1) else not first <= index <= last)
    }


def choices_of(answers: list[str], right: set[int], language: str) -> list[Body]:
    """The answers that aren't blank, which may leave out numbers between them."""
    given = [(number, text) for number, text in enumerate(answers, 1) if text]
    return [
        {"id": name, "text": as_plain({language: text}), "fraction": int(number in right)}
        for name, (number, text) in zip("abcd", given, strict=False)
    ]


def right_numbers(cell: str, answers: list[str]) -> set[int]:
    """The numbers of the right answers; empty if any of them names no answer."""
    parts = [part for part in PARTS.split(cell) if part]
    numbers = {int(part) for part in parts if part.isascii() and part.isdigit() and len(part) == 1}
    known = {number for number, text in enumerate(answers, 1) if text}
    return numbers if len(numbers) == len(set(parts)) and numbers <= known else set()


def wrong_cell(question: str, right: str, first: int, last: int) -> tuple[int, Problem]:
    if not question:
        return first, Problem(N_("The question is missing."), code="no-text", mend=N_("Write it."))
    return last, Problem(
        N_("“%(text)s” doesn't name any of the answers."),
        {"text": right},
        code="no-right",
        text=right,
        mend=N_("Write the numbers of the right answers, such as 2 or 1,3."),
    )


def long_texts(row: RawRow, first: int, texts: list[str]) -> list[Problem]:
    """Warnings of texts that Kahoot itself would cut or refuse; we keep them whole."""
    limits = [MAX_QUESTION, *[MAX_ANSWER] * ANSWERS]
    return [
        Problem(
            N_("The text has %(length)s characters, more than Kahoot's %(limit)s. It was read whole."),
            {"length": len(text), "limit": limit},
            code="long",
            severity="warning",
            place=row.place_of(first + n),
            text=text[:200],
        )
        for n, (text, limit) in enumerate(zip(texts, limits, strict=True))
        if len(text) > limit
    ]


def carries(item: Item) -> list[Problem]:
    return [Problem(N_("Kahoot files can be read, but not written. Choose another format."), code="read-only")]


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    """Refused for any item; a file without questions is the empty template."""
    refuse_uncarried(list(items), carries, told)
    return saved(workbook([("Sheet1", rows_around([]))]))


HEADINGS = (
    "",
    "Question - max 120 characters",
    *(f"Answer {n} - max 75 characters" for n in range(1, 5)),
    "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
)


def rows_around(questions: Iterable[tuple[str, ...]]) -> list[list[str]]:
    """The template's rows: seven of explanations, the headings, the questions with their numbers."""
    head = ["", "Quiz template", *[""] * 6]
    numbered = ([str(number), *question] for number, question in enumerate(questions, 1))
    return [head, *[[""] * 8] * 6, list(HEADINGS), *numbered]


SAMPLE = saved(
    workbook(
        [
            (
                "Sheet1",
                rows_around(
                    [
                        ("대한민국의 수도는 어디입니까?", "부산", "서울", "인천", "대전", "20", "2"),
                        ("Which of these are primes?", "2", "4", "7", "9", "30", "1,3"),
                        ("Water boils at 100 °C at sea level.", "True", "False", "", "", "10", "1"),
                    ]
                ),
            )
        ]
    )
)
