"""Writes about whose a bank is: sharing, visibility, title, and copies of whole banks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import actions, queries
from quizapp.banks.models import PUBLIC, Bank, BankMember, Question, QuestionVersion
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, QuizError
from quizapp.ids import public_id
from quizapp.texts.clean import line


class NoInstructor(QuizError):
    """Nobody of that address can be given the bank; why isn't told."""

    status = 422
    template = N_("No instructor logs in with this address. Ask them for the address of their account.")


def share(bank: Bank, email: str, role: str, owner: User, now: datetime) -> User:
    """Let another instructor read or edit the bank; for one who may already, the role changes. Raises NoInstructor."""
    with atomic():
        other = db.session.scalar(select(User).where(User.email == email))
        if other is None or not other.can("banks") or other.id == bank.owner_id:
            raise NoInstructor
        member = queries.member(bank.id, other.id) or BankMember(bank_id=bank.id, user_id=other.id, at=now)
        member.role = role
        db.session.add(member)
        note(owner, "share", f"bank {bank.slug}: {other.public_id} as {role}", now)
    return other


def unshare(bank: Bank, member_id: str, by: User, now: datetime) -> None:
    """Take the bank from somebody with whom it was shared; nothing happens where it wasn't."""
    with atomic():
        whose = select(User.id).where(User.public_id == member_id).scalar_subquery()
        db.session.execute(delete(BankMember).where(BankMember.bank_id == bank.id, BankMember.user_id == whose))
        note(by, "stop sharing", f"bank {bank.slug}: {member_id}", now)


def describe(bank: Bank, title: dict[str, str], licence: str, visibility: str, owner: User, now: datetime) -> None:
    """Change what a bank is called, its licence, and who may find it."""
    with atomic():
        newest = db.session.scalars(locked(select(Bank).where(Bank.id == bank.id))).one()
        if newest.visibility != visibility:
            note(owner, "publish" if visibility == PUBLIC else "withdraw", f"bank {bank.slug}", now)
        newest.title, newest.visibility = actions.in_one_line(title), visibility
        newest.licence = line(licence, actions.MAX_LICENCE)
        note(owner, "describe", f"bank {bank.slug}", now)


def copy_bank(bank: Bank, user: User, now: datetime) -> Bank:
    """A bank of one's own with every question in use: its current wording, key and media. All of it or nothing."""
    with atomic():
        made = actions.create_bank(user, actions.free_slug(bank.slug), dict(bank.title), bank.licence, now)
        copy_questions(queries.questions(bank.id), made, user, now)
        note(user, "copy", f"bank {bank.slug} as {made.slug}", now)
    return made


def copy_questions(questions: Sequence[Question], into: Bank, user: User, now: datetime) -> int:
    """Copy what isn't in the bank yet, by its key; says how many there were. In the caller's transaction."""
    known = set(db.session.scalars(select(Question.key).where(Question.bank_id == into.id)))
    fresh = [question for question in questions if question.current is not None and question.key not in known]
    start = queries.last_position(into.id) + 1
    rows = [
        {
            "public_id": public_id(), "bank_id": into.id, "key": one.key, "position": place, "kind": one.kind,
            "difficulty": one.difficulty, "objective": one.objective, "search": one.search, "tags": one.tags,
        }
        for place, one in enumerate(fresh, start)
    ]  # fmt: skip
    if not rows:
        return 0
    db.session.execute(insert(Question), rows)
    ids = dict(db.session.execute(select(Question.key, Question.id).where(Question.bank_id == into.id)).all())
    versions = [
        {
            "question_id": ids[one.key], "number": 1, "content": one.current.content, "hash": one.current.hash,
            "provenance": {**one.current.provenance, "copied_from": f"{one.public_id} v{one.current.number}"},
            "author_id": user.id, "created_at": now,
        }
        for one in fresh if one.current is not None
    ]  # fmt: skip
    db.session.execute(insert(QuestionVersion), versions)
    actions.point_to_newest([ids[one.key] for one in fresh])
    return len(fresh)
