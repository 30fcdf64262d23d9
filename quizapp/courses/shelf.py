"""Reads of lessons for citations: the passages of a course as they are now, and what they said before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, cast

from flask import current_app
from sqlalchemy import ColumnElement, Table, bindparam, select
from sqlalchemy.orm import joinedload, undefer

from quizapp.courses.models import Course, Lesson, LessonVersion
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.kinds.base import LANGUAGES, Text, nfc, say
from quizapp.rules.anchors import CitationStanding, Passages, Place, Wording, folded, quoted
from quizapp.texts.lessons import lesson_page, quote_hash

Citation = Mapping[str, str]
FOUND = 20
"""How many passages one search gives."""
OPENING = 48
"""Characters of a passage's opening, at most."""
READER = "quizapp.version_reader"
UNREAD = str.maketrans("", "", "*_`~#>|")
"""Signs of Markdown within words, which a search passes over."""


class Passage(NamedTuple):
    """A passage of a lesson that a question cites."""

    lesson: str
    anchor: str
    title: Text
    text: str

    @property
    def opening(self) -> str:
        """Its first words, none of them cut: what a link to it is called. A single long one is cut all the same."""
        if len(self.text) <= OPENING:
            return self.text
        words = self.text[: OPENING + 1].rpartition(" ")[0] or self.text[:OPENING]
        return f"{words.rstrip(' ,;:·')}…"


@dataclass(frozen=True)
class FoundPassage:
    """A passage as the picker and the coverage map show it. `section`: the heading that it stands under."""

    lesson: Lesson
    place: Place
    wording: Wording
    section: Text
    is_heading: bool = False

    @property
    def quote(self) -> str:
        """What a citation of it keeps: the hash of the words in the first language that has them, Korean first."""
        return quote_hash(say(dict(self.wording), LANGUAGES[0]))


def place_of(citation: Citation) -> Place:
    return Place(citation.get("lesson", ""), citation.get("anchor", ""))


def wordings(body: Text) -> dict[str, dict[str, str]]:
    """What each passage of a lesson says, by anchor and language. The empty anchor is the lesson as a whole."""
    found: dict[str, dict[str, str]] = {"": {}}
    for language in sorted(body, key=(*LANGUAGES, *sorted(body)).index):
        for anchor, text in lesson_page(body[language]).passages.items():
            found.setdefault(anchor, {})[language] = text
    return found


def wording_of(body: Text, anchor: str) -> dict[str, str] | None:
    """What one passage of a lesson says, by language; None where the lesson has no such anchor."""
    return wording_in({language: lesson_page(text).passages for language, text in body.items()}, anchor)


def wording_in(pages: Mapping[str, Mapping[str, str]], anchor: str) -> dict[str, str] | None:
    """The same of the passages of a lesson, by language and anchor."""
    return {language: page[anchor] for language, page in pages.items() if anchor in page} or (None if anchor else {})


def version_reader() -> Callable[[int, datetime], dict[str, Mapping[str, str]]]:
    """`passages_of_version`, which reads each once: a version is long, and never changes. Its time belongs to the key:
    an id can come again, as after a transaction that was rolled back."""
    if READER not in current_app.extensions:
        current_app.extensions[READER] = lru_cache(maxsize=256)(passages_of_version)
    return current_app.extensions[READER]


def passages_of_version(version_id: int, _at: datetime) -> dict[str, Mapping[str, str]]:
    """The passages of a lesson as it was worded then, by language and anchor."""
    version = db.session.get_one(LessonVersion, version_id)
    return {language: lesson_page(text).passages for language, text in version.body.items()}


def passages_of(lesson: Lesson) -> Iterator[FoundPassage]:
    """The passages of a lesson in reading order, headings too."""
    headings = {heading.anchor for language in lesson.body for heading in lesson_page(lesson.body[language]).headings}
    section: Text = {}
    for anchor, wording in wordings(lesson.body).items():
        if anchor in headings:
            section = wording
        if anchor:
            yield FoundPassage(lesson, Place(lesson.slug, anchor), wording, section, anchor in headings)


class Shelf:
    """The lessons of one course, now and as they were. Costs two statements, the second only when it is needed."""

    def __init__(self, course_id: int) -> None:
        self.course_id = course_id
        self.lessons: Sequence[Lesson] = db.session.scalars(
            select(Lesson).where(Lesson.course_id == course_id).options(undefer(Lesson.body)).order_by(Lesson.position)
        ).all()

    @cached_property
    def passages(self) -> Passages:
        return Passages(
            {
                Place(lesson.slug, anchor): wording
                for lesson in self.lessons
                for anchor, wording in wordings(lesson.body).items()
            }
        )

    @cached_property
    def history(self) -> dict[str, list[LessonVersion]]:
        """Every wording of each lesson, the oldest first; of lessons that have left the course too."""
        found: dict[str, list[LessonVersion]] = {}
        for version in db.session.scalars(
            select(LessonVersion)
            .where(LessonVersion.course_id == self.course_id)
            .order_by(LessonVersion.at, LessonVersion.id)
        ):
            found.setdefault(version.slug, []).append(version)
        return found

    def standing(self, citation: Citation, at: datetime | None) -> CitationStanding:
        """How a citation stands that a question version of that time holds; None: of an unknown one."""
        cited, quote = place_of(citation), citation.get("quote", "")
        return self.passages.standing(cited, self.then(citation, at), quote)

    def then(self, citation: Citation, at: datetime | None) -> Wording | None:
        """What the passage said when it was cited; None if no version of the lesson tells.

        That is the version in effect at the time; else the newest one before it, else the oldest one after it, that
        has the passage, with the quoted words if the citation quotes any.
        """
        cited, quote = place_of(citation), citation.get("quote", "")
        versions = self.history.get(cited.lesson, [])
        before = [one for one in versions if at is None or one.at <= at]
        for version in (*reversed(before), *versions[len(before) :]):
            wording = wordings(version.body).get(cited.anchor)
            if wording is not None and (not quote or quoted(folded(wording), quote)):
                return wording
        return None


