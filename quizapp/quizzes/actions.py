"""Writing quizzes that are made in the browser."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from quizapp import events
from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import queries as bank_queries
from quizapp.banks.models import Bank
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict
from quizapp.ids import public_id
from quizapp.quizzes import freezing
from quizapp.quizzes.content import QuizContent
from quizapp.quizzes.models import Quiz

COPY = {"ko": "%s (사본)", "en": "%s (copy)"}
"""What a copy is called."""


def checked(sent: dict[str, Any], slugs: Collection[str]) -> dict[str, Any]:
    """What a form says of a quiz, as it is stored. `slugs`: the banks that it may draw from.

    Raises pydantic's ValidationError, whose places are those of the form.
    """
    return QuizContent.model_validate(sent, context={"banks": slugs}).model_dump(mode="json", exclude_defaults=True)


def create_quiz(
    owner: User,
    bank: Bank,
    count: int | None,
    now: datetime,
    settings: dict[str, Any] | None = None,
    title: dict[str, str] | None = None,
) -> Quiz:
    """A quiz that draws from one bank, and is called like it without a title; `settings` were checked before."""
    with atomic():
        quiz = new_quiz(owner, now)
        quiz.title, quiz.settings = title or bank.title, settings or {}
        quiz.sources = [{"bank": bank.slug} | ({"count": count} if count else {})]
        db.session.flush()
        events.rescheduled.send(quiz, now=now)
        note(owner, "make a quiz", f"quiz {quiz.public_id}", now)
    return quiz


def new_quiz(owner: User, now: datetime) -> Quiz:
    name = public_id()
    quiz = Quiz(
        public_id=name, slug=name, owner_id=owner.id, title={}, summary={}, sources=[], settings={}, created_at=now
    )
    db.session.add(quiz)
    return quiz


def write_quiz(
    quiz: Quiz, sent: dict[str, Any], seen: str, mark_of: Callable[[Quiz], str], author: User, now: datetime
) -> None:
    """Save what was checked before. Attempts that are going on keep the settings that they began with.

    Raises Conflict if the quiz isn't what it was when the form was made: `seen` was its mark then.
    """
    with atomic():
        newest = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
        if mark_of(newest) != seen:
            raise Conflict
        content = QuizContent.model_validate(sent).model_dump(mode="json", exclude_defaults=True)
        newest.title, newest.summary = content["title"], content.get("summary", {})
        if newest.sources != content["sources"]:
            freezing.thaw(newest)
        newest.sources, newest.settings = content["sources"], content.get("settings", {})
        if not freezing.may_stay_frozen(newest, now):
            freezing.thaw(newest)
        newest.access_code = content.get("access_code", "")
        events.rescheduled.send(newest, now=now)
        note(author, "change a quiz", f"quiz {quiz.public_id}", now)


def pick_questions(
    quiz: Quiz, place: int, bank: Bank, listed: Collection[str], ticked: Sequence[str], author: User, now: datetime
) -> None:
    """Of the questions listed on a page, take those that are ticked into a source, and the others out of it.

    Raises Conflict where the last one would be taken out: without any, the source would ask its whole bank.
    """
    with atomic():
        newest = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
        if place >= len(newest.sources) or newest.sources[place]["bank"] != bank.slug:
            raise Conflict
        source = dict(newest.sources[place])
        kept = [name for name in source.get("questions", []) if name not in listed]
        known = set(bank_queries.public_ids(bank.id, ticked))
        source["questions"] = [*kept, *(name for name in dict.fromkeys(ticked) if name in known and name in listed)]
        if source["questions"]:
            source = {"bank": bank.slug, "questions": source["questions"]}
        elif newest.sources[place].get("questions"):
            raise Conflict(
                N_("At least one question has to stay picked. Tick another one first, or take the bank out.")
            )
        else:
            del source["questions"]
        if source != newest.sources[place]:
            freezing.thaw(newest)
        newest.sources = [*newest.sources[:place], source, *newest.sources[place + 1 :]]
        note(author, "change a quiz", f"quiz {quiz.public_id}", now)


def archive_quiz(quiz: Quiz, archived: bool, author: User, now: datetime) -> None:
    with atomic():
        newest = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
        newest.archived_at = (newest.archived_at or now) if archived else None
        note(author, "archive" if archived else "bring back", f"quiz {quiz.public_id}", now)


def copy_quiz(quiz: Quiz, author: User, now: datetime) -> Quiz:
    """Another quiz of the same content, with a link of its own, and a name that tells the two apart."""
    with atomic():
        made = new_quiz(author, now)
        titles = [(language, title) for language, title in quiz.title.items() if title]
        made.title = {language: COPY.get(language, COPY["en"]) % title for language, title in titles}
        made.summary, made.sources, made.settings = quiz.summary, quiz.sources, quiz.settings
        db.session.flush()
        events.rescheduled.send(made, now=now)
        note(author, "copy a quiz", f"quiz {quiz.public_id} as {made.public_id}", now)
    return made
