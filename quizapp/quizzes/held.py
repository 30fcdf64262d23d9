"""Questions that are held: a quiz that keeps its keys closed can ask them, and isn't over.

Nothing else shows a learner the key of such a question meanwhile: no check, practice, review, sample, note or bookmark.
See ADR 0014.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.orm import load_only

from quizapp.banks.models import Bank, Question
from quizapp.banks.queries import visible_to
from quizapp.db import UTCDateTime, db
from quizapp.quizzes.models import MAY_CLOSE_KEYS, FrozenVersion, Quiz
from quizapp.quizzes.queries import drawing_from, frozen, matching, rows_of_all
from quizapp.rules.modes import moment_reached

QuizQuestion = tuple[int | None, int]
"""The ids of a quiz, if it was one, and of a question that was asked there."""


def held(question_ids: Iterable[int], now: datetime, but: int | None = None) -> set[int]:
    """Which of these questions an examination holds back now. `but`: the id of a quiz that doesn't hold its own.

    No statement for no question; one where no examination is near, two otherwise.
    """
    return {question for _quiz, question in held_beside({(but, one) for one in question_ids}, now)}


def held_beside(asked: Set[QuizQuestion], now: datetime) -> set[QuizQuestion]:
    """The same of questions that several quizzes have asked: those that another one holds back than the quiz itself.

    One statement, and where an examination is near one more for each of those that asked, and one for all others.
    """
    near = holding(now) if asked else []
    ids = {quiz.id for quiz in near}
    by_quiz: dict[int | None, set[int]] = defaultdict(set)
    for quiz_id, question_id in asked if near else ():
        by_quiz[quiz_id if quiz_id in ids else None].add(question_id)
    back = {one: held_by([quiz for quiz in near if quiz.id != one], questions) for one, questions in by_quiz.items()}
    return {(quiz, one) for quiz, one in asked if one in back.get(quiz if quiz in ids else None, ())}


def held_by(quizzes: Sequence[Quiz], question_ids: Set[int]) -> set[int]:
    """Which of the questions these quizzes can draw by their sources, or of what was frozen, ever.

    None of a bank that a quiz's owner may not read (any more): whose bank it is decides who can hold its questions.
    """
    if not quizzes or not question_ids:
        return set()
    frozen_there = (
        select(FrozenVersion.id)
        .join(Quiz, FrozenVersion.quiz_id == Quiz.id)
        .where(
            FrozenVersion.question_id == Question.id,
            Quiz.id.in_([quiz.id for quiz in quizzes]),
            or_(Quiz.course_id.is_not(None), visible_to(Quiz.owner_id)),
        )
        .exists()
    )
    asked = select(Question.id, Bank.slug, frozen_there).join(Bank, Question.bank_id == Bank.id)
    rows = db.session.execute(asked.where(Question.id.in_(question_ids))).all()
    back = {question for question, _bank, is_frozen in rows if is_frozen}
    open_yet: dict[str, set[int]] = defaultdict(set)
    for question, bank, is_frozen in rows:
        if not is_frozen:
            open_yet[bank].add(question)
    parts = [
        ids_of(source, quiz).where(Question.id.in_(open_yet[source["bank"]]))
        for quiz in quizzes
        for source in quiz.sources
        if source["bank"] in open_yet
    ]
    return back | {question for (question,) in rows_of_all(parts)}


def ids_of(source: dict[str, Any], quiz: Quiz) -> Select[int]:
    """The questions that a source of a quiz can draw, by their ids."""
    return matching(source, quiz.reader_id).with_only_columns(Question.id).order_by(None)


NOW = bindparam("now", type_=UTCDateTime)
MAY_HOLD = (
    Quiz.archived_at.is_(None),
    MAY_CLOSE_KEYS,
    or_(Quiz.ends_at.is_(None), Quiz.ends_at > NOW),
    or_(Quiz.released_at.is_(None), Quiz.released_at > NOW),
)
HOLDING = (
    select(Quiz)
    .options(load_only(Quiz.course_id, Quiz.owner_id, Quiz.sources, Quiz.settings, Quiz.frozen_at))
    .where(*MAY_HOLD)
)
"""Made once: most pages of a question ask it."""
IS_NEAR = exists().where(*MAY_HOLD)
"""A column for statements that are made anyway: whether there is anything to ask of what is held. It takes `now`."""


def holding(now: datetime) -> list[Quiz]:
    """The quizzes in use that keep their keys closed and aren't over."""
    return [quiz for quiz in db.session.scalars(HOLDING, {"now": now}) if quiz.rules.closed_keys]


def open_elsewhere(quiz: Quiz, now: datetime) -> list[tuple[Quiz, int]]:
    """The quizzes that ask questions of this one and would show what is right before it is over, if it keeps its keys
    closed, with the number of those questions."""
    if not holds(quiz, now):
        return []
    mine = drawable_ids(quiz)
    others = [(one, len(mine & drawable_ids(one))) for one in of_same_banks(quiz) if not one.rules.closed_keys]
    return [(one, count) for one, count in others if count]


def held_elsewhere(quiz: Quiz, now: datetime) -> list[tuple[Quiz, int]]:
    """The other quizzes that hold questions of this one now, with the number of those questions."""
    mine = drawable_ids(quiz)
    others = [(one, len(held_by([one], mine))) for one in of_same_banks(quiz) if holds(one, now)]
    return [(one, count) for one, count in others if count]


def score_waits(quiz: Quiz, now: datetime) -> bool:
    """Whether the score that this quiz shows right after handing in would have to wait, as another one holds a question
    of it now."""
    if not moment_reached(quiz.rules.when("marks"), submitted=True, closed=False):
        return False
    near = [one for one in holding(now) if one.id != quiz.id]
    return bool(near and held_by(near, drawable_ids(quiz)))


def holds(quiz: Quiz, now: datetime) -> bool:
    """Whether a quiz in use keeps its keys closed and isn't over."""
    return quiz.rules.closed_keys and not quiz.is_closed(now)


def of_same_banks(quiz: Quiz) -> list[Quiz]:
    """The other quizzes in use that draw from a bank of this one."""
    banks = [bank for slug in {source["bank"] for source in quiz.sources} if (bank := by_slug(slug))]
    return list({one.id: one for bank in banks for one in drawing_from(bank) if one.id != quiz.id}.values())


def drawable_ids(quiz: Quiz) -> set[int]:
    """The questions that a quiz can draw; of a frozen one, what it has frozen."""
    if quiz.frozen_at is not None:
        return set(db.session.scalars(frozen(quiz).with_only_columns(Question.id)))
    return {question for (question,) in rows_of_all([ids_of(source, quiz) for source in quiz.sources])}


def by_slug(slug: str) -> Bank | None:
    return db.session.scalar(select(Bank).where(Bank.slug == slug))
