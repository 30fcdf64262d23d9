"""Reads of citations: which question cites which passage, and how each citation stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import ColumnElement, Text, cast, or_, select
from sqlalchemy.orm import joinedload

from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.banks.queries import visible_to
from quizapp.courses.models import Course, Lesson, LessonVersion
from quizapp.courses.shelf import Citation, Shelf, place_of
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.quizzes.models import Quiz
from quizapp.rules.anchors import CitationStanding, Piece, Place, Wording, folded, text_changes
from quizapp.texts.lessons import quote_hash

CITATIONS = QuestionVersion.content["citations"]
GONE = CitationStanding("gone", None, None)


@dataclass(frozen=True)
class CitingQuestion:
    """A question in use that cites something, as far as its citations need it."""

    bank_id: int
    bank: str
    visibility: str
    id: int
    public_id: str
    number: int
    at: datetime
    citations: Sequence[Citation]


@dataclass(frozen=True)
class TracedCitation:
    """One citation of a question, and how it stands in its course (None: no course has such a lesson).

    `index` is its place among the question's citations; `then` and `now` what the passage said and says.
    """

    question: CitingQuestion
    index: int
    cited: Place
    course: Course | None = None
    lesson: Lesson | None = None
    standing: CitationStanding = GONE
    then: Wording = field(default_factory=dict)
    now: Wording = field(default_factory=dict)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the passage is now at another place."""
        return self.standing.place not in (None, self.cited)

    @property
    def differences(self) -> list[tuple[str, list[Piece]]]:
        """Then and now as one text, for each language in which they differ."""
        return [
            (language, text_changes(text, self.now.get(language, "")))
            for language, text in self.then.items()
            if self.now.get(language, "") != text
        ]

    @property
    def renewed(self) -> dict[str, str]:
        """The citation of the passage as it is now. Only for one that isn't gone."""
        place = self.standing.place or self.cited
        quoted = next((self.now[language] for language in ("ko", *self.now) if self.now.get(language)), "")
        return {"lesson": place.lesson, "anchor": place.anchor, "quote": quote_hash(quoted)}


class Library:
    """All courses with their lessons, read as far as somebody asks."""

    def __init__(self) -> None:
        self._shelves: dict[int, Shelf] = {}

    @cached_property
    def courses(self) -> dict[int, Course]:
        """By id, in the order of the catalogue."""
        return {one.id: one for one in db.session.scalars(select(Course).order_by(Course.position, Course.id))}

    @cached_property
    def lessons(self) -> dict[int, set[str]]:
        """The slugs of each course's lessons, of those that have left it too."""
        found: dict[int, set[str]] = {one: set() for one in self.courses}
        for course_id, slug in db.session.execute(select(LessonVersion.course_id, LessonVersion.slug).distinct()):
            found[course_id].add(slug)
        return found

    @cached_property
    def banks(self) -> dict[int, set[str]]:
        """The slugs of the banks from which each course's quizzes draw."""
        found: dict[int, set[str]] = {one: set() for one in self.courses}
        rows = select(Quiz.course_id, Quiz.sources).where(Quiz.course_id.is_not(None), Quiz.archived_at.is_(None))
        for course_id, sources in db.session.execute(rows):
            found[course_id or 0] |= {source["bank"] for source in sources}
        return found

    def shelf(self, course_id: int) -> Shelf:
        if course_id not in self._shelves:
            self._shelves[course_id] = Shelf(course_id)
        return self._shelves[course_id]

    def course_of(self, bank: str, lesson: str) -> Course | None:
        """The course that a bank's citation of a lesson means.

        One that asks the bank's questions and has the lesson, else the first one that has it.
        """
        having = [one for one, slugs in self.lessons.items() if lesson in slugs]
        asking = [one for one in having if bank in self.banks[one]]
        return self.courses[(asking or having)[0]] if having else None

    def belongs(self, course: Course, bank: str, lesson: str) -> bool:
        """Whether a bank's citation of a lesson means this course. Two courses may ask one bank's questions."""
        if lesson not in self.lessons[course.id]:
            return False
        meant = self.course_of(bank, lesson)
        return bank in self.banks[course.id] or (meant is not None and meant.id == course.id)

    def trace(self, question: CitingQuestion, index: int, course: Course | None) -> TracedCitation:
        """How one citation of a question stands in that course."""
        citation = question.citations[index]
        cited = place_of(citation)
        if course is None:
            return TracedCitation(question, index, cited)
        shelf = self.shelf(course.id)
        standing = shelf.standing(citation, question.at)
        place = standing.place or cited
        return TracedCitation(
            question,
            index,
            cited,
            course,
            next((one for one in shelf.lessons if one.slug == place.lesson), None),
            standing,
            folded(shelf.then(citation, question.at) or {}),
            shelf.passages.now.get(standing.place, {}) if standing.place else {},
        )


