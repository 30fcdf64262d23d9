"""Where a list of answers begins: by its heading, its table, or what stands in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from quizapp.formats.exam_text.key_entries import entries_of, without_sort
from quizapp.formats.exam_text.key_rows import in_order, in_ranges
from quizapp.formats.exam_text.key_tables import begins_table, cells_of, name_of
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


def begins_key(lines: Sequence[Line], number: int, seen: Collection[int], names: SectionNames) -> bool:
    """Whether a list begins with the first of some lines that aren't empty. `number`: that of the question before it;
    `seen`: those of all so far."""
    line, after = lines[0], lines[1] if len(lines) > 1 else None
    if KEY_HEADING.fullmatch(line.plain):
        if begins_table(lines[1:]):
            return True
        if after is None or (len(seen) > 1 and is_own(after, number)):
            return False
        return is_listed(after) or begins_with_known(after, seen) or is_headed(after, names)
    named, nameless = NAMED_WORD.search(line.plain), NAMED_WORD.sub(" ", line.plain).strip(" :()[]")
    if named and KEY_HEADING.fullmatch(nameless):
        return after is not None and is_listed(after)
    label = key_label(line)
    if label and (
        LISTED_IN_LINE.fullmatch(line.plain, label.end())
        or names_several(line.plain[label.end() :], seen)
        or ends_with(line.cut(label.end()), number, seen)
    ):
        return True
    word = WORD.match(line.plain)
    headed = name_of(cells_of(line)[0]) != "" and begins_table(lines)
    return (
        headed or bool(NUMBERS.fullmatch(line.plain)) or (word is not None and is_headed(line.cut(word.end()), names))
    )


def is_own(line: Line, number: int) -> bool:
    """Whether a line below “Answer” is one answer that begins with the question's number by chance, such as `3 m`."""
    entries = entries_of(line, [number])
    return len(entries) == 1 and entries[0].number == number and entries[0].is_bare and not PAIR.match(line.plain)


def ends_with(line: Line, number: int, seen: Collection[int]) -> bool:
    """Whether a line has the answers of questions up to this one but for the first, with which its own parts begin."""
    numbers = [entry.number for entry in entries_of(line, seen)]
    return len(numbers) > 1 and numbers == list(range(max(numbers[0], 2), number + 1)) and {*numbers} <= {*seen}


def key_label(line: Line) -> re.Match[str] | None:
    """The label of a line that is labelled as an answer."""
    label = LABELS.match(line.plain)
    return label if label and label["key"] else None


def names_several(text: str, seen: Collection[int]) -> bool:
    """Whether a text has the answers of several of the questions before it, in their order: no question's own has."""
    pairs = [int(found[1]) for found in PAIR.finditer(text)]
    entries = [entry.number for entry in entries_of(Line(text, 0), seen)] if pairs else []
    return any(numbers == sorted({*numbers}) and len({*numbers}.intersection(seen)) > 1 for numbers in (pairs, entries))


def lists_each(line: Line, seen: Collection[int]) -> bool:
    """Whether a line without a label has an answer for each of the questions before it, and a sign among these."""
    entries = entries_of(line, seen) if NUMBERED.match(line.plain) else []
    numbers = [entry.number for entry in entries]
    return 1 < len(numbers) == len(seen) and numbers == sorted(seen) and any(entry.is_sign for entry in entries)


def lists_sort(line: Line, seen: Collection[int]) -> bool:
    """Whether a line names a sort of questions, and has answers for some of those before it, the first one a sign."""
    rest = without_sort(line)
    entries = entries_of(rest, seen) if rest is not line else []
    return bool(entries) and entries[0].is_sign and all(entry.number in seen for entry in entries)


def goes_on(line: Line, after: Line | None, number: int) -> bool:
    """Whether a line with an answer is the first of a list: it names another question than the one before it, whose
    number is `number`, and the next line goes on with the number that follows."""
    label = key_label(line) or WORD.match(line.plain)
    first = entries_of(line.cut(label.end()), ()) if label else []
    second = entries_of(after, ()) if first and after else []
    return bool(first and second) and first[0].number != number and second[0].number == first[-1].number + 1


def lists_all(line: Line, seen: Collection[int]) -> bool:
    """Whether a line of answers has one for each of the questions before it, by their numbers."""
    label, word = key_label(line), WORD.match(line.plain)
    begin = label.end() if label else word.end() if word else 0
    if begin and in_ranges(line.cut(begin)):
        return True
    numbers = [entry.number for entry in entries_of(line.cut(begin), seen)] if begin else []
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
