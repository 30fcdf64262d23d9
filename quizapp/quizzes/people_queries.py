"""Reads of who sits at a quiz, who else looks after it, and what is given to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from quizapp.accounts.models import User
from quizapp.db import db
from quizapp.errors import N_, NotAllowed, NotFound
from quizapp.quizzes.models import Accommodation, Quiz, QuizMember, Sitter
from quizapp.quizzes.roster import RosterEntry

VERBS = ("see", "grade", "edit")
"""What a quiz can be shared for; each includes those before it."""


NOT_FOR_THIS = N_("This quiz is shared with you, but not for this. Ask its owner to let you grade or edit it.")


@dataclass(frozen=True)
class Allowance:
    """What a person is allowed at a quiz beyond the others; for most, nothing."""

    factor: float = 1.0
    extra_tries: int = 0
    extra_hours: float = 0.0
    no_clock: bool = False

    @property
    def later(self) -> timedelta:
        return timedelta(hours=self.extra_hours)


NO_ALLOWANCE = Allowance()


def allowance_of(owner_id: int, user_id: int | None, number: str | None) -> Allowance:
    """What an instructor allows an account or a number on a roster. Of two accommodations the better one counts."""
    found = db.session.scalars(
        select(Accommodation).where(
            Accommodation.owner_id == owner_id,
            or_(
                and_(Accommodation.user_id.is_not(None), Accommodation.user_id == user_id),
                and_(Accommodation.number.is_not(None), Accommodation.number == (number or None)),
            ),
        )
    ).all()
    if not found:
        return NO_ALLOWANCE
    return Allowance(
        max(one.factor for one in found),
        max(one.extra_tries for one in found),
        max(one.extra_hours for one in found),
        any(one.no_clock for one in found),
    )


def longest_after_closing(quiz: Quiz) -> timedelta:
    """How long after its closing somebody may still sit at the quiz."""
    most = select(func.max(Accommodation.extra_hours)).where(Accommodation.owner_id == quiz.owner_id)
    if quiz.rules.who == "roster":
        numbers = select(Sitter.number).where(Sitter.quiz_id == quiz.id)
        users = select(Sitter.user_id).where(Sitter.quiz_id == quiz.id)
        most = most.where(or_(Accommodation.number.in_(numbers), Accommodation.user_id.in_(users)))
    return timedelta(hours=db.session.scalar(most) or 0)


def accommodations(owner_id: int) -> Sequence[tuple[Accommodation, User | None]]:
    """What an instructor gives, the newest first, with the accounts."""
    rows = db.session.execute(
        select(Accommodation, User)
        .outerjoin(User, User.id == Accommodation.user_id)
        .where(Accommodation.owner_id == owner_id)
        .order_by(Accommodation.id.desc())
    )
    return [(one, user) for one, user in rows]


def names_of(owner_id: int, numbers: Collection[str]) -> dict[str, str]:
    """What the owner's rosters call these numbers; those that stand on none are missing."""
    rows = db.session.execute(
        select(Sitter.number, Sitter.name)
        .join(Quiz, Quiz.id == Sitter.quiz_id)
        .where(Quiz.owner_id == owner_id, Sitter.number.in_(numbers))
        .order_by(Sitter.id)
    )
    return dict(rows.all())


def quizzes_in_use_of(owner_id: int) -> Sequence[Quiz]:
    return db.session.scalars(select(Quiz).where(Quiz.owner_id == owner_id, Quiz.archived_at.is_(None))).all()


def sitter_by_code(quiz_id: int, code: str) -> Sitter | None:
    return db.session.scalar(select(Sitter).where(Sitter.quiz_id == quiz_id, Sitter.code == code))


def sitter_of(quiz_id: int, user: User) -> Sitter | None:
    """The entry of a roster that is this account's: it came with the code before, or has the confirmed address."""
    whose = Sitter.user_id == user.id
    if user.email and user.confirmed_at is not None:
        whose = or_(whose, and_(Sitter.user_id.is_(None), Sitter.email == user.email))
    return db.session.scalar(select(Sitter).where(Sitter.quiz_id == quiz_id, whose).order_by(Sitter.id).limit(1))


def roster(quiz_id: int) -> Sequence[Sitter]:
    """Everybody on a quiz's roster, in the order in which they were entered."""
    return db.session.scalars(select(Sitter).where(Sitter.quiz_id == quiz_id).order_by(Sitter.id)).all()


