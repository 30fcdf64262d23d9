"""The life of an attempt: start, flag, hand in, practise, grade. Its answers are taken in `answering`.

What every action guarantees: when it returns, it is committed; when it raises, nothing has changed.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from quizapp import events
from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.accounts.queries import current
from quizapp.attempts import ending, queries, regrade_actions, tries
from quizapp.attempts.disclosure import is_mark_held, released
from quizapp.attempts.models import BEYOND_TRIES, GRADED, PRACTICE, PREVIEW, SURPLUS, Attempt, AttemptEvent, Slot
from quizapp.attempts.overdue import is_overdue
from quizapp.attempts.record import rows_of
from quizapp.attempts.record_actions import append, refold, total
from quizapp.db import atomic, db, each, locked
from quizapp.errors import N_, Conflict, NotFound
from quizapp.ids import seed
from quizapp.quizzes import freezing
from quizapp.quizzes import queries as quizzes
from quizapp.quizzes.models import Quiz, Sitter
from quizapp.quizzes.people_queries import NO_ALLOWANCE, Allowance, allowance_of
from quizapp.rules import drawing, marks
from quizapp.rules.drawing import DrawableQuestion
from quizapp.rules.scores import ADMIT, UNDO, decided


class NoFurtherAttempt(Conflict):
    """The tries are used up, or the quiz has closed."""


OPEN = ""
"""What is decided of a late response before anybody has, or once that is taken back."""


def start(
    user: User, quiz: Quiz, now: datetime, sitter: Sitter | None = None, given: dict[str, str] | None = None
) -> Attempt:
    """A new attempt that counts, or the one that is still going on. `sitter` and `given` say who sits there.

    Raises Conflict when the tries are used up, it is too early or too late, or the quiz has no questions; LoginNeeded
    where the user is gone, as a guest is who has just logged in.
    """
    with atomic():
        current(user)
        more = allowance_of(quiz.owner_id, user.id, sitter.number if sitter else None)
        hold_still(quiz, more, now)  # before its attempts, as whoever moves its times locks them
        running = tries.unfinished(user.id, quiz.id, for_writing=True)
        if running is not None and not running.is_over(now):
            return running
        if running is not None:
            close(running, now)
        refuse_too_many(user, quiz, more, sitter, now)
        refuse_outside(quiz, more, now)
        refuse_closed_banks(quiz)
        freezing.begins(quiz, now)
        attempt = new_attempt(user, quiz, GRADED, now)
        attempt.sitter_id, attempt.given = sitter.id if sitter else None, given or {}
        attempt.due_at = ending.due(attempt, quiz, more)
        attempt.late_from = ending.late_from(attempt, quiz, more)
        ending.clock_hidden(attempt, more)
        ending.keep_open(quiz, attempt)
        return fill(attempt, draw(quiz, attempt))


def hold_still(quiz: Quiz, more: Allowance, now: datetime) -> None:
    """Within a transaction: the quiz as it is now, and stays until the commit, so that whoever moves its times finds
    the attempt that begins. Beginners don't wait for one another, but for one who may freeze the quiz or prolong it."""
    alone = more != NO_ALLOWANCE or freezing.freezes(quiz, now)
    db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id), shared=not alone)).one()