LESSONS, VERSIONS = (cast("Table", one.__table__) for one in (Lesson, LessonVersion))
NEWER = VERSIONS.alias("newer")
NEWEST = (
    select(NEWER.c.id)
    .where(NEWER.c.course_id == LESSONS.c.course_id, NEWER.c.slug == LESSONS.c.slug)
    .order_by(NEWER.c.at.desc(), NEWER.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
"""The version that says what the lesson says now: the body itself would be as much as the rest of a page."""
CITED = (
    select(LESSONS.c.slug, LESSONS.c.title, VERSIONS.c.id, VERSIONS.c.at)
    .select_from(LESSONS)
    .join(VERSIONS, VERSIONS.c.id == NEWEST)
    .where(LESSONS.c.course_id == bindparam("course"), LESSONS.c.slug.in_(bindparam("lessons", expanding=True)))
)


def behind(course_id: int, items: Sequence[Item], language: str) -> dict[tuple[str, str], Passage]:
    """What the items cite, by the lesson and the anchor that they name, at the place where it is now.

    A passage that is gone is not among them. One query, one more for each wording of a lesson that this process hasn't
    read yet, and two if a passage isn't where it was.
    """
    cited = {(place_of(one), one.get("quote", "")): one for item in items for one in item.citations}
    slugs = {place.lesson for place, _quote in cited}
    rows = db.session.execute(CITED, {"course": course_id, "lessons": list(slugs)}).all()
    read = version_reader()
    known = {slug: (title, read(version, at)) for slug, title, version, at in rows}
    found: dict[tuple[str, str], Passage] = {}
    astray: list[Citation] = []
    for (place, quote), citation in cited.items():
        title, passages = known.get(place.lesson, ({}, None))
        wording = None if passages is None else wording_in(passages, place.anchor)
        if wording is None or (quote and not quoted(wording, quote)):
            astray.append(citation)
        else:
            found[place] = Passage(*place, title, say(wording or title, language))
    return found | (followed(course_id, astray, language) if astray else {})


def followed(course_id: int, astray: Sequence[Citation], language: str) -> dict[tuple[str, str], Passage]:
    """Where the passages are that aren't, or don't read, as they were cited."""
    shelf = Shelf(course_id)
    lessons = {one.slug: one for one in shelf.lessons}
    found: dict[tuple[str, str], Passage] = {}
    for citation in astray:
        place = shelf.standing(citation, None).place
        if place is not None:
            lesson, wording = lessons[place.lesson], dict(shelf.passages.now[place])
            found[place_of(citation)] = Passage(*place, lesson.title, say(wording or lesson.title, language))
    return found


def lesson_list() -> Sequence[Lesson]:
    """Every lesson with its course, in the order of the catalogue, without bodies."""
    return db.session.scalars(in_order()).all()


def in_order() -> Any:
    return (
        select(Lesson)
        .join(Course, Lesson.course_id == Course.id)
        .options(joinedload(Lesson.course))
        .order_by(Course.position, Course.id, Lesson.position)
    )


def search(words: str, course: str, lesson: str, anchor: str, page: int) -> tuple[list[FoundPassage], bool]:
    """One page of the passages that hold every word, in reading order, and whether there are more.

    A word counts in any language, in the passage, its heading or its lesson's title; case and composition don't
    matter. `course`, `lesson` and `anchor` narrow it down; "" doesn't.
    """
    statement = in_order().options(undefer(Lesson.body))
    statement = statement.where(Course.slug == course) if course else statement
    statement = statement.where(Lesson.slug == lesson) if lesson else statement
    wanted = words_in(words)
    skipped, found = (page - 1) * FOUND, []
    for one in db.session.scalars(statement.where(*holding(Lesson.search, wanted))):
        for passage in passages_of(one):
            if passage.is_heading or anchor not in ("", passage.place.anchor):
                continue
            text = searched(one.title, passage.section, passage.wording)
            if all(word in text for word in wanted):
                found.append(passage)
                if len(found) > skipped + FOUND:
                    return found[skipped:-1], True
    return found[skipped:], False


def words_in(typed: str) -> list[str]:
    """The words that are searched for, as `searched` has them."""
    return searched({"": typed}).split()


def holding(column: Any, wanted: Sequence[str]) -> list[ColumnElement[bool]]:
    """That a column of what was `searched` holds every word."""
    return [column.contains(word, autoescape=True) for word in wanted]


def searched(*texts: Mapping[str, str]) -> str:
    """What a search looks through."""
    joined = "\n".join(part for text in texts for key, part in text.items() if key != "format")
    return nfc(joined).casefold().translate(UNREAD)