def citing_questions(*where: ColumnElement[bool]) -> Iterator[CitingQuestion]:
    """The questions in use that cite something, bank by bank."""
    rows = db.session.execute(
        select(
            Bank.id,
            Bank.slug,
            Bank.visibility,
            Question.id,
            Question.public_id,
            QuestionVersion.number,
            QuestionVersion.created_at,
            CITATIONS,
        )
        .join(Question, Question.bank_id == Bank.id)
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(Question.archived_at.is_(None), cast(CITATIONS, Text).contains('"lesson"'), *where)
        .order_by(Bank.id, Question.position, Question.id)
    )
    return (CitingQuestion(*row) for row in rows)


def of_course(course: Course, user_id: int) -> list[TracedCitation]:
    """Every citation of the course's lessons, by the banks that its quizzes ask and by those that the user may read."""
    library = Library()
    return [
        library.trace(question, index, course)
        for question in citing_questions(or_(Bank.slug.in_(library.banks[course.id]), visible_to(user_id)))
        for index, citation in enumerate(question.citations)
        if library.belongs(course, question.bank, place_of(citation).lesson)
    ]


def of_question(bank: Bank, question: Question) -> list[TracedCitation]:
    """The citations of one question, archived or not."""
    current = question.current
    if current is None:
        return []
    found = CitingQuestion(
        bank.id,
        bank.slug,
        bank.visibility,
        question.id,
        question.public_id,
        current.number,
        current.created_at,
        current.content.get("citations", []),
    )
    library = Library()
    return [
        library.trace(found, index, library.course_of(bank.slug, place_of(citation).lesson))
        for index, citation in enumerate(found.citations)
    ]


def broken() -> list[str]:
    """A line for every citation of a question in use whose passage is gone: for the operator."""
    library = Library()
    found = (
        library.trace(question, index, library.course_of(question.bank, place_of(citation).lesson))
        for question in citing_questions()
        for index, citation in enumerate(question.citations)
    )
    return [
        f"bank {one.question.bank}: question {one.question.public_id} cites {one.cited.lesson}#{one.cited.anchor}, "
        "which no lesson has any more"
        for one in found
        if one.standing.state == "gone"
    ]


def courses_of(items: Mapping[int, Item]) -> dict[int, Course]:
    """The course that each of these questions, by their ids, cites; those that cite none are left out."""
    citing = {question: place_of(item.citations[0]).lesson for question, item in items.items() if item.citations}
    if not citing:
        return {}
    rows = select(Question.id, Bank.slug).join(Bank, Bank.id == Question.bank_id).where(Question.id.in_(citing))
    library = Library()
    found = {question: library.course_of(bank, citing[question]) for question, bank in db.session.execute(rows)}
    return {question: course for question, course in found.items() if course is not None}


def courses_asking(bank: str) -> list[Course]:
    """The courses whose quizzes draw from the bank."""
    library = Library()
    return [course for course in library.courses.values() if bank in library.banks[course.id]]


def questions(ids: Iterable[int]) -> dict[int, Question]:
    """Questions with their current versions and banks, by id."""
    rows = select(Question).where(Question.id.in_(set(ids))).options(joinedload(Question.current))
    return {one.id: one for one in db.session.scalars(rows.options(joinedload(Question.bank)))}
