"""Where a bookmark leads now: what stands there, what has become of it, and what of it its learner may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from quizapp.attempts.disclosure import sits, slot_reveal
from quizapp.attempts.models import CHECK, REVIEW, Slot
from quizapp.attempts.overdue import as_of
from quizapp.banks.models import Question
from quizapp.citations.queries import questions as questions_of
from quizapp.courses.models import Lesson
from quizapp.courses.shelf import Shelf, wording_of
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.kinds.base import Text
from quizapp.notes import queries
from quizapp.notes.models import Bookmark
from quizapp.quizzes.held import held
from quizapp.rules.anchors import folded, quoted

INTACT, MOVED, CHANGED, GONE, ARCHIVED = "intact", "moved", "changed", "gone", "archived"
HELD, HIDDEN = "held", "hidden"
"""Why a question isn't shown: an examination keeps it back, or nothing that is its learner's shows it now."""


@dataclass(frozen=True)
class ShownBookmark:
    """A bookmark as its learner sees it. `title` is the lesson's, `words` what the passage says, or said when it was
    marked; `item` is the question, None where it may not be seen: then `state` says why. `address` leads there, ""
    where nothing is there."""

    bookmark: Bookmark
    state: str
    title: Text
    words: Text
    item: Item | None = None
    address: str = ""

    @property
    def is_question(self) -> bool:
        return self.bookmark.question_id is not None


def of(bookmarks: Sequence[Bookmark], now: datetime) -> list[ShownBookmark]:
    """The bookmarks, all of one learner, with what stands there; in their order."""
    found = dict(of_passages([one for one in bookmarks if one.question_id is None]))
    found |= of_questions([one for one in bookmarks if one.question_id is not None], now)
    return [found[one.id] for one in bookmarks]


# --- passages ---


def of_passages(bookmarks: Sequence[Bookmark]) -> Iterable[tuple[int, ShownBookmark]]:
    """One statement, and two more for each course of which a passage isn't where it was."""
    lessons = lessons_by_id({one.lesson_id for one in bookmarks}, undefer(Lesson.body))
    astray: dict[int, list[Bookmark]] = {}
    for one in bookmarks:
        lesson = lessons.get(one.lesson_id)
        wording = wording_of(lesson.body, one.anchor) if lesson else None
        if lesson is None or wording is None or (one.quote and not quoted(folded(wording), one.quote)):
            astray.setdefault(one.course_id or 0, []).append(one)
        else:
            yield (
                one.id,
                ShownBookmark(one, INTACT, lesson.title, wording, address=address_of(one, lesson.slug, one.anchor)),
            )
    for course_id, ones in astray.items():
        shelf = Shelf(course_id)
        for one in ones:
            yield one.id, followed(one, shelf)


def followed(one: Bookmark, shelf: Shelf) -> ShownBookmark:
    """A passage that isn't, or doesn't read, as it did when it was marked: with its words of then."""
    standing = shelf.standing(one.citation, one.at)
    then = dict(shelf.then(one.citation, one.at) or {})
    titles = {lesson.slug: lesson.title for lesson in shelf.lessons}
    if standing.place is None or standing.place.lesson not in titles:
        return ShownBookmark(one, GONE, titles.get(one.lesson, {}), then)
    address = address_of(one, *standing.place)
    return ShownBookmark(one, standing.state, titles[standing.place.lesson], then, address=address)


def address_of(one: Bookmark, lesson: str, anchor: str) -> str:
    slug = one.course.slug if one.course else ""
    return url_for("progress.lesson", slug=slug, lesson_slug=lesson, _anchor=anchor or None)


# --- questions ---


def of_questions(bookmarks: Sequence[Bookmark], now: datetime) -> Iterable[tuple[int, ShownBookmark]]:
    """Of questions that their learner may see now; no key is ever among it."""
    ids = [one.question_id for one in bookmarks if one.question_id]
    if not ids:
        return
    known, back = questions_of(ids), held(ids, now)
    met = queries.slots_of_questions(bookmarks[0].user_id, ids)
    slots = {one: slot for one in ids if (slot := in_sight(met.get(one, ()), now, one in back)) is not None}
    lessons = lessons_by_id({slot.attempt.lesson_id for slot in slots.values()})
    for one in bookmarks:
        question = known[one.question_id or 0]
        slot = slots.get(question.id)
        if slot is None:
            yield one.id, ShownBookmark(one, HELD if question.id in back else HIDDEN, {}, {})
            continue
        state = CHANGED if one.version_id != question.current_id else INTACT
        address = way_to(slot, question.public_id, lessons.get(slot.attempt.lesson_id))
        yield one.id, ShownBookmark(one, ARCHIVED if question.archived_at else state, {}, {}, slot.item, address)


def lessons_by_id(ids: Collection[int | None], *options: Any) -> dict[int | None, Lesson]:
    wanted = {one for one in ids if one is not None}
    found = select(Lesson).where(Lesson.id.in_(wanted)).options(joinedload(Lesson.course), *options)
    return {one.id: one for one in db.session.scalars(found)} if wanted else {}


def in_sight(slots: Iterable[Slot], now: datetime, is_held: bool) -> Slot | None:
    """The last of them whose question its learner may look at now.

    That is what an attempt's results show, or a practice, review or check that goes on. A sitting that goes on shows
    its questions in the player and nowhere else.
    """
    for slot in slots:
        attempt = as_of(slot.attempt, now)
        if (attempt.submitted_at is None and not sits(attempt)) or slot_reveal(slot, now, is_held).response:
            return slot
    return None


def back_to(slot: Slot) -> str:
    """The page on which its learner has met the slot's question; home, where there is none any more."""
    question = db.session.get_one(Question, slot.question_id)
    lesson = lessons_by_id([slot.attempt.lesson_id]).get(slot.attempt.lesson_id)
    return way_to(slot, question.public_id, lesson) or url_for("progress.home")


def way_to(slot: Slot, question: str, lesson: Lesson | None) -> str:
    """The page that shows the slot; "" for a check whose lesson is gone."""
    attempt = slot.attempt
    if attempt.purpose == CHECK:
        return way_to_check(lesson, question) if lesson else ""
    if attempt.submitted_at is None:
        return url_for("attempts.question", attempt_id=attempt.public_id, position=slot.position)
    if attempt.purpose == REVIEW:
        return url_for("review.finish", attempt_id=attempt.public_id, _anchor=f"question-{slot.position}")
    return url_for("attempts.results", attempt_id=attempt.public_id, _anchor=f"question-{slot.position}")


def way_to_check(lesson: Lesson, question: str) -> str:
    course = lesson.course.slug
    return url_for("progress.lesson", slug=course, lesson_slug=lesson.slug, _anchor=f"check-{question}")


def everything_of(user_id: int, now: datetime) -> list[dict[str, Any]]:
    """A learner's bookmarks and notes as plain data. An author's key of a question can tell what it asks: it is there
    where the question may be looked at."""
    rows = queries.all_of(user_id)
    known = dict(of_questions([one for one, key in rows if key is not None], now))
    in_sight = {bookmark for bookmark, noted in known.items() if noted.item is not None}
    return [
        {
            "at": one.at,
            "course": one.course.slug if one.course else "",
            "lesson": one.lesson,
            "passage": one.anchor,
            "question": key if one.id in in_sight else "",
            "note": one.note,
        }
        for one, key in rows
    ]
