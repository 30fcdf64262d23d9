"""Where a list of answers begins: by its heading, its table, or what stands in it."""

from __future__ import annotations

import re
from collections.abc import Collection

from quizapp.formats.exam_text.key_rows import in_order, in_ranges
from quizapp.formats.exam_text.labels import KEY_HEADING, LABELS, TOKEN
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.sections import NAMED_WORD, SectionNames
from quizapp.formats.exam_text.signs import SINGLE, start_of

LISTED = re.compile(rf"\s*\d{{1,3}}\s*(?:번\s*[.:)]?|[.):=\-]|\s|(?={SINGLE}))\s*\S")
LISTED_IN_LINE = re.compile(
    rf"(?:\d{{1,3}}\s*(?:(?:번|[.):=\-])\s*{TOKEN}|{SINGLE})(?:\s*[,·]\s*{SINGLE})*(?:\s*[,;/]\s*|\s+|$)){{2,}}"
)
PAIR = re.compile(rf"(?<![\w.(])(\d{{1,3}})\s*(?:번\s*[.:)]?|[.):=\-])?\s*(?={SINGLE})")
"""The number of a question, right before the sign of its answer."""
NUMBERS = re.compile(r"(?:문항\s*번호|번호|문항|문제|No\.?|Question)\s*:?\s*(?:[\s|]+\d{1,3}){2,}[\s|]*", re.IGNORECASE)
WORD = re.compile(r"\W*(?:빠른\s*)?(?:정\s?답|답안|해답|답|Answers?(?:\s+key)?|Key)(?![가-힣A-Za-z])\W*", re.IGNORECASE)
BRACKETED = re.compile(r"\s*[\[<][^\[\]<>]{1,20}[\]>]\s*:?")
NUMBERED = re.compile(r"(?<![\w.])(\d{1,3})\s*(?:번\s*[.):]?|[).:\-](?!\d))\s*(?=\S)")
MOST_IN_KEY = 40
"""Characters of an answer in a list of them, where its number is written as that of a question."""


def begins_key(line: Line, after: Line | None, seen: Collection[int], names: SectionNames) -> bool:
    """`after`: the next line that isn't empty. `seen`: the numbers of the questions that came before."""
    if KEY_HEADING.fullmatch(line.plain):
        return after is not None and (is_listed(after) or begins_with_known(after, seen) or is_headed(after, names))
    named, nameless = NAMED_WORD.search(line.plain), NAMED_WORD.sub(" ", line.plain).strip(" :()[]")
    if named and KEY_HEADING.fullmatch(nameless):
        return after is not None and is_listed(after)
    label = key_label(line)
    if label and (LISTED_IN_LINE.fullmatch(line.plain, label.end()) or names_several(line.plain[label.end() :], seen)):
        return True
    word = WORD.match(line.plain)
    return bool(NUMBERS.fullmatch(line.plain)) or (word is not None and is_headed(line.cut(word.end()), names))


def key_label(line: Line) -> re.Match[str] | None:
    """The label of a line that is labelled as an answer."""
    label = LABELS.match(line.plain)
    return label if label and label["key"] else None


def names_several(text: str, seen: Collection[int]) -> bool:
    """Whether a text has the answers of several of the questions before it, in their order: no question's own has."""
    numbers = [int(found[1]) for found in PAIR.finditer(text)]
    return numbers == sorted(set(numbers)) and len({*numbers} & {*seen}) > 1


def goes_on(line: Line, after: Line | None, number: int) -> bool:
    """Whether a line with an answer is the first of a list: it names another question than the one before it, whose
    number is `number`, and the next line goes on with the number that follows."""
    label = key_label(line)
    first = NUMBERED.match(line.plain, label.end()) if label else None
    second = NUMBERED.match(after.plain) if first and after else None
    return bool(first and second and int(first[1]) != number and int(second[1]) == int(first[1]) + 1)


def lists_all(line: Line, seen: Collection[int]) -> bool:
    """Whether a line of answers has one for each of the questions before it, by their numbers."""
    label, word = key_label(line), WORD.match(line.plain)
    begin = label.end() if label else word.end() if word else 0
    if begin and in_ranges(line.cut(begin)):
        return True
    if not begin or not NUMBERED.match(line.plain, begin):
        return False
    numbers = [int(found[1]) for found in NUMBERED.finditer(line.plain, begin)]
    return len(numbers) > 1 and len(numbers) == len(seen) and set(numbers) == set(seen)


def heads_row(line: Line, after: Line | None, count: int) -> bool:
    """Whether a line is the heading of a row with as many answers as there are questions."""
    return after is not None and count > 1 and bool(KEY_HEADING.fullmatch(line.plain) and in_order(after, count))


def is_listed(line: Line) -> bool:
    return bool(LISTED.match(line.plain) or NUMBERS.fullmatch(line.plain) or in_ranges(line))


def is_headed(line: Line, names: SectionNames) -> bool:
    """Whether a line begins with the name of a section and its answers, or is such a name by itself."""
    section, rest = next(names.split(line))
    if section is None:
        named = NAMED_WORD.match(line.plain) or BRACKETED.match(line.plain)
        return named is not None and LISTED.match(line.plain, named.end()) is not None
    return LISTED.match(rest.plain) is not None if rest.text else len(line.text) > 1


def begins_with_known(line: Line, seen: Collection[int]) -> bool:
    """Whether a line begins with the number of a question that was there already, and a short answer."""
    start = start_of(line)
    rest = line.plain[start.end :].strip() if start else ""
    return start is not None and start.number in seen and 0 < len(rest) <= MOST_IN_KEY
