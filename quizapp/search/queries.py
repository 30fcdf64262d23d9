"""What a search finds, part by part. Each reads only what the one who searches may read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, undefer

from quizapp.banks.models import Bank, Question
from quizapp.banks.queries import saying, theirs
from quizapp.courses.models import Course, Lesson
from quizapp.courses.shelf import FoundPassage, holding, in_order, passages_of, searched, words_in
from quizapp.db import db
from quizapp.errors import N_
from quizapp.kinds.base import LANGUAGES, nfc
from quizapp.kinds.base import Text as Words
from quizapp.notes import places
from quizapp.notes import queries as notes
from quizapp.quizzes.models import Quiz
from quizapp.web.i18n import in_language, language
from quizapp.web.templating import md_words


@dataclass(frozen=True)
class Hit:
    """A place that was found: what it is called, what stands there, and in which language. `where` is what it is in."""

    title: str
    address: str
    text: str = ""
    where: str = ""
    language: str = ""


@dataclass(frozen=True)
class Search:
    """A search: the words as they were typed and as they are compared, by whom (0: nobody in particular), and when."""

    typed: str
    words: list[str]
    user_id: int
    at: datetime


@dataclass(frozen=True)
class SearchedPart:
    """A part of what can be searched. `verb`: who may, "" for everybody. `find` gives so many hits after so many."""

    name: str
    label: str
    verb: str
    find: Callable[[Search, int, int], list[Hit]]


def search_of(typed: str, user_id: int, at: datetime) -> Search:
    return Search(typed, words_in(typed), user_id, at)


# --- for everybody ---


def courses(search: Search, skipped: int, most: int) -> list[Hit]:
    """Courses by their titles."""
    chosen = select(Course).where(*titled(Course.title, search)).order_by(Course.position, Course.id)
    return [
        Hit(in_language(one.title), url_for("progress.course", slug=one.slug), in_language(one.content.get("summary")))
        for one in db.session.scalars(chosen.offset(skipped).limit(most))
    ]


def lessons(search: Search, skipped: int, most: int) -> list[Hit]:
    """Passages of lessons in reading order; a lesson of which no passage has the words stands for itself."""
    chosen = in_order().options(undefer(Lesson.body)).where(*holding(Lesson.search, search.words))
    hits = (hit for one in db.session.scalars(chosen) for hit in hits_in(one, search.words))
    return list(islice(hits, skipped, skipped + most))


def hits_in(lesson: Lesson, words: Sequence[str]) -> Iterator[Hit]:
    inside = [one for one in passages_of(lesson) if is_meant(one, words)]
    course = in_language(lesson.course.title)
    if not inside:
        yield Hit(in_language(lesson.title), address_of(lesson, ""), in_language(lesson.summary), course)
    for one in inside:
        spoken = spoken_in(one.wording, words)
        yield Hit(
            in_language(lesson.title),
            address_of(lesson, one.place.anchor),
            dict(one.wording)[spoken],
            course,
            "" if spoken == language() else spoken,
        )


def is_meant(one: FoundPassage, words: Sequence[str]) -> bool:
    """Whether a passage has some of the words, and the rest stand above it."""
    if one.is_heading or not one.wording:
        return False
    here, above = searched(one.wording), searched(one.lesson.title, one.section)
    return any(word in here for word in words) and all(word in here or word in above for word in words)


def spoken_in(wording: Any, words: Sequence[str]) -> str:
    """In which of its languages a passage has the most of the words; the page's, if they are level."""
    order = [key for key in (language(), *LANGUAGES, *wording) if key in wording]
    return max(order, key=lambda key: sum(word in searched({"": wording[key]}) for word in words))


def address_of(lesson: Lesson, anchor: str) -> str:
    return url_for("progress.lesson", slug=lesson.course.slug, lesson_slug=lesson.slug, _anchor=anchor or None)


# --- one's own ---


def own_notes(search: Search, skipped: int, most: int) -> list[Hit]:
    noted = places.of(notes.bookmarks_with(search.user_id, search.typed, skipped, most), search.at)
    return [
        Hit(
            in_language(one.title) or (stem_of(one.item.content()) if one.item else ""),
            url_for("notes.note", note_id=one.bookmark.public_id),
            one.bookmark.note or in_language(one.words),
        )
        for one in noted
    ]


def questions(search: Search, skipped: int, most: int) -> list[Hit]:
    """Questions in use of the banks that are the user's or shared with them."""
    chosen = (
        select(Question)
        .join(Bank, Bank.id == Question.bank_id)
        .where(theirs(search.user_id), Question.archived_at.is_(None), Question.current_id.is_not(None))
        .where(*saying(search.typed))
        .options(joinedload(Question.current), joinedload(Question.bank))
        .order_by(Question.bank_id.desc(), Question.position, Question.id)
    )
    return [
        Hit(
            in_language(one.bank.title),
            url_for("banks.question", slug=one.bank.slug, public_id=one.public_id),
            stem_of(one.current.content) if one.current else "",
        )
        for one in db.session.scalars(chosen.offset(skipped).limit(most))
    ]


def banks(search: Search, skipped: int, most: int) -> list[Hit]:
    chosen = select(Bank).where(theirs(search.user_id), *titled(Bank.title, search)).order_by(Bank.id.desc())
    return [
        Hit(in_language(one.title), url_for("banks.bank", slug=one.slug))
        for one in db.session.scalars(chosen.offset(skipped).limit(most))
    ]


def quizzes(search: Search, skipped: int, most: int) -> list[Hit]:
    chosen = select(Quiz).where(
        Quiz.owner_id == search.user_id, Quiz.archived_at.is_(None), *titled(Quiz.title, search)
    ).order_by(Quiz.id.desc())  # fmt: skip
    return [
        Hit(in_language(one.title), url_for("quizzes.edit", public_id=one.public_id), in_language(one.summary))
        for one in db.session.scalars(chosen.offset(skipped).limit(most))
    ]


def titled(column: Any, search: Search) -> list[ColumnElement[bool]]:
    """That a title has every word, in whatever language. SQLite knows the small letters of ASCII only: what is written
    in other capitals is found as it is typed."""
    titles = [column[language].as_string() for language in LANGUAGES]
    return [or_(*(title.icontains(word, autoescape=True) for title in titles)) for word in nfc(search.typed).split()]


def stem_of(content: dict[str, Any]) -> str:
    """The words of a question, its gaps open."""
    response: dict[str, Any] = content.get("response") or {}
    text: Words = content.get("stem") or response.get("text") or content.get("title") or {}
    said = md_words(text)
    for gap in response.get("gaps", ()):
        said = said.replace("{{" + str(gap.get("id", "")) + "}}", "____")
    return said


PARTS = (
    SearchedPart("courses", N_("Courses"), "", courses),
    SearchedPart("lessons", N_("Lessons"), "", lessons),
    SearchedPart("notes", N_("My notes"), "learn", own_notes),
    SearchedPart("questions", N_("Questions in my banks"), "banks", questions),
    SearchedPart("banks", N_("Question banks"), "banks", banks),
    SearchedPart("quizzes", N_("My quizzes"), "banks", quizzes),
)
