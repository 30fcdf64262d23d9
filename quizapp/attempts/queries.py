"""Reads of attempts. Everything is looked up with its owner: somebody else's is not found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Load, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from quizapp.attempts import record
from quizapp.attempts.audit import wrong_scores as wrong_scores
from quizapp.attempts.disclosure import disclosure_rules, held_places, quiz_taken_id, slot_reveal
from quizapp.attempts.models import MOVED, RESCORES, Answer, Attempt, AttemptEvent, Slot
from quizapp.attempts.record import is_after_due, rows_of
from quizapp.attempts.rescored import Rescored, rescored
from quizapp.banks.models import QuestionVersion
from quizapp.banks.queries import items_of
from quizapp.courses.models import Course
from quizapp.db import db, listed, locked
from quizapp.errors import N_, NotFound, QuizError
from quizapp.formats.items import Item
from quizapp.quizzes.held import IS_NEAR, held, held_beside
from quizapp.quizzes.models import Quiz
from quizapp.rules import scores
from quizapp.rules.modes import Reveal, moment_reached

QUIZ_COLUMNS = (Quiz.public_id, Quiz.title, Quiz.course_id, Quiz.settings, Quiz.ends_at, Quiz.released_at)
"""What the page of an attempt needs of its quiz: its name, and what shows when."""
OWN_ATTEMPT = (
    select(Attempt, Quiz, Course)
    .outerjoin(Attempt.quiz)
    .outerjoin(Quiz.course)
    .where(Attempt.public_id == bindparam("attempt"), Attempt.user_id == bindparam("user"))
    .options(
        # A course's page is large, and no question shows it.
        Load(Quiz).load_only(*QUIZ_COLUMNS),
        Load(Course).load_only(Course.slug, Course.title),
    )
)


def attempt(public_id: str, user_id: int) -> Attempt:
    """The user's own attempt, with its quiz and course. Raises NotFound."""
    row = db.session.execute(OWN_ATTEMPT, {"attempt": public_id, "user": user_id}).first()
    if row is None:
        raise gone(public_id, user_id)
    return of_course(*row)


def of_course(found: Attempt, quiz: Quiz | None, course: Course | None) -> Attempt:
    """An attempt with what belongs to it and was read beside it."""
    set_committed_value(found, "quiz", quiz)
    if quiz is not None:
        set_committed_value(quiz, "course", course)
    return found


class Moved(QuizError):
    """The attempt goes on on another device; this one is told."""

    status = 410
    template = N_("This attempt continues on another device, where the personal code was entered. It has ended here.")


def gone(public_id: str, user_id: int) -> QuizError:
    """Why an attempt isn't this user's: it has moved to another device, or it never was."""
    details = db.session.scalars(
        select(AttemptEvent.detail)
        .join(Attempt, Attempt.id == AttemptEvent.attempt_id)
        .where(Attempt.public_id == public_id, AttemptEvent.kind == MOVED)
    )
    return Moved() if any(one.get("from") == user_id for one in details) else NotFound()


class SlotOverview(NamedTuple):
    """A slot as the overview shows it. Not a model: a page has many of them, and only looks."""

    position: int
    answered: bool
    flagged: bool
    state: str
    """What may be said of it: empty, answered, or, once that may be seen, waiting, right, partial or wrong."""


# Of the tables, not of the models, where a page only looks; and each statement is made once: to make it anew for each
# request costs more than its execution.
SLOTS, ATTEMPTS, QUIZZES, COURSES, VERSIONS = (
    cast("Table", one.__table__) for one in (Slot, Attempt, Quiz, Course, QuestionVersion)
)
PLACE = SLOTS.alias("places")
ROWS = listed(
    *(PLACE.c[name] for name in ("position", "answered", "flagged", "fraction")),
    record.after_due(PLACE.c.saved_at), PLACE.c.checked_at.is_not(None),
)  # fmt: skip
OVERVIEW = select(ROWS).where(PLACE.c.attempt_id == ATTEMPTS.c.id, ATTEMPTS.c.id == bindparam("attempt"))
Rows = Sequence[tuple[int, bool, bool, float | None, bool, bool]]
"""What the overview is made of: of each slot the position, whether it is answered and flagged, its fraction, whether
that is late, and whether it is checked."""


class Overview(list[SlotOverview]):
    """The slots of an attempt in order, and how many of them are answered."""

    @cached_property
    def answered(self) -> int:
        return sum(one.answered for one in self)

    def next_empty(self, position: int) -> int | None:
        """The next place without an answer after this one, or from the beginning; None where all are answered."""
        empty = [one.position for one in self if not one.answered]
        return next((one for one in empty if one > position), empty[0] if empty else None)


