"""Writing who sits at a quiz, who else looks after it, and what is given to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, or_, select

from quizapp import events
from quizapp.accounts import queries as accounts
from quizapp.accounts.actions import forget_target, note
from quizapp.accounts.models import AuditEntry, User
from quizapp.db import Model, atomic, db, locked
from quizapp.errors import N_, Conflict, NotFound
from quizapp.ids import ALPHABET, chance
from quizapp.quizzes import people_queries
from quizapp.quizzes.models import Accommodation, Announcement, Quiz, QuizMember, Sitter
from quizapp.quizzes.people_queries import VERBS, Allowance
from quizapp.quizzes.roster import MOST_PEOPLE, RosterEntry

M = TypeVar("M", bound=Model)
CODE = 10
"""Characters of a personal code: about 50 bits. A thousand guesses a second meet one of five hundred in fifty years,
so that nobody has to count them, and nobody who guesses can be in the way of whoever has one."""


def personal_code() -> str:
    return "".join(chance.choice(ALPHABET) for _ in range(CODE))


@dataclass(frozen=True)
class RosterChange:
    """What putting people on a roster did: how many are new, and who has another name now: number, before, after."""

    added: int
    renamed: list[tuple[str, str, str]]


def add_to_roster(quiz: Quiz, entries: Iterable[RosterEntry], by: User, now: datetime) -> RosterChange:
    """Put people on the roster. Who stands there already, by number or address, is brought up to date and keeps the
    code. Raises Conflict beyond the largest roster."""
    with atomic():
        lock_roster(quiz)
        known = people_queries.roster_size(quiz.id)
        places = people_queries.matched_entries(quiz.id, entries)
        added = sum(one.sitter is None for one in places)
        renamed = [(one.entry.number or one.entry.email, one.renamed, one.entry.name) for one in places if one.renamed]
        if known + added > MOST_PEOPLE:
            raise Conflict(N_("A roster can have at most %(most)s people. Split it up."), most=MOST_PEOPLE)
        for one in places:
            entry, sitter = one.entry, one.sitter or Sitter(quiz_id=quiz.id, code=personal_code(), created_at=now)
            sitter.name, sitter.number = entry.name or sitter.name or "", entry.number or sitter.number or ""
            sitter.email = entry.email or sitter.email
            sitter.given = dict(entry.given) or sitter.given or {}
            db.session.add(sitter)
        note(by, "change a roster", f"quiz {quiz.public_id}: {added} more", now)
        events.rescheduled.send(quiz, now=now)  # who is given more time may stand there now
    return RosterChange(added, renamed)


def lock_roster(quiz: Quiz) -> None:
    """Within a transaction: nobody else changes the roster."""
    db.session.scalars(locked(select(Quiz.id).where(Quiz.id == quiz.id))).one()


def take_off_roster(quiz: Quiz, sitter_id: int, by: User, now: datetime) -> bool:
    """Take somebody off the roster: the code is worth nothing from then on. What was answered stays; what still goes on
    ends without what is given to the number. Whether it was ever used."""
    with atomic():
        lock_roster(quiz)
        used = remove(Sitter, Sitter.id == sitter_id, Sitter.quiz_id == quiz.id).came_at is not None
        note(by, "change a roster", f"quiz {quiz.public_id}: one less", now)
        events.rescheduled.send(quiz, now=now)  # nobody who is given more time may be left
    return used


def share_with(quiz: Quiz, email: str, verb: str, by: User, now: datetime) -> User:
    """Let an instructor see, grade or edit a quiz. Raises Conflict for an address that is no instructor's."""
    if verb not in VERBS:
        raise NotFound
    with atomic():
        user = accounts.by_email(email)
        if user is None or not user.can("grade"):
            raise Conflict(N_("“%(email)s” is not an instructor on this site."), email=email)
        if user.id == quiz.owner_id:
            raise Conflict(N_("The quiz is this person's own."))
        member = db.session.scalar(
            locked(select(QuizMember).where(QuizMember.quiz_id == quiz.id, QuizMember.user_id == user.id))
        ) or QuizMember(quiz_id=quiz.id, user_id=user.id, created_at=now)
        member.verb = verb
        db.session.add(member)
        note(by, "share a quiz", f"quiz {quiz.public_id} with user {user.public_id}: {verb}", now)
    return user


