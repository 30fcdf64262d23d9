"""Writing courses: loading them from their folders, and taking a place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import actions as banks
from quizapp.banks import queries as bank_queries
from quizapp.banks.models import FOLDER, Bank, Question
from quizapp.courses.models import Course, Enrolment, Lesson, LessonVersion, Quiz
from quizapp.courses.shelf import Citation
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict
from quizapp.formats.course_folder import CourseFile, CourseFolder, LessonFile, QuizContent, QuizPart, as_content
from quizapp.ids import public_id


def load(folder: CourseFolder, owner: User, position: int, now: datetime) -> Course:
    """Bring a checked course into the database, in one transaction.

    Loading again changes only what has changed: questions get versions, lessons and quizzes are updated, and a
    question, lesson or quiz that has left the folder is archived or taken off the course, never deleted while
    somebody's answers hang on it. Raises ValueError if the folder has errors.
    """
    if folder.course is None or not folder.usable:
        raise ValueError("a course with errors can't be loaded")
    with atomic():
        course = store_course(folder.course, owner, position)
        lessons = {slug: store_lesson(course, folder.lessons[slug], place, now)
                   for place, slug in enumerate(folder.course.lessons)}  # fmt: skip
        db.session.flush()
        for lesson in db.session.scalars(select(Lesson).where(Lesson.course_id == course.id)):
            if lesson.slug not in lessons:
                db.session.delete(lesson)
        for slug in folder.course.banks:
            load_bank(folder, slug, owner, now)
        for place, part in enumerate(folder.course.quizzes):
            store_quiz(course, part, lessons, owner, place)
        kept = {part.slug for part in folder.course.quizzes}
        for quiz in db.session.scalars(select(Quiz).where(Quiz.course_id == course.id)):
            quiz.archived_at = None if quiz.slug in kept else quiz.archived_at or now
    return course


def store_course(part: CourseFile, owner: User, position: int) -> Course:
    course = db.session.scalar(select(Course).where(Course.slug == part.slug)) or Course(
        slug=part.slug, owner_id=owner.id
    )
    course.title, course.content, course.position = part.title, as_content(part), position
    course.places, course.deadline = part.banner.places, part.banner.deadline
    db.session.add(course)
    db.session.flush()
    return course


def store_lesson(course: Course, part: LessonFile, place: int, now: datetime) -> Lesson:
    """Bring one lesson up to date, and keep its wording if it isn't the one that was kept last."""
    lesson = db.session.scalar(select(Lesson).where(Lesson.course_id == course.id, Lesson.slug == part.slug)) or Lesson(
        course_id=course.id, slug=part.slug
    )
    lesson.position, lesson.minutes = place, part.minutes
    lesson.title, lesson.summary, lesson.body = part.title, part.summary, part.body
    db.session.add(lesson)
    kept = db.session.scalar(
        select(LessonVersion.body)
        .where(LessonVersion.course_id == course.id, LessonVersion.slug == part.slug)
        .order_by(LessonVersion.at.desc(), LessonVersion.id.desc())
        .limit(1)
    )
    if kept != part.body:
        db.session.add(LessonVersion(course_id=course.id, slug=part.slug, body=part.body, at=now))
    return lesson


def load_bank(folder: CourseFolder, slug: str, owner: User, now: datetime) -> None:
    """The folder's questions, as far as it says anything new: what was changed here since it was loaded stands."""
    reading = folder.banks[slug]
    bank = db.session.scalar(select(Bank).where(Bank.slug == slug))
    if bank is None:
        licence = str(reading.meta.get("licence", ""))
        bank = banks.create_bank(owner, slug, reading.title or {"en": slug}, licence, now)
    bank.title = reading.title or bank.title
    loaded = bank_queries.last_loaded(bank.id)
    known = {key: one.id for key, one in bank_queries.standings_in(bank.id).items()}
    items = [replace(item, provenance={**item.provenance, "from": FOLDER}) for item in reading.items]
    news, old = [], set()
    for entry in banks.prepare(items):
        if loaded.get(known.get(entry.key, 0)) == entry.hash:
            old.add(known[entry.key])
        else:
            news.append(entry)
    found = banks.store_entries(bank, news, owner, now)
    banks.archive([id_ for id_ in found.gone if id_ in loaded and id_ not in old], now)


