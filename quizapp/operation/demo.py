"""The demo: the courses in `questions/`, a learner and an instructor."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from quizapp.accounts import actions as accounts
from quizapp.accounts import queries
from quizapp.accounts.models import User
from quizapp.content import actions as content
from quizapp.content.folder import read_course
from quizapp.errors import Problem

ACCOUNTS = (
    ("learner@example.com", "learner-demo", "learner"),
    ("instructor@example.com", "instructor-demo", "instructor"),
)
NAMES = {"learner": "김하늘", "instructor": "이서연"}


def load(questions: Path, now: datetime) -> list[Problem]:
    """Make the accounts that are missing and load every course; the problems found.

    A broken course is left out as it is (what was loaded of it before stays) and keeps no other back.
    """
    instructor = [account(email, password, role, now) for email, password, role in ACCOUNTS][-1]
    problems: list[Problem] = []
    for position, folder in enumerate(sorted(file.parent for file in questions.glob("*/course.yaml"))):
        found = read_course(folder)
        problems += found.problems
        if found.usable:
            content.load(found, instructor, position, now)
    return problems


def account(email: str, password: str, role: str, now: datetime) -> User:
    """The demo account, made if it isn't there."""
    return queries.by_email(email) or accounts.create(email, NAMES[role], password, role, now)