def overview(of: Attempt, held: Collection[int] = (), rows: Rows | None = None) -> Overview:
    """The slots of an attempt that goes on, in order, with what the overview shows and no more.

    `held`: the places of questions that tell nothing now. `rows`: where they were read before.
    """
    if rows is None:
        rows = cast("Rows", db.session.scalar(OVERVIEW, {"attempt": of.id}) or ())
    when, submitted = disclosure_rules(of).when("correctness"), of.submitted_at is not None
    shown = {
        checked: moment_reached(when, submitted=submitted, checked=checked, closed=False) for checked in (False, True)
    }
    credit = of.rules.late_credit
    return Overview(
        SlotOverview(
            place, bool(answered), bool(flagged),
            state_of(answered, share, shown[bool(checked)] and place not in held, credit if late else None),
        )
        for place, answered, flagged, share, late, checked in sorted(rows)
    )  # fmt: skip


def reveals(of: Sequence[Attempt], now: datetime) -> dict[int, Reveal]:
    """What the learner may see now of each question of these attempts, by the ids of the slots."""
    asked = {slot.id: (quiz_taken_id(one), slot.question_id) for one in of for slot in one.slots}
    back = held_beside(set(asked.values()), now)
    return {slot.id: slot_reveal(slot, now, asked[slot.id] in back) for one in of for slot in one.slots}


def late_credit(of: Attempt, saved_at: datetime | None) -> float | None:
    """The share of its points that a response can earn that was given after the due date; None where it was in time."""
    return of.rules.late_credit if saved_at is not None and is_after_due(of, saved_at) else None


def state_of(answered: bool, fraction: float | None, shown: bool, credit: float | None = None) -> str:
    if not answered:
        return "empty"
    if not shown:
        return "answered"
    return outcome(fraction, credit)


def outcome(fraction: float | None, credit: float | None = None) -> str:
    """What a fraction says of a response that could earn no more than `credit`, where that is said."""
    most = 1 if credit is None else credit
    if fraction is None:
        return "waiting"
    return "right" if fraction >= most > 0 else "partial" if fraction > 0 else "wrong"


def one_slot() -> Any:
    """A slot, its attempt and what it asks, for `joined`: side by side, as SQLAlchemy takes longer to see which belongs
    to which than for all the rest of the row."""
    asked = QuestionVersion.question_id, QuestionVersion.hash
    return select(Slot, Attempt, *asked).join(Slot.attempt).join(Slot.version)


def joined(row: Any) -> Slot:
    """The slot of a row, with what belongs to it."""
    slot, attempt, question_id, hash, *_more = row
    set_committed_value(slot, "attempt", attempt)
    slot.known = question_id, items_of([(slot.version_id, hash)])[slot.version_id]
    return slot


def newest(slot: Slot) -> Slot:
    """The slot as it stands now, locked with its attempt until the commit. Whoever writes several slots holds all of
    them before."""
    return joined(db.session.execute(locked(one_slot().where(Slot.id == slot.id), Slot, Attempt)).one())


def hold(ids: Iterable[int]) -> None:
    """Lock these slots with their attempts until the commit, in the order of their ids, whoever writes several."""
    db.session.execute(locked(one_slot().where(Slot.id.in_(list(ids))).order_by(Slot.id), Slot, Attempt))


OF_THEIRS = (
    Attempt.public_id == bindparam("attempt"), Slot.position == bindparam("position"),
    Attempt.user_id == bindparam("user"),
)  # fmt: skip
LEFT_OUT = (
    Attempt.lesson_id, Attempt.sitter_id, Attempt.given, Attempt.max_mark, Attempt.waiting, Attempt.keep_until,
    Attempt.mark_held,
)  # fmt: skip
"""What neither a question's page nor an answer to it needs to know of the attempt."""
OWN_SLOT = one_slot().where(*OF_THEIRS).options(*(Load(Attempt).defer(column) for column in LEFT_OUT))
TO_WRITE = locked(one_slot().where(*OF_THEIRS), Slot, Attempt)
TO_SHOW = (
    OWN_SLOT.add_columns(
        Quiz, Course, select(ROWS).where(PLACE.c.attempt_id == ATTEMPTS.c.id).correlate(ATTEMPTS).scalar_subquery()
    )
    .outerjoin(Attempt.quiz)
    .outerjoin(Quiz.course)
    .options(
        # A course's page is large, and no question shows it.
        Load(Quiz).load_only(*QUIZ_COLUMNS, raiseload=True),
        Load(Course).load_only(Course.slug, Course.title, raiseload=True),
    )
)


def slot(attempt_public_id: str, position: int, user_id: int, *, for_writing: bool = False) -> Slot:
    """One question of the user's own attempt. Raises NotFound."""
    return joined(own_row(TO_WRITE if for_writing else OWN_SLOT, attempt_public_id, position, user_id))


@dataclass(frozen=True)
class Opened:
    """A question on its page: its slot, with the quiz and the course, and the rows of all slots, for the overview."""

    slot: Slot
    rows: Rows


