"""Aiken: single choices in plain text.

    What is the capital of Korea?
    A. Busan
    B. Seoul
    ANSWER: B

The stem may have several lines (other programs keep the last one only), options are `A.` or `A)` in either case, any
number of them up to Z, and the answer is one letter. The grammar is that of Moodle's importer, read leniently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from string import ascii_lowercase, ascii_uppercase

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, language_of, refuse_uncarried, unreadable, written_language
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item
from quizapp.formats.losses import loss, lost_fields, lost_texts
from quizapp.formats.plain_text import as_plain
from quizapp.formats.text import decode, opening
from quizapp.kinds.base import say

NAME = "aiken"
LABEL = N_("Aiken (plain text, single choices)")
SUFFIXES = (".txt", ".aiken")
MIME = "text/plain"

SAMPLE = """\
대한민국의 수도는 어디입니까?
A. 부산
B. 서울
C. 인천
ANSWER: B

Read the sentence:
“The King created it in 1443.”
Which king is meant?
a) Taejong
b) Sejong
c) Munjong
answer: b

How many letters does Hangul have today?
A) 20
B) 22
C) 24
D) 26
E) 28
ANSWER: C
""".encode()

OPTION = re.compile(r"\s*([A-Za-z])\s?(?:[)）．]|\.(?![A-Za-z]\.))\s*(?P<text>.*)")
ANSWER = re.compile(r"\s*(?:ANSWER|정답)\s*[:：](?P<answer>.*)", re.IGNORECASE)
LETTER = re.compile(r"\s*([A-Za-z])\s*(?:[.)].*)?")


@dataclass
class Draft:
    """A question as far as it has been read: lines of its stem, its options with their lines, its answer."""

    line: int
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    answer: str = ""
    problems: list[Problem] = field(default_factory=list)
    ended: bool = False


class Reader:
    """Takes the lines of a file one by one; a question ends with its answer."""

    def __init__(self, language: str | None) -> None:
        self.collector = Collector(NAME)
        self.language = language
        self.draft: Draft | None = None
        self.blank = False

    def take(self, line: str, number: int) -> None:
        if not line.strip():
            self.blank = True
            if self.draft and not self.draft.options:
                self.draft.stem.append("")
            return
        if answer := ANSWER.fullmatch(line):
            self.answer(answer["answer"], line, number)
        elif self.is_option(line):
            self.option(line)
        else:
            self.words(line, number)
        self.blank = False

    def is_option(self, line: str) -> bool:
        """Options go from A on, one after the other: a stem's line `B. Brown` is no option."""
        match = OPTION.fullmatch(line)
        if match is None or self.draft is None or not any(self.draft.stem):
            return False
        expected = ascii_lowercase[len(self.draft.options) :][:1]
        return match[1].lower() == expected

    def option(self, line: str) -> None:
        match = OPTION.fullmatch(line)
        if match and self.draft:
            self.draft.options.append(match["text"].strip())

    def words(self, line: str, number: int) -> None:
        """A line of the stem; below an option, what goes on from the line above."""
        if self.draft and self.draft.options and (self.blank or OPTION.fullmatch(line)):
            self.finish()
        if self.draft is None:
            self.draft = Draft(number)
        if not self.draft.options:
            self.draft.stem.append(line.rstrip())
            return
        self.draft.options[-1] += "\n" + line.strip()
        self.draft.problems.append(
            Problem(
                N_("This line is neither an option nor the answer; it was added to the option above it."),
                code="continued",
                line=number,
                severity="warning",
                text=line.strip()[:200],
                mend=N_("Write each option in one line."),
            )
        )

    def answer(self, answer: str, line: str, number: int) -> None:
        if self.draft is None:
            problem = Problem(
                N_("An answer without a question."), code="no-question", line=number, text=line.strip()[:200]
            )
            self.collector.fail([problem])
            return
        letter = LETTER.fullmatch(answer)
        index = ascii_lowercase.index(letter[1].lower()) if letter else -1
        if not 0 <= index < len(self.draft.options):
            self.draft.problems.append(self.wrong_answer(answer, line, number))
        self.draft.answer = letter[1].lower() if letter else "?"
        self.finish()

    def wrong_answer(self, answer: str, line: str, number: int) -> Problem:
        options = len(self.draft.options) if self.draft else 0
        return Problem(
            N_("“%(answer)s” is none of the %(count)s options."),
            {"answer": answer.strip()[:40], "count": options},
            code="no-right",
            line=number,
            text=line.strip()[:200],
            mend=N_("Write ANSWER: and the letter of the one right option. For several, use GIFT or a sheet."),
        )

    def finish(self) -> None:
        """The question ends here; one without an answer is told and left out."""
        draft, self.draft = self.draft, None
        if draft is None or not any(draft.stem):
            return
        stem = "\n".join(draft.stem).strip("\n")
        if not draft.answer:
            draft.problems.append(
                Problem(
                    N_("This question has no answer."),
                    code="no-right",
                    line=draft.line,
                    text=stem[:200],
                    mend=N_("Add a line like ANSWER: B below its options."),
                )
            )
        language = self.language or language_of("\n".join([stem, *draft.options]))
        choices = [
            {"id": name, "text": as_plain({language: text}), "fraction": int(name == draft.answer)}
            for name, text in zip(ascii_lowercase, draft.options, strict=False)
        ]
        if any(problem.is_error for problem in draft.problems):
            self.collector.fail(draft.problems, draft.line)
            return
        item = Item(kind="choice", stem=as_plain({language: stem}), response={"choices": choices})
        self.collector.take(item, draft.problems, draft.line)


