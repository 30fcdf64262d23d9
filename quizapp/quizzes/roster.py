"""A roster as people have it: a CSV or Excel file from the school's system, or lines that were pasted. Pure.

The columns are known by their headings, in Korean or in English; without headings they are known by what stands in
them: an address by its @, a number by its digits. What can't be used is said line by line, and the rest is read.
A single line may hold several people.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError
from quizapp.formats.sheets.raw import RawRow
from quizapp.formats.text import PACKAGES, decode
from quizapp.formats.workbook import sheets_in
from quizapp.quizzes.roster_looks import (
    ADDRESS,
    DATE,
    NOT_TYPED,
    is_counted,
    is_name,
    is_note,
    is_number,
    is_title,
    people_in_line,
    words_in_line,
)
from quizapp.texts.clean import line

MOST_PEOPLE = 2_000
"""People on a roster."""
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": (
        "이름",
        "성명",
        "성함",
        "학생",
        "학생이름",
        "학생명",
        "학생성명",
        "name",
        "fullname",
        "student",
        "studentname",
    ),
    "number": ("학번", "번호", "학생번호", "수험번호", "사번", "number", "studentnumber", "studentid", "id", "no"),
    "email": ("이메일", "메일", "전자우편", "이메일주소", "email", "mail", "emailaddress"),
}
COUNTS = ("번호", "no")
"""What the lines are counted by, where another column has the numbers of the people."""
CLASS = ("학년", "grade"), ("반", "class")
"""With these beside it, what counts is a class, whose numbers others have too."""
CLASS_NUMBER = "class number"
UNIT = re.compile(r"^0+(?=\d)|(?:학년|반|번)$")
LONGEST = {"name": 80, "number": 40, "email": 254}
DELIMITERS = "\t,;"
BETWEEN = re.compile(rf"[{DELIMITERS}]|\s/\s")
QUOTED = re.compile('"[^"]*"')
MOST_ABOVE = 10
"""Lines among which the headings are looked for."""
TWICE = "twice"
BAD_ADDRESS = N_("“%(email)s” is not an email address. This line is left out: correct it, and add it again.")
OTHER_SHEET = N_("Only the first sheet with people was read; “%(name)s” was left out.")
ABOVE = N_("This line above the headings is left out: %(text)s")
NOBODY = N_("This line is left out, as it names nobody: %(text)s")
NO_NUMBER = N_("A date or a formula stands in place of a name or number: %(text)s. Type it as text, and add it again.")
ALONE = N_("Grade or class is blank on some lines, so these numbers are as they stand: %(numbers)s.")
UNNAMED = N_("No heading says what these are, so they are left out: %(text)s")
MADE = N_("The numbers are made of grade, class and number, such as %(number)s.")
MAX_XML, MAX_TAGS = 16 * 1024 * 1024, 250_000
"""Of a workbook, which is read within the request: the largest roster with some thirty columns."""


@dataclass(frozen=True)
class RosterEntry:
    """A person on a roster. `given`: further columns by their headings. `left`: cells that nothing says the use of."""

    line: int
    name: str = ""
    number: str = ""
    email: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    left: Sequence[str] = field(default=(), compare=False)


@dataclass(frozen=True)
class Roster:
    """`refused`: the entries that something is wrong with, to be mended; those that stand twice aren't among them."""

    entries: list[RosterEntry]
    problems: list[Problem]
    refused: list[RosterEntry] = field(default_factory=list)


Row = tuple[int, Sequence[str]]


def roster_in_file(data: bytes) -> Roster:
    """The people of a CSV or Excel file."""
    try:
        if data.startswith(PACKAGES):
            sheets = sheets_in(data, MOST_PEOPLE + 1 + MOST_ABOVE, xml=MAX_XML, tags=MAX_TAGS, merges=True)
            filled = [one for one in sheets if any(row.filled for row in one.rows)]
            roster = roster_in_rows((row.line or 0, as_shown(row)) for row in (filled[0].rows if filled else []))
            roster.problems.extend(Problem(OTHER_SHEET, {"name": one.name}, severity="loss") for one in filled[1:])
            return roster
        text, _encoding = decode(data)
    except FormatError as error:
        return Roster([], [Problem(error.template, error.values, line=error.values.get("line"))])
    return roster_in_text(text)


