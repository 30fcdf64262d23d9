"""The list of answers at the end of an exam: `1 ② 2 ④`, `1. ②`, `1-②`, `1번: 2`, or a table of numbers and answers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from quizapp.formats.collector import Collector
from quizapp.formats.exam_text.document import Document
from quizapp.formats.exam_text.labels import KEY_HEADING, LABELS, TOKEN, parts_of
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.messages import about
from quizapp.formats.exam_text.signs import SINGLE

NUMBER = re.compile(
    rf"[\s|,;]*[\[(]?\s*(?:문제|문항|문|Q|Question)?\s*[\[(]?(\d{{1,3}})(?:\s*번\s*[.:)]?|\s*[\]):=\-]|\s*\.(?!\d)|\s|(?={SINGLE}))\s*",
    re.IGNORECASE,
)
SIGNS = re.compile(
    rf"{SINGLE}(?:\s*[,·]\s*{SINGLE})*|{TOKEN}(?:\s*[,·]\s*[A-Za-z](?![A-Za-z]))*(?=\s|[,;|/]|$)", re.IGNORECASE
)
SIGN = re.compile(rf"(?:{SINGLE}|\d{{1,2}}번|[A-Z]\b)\s+")
"""An answer behind which an explanation follows on the same line."""
NEXT = re.compile(r"(?:\s{2,}|[,;|]\s*|\s)(?=\d{1,3}\s*(?:번|[):=]|\.(?!\d)))")
TABLE_NUMBERS = re.compile(
    r"\s*\|?\s*(?:문항\s*번호|번호|문항|문제|No\.?|Question)?\s*:?[\s|]*((?:\d{1,3}[\s|]+)+\d{1,3})[\s|]*", re.I
)
TABLE_KEYS = re.compile(r"\s*\|?\s*(?:정\s?답|답|Answers?)?\s*:?[\s|]*(.*[^\s|])[\s|]*", re.IGNORECASE)
SOLUTIONS = re.compile(
    r"[\[(<■◆▶※*#\-\s]*(?:정답\s*)?(?:해설|풀이|Explanations?|Solutions?)[\])>*\-\s]*:?", re.IGNORECASE
)
"""A heading below which the answers are explained."""
BARE = re.compile(r"[0-9]+")
EXPLAINS = re.compile(r"해설|풀이|explanation", re.IGNORECASE)


@dataclass
class KeyList:
    """What the list says of each question: its answers, and the lines that explain them."""

    collector: Collector
    keys: dict[int, list[Line]] = field(default_factory=dict)
    extra: dict[int, list[Line]] = field(default_factory=dict)
    explained: set[int] = field(default_factory=set)


def key_list(document: Document, collector: Collector) -> KeyList:
    found = KeyList(collector)
    head = document.key_head
    if head is None:
        return found
    numbers = {question.number for question in document.questions}
    lines = [*heading_rest(head), *document.key]
    explains = bool(EXPLAINS.search(head.plain))
    place, last = 0, 0
    while place < len(lines):
        line, after = lines[place], lines[place + 1] if place + 1 < len(lines) else None
        if found.keys and SOLUTIONS.fullmatch(line.plain):
            last = 0
            for line in lines[place + 1 :]:
                last = explain(found, line, numbers, last) if line.text else last
            break
        if after and table(found, line, after):
            place += 2
            continue
        place += 1
        if line.text:
            last = take(found, line, numbers, last, explains)
    for number, keys in found.keys.items():
        if number not in numbers:
            collector.report(about("key-unknown", key, number=number) for key in keys)
    return found


def explain(found: KeyList, line: Line, numbers: Collection[int], last: int) -> int:
    """Take a line of the explanations that follow the answers, each behind its number."""
    number = NUMBER.match(line.plain)
    if number and int(number[1]) in numbers:
        last = int(number[1])
        line = line.cut(number.end())
    if not last:
        found.collector.report([about("key-line", line)])
    elif line.text:
        found.extra.setdefault(last, []).append(line if last in found.explained else relabelled("solution", line))
        found.explained.add(last)
    return last


def heading_rest(head: Line) -> list[Line]:
    """What the heading's line holds beside the heading."""
    if KEY_HEADING.fullmatch(head.plain):
        return []
    label = LABELS.match(head.plain)
    return [head.cut(label.end()) if label else head]


