"""Reads of one's own bookmarks and notes: nobody else's are ever found."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload

from quizapp.attempts.models import PREVIEW, Attempt, Slot
from quizapp.banks.models import Question, QuestionVersion
from quizapp.courses.shelf import holding, words_in
from quizapp.db import db, locked
from quizapp.errors import NotFound
from quizapp.notes.models import Bookmark

PAGE = 20
LOOKED_AT = 50
"""Slots of a question that are looked through for whether it may be seen; the newest come first."""


def own(user_id: int, public_id: str, *, for_writing: bool = False) -> Bookmark:
    """The user's bookmark of this id. Raises NotFound, for somebody else's too."""
    statement = select(Bookmark).where(Bookmark.public_id == public_id, Bookmark.user_id == user_id)
    read = locked(statement) if for_writing else statement.options(joinedload(Bookmark.course))
    found = db.session.scalar(read)
    if found is None:
        raise NotFound
    return found


def of_place(user_id: int, course_id: int, lesson: str, anchor: str) -> Bookmark | None:
    return first(
        Bookmark.user_id == user_id,
        Bookmark.course_id == course_id,
        Bookmark.lesson == lesson,
        Bookmark.anchor == anchor,
    )


def of_question(user_id: int, question_id: int) -> Bookmark | None:
    return first(Bookmark.user_id == user_id, Bookmark.question_id == question_id)


def first(*which: ColumnElement[bool]) -> Bookmark | None:
    return db.session.scalar(
        select(Bookmark).where(*which).options(joinedload(Bookmark.course)).order_by(Bookmark.id).limit(1)
    )


def count(user_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Bookmark).where(Bookmark.user_id == user_id)) or 0


def anchors(user_id: int, course_id: int, lesson: str) -> set[str]:
    """Which passages of a lesson the user has marked."""
    return set(
        db.session.scalars(
            select(Bookmark.anchor).where(
                Bookmark.user_id == user_id, Bookmark.course_id == course_id, Bookmark.lesson == lesson
            )
        )
    )


def bookmarks_with(user_id: int, words: str, skipped: int, most: int) -> Sequence[Bookmark]:
    """The user's bookmarks whose note or passage holds every word, the newest first."""
    return db.session.scalars(
        select(Bookmark)
        .where(Bookmark.user_id == user_id, *holding(Bookmark.search, words_in(words)))
        .options(joinedload(Bookmark.course))
        .order_by(Bookmark.id.desc())
        .offset(skipped)
        .limit(most)
    ).all()


def count_bookmarks_with(user_id: int, words: str) -> int:
    which = holding(Bookmark.search, words_in(words))
    wanted = select(func.count()).select_from(Bookmark).where(Bookmark.user_id == user_id, *which)
    return db.session.scalar(wanted) or 0


def slots_of_questions(user_id: int, question_ids: Sequence[int]) -> dict[int, list[Slot]]:
    """Where the user has met these questions, the last time first, with the wordings that were asked."""
    newest = func.row_number().over(partition_by=QuestionVersion.question_id, order_by=Slot.id.desc())
    met = (
        select(Slot.id, newest.label("place"))
        .join(Slot.attempt)
        .join(Slot.version)
        .where(Attempt.user_id == user_id, Attempt.purpose != PREVIEW, QuestionVersion.question_id.in_(question_ids))
        .subquery()
    )
    slots = db.session.scalars(
        select(Slot)
        .join(met, met.c.id == Slot.id)
        .join(Slot.attempt)
        .join(Slot.version)
        .where(met.c.place <= LOOKED_AT)
        .options(contains_eager(Slot.attempt).joinedload(Attempt.quiz), contains_eager(Slot.version))
        .order_by(Slot.id.desc())
    )
    known: dict[int, list[Slot]] = {}
    for slot in slots:
        known.setdefault(slot.question_id, []).append(slot)
    return known


def all_of(user_id: int) -> Sequence[tuple[Bookmark, str | None]]:
    """All bookmarks of a learner, the oldest first, each with the key of its question."""
    rows = db.session.execute(
        select(Bookmark, Question.key)
        .outerjoin(Question, Question.id == Bookmark.question_id)
        .where(Bookmark.user_id == user_id)
        .options(joinedload(Bookmark.course))
        .order_by(Bookmark.id)
    )
    return [(one, key) for one, key in rows]
