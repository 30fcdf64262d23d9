"""Reads of courses, lessons and quizzes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from quizapp.banks.models import Bank, Question
from quizapp.courses.models import Course, Enrolment, Lesson, Quiz
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.formats.items import Item
from quizapp.kinds.base import Text, say
from quizapp.markup import lesson_page


@dataclass(frozen=True)
class Round:
    """The accompanied round of a course, as its banner shows it. `left` is None where places aren't limited."""

    deadline: datetime | None
    left: int | None
    enrolled: bool
    is_open: bool


@dataclass(frozen=True)
class Passage:
    """A passage of a lesson that a question cites."""

    lesson: str
    anchor: str
    title: Text
    text: str

    @property
    def opening(self) -> str:
        """Its first words: what a link to it is called."""
        return self.text if len(self.text) <= 36 else f"{self.text[:35].rstrip()}…"


def catalogue() -> Sequence[Course]:
    """Every course with its lessons and quizzes, in the order of the catalogue."""
    return db.session.scalars(
        select(Course)
        .options(selectinload(Course.lessons), selectinload(Course.quizzes))
        .order_by(Course.position, Course.id)
    ).all()


def course(slug: str) -> Course:
    """The course with lessons and quizzes. Raises NotFound."""
    found = db.session.scalar(
        select(Course)
        .where(Course.slug == slug)
        .options(selectinload(Course.lessons), selectinload(Course.quizzes).joinedload(Quiz.lesson))
    )
    if found is None:
        raise NotFound
    return found


def lesson(found: Course, slug: str) -> Lesson:
    """One lesson of the course, with its body. Raises NotFound."""
    one = db.session.scalar(
        select(Lesson).where(Lesson.course_id == found.id, Lesson.slug == slug).options(undefer(Lesson.body))
    )
    if one is None:
        raise NotFound
    return one


def quiz(public_id: str) -> Quiz:
    """A quiz that is in use, with its course. Raises NotFound."""
    found = db.session.scalar(
        select(Quiz)
        .where(Quiz.public_id == public_id, Quiz.archived_at.is_(None))
        .options(joinedload(Quiz.course), joinedload(Quiz.lesson))
    )
    if found is None:
        raise NotFound
    return found


def passages(course_id: int, items: Sequence[Item], language: str) -> dict[tuple[str, str], Passage]:
    """What the items cite, by lesson and anchor; one query. A passage that is gone is not among them."""
    cited = {(one.get("lesson", ""), one.get("anchor", "")) for item in items for one in item.citations}
    rows = db.session.scalars(
        select(Lesson)
        .where(Lesson.course_id == course_id, Lesson.slug.in_({lesson for lesson, _ in cited}))
        .options(undefer(Lesson.body))
    )
    found = {}
    for one in rows:
        texts = lesson_page(say(one.body, language)).passages
        for slug, anchor in cited:
            if slug == one.slug and anchor in texts:
                found[slug, anchor] = Passage(one.slug, anchor, one.title, texts[anchor])
    return found


def round_of(found: Course, user_id: int | None, now: datetime) -> Round:
    """How the course's round stands, for this user (None: nobody)."""
    rows = select(Enrolment.id).where(Enrolment.course_id == found.id)
    taken = db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    enrolled = user_id is not None and db.session.scalar(rows.where(Enrolment.user_id == user_id)) is not None
    left = None if found.places is None else max(0, found.places - taken)
    is_open = left != 0 and (found.deadline is None or now < found.deadline)
    return Round(found.deadline, left, enrolled, is_open)


def enrolled_course_ids(user_id: int) -> set[int]:
    return set(db.session.scalars(select(Enrolment.course_id).where(Enrolment.user_id == user_id)))


def questions_for(one: Quiz) -> list[tuple[dict, list[Question]]]:
    """For each source of the quiz, the questions that it may draw from, in the bank's order.

    One query, however many sources there are.
    """
    slugs = {source["bank"] for source in one.sources}
    rows = db.session.execute(
        select(Bank.slug, Question)
        .join(Question, Question.bank_id == Bank.id)
        .where(Bank.slug.in_(slugs), Question.archived_at.is_(None))
        .options(joinedload(Question.current))
        .order_by(Question.position, Question.id)
    ).all()
    return [(source, [q for slug, q in rows if slug == source["bank"] and suits(q, source)]) for source in one.sources]


def course_of_bank(bank: str, lesson: str) -> str:
    """The slug of the course that asks this bank's questions and has this lesson. Raises NotFound."""
    rows = db.session.execute(
        select(Course.slug, Quiz.sources)
        .join(Quiz, Quiz.course_id == Course.id)
        .join(Lesson, Lesson.course_id == Course.id)
        .where(Lesson.slug == lesson, Quiz.archived_at.is_(None))
        .order_by(Course.position, Course.id)
    )
    found = next((slug for slug, sources in rows if any(source["bank"] == bank for source in sources)), None)
    if found is None:
        raise NotFound
    return found


def suits(question: Question, source: dict) -> bool:
    """Whether a quiz's source asks for questions of this difficulty and objective."""
    return (not source.get("difficulty") or question.difficulty in source["difficulty"]) and (
        not source.get("objectives") or question.objective in source["objectives"]
    )


def question_counts(quizzes: Sequence[Quiz]) -> dict[int, int]:
    """How many questions an attempt at each quiz has, by quiz id; one query for all."""
    slugs = {source["bank"] for one in quizzes for source in one.sources}
    rows = db.session.execute(
        select(Bank.slug, Question.difficulty, Question.objective, func.count())
        .join(Question, Question.bank_id == Bank.id)
        .where(Bank.slug.in_(slugs), Question.archived_at.is_(None))
        .group_by(Bank.slug, Question.difficulty, Question.objective)
    ).all()
    return {
        one.id: sum(
            min(
                source.get("count") or 10**9,
                sum(
                    count
                    for slug, difficulty, objective, count in rows
                    if slug == source["bank"]
                    and (not source.get("difficulty") or difficulty in source["difficulty"])
                    and (not source.get("objectives") or objective in source["objectives"])
                ),
            )
            for source in one.sources
        )
        for one in quizzes
    }