def table(found: KeyList, line: Line, after: Line) -> bool:
    """Take a row of numbers and the row of answers below it."""
    above, below = TABLE_NUMBERS.fullmatch(line.plain), TABLE_KEYS.fullmatch(after.plain)
    if above is None or below is None:
        return False
    between = r"\s*\|\s*" if "|" in above[1] and "|" in below[1] else r"[\s|]+"
    numbers = [int(number) for number in re.split(r"[\s|]+", above[1])]
    answers = re.split(between, below[1])
    if len(numbers) != len(answers) or len(numbers) < 2:
        return False
    for number, answer in zip(numbers, answers, strict=True):
        found.keys.setdefault(number, []).append(Line(answer, after.number))
    return True


def take(found: KeyList, line: Line, numbers: Collection[int], last: int, explains: bool) -> int:
    """Take a line of the list; the number of the question that the lines below it go on with."""
    entries = clear(entries_of(line))
    if entries and all(number in numbers for number, _ in entries[:1]):
        for number, value in entries:
            add(found, number, value, explains)
        return entries[-1][0]
    labelled = LABELS.match(line.plain)
    if last and (labelled or explains):
        known = labelled or last in found.explained
        found.explained.add(last)
        found.extra.setdefault(last, []).append(line if known else relabelled("solution", line))
    elif entries:
        for number, value in entries:
            add(found, number, value, explains)
    else:
        found.collector.report([about("key-line", line)])
    return last


def add(found: KeyList, number: int, value: Line, explains: bool) -> None:
    """The value is an answer; what else is on the line is the question's as well."""
    sign = SIGN.match(value.plain) if explains else None
    if sign and sign.end() < len(value.text) and not LABELS.match(value.plain, sign.end()):
        found.extra.setdefault(number, []).append(relabelled("solution", value.cut(sign.end())))
        found.explained.add(number)
        value = value.cut(0, sign.end())
    for part in parts_of(value):
        if part.name in ("", "key") and part.line.text:
            found.keys.setdefault(number, []).append(part.line)
        elif part.line.text:
            found.extra.setdefault(number, []).append(relabelled(part.name, part.line))


def relabelled(name: str, line: Line) -> Line:
    """The line as it would stand in the question itself."""
    words = {"solution": "해설", "model": "모범 답안", "level": "난이도", "unit": "단원"}[name]
    return Line(f"{words}: {line.text}", line.number)


def clear(entries: list[tuple[int, Line]]) -> list[tuple[int, Line]]:
    """The entries, unless all are bare digits that don't count on: those may be a row of numbers."""
    counts_on = all(later[0] == earlier[0] + 1 for earlier, later in pairwise(entries))
    return entries if counts_on or not all(BARE.fullmatch(value.plain) for _, value in entries) else []


def entries_of(line: Line) -> list[tuple[int, Line]]:
    """The numbers and answers of a line; [] where it isn't made of them."""
    found: list[tuple[int, Line]] = []
    place = 0
    while place < len(line.plain.rstrip(" |,;")):
        number = NUMBER.match(line.plain, place)
        if number is None:
            return []
        start = number.end()
        signs = SIGNS.match(line.plain, start)
        if signs and (signs.end() == len(line.text) or NUMBER.match(line.plain, signs.end())):
            end = signs.end()
        else:
            beyond = NEXT.search(line.plain, start)
            end = beyond.start() if beyond else len(line.text)
        value = line.cut(start, end)
        if not value.text:
            return []
        found.append((int(number[1]), value))
        place = end
    return found