def store_quiz(course: Course, part: QuizPart, lessons: dict[str, Lesson], owner: User, place: int) -> None:
    quiz = db.session.scalar(select(Quiz).where(Quiz.course_id == course.id, Quiz.slug == part.slug)) or Quiz(
        course_id=course.id, slug=part.slug, owner_id=owner.id
    )
    quiz.title, quiz.summary, quiz.position = part.title, part.summary, place
    quiz.sources = [source.model_dump(exclude_defaults=True) for source in part.sources]
    quiz.settings = part.settings.model_dump(mode="json")
    quiz.lesson_id = lessons[part.lesson].id if part.lesson else None
    db.session.add(quiz)
    db.session.flush()


# --- quizzes made in the browser ---


def checked(sent: dict[str, Any], slugs: Collection[str]) -> dict[str, Any]:
    """What a form says of a quiz, as it is stored. `slugs`: the banks that it may draw from.

    Raises pydantic's ValidationError, whose places are those of the form.
    """
    return QuizContent.model_validate(sent, context={"banks": slugs}).model_dump(mode="json", exclude_defaults=True)


def create_quiz(owner: User, bank: Bank, count: int, now: datetime) -> Quiz:
    """A quiz that draws from one bank, with the usual settings."""
    with atomic():
        quiz = new_quiz(owner, now)
        quiz.title = bank.title
        quiz.sources = [{"bank": bank.slug, "count": count}]
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
        newest.sources, newest.settings = content["sources"], content.get("settings", {})
        note(author, "change a quiz", f"quiz {quiz.public_id}", now)


def pick_questions(
    quiz: Quiz, place: int, bank: Bank, listed: Collection[str], ticked: Sequence[str], author: User, now: datetime
) -> None:
    """Of the questions listed on a page, take those that are ticked into a source, and the others out of it."""
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
        else:
            del source["questions"]
        newest.sources = [*newest.sources[:place], source, *newest.sources[place + 1 :]]
        note(author, "change a quiz", f"quiz {quiz.public_id}", now)


def archive_quiz(quiz: Quiz, archived: bool, author: User, now: datetime) -> None:
    with atomic():
        newest = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
        newest.archived_at = (newest.archived_at or now) if archived else None
        note(author, "archive" if archived else "bring back", f"quiz {quiz.public_id}", now)


def copy_quiz(quiz: Quiz, author: User, now: datetime) -> Quiz:
    """Another quiz of the same content, with a link of its own."""
    with atomic():
        made = new_quiz(author, now)
        made.title, made.summary, made.sources, made.settings = quiz.title, quiz.summary, quiz.sources, quiz.settings
        note(author, "copy a quiz", f"quiz {quiz.public_id} as {made.public_id}", now)
    return made


# --- citations ---


def recite(question: Question, renewed: Mapping[int, Citation], seen: int, author: User, now: datetime) -> None:
    """Make a version of the question with other citations at these places; one that it has already isn't repeated.

    Raises Conflict if the question's current version isn't number `seen` any more.
    """
    with atomic():
        current = question.current
        if current is None or current.number != seen:
            raise Conflict
        item = current.item
        changed = [dict(renewed.get(place, one)) for place, one in enumerate(item.citations)]
        item.citations = [one for place, one in enumerate(changed) if one not in changed[:place]]
        try:
            banks.write_question(question.bank, question, item, seen, author, now)
        except banks.Edited as error:
            raise Conflict from error
        note(author, "cite again", f"question {question.public_id}", now)


def enrol(course_id: int, user: User, now: datetime) -> None:
    """Take a place; a second time changes nothing. Raises Conflict when the round is over or full."""
    with atomic():
        course = db.session.scalars(locked(select(Course).where(Course.id == course_id))).one()
        taken = select(Enrolment.id).where(Enrolment.course_id == course.id)
        if db.session.scalar(taken.where(Enrolment.user_id == user.id)) is not None:
            return
        if course.deadline is not None and now >= course.deadline:
            raise Conflict(N_("Enrolment for this round is over. The lessons and quizzes stay open to you."))
        count = db.session.scalar(select(func.count()).select_from(taken.subquery())) or 0
        if course.places is not None and count >= course.places:
            raise Conflict(N_("All places of this round are taken. The lessons and quizzes stay open to you."))
        db.session.add(Enrolment(course_id=course.id, user_id=user.id, at=now))


def on_claimed(guest: User, user: User) -> None:
    """A guest's place becomes the account's."""
    mine = select(Enrolment.course_id).where(Enrolment.user_id == user.id)
    for enrolment in db.session.scalars(
        select(Enrolment).where(Enrolment.user_id == guest.id, Enrolment.course_id.not_in(mine))
    ):
        enrolment.user_id = user.id
    db.session.flush()
