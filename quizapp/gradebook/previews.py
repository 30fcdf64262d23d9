"""What a regrade would do, before anything is done: a dry run over everybody who answered, which writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Mapped, joinedload

from quizapp.accounts.models import User
from quizapp.attempts.models import GRADED, Answer, Attempt, Regrade, Slot
from quizapp.attempts.regrading import (
    Effect,
    Regrading,
    Rule,
    SlotRecord,
    after,
    chunks,
    figures_of,
    reach,
    share,
    slot_records,
    slots_asking,
)
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.banks.queries import visible_to
from quizapp.db import db
from quizapp.errors import NotAllowed, NotFound
from quizapp.formats.items import from_json
from quizapp.gradebook.models import Notice
from quizapp.kinds.base import Response
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import NOT_FOR_THIS, may
from quizapp.rules import scores
from quizapp.rules.settings import settings_of

PAGE, MANY = 50, 1000
BARS = 20
"""Columns of a histogram: five percent each."""


@dataclass(frozen=True, slots=True)
class AffectedAttempt:
    """One person's attempt in the preview: points of the question, share of the attempt, and what follows."""

    attempt: str
    quiz_id: int
    was: float | None
    now: float | None
    out_of: float
    share_was: float
    share_now: float
    verdict: str
    """"passes", "fails" or "", where nothing changes."""


@dataclass(slots=True)
class Preview:
    """What would change. `token` says what was seen: whoever applies it sends it back."""

    token: str
    answered: int = 0
    changed: int = 0
    by_hand: int = 0
    passes: int = 0
    fails: int = 0
    before: list[int] = field(default_factory=lambda: [0] * BARS)
    after: list[int] = field(default_factory=lambda: [0] * BARS)
    lines: list[AffectedAttempt] = field(default_factory=list)
    unreadable: list[AffectedAttempt] = field(default_factory=list)


def question_of(public_id: str, user: User) -> Question:
    """A question that somebody answered in a quiz that the user may grade, and that its owner may still read. Raises
    NotFound, or NotAllowed where they may only see such a quiz."""
    found = db.session.scalar(select(Question).where(Question.public_id == public_id))
    if found is None or not may_see(found, user):
        raise NotFound
    if not quizzes_of(found, user):
        raise NotAllowed(NOT_FOR_THIS)
    return found


def may_see(question: Question, user: User) -> bool:
    """Whether a quiz asked it that the user may see, and whoever made that quiz may read the question's bank now; what
    a course asks, they may."""
    readers = {quiz.reader_id for quiz, _people in quizzes_of(question, user, "see")}
    if not readers or None in readers or user.role == "admin":
        return bool(readers)
    bank = select(Bank.id).where(
        Bank.id == question.bank_id, or_(*(visible_to(one) for one in readers if one is not None))
    )
    return db.session.scalar(bank) is not None


def own(user: User) -> ColumnElement[bool]:
    """The quizzes that are regraded at once where no single one is named; those that are shared are named one by one,
    so that what a regrade reaches doesn't change with who shares what."""
    return true() if user.role == "admin" else Quiz.owner_id == user.id


def quizzes_of(question: Question, user: User, verb: str = "grade") -> list[tuple[Quiz, int]]:
    """The quizzes that the user may grade in which the question was answered, and how many people were asked it."""
    asked = Slot.version_id.in_(select(QuestionVersion.id).where(QuestionVersion.question_id == question.id))
    rows = db.session.execute(
        select(Quiz, func.count(Attempt.user_id.distinct()))
        .join(Attempt, Attempt.quiz_id == Quiz.id)
        .join(Slot, Slot.attempt_id == Attempt.id)
        .where(asked, Attempt.purpose == GRADED, Attempt.submitted_at.is_not(None), may(user, verb))
        .group_by(Quiz.id)
        .order_by(Quiz.id)
    )
    return [(quiz, count) for quiz, count in rows]


@dataclass(frozen=True, slots=True)
class CommonResponse:
    """A response, and how many people gave one that means the same; `key` names it in a form."""

    key: str
    response: Response
    version_id: int
    people: int


def common_responses(question: Question, where: ColumnElement[bool]) -> list[CommonResponse]:
    """The responses that didn't earn full marks, the most frequent first; those that mean the same are one."""
    rows = db.session.execute(
        select(cast("Mapped[Response]", Slot.response), func.max(Slot.version_id), func.count())
        .where(Slot.id.in_(slots_asking(question.id, where).order_by(None)), Slot.answered, Slot.fraction < 1)
        .group_by(Slot.response)
        .order_by(func.count().desc())
        .limit(MANY)
    )
    found: dict[Any, CommonResponse] = {}
    for response, version_id, people in rows:
        same = scores.sameness(response)
        known, key = found.get(same), key_of(response)
        found[same] = (
            replace(known, people=known.people + people) if known else CommonResponse(key, response, version_id, people)
        )
    return sorted(found.values(), key=lambda one: -one.people)[:PAGE]


def key_of(response: Response) -> str:
    """The name of a response in a form: equal for those that mean the same."""
    return sha256(repr(scores.sameness(response)).encode()).hexdigest()[:16]


def token_of(question: Question) -> str:
    """The state that a preview is of: the version that counts, the newest row of the record, the regrades so far."""
    newest = db.session.scalar(select(func.max(Answer.id))) or 0
    return f"{question.current_id}.{newest}.{regrades_token(question.id)}"


def regrades_token(question_id: int) -> str:
    ours = Regrade.question_id == question_id
    count = db.session.scalar(select(func.count()).where(ours)) or 0
    undone = db.session.scalar(select(func.count()).where(ours, Regrade.undone_by_id.is_not(None))) or 0
    return f"{count}.{undone}"


