"""Writing courses: loading them from their folders, and taking a place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from quizapp.accounts.models import User
from quizapp.banks import actions as banks
from quizapp.banks.models import Bank
from quizapp.courses.models import Course, Enrolment, Lesson, Quiz
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict
from quizapp.formats.course_folder import CourseFile, CourseFolder, LessonFile, QuizPart, as_content


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
        lessons = {slug: store_lesson(course, folder.lessons[slug], place)
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


def store_lesson(course: Course, part: LessonFile, place: int) -> Lesson:
    lesson = db.session.scalar(select(Lesson).where(Lesson.course_id == course.id, Lesson.slug == part.slug)) or Lesson(
        course_id=course.id, slug=part.slug
    )
    lesson.position, lesson.minutes = place, part.minutes
    lesson.title, lesson.summary, lesson.body = part.title, part.summary, part.body
    db.session.add(lesson)
    return lesson


def load_bank(folder: CourseFolder, slug: str, owner: User, now: datetime) -> None:
    reading = folder.banks[slug]
    bank = db.session.scalar(select(Bank).where(Bank.slug == slug))
    if bank is None:
        licence = str(reading.meta.get("licence", ""))
        bank = banks.create_bank(owner, slug, reading.title or {"en": slug}, licence, now)
    bank.title = reading.title or bank.title
    found = banks.store(bank, reading.items, owner, now)
    banks.archive(found.gone, now)


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