def roster_in_text(text: str) -> Roster:
    """The people of lines that were pasted, or of a CSV file."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n")
    bare = QUOTED.sub("", rows)
    delimiter = max(DELIMITERS, key=lambda one: (bare.count(one), rows.count(one)))
    try:
        if delimiter in rows:
            reader = csv.reader(io.StringIO(rows), delimiter=delimiter)
            return roster_in_rows(
                (reader.line_num, row if len(row) != 1 or delimiter in row[0] else cells_of(row[0])) for row in reader
            )
    except csv.Error:
        return Roster([], [Problem(N_("The quotation marks don't match. Remove them, and send it again."))])
    return roster_in_rows((place, cells_of(one)) for place, one in enumerate(rows.split("\n"), 1))


def as_shown(row: RawRow) -> list[str]:
    """The cells of a workbook's row; dates and formulas too, which nobody typed."""
    told = {place: problem.text.removesuffix(" 00:00:00") for place, problem in row.problems.items()}
    return [told.get(place, cell) for place, cell in enumerate(row.values)]


def text_of(entries: Sequence[RosterEntry], headings: Sequence[str]) -> str:
    """Lines that read as the same entries again. `headings`: of the name, the number and the address."""
    own = list(dict.fromkeys(name for one in entries for name in one.given))
    rows = [[one.name, one.number, one.email, *(one.given.get(name, "") for name in own)] for one in entries]
    return "\n".join("\t".join(map(quoted, row)) for row in [[*headings, *own], *rows])


def quoted(cell: str) -> str:
    """A cell in quotation marks, if it holds what could be taken for the end of one."""
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if doubled != cell or any(one in cell for one in DELIMITERS) else cell


def cells_of(text: str) -> list[str]:
    """The cells of a line that is written otherwise than most."""
    cells = BETWEEN.split(text)
    return cells if len(cells) > 1 else words_in_line(text)


def roster_in_rows(rows: Iterable[Row]) -> Roster:
    cells = [(place, [line(cell) for cell in row]) for place, row in rows]
    filled = [(place, row) for place, row in cells if any(row)]
    columns, above = headings_of(filled)
    body = filled[above + 1 :] if columns else people_in(filled)
    problems = [left_out(ABOVE, *row) for row in filled[:above]]
    read = [by_headings(place, row, columns) if columns else by_looks(place, row) for place, row in body[:MOST_PEOPLE]]
    people = somebody(read, body, problems)
    problems += remarks_on(people, columns)
    if len(body) > MOST_PEOPLE:
        problems.append(Problem(N_("A roster can have at most %(most)s people. Split it up."), {"most": MOST_PEOPLE}))
    if not people:
        problems.append(Problem(N_("There is nobody here. Enter one line per person: name, number, email.")))
    return checked(people, problems)


def somebody(read: Sequence[RosterEntry], rows: Iterable[Row], problems: list[Problem]) -> list[RosterEntry]:
    """The entries that are people; of the other lines is said that they are left out."""
    is_named = any(entry.name for entry in read)
    people = []
    for entry, (place, row) in zip(read, rows, strict=False):
        if is_nobody(row, entry, is_named):
            problems.append(left_out(NOBODY, place, row))
        else:
            people.append(entry)
    return people


def people_in(rows: Sequence[tuple[int, Sequence[str]]]) -> list[tuple[int, Sequence[str]]]:
    """The lines of people without headings. A line with several people is as many, if there is no other."""
    alone = [row for row in rows if not is_title(next(filter(None, row[1])))]
    if len(alone) != 1:
        return [*rows]
    return [
        (place, cells) for place, row in rows for cells in (people_in_line(row) if (place, row) in alone else [row])
    ]


def is_nobody(row: Sequence[str], entry: RosterEntry, is_named: bool) -> bool:
    """Whether a line is a title, a sum, the headings again, or has only what counts it where others have names."""
    is_blank = is_named and not (entry.name or entry.email) and is_counted(entry.number.rpartition("-")[2])
    is_heading = called(entry.name) in HEADINGS["name"]
    return is_blank or is_heading or is_title(entry.name) or any(map(is_note, [next(filter(None, row)), entry.number]))


def left_out(template: str, place: int, row: Sequence[str]) -> Problem:
    return Problem(template, {"text": " ".join(filter(None, row))[:80]}, line=place, severity="loss")


def remarks_on(people: Sequence[RosterEntry], columns: Mapping[int, str]) -> Iterator[Problem]:
    """What is to be said of all lines together: the numbers that were made, and the cells that were left out."""
    numbers = [one.number for one in people if one.number]
    if CLASS_NUMBER in columns.values() and numbers:
        yield Problem(MADE, {"number": max(numbers, key=len)}, severity="warning")
        if alone := [number for number in numbers if "-" not in number]:
            yield Problem(ALONE, {"numbers": ", ".join(alone)[:200]}, severity="warning")
    if left := dict.fromkeys(cell for one in people for cell in one.left):
        yield Problem(UNNAMED, {"text": ", ".join(left)[:200]}, severity="loss")


