"""What graders do: give a grade, to one response or to all that say the same, and keep what they have begun.

What every action guarantees: when it returns, it is committed; when it raises, nothing has changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from quizapp.accounts.models import User
from quizapp.attempts import actions as attempts
from quizapp.attempts.models import Slot
from quizapp.attempts.queries import hold
from quizapp.db import atomic, db
from quizapp.gradebook import queries
from quizapp.gradebook.models import GradeDraft, SavedComment

MAX_COMMENT = 5000


def grade(
    slot: Slot, points: float, comment: str, by: User, now: datetime, *, seen: int, reason: str = "",
    also: Iterable[tuple[Slot, int]] = (),
) -> tuple[int, int]:  # fmt: skip
    """Give the points. `seen` is the number that the slot had on the grader's page; `also` are other responses that
    say the same, each with its number, which are passed over where somebody else was faster.

    How many were graded, and how many passed over. Raises ScoredMeanwhile if this one has changed since it was seen.
    """
    done, passed_over, also = 1, 0, list(also)
    with atomic():
        hold([slot.id, *(other.id for other, _number in also)])
        attempts.grade(slot, points / slot.max_mark, comment, by, now, seen=seen, reason=reason)
        forget_draft(slot, by)
        for other, number in also:
            try:
                attempts.grade(other, points / slot.max_mark, comment, by, now, seen=number)
                done += 1
            except attempts.ScoredMeanwhile:
                passed_over += 1
    return done, passed_over


def keep_draft(slot: Slot, points: float | None, comment: str, by: User, now: datetime) -> None:
    """What the grader has begun, in place of what was kept before."""
    with atomic():
        kept = queries.draft(slot, by)
        if kept is None:
            db.session.add(GradeDraft(slot_id=slot.id, user_id=by.id, points=points, comment=comment, at=now))
        else:
            kept.points, kept.comment, kept.at = points, comment, now


def forget_draft(slot: Slot, by: User) -> None:
    with atomic():
        db.session.execute(delete(GradeDraft).where(GradeDraft.slot_id == slot.id, GradeDraft.user_id == by.id))


def keep_comment(slot: Slot, text: str, by: User, now: datetime) -> None:
    """Keep a comment for the other responses to this question; one that is there already comes first again. The
    oldest goes where there are too many."""
    with atomic():
        known = queries.comments(slot, by)
        for one in known:
            if one.text == text:
                one.used_at = now
                return
        for one in known[queries.MOST_COMMENTS - 1 :]:
            db.session.delete(one)
        of = slot.question_id
        db.session.add(SavedComment(user_id=by.id, question_id=of, text=text, used_at=now))


def forget_comment(comment_id: int, by: User) -> None:
    with atomic():
        found = db.session.scalar(
            select(SavedComment).where(SavedComment.id == comment_id, SavedComment.user_id == by.id)
        )
        if found is not None:
            db.session.delete(found)
