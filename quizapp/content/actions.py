"""Loading courses from their folders."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from quizapp import events
from quizapp.accounts.models import User
from quizapp.banks import actions as banks
from quizapp.banks import queries as bank_queries
from quizapp.banks.diff import diff, incoming_item
from quizapp.banks.models import FOLDER, Bank
from quizapp.content.folder import CourseFile, CourseFolder, LessonFile, QuizPart, as_content
from quizapp.courses.models import Course, Lesson, LessonVersion
from quizapp.courses.shelf import searched
from quizapp.db import atomic, db
from quizapp.quizzes.models import Quiz


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
            store_quiz(course, part, lessons, owner, place, now)
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
    lesson.search = searched(part.title, part.summary, part.body)
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
    bank.title = banks.in_one_line(reading.title) if reading.title else bank.title
    loaded = bank_queries.last_loaded(bank.id)
    items = [replace(item, provenance={**item.provenance, "from": FOLDER}) for item in reading.items]
    compared = diff(bank_queries.held_questions(bank.id), [incoming_item(item) for item in items])
    news = [
        one.incoming for one in compared.comparisons if one.held is None or loaded.get(one.held.id) != one.incoming.hash
    ]
    banks.store_items(bank, news, banks.wordings_of(news), owner, now)
    banks.archive([one.id for one in compared.gone if one.id in loaded], now)


def store_quiz(
    course: Course, part: QuizPart, lessons: dict[str, Lesson], owner: User, place: int, now: datetime
) -> None:
    quiz = db.session.scalar(select(Quiz).where(Quiz.course_id == course.id, Quiz.slug == part.slug)) or Quiz(
        course_id=course.id, slug=part.slug, owner_id=owner.id
    )
    quiz.title, quiz.summary, quiz.position = part.title, part.summary, place
    quiz.sources = [source.model_dump(exclude_defaults=True) for source in part.sources]
    quiz.settings = part.settings.model_dump(mode="json")
    quiz.lesson_id = lessons[part.lesson].id if part.lesson else None
    db.session.add(quiz)
    db.session.flush()
    events.rescheduled.send(quiz, now=now)
