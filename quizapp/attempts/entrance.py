"""Into a quiz: who may begin it, what is asked of them first, and a roster's code that goes on on another device.

What every action guarantees: when it returns, it is committed; when it raises, nothing has changed.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from quizapp import events
from quizapp.accounts import limits
from quizapp.accounts.models import User
from quizapp.accounts.queries import current
from quizapp.attempts import actions
from quizapp.attempts.models import GRADED, MOVED, Attempt, AttemptEvent
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, QuizError
from quizapp.quizzes import people_queries
from quizapp.quizzes.models import Quiz, Sitter
from quizapp.texts.clean import line

NAME, NUMBER = "name", "number"
LONGEST = {NAME: 80, NUMBER: 40}
SETTLES = timedelta(days=1)
"""The age from which an account isn't as cheap as a guest."""


class NotAdmitted(QuizError):
    """Something is missing or wrong that the start page asks for; `field` names it."""

    status = 422

    def __init__(self, field: str, template: str, **values: object) -> None:
        self.field = field
        super().__init__(template, **values)


class TooManyCodes(limits.TooManyTries):
    template = N_(
        "Too many wrong codes were entered. Try again in %(minutes)s minutes, or log in to an account that is older "
        "than a day."
    )


@dataclass(frozen=True)
class Ticket:
    """What somebody says at the entrance: the access code, the personal code, and what guests are asked for."""

    access_code: str = ""
    code: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


def admit(user: User | None, quiz: Quiz, ticket: Ticket, address: str, now: datetime) -> tuple[Sitter | None, dict]:
    """Whether whoever says this may begin: the entry of the roster, and what is kept of what they said.

    Raises NotAdmitted with the field that it is about, TooManyCodes where codes are guessed.
    """
    rules = quiz.rules
    sitter = None
    if quiz.access_code and not knows_access_code(user, quiz, ticket.access_code, address, now):
        raise NotAdmitted("access_code", N_("That isn't the access code. Ask whoever runs the quiz."))
    if ticket.code:
        sitter = whose_code(quiz, ticket.code)
        if sitter is None:
            raise NotAdmitted("code", N_("Nobody on the roster has this code. Check it, and type it again."))
    elif user is not None:
        sitter = people_queries.sitter_of(quiz.id, user)
    if sitter is None and rules.who == "roster":
        raise NotAdmitted("code", N_("Enter your personal code: only people on the roster can start."))
    if sitter is not None:
        return sitter, {NAME: sitter.name, NUMBER: sitter.number, **sitter.given}
    if rules.who == "accounts" and (user is None or user.is_guest):
        raise NotAdmitted("account", N_("Only people with an account can take this quiz. Log in, then begin."))
    return None, details_given(user, quiz, ticket.given) if rules.who == "named" else {}


def details_wanted(user: User | None, quiz: Quiz) -> list[str]:
    """What somebody without a code is asked for: `name` and `number`, and the quiz's own labels."""
    rules = quiz.rules
    if rules.who != "named":
        return []
    return [*([NAME] if user is None or user.is_guest else []), *([NUMBER] if rules.asks_number else []), *rules.asks]


def details_given(user: User | None, quiz: Quiz, given: Mapping[str, str]) -> dict[str, str]:
    found = {label: line(given.get(label), LONGEST.get(label, 200)) for label in details_wanted(user, quiz)}
    for label, said in found.items():
        if not said:
            raise NotAdmitted(label, N_("Fill this in, so that the result can be matched to you."))
    return found


def whose_code(quiz: Quiz, code: str) -> Sitter | None:
    """The entry of the roster that a code is for. Nobody guesses one, so nothing is counted (`people_actions.CODE`)."""
    return people_queries.sitter_by_code(quiz.id, plain(code))


def knows_access_code(user: User | None, quiz: Quiz, code: str, address: str, now: datetime) -> bool:
    """Whether this is the quiz's access code. People choose it, so tries are counted, whatever process and host takes
    them; a right one is given back. Raises TooManyCodes.

    An account has a limit of its own, and whoever shares its network isn't in its way. Guests share their network's,
    and so do accounts of today: anybody can make some hundreds of them.
    """
    keys = {}
    if user is None or not is_settled(user, now):
        keys |= limits.of_network(f"quiz {quiz.id}", address)
    if user is not None and not user.is_guest:
        keys[limits.digest(f"quiz {quiz.id} user {user.id}")] = limits.TRIES
    taken = limits.take(keys, now, TooManyCodes)
    right = same_code(code, quiz.access_code)
    if right:
        limits.give_back(taken)
    return right


def is_settled(user: User, now: datetime) -> bool:
    """Whether an account took more than a moment to make: it is older than a day, or its address was confirmed."""
    return not user.is_guest and (user.confirmed_at is not None or now - user.created_at >= SETTLES)


def plain(code: str) -> str:
    """A code as it is stored, however it was typed."""
    return "".join(code.split()).replace("-", "").lower()


def same_code(one: str, other: str) -> bool:
    return hmac.compare_digest(plain(one).encode(), plain(other).encode())


def begin(user: User, quiz: Quiz, sitter: Sitter | None, given: dict[str, str], now: datetime) -> Attempt:
    """A new attempt that counts, or the one that is still going on; by a roster's code, on whatever device it was.

    Raises Conflict when the tries are used up, the quiz isn't open, or it has no questions.
    """
    with atomic():
        if sitter is not None:
            current(user)  # before the roster's row, as a log-in locks them
            take_over(sitter, user, now)
        return actions.start(user, quiz, now, sitter=sitter, given=given)


def come_back(user: User, sitter: Sitter, now: datetime) -> Attempt | None:
    """The last attempt that was begun by this code, with all before it this user's now; None if there is none."""
    with atomic():
        current(user)
        begun = select(Attempt).where(Attempt.sitter_id == sitter.id, Attempt.purpose == GRADED)
        last = db.session.scalar(begun.order_by(Attempt.id.desc()).limit(1))
        if last is not None:
            take_over(sitter, user, now)
    return last


def take_over(sitter: Sitter, user: User, now: datetime) -> None:
    """Within a transaction: the code's attempts are this user's now, and the device from before has none of them."""
    found = db.session.scalars(locked(select(Sitter).where(Sitter.id == sitter.id))).one()
    before = found.user_id
    if before is not None and before != user.id:
        for attempt in db.session.scalars(
            locked(select(Attempt).where(Attempt.sitter_id == sitter.id, Attempt.user_id == before))
        ):
            attempt.user_id = user.id
            db.session.add(AttemptEvent(attempt_id=attempt.id, kind=MOVED, detail={"from": before}, at=now))
            events.moved.send(attempt, before=before)
    found.user_id, found.came_at = user.id, now
    db.session.flush()
