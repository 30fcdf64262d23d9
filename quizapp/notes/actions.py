"""Writing of bookmarks and notes: each is its learner's own.

What every action guarantees: when it returns, it is committed; when it raises, nothing has changed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from quizapp.accounts.models import User
from quizapp.attempts.models import Slot
from quizapp.courses.models import Lesson
from quizapp.courses.shelf import searched, wording_of
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict, NotFound
from quizapp.kinds.base import LANGUAGES, Text, say
from quizapp.notes import queries
from quizapp.notes.models import Bookmark
from quizapp.texts.lessons import quote_hash

MOST_BOOKMARKS = 2000
"""How many bookmarks somebody may have: nobody finds anything among more."""


def keep_passage(user: User, lesson: Lesson, anchor: str, note: str, now: datetime) -> Bookmark:
    """Mark a passage of a lesson ("": the lesson as a whole), or write another note on it.

    Raises NotFound where the lesson has no such passage, and Conflict where there are too many bookmarks.
    """
    wording = wording_of(lesson.body, anchor)
    if wording is None:
        raise NotFound
    with atomic():
        lock(user)
        found = queries.of_place(user.id, lesson.course_id, lesson.slug, anchor)
        if found is None:
            quote = quote_hash(say(wording, LANGUAGES[0])) if wording else ""
            found = add(
                user, now, course_id=lesson.course_id, lesson_id=lesson.id, lesson=lesson.slug, anchor=anchor,
                quote=quote, search=f"\n{in_a_line(lesson.title, wording)}",
            )  # fmt: skip
        write_note(found, note)
    return found


def keep_question(user: User, slot: Slot, note: str, now: datetime) -> Bookmark:
    """Mark the question of one's own slot, or write another note on it. Raises Conflict where there are too many."""
    with atomic():
        lock(user)
        question_id = slot.question_id
        found = queries.of_question(user.id, question_id)
        found = found or add(user, now, question_id=question_id, version_id=slot.version_id)
        write_note(found, note)
    return found


def lock(user: User) -> None:
    """One after the other, so that a place is marked once."""
    db.session.scalars(locked(select(User.id).where(User.id == user.id))).one()


def add(user: User, now: datetime, **place: Any) -> Bookmark:
    if queries.count(user.id) >= MOST_BOOKMARKS:
        raise Conflict(
            N_("You have %(most)s bookmarks, which is as many as there can be. Remove some first."), most=MOST_BOOKMARKS
        )
    made = Bookmark(user_id=user.id, at=now, **place)
    db.session.add(made)
    return made


def write_note(bookmark: Bookmark, note: str) -> None:
    """Keep the note. What is searched is the note in the first line; the passage in the second stays."""
    passage = (bookmark.search or "").partition("\n")[2]
    bookmark.note, bookmark.search = note, f"{in_a_line({'': note})}\n{passage}"


def in_a_line(*texts: Text) -> str:
    return " ".join(searched(*texts).split())


def rewrite(user: User, public_id: str, note: str) -> None:
    """Another note on what is marked already, wherever that is now. Raises NotFound."""
    with atomic():
        write_note(queries.own(user.id, public_id, for_writing=True), note)


def remove(user: User, public_id: str) -> None:
    """Take the bookmark away, and its note. Raises NotFound."""
    with atomic():
        db.session.delete(queries.own(user.id, public_id, for_writing=True))


def on_claimed(guest: User, user: User) -> None:
    """A guest's notes become the account's; two on one place become one, however long it is then."""
    mine = {place_of(one): one for one in all_of(user)}
    for one in all_of(guest):
        there = mine.get(place_of(one))
        if there is None:
            one.user_id = user.id
        elif one.note and one.note not in there.note:
            write_note(there, f"{there.note}\n\n{one.note}".strip())
    db.session.flush()
    db.session.execute(delete(Bookmark).where(Bookmark.user_id == guest.id))


def all_of(user: User) -> list[Bookmark]:
    return list(db.session.scalars(select(Bookmark).where(Bookmark.user_id == user.id).order_by(Bookmark.id)))


def place_of(one: Bookmark) -> tuple[Any, ...]:
    return one.course_id, one.lesson, one.anchor, one.question_id
