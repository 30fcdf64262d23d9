"""The fold of a record: what beats what, what an undo leaves, and what is earned by tries and hints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from quizapp.kinds import KINDS
from quizapp.rules import behaviours, scores
from quizapp.rules.accepting import ANY_OF, accepted, as_stored, meanings
from quizapp.rules.scores import Row, SlotStanding, Try, fold

A, B = {"choice": "a"}, {"choice": "b"}


def learner(response: Any = A, fraction: float | None = 0.0, **detail: Any) -> Row:
    return Row("learner", response, fraction, detail=detail or None)


def check(response: Any = A, fraction: float | None = 0.0) -> Row:
    return Row("check", response, fraction)


def regrade(batch: int, fraction: float | None, policy: str = "again", *, keep_higher: bool = False) -> Row:
    return Row("regrade", A, fraction, detail={"policy": policy, "keep_higher": keep_higher}, batch_id=batch)


def undo(batch: int) -> Row:
    return Row("undo", A, batch_id=batch)


def at(seq: int, row: Row) -> Row:
    return replace(row, seq=seq)


def about(source: str, of: int) -> Row:
    return Row(source, detail={"of": of})


def admit(of: int) -> Row:
    return Row("admit", B, 1.0, detail={"of": of})


def back(of: int) -> Row:
    return about("undo", of)


def test_nothing_is_nothing() -> None:
    assert fold([]) == SlotStanding()


def test_the_newest_response_stands() -> None:
    found = fold([learner(A, 1.0, certainty=3), learner(B, 0.0, certainty=1)])
    assert (found.response, found.fraction, found.certainty, found.answered) == (B, 0.0, 1, True)
    assert not fold([learner(A, 1.0), learner(None, 0.0)]).answered


FRACTIONS = {
    "as it was": ([learner(A, 0.5)], 0.5),
    "regraded": ([learner(A, 0.5), regrade(1, 1.0)], 1.0),
    "regraded down": ([learner(A, 0.5), regrade(1, 0.0)], 0.0),
    "kept, as it was higher": ([learner(A, 0.5), regrade(1, 0.0, keep_higher=True)], 0.5),
    "full marks": ([learner(B, 0.0), regrade(1, 1.0, "full")], 1.0),
    "a grade beats a regrade that came before": ([learner(), regrade(1, 1.0), Row("grader", A, 0.3)], 0.3),
    "and one that came after": ([learner(), Row("grader", A, 0.3), regrade(1, 1.0)], 0.3),
    "the later of two grades": ([learner(), Row("grader", A, 0.3), Row("grader", A, 0.4)], 0.4),
    "an override beats a grade after it": ([learner(), Row("override", A, 0.9), Row("grader", A, 0.3)], 0.9),
    "undone": ([learner(A, 0.25), regrade(1, 1.0), undo(1)], 0.25),
    "undone under a later one that kept it": (
        [learner(A, 0.2), regrade(1, 0.8), regrade(2, 0.6, keep_higher=True), undo(1)], 0.6,
    ),
    "undone above an earlier one": ([learner(A, 0.2), regrade(1, 0.8), regrade(2, 0.6), undo(2)], 0.8),
    "undone and done again": ([learner(A, 0.2), regrade(1, 0.8), undo(1), regrade(2, 0.8)], 0.8),
    "a late response counts for nothing": ([learner(A, 0.5), Row("late", B, 1.0)], 0.5),
    "until it is admitted": ([learner(A, 0.5), Row("late", B, 1.0), Row("admit", B, 1.0)], 1.0),
    "and again not, once that is taken back": (
        [at(1, learner(A, 0.5)), at(2, Row("late", B, 1.0)), at(3, admit(2)), at(4, back(3))], 0.5,
    ),
    "nor what was said of it meanwhile": (
        [at(1, learner(A, 0.5)), at(2, Row("late", B, None)), at(3, admit(2)), at(4, Row("grader", B, 0.8)),
         at(5, back(3))], 0.5,
    ),
    "what is said after that counts": (
        [at(1, learner(A, None)), at(2, Row("late", B, None)), at(3, admit(2)), at(4, back(3)),
         at(5, Row("grader", A, 0.3))], 0.3,
    ),
    "admitted anew, it counts": (
        [at(1, learner(A, 0.5)), at(2, Row("late", B, 1.0)), at(3, admit(2)), at(4, back(3)), at(5, admit(2))], 1.0,
    ),
    "declined, it doesn't": ([at(1, learner(A, 0.5)), at(2, Row("late", B, 1.0)), at(3, about("decline", 2))], 0.5),
    "a grade is for its response": ([learner(A, None), Row("grader", A, 0.3), Row("admit", B, None)], None),
    "and outlasts that response being checked": ([learner(A, None), Row("grader", A, 0.3), check(A, None)], 0.3),
    "a regrade is for its response": ([learner(A, 0.0), regrade(1, 1.0), learner(B, 0.5)], 0.5),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "fraction"), FRACTIONS.values(), ids=FRACTIONS.keys())
def test_what_counts(rows: list[Row], fraction: float | None) -> None:
    assert fold(rows).fraction == fraction


def test_a_dropped_question_counts_neither_way() -> None:
    rows = [learner(A, 1.0), regrade(1, None, "drop")]
    assert fold(rows).dropped
    assert fold([*rows, undo(1)]) == fold(rows[:1])
    assert not fold([*rows, regrade(2, 1.0)]).dropped
    assert not fold([*rows, Row("override", A, 1.0)]).dropped
    assert fold([*rows, Row("grader", A, 0.5)]).dropped
    assert scores.total([(1.0, 2.0, True, True), (0.5, 3.0, True, False), (None, 1.0, True, False)]) == scores.Total(
        1.5, 4.0, 1
    )


def test_a_comment_is_the_grader_s_or_who_set_the_score() -> None:
    graded = Row("grader", A, 0.3, "Nearly")
    assert fold([learner(), graded]).comment == "Nearly"
    assert fold([learner(), graded, Row("override", A, 1.0)]).comment == "Nearly"
    assert fold([learner(), graded, Row("override", A, 1.0, "Agreed")]).comment == "Agreed"


def adaptive(tries: Any, hints: int) -> float:
    """A third less for each earlier try, and a tenth for each hint; never less by going on."""
    return max((one.fraction or 0) - place / 4 for place, one in enumerate(tries)) - hints / 8


def test_tries_and_hints_are_what_a_behaviour_is_asked_with() -> None:
    rows = [check(A, 0.0), Row("hint", A), learner(B, 1.0)]
    found = fold(rows, adaptive)
    assert (found.tries, found.hints, found.checked, found.fraction) == (1, 1, False, 0.625)
    found = fold([*rows, check(B, 1.0)], adaptive)
    assert (found.tries, found.checked, found.fraction) == (2, True, 0.625)


def test_a_regrade_scores_every_try_again() -> None:
    rows = [check(A, 0.0), check(B, 1.0)]

    def mended(response: Any) -> float:
        return 1.0 if response == A else 0.0

    assert scores.by_policy(rows, "again", mended, adaptive) == 1.0
    assert scores.by_policy(rows, "again", mended) == 0.0
    assert scores.by_policy(rows, "full", mended) == 1.0
    assert scores.by_policy(rows, "drop", mended) is None
    assert scores.by_policy([], "again", mended) == 0.0


def test_an_accepted_answer_counts_for_everybody_who_gave_it() -> None:
    def nothing(_response: Any) -> float:
        return 0.0

    both = meanings([{"text": "Sam  Altman"}, {"text": "Samuel"}])
    for text, earned in ((" sam altman ", 1.0), ("samuel", 1.0), ("Sam", 0.0)):
        assert scores.by_policy([learner({"text": text})], "accept", nothing, accepted=both) == earned
    assert scores.by_policy([learner({"text": "Samuel"})], "accept", nothing) == 0.0


def test_one_accepted_answer_is_stored_as_it_always_was_and_several_by_a_key_that_no_answer_has() -> None:
    assert as_stored(()) is None
    assert as_stored((A,)) == A
    for some in ((), (A,), (A, B)):
        assert accepted(as_stored(some)) == some
    bodies = [(kind, body) for kind in KINDS.values() for body in (kind.EXAMPLE, kind.OTHER)]
    assert all(ANY_OF not in (kind.solution(body, "ko") or {}) for kind, body in bodies)


def test_a_try_has_what_was_given() -> None:
    seen: list[Try] = []
    fold([check(A, 0.0), learner(B, 1.0, certainty=2)], lambda tries, _hints: seen.extend(tries) or 0.0)
    assert seen == [Try(A, 0.0), Try(B, 1.0, 2)]


TRIES = {
    "none": ([], (None, None, None, None)),
    "one": ([0.5], (0.5, 0.5, 0.5, 0.5)),
    "up and down": ([0.25, 1.0, 0.5, 0.25], (1.0, 0.5, 0.25, 0.25)),
    "the first waits": ([None, 0.5, 1.0], (1.0, 0.75, None, 1.0)),
    "the last waits": ([0.0, 0.5, None], (0.5, 0.25, 0.0, None)),
    "all wait": ([None, None], (None, None, None, None)),
    "nothing is a score too": ([0.0, None, 0.0], (0.0, 0.0, 0.0, 0.0)),
}
"""Shares of several tries, and what counts of them: the highest, the average, the first, the last."""


@pytest.mark.parametrize(("shares", "counts"), TRIES.values(), ids=TRIES.keys())
def test_what_counts_of_several_tries(shares: list[float | None], counts: tuple[float | None, ...]) -> None:
    methods = ("highest", "average", "first", "last")
    assert tuple(scores.of_tries(method, shares) for method in methods) == counts


def late(row: Row) -> Row:
    return replace(row, after_due=True)


HALF = behaviours.credited(scores.last, 0.5)
AFTER_DUE = {
    "in time": ([learner(A, 1.0)], 1.0),
    "late": ([late(learner(A, 1.0))], 0.5),
    "changed after the due date": ([learner(A, 0.8), late(learner(B, 1.0))], 0.5),
    "and changed back": ([learner(A, 1.0), late(learner(B, 0.0)), late(learner(A, 1.0))], 0.5),
    "given in time, made final late": ([learner(A, 1.0), late(check(A, 1.0))], 1.0),
    "a loss isn't made smaller": ([late(learner(A, -0.5))], -0.5),
    "a person's grade is what it says": ([late(learner(A, None)), Row("grader", A, 0.8)], 0.8),
    "what waits, waits": ([late(learner(A, None))], None),
    "admitted: by when it came": (
        [at(1, Row("late", A, 1.0)), late(at(2, Row("admit", A, 1.0, detail={"of": 1})))], 1.0,
    ),
    "admitted, and late already then": (
        [late(at(1, Row("late", A, 1.0))), late(at(2, Row("admit", A, 1.0, detail={"of": 1})))], 0.5,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "fraction"), AFTER_DUE.values(), ids=AFTER_DUE.keys())
def test_what_is_late_earns_a_share(rows: list[Row], fraction: float | None) -> None:
    assert fold(rows, HALF).fraction == fraction


def test_what_is_late_stays_late_when_it_is_scored_anew() -> None:
    rows = [late(learner(A, 0.0))]
    assert scores.by_policy(rows, "again", lambda _response: 1.0, HALF) == 0.5
    assert scores.by_policy(rows, "accept", lambda _response: 0.0, HALF, meanings([A])) == 0.5
    assert scores.by_policy(rows, "full", lambda _response: 0.0, HALF) == 1.0


def test_late_tries_are_credited_each_by_its_own_time() -> None:
    """Tries of a question with hints: the first in time, the second after the due date."""
    earn = behaviours.credited(behaviours.adaptive(0.1), 0.5)
    assert fold([check(A, 0.2), late(check(B, 1.0))], earn).fraction == pytest.approx(0.4)


def test_what_was_decided_of_late_responses() -> None:
    rows = [at(1, Row("late", A)), at(2, Row("late", B)), at(3, admit(1)), at(4, about("decline", 2)), at(5, back(3))]
    assert {seq: row and row.source for seq, row in scores.decided(rows).items()} == {1: None, 2: "decline"}
    again = scores.decided([*rows, at(6, admit(1))])
    assert {seq: row and row.seq for seq, row in again.items()} == {1: 6, 2: 4}
