"""Reads an exam: its lines are sorted, the list of answers is joined to the questions, and each becomes an item."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from quizapp.errors import Problem
from quizapp.formats.base import HANGUL, FormatError, Reading, language_of, unreadable
from quizapp.formats.collector import MAX_WEIGHT, QUESTION_TOO_LARGE, VALUE_WEIGHT, Collector
from quizapp.formats.exam_text.key_heading import key_label
from quizapp.formats.exam_text.key_tables import opened
from quizapp.formats.exam_text.keys import ListedKeys, QuestionPlace, listed_keys
from quizapp.formats.exam_text.line import Line, Objects
from quizapp.formats.exam_text.messages import about
from quizapp.formats.exam_text.outline import ExamQuestion, Outline
from quizapp.formats.exam_text.parts import QuestionParts, parts_of_question, points_in
from quizapp.formats.exam_text.question import LATIN_WORD, ReadQuestion, read_question
from quizapp.formats.exam_text.sections import ExamSection
from quizapp.formats.exam_text.sorter import outline_of
from quizapp.formats.items import Item, Media
from quizapp.formats.schema import texts_of

MEDIA_NAME = re.compile(r"media:([\w.-]++)\)")
"""The name of a medium in a text. No other characters are in it: see `documents.gathering`."""
PARAGRAPH = "¶{}"
"""How the place of a problem is written where lines have no numbers that a person could find."""


@dataclass
class Exam:
    """An exam to read: its lines, what isn't words in them, its media, and whether it has lines or paragraphs.

    `collector` may hold already what was wrong before it came to words, by the number of the line.
    """

    lines: Sequence[Line]
    objects: Objects
    collector: Collector
    media: dict[str, Media] = field(default_factory=dict)
    paragraphs: bool = False


def read_exam(exam: Exam, language: str | None) -> Reading:
    collector = exam.collector
    try:
        exam.lines = opened(exam.lines, exam.objects)
        outline = outline_of(exam.lines, collector)
    except FormatError as error:
        return unreadable(error)
    listed = listed_keys(outline, collector)
    usual = "ko" if any(HANGUL.search(line.text) for line in exam.lines) else "en"
    reader = ExamReader(exam, collector, language, language or usual)
    collector.report(reader.before(outline))
    counts = Counter(map(place_of, outline.questions))
    exam.lines = ()  # each question is let go once it is read
    outline.questions.reverse()
    while outline.questions:
        question = outline.questions.pop()
        if collector.is_full:
            collector.refuse_many(question.head.number)
            break
        reader.take(question, listed, counts[place_of(question)] > 1 or place_of(question) in listed.unclear)
    reading = collector.reading
    reading.problems = placed(reading.problems, exam)
    reading.problems.sort(key=place_in)
    return reading


def placed(problems: list[Problem], exam: Exam) -> list[Problem]:
    """The problems, in a document by its paragraphs."""
    if not exam.paragraphs:
        return problems
    return [replace(one, line=None, place=PARAGRAPH.format(one.line)) if one.line else one for one in problems]


def place_of(question: ExamQuestion) -> QuestionPlace:
    return question.section, question.number


def listed_points(parts: QuestionParts, listed: Sequence[Line], number: int) -> Iterator[Problem]:
    """Take the points that the list of answers gives a question, unless the question itself says otherwise."""
    for line in listed:
        points = points_in(line.plain.rstrip("점 "))
        if points is None:
            yield about("points", line, written=line.text)
        elif parts.points not in (None, points):
            yield about("two-points", line, number=number, one=f"{parts.points:g}", other=line.text)
        parts.points = parts.points or points


def place_in(problem: Problem) -> tuple[bool, int]:
    """How far down a problem stands. What is said of those that are untold comes last."""
    return problem.code == "more", problem.line or int(problem.place.removeprefix(PARAGRAPH[0]) or 0)


class ExamReader:
    def __init__(self, exam: Exam, collector: Collector, chosen: str | None, usual: str) -> None:
        self.exam, self.collector = exam, collector
        self.chosen, self.usual = chosen, usual
        self.sections: list[ExamSection] = []
        self.shown: set[QuestionPlace] = set()

    def before(self, outline: Outline) -> list[Problem]:
        """The first line above the questions is the title; the others have no place."""
        lines = [line for line in outline.before if line.text]
        if not outline.questions:
            first = lines[0] if lines else Line("", 1)
            return [about("no-questions", first)]
        self.sections = outline.sections
        if lines:
            self.collector.reading.title = {language_of(lines[0].text): lines[0].text[:200]}
        below = [line for section in outline.sections for line in section.lines if line.text]
        above = (about("lost-key" if key_label(line) else "before", line) for line in lines[1:])
        return [*above, *(about("stray", line) for line in below)]

    def take(self, question: ExamQuestion, listed: ListedKeys, same: bool) -> None:
        """Read one question, with what the list of answers says of it."""
        at = place_of(question)
        keys, extra = listed.keys.get(at, []), listed.extra.get(at, [])
        lines = [*question.lines, *([] if same else extra)]
        if self.is_too_large([*lines, *([] if same else keys)]):
            self.collector.fail([QUESTION_TOO_LARGE], **self.where(question))
            return
        own = parts_of_question(lines)
        found = read_question(question, own, [] if same else keys, self.exam.objects, self.language_of(question))
        problems = [*found.problems, *listed_points(own, [] if same else listed.points.get(at, []), question.number)]
        if same and keys and not own.keys:
            problems = [about("same-number-key", question.head, number=question.number)]
        problems += [about("stray", line) for line in found.stray]
        problems = [problem.at(line=problem.line or question.head.number) for problem in problems]
        where = self.where(question)
        kept = len(self.collector.reading.items)
        if any(problem.is_error for problem in problems):
            self.collector.fail(problems, **where)
        else:
            self.collector.take(self.item_of(question, own, found), problems, **where)
        if len(self.collector.reading.items) == kept:
            elsewhere = [] if at in self.shown else [*keys, *extra]
            self.shown.add(at)
            self.show_whole([question.head, *question.lines[1:], *elsewhere])

    def is_too_large(self, lines: Sequence[Line]) -> bool:
        return sum(VALUE_WEIGHT + self.exam.objects.weight_of(line) for line in lines) > MAX_WEIGHT

    def where(self, question: ExamQuestion) -> dict[str, Any]:
        number = question.head.number
        return {"place": PARAGRAPH.format(number)} if self.exam.paragraphs else {"line": number}

    def show_whole(self, lines: Sequence[Line]) -> None:
        """A question that was left out is shown whole where that is said, so that nothing of it is lost."""
        problems = self.collector.reading.problems
        error = next((place for place in reversed(range(len(problems))) if problems[place].is_error), None)
        if error is None or problems[error].code == "more":
            return
        words = self.exam.objects.shown("\n".join(line.text for line in lines))
        problems[error] = replace(problems[error], text=words.strip())

    def language_of(self, question: ExamQuestion) -> str:
        """The language of the questions' words and labels; that of the file, where they don't tell."""
        words = "\n".join(line.text for line in question.lines)
        if self.chosen:
            return self.chosen
        return "ko" if HANGUL.search(words) else "en" if LATIN_WORD.search(words) else self.usual

    def item_of(self, question: ExamQuestion, parts: QuestionParts, found: ReadQuestion) -> Item:
        section = self.sections[question.section].name
        item = Item(
            kind=found.kind,
            stem=found.stem,
            response=found.response,
            stimulus=found.stimulus,
            feedback=found.feedback,
            points=parts.points or 1,
            shuffle=found.shuffle,
            difficulty=parts.difficulty,
            provenance={"number": str(question.number)},
            category=[self.exam.objects.shown(name) for name in parts.category or [section] if name],
        )
        item.media = self.media_of(item)
        return item

    def media_of(self, item: Item) -> list[Media]:
        """The media that the item's texts show."""
        shown: Any = "\n".join(said for text in texts_of(item) for said in text.values())
        names = dict.fromkeys(MEDIA_NAME.findall(shown))
        return [self.exam.media[name] for name in names if name in self.exam.media]