def sniff(data: bytes) -> float:
    lines = opening(data).splitlines()
    answers = sum(ANSWER.fullmatch(line) is not None for line in lines)
    options = sum(OPTION.fullmatch(line) is not None for line in lines)
    return 0.9 if answers and options > answers else 0.0


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        text, encoding = decode(data)
    except FormatError as error:
        return unreadable(error)
    reader = Reader(language)
    for number, line in enumerate(text.split("\n"), 1):
        reader.take(line, number)
    reader.finish()
    reading = reader.collector.reading
    reading.encoding = encoding
    if not reading.found:
        reading.problems.append(
            Problem(
                N_("No question was found. Aiken has a stem, options A. to Z., and ANSWER: B."), code="empty", line=1
            )
        )
    return reading


def carries(item: Item) -> list[Problem]:
    """Single choices whose stem can't be taken for options."""
    if item.kind != "choice":
        return [Problem(N_("Aiken holds single choices only."), code="kind")]
    language = written_language(item)
    choices = item.response["choices"]
    if len(choices) > len(ascii_uppercase):
        return [
            Problem(N_("Aiken has letters for %(limit)s choices."), {"limit": len(ascii_uppercase)}, code="choices")
        ]
    if sum(choice.get("fraction") == 1 for choice in choices) > 1:
        return [Problem(N_("Aiken holds one right choice only; this question has several."), code="two-right")]
    problems = [*lost_fields(item, ()), *lost_texts(item, language)]
    if [choice["id"] for choice in choices] != list(ascii_lowercase[: len(choices)]):
        problems.append(loss(N_("The ids of the choices are made anew."), "lost-ids"))
    if any(choice.get("fraction", 0) not in (0, 1) for choice in choices):
        problems.append(loss(N_("Partly right and negative choices become wrong ones."), "lost-fractions"))
    if any(choice.get("feedback") or choice.get("pinned") for choice in choices):
        problems.append(loss(N_("The choices' feedback and fixed places are left out."), "lost-choices"))
    texts = [say(choice["text"], language) for choice in choices]
    if [one_line(text) for text in texts] != texts or stem_lines(item, language) != say(item.stem, language):
        problems.append(loss(N_("Line breaks in choices and spaces at the end of lines are left out."), "lost-lines"))
    return problems + unwritable(item, language)


def unwritable(item: Item, language: str) -> list[Problem]:
    """Aiken has no escape: a stem that reads as an option or an answer can't be written."""
    stem = stem_lines(item, language)
    texts = [stem.strip(), *(one_line(say(choice["text"], language)) for choice in item.response["choices"])]
    if not all(texts):
        return [Problem(N_("A text is missing in “%(language)s”."), {"language": language}, code="no-text")]
    for line in stem.split("\n"):
        if OPTION.fullmatch(line) or ANSWER.fullmatch(line):
            return [Problem(N_("The stem's line “%(line)s” would be read as an option."), {"line": line}, code="stem")]
    return []


def one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.strip().split("\n"))


def stem_lines(item: Item, language: str) -> str:
    return "\n".join(line.rstrip() for line in say(item.stem, language).split("\n")).strip("\n")


def write(items: Iterable[Item]) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries)
    return "\n".join(written(item) for item in items).encode()


def written(item: Item) -> str:
    language = written_language(item)
    choices = item.response["choices"]
    lines = [stem_lines(item, language)]
    lines += [
        f"{letter}. {one_line(say(choice['text'], language))}"
        for letter, choice in zip(ascii_uppercase, choices, strict=False)
    ]
    right = next(index for index, choice in enumerate(choices) if choice.get("fraction") == 1)
    return "\n".join([*lines, f"ANSWER: {ascii_uppercase[right]}", ""])