def end_sharing(quiz: Quiz, member_id: str, by: User, now: datetime) -> None:
    """Take the quiz from somebody with whom it was shared, named by their public id. Raises NotFound."""
    with atomic():
        whose = select(User.id).where(User.public_id == member_id).scalar_subquery()
        remove(QuizMember, QuizMember.quiz_id == quiz.id, QuizMember.user_id == whose)
        note(by, "end sharing a quiz", f"quiz {quiz.public_id} with user {member_id}", now)


def accommodate(owner: User, email: str, number: str, given: Allowance, now: datetime) -> Accommodation:
    """Give a person, by account or by number, more time, tries or days at every quiz of the owner; what goes on there
    follows at once. Raises Conflict for an address without an account, or for nobody."""
    with atomic():
        user = accounts.by_email(email) if email else None
        if email and user is None:
            raise Conflict(
                N_("Nobody has an account with “%(email)s”. Enter the number on the roster instead."), email=email
            )
        if user is None and not number:
            raise Conflict(N_("Say whom it is for: an email address of an account, or a number on your rosters."))
        whom = Accommodation.user_id == user.id if user else Accommodation.number == number
        found = db.session.scalar(
            locked(select(Accommodation).where(Accommodation.owner_id == owner.id, whom))
        ) or Accommodation(owner_id=owner.id, user_id=user.id if user else None, number=None if user else number)
        found.factor, found.extra_tries = given.factor, given.extra_tries
        found.extra_hours, found.no_clock, found.changed_at = given.extra_hours, given.no_clock, now
        db.session.add(found)
        note(owner, "accommodate", f"user {user.public_id}" if user else f"number {number}", now)
        follow(owner.id, now)
    return found


def end_accommodation(owner: User, accommodation_id: int, now: datetime) -> None:
    with atomic():
        remove(Accommodation, Accommodation.id == accommodation_id, Accommodation.owner_id == owner.id)
        note(owner, "end an accommodation", f"accommodation {accommodation_id}", now)
        follow(owner.id, now)


def forget(user: User, sitter_ids: Iterable[int], now: datetime) -> None:
    """Within the transaction that deletes an account: the entries of rosters that it came with, these and those that
    still lead to it, keep their codes and say no more whose they are; what was given to their numbers and to the
    account goes, and keeps no quiz open."""
    mine = or_(Sitter.user_id == user.id, Sitter.id.in_(list(sitter_ids)))
    found = db.session.execute(
        select(Sitter, Quiz.owner_id).join(Quiz, Quiz.id == Sitter.quiz_id).where(mine).with_for_update(of=Sitter)
    ).all()
    numbers = {(owner_id, sitter.number) for sitter, owner_id in found if sitter.number}
    for sitter, _owner_id in found:
        sitter.name, sitter.number, sitter.email, sitter.given, sitter.user_id = "", "", None, {}, None
    db.session.flush()
    for owner_id, number in numbers:
        elsewhere = select(Sitter.id).join(Quiz).where(Quiz.owner_id == owner_id, Sitter.number == number)
        if db.session.scalar(elsewhere.limit(1)) is None:
            theirs = Accommodation.owner_id == owner_id, Accommodation.number == number
            db.session.execute(delete(Accommodation).where(*theirs))
            forget_target(AuditEntry.user_id == owner_id, AuditEntry.target == f"number {number}")
    given = delete(Accommodation).where(Accommodation.user_id == user.id).returning(Accommodation.owner_id)
    for owner_id in sorted({owner_id for _sitter, owner_id in found} | set(db.session.scalars(given))):
        follow(owner_id, now)


def remove(model: type[M], *which: ColumnElement[bool]) -> M:
    """Within a transaction: delete one row, and say what it was. Raises NotFound if it isn't there."""
    found = db.session.scalar(locked(select(model).where(*which)))
    if found is None:
        raise NotFound
    db.session.execute(delete(model).where(*which))
    return found


def follow(owner_id: int, now: datetime) -> None:
    """Within a transaction: every quiz of the owner ends when it ends now."""
    db.session.flush()
    for quiz in people_queries.quizzes_in_use_of(owner_id):
        events.rescheduled.send(quiz, now=now)


def announce(quiz: Quiz, text: str, by: User, now: datetime) -> Announcement:
    """A word to everybody who sits there now."""
    with atomic():
        said = Announcement(quiz_id=quiz.id, text=text, by_id=by.id, at=now)
        db.session.add(said)
        note(by, "announce", f"quiz {quiz.public_id}", now)
    return said
