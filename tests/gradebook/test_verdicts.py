"""What a page says of an answer agrees with the score that counts, and says why where the key alone says otherwise."""

# ruff: noqa: F811 -- fixtures of another module

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import actions as attempts
from quizapp.attempts.models import Attempt, Slot
from quizapp.db import db
from quizapp.gradebook.actions import regrades
from quizapp.rules import scores
from tests.conftest import user_of
from tests.gradebook.test_regrades import mend, question, quiz, regrade, rule, six, sound  # noqa: F401 -- fixtures
from tests.gradebook.test_results import address
from tests.person import Page, Person


def told(page: Page) -> tuple[str, str]:
    """What the page says of the fourth question: the mark beside the option, and the rest below it."""
    (entry,) = page.tree.xpath("//*[@id='question-4']")
    mark = entry.xpath("string(.//*[contains(@class, 'compared')]//*[contains(@class, 'mark')])")
    return mark.strip(), " ".join(entry.xpath("string(.//*[contains(@class, 'feedback')])").split())


def both(app: Flask, number: int) -> tuple[Page, Page]:
    """The results of one of the six as the learner sees them, and as who grades them does."""
    attempt = db.session.scalars(select(Attempt).order_by(Attempt.id)).all()[number]
    assert attempt.quiz is not None
    learner, name, there = attempt.user, attempt.public_id, address(attempt.quiz, f"/attempts/{attempt.public_id}")
    return Person(app, learner).get(f"/attempts/{name}/results"), Person(app, user_of("instructor")).get(there)


POLICIES: dict[str, tuple[dict[str, Any], str, str]] = {
    "accept": ({"accepted": ({"choice": "b"},)}, "Right", "This answer was accepted as right too."),
    "full": ({}, "Right", "Everybody gets full points for this question"),
    "drop": ({}, "Doesn't count", "This question was dropped"),
}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_regrade_says_why_beside_the_answer(app: Flask, six: list[Attempt], policy: str) -> None:
    more, outcome, why = POLICIES[policy]
    for page in both(app, 0):
        assert told(page)[0] == "Wrong"
    done = regrade(question(), rule(question(), policy, **more))
    for page in both(app, 0):
        mark, words = told(page)
        assert mark == ""
        assert words.startswith(outcome)
        assert why in words
    regrades.undo(done, user_of("instructor"), clock.now())
    for page in both(app, 0):
        assert told(page)[0] == "Wrong"
        assert why not in page.text


def test_by_a_corrected_key_the_marks_and_the_right_answer_are_that_keys(app: Flask, six: list[Attempt]) -> None:
    """P0 chose b, which is right now; P1 chose a, which was."""
    mend(question())
    regrade(question(), rule(question()))
    why = "This was scored again by a corrected key."
    for page in both(app, 0):
        mark, words = told(page)
        assert mark == "Right"
        assert words.startswith("Right")
        assert why in words
    for page in both(app, 1):
        mark, words = told(page)
        assert (mark, "Right answer b" in words, why in words) == ("Wrong", True, True)


def test_who_was_wrong_by_both_keys_reads_the_corrected_one(app: Flask, six: list[Attempt]) -> None:
    mend(question(), "c")
    regrade(question(), rule(question()))
    for page in both(app, 0):
        assert "Right answer c" in told(page)[1]


def test_a_score_set_by_hand_says_so(app: Flask, six: list[Attempt]) -> None:
    slot = db.session.scalars(select(Slot).where(Slot.attempt_id == six[0].id, Slot.position == 4)).one()
    attempts.override(slot, 1.0, "Both can be right.", user_of("instructor"), clock.now())
    for page in both(app, 0):
        mark, words = told(page)
        assert mark == ""
        assert words.startswith("Right")
        assert "This score was set by hand" in words


def row(source: str, fraction: float | None, policy: str = "", *, keep: bool = False) -> scores.Row:
    return scores.Row(source, {"choice": "b"}, fraction, detail={"policy": policy, "keep_higher": keep})


@pytest.mark.parametrize(
    ("rows", "decides"),
    [
        ([row("learner", 0.0)], None),
        ([row("learner", 1.0), row("regrade", 0.0, "again", keep=True)], None),
        ([row("learner", 1.0), row("regrade", 1.0, "full")], None),
        ([row("learner", 0.0), row("regrade", 0.0, "again")], 1),
        ([row("learner", 0.0), row("regrade", 1.0, "full"), row("regrade", 0.0, "again", keep=True)], 1),
        ([row("learner", 0.0), row("regrade", 1.0, "full"), row("regrade", None, "drop")], 2),
        ([row("learner", 0.0), row("override", 0.5), row("regrade", 1.0, "full")], 1),
        ([row("learner", None), row("grader", 0.5)], 1),
    ],
)
def test_which_row_decides(rows: list[scores.Row], decides: int | None) -> None:
    assert scores.deciding(rows) is (None if decides is None else rows[decides])
