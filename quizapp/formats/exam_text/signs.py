"""How exams number their questions and choices: `1.` `문1.` `[1]`, `①` `(1)` `1)` `가.` `ㄱ.` `A.`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quizapp.formats.exam_text.line import Line

BULLET = re.compile(r"[•·∙‣▪■□◆◇▶▷►●○*\-]\s+")

SINGLES = {
    "①": 20, "❶": 10, "➀": 10, "➊": 10, "⑴": 20, "⒈": 20, "ⓐ": 26, "Ⓐ": 26, "㉠": 14, "㉮": 14, "㈀": 14, "㈎": 14,
}  # fmt: skip
"""Labels of one character: the first of each kind, and how many there are."""
LETTERS = {
    "digit": [str(number) for number in range(1, 31)],
    "syllable": list("가나다라마바사아자차카타파하"),
    "consonant": list("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
    "upper": list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "lower": list("abcdefghijklmnopqrstuvwxyz"),
}
"""Labels of letters, which have a full stop or brackets."""
SINGLE_AT = {chr(ord(first) + place): (first, place) for first, count in SINGLES.items() for place in range(count)}
LETTER_AT = {letter: (kind, place) for kind, letters in LETTERS.items() for place, letter in enumerate(letters)}
SINGLE = f"[{''.join(SINGLE_AT)}]"
LETTER = r"[1-9]\d?|[가나다라마바사아자차카타파하ㄱ-ㅎA-Za-z]"
LABEL = re.compile(
    rf"(?P<single>{SINGLE})\s*"
    rf"|(?P<open>\()\s?(?P<inner>{LETTER})\s?\)\s*"
    rf"|(?P<letter>{LETTER})\s?(?P<close>\)|\.(?!\d|[A-Za-z]\.))\s*"
)


@dataclass(frozen=True)
class Label:
    """The mark before a choice: of which style, the how-manieth of it, and where it begins and ends in its line."""

    style: str
    place: int
    start: int
    end: int


def label_of(found: re.Match[str]) -> Label | None:
    if found["single"]:
        return Label(*SINGLE_AT[found["single"]], found.start(), found.end())
    letter = found["inner"] or found["letter"]
    if letter not in LETTER_AT:
        return None
    kind, place = LETTER_AT[letter]
    return Label(f"{kind}{'()' if found['open'] else found['close']}", place, found.start(), found.end())


STAR = "*"
"""What stands before the label of a right choice in many English exams."""
TICK = re.compile(
    r"\s*(?:[✓✔√☑✅]|[(\[]\s*(?:정답|맞음|correct|right|correct answer|answer)\s*[)\]]|<-+\s*(?:정답|correct))\s*$",
    re.I,
)
"""What stands behind a right choice."""


def label_at_start(line: Line) -> Label | None:
    """The label with which a line begins, behind a bullet or a star or not."""
    bullet = BULLET.match(line.plain)
    behind = bullet.end() if bullet else int(line.plain.startswith(STAR))
    found = LABEL.match(line.plain) or (LABEL.match(line.plain, behind) if behind else None)
    return label_of(found) if found else None


def labels_within(line: Line, style: str, after: int) -> list[Label]:
    """Labels of a style in the rest of a line."""
    found = (label_of(match) for match in LABEL.finditer(line.plain, after))
    return [label for label in found if label and label.style == style and stands_apart(line, label)]


def stands_apart(line: Line, label: Label) -> bool:
    """Labels that have brackets or a full stop stand behind a space within a line."""
    return label.style in SINGLES or line.plain[label.start - 1].isspace()


def written_label(place: int) -> str:
    return chr(ord("①") + place)


MOST_WRITTEN = SINGLES["①"]

# --- questions ---

STRONG = re.compile(
    r"(?:문제|문항|문|Question|Q)\s*\.?\s*(\d{1,3})\s*(?:번)?\s*(?:[.):\]]\s*|\s|$)"
    r"|[\[(<]\s*(?:문제|문항|문|Question|Q)\s*\.?\s*(\d{1,3})\s*(?:번)?\s*[\])>]\s*",
    re.IGNORECASE,
)
"""Numbers of questions that can be nothing else."""
SORTS = re.compile(
    r"[\[(<]?\s*(?P<sort>서술형|논술형|서답형|단답형|주관식|객관식|선택형)\s*(?:문제|문항)?\s*(?P<number>\d{1,2})\s*번?\s*"
    r"(?:[\])>]\s*[.:]?|[.):]|\s(?!\s*(?:문항|문제|점|개)))\s*(?=\S)"
)
"""A number that names the sort of question; each sort counts from 1."""
ESSAYS = ("서술형", "논술형")
UNNUMBERED = re.compile(r"(?:Question|Q|문제|질문)\s*[:.]\s+(?=\S)", re.IGNORECASE)
WIDE_STOP = re.compile(r"([0-9０-９]{1,3})\s?．(?=[0-9０-９])")
"""No decimal number has this full stop."""
WEAK = {
    "dot": re.compile(r"(\d{1,3})\s?\.(?!\d)\s*"),
    "bracket": re.compile(r"(?:\[\s*(?=\d{1,3}\s*\])|<\s*(?=\d{1,3}\s*>))(\d{1,3})\s*[\]>]\s*"),
    "number": re.compile(r"(\d{1,3})\s*번(?:\s*[.):]\s*|\s+|$)"),
    "parenthesis": re.compile(r"(\d{1,3})\)\s*"),
    "round": re.compile(r"\(\s*(\d{1,3})\s*\)\s*"),
}
"""Numbers that may be those of questions: an exam uses one of them, whichever comes first."""


@dataclass(frozen=True)
class QuestionStart:
    """The number of a question (0 where it has none), where its text begins, and the sort that the number is one of."""

    number: int
    end: int
    style: str
    sort: str = ""


def start_of(line: Line) -> QuestionStart | None:
    """The question that a line begins, if the numbers of its style are those of questions."""
    bullet = BULLET.match(line.plain)
    for place in (0, bullet.end()) if bullet else (0,):
        if found := SORTS.match(line.plain, place):
            return QuestionStart(int(found["number"]), found.end(), "sort", found["sort"])
        if found := STRONG.match(line.plain, place):
            return QuestionStart(int(found[1] or found[2]), found.end(), "strong")
        for style, pattern in WEAK.items():
            if found := pattern.match(line.plain, place):
                return QuestionStart(int(found[1]), found.end(), style)
        if found := WIDE_STOP.match(line.text, place):
            return QuestionStart(int(found[1]), found.end(), "dot")
        if found := UNNUMBERED.match(line.plain, place):
            return QuestionStart(0, found.end(), "unnumbered")
    return None


# --- passages of several questions ---

PASSAGE = re.compile(
    r"[※*\s]*(?:"
    r"[\[(<]\s*(?:문제|문항|문|Questions?|Q)?\s*\.?\s*(\d{1,3})\s*번?\s*[~\-,]\s*(?:문|Q)?\s*(\d{1,3})\s*번?\s*[\])>]\s*"
    r"|Questions?\s+(\d{1,3})\s*(?:[~\-]|to|through|and)\s*(\d{1,3})\s*[.:]?\s*"
    r"|(\d{1,3})\s*번?\s*[~\-]\s*(\d{1,3})\s*번\s*[.:]?\s*(?=다음)"
    r")",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"(?:refers? to|are based on|is based on)\s+the\s+(?:following\s+)?\w+(?:\s+below)?\s*[.:]?", re.I
)
"""What an English exam says above a passage; it holds nothing but the numbers."""


@dataclass(frozen=True)
class Range:
    """The numbers of the questions that a passage is for, and where its text begins."""

    first: int
    last: int
    end: int


def range_of(line: Line) -> Range | None:
    found = PASSAGE.match(line.plain)
    if found is None:
        return None
    first, last = (int(number) for number in found.groups() if number)
    rest = REFERENCE.fullmatch(line.plain, found.end())
    return Range(first, last, len(line.text) if rest else found.end()) if first <= last else None
