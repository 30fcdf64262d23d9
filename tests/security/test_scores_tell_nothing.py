"""Two sites that differ only in what the learner had right say the same until what is right may be seen.

Two questions, each of an objective of its own, are answered alike on two copies of a database. On one copy the first
answer is right and the second wrong, on the other it is the other way round: so the points are the same, which may show
before. Levels, forecasts, cards, lists and one's own data follow the questions, and must not. Where an examination
holds both, one may be all that is answered: then the points would tell as well.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from quizapp import clock, ids
from quizapp.attempts import actions as attempts
from quizapp.attempts import ending, queries
from quizapp.attempts.models import Attempt
from quizapp.banks import actions as banks
from quizapp.banks.models import QuestionVersion
from quizapp.banks.queries import bank as bank_of
from quizapp.courses.models import Course
from quizapp.db import atomic, db
from quizapp.formats.items import Item
from quizapp.permissions import ACCOUNT
from quizapp.quizzes import actions as quizzes
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.conftest import user_of
from tests.person import Person
from tests.security.test_order_tells_nothing import OWN, Said, difference, opened
from tests.security.test_permissions import address, routes
from tests.security.test_reading_writes_nothing import followed, moved

__all__ = ["moved"]

AFTER_CLOSING = {"feedback": "closed"}
POINTS_FIRST = {"feedback": "closed", "shows": {"marks": "after"}}
HELD = {"feedback": "immediate"}
CASES = {"after closing": (AFTER_CLOSING, 2), "points first": (POINTS_FIRST, 2), "held": (HELD, 2),
         "held, and one answered": (HELD, 1)}  # fmt: skip
"""The settings of the quiz, and how many of its questions are answered."""
OPEN = {"public", *ACCOUNT}
NAMES = ("first", "second")
DAYS = (timedelta(0), timedelta(days=2))


def item_of(name: str, right: str, objective: str) -> Item:
    choices = [{"id": one, "text": {"en": one.upper()}, "fraction": int(one == right)} for one in "ab"]
    return Item(id=name, kind="choice", stem={"en": f"The {name}?"}, response={"choices": choices},
                objectives=[objective])  # fmt: skip


def course() -> Course:
    return db.session.scalars(select(Course).where(Course.position == 0)).one()


def begun(settings: dict[str, Any]) -> None:
    """A quiz of the course with two questions, and the learner's attempt at it; an examination that holds them."""
    teacher, at = user_of("instructor"), clock.now()
    objectives = [one["id"] for one in course().content["objectives"][:2]]
    items = [item_of(name, right, objective) for name, right, objective in zip(NAMES, "ab", objectives, strict=True)]
    banks.import_items(teacher, "two", {"en": "Two"}, items, at)
    quiz, exam = (quizzes.create_quiz(teacher, bank_of("two"), 2, at) for _ in range(2))
    with atomic():
        quiz.course_id = course().id
        quiz.settings = {"shuffle_questions": False, "shuffle_choices": False, **settings}
        exam.settings = {"feedback": "closed" if settings == HELD else "deferred"}
    attempts.start(user_of("learner"), quiz, at)


def answered(count: int, at: datetime) -> None:
    """The same answers to so many questions, handed in."""
    attempt = db.session.scalars(select(Attempt)).one()
    for slot in queries.slots(attempt.id)[:count]:
        give_answer(user_of("learner"), attempt.public_id, slot.position, {"choice": "a"}, 0, at, check=True)
    attempts.submit(user_of("learner"), attempt.public_id, at)


def other_keys() -> None:
    """The keys of the two questions, the other way round."""
    db.session.execute(text("DROP TRIGGER question_versions_immutable"))
    for version in db.session.scalars(select(QuestionVersion).join(QuestionVersion.question)).all():
        if version.question.bank.slug == "two":
            turned = item_of(version.question.key, "ba"[NAMES.index(version.question.key)], version.question.objective)
            changed = update(QuestionVersion).where(QuestionVersion.id == version.id)
            db.session.execute(changed.values(content=turned.content()))
    db.session.commit()