def checked(people: Iterable[RosterEntry], problems: list[Problem]) -> Roster:
    """The roster of what was read, to which is said what is wrong with its lines."""
    entries: list[RosterEntry] = []
    refused: list[RosterEntry] = []
    seen: dict[str, int] = {}
    for entry in people:
        found = list(wrong_with(entry, seen))
        problems += found
        if not found:
            entries.append(entry)
        elif not any(one.code == TWICE for one in found):
            refused.append(entry)
    return Roster(entries, problems, refused)


def headings_of(filled: Sequence[tuple[int, Sequence[str]]]) -> tuple[dict[int, str], int]:
    """What the columns hold, and how many lines stand above the headings, as a title does. Lower down a single known
    word may as well be somebody's name, so it takes two."""
    for above, (_place, row) in enumerate(filled[:MOST_ABOVE]):
        columns = columns_of(row)
        known = sum(not name.startswith("+") for name in columns.values())
        if known > (1 if above else 0):
            return columns, above
    return {}, 0


def called(heading: str) -> str:
    """The form in which headings are compared."""
    return re.sub(r"[\s_.()-]", "", heading).lower()


def columns_of(row: Sequence[str]) -> dict[int, str]:
    """What each column holds, if the row has headings: ours by our names, others by what they say."""
    said = [called(cell) for cell in row]
    known: dict[int, str] = {}
    for name, words in HEADINGS.items():
        if found := [place for place, cell in enumerate(said) if cell in words]:
            place = min(found, key=lambda place: said[place] in COUNTS)
            counts_class = said[place] in COUNTS and all(set(words) & set(said) for words in CLASS)
            known[place] = CLASS_NUMBER if counts_class else name
    if not known:
        return {}
    return {place: known.get(place, f"+{line(cell, 40)}") for place, cell in enumerate(row) if cell}


def by_headings(place: int, row: Sequence[str], columns: Mapping[int, str]) -> RosterEntry:
    said: dict[str, str] = {}
    given: dict[str, str] = {}
    left: list[str] = []
    for at, cell in enumerate(row):
        name = columns.get(at, "")
        if name.startswith("+"):
            given |= {name[1:]: line(cell, 200)} if cell else {}
        elif name and cell:
            said.setdefault(name, cell)
        elif ADDRESS.fullmatch(cell):
            said.setdefault("email", cell)
        elif cell:
            left.append(cell)
    number = said.get("number", "") or number_in_class(given, said.get(CLASS_NUMBER, ""))
    return RosterEntry(place, said.get("name", ""), number, said.get("email", "").lower(), given, left)


def number_in_class(given: Mapping[str, str], number: str) -> str:
    """`2-3-15` of 2학년, 3반 and 15번; the number alone where one of them is missing."""
    said = {called(heading): cell for heading, cell in given.items()}
    parts = [next((said[word] for word in words if word in said), "") for words in CLASS]
    return "-".join(UNIT.sub("", part).strip() for part in (*parts, number)) if number and all(parts) else number


def by_looks(place: int, row: Sequence[str]) -> RosterEntry:
    mistyped = next((cell for cell in row if "@" in cell), "")
    email = next((cell for cell in row if ADDRESS.fullmatch(cell)), mistyped)
    number = max((cell for cell in row if is_number(cell)), key=len, default="")  # a line may be counted, too
    others = [cell for cell in row if cell and cell not in (email, number)]
    name = next(filter(is_name, others), next(filter(is_title, others), ""))
    left = [cell for cell in others if cell != name and not is_counted(cell)]
    return RosterEntry(place, name, number, email.lower(), left=left)


def wrong_with(entry: RosterEntry, seen: dict[str, int]) -> Iterator[Problem]:
    """What is wrong with an entry. `seen`: the numbers and addresses before it, with their lines."""
    if not (entry.name or entry.number):
        yield Problem(N_("There is neither a name nor a number here."), line=entry.line)
        return
    if entry.email and not ADDRESS.fullmatch(entry.email):
        yield Problem(BAD_ADDRESS, {"email": entry.email[:80]}, line=entry.line)
    for name, most in LONGEST.items():
        if len(getattr(entry, name)) > most:
            yield Problem(N_("A value here has more than %(most)s characters."), {"most": most}, line=entry.line)
    if NOT_TYPED.fullmatch(entry.name) or NOT_TYPED.fullmatch(entry.number) or DATE.fullmatch(entry.number):
        yield Problem(NO_NUMBER, {"text": f"{entry.name} {entry.number}".strip()[:80]}, line=entry.line)
    # Who has a number is that number; a name alone may well stand twice.
    for key in dict.fromkeys(filter(None, (entry.number, entry.email))):
        if key in seen:
            yield Problem(
                N_("“%(what)s” is already on line %(line)s. This line is left out."),
                {"what": key, "line": seen[key]},
                line=entry.line,
                code=TWICE,
            )
        seen.setdefault(key, entry.line)