def opened(attempt_public_id: str, position: int, user_id: int) -> Opened:
    """One question of the user's own attempt, to show. Raises NotFound."""
    *of_slot, quiz, course, rows = own_row(TO_SHOW, attempt_public_id, position, user_id)
    found = joined(of_slot)
    of_course(found.attempt, quiz, course)
    return Opened(found, rows)


def own_row(statement: Any, attempt_public_id: str, position: int, user_id: int) -> Any:
    values = {"attempt": attempt_public_id, "position": position, "user": user_id}
    found = db.session.execute(statement, values).first()
    if found is None:
        raise gone(attempt_public_id, user_id)
    return found


ALL_SLOTS = select(Slot).where(Slot.attempt_id == bindparam("attempt")).order_by(Slot.position)
SCORED_OTHERWISE = select(Answer.id).where(Answer.slot_id == Slot.id, RESCORES).correlate(Slot).exists()
"""By an index of such rows alone: a question may have been answered often."""
WITH_ITEMS = ALL_SLOTS.join(Slot.version).add_columns(QuestionVersion.question_id, QuestionVersion.hash)
TO_LOOK_BACK = WITH_ITEMS.add_columns(SCORED_OTHERWISE, IS_NEAR)


def slots(attempt_id: int) -> Sequence[Slot]:
    """Every slot of an attempt, in order."""
    return db.session.scalars(ALL_SLOTS, {"attempt": attempt_id}).all()


def slots_with_items(attempt_id: int) -> list[tuple[Slot, int, Item]]:
    """Every slot of an attempt in order, with the id of its question and the version that was asked, as an item."""
    rows = db.session.execute(WITH_ITEMS, {"attempt": attempt_id}).all()
    items = items_of((slot.version_id, hash) for slot, _question, hash in rows)
    return [(slot, question_id, items[slot.version_id]) for slot, question_id, _hash in rows]


class ResultSlot(NamedTuple):
    """A slot of an attempt that is over, with the id of its question and the version that was asked, as an item.

    `rescored`: why it is scored otherwise than by its own key, where it is. `held`: another examination holds it back.
    """

    slot: Slot
    question_id: int
    item: Item
    rescored: Rescored | None
    held: bool


def result_slots(of: Attempt, now: datetime) -> list[ResultSlot]:
    """Every slot of an attempt that is over, in order. One statement where nothing is rescored and no exam is near."""
    rows = db.session.execute(TO_LOOK_BACK, {"attempt": of.id, "now": now}).all()
    is_near = any(near for *_row, near in rows)
    back = held({question for _slot, question, *_more in rows}, now, quiz_taken_id(of)) if is_near else ()
    items = items_of((slot.version_id, hash) for slot, _question, hash, *_more in rows)
    otherwise = {slot.id: items[slot.version_id] for slot, _question, _hash, changed, _near in rows if changed}
    why = rescored(of, otherwise)
    for slot, *_more in rows:
        set_committed_value(slot, "attempt", of)
    return [
        ResultSlot(slot, question, items[slot.version_id], why.get(slot.id), question in back)
        for slot, question, *_more in rows
    ]


def late_responses(attempt_id: int) -> list[tuple[Slot, Answer, str]]:
    """The responses that came after the end, in the order of the questions, each with what was decided: "admit",
    "decline", or "" as long as nobody has."""
    rows = db.session.execute(
        select(Slot, Answer)
        .join(Answer, Answer.slot_id == Slot.id)
        .where(Slot.attempt_id == attempt_id, Answer.source == scores.LATE)
        .order_by(Slot.position, Answer.seq)
    ).all()
    of_slots = rows_of([slot.id for slot, _ in rows]) if rows else {}
    decisions = {slot_id: scores.decided(of_slot) for slot_id, of_slot in of_slots.items()}
    found = [(slot, row, decisions[slot.id][row.seq]) for slot, row in rows]
    return [(slot, row, decision.source if decision else "") for slot, row, decision in found]


def missed(of: Attempt, now: datetime) -> list[Slot]:
    """The slots of an attempt that didn't earn all their points, as far as the learner may see that now; those still
    to be graded are not among them, and neither is what a practice may not show."""
    held = held_places(of, now, to_practise=True)
    return [
        slot
        for slot in slots(of.id)
        if slot.position not in held
        and slot_reveal(slot, now).correctness
        and (not slot.answered or (slot.fraction is not None and slot.fraction < 1))
    ]


def everything_of(user_id: int) -> Sequence[Attempt]:
    """All attempts of a user with slots, answers and question versions: for the download of one's own data."""
    return db.session.scalars(
        select(Attempt)
        .where(Attempt.user_id == user_id)
        .options(
            joinedload(Attempt.quiz),
            selectinload(Attempt.slots).selectinload(Slot.answers),
            selectinload(Attempt.slots).joinedload(Slot.version, innerjoin=True).joinedload(QuestionVersion.question),
        )
        .order_by(Attempt.id)
    ).all()
