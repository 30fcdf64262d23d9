"""What the directives of lessons stand on: the questions that their checks name, and what is wrong with them now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from quizapp.banks.models import Bank, Question
from quizapp.courses.models import Course, Lesson, LessonVersion
from quizapp.db import db
from quizapp.errors import N_, Problem
from quizapp.rules.for_lessons import unknown, unsuited
from quizapp.texts.directives import Directive
from quizapp.texts.lessons import directive_problems, lesson_page

Name = tuple[str, str]
"""A bank's slug and a question's key in it."""


def named_in(directives: Iterable[Directive]) -> dict[Name, Directive]:
    """The questions that checks name, with the first check that does."""
    found: dict[Name, Directive] = {}
    for one in directives:
        if one.bank:
            found.setdefault((one.bank, one.key), one)
    return found


def questions_named(names: Iterable[Name]) -> dict[Name, Question]:
    """The questions of these names with their current versions, whatever they are for, archived ones too."""
    wanted = set(names)
    if not wanted:
        return {}
    found = db.session.execute(
        select(Bank.slug, Question)
        .join(Bank, Question.bank_id == Bank.id)
        .where(Bank.slug.in_({bank for bank, _ in wanted}), Question.key.in_({key for _, key in wanted}))
        .options(joinedload(Question.current), joinedload(Question.bank))
    )
    return {(slug, one.key): one for slug, one in found if (slug, one.key) in wanted}


def unusable(check: Directive, question: Question | None) -> Problem | None:
    """Why a lesson doesn't ask what a check names."""
    if question is None or question.current is None:
        return unknown(check.bank, check.key)
    return unsuited(check.key, question.use, question.kind, retired=question.archived_at is not None)


def flaws_of(course: Course) -> dict[str, list[Problem]]:
    """What is wrong with the directives of each lesson as they are stored, by slug, each with its line and language."""
    lessons = db.session.scalars(
        select(Lesson).where(Lesson.course_id == course.id).options(undefer(Lesson.body)).order_by(Lesson.position)
    ).all()
    named = {name for lesson in lessons for body in lesson.body.values() for name in named_in(directives_of(body))}
    questions = questions_named(named)
    worded = dict(
        db.session.execute(
            select(LessonVersion.slug, func.max(LessonVersion.at))
            .where(LessonVersion.course_id == course.id)
            .group_by(LessonVersion.slug)
        ).all()
    )
    return {one.slug: list(flaws_in(one, questions, worded.get(one.slug))) for one in lessons}


def directives_of(body: str) -> list[Directive]:
    return lesson_page(body).directives


def flaws_in(lesson: Lesson, questions: Mapping[Name, Question], worded: datetime | None) -> Iterator[Problem]:
    """`worded`: since when the lesson reads as it does; a question that has changed since may not suit it."""
    for language, body in sorted(lesson.body.items()):
        found = directive_problems(body)
        for name, check in named_in(directives_of(body)).items():
            question = questions.get(name)
            problem = unusable(check, question) or changed(check, question, worded)
            found += [replace(problem, line=check.line)] if problem else []
        yield from (replace(one, place=f"{lesson.slug}.{language}") for one in found)


def changed(check: Directive, question: Question | None, worded: datetime | None) -> Problem | None:
    version = question.current if question else None
    if version is None or worded is None or version.created_at <= worded:
        return None
    return Problem(
        N_("The question “%(id)s” has changed since the lesson was written."),
        {"id": check.key},
        code="check-changed",
        severity="warning",
        mend=N_("Read it again in the lesson, after reloading the page."),
    )


def all_flaws() -> Iterator[str]:
    """Those of all courses, each as `course/lesson.language:line: message`."""
    for course in db.session.scalars(select(Course).order_by(Course.position, Course.id)):
        for found in flaws_of(course).values():
            yield from (f"{course.slug}/{one.place}:{one.line}: {one.message}" for one in found)
