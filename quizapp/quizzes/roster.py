"""A roster as people have it: a CSV or Excel file from the school's system, or lines that were pasted. Pure.

The columns are known by their headings, in Korean or in English; without headings they are known by what stands in
them: an address by its @, a number by its digits. What can't be used is said line by line, and the rest is read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError
from quizapp.formats.text import PACKAGES, decode
from quizapp.formats.workbook import sheets_in
from quizapp.texts.clean import line

MOST_PEOPLE = 2_000
"""People on a roster."""
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("이름", "성명", "학생", "학생이름", "학생명", "name", "fullname", "student", "studentname"),
    "number": ("학번", "번호", "학생번호", "수험번호", "사번", "number", "studentnumber", "studentid", "id", "no"),
    "email": ("이메일", "메일", "전자우편", "이메일주소", "email", "mail", "emailaddress"),
}
COUNTS = ("번호", "no")
"""What the lines are counted by, where another column has the numbers of the people."""
LONGEST = {"name": 80, "number": 40, "email": 254}
ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
NUMBER = re.compile(r"(?=.*\d)[\w./-]{1,40}", re.ASCII)
BRACKETED = re.compile(r"\(((?=\D{0,39}\d)[\w./-]{1,40})\)", re.ASCII)
DELIMITERS = "\t,;"
QUOTED = re.compile('"[^"]*"')
MOST_ABOVE = 10
"""Lines among which the headings are looked for."""
TWICE = "twice"
BAD_ADDRESS = N_("“%(email)s” is not an email address. This line is left out: correct it, and add it again.")
ABOVE = N_("This line above the headings is left out: %(text)s")
MAX_XML, MAX_TAGS = 16 * 1024 * 1024, 250_000
"""Of a workbook, which is read within the request: the largest roster with some thirty columns."""


@dataclass(frozen=True)
class RosterEntry:
    """A person on a roster. `given`: further columns by their headings."""

    line: int
    name: str = ""
    number: str = ""
    email: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


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
            sheets = sheets_in(data, MOST_PEOPLE + 1 + MOST_ABOVE, xml=MAX_XML, tags=MAX_TAGS)
            filled = [one for one in sheets if any(row.filled for row in one.rows)]
            return roster_in_rows((row.line or 0, row.values) for row in (filled[0].rows if filled else []))
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
    cells = re.split(f"[{DELIMITERS}]", text)
    return cells if len(cells) > 1 else words_in_line(text)


def words_in_line(text: str) -> list[str]:
    """The cells of a line without delimiters: numbers, in brackets too, and addresses; the rest is a name."""
    alone: list[str] = []
    name: list[str] = []
    for word in BRACKETED.sub(r" \1 ", text).split():
        (alone if ADDRESS.fullmatch(word) or NUMBER.fullmatch(word) else name).append(word)
    return [*([" ".join(name)] if name else []), *alone]


def roster_in_rows(rows: Iterable[Row]) -> Roster:
    cells = [(place, [line(cell) for cell in row]) for place, row in rows]
    filled = [(place, row) for place, row in cells if any(row)]
    columns, above = headings_of(filled)
    body = filled[above + 1 :] if columns else filled
    entries: list[RosterEntry] = []
    problems = [
        Problem(ABOVE, {"text": " ".join(row)[:80]}, line=place, severity="loss") for place, row in filled[:above]
    ]
    refused: list[RosterEntry] = []
    seen: dict[str, int] = {}
    for place, row in body[:MOST_PEOPLE]:
        entry = by_headings(place, row, columns) if columns else by_looks(place, row)
        found = list(wrong_with(entry, seen))
        problems += found
        if not found:
            entries.append(entry)
        elif not any(one.code == TWICE for one in found):
            refused.append(entry)
    if len(body) > MOST_PEOPLE:
        problems.append(Problem(N_("A roster can have at most %(most)s people. Split it up."), {"most": MOST_PEOPLE}))
    if not body:
        problems.append(Problem(N_("There is nobody here. Enter one line per person: name, number, email.")))
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


def columns_of(row: Sequence[str]) -> dict[int, str]:
    """What each column holds, if the row has headings: ours by our names, others by what they say."""
    called = [re.sub(r"[\s_.()-]", "", cell).lower() for cell in row]
    known: dict[int, str] = {}
    for name, words in HEADINGS.items():
        if found := [place for place, cell in enumerate(called) if cell in words]:
            known[min(found, key=lambda place: called[place] in COUNTS)] = name
    if not known:
        return {}
    return {place: known.get(place, f"+{line(cell, 40)}") for place, cell in enumerate(row) if cell}


def by_headings(place: int, row: Sequence[str], columns: Mapping[int, str]) -> RosterEntry:
    said: dict[str, str] = {}
    given: dict[str, str] = {}
    for at, cell in enumerate(row):
        name = columns.get(at, "")
        if name.startswith("+"):
            given |= {name[1:]: line(cell, 200)} if cell else {}
        elif name and cell:
            said.setdefault(name, cell)
        elif ADDRESS.fullmatch(cell):
            said.setdefault("email", cell)
    return RosterEntry(place, said.get("name", ""), said.get("number", ""), said.get("email", "").lower(), given)


def by_looks(place: int, row: Sequence[str]) -> RosterEntry:
    mistyped = next((cell for cell in row if "@" in cell), "")
    email = next((cell for cell in row if ADDRESS.fullmatch(cell)), mistyped)
    numbers = [cell for cell in row if cell != email and NUMBER.fullmatch(cell)]
    number = max(numbers, key=len, default="")  # a line may be counted, too
    others = [cell for cell in row if cell and cell not in (email, number)]
    name = next((cell for cell in others if not NUMBER.fullmatch(cell)), next(iter(others), ""))
    return RosterEntry(place, name, number, email.lower())


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
    # Who has a number is that number; a name alone may well stand twice.
    for key in filter(None, (entry.number, entry.email)):
        before = seen.setdefault(key, entry.line)
        if before != entry.line:
            yield Problem(
                N_("“%(what)s” is already on line %(line)s. This line is left out."),
                {"what": key, "line": before},
                line=entry.line,
                code=TWICE,
            )