def kinds_asked(question: Question, where: ColumnElement[bool]) -> set[str]:
    """The question types that its versions were of when they were asked."""
    versions = select(Slot.version_id).where(Slot.id.in_(slots_asking(question.id, where).order_by(None)))
    contents = db.session.scalars(select(QuestionVersion.content).where(QuestionVersion.id.in_(versions)))
    return {from_json(content).kind for content in contents}


def preview(question: Question, rule: Rule, where: ColumnElement[bool]) -> Preview:
    """What the rule would do to everybody whom it reaches."""
    found = Preview(token_of(question))
    work = Regrading(rule)
    for chunk in chunks(db.session.scalars(slots_asking(question.id, where)).all()):
        effects = [(slot, work.effect(slot)) for slot in slot_records(chunk)]
        nothing_yet = figures_of({slot.attempt_id for slot, effect in effects if effect.changes and not slot.mark})
        for slot, effect in effects:
            count(found, slot, effect, nothing_yet)
    return found


def count(found: Preview, slot: SlotRecord, effect: Effect, figures: dict[int, list[Any]]) -> None:
    mark, possible = after(slot, effect, figures) if effect.changes else (slot.mark, slot.possible)
    was, now = share(slot.mark, slot.possible), share(mark, possible)
    needed = settings_of(slot.settings).pass_mark
    verdict = "" if (was >= needed) == (now >= needed) else "passes" if now >= needed else "fails"
    found.answered += effect.before.answered
    found.by_hand += any(row[1] in (scores.GRADER, scores.OVERRIDE) for row in slot.rows)
    found.before[bar(was)] += 1
    found.after[bar(now)] += 1
    found.passes += verdict == "passes"
    found.fails += verdict == "fails"
    if is_seen(effect, slot.max_mark) or effect.unreadable:
        line = AffectedAttempt(
            slot.attempt, slot.quiz_id, points(effect.before, slot.max_mark),
            None if effect.unreadable else points(effect.after, slot.max_mark), slot.max_mark, was, now, verdict,
        )  # fmt: skip
        (found.unreadable if effect.unreadable else found.lines).append(line)
    found.changed = len(found.lines)


def is_seen(effect: Effect, max_mark: float) -> bool:
    """Whether anybody sees a change: a question that was left empty earns as little before as after."""
    before, after = effect.before, effect.after
    return effect.changes and (
        before.dropped != after.dropped or (points(before, max_mark) or 0) != (points(after, max_mark) or 0)
    )


def points(stands: scores.SlotStanding, max_mark: float) -> float | None:
    """What a question earns; None where it counts for nothing or waits."""
    return None if stands.dropped or stands.fraction is None else round(stands.fraction * max_mark, 5)


def bar(share_of_points: float) -> int:
    return max(0, min(BARS - 1, int(share_of_points * BARS)))


def attempts(lines: Sequence[AffectedAttempt]) -> dict[str, Attempt]:
    """The attempts of some lines by their public ids, with whose they are."""
    ids = [line.attempt for line in lines]
    found = db.session.scalars(select(Attempt).where(Attempt.public_id.in_(ids)).options(joinedload(Attempt.user)))
    return {attempt.public_id: attempt for attempt in found}


def history(question: Question, user: User) -> list[Regrade]:
    """What was regraded of the question in the quizzes that the user may grade, newest first: what reached several
    at once, by whoever did it."""
    statement = select(Regrade).where(Regrade.question_id == question.id).order_by(Regrade.id.desc())
    if user.role != "admin":
        at_once = and_(Regrade.quiz_id.is_(None), Regrade.by_id == user.id)
        mine = select(Quiz.id).where(may(user, "grade"))
        statement = statement.where(or_(at_once, Regrade.quiz_id.in_(mine)))
    return list(db.session.scalars(statement))


def regrade_of(public_id: str, user: User) -> tuple[Regrade, Question]:
    """A regrade that the user may look at and undo. Raises NotFound, or NotAllowed where they may only see its quiz."""
    found = db.session.scalar(select(Regrade).where(Regrade.public_id == public_id))
    question = db.session.get(Question, found.question_id) if found else None
    if found is None or question is None:
        raise NotFound
    if found not in history(question, user):
        seen = select(Quiz.id).where(Quiz.id == found.quiz_id, may(user, "see"))
        raise NotFound if db.session.scalar(seen) is None else NotAllowed(NOT_FOR_THIS)
    return found, question


@dataclass(frozen=True, slots=True)
class State:
    """How far a regrade is: rows written and taken back, learners told, and answers that were left, as they had
    changed since the preview."""

    written: int
    undone: int
    told: int
    left: int


def state(regrade: Regrade) -> State:
    of_batch = select(Answer.source, func.count()).where(Answer.batch_id == regrade.id).group_by(Answer.source)
    sources = dict(db.session.execute(of_batch).all())
    told = select(func.count(Notice.user_id.distinct())).where(Notice.batch_id == regrade.id)
    by = db.session.get(User, regrade.by_id) if regrade.by_id else None
    known = select(Answer.slot_id).where(Answer.batch_id == regrade.id)
    left = select(func.count(Answer.slot_id.distinct())).where(
        Answer.slot_id.in_(slots_asking(regrade.question_id, reach(regrade, by)).order_by(None)),
        Answer.slot_id.not_in(known), Answer.id > regrade.seen_answer_id, Answer.at <= regrade.made_at,
    )  # fmt: skip
    return State(
        sources.get(scores.REGRADE, 0), sources.get(scores.UNDO, 0),
        db.session.scalar(told) or 0, db.session.scalar(left) or 0,
    )  # fmt: skip