def refuse_too_many(user: User, quiz: Quiz, more: Allowance, sitter: Sitter | None, now: datetime) -> None:
    """Raise Conflict where the tries are used up, or another one comes too early."""
    rules, sitter_id = quiz.rules, sitter.id if sitter else None
    allowed = tries.allowed(quiz, more, tries.further_tries(user.id, quiz.id, sitter_id))
    if allowed is not None and tries.graded_count(user.id, quiz.id, sitter_id) >= allowed:
        raise NoFurtherAttempt(N_("You have used up your tries at this quiz: %(count)s."), count=allowed)
    last = tries.last_begun(user.id, quiz.id, sitter_id) if rules.delay else None
    if last is not None and rules.delay and now < last + timedelta(hours=rules.delay):
        left = last + timedelta(hours=rules.delay) - now
        raise Conflict(
            N_("The next try can begin in %(minutes)s minutes."), minutes=-(-int(left.total_seconds()) // 60)
        )


def refuse_outside(quiz: Quiz, more: Allowance, now: datetime) -> None:
    """Raise Conflict before the quiz opens and after it has closed."""
    rules = quiz.rules
    if rules.opens_at is not None and now < rules.opens_at:
        raise Conflict(N_("This quiz isn't open yet. Come back when it opens."))
    if rules.closes_at is not None and now >= rules.closes_at + more.later:
        raise NoFurtherAttempt(N_("This quiz is closed, so it can no longer be started."))


def refuse_closed_banks(quiz: Quiz) -> None:
    """Raise Conflict if whoever made the quiz may not read what it draws from any more. What has begun goes on."""
    if quizzes.closed_banks(quiz):
        raise Conflict(
            N_(
                "This quiz draws from a question bank that isn't shared with its instructor any more, so it "
                "can't be started. Tell the instructor."
            )
        )


def preview(user: User, quiz: Quiz, now: datetime) -> Attempt:
    """The instructor's own look at a quiz, played like a learner's; it never counts. An earlier look is over.

    Raises Conflict when the quiz has no questions.
    """
    with atomic():
        running = tries.unfinished(user.id, quiz.id, PREVIEW, for_writing=True)
        if running is not None:
            close(running, now)
        refuse_closed_banks(quiz)
        attempt = new_attempt(user, quiz, PREVIEW, now)
        return fill(attempt, draw(quiz, attempt))


def practise(user: User, of: Attempt, now: datetime) -> Attempt:
    """A practice of what was missed in an attempt, with immediate feedback; it never counts.

    Raises Conflict when nothing was missed, or nothing that may be shown yet; NotFound for an attempt at no quiz.
    """
    if of.quiz is None:
        raise NotFound
    with atomic():
        current(user)
        missed = queries.missed(of, now)
        if not missed:
            raise Conflict(N_("You missed nothing there: there is nothing to practise."))
        running = tries.unfinished(user.id, of.quiz.id, PRACTICE, for_writing=True)
        if running is not None:
            close(running, now)
        attempt = new_attempt(user, of.quiz, PRACTICE, now)
        return fill(attempt, [(slot.version_id, slot.max_mark) for slot in missed])


def new_attempt(user: User, quiz: Quiz, purpose: str, now: datetime) -> Attempt:
    settings = dict(quiz.settings)
    if purpose == PRACTICE:
        settings |= {"feedback": "immediate", "shows": {}, "time_limit": None, "order": "free", "page": "one"}
    if purpose != GRADED:
        settings |= {"closes_at": None}
    attempt = Attempt(
        user_id=user.id, quiz_id=quiz.id, purpose=purpose, seed=seed(), settings=settings, started_at=now, max_mark=0
    )
    attempt.due_at = ending.due(attempt, quiz)
    return attempt


def draw(quiz: Quiz, attempt: Attempt) -> list[tuple[int, float]]:
    """The versions that an attempt asks, with their points: drawn and shuffled by its seed, none of them twice. Once a
    quiz is frozen, of what could be drawn then.

    No two that answer one another are among them, whatever their sources (`rules.drawing`). Where a source wants the
    unseen first, those that the learner hasn't met come before the others, and of these the ones met longest ago.
    """
    chance = random.Random(attempt.seed)  # noqa: S311 -- it has to be repeatable; the seed is the secret
    drawn: dict[DrawableQuestion, None] = {}
    frozen = quizzes.frozen_questions(quiz) if quiz.frozen_at is not None else None
    for number, source in enumerate(quiz.sources):
        can = quizzes.drawable_questions(source, quiz.reader_id) if frozen is None else frozen[number]
        found = [one for one in can if one not in drawn]
        order = chance.sample(found, len(found))
        if source.get("unseen"):
            met = tries.last_met(attempt.user_id, [one.id for one in order])
            order.sort(key=lambda one: met.get(one.id, 0))
        taken = set(drawing.draw(order, source.get("count"), drawn))
        drawn |= dict.fromkeys(one for one in found if one in taken)
    points = quizzes.points_of(one.version for one in drawn)
    versions = [(one.version, points[one.version]) for one in drawn]
    if quiz.rules.shuffle_questions:
        chance.shuffle(versions)
    return versions


def fill(attempt: Attempt, versions: Sequence[tuple[int, float]]) -> Attempt:
    """Store the attempt with one slot a question."""
    if not versions:
        raise Conflict(N_("This quiz has no questions at present. Tell its instructor."))
    attempt.max_mark = marks.possible(points for _, points in versions)
    db.session.add(attempt)
    db.session.flush()
    rows = [
        {"attempt_id": attempt.id, "position": position, "version_id": version_id, "max_mark": points}
        for position, (version_id, points) in enumerate(versions, 1)
    ]
    db.session.execute(insert(Slot), rows)
    return attempt


def go_on(attempt: Attempt, position: int) -> None:
    """Leave a question for the next one, where there is no way back. Done twice, it is done once."""
    with atomic():
        here = Attempt.id == attempt.id, Attempt.reached == position, Attempt.submitted_at.is_(None)
        there = select(Slot.id).where(Slot.attempt_id == attempt.id, Slot.position == position + 1).exists()
        db.session.execute(update(Attempt).where(*here, there).values(reached=position + 1))


def submit(user: User, attempt_id: str, now: datetime) -> Attempt:
    """Hand in: sum the marks and close. Handing in twice changes nothing. Raises NotFound, or Moved on a device that
    the attempt has left."""
    with atomic():
        attempt = db.session.scalar(
            locked(select(Attempt).where(Attempt.public_id == attempt_id, Attempt.user_id == user.id))
        )
        if attempt is None:
            raise queries.gone(attempt_id, user.id)
        close(attempt, now)
    return attempt


def close_overdue(now: datetime) -> int:
    """Hand in what is out of time; how many.

    Many processes may do it at once: what another one has under its lock, it hands in.
    """

    def hand_in(attempt_id: int) -> bool:
        mine = select(Attempt).where(Attempt.id == attempt_id, is_overdue(now))
        attempt = db.session.scalar(mine.with_for_update(skip_locked=True).execution_options(populate_existing=True))
        if attempt is not None:
            close(attempt, now)
        return attempt is not None

    return each(db.session.scalars(select(Attempt.id).where(is_overdue(now)).order_by(Attempt.due_at)).all(), hand_in)


def close(attempt: Attempt, now: datetime) -> None:
    """Within a transaction: fix the time and the mark, once."""
    if attempt.submitted_at is not None:
        return
    attempt.submitted_at = min(now, attempt.due_at) if attempt.due_at else now
    db.session.flush()
    regrade_actions.fold_in(attempt, now)
    total(attempt)
    attempt.mark_held = is_mark_held(attempt, now)
    db.session.flush()
    events.submitted.send(attempt, now=now)


class ScoredMeanwhile(Conflict):
    """Somebody else has set or changed this score since the page was made."""

    template = N_("The score of this answer was changed in the meantime.")


def grade(
    slot: Slot, fraction: float, comment: str, grader: User, now: datetime, *, seen: int | None = None, reason: str = ""
) -> None:
    """A person's grade for a response; an earlier one stays in the record. `fraction` is 0 to 1.

    `seen` is the number that the slot had when the grader looked at it: raises ScoredMeanwhile if it has changed.
    `reason` is why an earlier grade is changed.
    """
    by_person(slot, "grader", fraction, comment, grader, now, seen, reason)


def override(
    slot: Slot, fraction: float, comment: str, by: User, now: datetime, *, seen: int | None = None, reason: str = ""
) -> None:
    """A score that a person sets, whatever the key, a grader or a regrade says. Otherwise like `grade`."""
    by_person(slot, "override", fraction, comment, by, now, seen, reason)


def by_person(
    slot: Slot, source: str, fraction: float, comment: str, by: User, now: datetime, seen: int | None, reason: str
) -> None:
    with atomic():
        slot = queries.newest(slot)
        if seen not in (None, slot.seq):
            raise ScoredMeanwhile
        append(slot, source, now, by, fraction=fraction, comment=comment, detail={"reason": reason} if reason else None)
        refold(slot, now)
        act = {"grader": "grade"}.get(source, source)
        note(by, act, f"attempt {slot.attempt.public_id}: question {slot.position}", now)
        if source == "override":  # what only a person can score moves neither card nor level
            events.rescored.send({slot.attempt.user_id}, now=now)


def decide(slot: Slot, seq: int, what: str, by: User, now: datetime) -> None:
    """Admit a late response, decline it, or leave it open again: `seq` is the number of its row.

    Admitted, it is the answer, scored like any other; a decision that changes takes back the one before. Decided the
    same way twice, nothing happens. Raises NotFound.
    """
    with atomic():
        slot = queries.newest(slot)
        rows = rows_of([slot.id])[slot.id]
        standing = decided(rows)
        if seq not in standing:
            raise NotFound
        before = standing[seq]
        if what == (before.source if before else OPEN):
            return
        if before is not None:
            append(slot, UNDO, now, by, detail={"of": before.seq})
        if what != OPEN:
            late = next(row for row in rows if row.seq == seq)
            given = {"response": late.response, "fraction": late.fraction} if what == ADMIT else {}
            append(slot, what, now, by, detail=dict(late.detail or {}) | {"of": seq}, **given)
        refold(slot, now)
        note(by, what or "reconsider", f"attempt {slot.attempt.public_id}: question {slot.position}, answer {seq}", now)
        events.rescored.send({slot.attempt.user_id}, now=now)


def on_claimed(guest: User, user: User, now: datetime) -> None:
    """A guest's attempts become the account's, with the places on rosters; what is more than its tries is practice,
    which never counts."""
    current(user)
    db.session.execute(update(Sitter).where(Sitter.user_id == guest.id).values(user_id=user.id))
    for attempt in tries.beyond_limit(guest.id, user.id):
        shown = released(attempt, now)
        attempt.purpose = PRACTICE
        attempt.settings = attempt.settings | {BEYOND_TRIES: True}
        attempt.mark_held = not shown and (attempt.mark_held or is_mark_held(attempt, now))
        db.session.add(AttemptEvent(attempt_id=attempt.id, kind=SURPLUS, at=now))
    db.session.flush()
    db.session.execute(update(Attempt).where(Attempt.user_id == guest.id).values(user_id=user.id))