@dataclass(frozen=True)
class MatchedEntry:
    """An entry and where it goes: a new line of the roster, or one that is there by its number or address."""

    entry: RosterEntry
    sitter: Sitter | None

    @property
    def renamed(self) -> str:
        """The name that stands there so far, where it is another one; "" else."""
        before = self.sitter.name if self.sitter else ""
        return before if self.entry.name and before != self.entry.name else ""


def matched_entries(quiz_id: int, entries: Iterable[RosterEntry]) -> list[MatchedEntry]:
    """The entries, each with whom it is on a quiz's roster as it stands: by the number, or else by the address unless
    the numbers differ."""
    by_key = {key: one for one in roster(quiz_id) for key in (one.number, one.email) if key}

    def whose(entry: RosterEntry) -> Sitter | None:
        addressed = by_key.get(entry.email)
        differs = addressed is not None and entry.number and addressed.number
        return by_key.get(entry.number) or (None if differs else addressed)

    return [MatchedEntry(one, whose(one)) for one in entries]


def emails(sitter_ids: Collection[int]) -> dict[int, str | None]:
    """The addresses that rosters give for these entries."""
    statement = select(Sitter.id, Sitter.email).where(Sitter.id.in_(sitter_ids))
    return dict(db.session.execute(statement).all()) if sitter_ids else {}


def roster_size(quiz_id: int) -> int:
    return db.session.scalar(select(func.count(Sitter.id)).where(Sitter.quiz_id == quiz_id)) or 0


def members(quiz_id: int) -> Sequence[tuple[QuizMember, User]]:
    rows = db.session.execute(
        select(QuizMember, User)
        .join(User, User.id == QuizMember.user_id)
        .where(QuizMember.quiz_id == quiz_id)
        .order_by(User.name, User.id)
    )
    return [(member, user) for member, user in rows]


def may(user: User, verb: str) -> ColumnElement[bool]:
    """The condition on `Quiz` that the user may do this with it: as its owner, an admin, or somebody it is shared
    with."""
    return Quiz.id.is_not(None) if user.role == "admin" else theirs(user.id, verb)


def theirs(user_id: int, verb: str) -> ColumnElement[bool]:
    """The condition on `Quiz` that it is the user's own, or shared with them for this."""
    shared = select(QuizMember.quiz_id).where(
        QuizMember.user_id == user_id, QuizMember.verb.in_(VERBS[VERBS.index(verb) :])
    )
    return or_(Quiz.owner_id == user_id, Quiz.id.in_(shared))


def quiz_for(public_id: str, user: User, verb: str) -> Quiz:
    """A quiz, archived or not, with which the user may do this. Raises NotFound, for somebody else's too; where they
    may see it, NotAllowed."""
    found = db.session.scalar(
        select(Quiz).where(Quiz.public_id == public_id, may(user, verb)).options(joinedload(Quiz.course))
    )
    if found is None:
        seen = select(Quiz.id).where(Quiz.public_id == public_id, may(user, "see"))
        raise NotFound if db.session.scalar(seen) is None else NotAllowed(NOT_FOR_THIS)
    return found


def holds(user: User, quiz: Quiz) -> bool:
    """Whether the user may do anything with a quiz: it is their own, or they look after the whole site."""
    return user.role == "admin" or quiz.owner_id == user.id


def can(user: User, quiz: Quiz, verb: str) -> bool:
    """Whether the user may do this with a quiz."""
    if holds(user, quiz):
        return True
    return db.session.scalar(select(Quiz.id).where(Quiz.id == quiz.id, theirs(user.id, verb))) is not None


def begins_in(quiz: Quiz, now: datetime) -> float | None:
    """The seconds until the quiz opens; None if it is open."""
    opens_at = quiz.rules.opens_at
    return (opens_at - now).total_seconds() if opens_at is not None and opens_at > now else None


def closes_for(quiz: Quiz, given: Allowance) -> datetime | None:
    """When the quiz closes for somebody who is given this."""
    closes_at = quiz.rules.closes_at
    return closes_at + given.later if closes_at else None


def is_over(quiz: Quiz, given: Allowance, now: datetime) -> bool:
    """Whether the quiz can't be begun any more by somebody who is given this."""
    closes_at = closes_for(quiz, given)
    return closes_at is not None and now >= closes_at