@pytest.fixture(params=CASES, ids=lambda name: name.replace(", ", "-").replace(" ", "-"))
def sites(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Iterator[list[Flask]]:
    one, other = (tmp_path / f"{name}.sqlite3" for name in ("one", "other"))
    shutil.copy(sqlite_template, one)
    settings, count = CASES[request.param]
    with opened(f"sqlite:///{one}") as app, app.app_context():
        begun(settings)
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    shutil.copy(one, other)
    at = clock.now()
    found = []
    for path, change in ((one, lambda: None), (other, other_keys)):
        with opened(f"sqlite:///{path}") as app, app.app_context():
            change()
            answered(count, at)
            found.append(app)
    yield found
    for app in found:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def said(app: Flask) -> Said:
    """Everything that the learner can ask for: every address, the links of its page, and the forms that tell."""
    found: Said = {}
    learner = Person(app, user_of("learner"))
    attempt = db.session.scalars(select(Attempt).order_by(Attempt.id)).first() or Attempt()
    token = learner.token()

    def ask(method: str, url: str, **fields: Any) -> str:
        data = {"csrf_token": token, **fields} if method == "POST" else None
        reply = learner.send(method, url, data=data, follow_redirects=True)
        found[f"{len(found)} {method} {url}"] = (reply.status_code, OWN.sub(r"\1", reply.get_data(as_text=True)))
        return reply.get_data(as_text=True) if reply.mimetype == "text/html" else "<p>"

    values = {"attempt_id": attempt.public_id, "position": 1, "public_id": attempt.quiz.public_id,
              "slug": course().slug, "lesson_slug": course().lessons[0].slug}  # fmt: skip
    own = f"/attempts/{attempt.public_id}"
    for place in (1, 2):
        ask("POST", f"{own}/questions/{place}/note", note="A note.")
        ask("POST", f"{own}/questions/{place}/challenge", kind="answer", text="It counts.")
        ask("POST", f"/review{own}/questions/{place}/repair", do="again")
        ask("POST", f"{own}/questions/{place}", seq="1", choice="b", do="check")
    ask("POST", "/review/attempts")
    ask("POST", f"{own}/practice")
    seen: set[str] = set()
    for method, rule in routes(app):
        if method == "GET" and app.view_functions[rule.endpoint].permission in OPEN:  # type: ignore[attr-defined]
            url = address(rule, values)
            links = {one for one in followed(ask("GET", url)) if one.startswith(("/attempts", "/review", "/notes"))}
            for link in sorted(links - seen):
                ask("GET", link)
            seen |= links
    return found


def test_nothing_tells_which_answer_was_right(sites: list[Flask], moved: Callable[[timedelta], None]) -> None:
    """Once it may be seen they differ: the comparison would have found the level, the card and the results."""
    for by in DAYS:
        moved(by)
        one, other = walks(sites)
        assert list(one) == list(other)
        assert len(one) > 50
        for name, (status, body) in one.items():
            assert other[name][0] == status, name
            assert other[name][1] == body, f"{name}: {difference(body, other[name][1])}"
    for app in sites:
        with app.app_context():
            release()
    one, other = walks(sites)
    differing = {name.split()[2] for name in one if one[name] != other.get(name)}
    assert {"/home", "/settings/data"} <= differing
    assert [url for url in differing if url.startswith("/courses/")]


def release() -> None:
    """Let everything be seen of the quizzes that ask the two questions."""
    for quiz in db.session.scalars(select(Quiz)).all():
        if any(source["bank"] == "two" for source in quiz.sources):
            ending.release(quiz, user_of("instructor"), clock.now())


def walks(sites: list[Flask]) -> list[Said]:
    """What both say, with the same ids for what is new."""
    found, drawn = [], ids.chance.random()
    for app in sites:
        ids.chance.seed(drawn)
        with app.app_context():
            found.append(said(app))
    return found
