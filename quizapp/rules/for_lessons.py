"""Which questions a lesson may ask: it shows the key at once, to everybody. Pure."""

from __future__ import annotations

from quizapp.errors import N_, Problem
from quizapp.kinds import KINDS

CHECK = "check"
"""The use of a question that is answered within a lesson, at once and ungraded. Others have none."""


def unknown(bank: str, key: str) -> Problem:
    return Problem(
        N_("The bank “%(bank)s” has no question “%(id)s”."), {"bank": bank, "id": key}, code="check-question"
    )


def unsuited(key: str, use: str, kind: str, *, retired: bool) -> Problem | None:
    """Why a lesson can't ask a question: it is archived, a quiz may draw it, or nobody is there to grade it."""
    values = {"id": key}
    if retired:
        mend = N_("Bring it back, or name another one.")
        return Problem(N_("The question “%(id)s” is a draft or archived."), values, code="check-archived", mend=mend)
    if use != CHECK:
        what = N_("“%(id)s” may be drawn by quizzes, and a check shows its answer.")
        mend = N_("Write a question of its own for the lesson, with “use: check”.")
        return Problem(what, values, code="check-use", mend=mend)
    if kind not in KINDS or KINDS[kind].MANUAL:
        return Problem(N_("“%(id)s” can't be answered and scored at once."), values, code="check-kind")
    return None
