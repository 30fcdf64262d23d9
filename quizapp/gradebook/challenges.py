"""What learners say against a question or for an answer, and what instructors said to that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Select, Table, and_, bindparam, func, literal, or_, select, true, union_all
from sqlalchemy.orm import contains_eager, joinedload

from quizapp.accounts.models import User
from quizapp.attempts.models import GRADED, Attempt, Regrade, Slot
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.db import db
from quizapp.errors import NotAllowed, NotFound
from quizapp.gradebook import previews
from quizapp.gradebook.models import Challenge, Notice
from quizapp.kinds import KINDS
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import NOT_FOR_THIS, may
from quizapp.rules import scores

ANSWER, QUESTION = "answer", "question"
PAGE = 100


@dataclass(slots=True)
class Group:
    """Challenges that say the same: one question, one kind and, where they stand up for an answer, answers that mean
    the same. `people` have given that answer in all attempts, whether they said so or not; `key` names it."""

    question: Question
    version: QuestionVersion
    kind: str
    key: str = ""
    people: int = 0
    challenges: list[Challenge] = field(default_factory=list)

    @property
    def by_regrade(self) -> bool:
        """Whether an answer is accepted for all by a regrade; what a person grades, a person grades anew."""
        return self.kind == ANSWER and not KINDS[self.version.item.kind].MANUAL


def answerable(user: User, verb: str = "grade") -> Select[Any]:
    """The challenges that are the user's to answer: those of a sitting are of whoever may grade the quiz, those of a
    practice, a review or a check of a lesson the bank owner's."""
    of_bank = (
        select(Question.id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(true() if user.role == "admin" else Bank.owner_id == user.id)
    )
    return (
        select(Challenge)
        .join(Slot, Slot.id == Challenge.slot_id)
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .outerjoin(Quiz, Quiz.id == Attempt.quiz_id)
        .options(contains_eager(Challenge.slot).contains_eager(Slot.attempt).joinedload(Attempt.user))
        .options(contains_eager(Challenge.slot).contains_eager(Slot.attempt).contains_eager(Attempt.quiz))
        .where(
            or_(
                and_(Attempt.purpose == GRADED, may(user, verb)),
                and_(Attempt.purpose != GRADED, Challenge.question_id.in_(of_bank)),
            )
        )
    )


HAS_OBJECTED = select(Challenge.id).where(Challenge.user_id == User.id).exists()
"""Whether a user has, in statements about users."""


def waiting_count(user: User) -> int:
    ids = answerable(user).where(Challenge.decision == "").with_only_columns(Challenge.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def waiting(user: User) -> list[Group]:
    """What waits for the user's answer, those first that have waited longest; a page of it at most."""
    found = db.session.scalars(
        answerable(user).where(Challenge.decision == "").order_by(Challenge.id).limit(PAGE)
    ).all()
    groups: dict[Any, Group] = {}
    for one in found:
        same = scores.sameness(one.response) if one.kind == ANSWER else None
        name = one.question_id, one.kind, same
        if name not in groups:
            question = db.session.get_one(Question, one.question_id)
            version = db.session.get_one(QuestionVersion, one.version_id)
            groups[name] = Group(question, version, one.kind)
            for given in previews.common_responses(question, may(user, "grade")) if one.kind == ANSWER else ():
                if scores.sameness(given.response) == same:
                    groups[name].key, groups[name].people = given.key, given.people
        groups[name].challenges.append(one)
    return list(groups.values())


def group_of(public_id: str, user: User) -> Group:
    """The group of a challenge that waits. Raises NotFound, or NotAllowed where the user may only see the quiz."""
    for group in waiting(user):
        if any(one.public_id == public_id for one in group.challenges):
            return group
    seen = answerable(user, "see").where(Challenge.public_id == public_id, Challenge.decision == "")
    graded = answerable(user).where(Challenge.public_id == public_id)
    refused = db.session.scalar(seen) is not None and db.session.scalar(graded) is None
    raise NotAllowed(NOT_FOR_THIS) if refused else NotFound


NOTICES, CHALLENGES, SLOTS = (cast("Table", one.__table__) for one in (Notice, Challenge, Slot))
UNREAD = (
    select(NOTICES.c.id)
    .where(NOTICES.c.user_id == bindparam("user"), NOTICES.c.read_at.is_(None))
    .order_by(NOTICES.c.id.desc())
    .limit(PAGE)
)


def of_slots(table: Table) -> Select[str, int]:
    """The table's name and the ids of its rows that are about an attempt and the user's."""
    return (
        select(literal(table.name), table.c.id)
        .join(SLOTS, SLOTS.c.id == table.c.slot_id)
        .where(SLOTS.c.attempt_id == bindparam("attempt"), table.c.user_id == bindparam("user"))
    )


OF_ATTEMPT: Any = union_all(of_slots(NOTICES), of_slots(CHALLENGES))
"""Made once, and of ids: there is mostly nothing, and what there is brings five tables with it."""


def unread(user_id: int) -> Sequence[Notice]:
    """What the user was told and hasn't read, newest first. Mostly nothing, which costs little."""
    return notices(db.session.scalars(UNREAD, {"user": user_id}).all())


def of_attempt(attempt: Attempt) -> tuple[Sequence[Notice], Sequence[Challenge]]:
    """What the learner was told about an attempt, newest first, and what they have said about it. Mostly nothing, and
    then it is one statement."""
    ids: dict[str, list[int]] = {NOTICES.name: [], CHALLENGES.name: []}
    rows: Iterable[Any] = db.session.execute(OF_ATTEMPT, {"attempt": attempt.id, "user": attempt.user_id})
    for name, found in rows:
        ids[name].append(found)
    return notices(ids[NOTICES.name]), challenges_of(ids[CHALLENGES.name])


def challenges_of(ids: Sequence[int]) -> Sequence[Challenge]:
    if not ids:
        return []
    return db.session.scalars(
        select(Challenge).where(Challenge.id.in_(ids)).options(joinedload(Challenge.slot)).order_by(Challenge.id)
    ).all()


def notices(ids: Sequence[int]) -> Sequence[Notice]:
    """The newest of these, newest first, with what was at stake."""
    if not ids:
        return []
    return db.session.scalars(
        select(Notice)
        .join(Slot, Slot.id == Notice.slot_id)
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .outerjoin(Quiz, Quiz.id == Attempt.quiz_id)
        .options(
            contains_eager(Notice.slot).contains_eager(Slot.attempt).contains_eager(Attempt.quiz),
            joinedload(Notice.batch).joinedload(Regrade.version),
        )
        .where(Notice.id.in_(ids))
        .order_by(Notice.id.desc())
        .limit(PAGE)
    ).all()
