"""Of several tries the same score counts in lists, figures, sheets, progress and on the learner's page."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import update

from quizapp import clock
from quizapp.attempts import actions, queries, tries
from quizapp.attempts.overdue import over
from quizapp.db import atomic, db
from quizapp.gradebook import figures, listing
from quizapp.quizzes.models import Quiz
from quizapp.rules import scores
from tests.conftest import user_of
from tests.gradebook.test_results import address, quiz, take, with_essay, write  # noqa: F401 -- fixtures
from tests.person import Person

METHODS = {"highest": 1.0, "average": 0.5, "first": 0.25, "last": 0.25}


def count_by(quiz: Quiz, method: str) -> Quiz:  # noqa: F811
    """The quiz, counting so from now on."""
    with atomic():
        db.session.execute(update(Quiz).where(Quiz.id == quiz.id).values(settings=quiz.settings | {"grade_by": method}))
    db.session.expire_all()
    return db.session.get_one(Quiz, quiz.id)


@pytest.mark.parametrize(("method", "share"), METHODS.items())
def test_it_is_the_same_everywhere(app: Flask, quiz: Quiz, method: str, share: float) -> None:  # noqa: F811
    learner, other = user_of("learner"), user_of("instructor")
    taken = [take(quiz, learner, pattern, later) for later, pattern in enumerate(("1000", "1111", "1000"))]
    take(quiz, other, "1100")
    quiz = count_by(quiz, method)
    now = clock.now()
    assert tries.quiz_scores(learner.id, now)[quiz.id] == tries.QuizScore(method, share, 3)
    ended = over(quiz.id, now)
    counted = figures.of_quiz(quiz, ended, versions=False)
    assert counted is not None
    assert (counted.best.attempts, counted.best.mean) == (2, pytest.approx((share + 0.5) / 2))
    rows, count = listing.page(ended, listing.Listing(what_counts=True, sort="low", method=method), 1)
    assert count == 2
    found = [row.attempt.share if row.score is None else row.score for row in rows]
    assert found == sorted((share, 0.5))
    shown = {"highest": 1, "average": 2, "first": 0, "last": 2}[method]
    assert taken[shown].public_id in [row.attempt.public_id for row in rows]
    searched, count = listing.page(ended, listing.Listing(what_counts=True, search="learner", method=method), 1)
    assert (count, len(searched)) == (1, 1)


@pytest.mark.parametrize(("method", "share"), METHODS.items())
def test_its_pages_and_its_sheet_say_so(
    quiz: Quiz,  # noqa: F811
    method: str,
    share: float,
    instructor: Person,
    learner: Person,
) -> None:
    for later, pattern in enumerate(("1000", "1111", "1000")):
        take(quiz, user_of("learner"), pattern, later)
    count_by(quiz, method)
    page = instructor.get(address(quiz, "?tries=counts"))
    assert f"{share * 100:g}%" in page.text
    rows = list(csv.reader(io.StringIO(instructor.send("GET", address(quiz, "/sheet.csv")).data.decode("utf-8-sig"))))
    column = rows[0].index("Percent that counts")
    assert sorted(row[column] for row in rows[1:]) == ["", "", str(share * 100)]
    own = learner.get(f"/quizzes/{quiz.public_id}").text
    words = {
        "highest": "the best one",
        "average": "the average of all",
        "first": "the first one",
        "last": "the last one",
    }
    assert f"Your score: {share * 100:.0f}% ({words[method]})." in own


def test_a_try_that_waits_is_no_score(with_essay: Quiz, instructor: Person, learner: Person) -> None:  # noqa: F811
    """Neither zero in an average, nor the last one's points so far."""
    user = user_of("learner")
    first = write(with_essay, user, right=True)
    slot = next(one for one in queries.slots(first.id) if one.fraction is None)
    actions.grade(slot, 1.0, "", user_of("instructor"), clock.now())
    write(with_essay, user, right=False)
    for method, share in {"highest": 1.0, "average": 1.0, "first": 1.0, "last": None}.items():
        fresh = count_by(with_essay, method)
        assert tries.quiz_scores(user.id, clock.now())[with_essay.id].share == share
        counted = figures.of_quiz(fresh, over(with_essay.id, clock.now()), versions=False)
        assert counted is not None
        assert (counted.best.mean, counted.best.waiting) == (share, 0 if share else 1)
        assert scores.of_tries(method, [1.0, None]) == share
    assert "Your score: waiting for a grade." in learner.get(f"/quizzes/{with_essay.public_id}").text
    assert "answer waiting" in instructor.get(address(with_essay, "?tries=counts")).text
